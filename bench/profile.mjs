// Where a step of @hw5/core goes: the share of every kernel call, and what is spent outside them.
//
//     node bench/profile.mjs [--workloads lstm,sentiment] [--fast] [--steps 20]
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { init, withKernel } from '../packages/core/dist/index.js';

import { prepare } from './peers/hw5/training.mjs';
import { readProblem, writeProblem } from './workloads/files.mjs';
import { WORKLOADS } from './workloads/index.mjs';

const { values: options } = parseArgs({
  options: {
    workloads: { type: 'string', default: Object.keys(WORKLOADS).join(',') },
    fast: { type: 'boolean', default: false },
    steps: { type: 'string', default: '20' },
  },
});
const WARM_STEPS = 4;

const plain = await init({ fast: options.fast });
const spent = new Map();
const kernel = plain.instrumented((call) => (...args) => {
  const start = performance.now();
  const result = call(...args);
  const entry = spent.get(call.name) ?? { ms: 0, calls: 0 };
  spent.set(call.name, { ms: entry.ms + performance.now() - start, calls: entry.calls + 1 });
  return result;
});

/** The fastest of the steps, as it was spent: a disturbed step would put its disturbance on whatever ran then. */
function profile(problem) {
  const { step } = withKernel(kernel, () => prepare(problem));
  let best = { ms: Number.POSITIVE_INFINITY };
  for (let k = 0; k < WARM_STEPS + Number(options.steps); k++) {
    spent.clear();
    const start = performance.now();
    withKernel(kernel, () => step(k));
    const ms = performance.now() - start;
    if (k >= WARM_STEPS && ms < best.ms) best = { ms, calls: new Map(spent) };
  }
  return best;
}

const folder = mkdtempSync(join(tmpdir(), 'hw5-profile-'));
try {
  for (const name of options.workloads.split(',')) {
    writeProblem(join(folder, name), WORKLOADS[name]);
    const { ms, calls } = profile(readProblem(join(folder, name)));
    const rows = [...calls].sort(([, a], [, b]) => b.ms - a.ms);
    const inside = rows.reduce((sum, [, row]) => sum + row.ms, 0);
    console.log(`${name}, ${kernel.variant}: fastest step ${ms.toFixed(2)} ms`);
    for (const [call, row] of [...rows, ['outside the kernel', { ms: ms - inside, calls: 0 }]]) {
      const share = `${((100 * row.ms) / ms).toFixed(1)} %`;
      console.log(
        `  ${share.padStart(7)} ${row.ms.toFixed(3).padStart(9)} ms ${String(row.calls).padStart(5)}x  ${call}`,
      );
    }
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
