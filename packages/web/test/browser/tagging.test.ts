/** The page about tagging: two readers trained side by side, compared, predicted, measured. */
import { openSession } from '@hw5/core';
import { describe, expect, it } from 'vitest';
import { generated } from '../../src/examples/source.js';
import { type Reader, requestOf, table } from '../../src/pages/tagging/table.js';
import { initialValues } from '../../src/state/table.js';
import { LabPage, openLab } from './lab-page.js';

const { browser, site } = await openLab();

const query = { 'data.examples': '600', 'train.lr': '0.02', 'train.steps': '80', 'train.eval': '40' };
const values = { ...initialValues(table), examples: 600, learningRate: 0.02, steps: 80, evaluateEvery: 40 };

const trained = async (extra: Readonly<Record<string, string>> = {}): Promise<LabPage> => {
  const lab = await LabPage.openPage(browser, site, 'tagging', { ...query, ...extra });
  await lab.page.waitForSelector('.tagged button');
  await lab.page.keyboard.press('Space');
  await lab.page.waitForSelector('[data-testid=hash]', { timeout: 60_000 });
  return lab;
};

const tagsOf = (lab: LabPage, reader: Reader): Promise<string[]> =>
  lab.page.locator(`.tagged .${reader}`).allInnerTexts();

describe('tagging', () => {
  it('shows what both readers say, as core says it in Node', async () => {
    const lab = await trained();
    for (const reader of ['one', 'both'] as const) {
      const session = await openSession();
      await session.createRun(requestOf(reader, values, generated));
      const { hash } = await session.train({ steps: 80 });
      const [said] = await session.predict(['she saw her book .']);
      await session.close();
      if (reader === 'both') expect(await lab.hash()).toBe(hash);
      await lab.page.waitForFunction(
        ([name, tags]) =>
          [...document.querySelectorAll(`.tagged .${name}`)].map((tag) => tag.textContent).join(' ') === tags,
        [reader, said!.output],
      );
    }
    await lab.page.getByRole('button', { name: 'Measure both taggers now' }).click();
    await lab.page.waitForFunction(() => document.querySelectorAll('#confusion .heat-map').length === 2);
    await lab.page.locator('h1').click();
    await lab.page.keyboard.press('Home');
    await lab.page.waitForFunction(() =>
      /At step 0,/.test(document.querySelector('#sentence')?.textContent ?? ''),
    );
    expect(lab.complaints).toEqual([]);
    await lab.close();
  });

  it('Predict hides the chosen word’s tags until one is guessed; Persian sentences, too', async () => {
    const lab = await trained({ mode: 'predict', lang: 'fa', 'ask.text': 'مرد در باغ مرد .' });
    await lab.page.locator('.tagged button').nth(3).click();
    expect((await lab.page.locator('.tagged button').nth(3).innerText()).match(/\?/g)).toHaveLength(2);
    await lab.page.locator('#token .tokens').getByText('VERB', { exact: true }).click();
    await lab.page.waitForSelector('.stamp');
    expect(await tagsOf(lab, 'both')).toHaveLength(5);
    expect(lab.complaints).toEqual([]);
    await lab.close();
  });

  it('Prove replays the run from its seed, and holds the claim about the future over five seeds', async () => {
    const lab = await trained({ mode: 'prove' });
    const { page } = lab;
    const hash = await lab.hash();
    await page.locator('#replay button').focus();
    await page.keyboard.press('Enter');
    await page.waitForSelector('.stamp.passed', { timeout: 60_000 });
    expect(await page.locator('.stamp').innerText()).toContain(hash);
    await page.locator('#prove button.primary').click();
    await page.waitForSelector('#prove .findings li', { timeout: 120_000 });
    expect(await page.locator('#prove .findings .wrong').allInnerTexts()).toEqual([]);
    await page.waitForFunction(() =>
      /5 seeds/.test(document.querySelector('.stamp.passed')?.textContent ?? ''),
    );
    // The table behind the stamp: in each seed the reader of both directions wins.
    const rows = await page
      .locator('#prove tbody tr')
      .evaluateAll((all) =>
        all.map((row) => [...row.querySelectorAll('td')].map((cell) => Number(cell.textContent))),
      );
    expect(rows.map((row) => row.length)).toEqual([5, 5]);
    expect(lab.complaints).toEqual([]);
    await lab.close();
  });
});
