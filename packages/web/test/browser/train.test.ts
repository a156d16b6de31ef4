/** The main job in the page: train, pause, go on, rewind, and the same bits as the command line. */
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { LabPage, launch, rhyme, serve, small } from './lab-page.js';

let browser: Browser;
let site: Awaited<ReturnType<typeof serve>>;
let bare: Awaited<ReturnType<typeof serve>>;
let lab: LabPage;

beforeAll(async () => {
  [browser, site, bare] = await Promise.all([launch(), serve(), serve({ isolation: false })]);
});
afterAll(async () => {
  await browser.close();
  await Promise.all([site.close(), bare.close()]);
});
afterEach(async () => {
  expect(lab.complaints).toEqual([]);
  await lab.close();
});

/** The hash of the terminal program's weights after the command that the page shows. */
async function cliHash(command: string, text: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'hw5-web-'));
  try {
    await writeFile(join(folder, 'text.txt'), text);
    const [npx, hw5, ...words] = command.split(' ');
    expect([npx, hw5]).toEqual(['npx', 'hw5']);
    const main = fileURLToPath(new URL('../../../cli/dist/main.js', import.meta.url));
    const args = [main, ...words, '--json', '--out', join(folder, 'run')];
    const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: folder });
    return (JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? '') as { hash: string }).hash;
  } finally {
    await rm(folder, { recursive: true });
  }
}

describe.each(['with', 'without'])('%s cross-origin isolation', (how) => {
  test('60 steps on a pasted text: the loss falls, samples come, the command line gets the same weights', async () => {
    lab = await LabPage.open(browser, how === 'with' ? site : bare);
    const { page } = lab;
    expect(await page.evaluate(() => crossOriginIsolated)).toBe(how === 'with');
    expect(await page.getByTestId('isolation').innerText()).toBe(
      how === 'with' ? 'cross-origin isolated' : 'not cross-origin isolated (not needed)',
    );
    await lab.ownText(rhyme);
    await lab.play();
    await lab.waitForStatus(/^Done: 60 steps/);
    const rows = await lab.table();
    const first = Number(rows[0]?.[1]);
    const last = Number(rows.at(-1)?.[1]);
    expect(first).toBeGreaterThan(3);
    expect(last).toBeLessThan(first - 0.7);
    expect(await lab.number('validation')).toBeLessThan(first);
    expect(await lab.number('speed')).toBeGreaterThan(1000);
    expect(await page.locator('.position').innerText()).toMatch(/^step 60, sample \d of \d$/);
    const command = await page.getByTestId('command').innerText();
    expect(command).toContain('--data text.txt');
    expect(await lab.hash()).toBe(await cliHash(command.replaceAll(/\s+/g, ' ').trim(), rhyme));
  });

  test('three workers: the weights are those of the command line with three workers', async () => {
    lab = await LabPage.open(browser, how === 'with' ? site : bare, {
      ...small,
      'train.workers': '3',
      'model.dropout': '0.2',
    });
    const { page } = lab;
    await lab.ownText(rhyme);
    await lab.play();
    await lab.waitForStep(20);
    const kinds = await Promise.all(
      page.workers().map((worker) => worker.evaluate(() => typeof SharedArrayBuffer)),
    );
    // Three train; one of the pool may answer questions about the text beside them.
    expect([3, 4]).toContain(kinds.length);
    expect(page.workers().filter((worker) => worker.url().includes('replica'))).toHaveLength(2);
    expect(new Set(kinds)).toEqual(new Set([how === 'with' ? 'function' : 'undefined']));
    await lab.waitForStatus(/^Done: 60 steps/);
    const command = await page.getByTestId('command').innerText();
    expect(command).toContain('--workers 3');
    expect(await lab.hash()).toBe(await cliHash(command.replaceAll(/\s+/g, ' ').trim(), rhyme));
  });
});

test('pause stops the steps, going on takes them up, and the weights are those of an unbroken run', async () => {
  const slow = { ...small, 'model.hidden': '96', 'train.steps': '300' };
  lab = await LabPage.open(browser, site, slow);
  const { page } = lab;
  await lab.ownText(rhyme);
  await page.locator('body').press(' ');
  await lab.waitForStep(30);
  await page.locator('body').press(' ');
  await lab.waitForStatus(/^Paused at step/);
  const paused = await lab.number('step');
  expect(paused).toBeLessThan(300);
  await page.waitForTimeout(300);
  expect(await lab.number('step')).toBe(paused);
  // What is done in a pause must not change the run.
  await page.getByRole('button', { name: 'Write', exact: true }).click();
  await page.waitForFunction(
    () => document.querySelector('[data-testid=generated]')?.textContent?.length === 60,
  );
  await page.locator('h1').click();
  await page.locator('body').press('s');
  await lab.play();
  await lab.waitForStatus(/^Done: 300 steps/);
  const broken = await lab.hash();
  await page.locator('h1').click();
  await page.locator('body').press('r');
  await lab.waitForStatus(/^Rewound to step 0/);
  expect(await lab.number('step')).toBe(0);
  await lab.play();
  await lab.waitForStatus(/^Done: 300 steps/);
  expect(await lab.hash()).toBe(broken);
});

test('stop ends the run, rewind can be undone, another seed gives other weights', async () => {
  lab = await LabPage.open(browser, site, { ...small, 'train.steps': '5000' });
  const { page } = lab;
  await lab.play();
  await lab.waitForStep(25);
  await page.getByRole('button', { name: 'Stop', exact: true }).click();
  await lab.waitForStatus(/^Stopped at step/);
  const step = await lab.number('step');
  const hash = await lab.hash();
  const samples = await page.locator('.position').innerText();
  await page.getByRole('button', { name: 'Rewind' }).click();
  await lab.waitForStatus(/^Rewound/);
  await page.getByRole('button', { name: 'Undo' }).click();
  await lab.waitForStatus(new RegExp(`^The run is back at step.*${step}`));
  expect(await page.locator('.position').innerText()).toBe(samples);
  await page.getByText('Data and reproducibility').click();
  await page.getByLabel('Seed', { exact: true }).fill('۷');
  await page.getByRole('button', { name: 'Restart with the new ones' }).click();
  await lab.waitForStatus(/Rewound to step 0: the first weights that seed 7/);
  await lab.play();
  await lab.waitForStep(25);
  await lab.play();
  await lab.waitForStatus(/^Paused/);
  expect(await lab.hash()).not.toBe(hash);
  await page.waitForURL(/seed=7/, { timeout: 5_000 });
});

test('samples can be scrubbed back and forth in training time', async () => {
  lab = await LabPage.open(browser, site);
  const { page } = lab;
  await lab.play();
  await lab.waitForStatus(/^Done/);
  // The last sample is written after the last step.
  await page.waitForFunction(() => document.querySelector('.position')?.textContent?.startsWith('step 60,'));
  const newest = await page.getByTestId('sample').innerText();
  await page.getByRole('slider', { name: 'Training time' }).press('Home');
  expect(await page.locator('.position').innerText()).toMatch(/^step 0, sample 1 of/);
  const oldest = await page.getByTestId('sample').innerText();
  expect(oldest).not.toBe(newest);
  await page.getByRole('slider', { name: 'Training time' }).press('ArrowRight');
  expect(await page.locator('.position').innerText()).toMatch(/sample 2 of/);
  await page.getByRole('button', { name: 'To the end' }).click();
  expect(await page.getByTestId('sample').innerText()).toBe(newest);
});

test('keys do nothing while somebody types, and the help lists them', async () => {
  lab = await LabPage.open(browser, site);
  const { page } = lab;
  await page.getByLabel('Prompt').pressSequentially('a r s?');
  expect(await page.getByLabel('Prompt').inputValue()).toBe('a r s?');
  expect(await lab.number('step')).toBe(0);
  await page.getByLabel('Prompt').fill('');
  await page.locator('h1').click();
  await page.keyboard.press('?');
  await page.getByRole('dialog').waitFor();
  await page.keyboard.press('r');
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'hidden' });
  await page.keyboard.press('Space');
  await lab.waitForStatus(/^Done/);
});

test('the model writes while it trains, with the prompt and the length asked for', async () => {
  lab = await LabPage.open(browser, site, { ...small, 'train.steps': '100000', 'sample.length': '400' });
  const { page } = lab;
  await lab.play();
  await lab.waitForStep(20);
  await page.getByLabel('Prompt').fill('the lamp');
  await page.getByRole('button', { name: 'Write', exact: true }).click();
  await page.waitForFunction(
    () => [...(document.querySelector('[data-testid=generated]')?.textContent ?? '')].length === 408,
  );
  expect(await page.getByTestId('generated').innerText()).toMatch(/^the lamp/);
  const step = await lab.number('step');
  await lab.waitForStep(step + 20);
  expect(await lab.status()).toBe('Training.');
});

test('the curve comes out as CSV, every step of it', async () => {
  lab = await LabPage.open(browser, site);
  await lab.play();
  await lab.waitForStatus(/^Done/);
  await lab.table();
  const { name, bytes } = await lab.download('Download as CSV');
  expect(name).toBe('char-lm-seed-0-loss.csv');
  const lines = bytes.toString('utf8').trim().split('\r\n');
  expect(lines).toHaveLength(61);
  expect(lines[60]?.split(',')[0]).toBe('60');
  expect(Number(lines[60]?.split(',')[2])).toBeCloseTo(await lab.number('validation'), 3);
});

test('a hidden tab pauses when asked to and goes on when shown', async () => {
  lab = await LabPage.open(browser, site, { ...small, 'train.steps': '100000', 'pause-hidden': '1' });
  const { page } = lab;
  const show = (hidden: boolean): Promise<void> =>
    page.evaluate((value) => {
      Object.defineProperty(document, 'hidden', { configurable: true, get: () => value });
      document.dispatchEvent(new Event('visibilitychange'));
    }, hidden);
  await lab.play();
  await lab.waitForStep(10);
  await show(true);
  await lab.waitForStatus(/because the tab was hidden/);
  const step = await lab.number('step');
  await show(false);
  await lab.waitForStep(step + 10);
});
