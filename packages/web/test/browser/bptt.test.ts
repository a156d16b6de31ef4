/** The page about backpropagation through time, worked by mouse and by keyboard alone; its numbers are the engine's. */
import { derive, hunt, slices } from '@hw5/core/homework';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { shown } from '../../src/pages/bptt/numbers.js';
import { violations } from './axe.js';
import { LabPage, openLab } from './lab-page.js';

const { browser, site } = await openLab();

const DIGITS = '5';

async function open(query: Readonly<Record<string, string>> = {}): Promise<{ lab: LabPage; page: Page }> {
  const lab = await LabPage.openPage(browser, site, 'bptt', { digits: DIGITS, ...query });
  await lab.page.locator('svg.graph, .refusal, .slice-pick').first().waitFor();
  return { lab, page: lab.page };
}

async function done({ lab }: { readonly lab: LabPage }): Promise<void> {
  expect(lab.complaints).toEqual([]);
  await lab.close();
}

/** The matrix's numbers as they stand on the page. */
function matrix(page: Page, name: string): Promise<string[][]> {
  return page
    .locator(`table.entries[aria-label="${name}"] tr`)
    .evaluateAll((rows) =>
      rows.map((row) =>
        [...row.querySelectorAll('td')].map(
          (cell) => cell.querySelector('input')?.value ?? cell.textContent ?? '',
        ),
      ),
    );
}

const written = (rows: unknown): string[][] =>
  (rows as number[][]).map((row) => row.map((value) => shown(value, Number(DIGITS))));

/** Facts in a sentence are isolated in direction. */
const isolated = (text: string): string => `\u2068${text}\u2069`;
const GRADIENT = `Gradient with respect to ${isolated('W_hh')}`;

test('shows the engine’s numbers, in both languages, matrices left to right', async () => {
  const wanted = written((await derive()).gradient);
  const opened = await open();
  const { page, lab } = opened;
  expect(await matrix(page, GRADIENT)).toEqual(wanted);
  await lab.visitPage('bptt', { lang: 'fa', digits: DIGITS });
  await page.locator('svg.graph').waitFor();
  expect(await page.evaluate(() => document.documentElement.dir)).toBe('rtl');
  expect(await matrix(page, `گرادیان نسبت به ${isolated('W_hh')}`)).toEqual(wanted);
  const xs = await page
    .locator('.node.input .box')
    .evaluateAll((boxes) => boxes.map((box) => box.getBoundingClientRect().left));
  expect(xs).toEqual([...xs].sort((a, b) => a - b));
  await done(opened);
});

test('one path lights graph, algebra and matrix together; a click pins it in the address, Esc unpins', async () => {
  const opened = await open({ h0: 'drawn' });
  const { page } = opened;
  const cell = page.locator('[data-path="3 1"]');
  await cell.hover();
  const lit = (): Promise<string[]> =>
    page
      .locator('.node.lit')
      .evaluateAll((nodes) => nodes.map((node) => (node as SVGElement).dataset.node ?? '').sort());
  const path = ['J[3]', 'h[0]', 'h[1]', 'h[2]', 'h[3]', 'o[3]', 'yhat[3]', 'z[1]', 'z[2]', 'z[3]'];
  await expect.poll(lit).toEqual(path);
  expect(await page.locator('.edge.on-path').count()).toBe(9);
  const line = page.locator('.algebra .line.pinned');
  expect(await line.textContent()).toContain('(t, k) = (3, 1)');
  expect(await line.locator('[data-symbol="W_hh"].lit').count()).toBe(2);
  const { paths } = await derive({ start: 'drawn' });
  const contribution = paths.find(({ t, k }) => t === 3 && k === 1)!.contribution;
  expect(await matrix(page, 'Contribution of the path from loss 3 to step 1')).toEqual(written(contribution));
  await cell.click();
  await page.mouse.move(5, 5);
  await expect.poll(lit).toEqual(path);
  await expect.poll(() => new URL(page.url()).searchParams.get('focus')).toBe('path 3 1');
  await page.keyboard.press('Escape');
  await expect.poll(lit).toEqual([]);
  await expect.poll(() => new URL(page.url()).searchParams.has('focus')).toBe(false);
  // A symbol of a formula lights its value.
  await page.locator('.algebra [data-symbol="h"][data-index="t-1"]').first().hover();
  await expect.poll(lit).toContain('h[2]');
  await done(opened);
});

test('a number that is changed changes everything, stays in the address, and can be undone', async () => {
  const opened = await open();
  const { page } = opened;
  const entry = page.getByRole('textbox', { name: 'W_hh 1,2', exact: true });
  await entry.fill('۰٫۵');
  await entry.press('Enter');
  const changes = [{ name: 'W_hh', row: 1, column: 2, value: 0.5 }];
  const changed = written((await derive({ changes })).gradient);
  await expect.poll(() => matrix(page, GRADIENT)).toEqual(changed);
  await expect.poll(() => new URL(page.url()).searchParams.get('set')).toBe('W_hh(1,2)=0.5');
  await page.reload();
  await page.locator('svg.graph').waitFor();
  await expect.poll(() => matrix(page, GRADIENT)).toEqual(changed);
  await page.getByRole('textbox', { name: 'W_hh 1,2', exact: true }).press('ArrowUp');
  await expect.poll(() => new URL(page.url()).searchParams.get('set')).toBe('W_hh(1,2)=0.55');
  await page.locator('h1').click();
  await page.keyboard.press('Control+z');
  await expect.poll(() => matrix(page, GRADIENT)).toEqual(changed);
  await done(opened);
});

test('by keyboard alone: paths, derivation, check, hunt and memory', async () => {
  const opened = await open();
  const { page } = opened;
  const focused = (attribute: string): Promise<string | null> =>
    page.evaluate((name) => document.activeElement?.getAttribute(name) ?? null, attribute);
  const tabTo = async (selector: string): Promise<void> => {
    for (let press = 0; press < 200; press += 1) {
      await page.keyboard.press('Tab');
      if (await page.evaluate((wanted) => document.activeElement?.matches(wanted) ?? false, selector)) return;
    }
    throw new Error(`the tab key must reach ${selector}`);
  };
  await tabTo('[data-node]');
  await page.keyboard.press('ArrowRight');
  expect(await focused('data-node')).not.toBe('h[0]');
  await page.keyboard.press('Enter');
  expect(await focused('aria-pressed')).toBe('true');
  await tabTo('[data-path]');
  await page.keyboard.press('ArrowDown');
  expect(await focused('data-path')).toBe('2 2');
  await page.keyboard.press('Enter');
  expect(await focused('aria-pressed')).toBe('true');
  // The scrubber: from the last line to the first, and one on.
  await page.locator('h1').click();
  await page.keyboard.press('Home');
  await expect.poll(() => page.locator('.algebra .line').count()).toBe(1);
  await page.keyboard.press('ArrowRight');
  await expect.poll(() => page.locator('.algebra .line').count()).toBe(2);
  await page.keyboard.press('v');
  await page.locator('#bptt-slices').waitFor();
  await page.keyboard.press('v');
  await page.locator('#bptt-epsilon').waitFor();
  await tabTo('#bptt-epsilon');
  const before = await page.locator('.epsilon output').textContent();
  await page.keyboard.press('ArrowRight');
  await expect.poll(() => page.locator('.epsilon output').textContent()).not.toBe(before);
  await tabTo('.all-parameters button');
  await page.keyboard.press('Enter');
  await page.locator('.all-parameters tbody tr').nth(3).waitFor();
  expect(await page.locator('.all-parameters td.failed').count()).toBe(0);
  await page.keyboard.press('v');
  await page.locator('.hunt-lines').waitFor();
  await tabTo('.probe');
  await page.keyboard.press('Enter');
  await expect.poll(() => page.locator('.probe:not(:disabled)').count()).toBeGreaterThan(3);
  const { solution } = await hunt({ reveal: true });
  await tabTo(`.hunt-line button[aria-label$="line ${solution!.line}"]`);
  await page.keyboard.press('Enter');
  await page.locator('.hunt-lines li.found').waitFor();
  expect(await page.locator('.hunt-verdict').textContent()).toContain('0.92');
  await page.keyboard.press('v');
  await page.locator('#bptt-gains svg').waitFor();
  await tabTo('#bptt-radius');
  await page.keyboard.press('End');
  await expect.poll(() => new URL(page.url()).searchParams.get('radius')).toBe('3');
  await done(opened);
});

test('∂h/∂W as slices: chosen by keyboard, one use alone, either cut, the engine’s numbers, kept in the address', async () => {
  const opened = await open({ h0: 'drawn', view: 'slices' });
  const { page } = opened;
  const found = await slices({ start: 'drawn' });
  const of = `${isolated('h[3]')} by ${isolated('W_hh')}`;
  const named = (entry: string): string => `Derivative of ${of}, slice ${isolated(entry)}`;
  await page.locator('.slice-pick').waitFor();
  expect(await matrix(page, named('1'))).toEqual(written(found.slices[0]!.whole));
  expect(await matrix(page, 'Weighted sum of the slices')).toEqual(written(found.contracted!.whole));
  await page.locator('.slice[aria-checked="true"]').focus();
  await page.keyboard.press('ArrowRight');
  expect(await matrix(page, named('2'))).toEqual(written(found.slices[1]!.whole));
  // The use in step 3 alone: one row that is not zero.
  await page.locator('#bptt-slice-use').focus();
  await page.keyboard.press('End');
  const own = found.slices[1]!.uses.find(({ k }) => k === 3)!.part;
  await expect.poll(() => matrix(page, named('2'))).toEqual(written(own));
  expect(written(own).filter((row) => row.some((text) => Number(text) !== 0))).toHaveLength(1);
  await page.getByRole('button', { name: `one entry of ${isolated('W_hh')}` }).click();
  await page.locator('.slice').nth(6).click();
  const column = found.slices.map(({ uses }) => [
    (uses.find(({ k }) => k === 3)!.part as readonly (readonly number[])[])[1]![2]!,
  ]);
  await expect.poll(() => matrix(page, named('2,3'))).toEqual(written(column));
  await expect
    .poll(() => Object.fromEntries(new URL(page.url()).searchParams))
    .toMatchObject({ view: 'slices', 'slice.by': 'parameter', 'slice.at': '7', 'slice.k': '3' });
  await page.reload();
  await expect.poll(() => matrix(page, named('2,3'))).toEqual(written(column));
  await done(opened);
});

test('Predict hides results until an answer is given, and counts it; Prove stamps the page', async () => {
  const opened = await open({ mode: 'predict' });
  const { page, lab } = opened;
  await page.locator('.question').waitFor();
  expect((await matrix(page, GRADIENT)).flat().every((text) => text === '?')).toBe(true);
  await page.getByRole('button', { name: 'those of the first step' }).click();
  await expect.poll(async () => (await matrix(page, GRADIENT)).flat().includes('?')).toBe(false);
  expect(await page.locator('.question').textContent()).toContain('Right.');
  await expect.poll(() => page.locator('body').textContent()).toMatch(/1\W* of \W*1/);
  await lab.visitPage('bptt', { mode: 'prove' });
  await expect
    .poll(() => page.locator('body').textContent(), { timeout: 20_000 })
    .toMatch(/4 parameters: tape and dual numbers agree to/);
  await done(opened);
});

test('a recurrence of one’s own: refused at its place, then derived; every panel follows', async () => {
  const opened = await open();
  const { page } = opened;
  const text = page.locator('#bptt-equations');
  await text.fill('h[t] = tanh(W * h[t-1] + U x[t])');
  await page.locator('.refusal b').first().waitFor();
  expect(await page.locator('.refusal pre').first().textContent()).toContain('^');
  // What was computed last is still there.
  expect(await matrix(page, GRADIENT)).toHaveLength(4);
  await text.fill('s[t] = tanh(W h[t-1] + U x[t]); h[t] = 0.5 h[t-1] + 0.5 s[t]');
  await page.locator('h1').click();
  await page.locator('[data-node="s[2]"]').waitFor();
  const { gradient } = await derive({ cell: 's[t] = tanh(W h[t-1] + U x[t]); h[t] = 0.5 h[t-1] + 0.5 s[t]' });
  await expect
    .poll(() => matrix(page, `Gradient with respect to ${isolated('W')}`))
    .toEqual(written(gradient));
  expect(await page.locator('.algebra').textContent()).toContain('0.5');
  await done(opened);
});

test('values of an address that are not allowed are named, and the page stands', async () => {
  const opened = await open({ T: '999', eps: 'x', focus: 'node <img>', set: 'W_hh(9,9)=1', cell: 'nothing' });
  const { page } = opened;
  await expect.poll(() => page.locator('.refusal').first().textContent()).toContain('W_hh(9,9)');
  expect(await page.locator('.status').textContent()).toMatch(/not allowed|default/);
  await done(opened);
});

test('the views behind the tabs have no axe violations, in both languages and themes', async () => {
  const opened = await open();
  const { page, lab } = opened;
  for (const view of ['slices', 'check', 'hunt', 'memory']) {
    for (const [lang, theme] of [
      ['en', 'light'],
      ['fa', 'dark'],
    ] as const) {
      await lab.visitPage('bptt', { view, lang, theme, clip: '1', h0: 'drawn' });
      expect(await violations(page), `${view} ${lang}`).toEqual([]);
    }
  }
  await done(opened);
});
