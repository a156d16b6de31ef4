/**
 * Stops training by signals at random moments: `npm run chaos:signal -- --signals 200`.
 *
 * SIGINT, SIGTERM or SIGHUP must end the process with exit code 130 and a checkpoint of the last step that was reported;
 * the next process goes on from there. In the end the weights must be those of a run that was never stopped. A second
 * signal, given to runs with long steps while the first waits for the step in flight, must end the process at once.
 */
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { hw5, KINDS, quantile, workFolder } from './command.mjs';
import { randomFrom } from './random.mjs';

const { values } = parseArgs({
  options: {
    signals: { type: 'string', default: '20' },
    // Of them, how many are followed by a second one.
    second: { type: 'string', default: '5' },
    seed: { type: 'string', default: '1' },
  },
});
/** Share of signals that come before the first step. */
const EARLY = 0.15;
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'];
/** Two signals within 50 ms are one key press. */
const BETWEEN_MS = 80;
const EVER = ['--steps', '1000000', '--checkpoint-every', '0'];
/** Steps of most of a second, so that a second signal finds the first one waiting. */
const SLOW = '--hidden 640 --batch 16 --seq 128 --val-fraction 0'.split(' ');

const random = randomFrom(Number(values.seed));
const cwd = workFolder();
const complaints = [];
const savedAfter = [];
const leftAfter = [];
let beforeFirstStep = 0;
let stepsLost = 0;

/** The step of the run's newest checkpoint, by its record. */
function savedStep(out) {
  const path = join(cwd, out, 'checkpoint.json');
  return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')).checkpoints[0].step : undefined;
}

async function stopOnce(kind, out, name) {
  const begun = savedStep(out) !== undefined;
  const args = begun ? ['--resume', out] : [...KINDS[kind].split(' '), '--out', out];
  const { child, lines, until, ended } = hw5(['train', kind, ...args, ...EVER], cwd);
  const complain = (what) => complaints.push(`${kind}, ${name}: ${what}`);
  const early = random() < EARLY;
  if (!early) await until((line) => line.step !== undefined);
  await sleep(random() * (early ? 1000 : 300));
  const savedBefore = savedStep(out);
  const start = performance.now();
  child.kill(name);
  const { code, signal, stderr } = await ended;
  if (!lines.some(({ step }) => step !== undefined)) {
    // Nothing was done yet: nothing is to be saved, and nothing may be said. The first instants are the system's.
    if (code !== 130 && signal !== name) complain(`exit code must be 130, got ${code ?? signal}: ${stderr}`);
    if (begun && savedStep(out) !== savedBefore)
      complain(`step ${savedBefore} must stay, got ${savedStep(out)}`);
    if (savedStep(out) === undefined) rmSync(join(cwd, out), { recursive: true, force: true });
    beforeFirstStep += 1;
    return;
  }
  savedAfter.push(performance.now() - start);
  if (code !== 130) return complain(`exit code must be 130, got ${code ?? signal}: ${stderr}`);
  const last = lines.at(-1);
  const reported = Math.max(...lines.map(({ step = 0 }) => step));
  const saved = savedStep(out);
  stepsLost += Math.max(0, reported - saved);
  if (last.stopped !== true || last.step !== saved || saved < reported)
    complain(`step ${reported} must be saved, got ${saved} and ${JSON.stringify(last)}`);
}

async function stopTwice(out) {
  const begun = savedStep(out) !== undefined;
  const args = begun ? ['--resume', out] : ['--data', 'text.txt', ...SLOW, '--out', out];
  const { child, lines, until, ended } = hw5(['train', 'char-lm', ...args, ...EVER], cwd);
  await until((line) => line.step !== undefined);
  await sleep(20 + random() * 50);
  child.kill(SIGNALS[Math.floor(random() * 3)]);
  await sleep(BETWEEN_MS);
  const start = performance.now();
  child.kill(SIGNALS[Math.floor(random() * 3)]);
  const { code, signal } = await ended;
  leftAfter.push(performance.now() - start);
  if (code !== 130)
    complaints.push(`twice: exit code must be 130, got ${code ?? signal}: ${JSON.stringify(lines.at(-1))}`);
  if (savedStep(out) === undefined)
    complaints.push('twice: the checkpoint from before must be there, got none');
}

const kinds = Object.keys(KINDS);
for (let count = 0; count < Number(values.signals); count += 1) {
  const kind = kinds[count % kinds.length];
  await stopOnce(kind, `run-${kind}`, SIGNALS[Math.floor(random() * 3)]);
  if (complaints.length > 20) break;
  if (count % 20 === 19) console.error(`${count + 1} signals, ${complaints.length} complaints`);
}
for (let count = 0; count < Number(values.second); count += 1) await stopTwice('run-slow');

for (const kind of kinds.filter((kind) => savedStep(`run-${kind}`) !== undefined)) {
  const steps = ['--steps', String(savedStep(`run-${kind}`) + 20)];
  const end = await hw5(['train', kind, '--resume', `run-${kind}`, ...steps], cwd).ended;
  const whole = await hw5(['train', kind, ...KINDS[kind].split(' '), '--out', `whole-${kind}`, ...steps], cwd)
    .ended;
  const [got, expected] = [end.lines.at(-1).hash, whole.lines.at(-1).hash];
  if (got === undefined || got !== expected)
    complaints.push(`${kind}: weights must be ${expected}, got ${got}`);
}

const times = (list) => ({
  count: list.length,
  p50: Math.round(quantile(list, 0.5)),
  p99: Math.round(quantile(list, 0.99)),
  max: Math.round(Math.max(...list)),
});
const report = {
  firstSignalToSavedMs: times(savedAfter),
  secondSignalToExitMs: times(leftAfter),
  signalsBeforeFirstStep: beforeFirstStep,
  stepsLost,
  complaints,
};
console.log(JSON.stringify(report, undefined, 2));
process.exitCode = complaints.length === 0 ? 0 : 1;
