/** What a page's own thread computes while somebody points, scrubs and drags: nothing may be felt as a stutter. */
import { LONG_TASK, mainThreadTasks } from './main-thread.mjs';

/** Moves of the pointer in one stroke. */
const MOVES = 40;

/** Over the middles of all that `selector` finds, one after another. */
async function hoverAll(page, selector) {
  for (const place of await page.locator(selector).all()) {
    const box = await place.boundingBox();
    if (box !== null) await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2, { steps: 3 });
  }
}

/** Presses the middle of `selector` and carries it `dx`, `dy` pixels away and back. */
async function drag(page, selector, dx, dy = 0) {
  const place = page.locator(selector).first();
  await place.scrollIntoViewIfNeeded();
  const box = await place.boundingBox();
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
  await page.mouse.move(x, y);
  await page.mouse.down();
  await page.mouse.move(x + dx, y + dy, { steps: MOVES });
  await page.mouse.move(x, y, { steps: MOVES });
  await page.mouse.up();
}

async function slide(page, selector, key, presses) {
  await page.locator(selector).first().focus();
  for (let press = 0; press < presses; press += 1) await page.keyboard.press(key);
}

const strokes = [
  {
    name: 'bptt: over nodes and paths',
    query: { p: 'bptt' },
    ready: '.algebra .katex',
    act: async (page) => {
      await hoverAll(page, '.graph .node .box');
      await hoverAll(page, '.path-cell');
    },
  },
  {
    name: 'bptt: over nodes and paths of 8 steps',
    query: { p: 'bptt', T: '8' },
    ready: '.algebra .katex',
    act: async (page) => {
      await hoverAll(page, '.graph .node .box');
      await hoverAll(page, '.path-cell');
    },
  },
  {
    name: 'bptt: over the map of 40 steps',
    query: { p: 'bptt', T: '40' },
    ready: '.path-map',
    act: (page) => hoverAcross(page, '.path-map'),
  },
  {
    name: 'bptt: over the lines of the algebra',
    query: { p: 'bptt' },
    ready: '.algebra .katex',
    act: (page) => hoverAll(page, '.algebra [data-symbol]'),
  },
  {
    name: 'bptt: scrub the derivation',
    query: { p: 'bptt', line: '0' },
    ready: '.algebra .katex',
    act: async (page) => {
      await page.locator('h1').click();
      for (let line = 0; line < 20; line += 1) await page.keyboard.press('ArrowRight');
      await page.keyboard.press('Home');
      await page.keyboard.press('End');
    },
  },
  {
    name: 'bptt: scroll to a weight and drag it',
    query: { p: 'bptt' },
    ready: '.algebra .katex',
    act: (page) => drag(page, '#bptt-gradient .entry', 120),
  },
  {
    name: 'bptt: from slice to slice',
    query: { p: 'bptt', view: 'slices', h0: 'drawn' },
    ready: '.slice-pick',
    act: (page) => slide(page, '.slice[aria-checked="true"]', 'ArrowRight', 3),
  },
  {
    name: 'bptt: the step of a gradient check',
    query: { p: 'bptt', view: 'check' },
    ready: '#bptt-epsilon',
    act: (page) => slide(page, '#bptt-epsilon', 'ArrowRight', 20),
  },
  {
    name: 'bptt: the spectral radius over 40 steps',
    query: { p: 'bptt', view: 'memory', horizon: '40' },
    ready: '#bptt-gains svg',
    act: (page) => slide(page, '#bptt-radius', 'ArrowRight', 20),
  },
  {
    name: 'architecture: carry a wire',
    query: { p: 'architecture' },
    ready: '.wire-end',
    act: (page) => drag(page, '.wire-end', 200),
  },
  {
    name: 'attention: drag the query',
    query: { p: 'attention' },
    ready: '#section-plane [role="slider"]',
    act: (page) => drag(page, '#section-plane [role="slider"]', 60, 40),
  },
];

/** Along a diagonal of a drawing. */
async function hoverAcross(page, selector) {
  await page.locator(selector).first().scrollIntoViewIfNeeded();
  const box = await page.locator(selector).first().boundingBox();
  await page.mouse.move(box.x + 4, box.y + box.height - 4);
  await page.mouse.move(box.x + box.width - 4, box.y + 4, { steps: 3 * MOVES });
}

export async function interactions(browser, site) {
  const rows = [];
  for (const { name, query, ready, act } of strokes) {
    const context = await browser.newContext({
      serviceWorkers: 'block',
      viewport: { width: 1280, height: 900 },
    });
    const page = await context.newPage();
    await page.goto(`${site.url}?${new URLSearchParams({ v: '1', ...query })}`);
    await page.waitForSelector(ready);
    // What loading a page takes is measured elsewhere.
    await page.waitForLoadState('networkidle');
    await page.waitForTimeout(1000);
    await browser.startTracing(page, { categories: ['disabled-by-default-devtools.timeline'] });
    await act(page);
    await page.waitForTimeout(500);
    const tasks = mainThreadTasks(await browser.stopTracing());
    await context.close();
    rows.push({
      name: `longest task, ${name}`,
      value: Math.max(0, ...tasks.map(({ computing }) => computing)),
      unit: 'ms',
      goal: LONG_TASK,
    });
  }
  return rows;
}
