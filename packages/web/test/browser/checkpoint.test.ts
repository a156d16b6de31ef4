/** The checkpoint as a file: out of the page, into it again, and to and from the command line. */
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { LabPage, launch, rhyme, serve, small } from './lab-page.js';

let browser: Browser;
let site: Awaited<ReturnType<typeof serve>>;
let lab: LabPage;
let folder: string;

beforeAll(async () => {
  [browser, site, folder] = await Promise.all([launch(), serve(), mkdtemp(join(tmpdir(), 'hw5-web-'))]);
});
afterAll(async () => {
  await browser.close();
  await site.close();
  await rm(folder, { recursive: true });
});
afterEach(async () => {
  expect(lab.complaints).toEqual([]);
  await lab.close();
});

const cli = (...words: string[]): Promise<{ stdout: string }> =>
  promisify(execFile)(
    process.execPath,
    [fileURLToPath(new URL('../../../cli/dist/main.js', import.meta.url)), ...words],
    { cwd: folder },
  );

/** Trains `steps` in all on the rhyme and returns the page's hash. */
async function trainTo(steps: number): Promise<string> {
  await lab.page.getByLabel('Steps', { exact: true }).fill(String(steps));
  await lab.play();
  await lab.waitForStatus(new RegExp(`^Done: ${steps} steps`));
  return lab.hash();
}

test('30 steps, download, a fresh page, reload, 30 more: the bits of 60 steps; without its text it only writes', async () => {
  lab = await LabPage.open(browser, site);
  await lab.ownText(rhyme);
  const unbroken = await trainTo(60);
  await lab.page.getByRole('button', { name: 'Rewind' }).click();
  await lab.waitForStatus(/^Rewound/);
  await trainTo(30);
  const { name, bytes } = await lab.download('Download checkpoint');
  expect(name).toBe('char-lm-step-30.safetensors');
  expect(await lab.status()).toContain('Checkpoint saved as');
  expect(lab.complaints).toEqual([]);
  await lab.close();

  lab = await LabPage.open(browser, site, { 'train.steps': '60' });
  const { page } = lab;
  await lab.giveFile('checkpoint-file', name, bytes);
  await lab.waitForStatus(/^Checkpoint of step 30 loaded\. It can write; to train on, give the text/);
  expect(await page.getByLabel('Hidden units H').inputValue()).toBe('24');
  await page.getByRole('button', { name: 'Write', exact: true }).click();
  await page.waitForFunction(
    () => document.querySelector('[data-testid=generated]')?.textContent?.length === 240,
  );
  await lab.play();
  await lab.waitForStatus(/This checkpoint came without its text/);
  await lab.drop({ name: 'other.txt', bytes: Buffer.from(rhyme.replace('fog', 'dog')) });
  await lab.waitForStatus(/The text must be the one that the checkpoint was trained on/);
  await lab.drop({ name: 'rhyme.txt', bytes: Buffer.from(rhyme) });
  await lab.waitForStatus(/^Checkpoint of step 30 loaded; training goes on from there/);
  await lab.play();
  await lab.waitForStatus(/^Done: 60 steps/);
  expect(await lab.hash()).toBe(unbroken);
});

test('the terminal writes from the page’s file, and the page goes on from the terminal’s', async () => {
  lab = await LabPage.open(browser, site);
  await lab.ownText(rhyme);
  const unbroken = await trainTo(60);
  await writeFile(join(folder, 'text.txt'), rhyme);
  const command = (await lab.page.getByTestId('command').innerText()).replaceAll(/\s+/g, ' ').trim();
  const words = command.replace('--steps 60', '--steps 30').split(' ').slice(2);
  await cli(...words, '--json', '--out', 'run');
  const bytes = await readFile(join(folder, 'run', 'checkpoint.safetensors'));
  await lab.drop({ name: 'checkpoint.safetensors', bytes });
  await lab.waitForStatus(/^Checkpoint of step 30 loaded; training goes on/);
  await lab.play();
  await lab.waitForStatus(/^Done: 60 steps/);
  expect(await lab.hash()).toBe(unbroken);

  const mine = await lab.download('Download checkpoint');
  await writeFile(join(folder, mine.name), mine.bytes);
  await lab.page.getByLabel('Prompt').fill('the fog');
  await lab.page.getByLabel('Temperature').fill('0');
  await lab.page.getByRole('button', { name: 'Write', exact: true }).click();
  await lab.page.waitForFunction(
    () => document.querySelector('[data-testid=generated]')?.textContent?.length === 67,
  );
  const shown = await lab.page.getByTestId('generated').innerText();
  const { stdout } = await cli(
    ...['generate', mine.name, '--prompt', 'the fog', '--length', '60', '--temperature', '0', '--json'],
  );
  expect(stdout).toContain(JSON.stringify(shown).slice(1, -1).slice(7, 60));
});

test('a checkpoint can be taken in the middle of training and trains on from there', async () => {
  lab = await LabPage.open(browser, site, { ...small, 'train.steps': '3000' });
  await lab.play();
  await lab.waitForStep(40);
  const { name, bytes } = await lab.download('Download checkpoint');
  expect(name).toBe('char-lm.safetensors');
  await lab.page.getByRole('button', { name: 'Stop', exact: true }).click();
  await lab.waitForStatus(/^Stopped/);
  const later = await lab.number('step');
  await lab.giveFile('checkpoint-file', name, bytes);
  await lab.waitForStatus(/^Checkpoint of step \d+ loaded; training goes on/);
  const step = await lab.number('step');
  expect(step).toBeGreaterThanOrEqual(40);
  expect(step).toBeLessThanOrEqual(later);
});
