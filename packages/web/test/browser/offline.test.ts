/** After its first load the lab needs no network: the server goes, the page is loaded anew, trains, and opens every other page. */
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { pages } from '../../src/pages/registry.js';
import { LabPage, launch, serve, small } from './lab-page.js';

let browser: Browser;

beforeAll(async () => {
  browser = await launch();
});
afterAll(() => browser.close());

test.each([true, false])('without a server (isolation: %s)', async (isolation) => {
  const site = await serve({ isolation });
  const lab = await LabPage.open(browser, site, small, { serviceWorkers: 'allow' });
  const { page } = lab;
  await page.waitForFunction(() => navigator.serviceWorker.controller !== null, undefined, {
    timeout: 60_000,
  });
  await site.close();
  await expect(fetch(site.url)).rejects.toThrow();
  await page.reload();
  await lab.ready();
  expect(await page.evaluate(() => crossOriginIsolated)).toBe(isolation);
  await lab.play();
  await lab.waitForStatus(/^Done: 60 steps/);
  expect(await lab.hash()).toMatch(/^[0-9a-f]{16}$/);
  for (const { id } of pages) {
    await lab.visitPage(id);
    expect(await page.locator('h1').innerText()).not.toBe('');
  }
  expect(lab.complaints).toEqual([]);
  await lab.close();
});

test('files and answers that are not the lab’s stay out of the store, and an older version leaves it', async () => {
  const site = await serve();
  const lab = await LabPage.open(browser, site, small, { serviceWorkers: 'allow' });
  const { page } = lab;
  await page.evaluate(() => caches.open('hw5-lab-0000000000000000'));
  await page.waitForFunction(() => navigator.serviceWorker.controller !== null, undefined, {
    timeout: 60_000,
  });
  const names = await page.evaluate(() => caches.keys());
  expect(names).toHaveLength(1);
  expect(names[0]).not.toBe('hw5-lab-0000000000000000');
  const stored = await page.evaluate(
    async (name) => (await (await caches.open(name)).keys()).length,
    names[0] as string,
  );
  await page.evaluate(() => fetch('./nothing-of-ours.json').catch(() => undefined));
  expect(
    await page.evaluate(async (name) => (await (await caches.open(name)).keys()).length, names[0] as string),
  ).toBe(stored);
  expect(stored).toBeGreaterThan(20);
  await lab.close();
  await site.close();
});
