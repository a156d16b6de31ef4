/**
 * Kills training again and again: `npm run chaos:kill -- --cycles 1000`.
 *
 * Runs of every kind are started, killed (SIGKILL) at a random moment, before their first step too, and resumed, until
 * they end; then their weights must be those of a run of the same kind that nobody disturbed.
 */
import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { hw5, KINDS, quantile, workFolder } from './command.mjs';
import { randomFrom } from './random.mjs';

const { values } = parseArgs({
  options: {
    cycles: { type: 'string', default: '20' },
    seed: { type: 'string', default: '1' },
    // Of each run, and between its checkpoints.
    steps: { type: 'string', default: '200' },
    every: { type: 'string', default: '10' },
  },
});
const cycles = Number(values.cycles);
const random = randomFrom(Number(values.seed));
const cwd = workFolder();
const reference = new Map();
const redone = [];
const complaints = [];
const finished = Object.fromEntries(Object.keys(KINDS).map((kind) => [kind, 0]));
let kills = 0;
let killsBeforeFirstStep = 0;

const begin = (kind, out) => [
  'train',
  kind,
  ...KINDS[kind].split(' '),
  '--steps',
  values.steps,
  '--checkpoint-every',
  values.every,
  '--out',
  out,
];
const resume = (kind, out) => ['train', kind, '--resume', out, '--steps', values.steps];

async function hashUndisturbed(kind) {
  if (!reference.has(kind)) {
    const { code, lines, stderr } = await hw5(begin(kind, `whole-${kind}`), cwd).ended;
    if (code !== 0) throw new Error(`${kind}: a run that nobody disturbs must end, got ${code}\n${stderr}`);
    reference.set(kind, lines.at(-1).hash);
  }
  return reference.get(kind);
}

/** One process of a run, killed at a random moment or not any more. @returns how far it came, or the final hash */
async function goOn(kind, out, lastStep) {
  const saved = existsSync(join(cwd, out, 'checkpoint.json'));
  // Killed before its first checkpoint, a run begins anew.
  if (!saved) rmSync(join(cwd, out), { recursive: true, force: true });
  const { child, until, ended, lines } = hw5(saved ? resume(kind, out) : begin(kind, out), cwd);
  if (kills < cycles) {
    if (random() < 0.8) await until((line) => line.step !== undefined);
    await sleep(random() * 300);
    child.kill('SIGKILL');
  }
  const { code, signal, stderr } = await ended;
  const steps = lines.filter(({ step, done }) => step !== undefined && done === undefined);
  if (steps.length > 0 && lastStep > 0) redone.push(Math.max(0, lastStep + 1 - steps[0].step));
  if (steps.length > 0 && steps[0].step > lastStep + 1 && lastStep > 0)
    complaints.push(`${kind}: step ${lastStep + 1} must come next, got ${steps[0].step}`);
  if (signal === 'SIGKILL') {
    kills += 1;
    if (steps.length === 0) killsBeforeFirstStep += 1;
    return { lastStep: steps.at(-1)?.step ?? lastStep };
  }
  if (code === 1 && lines.at(-1).error?.message.includes('steps the run has done')) {
    // Killed after its last checkpoint.
    return { hash: (await hw5(['inspect', out], cwd).ended).lines[0].hash };
  }
  if (code !== 0) {
    complaints.push(`${kind}: must go on, got exit code ${code}: ${stderr}${JSON.stringify(lines.at(-1))}`);
    return { failed: true };
  }
  return { hash: lines.at(-1).hash };
}

for (let count = 0; kills < cycles || count % Object.keys(KINDS).length !== 0; count += 1) {
  const kind = Object.keys(KINDS)[count % Object.keys(KINDS).length];
  const expected = await hashUndisturbed(kind);
  const out = `run-${count}`;
  for (let lastStep = 0; ; ) {
    const result = await goOn(kind, out, lastStep);
    if (result.failed) break;
    if (result.hash !== undefined) {
      finished[kind] += 1;
      if (result.hash !== expected)
        complaints.push(`${kind}: weights must be ${expected}, got ${result.hash}`);
      break;
    }
    lastStep = result.lastStep;
  }
  if (complaints.length > 20) break;
  if (count % 20 === 19) console.error(`${kills} kills, ${complaints.length} complaints`);
}
const report = {
  kills,
  killsBeforeFirstStep,
  finished,
  redoneSteps: {
    p50: quantile(redone, 0.5),
    p99: quantile(redone, 0.99),
    checkpointEvery: Number(values.every),
  },
  complaints,
};
console.log(JSON.stringify(report, undefined, 2));
process.exitCode = complaints.length === 0 ? 0 : 1;
