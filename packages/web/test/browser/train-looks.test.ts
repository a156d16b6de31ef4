/** Looking inside a run in a real browser: pictures follow the slider through training time, and a fork goes on from there. */
import { expect, test } from 'vitest';
import { violations } from './axe.js';
import { LabPage, openLab, rhyme, small } from './lab-page.js';

const { browser, site } = await openLab();

const stepOf = (text: string): number => Number(/after .*?(\d+).*? steps/.exec(text)?.[1]);

test('gates, expectations and connectivity at any moment; a fork from there ends with the same bits', async () => {
  const query = { ...small, 'train.steps': '30', 'look.text': 'the fog and I', 'look.at': '3' };
  const lab = await LabPage.open(browser, site, query);
  const { page } = lab;
  await lab.ownText(rhyme);
  // In two parts: a run can be over before a sample that is due on its way is written; where training ends one is always.
  await lab.play();
  await lab.waitForStatus(/^Done: 30 steps/);
  await page.getByLabel('Steps', { exact: true }).fill('60');
  await page.locator('h1').click();
  await lab.play();
  await lab.waitForStatus(/^Done: 60 steps/);
  const end = await lab.hash();
  await page.locator('.look-inside summary').first().click();
  await page.waitForFunction(() =>
    /60/.test(document.querySelector('[data-testid=look-step]')?.textContent ?? ''),
  );
  const learnt = await page.getByTestId('next-summary').innerText();
  expect(await page.locator('.look-inside [role=gridcell]').count()).toBeGreaterThan(13);

  // By keyboard: another place, and every picture goes there.
  await page.getByRole('slider', { name: 'Choose a character' }).focus();
  await page.keyboard.press('ArrowRight');
  await page.waitForFunction(
    (before) => document.querySelector('[data-testid=next-summary]')?.textContent !== before,
    learnt,
  );
  await page.waitForFunction(() => location.search.includes('look.at=4'));
  await page.keyboard.press('ArrowLeft');
  await page.waitForFunction(
    (before) => document.querySelector('[data-testid=next-summary]')?.textContent === before,
    learnt,
  );

  // Back in training time: the same place was expected otherwise before anything was learnt.
  await page.locator('h1').click();
  await page.keyboard.press('Home');
  await page.waitForFunction(
    (before) => document.querySelector('[data-testid=next-summary]')?.textContent !== before,
    learnt,
  );
  expect(stepOf(await page.getByTestId('look-step').innerText())).toBe(0);

  await page.keyboard.press('ArrowRight');
  await page.getByRole('button', { name: /^Fork from step/ }).click();
  await lab.waitForStatus(/^A fork of the run goes on from step/);
  expect(await lab.number('step')).toBeLessThan(60);
  await lab.play();
  await lab.waitForStatus(/^Done: 60 steps/);
  expect(await lab.hash()).toBe(end);

  // A sentence that the model has no characters for is said beside it, and the rest goes on.
  await page.getByLabel('Pinned sentence').fill('Ω');
  await page.locator('h1').click();
  await page.waitForSelector('.look-inside .problem');
  await page.getByLabel('Pinned sentence').fill('مه آمد و رفت');
  await page.locator('h1').click();
  await page.waitForFunction(() => document.querySelector('.look-inside .problem') === null);
  // The text is one piece: no element stands between the letters of a word.
  expect(
    await page
      .locator('.painted-text p')
      .first()
      .evaluate((p) => p.childNodes.length),
  ).toBe(1);
  expect(lab.complaints).toEqual([]);
  await lab.close();
});

test('marking characters finds similar states', async () => {
  const lab = await LabPage.open(browser, site, { ...small, look: '1', 'search.threshold': '0.02' });
  const { page } = lab;
  await lab.ownText(rhyme);
  await lab.play();
  await lab.waitForStatus(/^Done: 60 steps/);
  const text = page.getByRole('slider', { name: /^Mark characters/ });
  await text.focus();
  for (let n = 0; n < 4; n += 1) await page.keyboard.press('ArrowRight');
  await page.keyboard.press('Shift+ArrowRight');
  await page.waitForFunction(() => location.search.includes('search.from='));
  await page.waitForFunction(() =>
    /places share units/.test(document.querySelector('[data-testid=search-summary]')?.textContent ?? ''),
  );
  expect(
    await page.locator('.look-inside .paint').last().locator('rect:not(.chosen)').count(),
  ).toBeGreaterThan(0);
  expect(await violations(page)).toEqual([]);
  expect(lab.complaints).toEqual([]);
  await lab.close();
});
