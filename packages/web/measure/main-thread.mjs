/** What the page's own thread does while its worker trains. */
import { openTraining, waitForStep } from './browser.mjs';

/** Longest work that a person does not notice, ms: the platform's own limit for a long task. */
export const LONG_TASK = 50;

/** The tasks of the page's main thread in a trace, ms: by the clock, and what they computed. */
export function mainThreadTasks(trace) {
  const { traceEvents } = JSON.parse(trace.toString('utf8'));
  const main = new Set(
    traceEvents
      .filter(({ name, args }) => name === 'thread_name' && args?.name === 'CrRendererMain')
      .map(({ pid, tid }) => `${pid}:${tid}`),
  );
  return traceEvents
    .filter(
      ({ name, pid, tid, tdur }) => name === 'RunTask' && tdur !== undefined && main.has(`${pid}:${tid}`),
    )
    .map(({ dur = 0, tdur = 0 }) => ({ clock: dur / 1000, computing: tdur / 1000 }));
}

export async function mainThread(browser, site, seconds) {
  const page = await openTraining(browser, site, {
    'train.steps': '1000000',
    'sample.every': '10',
    'data.eval': '50',
  });
  await page.click('button.primary');
  await waitForStep(page, 2);
  await page.evaluate(() => {
    globalThis.updates = 0;
    const shown = document.querySelector('[data-testid=stat-step]');
    new MutationObserver(() => {
      globalThis.updates += 1;
    }).observe(shown, { characterData: true, childList: true, subtree: true });
  });
  await browser.startTracing(page, { categories: ['disabled-by-default-devtools.timeline'] });
  await page.waitForTimeout(seconds * 1000);
  const tasks = mainThreadTasks(await browser.stopTracing());
  const updates = await page.evaluate(() => globalThis.updates);
  await page.context().close();
  // The clock runs on while a busy machine gives the core to others; what the page computes does not depend on that.
  const computing = tasks.map((task) => task.computing);
  const clock = tasks.filter((task) => task.clock > LONG_TASK).length;
  const total = computing.reduce((sum, task) => sum + task, 0);
  return [
    {
      name: `main-thread tasks over ${LONG_TASK} ms of computing in ${seconds} s`,
      value: computing.filter((task) => task > LONG_TASK).length,
      unit: '',
      goal: 0,
    },
    { name: `the same by the clock, other programs' time included`, value: clock, unit: '' },
    { name: 'longest main-thread task', value: Math.max(...computing), unit: 'ms', goal: LONG_TASK },
    { name: 'main thread busy', value: total / seconds / 10, unit: '%' },
    { name: 'updates of the page per second', value: updates / seconds, unit: '/s', goal: 31 },
  ];
}
