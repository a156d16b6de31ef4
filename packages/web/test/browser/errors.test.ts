/** What goes wrong says so in one line, in the page's language, with what was expected and got; nothing is lost. */
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

const text = (content: string): Buffer => Buffer.from(content);

describe('files', () => {
  test.each([
    ['an empty file', 'empty.txt', text(''), /must not be empty, got 0 bytes in .*empty\.txt/],
    [
      'a picture',
      'cat.png',
      Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 1, 2, 3]),
      /UTF-8 text or a \.safetensors checkpoint, got neither in .*cat\.png.*8 B/,
    ],
    [
      'a text in another encoding',
      'latin1.txt',
      Buffer.from([0x63, 0x61, 0x66, 0xe9, 0x0a]),
      /got neither in .*latin1\.txt/,
    ],
    [
      'a text over the limit',
      'war.txt',
      Buffer.alloc(20_000_001, 97),
      /at most .*20 MB.*, got .*20 MB.*war\.txt/,
    ],
    [
      'a foreign safetensors file',
      'foreign.safetensors',
      foreign(),
      /must be a checkpoint written by this page.*(?:hw5|another program)/s,
    ],
    [
      'rubbish with the right name',
      'rubbish.safetensors',
      text('not a checkpoint at all'),
      /must be a checkpoint written by this page/,
    ],
  ])('%s is refused and the run goes on', async (_, name, bytes, message) => {
    lab = await LabPage.open(browser, site);
    await lab.play();
    await lab.waitForStatus(/^Done/);
    const hash = await lab.hash();
    if (bytes.length > 1e6) await lab.giveFile('text-file', name, bytes);
    else await lab.drop({ name, bytes });
    await lab.waitForStatus(message);
    expect(await lab.page.locator('.status.error').count()).toBe(1);
    expect(await lab.page.getByRole('alert').innerText()).not.toBe('');
    expect(await lab.number('step')).toBe(60);
    expect(await lab.hash()).toBe(hash);
  });

  test('a truncated checkpoint is refused and the run goes on', async () => {
    lab = await LabPage.open(browser, site);
    await lab.play();
    await lab.waitForStatus(/^Done/);
    const { bytes } = await lab.download('Download checkpoint');
    for (const length of [9, 100, bytes.length - 1]) {
      await lab.drop({ name: 'cut.safetensors', bytes: bytes.subarray(0, length) });
      await lab.waitForStatus(/must be a checkpoint written by this page/);
      await lab.page.locator('h1').click();
      await lab.page.keyboard.press('s');
    }
    await lab.page.getByLabel('Steps', { exact: true }).fill('80');
    await lab.play();
    await lab.waitForStatus(/^Done: 80/);
  });

  test('two files at once are refused', async () => {
    lab = await LabPage.open(browser, site);
    await lab.drop({ name: 'a.txt', bytes: text('a') }, { name: 'b.txt', bytes: text('b') });
    await lab.waitForStatus(/One file at a time, please: got 2/);
  });

  test('a dropped text is learnt from', async () => {
    lab = await LabPage.open(browser, site);
    await lab.drop({ name: 'رباعی.txt', bytes: text(rhyme) });
    await lab.page.waitForFunction(() =>
      document.querySelector('.facts')?.textContent?.includes('رباعی.txt'),
    );
    await lab.play();
    await lab.waitForStatus(/^Done/);
    expect(await lab.page.getByTestId('command').innerText()).toContain("--data 'رباعی.txt'");
  });
});

describe('texts and settings', () => {
  test('a text shorter than its windows says how long it must be', async () => {
    lab = await LabPage.open(browser, site);
    await lab.page.getByLabel('My own text').check();
    await lab.page.getByLabel('Write or paste a text').fill('too short');
    await lab.waitForStatus(/long enough for a window of \d+ characters in its training part, got \d+/);
    expect(await lab.page.locator('button.primary').isDisabled()).toBe(true);
    await lab.page.getByLabel('Write or paste a text').fill(rhyme);
    await lab.waitForStatus(/^Ready/);
  });

  test.each([
    ['Hidden units H', '0', /whole number from 1 to 4,096, got .*0/],
    ['Learning rate', 'NaN', /number from .* to 10, got .*NaN/],
    ['Steps', '', /whole number from 1 to 1,000,000, got/],
    ['Dropout', '1', /number from 0 to 0\.95, got .*1/],
  ])('%s = %j is refused beside the field, and training waits', async (label, typed, message) => {
    lab = await LabPage.open(browser, site);
    const field = lab.page.getByLabel(label, { exact: true });
    await field.fill(typed);
    expect(await lab.page.locator('.problem').innerText()).toMatch(message);
    expect(await field.getAttribute('aria-invalid')).toBe('true');
    await lab.play();
    await lab.waitForStatus(/Settings must be valid before training; wrong: /);
    expect(await lab.number('step')).toBe(0);
  });

  test('a prompt with unknown characters names the first one', async () => {
    lab = await LabPage.open(browser, site);
    await lab.page.getByLabel('Prompt').fill('snow ☃');
    await lab.page.getByRole('button', { name: 'Write', exact: true }).click();
    await lab.waitForStatus(/The prompt must use characters that occur in the training text, got .*☃/);
  });

  test('a bad value and unknown names in the link are named', async () => {
    lab = await LabPage.open(browser, site, '?v=1&model.hidden=-4&train.steps=5');
    expect(await lab.status()).toMatch(
      /The link’s value for .*model\.hidden.* is not allowed.*whole number from 1 to 4,096, got .*-4/s,
    );
    await lab.visit('?v=1&colour=red&train.steps=5');
    expect(await lab.status()).toMatch(/settings that this version does not know: .*colour/);
    await lab.page.getByLabel('Steps', { exact: true }).fill('6');
    await lab.page.waitForURL(/train\.steps=6&colour=red$/);
  });
});

describe('a dead worker', () => {
  test.each(['with', 'without'])(
    'beside the one that trains (%s isolation) is noticed, no other is left, and training goes on',
    async (how) => {
      const slow = { ...small, 'model.hidden': '64', 'train.workers': '3', 'train.steps': '100000' };
      lab = await LabPage.open(browser, how === 'with' ? site : bare, slow);
      const { page } = lab;
      await lab.play();
      await lab.waitForStep(250);
      const replicas = page.workers().filter((worker) => worker.url().includes('replica'));
      expect(replicas).toHaveLength(2);
      await replicas[1]?.evaluate(() => self.close());
      await lab.waitForStatus(/The worker that trains has died.*checkpoint in memory is of step \d+/s, 5_000);
      // One worker may be left: that of the pool, which answers questions about a text and belongs to no run.
      await expect.poll(() => page.workers().length).toBeLessThanOrEqual(1);
      expect(page.workers().filter((worker) => worker.url().includes('replica'))).toHaveLength(0);
      await page.getByRole('button', { name: /^Restart from step/ }).click();
      await lab.waitForStatus(/^Restarted from the checkpoint of step/);
      const step = await lab.number('step');
      await lab.play();
      await lab.waitForStep(step + 50);
      expect(page.workers().filter((worker) => worker.url().includes('replica'))).toHaveLength(2);
      expect([3, 4]).toContain(page.workers().length);
    },
  );

  test('is noticed in the middle of training; training goes on from the checkpoint in memory', async () => {
    lab = await LabPage.open(browser, site, { ...small, 'train.steps': '100000' });
    const { page } = lab;
    await lab.play();
    await lab.waitForStep(450);
    const [worker] = page.workers();
    expect(worker).toBeDefined();
    // Ends the worker's thread at its next turn; the page gets no event, as when the browser kills it.
    await worker?.evaluate(() => self.close());
    await lab.waitForStatus(/The worker that trains has died.*checkpoint in memory is of step \d+/s, 5_000);
    await page.getByRole('button', { name: /^Restart from step/ }).click();
    await lab.waitForStatus(/^Restarted from the checkpoint of step/);
    const step = await lab.number('step');
    expect(step).toBeGreaterThanOrEqual(200);
    const rows = await lab.table();
    expect(Number(rows.at(-1)?.[0]?.split('–').at(-1)?.replaceAll(',', ''))).toBeLessThanOrEqual(step);
    await lab.play();
    await lab.waitForStep(step + 50);
  });

  test('that never starts is said, and a restart is offered', async () => {
    lab = await LabPage.open(browser, site, small);
    const { page } = lab;
    await page.route(/worker-.*\.js/, (route) => route.fulfill({ status: 404, body: 'gone' }));
    await page.reload();
    await lab.waitForStatus(/The worker that trains has died before a checkpoint was kept/);
    await page.unroute(/worker-.*\.js/);
    await page.getByRole('button', { name: 'Restart from step 0' }).click();
    await lab.play();
    await lab.waitForStep(1);
    lab.complaints.splice(0);
  });
});

/** A valid safetensors file of another program. */
function foreign(): Buffer {
  const header = Buffer.from('{"weight":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}');
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(header.length));
  return Buffer.concat([length, header, Buffer.alloc(4)]);
}
