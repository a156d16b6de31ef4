/** Whether long training fills memory: the page's heap and the kernel's memory after a tenth of the steps, and after all of them more. */
import { openTraining, waitForStep } from './browser.mjs';

/** The history of all steps is kept on purpose: five numbers of 8 bytes a step, doubled while it grows. */
const HISTORY_BYTES = 5 * 8 * 2;
const MB = 1e6;

/** Pauses, collects, and reads what is left. */
async function bytesIn(page, cdp) {
  await page.click('button.primary');
  await page.waitForSelector('[data-testid=hash]');
  await cdp.send('HeapProfiler.collectGarbage');
  await cdp.send('HeapProfiler.collectGarbage');
  const { usedSize } = await cdp.send('Runtime.getHeapUsage');
  const kernel = Number(await page.getByTestId('kernel').getAttribute('data-bytes'));
  await page.click('button.primary');
  return { heap: usedSize, kernel };
}

export async function heapGrowth(browser, site, steps) {
  const page = await openTraining(browser, site, {
    'model.hidden': '16',
    'model.embed': '8',
    'train.batch': '4',
    'train.seq': '8',
    'train.steps': '1000000',
    'data.eval': '0',
    'sample.every': '500',
    'sample.length': '20',
  });
  const cdp = await page.context().newCDPSession(page);
  await page.click('button.primary');
  await waitForStep(page, steps / 10);
  const before = await bytesIn(page, cdp);
  await waitForStep(page, steps + steps / 10);
  const after = await bytesIn(page, cdp);
  await page.context().close();
  return [
    {
      name: `growth of the page's heap in ${steps} steps, beyond the history of them`,
      value: Math.max(0, (after.heap - before.heap - steps * HISTORY_BYTES) / MB),
      unit: 'MB',
      goal: 1,
    },
    {
      name: `growth of the kernel's memory in ${steps} steps`,
      value: (after.kernel - before.kernel) / MB,
      unit: 'MB',
      goal: 0,
    },
  ];
}
