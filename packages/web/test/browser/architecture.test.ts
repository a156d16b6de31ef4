/** The page about architectures, by mouse and by keyboard: sockets, cones, leaks, Predict, and an experiment. */
import { lookAtArchitecture } from '@hw5/core/homework';
import { expect, it } from 'vitest';
import { LabPage, openLab } from './lab-page.js';

const { browser, site } = await openLab();

const open = async (query: Record<string, string> = {}): Promise<LabPage> => {
  const lab = await LabPage.openPage(browser, site, 'architecture', query);
  await lab.page.waitForSelector('.graph [role=button]');
  return lab;
};

/** Numbers in the matrix of paths, row by row; empty cells are left out. */
const paths = (lab: LabPage): Promise<string> =>
  lab.page
    .locator('#section-ruler svg g > g text')
    .evaluateAll((cells) => cells.map((cell) => cell.textContent).join());

it('takes a dragged card into a socket, and the address keeps it', async () => {
  const lab = await open();
  const { page } = lab;
  const card = page.locator('.task', { hasText: 'speech recognition' });
  await card.hover();
  await page.mouse.down();
  const socket = await page.locator('[data-socket=many-to-one]').boundingBox();
  await page.mouse.move(socket!.x + 40, socket!.y + 40, { steps: 5 });
  await page.mouse.up();
  await page.waitForSelector('#section-sockets .verdict.wrong');
  await page.waitForFunction(() => location.search.includes('shape=many-to-one'));
  expect(new URL(page.url()).searchParams.get('task')).toBe('speech');
  await page.keyboard.press('Control+z');
  await page.waitForSelector('#section-sockets .verdict.right');
  expect(lab.complaints).toEqual([]);
  await lab.close();
});

it('by keyboard: the leak of a bidirectional language model, with the engine’s own paths', async () => {
  const lab = await open({ lang: 'fa', task: 'language-model' });
  const { page } = lab;
  await page.locator('#field-bidirectional').focus();
  await page.keyboard.press('Space');
  await page.waitForSelector('#section-graph .problem');
  const truth = lookAtArchitecture('language-model', {
    shape: 'aligned',
    bidirectional: true,
    readout: 'last',
    loss: 'each',
    wait: 0,
    inputs: 6,
    outputs: 4,
  });
  const latin = (await paths(lab)).replace(/[۰-۹]/g, (digit) => String(digit.charCodeAt(0) - 0x6f0));
  expect(latin).toBe(truth.paths.flat().join());
  await page.locator('h1').click();
  await page.keyboard.press('End');
  await page.waitForFunction(() => location.search.includes('at=6'));
  await page.waitForSelector('#section-graph .problem', { state: 'detached' });
  expect(lab.complaints).toEqual([]);
  await lab.close();
});

it('wires and losses are moved by pointer and by keyboard; cone, shapes, verdict and address follow', async () => {
  const lab = await open({ task: 'frame-labels' });
  const { page } = lab;
  await page.waitForSelector('#section-sockets .verdict.wrong');
  const centre = async (selector: string): Promise<readonly [number, number]> => {
    const box = (await page.locator(selector).first().boundingBox())!;
    return [box.x + box.width / 2, box.y + box.height / 2];
  };
  const search = (): Record<string, string> => Object.fromEntries(new URL(page.url()).searchParams);
  const summary = page.locator('#section-graph .card-head + .drawing > p').first();
  // y3 from h3 to h5, two columns to the right.
  await page.locator('#section-graph').scrollIntoViewIfNeeded();
  const [x, y] = await centre('[data-wire="h1 3 y 3"]');
  const [next] = await centre('[data-wire="h1 4 y 4"]');
  await page.mouse.move(x, y);
  await page.mouse.down();
  await page.mouse.move(x + 2 * (next - x), y + 20, { steps: 8 });
  await page.mouse.up();
  await page.waitForSelector('#section-sockets .verdict.right');
  await page.waitForFunction(() => location.search.includes('wait=2'));
  expect(await summary.textContent()).toContain('x₅');
  await page.keyboard.press('Control+z');
  await page.waitForSelector('#section-sockets .verdict.wrong');
  await page.waitForFunction(() => !location.search.includes('wait'));
  // The same by keyboard, one state at a time.
  await page.locator('.wire-end[tabindex="0"]').focus();
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowRight');
  await page.waitForFunction(() => location.search.includes('wait=2'));
  await page.waitForSelector('#section-sockets .verdict.right');
  // Losses: all but the last are wiped away by one stroke, which leaves one answer.
  const [from, level] = await centre('[data-loss="1"]');
  const [to] = await centre('[data-loss="5"]');
  await page.mouse.move(from, level);
  await page.mouse.down();
  await page.mouse.move(to, level, { steps: 20 });
  await page.mouse.up();
  await page.waitForFunction(() => location.search.includes('loss=last'));
  await page.waitForSelector('#section-sockets .verdict.wrong');
  expect(await page.locator('.strip').textContent()).toContain('[B, K]');
  expect(await page.locator('[data-loss][aria-checked="true"]').count()).toBe(1);
  await page.locator('[data-loss="3"]').focus();
  await page.keyboard.press('ArrowLeft');
  await page.keyboard.press('Space');
  await page.waitForFunction(() => location.search.includes('loss=masked'));
  expect(search().mask).toBe('2,6');
  expect(await page.locator('#section-sockets .verdict').textContent()).toContain('Only 2 of 6 answers');
  await page.reload();
  await page.waitForSelector('.graph [role=button]');
  expect(await page.locator('[data-loss][aria-checked="true"]').count()).toBe(2);
  expect(lab.complaints).toEqual([]);
  await lab.close();
});

it('one answer read from the last state, or from all: the wire is carried there and back', async () => {
  const lab = await open({ task: 'sentiment', shape: 'many-to-one', lang: 'fa' });
  const { page } = lab;
  const end = page.locator('.wire-end');
  expect(await end.count()).toBe(1);
  await end.focus();
  await page.keyboard.press('ArrowLeft');
  await page.waitForFunction(() => location.search.includes('readout=mean'));
  await page.waitForFunction(() => document.querySelectorAll('.wire-end').length === 6);
  await page.locator('.wire-end[tabindex="0"]').focus();
  await page.keyboard.press('ArrowRight');
  await page.waitForFunction(() => !location.search.includes('readout'));
  await page.waitForFunction(() => document.querySelectorAll('.wire-end').length === 1);
  expect(lab.complaints).toEqual([]);
  await lab.close();
});

it('Predict: nothing is given away before the choice is committed, and it is scored', async () => {
  const lab = await open({ mode: 'predict', task: 'tagging' });
  const { page } = lab;
  expect(await page.locator('#section-ruler, #section-sockets .verdict').count()).toBe(0);
  await page.locator('#field-bidirectional').check();
  await page.getByRole('button', { name: 'That is my choice' }).click();
  await page.waitForSelector('#section-sockets .verdict.right');
  await page.locator('.stamp', { hasText: /1\W+of \W*1\W+right/ }).waitFor();
  for (const at of [1, 2]) await page.locator('.options input').nth(at).check();
  await page.getByRole('button', { name: 'Check' }).click();
  await page.locator('.stamp', { hasText: /2\W+of \W*2\W+right/ }).waitFor();
  expect(lab.complaints).toEqual([]);
  await lab.close();
});

it('Prove: trains the leak over five seeds and draws what came out', async () => {
  const lab = await open({ mode: 'prove' });
  const { page } = lab;
  const card = page.locator('#experiment-leak');
  await card.getByRole('button', { name: 'Train and compare' }).click();
  await card.locator('progress').waitFor();
  await card.locator('.findings li').first().waitFor({ timeout: 120_000 });
  expect(await card.locator('.findings .wrong').count()).toBe(0);
  expect(await card.locator('svg circle').count()).toBe(15);
  expect(lab.complaints).toEqual([]);
  await lab.close();
}, 180_000);
