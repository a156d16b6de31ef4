/** The page about sequences to sequences: really trained in its worker, asked, forced, predicted, replayed. */
import { openSession } from '@hw5/core';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { generated } from '../../src/examples/source.js';
import { requestOf, table } from '../../src/pages/seq2seq/table.js';
import { initialValues } from '../../src/state/table.js';
import { LabPage, launch, serve } from './lab-page.js';

let browser: Browser;
let site: Awaited<ReturnType<typeof serve>>;

beforeAll(async () => {
  [browser, site] = await Promise.all([launch(), serve()]);
});
afterAll(async () => {
  await browser.close();
  await site.close();
});

const query = {
  'data.task': 'echo',
  'data.examples': '300',
  'model.hidden': '16',
  'train.steps': '40',
  'train.eval': '20',
  'look.every': '5',
};
const values = {
  ...initialValues(table),
  task: 'echo',
  examples: 300,
  hidden: 16,
  steps: 40,
  evaluateEvery: 20,
} as const;

const trained = async (extra: Readonly<Record<string, string>> = {}): Promise<LabPage> => {
  const lab = await LabPage.openPage(browser, site, 'seq2seq', { ...query, ...extra });
  await lab.page.waitForSelector('[data-testid=answer]');
  await lab.page.keyboard.press('Space');
  await lab.page.waitForSelector('[data-testid=hash]', { timeout: 60_000 });
  return lab;
};

describe('sequence to sequence', () => {
  it('has the weights and the answer that core has in Node, and a matrix that can be scrubbed', async () => {
    const lab = await trained();
    const session = await openSession();
    await session.createRun(requestOf(values, generated));
    const { hash } = await session.train({ steps: 40 });
    const { answers } = await session.answers('abcdefgh', { width: 4 });
    await session.close();
    expect(await lab.hash()).toBe(hash);
    await lab.page.waitForFunction(
      (output) => document.querySelector('[data-testid=answer]')?.textContent === output,
      answers[0]!.output,
    );
    const slider = lab.page.locator('.transport input[type=range]');
    expect(Number(await slider.getAttribute('max'))).toBeGreaterThanOrEqual(1);
    await lab.page.locator('h1').click();
    await lab.page.keyboard.press('Home');
    await lab.page.waitForFunction(() =>
      /Step 0:/.test(document.querySelector('#alignment')?.textContent ?? ''),
    );
    await lab.page.keyboard.press('End');
    await lab.page.waitForFunction(() =>
      /Step 40:/.test(document.querySelector('#alignment')?.textContent ?? ''),
    );
    expect(lab.complaints).toEqual([]);
    await lab.close();
  });

  it('writes on from a token that is forced upon it, and freely again', async () => {
    const lab = await trained();
    const answer = (): Promise<string> => lab.page.getByTestId('answer').innerText();
    const free = await answer();
    const button = lab.page.getByRole('group', { name: 'Force instead:' }).getByRole('button').first();
    const token = await button.innerText();
    await button.click();
    await lab.page.waitForFunction(
      (start) => document.querySelector('[data-testid=answer]')?.textContent?.startsWith(start),
      token,
    );
    await lab.page.waitForFunction(
      (start) => new URL(location.href).searchParams.get('ask.forced') === start,
      token,
    );
    await lab.page.getByRole('button', { name: 'Let it write freely' }).click();
    await lab.page.waitForFunction(
      (output) => document.querySelector('[data-testid=answer]')?.textContent === output,
      free,
    );
    expect(lab.complaints).toEqual([]);
    await lab.close();
  });

  it('Predict hides the weights until a place is chosen; Prove replays the run in Persian', async () => {
    const lab = await trained({ mode: 'predict' });
    expect(await lab.page.locator('#alignment .heat-map').count()).toBe(0);
    await lab.page.locator('#predict .tokens button').first().click();
    await lab.page.getByRole('button', { name: 'Check my answer' }).click();
    await lab.page.waitForSelector('#alignment .heat-map');
    await lab.page.waitForSelector('.stamp');
    await lab.page.getByRole('button', { name: 'فارسی' }).click();
    await lab.page.getByRole('radio', { name: 'اثبات' }).check();
    await lab.page.locator('#replay button').click();
    await lab.page.waitForSelector('.stamp.passed', { timeout: 60_000 });
    expect(await lab.page.locator('.stamp').innerText()).toContain(await lab.hash());
    expect(lab.complaints).toEqual([]);
    await lab.close();
  });

  it('measures lengths beyond training, and takes bad addresses for what they are', async () => {
    const lab = await trained({ 'ask.beam': '999', 'model.attention': 'none' });
    expect(new URL(lab.page.url()).searchParams.get('ask.beam')).not.toBe('16');
    await lab.page.getByRole('button', { name: 'Measure lengths 2 to 18' }).click();
    await lab.page.waitForFunction(
      () => document.querySelectorAll('#lengths circle').length >= 17,
      undefined,
      { timeout: 60_000 },
    );
    expect(lab.complaints).toEqual([]);
    await lab.close();
  });
});
