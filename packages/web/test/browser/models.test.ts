/** Models in and out in a real browser: a model that core exported is dropped, described, tried, proved and written again. */
import { readFileSync } from 'node:fs';
import { openSession } from '@hw5/core';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { violations } from './axe.js';
import { LabPage, launch, rhyme, serve } from './lab-page.js';

let browser: Browser;
let site: Awaited<ReturnType<typeof serve>>;
let checkpoint: Buffer;
let onnx: Buffer;
let vocabulary: Buffer;
let greedy: string;

beforeAll(async () => {
  [browser, site] = await Promise.all([launch(), serve()]);
  const session = await openSession();
  try {
    await session.createCharLM(rhyme, { hiddenSize: 12, embeddingSize: 6, batchSize: 4, sequenceLength: 16 });
    await session.train({ steps: 30 });
    greedy = await session.generate({ length: 60, temperature: 0 });
    checkpoint = Buffer.from(await session.checkpoint());
    const { files } = await session.exportRun('onnx');
    onnx = Buffer.from(files.get('model.onnx') ?? []);
    vocabulary = Buffer.from(files.get('vocabulary.json') ?? []);
  } finally {
    await session.close();
  }
});
afterAll(async () => {
  await browser.close();
  await site.close();
});

const query = { length: '60', temperature: '0' };

test('an ONNX file of core: receipt, vocabulary, the same text, and out again as what it was', async () => {
  const lab = await LabPage.openPage(browser, site, 'models', query);
  const { page } = lab;
  await lab.drop({ name: 'model.onnx', bytes: onnx });
  await lab.waitForStatus(/no run was made/);
  const receipt = page.getByTestId('receipt-import');
  expect(await receipt.innerText()).toMatch(/i, f, g, o.*i, o, f, c/s);
  expect(await page.locator('.notes').innerText()).toContain('vocabulary must be given');
  await lab.drop({ name: 'vocabulary.json', bytes: vocabulary });
  await lab.waitForStatus(/it can be tried/);
  await page.getByRole('button', { name: 'Let it write' }).focus();
  await page.keyboard.press('Enter');
  await page.waitForFunction(
    (text) => document.querySelector('[data-testid=tried]')?.textContent === text,
    greedy,
  );
  await page.getByRole('button', { name: 'Write', exact: true }).click();
  await page.getByTestId('receipt-export').waitFor();
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: /^Save .?model\.onnx/ }).click(),
  ]);
  // What was saved is read by core again: the same model.
  const session = await openSession();
  try {
    const tokens = JSON.parse(vocabulary.toString()) as string[];
    await session.importModel({ file: readFileSync(await download.path()), vocabulary: tokens });
    expect(await session.generate({ length: 60, temperature: 0 })).toBe(greedy);
  } finally {
    await session.close();
  }
  expect(await violations(page)).toEqual([]);
  expect(lab.complaints).toEqual([]);
  await lab.close();
});

test('a checkpoint is proved there and back, in Persian too; the address keeps the format', async () => {
  const lab = await LabPage.openPage(browser, site, 'models', {
    ...query,
    lang: 'fa',
    mode: 'prove',
    format: 'keras',
  });
  const { page } = lab;
  await page.getByTestId('model-file').setInputFiles({
    name: 'run.safetensors',
    mimeType: 'application/octet-stream',
    buffer: checkpoint,
  });
  await page.getByTestId('taken').waitFor();
  await page.getByRole('button', { name: 'بسنج' }).click();
  await page.waitForSelector('.stamp.passed');
  expect(await page.locator('.stamp').innerText()).toContain('model.keras.npz');
  expect(await page.getByTestId('receipt-export').innerText()).toContain('i, f, c, o');
  expect(new URL(page.url()).searchParams.get('format')).toBe('keras');
  expect(lab.complaints).toEqual([]);
  await lab.close();
});

test('wrong and hostile files are refused in a sentence, and the page goes on', async () => {
  const lab = await LabPage.openPage(browser, site, 'models', query);
  const { page } = lab;
  const pickle = Buffer.from("cos\nsystem\n(S'echo hi'\ntR.");
  for (const [name, bytes] of [
    ['<img src=x onerror=alert(1)>.pt', pickle],
    ['cut.safetensors', checkpoint.subarray(0, 500)],
    ['empty.onnx', Buffer.alloc(0)],
    ['vocabulary.json', Buffer.from('{"a": 3}')],
  ] as const) {
    await lab.drop({ name, bytes });
    await lab.waitForStatus(/refused|must/);
  }
  await lab.drop({ name: 'a.pt', bytes: pickle }, { name: 'b.pt', bytes: pickle });
  await lab.waitForStatus(/One file at a time/);
  await lab.drop({ name: 'run.safetensors', bytes: checkpoint });
  await page.getByTestId('taken').waitFor();
  expect(lab.complaints).toEqual([]);
  await lab.close();
});
