/** The strict build's bits in Chromium are Node's: every operation with its gradients, and steps of every workload. */
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { launch } from './lab-page.js';

const root = fileURLToPath(new URL('../../../../', import.meta.url));
const origin = 'http://127.0.0.1:1';

/** What Node finds by itself: our packages, what they need, and core's platform for browsers. */
async function importMap(): Promise<string> {
  const core = JSON.parse(await readFile(join(root, 'packages/core/package.json'), 'utf8')) as {
    imports: Record<string, { default: string }>;
  };
  const platform = Object.entries(core.imports).map(([name, { default: file }]) => [
    name,
    join('/packages/core', file),
  ]);
  const imports = {
    '@hw5/kernel-wasm': '/packages/kernel-wasm/index.js',
    comlink: '/node_modules/comlink/dist/esm/comlink.mjs',
    ...Object.fromEntries(platform),
  };
  return JSON.stringify({ imports });
}

/** The repository's files as one site, without a server: the library as it is built, not bundled. */
const PROGRAM = `
  import { init } from '/packages/core/dist/index.js';
  import { hashesOf } from '/bench/bits-table.mjs';
  window.hashes = init().then(hashesOf);
`;

test('Chromium computes the bits that Node computes', async () => {
  const { stdout } = await promisify(execFile)(process.execPath, [join(root, 'bench/bits.mjs')]);
  const node = (JSON.parse(stdout) as { strict: Record<string, string> }).strict;
  const browser = await launch();
  try {
    const page = await browser.newPage();
    const html = `<script type="importmap">${await importMap()}</script><script type="module">${PROGRAM}</script>`;
    await page.route(`${origin}/**`, async (route) => {
      const { pathname } = new URL(route.request().url());
      if (pathname === '/') await route.fulfill({ contentType: 'text/html', body: html });
      else await route.fulfill({ path: join(root, pathname) });
    });
    await page.goto(`${origin}/`);
    await page.waitForFunction('window.hashes');
    const chromium = await page.evaluate('window.hashes');
    expect(Object.keys(node).length).toBeGreaterThan(60);
    expect(chromium).toEqual(node);
  } finally {
    await browser.close();
  }
});
