/** The built page in a real Chromium, with everything that must stay silent being listened to. */
import { mkdirSync } from 'node:fs';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { afterAll, expect } from 'vitest';
import { type Site, serve as serveFolder } from '../../../cli/dist/lab/server.js';

const builtPage = fileURLToPath(new URL('../../dist', import.meta.url));

/** Serves a copy of the built page: a build that runs meanwhile must not change what is tested. */
export async function serve({ isolation = true } = {}): Promise<Site> {
  const folder = await mkdtemp(join(tmpdir(), 'hw5-page-'));
  await cp(builtPage, folder, { recursive: true });
  const site = await serveFolder({ isolation, folder });
  const close = async (): Promise<void> => {
    await site.close();
    await rm(folder, { recursive: true });
  };
  return { url: site.url, close };
}

/** A run of a second: few units, few characters per step. */
export const small: Readonly<Record<string, string>> = {
  'model.hidden': '24',
  'model.embed': '12',
  'train.batch': '8',
  'train.seq': '16',
  'train.lr': '0.01',
  'train.steps': '60',
  'data.eval': '20',
  'sample.every': '20',
  'sample.length': '60',
};

/** About 3000 characters with something to learn. */
export const rhyme = Array.from(
  { length: 60 },
  (_, line) => `line ${line}: the fog and I, around, around. مه آمد و رفت\n`,
).join('');

export function launch(): Promise<Browser> {
  return chromium.launch({
    executablePath: process.env.HW5_CHROMIUM ?? '/usr/bin/chromium',
    args: [
      '--headless=new',
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}

/** A browser and the lab, served, for all tests of a file; both end with it. */
export async function openLab(): Promise<{ readonly browser: Browser; readonly site: Site }> {
  const [browser, site] = await Promise.all([launch(), serve()]);
  afterAll(async () => {
    await browser.close();
    await site.close();
  });
  return { browser, site };
}

export class LabPage {
  readonly page: Page;
  /** Console errors and warnings, uncaught errors, refused content, requests to other hosts. Must stay empty. */
  readonly complaints: string[] = [];
  readonly #site: string;

  private constructor(page: Page, site: string) {
    this.page = page;
    this.#site = site;
  }

  static async open(
    browser: Browser,
    site: Site,
    query: Readonly<Record<string, string>> | string | null = small,
    options: BrowserContextOptions = {},
  ): Promise<LabPage> {
    const context = await browser.newContext({
      acceptDownloads: true,
      // Its requests would pass by those that tests hold up; offline.test.ts lets it in.
      serviceWorkers: 'block',
      ...options,
    });
    const page = await context.newPage();
    const lab = new LabPage(page, site.url);
    page.on('console', (message) => {
      // Tests of a page do without the worker that serves it offline, and Playwright says so.
      if (message.text() === 'Service Worker registration blocked by Playwright') return;
      if (['error', 'warning'].includes(message.type())) lab.complaints.push(`console: ${message.text()}`);
    });
    page.on('pageerror', (error) => lab.complaints.push(`uncaught: ${error.message}`));
    page.on('dialog', (dialog) => {
      lab.complaints.push(`dialog: ${dialog.message()}`);
      void dialog.dismiss();
    });
    page.on('request', (request) => {
      const url = request.url();
      if (!url.startsWith(site.url) && !url.startsWith('blob:')) lab.complaints.push(`request: ${url}`);
    });
    await page.exposeFunction('reportViolation', (text: string) => lab.complaints.push(`policy: ${text}`));
    await page.addInitScript(() => {
      document.addEventListener('securitypolicyviolation', (event) => {
        const report = (globalThis as unknown as { reportViolation(text: string): void }).reportViolation;
        report(`${event.violatedDirective} ${event.blockedURI} ${event.sample}`);
      });
    });
    if (query !== null) await lab.visit(query);
    return lab;
  }

  /** Any page of the lab, drawn and with its fonts. */
  static async openPage(
    browser: Browser,
    site: Site,
    id: string,
    query: Readonly<Record<string, string>> = {},
    options: BrowserContextOptions = {},
  ): Promise<LabPage> {
    const lab = await LabPage.open(browser, site, null, options);
    await lab.visitPage(id, query);
    return lab;
  }

  async visitPage(id: string, query: Readonly<Record<string, string>> = {}): Promise<void> {
    await this.page.goto(`${this.#site}?${new URLSearchParams({ v: '1', p: id, ...query })}`);
    await this.drawn();
  }

  /** The page's figure stands and is computed, its fonts are there, and formulas are drawn. */
  async drawn(): Promise<void> {
    await this.page.waitForFunction(
      () =>
        document.querySelector('.figure-column > *') !== null &&
        document.querySelector('.figure-column [aria-busy=true]') === null,
    );
    await this.page.waitForFunction(() => document.querySelector('code.tex, .tex:empty') === null);
    await this.page.evaluate(() => document.fonts.ready);
    await this.page.evaluate(
      () => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))),
    );
  }

  async visit(query: Readonly<Record<string, string>> | string): Promise<void> {
    const search =
      typeof query === 'string' ? query : `?${new URLSearchParams({ v: '1', p: 'train', ...query })}`;
    await this.page.goto(this.#site + search);
    await this.ready();
  }

  /** Runs `wait`; when it times out, the error says what the page's status line said. */
  async #orStatus<T>(wait: Promise<T>): Promise<T> {
    try {
      return await wait;
    } catch (error) {
      const status = await this.status();
      throw new Error(`${(error as Error).message}\nstatus line: ${status}\ncomplaints: ${this.complaints}`);
    }
  }

  /** The model is made and the start button can be pressed. */
  ready(): Promise<unknown> {
    return this.#orStatus(this.page.waitForSelector('button.primary:not(:disabled)', { timeout: 30_000 }));
  }

  async ownText(text: string): Promise<void> {
    await this.page.getByLabel('My own text').check();
    await this.page.getByLabel('Write or paste a text').fill(text);
    await this.#orStatus(
      this.page.waitForFunction(
        (count) => document.querySelector('.facts')?.textContent?.includes(count),
        [...text].length.toLocaleString('en-US'),
      ),
    );
    await this.page.locator('h1').click();
  }

  play(): Promise<void> {
    return this.page.click('button.primary');
  }

  status(): Promise<string> {
    return this.page.locator('.status').innerText();
  }

  waitForStatus(text: RegExp, timeout = 60_000): Promise<unknown> {
    return this.#orStatus(
      this.page.waitForFunction(
        ([source, flags]) =>
          new RegExp(source as string, flags).test(document.querySelector('.status')?.textContent ?? ''),
        [text.source, text.flags],
        { timeout },
      ),
    );
  }

  async number(stat: string): Promise<number> {
    const text = await this.page.getByTestId(`stat-${stat}`).innerText();
    return Number(text.replaceAll(',', ''));
  }

  waitForStep(step: number): Promise<unknown> {
    return this.#orStatus(
      this.page.waitForFunction(
        (least) => {
          const shown = document.querySelector('[data-testid="stat-step"]')?.textContent ?? '';
          return Number(shown.replaceAll(',', '')) >= least;
        },
        step,
        { timeout: 60_000 },
      ),
    );
  }

  /** The run with these weights lies on the device. */
  async waitForKept(hash: string): Promise<void> {
    const hashes = (): Promise<string[]> =>
      this.page.evaluate(
        () =>
          new Promise<string[]>((resolve, reject) => {
            const opening = indexedDB.open('hw5-runs');
            // Not there yet: the page makes it, not this test.
            opening.onupgradeneeded = () => opening.transaction?.abort();
            opening.onerror = () => resolve([]);
            opening.onsuccess = () => {
              const database = opening.result;
              const reading = database.transaction('runs').objectStore('runs').getAll();
              reading.onerror = () => reject(reading.error);
              reading.onsuccess = () => {
                database.close();
                resolve(reading.result.map((run) => run.hash));
              };
            };
          }),
      );
    await expect.poll(hashes, { timeout: 30_000, interval: 100 }).toContain(hash);
  }

  hash(): Promise<string> {
    return this.page.getByTestId('hash').innerText();
  }

  /** The table twin's numbers: [steps, training loss, perplexity, validation loss] per row. */
  async table(): Promise<string[][]> {
    const summary = this.page.getByText('The curve as a table');
    if ((await this.page.locator('.twin[open]').count()) === 0) await summary.click();
    await this.page.waitForSelector('.twin tbody tr');
    return this.page
      .locator('.twin tbody tr')
      .evaluateAll((rows) => rows.map((row) => [...row.children].map((cell) => cell.textContent ?? '')));
  }

  async download(button: string): Promise<{ name: string; bytes: Buffer }> {
    const [download] = await Promise.all([
      this.page.waitForEvent('download'),
      this.page.getByRole('button', { name: button }).click(),
    ]);
    const chunks: Buffer[] = [];
    for await (const chunk of await download.createReadStream()) chunks.push(chunk as Buffer);
    return { name: download.suggestedFilename(), bytes: Buffer.concat(chunks) };
  }

  giveFile(which: 'text-file' | 'checkpoint-file', name: string, bytes: Buffer): Promise<void> {
    return this.page
      .getByTestId(which)
      .setInputFiles({ name, mimeType: 'application/octet-stream', buffer: bytes });
  }

  /** Drops files on the page, as a hand would. */
  async drop(...files: readonly { readonly name: string; readonly bytes: Buffer }[]): Promise<void> {
    const transfer = await this.page.evaluateHandle(
      (given) => {
        const data = new DataTransfer();
        for (const { name, bytes } of given) data.items.add(new File([new Uint8Array(bytes)], name));
        return data;
      },
      files.map(({ name, bytes }) => ({ name, bytes: [...bytes] })),
    );
    await this.page.dispatchEvent('main', 'dragover', { dataTransfer: transfer });
    await this.page.dispatchEvent('main', 'drop', { dataTransfer: transfer });
  }

  async screenshot(name: string, fullPage = false): Promise<void> {
    const folder = new URL('./screenshots/', import.meta.url).pathname;
    mkdirSync(folder, { recursive: true });
    await this.page.screenshot({ path: `${folder}${name}.png`, fullPage });
  }

  close(): Promise<void> {
    return this.page.context().close();
  }
}
