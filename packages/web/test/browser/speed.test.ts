/** The page stays at hand while a model of ordinary size trains for twenty seconds. Prints its figures. */
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { LabPage, launch, serve } from './lab-page.js';

let browser: Browser;
let site: Awaited<ReturnType<typeof serve>>;

beforeAll(async () => {
  [browser, site] = await Promise.all([launch(), serve()]);
});
afterAll(async () => {
  await browser.close();
  await site.close();
});

/** Longest work of the main thread that a person does not notice, ms: the platform's own definition of a long task. */
const LONG_TASK = 50;

test('no task of the main thread is longer than 50 ms in 20 s of training', async () => {
  const lab = await LabPage.open(browser, site, {
    'train.steps': '100000',
    'sample.every': '10',
    'data.eval': '50',
  });
  const { page } = lab;
  await lab.play();
  await lab.waitForStep(2);
  await page.evaluate(() => {
    const facts = { longest: 0, count: 0, messages: 0, frames: 0 };
    Object.assign(globalThis, { facts });
    new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) {
        facts.count += 1;
        facts.longest = Math.max(facts.longest, duration);
      }
    }).observe({ type: 'longtask' });
    const shown = document.querySelector('[data-testid=stat-step]') as Node;
    new MutationObserver(() => {
      facts.messages += 1;
    }).observe(shown, { characterData: true, childList: true, subtree: true });
  });
  await page.waitForTimeout(20_000);
  const facts = await page.evaluate(
    () => (globalThis as unknown as { facts: { longest: number; count: number; messages: number } }).facts,
  );
  const speed = await lab.number('speed');
  console.log(
    `main thread in 20 s of training: ${facts.count} tasks over ${LONG_TASK} ms, longest ${facts.longest.toFixed(0)} ms; ` +
      `${(facts.messages / 20).toFixed(1)} updates/s; ${speed} characters/s`,
  );
  expect(facts.messages).toBeGreaterThan(20);
  expect(facts.messages / 20).toBeLessThanOrEqual(31);
  expect(facts.count).toBe(0);
  expect(lab.complaints).toEqual([]);
  await lab.close();
});

test('the page is small: less than 1 MB, not compressed, before it can train', async () => {
  const context = await browser.newContext();
  const page = await context.newPage();
  let bytes = 0;
  page.on('response', async (response) => {
    bytes += Number(response.headers()['content-length'] ?? 0);
  });
  await page.goto(site.url);
  await page.waitForSelector('button.primary:not(:disabled)');
  console.log(
    `loaded before the start button can be pressed: ${(bytes / 1000).toFixed(0)} kB, not compressed`,
  );
  expect(bytes).toBeGreaterThan(100_000);
  expect(bytes).toBeLessThan(1_000_000);
  await context.close();
});
