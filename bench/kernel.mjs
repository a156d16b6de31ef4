// Kernel figures, in one process and in turn, so that they are ratios of numbers measured side by side:
// peak of a register-only multiply-add loop, GEMM and fused LSTM against it, and core's step against its kernel calls.

import { init, withKernel } from '../packages/core/dist/index.js';
import { prepare } from './peers/hw5/training.mjs';
import { readProblem } from './workloads/files.mjs';

const [folder, mode] = process.argv.slice(2);
const rounds = mode === 'quick' ? 8 : 20;
/** A kernel starts in the engine's baseline tier; this long it runs before it is measured. */
const WARM_MS = mode === 'quick' ? 500 : 1000;

/** A sample is long for the clock and short for the scheduler: on a busy machine some samples run undisturbed. */
const SAMPLE_MS = 2;
const SAMPLES = 10;

/** Best time in ms of each task over `rounds` rounds of some samples, one task after another in each round. */
function race(tasks) {
  const entries = Object.entries(tasks).map(([name, task]) => {
    const begin = performance.now();
    let calls = 0;
    let last = begin;
    let once = Number.POSITIVE_INFINITY;
    while (calls < 4 || last - begin < WARM_MS) {
      task();
      calls++;
      const now = performance.now();
      once = Math.min(once, now - last);
      last = now;
    }
    const repeat = Math.max(1, Math.min(1000, Math.round(SAMPLE_MS / once)));
    return { name, task, repeat, best: Number.POSITIVE_INFINITY };
  });
  for (let round = 0; round < rounds; round++) {
    for (const entry of entries) {
      for (let sample = 0; sample < SAMPLES; sample++) {
        const start = performance.now();
        for (let i = 0; i < entry.repeat; i++) entry.task();
        entry.best = Math.min(entry.best, (performance.now() - start) / entry.repeat);
      }
    }
  }
  return Object.fromEntries(entries.map(({ name, best }) => [name, best]));
}

/**
 * Whole steps of every build in turn: best times, and the median over steps of step / calls, measured within the same
 * step, so that a disturbance in one step cannot make the ratio.
 */
function raceSteps(steps) {
  const seen = Object.fromEntries(Object.keys(steps).map((name) => [name, []]));
  for (const run of Object.values(steps)) for (let i = 0; i < 4; i++) run();
  for (let round = 0; round < rounds; round++) {
    for (const [name, run] of Object.entries(steps)) seen[name].push(run());
  }
  return Object.fromEntries(
    Object.entries(seen).map(([name, samples]) => {
      const best = (key) => Math.min(...samples.map((sample) => sample[key]));
      const ratios = samples.map((sample) => sample.step / sample.calls).sort((a, b) => a - b);
      const ratio = ratios[ratios.length >> 1];
      return [name, { step: best('step'), calls: best('calls'), lstm: best('lstm'), ratio }];
    }),
  );
}

/** Heap memory with `count` reals in [-1, 1) that repeat with a long period; never zeros or denormals. */
function reals(kernel, count, bound = 1) {
  const { offset } = kernel.memory.allocateHeap(count * kernel.realBytes);
  const view = kernel.real(offset, count);
  for (let i = 0; i < count; i++) view[i] = bound * (((i * 7919) % 2003) / 1001.5 - 1);
  return offset;
}

function gemm(kernel, m, n, k) {
  const [a, b, c] = [reals(kernel, m * k), reals(kernel, k * n), reals(kernel, m * n)];
  return () => kernel.check('gemm', kernel.calls.gemm(c, a, b, m, n, k, false, false, 1, 0));
}

/** Replace the kernel's functions by ones that add their time in ms to `spent[name]`. */
function timeCalls(kernel) {
  const spent = {};
  const timed = Object.entries(kernel.calls).map(([name, call]) => {
    spent[name] = 0;
    const wrapped = (...args) => {
      const start = performance.now();
      const result = call(...args);
      spent[name] += performance.now() - start;
      return result;
    };
    return [name, typeof call === 'function' ? wrapped : call];
  });
  Object.defineProperty(kernel, 'calls', { value: Object.fromEntries(timed) });
  return spent;
}

/**
 * The training step in `kernel`: `run()` does one and returns `{ step, calls, lstm }` in ms: the whole step, its kernel
 * calls alone, and of those the LSTM's two. The clock costs some 0.1 us a call, for about 30 calls.
 */
function trainingStep(kernel, problem) {
  const spent = timeCalls(kernel);
  const { step } = withKernel(kernel, () => prepare(problem));
  let k = 0;
  return () => {
    for (const name of Object.keys(spent)) spent[name] = 0;
    const start = performance.now();
    withKernel(kernel, () => step(k++));
    const whole = performance.now() - start;
    const calls = Object.values(spent).reduce((sum, time) => sum + time, 0);
    return { step: whole, calls, lstm: spent.recurrent_forward + spent.recurrent_backward };
  };
}

const problem = readProblem(folder);
const { T, B, E, H } = problem;
const lstmFlops = 3 * 2 * T * B * 4 * H * (E + H);
const GEMMS = [
  [256, 256, 256],
  [512, 512, 512],
  [32, 1024, 256],
];
const figures = { variants: {} };
const lines = [];
const goals = [];

const relaxed = await init({ fast: true });
const strict = await init();
const kernels = relaxed.variant === 'relaxed' ? { strict, relaxed } : { strict };
const PEAK_ITERATIONS = 200_000;
const tasks = {};
for (const [variant, kernel] of Object.entries(kernels)) {
  tasks[`${variant} peak`] = () => kernel.calls.bench_peak(PEAK_ITERATIONS);
  for (const [m, n, k] of GEMMS) tasks[`${variant} gemm ${m}x${n}x${k}`] = gemm(kernel, m, n, k);
}
const times = race(tasks);
const steps = Object.fromEntries(
  Object.entries(kernels).map(([v, kernel]) => [v, trainingStep(kernel, problem)]),
);
const stepTimes = raceSteps(steps);
const gflops = (flops, ms) => flops / ms / 1e6;
/** GFLOP/s of multiply-adds on registers alone: fused in the relaxed build, a product and a sum in the strict one. */
const peaks = Object.fromEntries(
  Object.entries(kernels).map(([variant, kernel]) => [
    variant,
    gflops(PEAK_ITERATIONS * kernel.calls.bench_peak_flops(), times[`${variant} peak`]),
  ]),
);
const percent = (share) => `${(100 * share).toFixed(0)} %`;
lines.push(
  'Kernel, beside the peak of 128-bit multiply-adds in registers:',
  ...Object.entries(peaks).map(
    ([variant, speed]) => `  ${variant.padEnd(8)} peak              ${speed.toFixed(1).padStart(6)} GFLOP/s`,
  ),
);
if (!peaks.relaxed) lines.push('  this engine has no relaxed SIMD, so the fused peak is unknown');

for (const variant of Object.keys(kernels)) {
  const figure = { peak: peaks[variant], gemm: {} };
  figures.variants[variant] = figure;
  for (const [m, n, k] of GEMMS) {
    const size = `${m}x${n}x${k}`;
    const speed = gflops(2 * m * n * k, times[`${variant} gemm ${size}`]);
    figure.gemm[size] = speed;
    const shares = [`${percent(speed / peaks[variant])} of its peak`];
    if (variant === 'strict' && peaks.relaxed)
      shares.push(`${percent(speed / peaks.relaxed)} of the fused peak`);
    const label = `  ${variant.padEnd(8)} GEMM ${size.padEnd(12)}`;
    lines.push(`${label} ${speed.toFixed(1).padStart(6)} GFLOP/s  ${shares.join(', ')}`);
    if (m < 256) continue;
    const goal = variant === 'strict' ? 0.8 : 0.88;
    // A processor whose adders share the multipliers' ports caps strict at half or three quarters of the fused peak.
    const against =
      variant === 'strict'
        ? { 'fused peak': peaks.relaxed, 'own peak': peaks.strict }
        : { peak: peaks.relaxed };
    for (const [name, limit] of Object.entries(against)) {
      if (limit === undefined) continue;
      const share = speed / limit;
      const text = `${variant} GEMM ${m}^3 at ${(100 * share).toFixed(1)} % of the ${name} (>= ${100 * goal})`;
      goals.push({ text, value: share, met: share >= goal });
    }
  }
  Object.assign(figure, stepTimes[variant]);
  figure.lstm = gflops(lstmFlops, stepTimes[variant].lstm);
  const share = figure.lstm / figure.gemm['256x256x256'];
  const shape = `T${T} B${B} I${E} H${H}`;
  lines.push(
    `  ${variant.padEnd(8)} LSTM ${shape}, forward and BPTT: ${stepTimes[variant].lstm.toFixed(1)} ms, ` +
      `${figure.lstm.toFixed(1)} GFLOP/s, ${percent(share)} of GEMM 256^3, ` +
      `${percent(figure.lstm / figure.gemm['32x1024x256'])} of GEMM 32x1024x256`,
  );
  const text = `${variant} LSTM step at ${(100 * share).toFixed(1)} % of same-size GEMM (>= 80)`;
  goals.push({ text, value: share, met: share >= 0.8 });
}

for (const [variant, { step, calls, ratio }] of Object.entries(stepTimes)) {
  lines.push(
    `  ${variant.padEnd(8)} step of @hw5/core ${step.toFixed(1)} ms, its kernel calls ${calls.toFixed(1)} ms: ${ratio.toFixed(3)}x`,
  );
  const text = `${variant} step takes ${ratio.toFixed(3)}x its kernel calls (<= 1.25)`;
  goals.push({ text, value: ratio, met: ratio <= 1.25 });
}
process.stdout.write(`@${JSON.stringify({ figures, lines, goals })}\n`);
