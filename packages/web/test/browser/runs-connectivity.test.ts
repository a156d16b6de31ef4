/** Three kept runs, one of them a fork, read one sentence: what each rests on, the same numbers as the training page's. */
import { expect, test } from 'vitest';
import { violations } from './axe.js';
import { LabPage, openLab, rhyme, small } from './lab-page.js';

const { browser, site } = await openLab();

test('three runs side by side follow one place, by keyboard and by mouse', async () => {
  const lab = await LabPage.open(browser, site, { ...small, 'train.steps': '40' });
  const { page } = lab;
  await lab.ownText(rhyme);
  for (const more of [false, true, true]) {
    if (more) {
      await page.locator('h1').click();
      await page.locator('body').press('n');
      await lab.waitForStatus(/^Rewound to step 0/);
    }
    await lab.play();
    await lab.waitForStatus(/^Done: 40 steps/);
    await lab.waitForKept(await lab.hash());
  }
  await lab.visitPage('runs');
  const figure = page.locator('#section-rests');
  await page.waitForFunction(
    () =>
      document.querySelectorAll('#section-rests [data-testid=run-rests]').length === 3 &&
      document.querySelector('#section-rests [aria-busy=true]') === null,
  );
  await figure.locator('.twin summary').click();
  await figure.locator('.twin tbody tr').first().waitFor();
  const header = await figure.locator('.twin thead th').allInnerTexts();
  expect(header).toHaveLength(5);
  const names = header.slice(2).map((name) => name.replaceAll(/[\u2068\u2069]/g, ''));
  expect(names).toEqual([2, 1, 0].map((seed) => `LSTM, seed ${seed}, 40 steps`));
  const columns = await figure
    .locator('.twin tbody tr')
    .evaluateAll((rows) =>
      rows.map((row) => [...row.querySelectorAll('td')].slice(1).map((cell) => cell.innerText)),
    );
  // What comes after the place has no part in what is expected there, and the runs differ before it.
  expect(columns[0]?.[0]).not.toBe(columns[0]?.[1]);
  expect(columns.slice(6).every((row) => row.every((norm) => norm === '0'))).toBe(true);

  const sentence = figure.locator('.painted-text').first();
  await sentence.focus();
  await page.keyboard.press('ArrowRight');
  await page.waitForFunction(() => location.search.includes('at=6'));
  await page.waitForFunction(
    () =>
      document.querySelectorAll('#section-rests .twin tbody tr')[6]?.querySelectorAll('td')[1]?.innerText !==
      '0',
  );
  expect(await violations(page)).toEqual([]);
  await lab.screenshot('runs-connectivity-en', true);

  // A sentence with a character that the runs do not know is said for each, and nothing breaks.
  await page.getByLabel('Sentence', { exact: true }).fill('the fog 漢');
  await page.locator('h1').click();
  await figure.locator('.problem').first().waitFor();
  await page.getByLabel('Sentence', { exact: true }).fill('the fog and I');
  await page.locator('h1').click();
  await page.waitForFunction(() => document.querySelector('#section-rests .problem') === null);
  await lab.visitPage('runs', { lang: 'fa', theme: 'dark' });
  await page.waitForSelector('#section-rests .painted-text');
  await lab.screenshot('runs-connectivity-fa', true);
  expect(lab.complaints).toEqual([]);
  await lab.close();
});
