/** Training in the page beside the same training by the command line, in turns, so that a busy machine is as busy for both. */
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { openTraining } from './browser.mjs';

const main = fileURLToPath(new URL('../../cli/dist/main.js', import.meta.url));
const ROUNDS = 3;

async function cliSpeed(steps) {
  const folder = await mkdtemp(join(tmpdir(), 'hw5-measure-'));
  try {
    const model = [
      '--hidden',
      '128',
      '--embed',
      '64',
      '--batch',
      '32',
      '--seq',
      '64',
      '--eval-every',
      '0',
      '--val-fraction',
      '0',
    ];
    const args = [
      main,
      'train',
      'char-lm',
      '--steps',
      String(steps),
      ...model,
      '--json',
      '--out',
      join(folder, 'run'),
    ];
    const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: folder, maxBuffer: 1 << 26 });
    const done = JSON.parse(stdout.trimEnd().split('\n').at(-1));
    return { speed: done.tokensPerSecond, hash: done.hash };
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function pageSpeed(browser, site, steps) {
  const page = await openTraining(browser, site, {
    'train.steps': String(steps),
    'data.eval': '0',
    'data.val': '0',
    'sample.every': '0',
  });
  await page.click('button.primary');
  await page.waitForSelector('[data-testid=hash]', { timeout: 600_000 });
  const number = async (id) => Number((await page.getByTestId(id).innerText()).replaceAll(',', ''));
  const found = { speed: await number('stat-speed'), hash: await page.getByTestId('hash').innerText() };
  await page.context().close();
  return found;
}

export async function againstCli(browser, site, steps) {
  const ratios = [];
  let equal = true;
  for (let round = 0; round < ROUNDS; round += 1) {
    const cli = await cliSpeed(steps);
    const page = await pageSpeed(browser, site, steps);
    ratios.push((100 * page.speed) / cli.speed);
    equal &&= page.hash === cli.hash;
  }
  ratios.sort((a, b) => a - b);
  return [
    {
      name: `training speed of the page, share of the CLI's, median of ${ROUNDS}`,
      value: ratios[1],
      unit: '%',
      goal: 90,
      atLeast: true,
    },
    {
      name: 'weights hash equal to the CLI’s (1 = yes)',
      value: Number(equal),
      unit: '',
      goal: 1,
      atLeast: true,
    },
  ];
}
