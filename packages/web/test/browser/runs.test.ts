/** Runs kept in the browser: they survive a reload, are compared, opened again, and deleted. */
import { expect, test } from 'vitest';
import { violations } from './axe.js';
import { LabPage, openLab, rhyme, small } from './lab-page.js';

const { browser, site } = await openLab();

test('two trainings are kept, compared after a reload, gone on with exactly, and deleted', async () => {
  const lab = await LabPage.open(browser, site, { ...small, 'train.steps': '40' });
  const { page } = lab;
  await lab.ownText(rhyme);
  await lab.play();
  await lab.waitForStatus(/^Done: 40 steps/);
  const first = await lab.hash();
  await lab.waitForKept(first);
  await page.locator('h1').click();
  await page.locator('body').press('n');
  await lab.waitForStatus(/^Rewound to step 0/);
  await lab.play();
  await lab.waitForStatus(/^Done: 40 steps/);
  await lab.waitForKept(await lab.hash());

  // A new document: what was kept comes from the device.
  await lab.visitPage('runs');
  await page.waitForSelector('[data-testid=run]');
  expect(await page.getByTestId('run').count()).toBe(2);
  const rows = await page.getByTestId('run').allInnerTexts();
  expect(rows.map((row) => row.includes(first.slice(0, 8)))).toEqual([false, true]);
  expect(await page.locator('#section-curves .legend li').count()).toBe(2);
  expect(await page.getByTestId('pair').innerText()).toContain(first);

  expect(await violations(page)).toEqual([]);
  // By keyboard: take the newest out of the comparison, and put it back.
  const box = page.getByRole('checkbox').first();
  await box.focus();
  await page.keyboard.press('Space');
  await page.waitForFunction(() => document.querySelectorAll('#section-curves .legend li').length === 1);
  await page.waitForFunction(() => location.search.includes('chosen='));
  await page.keyboard.press('Control+z');
  await page.waitForFunction(() => document.querySelectorAll('#section-curves .legend li').length === 2);

  await page.getByRole('button', { name: 'Delete' }).first().click();
  await lab.waitForStatus(/^The run with seed .?1.? was deleted/);
  await page.getByRole('button', { name: 'Undo', exact: true }).click();
  await lab.waitForStatus(/is back/);
  expect(await page.getByTestId('run').count()).toBe(2);

  // The older one goes on from its step to the weights of a run that never paused.
  await page.getByTestId('run').last().getByRole('button', { name: 'Go on' }).click();
  await lab.waitForStep(40);
  expect(await lab.hash()).toBe(first);
  await page.getByLabel('Steps', { exact: true }).fill('60');
  await page.locator('h1').click();
  await lab.play();
  await lab.waitForStatus(/^Done: 60 steps/);
  const resumed = await lab.hash();
  await lab.visit({ ...small, 'train.steps': '60' });
  await lab.ownText(rhyme);
  await lab.play();
  await lab.waitForStatus(/^Done: 60 steps/);
  expect(await lab.hash()).toBe(resumed);
  expect(lab.complaints).toEqual([]);
  await lab.close();
});

test('an address that names an unknown run, or nonsense, says so and trains all the same', async () => {
  const lab = await LabPage.open(browser, site, { ...small, run: '<img src=x onerror=alert(1)>' });
  await lab.waitForStatus(/is not kept on this device/);
  await lab.play();
  await lab.waitForStatus(/^Done: 60 steps/);
  await lab.visitPage('runs', { chosen: 'no-such-run,<b>x</b>', order: 'sideways' });
  await lab.waitForStatus(/not allowed/);
  expect(lab.complaints).toEqual([]);
  await lab.close();
});

const tiny = {
  'data.examples': '200',
  'model.hidden': '8',
  'train.steps': '20',
  'train.eval': '10',
  'look.every': '10',
};

test('sentiment, tags and sequences are kept with their kind, and go on exactly', async () => {
  const lab = await LabPage.openPage(browser, site, 'sentiment', tiny);
  const { page } = lab;
  const hashes: string[] = [];
  const train = async (id: string, more: Record<string, string> = {}): Promise<void> => {
    if (id !== 'sentiment') await lab.visitPage(id, { ...tiny, ...more });
    await lab.waitForStatus(/^Ready/);
    await page.locator('h1').click();
    await page.keyboard.press('Space');
    await lab.waitForStatus(/^Done: 20 steps/);
    const hash = await lab.hash();
    hashes.push(hash);
    await lab.waitForKept(hash);
  };
  await train('sentiment');
  await train('tagging');
  await train('seq2seq', { 'data.task': 'echo' });
  await lab.visitPage('runs');
  await page.waitForSelector('[data-testid=run]');
  // Both taggers are there: the one that reads forwards, too.
  const kinds = await page.getByTestId('run').locator('td:nth-child(3)').allInnerTexts();
  expect([...kinds].sort()).toEqual(['classes', 'sequences', 'tags', 'tags']);
  expect(await violations(page)).toEqual([]);
  const rows = page.getByTestId('run');
  const open = async (kind: string, hash: string): Promise<void> => {
    await rows
      .filter({ hasText: kind })
      .filter({ hasText: hash.slice(0, 8) })
      .getByRole('button', { name: 'Go on' })
      .click();
    await page.waitForFunction(
      (got) => document.querySelector('[data-testid=hash]')?.textContent === got,
      hash,
    );
  };
  await open('classes', hashes[0]!);
  await lab.visitPage('runs');
  await open('tags', hashes[1]!);
  // Both go on from where they were, side by side.
  await page.getByLabel('Steps', { exact: true }).fill('30');
  await page.locator('h1').click();
  await page.keyboard.press('Space');
  await lab.waitForStatus(/^Done: 30 steps/);
  const resumed = await lab.hash();
  // Asked for again, the kept run is offered; without an answer a new one begins.
  await lab.visitPage('tagging', { ...tiny, 'train.steps': '30' });
  await lab.waitForStatus(/^A run with these settings is kept on this device/);
  await page.locator('h1').click();
  await page.keyboard.press('Space');
  await lab.waitForStatus(/^Done: 30 steps/);
  expect(await lab.hash()).toBe(resumed);
  expect(lab.complaints).toEqual([]);
  await lab.close();
});
