#!/usr/bin/env node
/**
 * Speed of the committed builds on this machine: the register-only peak, GEMM and the recurrent cells, in GFLOP/s and in
 * per cent of the relaxed (fused multiply-add) peak, of the build's own, and of a square product (256^3, for a recurrent
 * layer the one of about its size).
 *
 *   node scripts/perf.mjs [--rounds 15] [--json]
 *
 * Everything is measured in turn, round after round, in the process's own CPU time, and the best batch counts:
 * another program's load then takes as little part in the figures as it can. Strict multiplies and adds in two
 * instructions. Where both share execution ports with the fused one (Intel: multiply on ports 0 and 1, add on 1
 * and 5), three operations per cycle stand against four, and no strict kernel can pass 75 % of the fused peak; with
 * separate adders (AMD Zen) it can.
 */
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import v8 from 'node:v8';

if (Number(process.versions.node.split('.')[0]) < 22) {
  v8.setFlagsFromString('--experimental-wasm-relaxed-simd');
}
const { variants } = await import('../index.js');
const { values: options } = parseArgs({
  options: { rounds: { type: 'string', default: '15' }, json: { type: 'boolean', default: false } },
});
const rounds = Number(options.rounds);
/** Runs are timed in batches of about this long. */
const BATCH_MS = 2;
const BATCHES = 4;
/** A run of more than this is timed once a round. */
const LONG_MS = 20;

const products = [
  ['64^3', 64, 64, 64],
  ['128^3', 128, 128, 128],
  ['256^3', 256, 256, 256],
  ['512^3', 512, 512, 512],
  ['1024^3', 1024, 1024, 1024],
  ['[32,256]x[256,1024]', 32, 1024, 256],
  ['[1,512]x[512,2048]', 1, 2048, 512],
];
/** Cell, its code, blocks of H in a weight, blocks kept per row and step. */
const cells = [
  ['rnn', 0, 1, 1],
  ['gru', 2, 3, 4],
  ['lstm', 3, 4, 4],
];
/** T, B, I, H, and the square product of about that size. */
const layers = [
  [[32, 16, 32, 64], '64^3'],
  [[64, 32, 64, 256], '256^3'],
  [[128, 64, 256, 512], '512^3'],
];

const tasks = [];
for (const name of ['strict', 'relaxed']) {
  const glue = await variants[name].load();
  const { memory } = glue.initSync({ module: new WebAssembly.Module(readFileSync(variants[name].url)) });
  const array = (length, value) => {
    const offset = glue.alloc(length * 4);
    const view = new Float32Array(memory.buffer, offset, length);
    for (let i = 0; i < length; i++) view[i] = value ?? (((i * 2654435761) >>> 8) % 2001) / 1000 - 1;
    return offset;
  };
  const add = (title, flops, run, product = '256^3') =>
    tasks.push({ name, title, flops, run, product, best: Number.POSITIVE_INFINITY });
  add('peak', 100_000 * glue.bench_peak_flops(), () => glue.bench_peak(100_000));
  for (const [title, m, n, k] of products) {
    const [a, b, c] = [array(m * k), array(k * n), array(m * n)];
    add(`gemm ${title}`, 2 * m * n * k, () => check(glue.gemm(c, a, b, m, n, k, false, false, 1, 0)));
  }
  for (const cell of cells) {
    for (const layer of layers) addRecurrent(glue, array, add, cell, layer);
  }
}

/** Forward alone and with backward through time of one layer; `code` as in src/abi/recurrent.rs. */
function addRecurrent(glue, array, add, [cell, code, G, blocks], [[T, B, I, H], product]) {
  const [hs, gates, x] = [array((T + 1) * B * H), array(T * B * blocks * H), array(T * B * I)];
  const cs = cell === 'lstm' ? array((T + 1) * B * H) : 0;
  const [wih, whh] = [array(G * H * I), array(G * H * H)];
  // As large as training has them: saturated gates would be unlike real work.
  glue.scale(wih, wih, G * H * I, 1 / Math.sqrt(H));
  glue.scale(whh, whh, G * H * H, 1 / Math.sqrt(H));
  const [bih, bhh] = [array(G * H, 0), array(G * H, 0)];
  const [dx, dy] = [array(T * B * I), array(T * B * H)];
  const gradients = [dx, 0, 0, array(G * H * I, 0), array(G * H * H, 0), array(G * H, 0), array(G * H, 0)];
  const course = [code, T, B, I, H, H, 0];
  const flops = 2 * T * B * G * H * (I + H);
  const forward = () =>
    check(glue.recurrent_forward(0, hs, cs, gates, x, 0, 0, wih, whh, bih, bhh, 0, ...course, false));
  const title = `${cell} T${T} B${B} I${I} H${H}`;
  add(`${title} forward`, flops, forward, product);
  const both = () => {
    forward();
    const saved = [gates, dy, 0, 0, hs, cs, x, wih, whh, 0];
    check(glue.recurrent_backward(...gradients, ...saved, ...course, false, false));
  };
  add(`${title} f + b`, 3 * flops, both, product);
}

function check(status) {
  if (status !== 0) throw new Error(`perf: status must be 0, got ${status}`);
}

/** Times some batches of runs and keeps the best time of one run. */
function measure(task) {
  const expected = Number.isFinite(task.best) ? task.best : task.flops / 20e6;
  const runs = Math.max(1, Math.round(BATCH_MS / expected));
  for (let batch = 0; batch < (expected > LONG_MS ? 1 : BATCHES); batch++) {
    const start = process.cpuUsage();
    for (let run = 0; run < runs; run++) task.run();
    const { user, system } = process.cpuUsage(start);
    task.best = Math.min(task.best, (user + system) / 1000 / runs);
  }
}

for (let round = 0; round < rounds + 2; round++) {
  // Two rounds to warm up: engines compile hot code again while it runs.
  if (round === 2) for (const task of tasks) task.best = Number.POSITIVE_INFINITY;
  for (const task of tasks) measure(task);
}

const speed = (name, title) => {
  const task = tasks.find((task) => task.name === name && task.title === title);
  return task.flops / task.best / 1e6;
};
const fused = speed('relaxed', 'peak');
const rows = tasks.map(({ name, title, product, best }) => {
  const gflops = speed(name, title);
  return {
    build: name,
    what: title,
    ms: best,
    gflops,
    ofFusedPeak: gflops / fused,
    ofOwnPeak: gflops / speed(name, 'peak'),
    ofGemm: gflops / speed(name, `gemm ${product}`),
  };
});

if (options.json) {
  console.log(JSON.stringify({ node: process.version, rounds, rows }));
} else {
  console.log(`Node ${process.version}, best of ${rounds} rounds; f + b: forward and backward through time`);
  const percent = (x) => `${(100 * x).toFixed(0)} %`.padStart(7);
  console.log(
    `${'build'.padEnd(8)} ${'what'.padEnd(32)} ${'ms'.padStart(9)} GFLOP/s   fused     own    gemm`,
  );
  for (const { build, what, ms, gflops, ofFusedPeak, ofOwnPeak, ofGemm } of rows) {
    const shares = [ofFusedPeak, ofOwnPeak, ofGemm].map(percent).join(' ');
    console.log(
      `${build.padEnd(8)} ${what.padEnd(32)} ${ms.toFixed(3).padStart(9)} ${gflops.toFixed(1).padStart(7)} ${shares}`,
    );
  }
}
