#!/usr/bin/env node
/**
 * Speed of the committed builds on this machine: the register-only peak, GEMM and the LSTM, in GFLOP/s and in
 * per cent of the relaxed (fused multiply-add) and of the build's own peak.
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

const products = [
  ['64^3', 64, 64, 64],
  ['128^3', 128, 128, 128],
  ['256^3', 256, 256, 256],
  ['512^3', 512, 512, 512],
  ['1024^3', 1024, 1024, 1024],
  ['[32,256]x[256,1024]', 32, 1024, 256],
  ['[1,512]x[512,2048]', 1, 2048, 512],
];
const [T, B, I, H] = [64, 32, 64, 256];

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
  const add = (title, flops, run) => tasks.push({ name, title, flops, run, best: Number.POSITIVE_INFINITY });
  add('peak', 100_000 * glue.bench_peak_flops(), () => glue.bench_peak(100_000));
  for (const [title, m, n, k] of products) {
    const [a, b, c] = [array(m * k), array(k * n), array(m * n)];
    add(`gemm ${title}`, 2 * m * n * k, () => check(glue.gemm(c, a, b, m, n, k, false, false, 1, 0)));
  }
  addLstm(glue, array, add);
}

function addLstm(glue, array, add) {
  const [hs, cs, gates] = [array((T + 1) * B * H), array((T + 1) * B * H), array(T * B * 4 * H)];
  const x = array(T * B * I);
  const [wih, whh] = [array(4 * H * I), array(4 * H * H)];
  glue.scale(wih, wih, 4 * H * I, 0.06);
  glue.scale(whh, whh, 4 * H * H, 0.06);
  const [bih, bhh] = [array(4 * H, 0), array(4 * H, 0)];
  const [dx, dhs] = [array(T * B * I), array(T * B * H)];
  const [dwih, dwhh, dbih, dbhh] = [
    array(4 * H * I, 0),
    array(4 * H * H, 0),
    array(4 * H, 0),
    array(4 * H, 0),
  ];
  const flops = 2 * T * B * 4 * H * (I + H);
  const forward = () => check(glue.lstm_forward(hs, cs, gates, x, 0, 0, wih, whh, bih, bhh, T, B, I, H));
  const sizes = [T, B, I, H];
  add('lstm forward', flops, forward);
  add('lstm forward + backward', 3 * flops, () => {
    forward();
    check(
      glue.lstm_backward(dx, 0, 0, dwih, dwhh, dbih, dbhh, gates, dhs, 0, 0, hs, cs, x, wih, whh, ...sizes),
    );
  });
}

function check(status) {
  if (status !== 0) throw new Error(`perf: status must be 0, got ${status}`);
}

/** Times some batches of runs and keeps the best time of one run. */
function measure(task) {
  const expected = Number.isFinite(task.best) ? task.best : task.flops / 20e6;
  const runs = Math.max(1, Math.round(BATCH_MS / expected));
  for (let batch = 0; batch < BATCHES; batch++) {
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
const rows = tasks.map(({ name, title, best }) => {
  const gflops = speed(name, title);
  return {
    build: name,
    what: title,
    ms: best,
    gflops,
    ofFusedPeak: gflops / fused,
    ofOwnPeak: gflops / speed(name, 'peak'),
    ofGemm256: gflops / speed(name, 'gemm 256^3'),
  };
});

if (options.json) {
  console.log(JSON.stringify({ node: process.version, rounds, rows }));
} else {
  console.log(`Node ${process.version}, best of ${rounds} rounds; LSTM at T${T} B${B} I${I} H${H}`);
  const percent = (x) => `${(100 * x).toFixed(0)} %`.padStart(7);
  console.log(`${'build'.padEnd(8)} ${'what'.padEnd(26)} ${'ms'.padStart(9)} GFLOP/s  fused     own 256^3`);
  for (const { build, what, ms, gflops, ofFusedPeak, ofOwnPeak, ofGemm256 } of rows) {
    const shares = [ofFusedPeak, ofOwnPeak, ofGemm256].map(percent).join(' ');
    console.log(
      `${build.padEnd(8)} ${what.padEnd(26)} ${ms.toFixed(3).padStart(9)} ${gflops.toFixed(1).padStart(7)} ${shares}`,
    );
  }
}
