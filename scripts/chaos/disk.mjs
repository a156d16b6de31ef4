/**
 * Breaks the disk below a run's checkpoints: `npm run chaos:disk`.
 *
 * A run saves its checkpoints on a disk in memory. At its k-th operation, for every k, the disk fails in every way that
 * it knows (memory-disk.mjs), and once more at every operation after that: while the same process saves on, or while the
 * run goes on in another, as `--resume` does. Whenever the machine is up again the newest checkpoint that was completely saved must be found, whole, and
 * saving must go on.
 */
import { parseArgs } from 'node:util';
import { CheckpointStore, findCheckpoint } from '../../packages/cli/dist/run/checkpoints.js';
import { replaceFile } from '../../packages/cli/dist/run/durable.js';
import { runFiles } from '../../packages/cli/dist/run/folder.js';
import { isMain } from '../process.mjs';
import { FAULTS, MemoryDisk } from './memory-disk.mjs';
import { randomFrom } from './random.mjs';

const paths = runFiles('/run');
const FIRST = [...Object.keys(FAULTS), 'rot'];
/** A disk that lies, or loses what it had, may do so once: there are two copies, not three. */
const SECOND = FIRST.filter((name) => name !== 'lie' && name !== 'rot');
const SAVES = 3;

/** Each step's bytes say whose they are; the lengths differ, too. */
const contentOf = (step) =>
  new TextEncoder().encode(`checkpoint of step ${step}, ${'.'.repeat(60 + 7 * step)}|`);

function stepOf(bytes) {
  const step = Number(/^checkpoint of step (\d+),/.exec(new TextDecoder().decode(bytes))?.[1] ?? Number.NaN);
  return Buffer.compare(bytes, contentOf(step)) === 0 ? step : Number.NaN;
}

/**
 * @param {{ every?: number, seed?: number, through?: (disk: MemoryDisk) => object }} options
 * of all pairs of faults, each `every`-th; `through` stands between the program and the disk
 * @returns what was broken, and what was lost: nothing
 */
export async function breakDisk({ every = 1, seed = 1, through = (disk) => disk } = {}) {
  const random = randomFrom(seed);
  const report = {
    scenarios: 0,
    faults: 0,
    crashes: 0,
    recoveries: 0,
    unreadable: 0,
    lost: 0,
    complaints: [],
  };
  const operations = await countOperations();
  let index = 0;
  for (const first of FIRST) {
    for (let k = 1; k <= (first === 'rot' ? 1 : operations.first); k += 1) {
      for (const second of [undefined, ...SECOND]) {
        for (let j = 1; j <= (second === undefined ? 1 : operations.second); j += 1) {
          for (const where of second === undefined || ends(first) ? ['later'] : ['same', 'later']) {
            if (index++ % every === 0)
              await scenario({ first, k, second, j, where }, { random, report, through });
          }
        }
      }
    }
  }
  return report;
}

/** Faults after which the same process can do nothing more. */
function ends(fault) {
  return fault === 'rot' || fault === 'lie' || FAULTS[fault].crash !== undefined;
}

/** Operations of a first life and of a second one after a crash, when nothing fails. */
async function countOperations() {
  const disk = new MemoryDisk(() => 0.5);
  const run = { done: -1, tried: -1 };
  await live(disk, run, SAVES);
  const first = disk.operations;
  disk.reboot();
  // The longest recovery: the newest file is damaged.
  disk.rot(paths.checkpoint);
  await live(disk, { done: -1, tried: run.tried }, 1);
  return { first, second: disk.operations };
}

/** A process: begins the run or goes on with it, and saves some times. */
async function live(files, run, saves) {
  let checkpoints;
  if (run.tried < 0) checkpoints = CheckpointStore.create(paths, files);
  else {
    const found = await findCheckpoint(paths, files);
    checkpoints = await CheckpointStore.reopen(paths, found, stepOf(found.bytes), files);
  }
  await replaceFile('config', paths.config, contentOf(0), files);
  for (let count = 0; count < saves; count += 1) {
    run.tried += 1;
    try {
      await checkpoints.save(contentOf(run.tried), run.tried);
      run.done = run.tried;
    } catch (error) {
      // Nothing to go on with, or nobody to go on.
      if (run.done < 0 || files.crashed) throw error;
    }
    if (count === 0) await checkpoints.expectRoom(contentOf(run.tried));
  }
}

async function scenario({ first, k, second, j, where }, { random, report, through }) {
  const disk = new MemoryDisk(random);
  const files = through(disk);
  const run = { done: -1, tried: -1 };
  const complain = (what) =>
    report.complaints.push(`${first} at ${k}, ${second} at ${j} (${where}): ${what}`);
  report.scenarios += 1;

  const attempt = async (saves, ...faults) => {
    disk.plan(...faults);
    await live(files, run, saves).catch((error) => {
      if (disk.injected === 0) complain(`going on must work, got ${error.message}`);
    });
    report.faults += disk.injected;
    if (disk.crashed) report.crashes += 1;
  };

  /** The machine is up again, in order: what is there? */
  const look = async (needed) => {
    disk.plan();
    const found = await findCheckpoint(paths, files).catch((error) => error);
    if (found instanceof Error) {
      if (needed < 0) return false;
      report.unreadable += 1;
      complain(`a checkpoint must be readable, got ${found.message}`);
      return false;
    }
    if (found.recovered !== undefined) report.recoveries += 1;
    const step = stepOf(found.bytes);
    if (Number.isNaN(step) || step < needed) {
      report.lost += 1;
      complain(`step ${needed} must be there, got ${step}`);
    }
    // Of the config there is one copy, which a disk that lies can lose.
    if (needed < 0 || lied) return !Number.isNaN(step);
    const config = await disk.readFile(paths.config).catch(() => new Uint8Array());
    if (stepOf(config) !== 0) complain('config.json must be whole');
    return !Number.isNaN(step);
  };

  let lied = false;
  if (first === 'rot') await attempt(SAVES);
  else await attempt(SAVES, [k, first], ...(where === 'same' ? [[j, second]] : []));
  if (first === 'rot') {
    disk.rot(paths.checkpoint);
    report.faults += 1;
    run.done -= 1;
  } else if (first === 'lie' && disk.injected > 0) {
    disk.reboot(FAULTS.power.crash);
    // It may lose the newest checkpoint, and no other.
    lied = true;
    run.done -= 1;
  } else if (disk.crashed) disk.reboot();
  if (!(await look(run.done))) return;
  if (second !== undefined && where === 'later') {
    await attempt(1, [j, second]);
    if (disk.crashed) disk.reboot();
    if (!(await look(run.done))) return;
  }
  await attempt(1);
  disk.reboot(FAULTS.power.crash);
  await look(run.tried);
}

if (isMain(import.meta.url)) {
  const { values } = parseArgs({
    options: { every: { type: 'string', default: '47' }, seed: { type: 'string', default: '1' } },
  });
  const report = await breakDisk({ every: Number(values.every), seed: Number(values.seed) });
  console.log(JSON.stringify({ ...report, complaints: report.complaints.slice(0, 20) }, undefined, 2));
  process.exitCode = report.complaints.length === 0 && report.faults > 0 ? 0 : 1;
}
