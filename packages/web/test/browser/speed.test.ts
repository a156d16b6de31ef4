/** The page stays at hand while a model of ordinary size trains for twenty seconds. Prints its figures. */
import { expect, test } from 'vitest';
// @ts-expect-error a script of the package, without types
import { firstLoad } from '../../measure/first-load.mjs';
// @ts-expect-error a script of the package, without types
import { mainThreadTasks } from '../../measure/main-thread.mjs';
import { LabPage, openLab } from './lab-page.js';

const { browser, site } = await openLab();

/** Longest work of the main thread that a person does not notice, ms: the platform's own limit for a long task. */
const LONG_TASK = 50;

test('no task of the main thread computes for more than 50 ms in 20 s of training', async () => {
  const lab = await LabPage.open(browser, site, {
    'train.steps': '100000',
    'sample.every': '10',
    'data.eval': '50',
  });
  const { page } = lab;
  await lab.play();
  await lab.waitForStep(2);
  await page.evaluate(() => {
    const facts = { longTasks: 0, updates: 0 };
    Object.assign(globalThis, { facts });
    new PerformanceObserver((list) => {
      facts.longTasks += list.getEntries().length;
    }).observe({ type: 'longtask' });
    const shown = document.querySelector('[data-testid=stat-step]') as Node;
    new MutationObserver(() => {
      facts.updates += 1;
    }).observe(shown, { characterData: true, childList: true, subtree: true });
  });
  await browser.startTracing(page, { categories: ['disabled-by-default-devtools.timeline'] });
  await page.waitForTimeout(20_000);
  const tasks: readonly { clock: number; computing: number }[] = mainThreadTasks(await browser.stopTracing());
  const facts = await page.evaluate(
    () => (globalThis as unknown as { facts: { longTasks: number; updates: number } }).facts,
  );
  const speed = await lab.number('speed');
  // The clock runs on while a busy machine gives the core to others; what the page computes does not depend on that.
  const computing = Math.max(...tasks.map((task) => task.computing));
  const clock = Math.max(...tasks.map((task) => task.clock));
  const total = tasks.reduce((sum, task) => sum + task.computing, 0);
  console.log(
    `main thread in 20 s of training: ${tasks.length} tasks, longest ${computing.toFixed(1)} ms of computing ` +
      `(${clock.toFixed(0)} ms by the clock, ${facts.longTasks} over ${LONG_TASK} ms), ` +
      `${(total / 200).toFixed(1)} % busy; ${(facts.updates / 20).toFixed(1)} updates/s; ${speed} characters/s`,
  );
  expect(tasks.length).toBeGreaterThan(100);
  expect(total).toBeGreaterThan(0);
  expect(facts.updates).toBeGreaterThan(20);
  expect(facts.updates / 20).toBeLessThanOrEqual(31);
  expect(computing).toBeLessThanOrEqual(LONG_TASK);
  expect(lab.complaints).toEqual([]);
  await lab.close();
});

interface Row {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  readonly goal?: number;
}

test('the first load is small: at most 350 KB with gzip before somebody can do something', async () => {
  const [size] = (await firstLoad(browser, site)) as readonly Row[];
  console.log(`${size?.name}: ${size?.value.toFixed(0)} ${size?.unit}`);
  expect(size?.value).toBeGreaterThan(50);
  expect(size?.value).toBeLessThanOrEqual(350);
});
