/** A short run of `npm run chaos`: each kind of fault once. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
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
