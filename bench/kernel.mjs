// Kernel figures, in one process and in turn, so that they are ratios of numbers measured side by side:
// peak of a register-only multiply-add loop, GEMM and fused LSTM against it, and core's step against its kernel calls.

import { init } from '../packages/core/dist/index.js';
import { readProblem } from './child.mjs';
import { buildStep } from './hw5-step.mjs';

const [folder, mode] = process.argv.slice(2);
const rounds = mode === 'quick' ? 8 : 20;
/** A kernel starts in the engine's baseline tier; this long it runs before it is measured. */
const WARM_MS = mode === 'quick' ? 500 : 1000;

/** Best time in ms of each task over `rounds` rounds, one after another in each round; a task runs about 20 ms. */
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
    const repeat = Math.max(1, Math.min(1000, Math.round(20 / once)));
    return { name, task, repeat, best: Number.POSITIVE_INFINITY };
  });
  for (let round = 0; round < rounds; round++) {
    for (const entry of entries) {
      const start = performance.now();
      for (let i = 0; i < entry.repeat; i++) entry.task();
      entry.best = Math.min(entry.best, (performance.now() - start) / entry.repeat);
    }
  }
  return Object.fromEntries(entries.map(({ name, best }) => [name, best]));
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

/** All kernel calls of one training step of `problem`, on memory laid out once. */
function kernelCalls(kernel, problem) {
  const { T, B, V, E, H, lr, beta1, beta2, eps } = problem;
  const { calls } = kernel;
  const rows = T * B;
  const ints = (data) => {
    const { offset } = kernel.memory.allocateHeap(4 * data.length);
    kernel.int32(offset, data.length).set(data);
    return offset;
  };
  const sizes = [V * E, 4 * H * E, 4 * H * H, 4 * H, 4 * H, V * H, V];
  const total = sizes.reduce((sum, size) => sum + size, 0);
  const starts = sizes.map((_, i) => 4 * sizes.slice(0, i).reduce((sum, size) => sum + size, 0));
  const flat = reals(kernel, total, 1 / Math.sqrt(H));
  const [embedding, wih, whh, bih, bhh, head, headBias] = starts.map((start) => flat + start);
  const grads = reals(kernel, total);
  const [dEmbedding, dWih, dWhh, dBih, dBhh, dHead, dHeadBias] = starts.map((start) => grads + start);
  const [mean, square] = [reals(kernel, total, 0), reals(kernel, total, 0)];
  const x = ints(problem.arrays.x.data.subarray(0, rows));
  const targets = ints(problem.arrays.targets.data.subarray(0, rows));
  const input = reals(kernel, rows * E);
  const [hs, cs] = [reals(kernel, (T + 1) * B * H), reals(kernel, (T + 1) * B * H)];
  const gates = reals(kernel, rows * 4 * H);
  const [logits, probs, dLogits] = [
    reals(kernel, rows * V),
    reals(kernel, rows * V),
    reals(kernel, rows * V),
  ];
  const [loss, dLoss] = [reals(kernel, 1), reals(kernel, 1)];
  const [dh, dx] = [reals(kernel, rows * H), reals(kernel, rows * E)];
  const h = hs + kernel.realBytes * B * H;
  kernel.real(dLoss, 1)[0] = 1;
  const forward = () => calls.lstm_forward(hs, cs, gates, input, 0, 0, wih, whh, bih, bhh, T, B, E, H);
  const backward = () =>
    calls.lstm_backward(
      dx,
      0,
      0,
      dWih,
      dWhh,
      dBih,
      dBhh,
      gates,
      dh,
      0,
      0,
      hs,
      cs,
      input,
      wih,
      whh,
      T,
      B,
      E,
      H,
    );
  let updates = 0;
  return {
    lstm: () => {
      kernel.check('lstm', forward());
      kernel.check('lstm', backward());
    },
    step: () => {
      const statuses = [
        calls.fill(grads, total, 0),
        calls.embedding_forward(input, embedding, x, rows, V, E),
        forward(),
        calls.linear_forward(logits, h, head, headBias, rows, H, V),
        calls.cross_entropy_forward(loss, probs, logits, targets, rows, V),
        calls.cross_entropy_backward(dLogits, dLoss, probs, targets, rows, V),
        calls.linear_backward(dh, dHead, dHeadBias, dLogits, h, head, rows, H, V),
        backward(),
        calls.embedding_backward(dEmbedding, dx, x, rows, V, E),
      ];
      const scale = Math.min(1, 1 / (calls.global_norm(grads, total) + 1e-6));
      updates++;
      statuses.push(
        calls.adam_step(flat, mean, square, grads, total, lr, beta1, beta2, eps, 0, false, updates, scale),
      );
      for (const status of statuses) kernel.check('step', status);
    },
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
const PEAK_ITERATIONS = 1_000_000;
const tasks = {};
for (const [variant, kernel] of Object.entries(kernels)) {
  tasks[`${variant} peak`] = () => kernel.calls.bench_peak(PEAK_ITERATIONS);
  for (const [m, n, k] of GEMMS) tasks[`${variant} gemm ${m}x${n}x${k}`] = gemm(kernel, m, n, k);
  tasks[`${variant} lstm`] = kernelCalls(kernel, problem).lstm;
}
const times = race(tasks);
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
  figure.lstm = gflops(lstmFlops, times[`${variant} lstm`]);
  const share = figure.lstm / figure.gemm['256x256x256'];
  const shape = `T${T} B${B} I${E} H${H}`;
  lines.push(
    `  ${variant.padEnd(8)} LSTM ${shape}, forward and BPTT: ${times[`${variant} lstm`].toFixed(1)} ms, ` +
      `${figure.lstm.toFixed(1)} GFLOP/s, ${percent(share)} of GEMM 256^3, ` +
      `${percent(figure.lstm / figure.gemm['32x1024x256'])} of GEMM 32x1024x256`,
  );
  const text = `${variant} LSTM step at ${(100 * share).toFixed(1)} % of same-size GEMM (>= 80)`;
  goals.push({ text, value: share, met: share >= 0.8 });
}

// The current kernel is strict: core's step and the bare calls run on the same build.
let k = 0;
const step = buildStep(problem);
const overhead = race({ core: () => step(k++), calls: kernelCalls(strict, problem).step });
figures.step = { ...overhead, ratio: overhead.core / overhead.calls };
lines.push(
  `Step of @hw5/core ${overhead.core.toFixed(1)} ms, its kernel calls alone ${overhead.calls.toFixed(1)} ms: ${figures.step.ratio.toFixed(3)}x`,
);
goals.push({
  text: `the step takes ${figures.step.ratio.toFixed(3)}x its kernel calls (<= 1.25)`,
  value: figures.step.ratio,
  met: figures.step.ratio <= 1.25,
});
process.stdout.write(`@${JSON.stringify({ figures, lines, goals })}\n`);
