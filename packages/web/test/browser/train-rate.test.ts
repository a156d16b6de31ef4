/** The learning rate is changed while a run trains: marked, listed, in the address and the command, and replayed exactly. */
import { expect, test } from 'vitest';
import { violations } from './axe.js';
import { LabPage, openLab, rhyme, small } from './lab-page.js';

const { browser, site } = await openLab();

test('a change by keyboard while it trains, and its replay from the address', async () => {
  const lab = await LabPage.open(browser, site, {
    ...small,
    'train.steps': '1000000',
    'data.eval': '1000',
    'sample.every': '1000',
  });
  const { page } = lab;
  await lab.ownText(rhyme);
  const slider = page.getByTestId('rate-slider');
  await lab.play();
  await lab.waitForStep(5);
  await slider.focus();
  for (const rate of ['0.0089', '0.0079']) {
    await page.keyboard.press('ArrowLeft');
    await page.waitForFunction(
      (text) => document.activeElement?.getAttribute('aria-valuetext') === text,
      rate,
    );
  }
  await lab.waitForStatus(/^After step [\d,]+ the learning rate is 0\.0079/);
  // It still trains; presses that follow each other fast are one change.
  const changes = await page.getByTestId('rate-changes').locator('li').allInnerTexts();
  await page.keyboard.press('Escape');
  await page.locator('h1').click();
  await page.keyboard.press('Space');
  await lab.waitForStatus(/^Paused/);
  const done = await lab.number('step');
  await page.getByLabel('Steps', { exact: true }).fill(String(done));
  await page.locator('h1').click();
  const hash = await lab.hash();

  // What is filled in stands in marks of its own direction.
  const [step, rate] = (changes.at(-1)!.match(/[\d,.]+/g) ?? []).map((text) =>
    Number(text.replaceAll(',', '')),
  );
  expect(rate).toBe(0.0079);
  const at = step!;
  expect(await page.getByTestId('command').innerText()).toMatch(
    new RegExp(`--lr-at (\\d+=0\\.0089,)?${at}=0\\.0079`),
  );
  await page.waitForFunction((text) => location.search.includes(text), `${at}%3D0.0079`);
  expect((await lab.table()).map((row) => row[4]).join(' ')).toContain('0.0079');
  expect(await violations(page)).toEqual([]);

  // Who rewinds, or opens the address, gets the same weights.
  await page.locator('body').press('r');
  await lab.waitForStatus(/^Rewound/);
  expect(await page.getByTestId('rate-changes').innerText()).toContain('to come');
  await page.locator('h1').click();
  await page.keyboard.press('Space');
  await lab.waitForStatus(/^Done/);
  expect(await lab.hash()).toBe(hash);

  await page.getByRole('button', { name: 'Start without the changes' }).click();
  await page.getByText('made with other settings').waitFor();
  await page.locator('h1').click();
  await page.keyboard.press('Control+z');
  await page.waitForFunction(() => document.querySelector('.stale') === null);
  expect(lab.complaints).toEqual([]);
  await lab.close();
});

test('a rate that is typed, also in Persian digits; a bad one is refused and nothing changes', async () => {
  const lab = await LabPage.open(browser, site, { ...small, lang: 'fa' });
  const { page } = lab;
  const field = page.getByTestId('rate');
  await field.fill('۰٫۰۰۵');
  await field.press('Enter');
  await page.waitForFunction(() => location.search.includes('train.lr=0.005'));
  await lab.play();
  await page.waitForFunction(() => document.querySelector('.status')?.textContent?.includes('تمام شد'));
  await field.fill('-3');
  await field.press('Enter');
  await page.locator('#rate-problem').waitFor();
  expect(await page.getByTestId('rate-changes').count()).toBe(0);
  await field.press('Escape');
  expect(await field.inputValue()).toBe('0.005');
  await field.fill('0.001');
  await field.press('Enter');
  await page.getByTestId('rate-changes').waitFor();
  expect(await violations(page)).toEqual([]);
  await lab.screenshot('train-rate-fa');
  expect(lab.complaints).toEqual([]);
  await lab.close();
});
