/** A reload of the training page brings the tab's run back at its exact step, also out of the middle of its training. */
import { expect, test } from 'vitest';
import { LabPage, openLab, rhyme, small } from './lab-page.js';

const { browser, site } = await openLab();

const isKept = (lab: LabPage): Promise<unknown> =>
  lab.page.waitForFunction(() => (sessionStorage.getItem('hw5.run.train') ?? '') !== '', undefined, {
    timeout: 30_000,
  });

test('trained, reloaded, gone on with: the weights of a run that was never interrupted', async () => {
  const lab = await LabPage.open(browser, site, { ...small, 'train.steps': '40' });
  const { page } = lab;
  await lab.ownText(rhyme);
  await lab.play();
  await lab.waitForStatus(/^Done: 40 steps/);
  const half = await lab.hash();
  await lab.waitForKept(half);
  await isKept(lab);
  await page.reload();
  await lab.waitForStatus(/^The run of this tab is back at step 40/);
  expect(await lab.number('step')).toBe(40);
  expect(await lab.hash()).toBe(half);
  expect(await page.getByLabel('Write or paste a text').inputValue()).toBe(rhyme);
  await page.getByLabel('Steps', { exact: true }).fill('60');
  await page.locator('h1').click();
  await lab.play();
  await lab.waitForStatus(/^Done: 60 steps/);
  const resumed = await lab.hash();

  // Whoever comes anew is asked, and begins anew without an answer.
  await lab.waitForKept(resumed);
  await lab.visit({ ...small, 'train.steps': '60' });
  await lab.waitForStatus(/is kept on this device, at step 60 \(data: .?text\.txt.?\)/);
  expect(await lab.number('step')).toBe(0);
  await lab.ownText(rhyme);
  await lab.play();
  await lab.waitForStatus(/^Done: 60 steps/);
  expect(await lab.hash()).toBe(resumed);

  // The offer is taken: the run is back.
  await lab.visit({ ...small, 'train.steps': '60' });
  await page.getByRole('button', { name: 'Go on from step 60' }).click();
  await lab.waitForStep(60);
  expect(await lab.hash()).toBe(resumed);
  expect(lab.complaints).toEqual([]);
  await lab.close();
});

test('a reload in the middle of training goes on from a kept step; a run that was rewound is not brought back', async () => {
  const lab = await LabPage.open(browser, site, {
    ...small,
    'train.steps': '1000000',
    'data.eval': '0',
    'sample.every': '0',
  });
  const { page } = lab;
  await lab.ownText(rhyme);
  await lab.play();
  await isKept(lab);
  await page.reload();
  await lab.waitForStatus(/^The run of this tab is back at step/);
  const at = await lab.number('step');
  expect(at).toBeGreaterThan(0);
  await page.getByLabel('Steps', { exact: true }).fill(String(at + 25));
  await page.locator('h1').click();
  await lab.play();
  await lab.waitForStatus(/^Done/);
  const resumed = await lab.hash();
  await page.locator('body').press('r');
  await lab.waitForStatus(/^Rewound/);
  await page.locator('body').press('Space');
  await lab.waitForStatus(/^Done/);
  expect(await lab.hash()).toBe(resumed);

  await lab.waitForKept(resumed);
  await page.locator('body').press('r');
  await lab.waitForStatus(/^Rewound/);
  await page.reload();
  await lab.ready();
  await lab.waitForStatus(/is kept on this device/);
  expect(await lab.number('step')).toBe(0);
  expect(lab.complaints).toEqual([]);
  await lab.close();
});
