/** Pages in Chromium that run a program with the packed packages: through Vite, and without any bundler. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer as createHttpServer } from 'node:http';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const fromWeb = createRequire(new URL('../packages/web/package.json', import.meta.url));
const { chromium } = fromWeb('playwright-core');

const TYPES = { js: 'text/javascript', wasm: 'application/wasm', html: 'text/html; charset=utf-8' };

export function launch() {
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

/** What the program on a page prints first, within a minute. @throws with the page's first uncaught error */
async function printedBy(browser, address) {
  const page = await browser.newPage();
  try {
    const failed = new Promise((_, reject) => page.on('pageerror', reject));
    const printed = page.waitForEvent('console', {
      predicate: (message) => message.type() === 'log',
      timeout: 60_000,
    });
    await Promise.race([page.goto(address), failed]);
    return (await Promise.race([printed, failed])).text();
  } finally {
    await page.close();
  }
}

/**
 * A Vite project with its default settings, in a folder below `consumer`, where Vite and the packages are installed.
 *
 * @param {string} consumer @param {string} program TypeScript
 */
export async function viteProject(consumer, program) {
  const root = join(consumer, 'vite-project');
  mkdirSync(root);
  writeFileSync(join(root, 'main.ts'), program);
  writeFileSync(join(root, 'index.html'), pageWith('<script type="module" src="./main.ts"></script>'));
  const entry = join(consumer, 'node_modules', 'vite', 'dist', 'node', 'index.js');
  const { build, createServer, preview } = await import(pathToFileURL(entry).href);
  const common = { root, configFile: false, logLevel: 'error' };
  const local = { host: '127.0.0.1', port: 0 };
  return {
    async built(browser) {
      await build(common);
      const server = await preview({ ...common, preview: local });
      return printedBy(browser, server.resolvedUrls.local[0]).finally(() => server.close());
    },
    async served(browser) {
      const server = await createServer({ ...common, server: local });
      await server.listen();
      return printedBy(browser, server.resolvedUrls.local[0]).finally(() => server.close());
    },
  };
}

/**
 * A page whose script imports the one-file build by its address.
 *
 * @param {string} folder the package's dist/cdn
 * @param {(address: string) => string} programWith the program that imports an address
 * @param {{ elsewhere: boolean }} where the file comes from the page's own site, or from another one
 */
export async function scriptTag(browser, folder, programWith, { elsewhere }) {
  const library = await serve((path) => readFileSync(join(folder, path)));
  const page = await serve((path) => {
    if (path !== '/page.html') return readFileSync(join(folder, path));
    const address = elsewhere ? `${library.origin}/hw5.min.js` : './hw5.min.js';
    return pageWith(`<script type="module">${programWith(address)}</script>`);
  });
  try {
    return await printedBy(browser, `${page.origin}/page.html`);
  } finally {
    page.close();
    library.close();
  }
}

const pageWith = (script) => `<!doctype html><title>hw5</title><link rel="icon" href="data:,">${script}`;

/** A static host that lets other sites read its files, as those for packages do. */
async function serve(fileAt) {
  const server = createHttpServer((request, response) => {
    try {
      const body = fileAt(request.url);
      const type = TYPES[request.url.split('.').at(-1)] ?? 'application/octet-stream';
      response.writeHead(200, { 'content-type': type, 'access-control-allow-origin': '*' }).end(body);
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise((listening) => server.listen(0, '127.0.0.1', listening));
  return {
    origin: `http://127.0.0.1:${server.address().port}`,
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}
