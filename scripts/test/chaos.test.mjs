/** Short runs of the chaos suites: `npm run chaos` with each kind of fault once, some of `npm run chaos:disk`. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { breakDisk } from '../chaos/disk.mjs';
import { root } from '../process.mjs';

test('whatever breaks a worker: every promise settles, no thread is left, the weights are right in the end', async () => {
  const chaos = (name) => join(root, 'scripts', 'chaos', name);
  // Limits for a busy machine; the times themselves are no test.
  const limits = ['--faults', '8', '--hang', '1500', '--settle', '10000'];
  const { stdout, stderr } = await promisify(execFile)(
    process.execPath,
    ['--import', chaos('faults.mjs'), chaos('run.mjs'), ...limits],
    { cwd: root },
  ).catch((error) => error);
  if (!stdout) expect.fail(`chaos: must end with a report, got ${stderr}`);
  const report = JSON.parse(stdout);
  expect(report.complaints).toEqual([]);
  expect(Object.values(report.counts)).toEqual(Array.from({ length: 8 }, () => 1));
}, 120_000);

describe('whatever fails below the checkpoints', () => {
  test('the newest that was saved is found, whole', async () => {
    const report = await breakDisk({ every: 997 });
    expect(report).toMatchObject({ unreadable: 0, lost: 0, complaints: [] });
    expect(report.faults).toBeGreaterThan(1000);
    expect(report.recoveries).toBeGreaterThan(50);
  }, 60_000);

  test('a program that does not wait for the disk is found out', async () => {
    const done = async () => {};
    const through = (disk) => ({
      open: async (path, flags) => ({ ...(await disk.open(path, flags)), sync: done }),
      readFile: (path) => disk.readFile(path),
      rename: (from, to) => disk.rename(from, to),
      link: (from, to) => disk.link(from, to),
      unlink: (path) => disk.unlink(path),
      get crashed() {
        return disk.crashed;
      },
    });
    const { unreadable, lost } = await breakDisk({ every: 4999, through });
    expect(unreadable + lost).toBeGreaterThan(10);
  }, 60_000);
});
