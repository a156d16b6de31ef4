// Peak memory of training (`lstm-large`): the high-water mark of each process's resident set after some steps, in fresh
// processes. Linux only: the mark is read from /proc.
//
//     node bench/memory.mjs [--workload lstm-large] [--steps 4] [--only hw5,torch] [--json]
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Child, CONTESTANTS } from './contestants.mjs';
import { writeProblem } from './workloads/files.mjs';
import { WORKLOADS } from './workloads/index.mjs';

const GOAL = 0.5;

const { values: options } = parseArgs({
  options: {
    workload: { type: 'string', default: 'lstm-large' },
    steps: { type: 'string', default: '4' },
    only: { type: 'string', default: 'hw5,hw5-fast,torch' },
    json: { type: 'boolean', default: false },
  },
});

/** Peak resident set of process `pid` so far, MiB. */
function peakOf(pid) {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Number(/^VmHWM:\s+(\d+) kB/m.exec(status)[1]) / 1024;
}

async function measure({ start, variant }, folder) {
  const child = new Child([...start(), folder, variant]);
  const ready = await child.answer();
  const result = ready.error ? ready : await child.ask({ steps: Number(options.steps) });
  if (result.error) throw new Error(result.error);
  const peak = peakOf(child.pid);
  child.stop();
  return { library: ready.library, peak, loss: result.losses.at(-1) };
}

const folder = mkdtempSync(join(tmpdir(), 'hw5-memory-'));
try {
  writeProblem(folder, WORKLOADS[options.workload]);
  const rows = {};
  for (const contestant of CONTESTANTS.filter(({ id }) => options.only.split(',').includes(id)))
    rows[contestant.id] = await measure(contestant, folder);
  const { hw5, torch } = rows;
  const ratio = hw5 && torch ? hw5.peak / torch.peak : undefined;
  const met = ratio === undefined ? undefined : ratio <= GOAL;
  if (options.json) console.log(JSON.stringify({ workload: options.workload, rows, ratio, goal: GOAL, met }));
  else {
    console.log(`${options.workload}: peak resident set after ${options.steps} training steps`);
    for (const [id, { library, peak, loss }] of Object.entries(rows))
      console.log(
        `  ${id.padEnd(10)} ${peak.toFixed(0).padStart(6)} MiB  ${library}, last loss ${loss.toFixed(4)}`,
      );
    if (ratio !== undefined)
      console.log(`${met ? 'met   ' : 'MISSED'} hw5 at ${ratio.toFixed(2)}x of torch (<= ${GOAL})`);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
