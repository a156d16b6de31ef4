/** The page about sequences to sequences: really trained in its worker, asked, forced, predicted, replayed. */
import { openSession } from '@hw5/core';
import { describe, expect, it } from 'vitest';
import { generated } from '../../src/examples/source.js';
import { requestOf, table } from '../../src/pages/seq2seq/table.js';
import { initialValues } from '../../src/state/table.js';
import { violations } from './axe.js';
import { LabPage, openLab } from './lab-page.js';

const { browser, site } = await openLab();

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

  it('draws the search as a tree: an answer is chosen in it, a dropped beginning can be gone on with', async () => {
    const lab = await trained();
    const { page } = lab;
    const tree = page.getByRole('tree');
    await tree.waitFor();
    const session = await openSession();
    await session.createRun(requestOf(values, generated));
    await session.train({ steps: 40 });
    const { tree: nodes, answers } = await session.answers('abcdefgh', { width: 4, top: 6, tree: true });
    await session.close();
    await page.waitForFunction(
      (count) => document.querySelectorAll('#tree [role=treeitem]').length === count,
      nodes!.length,
    );
    expect(await tree.locator('[data-lit]').count()).toBe(answers[0]!.steps.length);
    expect(await violations(page)).toEqual([]);
    // Another answer: its way is lit, and the matrix shows its alignment.
    await tree.getByRole('treeitem').nth(answers[1]!.node!).click();
    expect(await tree.locator('[data-lit]').count()).toBe(answers[1]!.steps.length);
    expect(await page.getByTestId('answer').innerText()).toBe(answers[1]!.output);
    // By keyboard to the token before.
    await page.keyboard.press('ArrowLeft');
    expect(await tree.locator('[aria-selected=true]').getAttribute('aria-level')).toBe(
      String(answers[1]!.steps.length - 1),
    );
    const dropped = nodes!.findIndex(({ fate, token }) => fate === 'dropped' && !token.startsWith('<'));
    await tree.getByRole('treeitem').nth(dropped).click();
    await page.getByRole('button', { name: 'Go on from here anyway' }).click();
    const start: string[] = [];
    for (let at = dropped; at >= 0; at = nodes![at]!.parent) start.unshift(nodes![at]!.token);
    await page.waitForFunction(
      (begin) => document.querySelector('[data-testid=answer]')?.textContent?.startsWith(begin),
      start.join(''),
    );
    expect(await tree.locator('[data-kind=forced]').count()).toBe(start.length);
    expect(lab.complaints).toEqual([]);
    await lab.close();
  });

  it('edits a row of attention: the decoder goes on from it as core says, in the address, undone', async () => {
    const lab = await trained();
    const { page } = lab;
    const session = await openSession();
    await session.createRun(requestOf(values, generated));
    await session.train({ steps: 40 });
    const truth = (await session.answers('abcdefgh', { width: 4 })).answers[0]!;
    const [edited] = (
      await session.answers('abcdefgh', {
        width: 4,
        forced: truth.steps.slice(0, 1).map(({ token }) => token),
        edits: [{ step: 1, kind: 'place', place: 7 }],
      })
    ).answers;
    await session.close();
    await page.locator('#alignment [role=gridcell]').first().focus();
    await page.keyboard.press('ArrowDown');
    const places = page.locator('#what-if fieldset button');
    await places.nth(7).click();
    await page.getByTestId('what-if').waitFor();
    expect(new URL(page.url()).searchParams.get('ask.edit')).toBe('2:place:8');
    expect((await page.getByTestId('what-if').innerText()).replaceAll('∎', '')).toBe(edited!.output);
    expect(await violations(page)).toEqual([]);
    // The true answer stands beside it.
    expect(await page.locator('#what-if dd').first().innerText()).toBe(truth.output);
    expect(await page.getByTestId('answer').innerText()).toBe(truth.output);
    // The edited row is what it was set to.
    const row = page.locator('#what-if .heat-map [role=row]').nth(1).getByRole('gridcell');
    expect(await row.evaluateAll((cells) => cells.map((cell) => cell.textContent))).toEqual(
      Array.from({ length: 8 }, (_, place) => (place === 7 ? '1.00' : '0.00')),
    );
    await page.locator('#what-if input[type=range]').focus();
    await page.keyboard.press('ArrowRight');
    await page.waitForFunction(() =>
      new URL(location.href).searchParams.get('ask.edit')?.startsWith('2:power:'),
    );
    await page.locator('h1').click();
    await page.keyboard.press('Control+z');
    await page.waitForFunction(() => new URL(location.href).searchParams.get('ask.edit') === '2:place:8');
    await page.locator('#what-if .edits').getByRole('button', { name: /^Undo/ }).click();
    await page.getByTestId('what-if').waitFor({ state: 'detached' });
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
    const lab = await trained({ 'ask.beam': '999', 'model.attention': 'none', 'ask.edit': '3:blur' });
    expect(new URL(lab.page.url()).searchParams.get('ask.beam')).not.toBe('16');
    expect(await lab.page.locator('#what-if .problem').innerText()).toContain('3:blur');
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
