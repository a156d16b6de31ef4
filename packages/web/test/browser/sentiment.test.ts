/** The page about sentiment: trained in its worker, asked with changed words, predicted, in both languages. */
import { openSession } from '@hw5/core';
import { describe, expect, it } from 'vitest';
import { generated } from '../../src/examples/source.js';
import { requestOf, samples, table } from '../../src/pages/sentiment/table.js';
import { initialValues } from '../../src/state/table.js';
import { LabPage, openLab } from './lab-page.js';

const { browser, site } = await openLab();

const query = { 'data.examples': '600', 'model.hidden': '16', 'train.steps': '80', 'train.eval': '40' };
const values = { ...initialValues(table), examples: 600, hidden: 16, steps: 80, evaluateEvery: 40 };

const trained = async (extra: Readonly<Record<string, string>> = {}): Promise<LabPage> => {
  const lab = await LabPage.openPage(browser, site, 'sentiment', { ...query, ...extra });
  await lab.page.waitForSelector('.tokens.words button');
  await lab.page.keyboard.press('Space');
  await lab.page.waitForSelector('[data-testid=hash]', { timeout: 60_000 });
  return lab;
};

describe('sentiment', () => {
  it('has the weights and the score that core has in Node; words can be negated and dropped', async () => {
    const lab = await trained();
    const session = await openSession();
    await session.createRun(requestOf(values, generated));
    const { hash } = await session.train({ steps: 80 });
    const scoreOf = async (text: string): Promise<string> => {
      const [said] = await session.predict([text]);
      return `P = ${said!.probabilities!.find(([label]) => label === 'positive')![1].toFixed(4)}`;
    };
    const shows = (score: string): Promise<unknown> =>
      lab.page.waitForFunction(
        (text) => document.querySelector('[data-testid=score]')?.textContent === text,
        score,
      );
    expect(await lab.hash()).toBe(hash);
    await shows(await scoreOf(samples[0]));
    await lab.page.locator('.tokens.words').getByText('not', { exact: true }).click();
    await lab.page.getByRole('button', { name: 'Negate, or not' }).click();
    await shows(await scoreOf('the film was bad, but the ending was slow'));
    await lab.page.keyboard.press('Control+z');
    await shows(await scoreOf(samples[0]));
    await lab.page.locator('#pairs button.link').nth(2).click();
    await shows(await scoreOf('فیلم خوب بود'));
    await session.close();
    expect(lab.complaints).toEqual([]);
    await lab.close();
  });

  it('Predict hides everything until a class is guessed; in Persian, too', async () => {
    const lab = await trained({ mode: 'predict', lang: 'fa' });
    expect(await lab.page.locator('#trajectory, #why, #pairs').count()).toBe(0);
    await lab.page.locator('.guess button').first().click();
    await lab.page.waitForSelector('#trajectory');
    await lab.page.waitForSelector('.stamp');
    expect(await lab.page.getByTestId('said').innerText()).toMatch(/ستایش|نکوهش/);
    expect(lab.complaints).toEqual([]);
    await lab.close();
  });

  it('Prove replays the run from its seed and stamps the page', async () => {
    const lab = await trained({ mode: 'prove' });
    await lab.page.locator('#replay button').click();
    await lab.page.waitForSelector('.stamp.passed', { timeout: 60_000 });
    expect(await lab.page.locator('.stamp').innerText()).toContain(await lab.hash());
    // Another model: the proof is void.
    await lab.page.locator('h1').click();
    await lab.page.keyboard.press('r');
    await lab.page.waitForSelector('.stamp.passed', { state: 'detached' });
    expect(lab.complaints).toEqual([]);
    await lab.close();
  });

  it('opens a table of one’s own, and refuses one without the columns', async () => {
    const lab = await LabPage.openPage(browser, site, 'sentiment', { ...query, 'train.steps': '5' });
    const rows = Array.from({ length: 40 }, (_, n) => (n % 2 === 0 ? 'win money,spam' : 'see you,ham'));
    const give = (name: string, lines: readonly string[]): Promise<void> =>
      lab.page
        .getByTestId('run-file')
        .setInputFiles({ name, mimeType: 'text/csv', buffer: Buffer.from(lines.join('\n')) });
    await lab.page.waitForSelector('.tokens.words button');
    await give('mail.csv', ['text,label', ...rows]);
    await lab.page.waitForFunction(() => document.body.textContent?.includes('mail.csv'));
    await lab.page.locator('h1').click();
    await lab.page.keyboard.press('Space');
    await lab.page.waitForSelector('[data-testid=hash]');
    expect(await lab.page.getByTestId('said').innerText()).toMatch(/spam|ham/);
    await give('bad.csv', ['a,b', '1,2']);
    await lab.waitForStatus(/text|label|table/);
    expect(lab.complaints).toEqual([]);
    await lab.close();
  });
});
