/**
 * Speeds of this machine's kernel, measured interleaved in one run and reported as ratios: matrix products against
 * the register-only multiply-add peak, the fused recurrent cells against products of their size, the whole training step against
 * its kernel calls alone.
 */
import type { Kernel } from './kernel/kernel.js';
import { loadKernel, withKernel } from './kernel/load.js';
import type { Region } from './kernel/memory.js';
import { nextTask } from './parallel/next-task.js';
import { RandomStream } from './random.js';
import type { BenchRow } from './session/protocol.js';
import { CharLMRun } from './train/char-lm-run.js';

export interface BenchOptions {
  /** Fewer rounds and sizes. Defaults to false. */
  readonly quick?: boolean;
}

interface Measurement {
  readonly name: string;
  /** Floating-point operations of one run, where that says something. */
  readonly flops?: number;
  /** Name of the measurement that `ratio` divides by: speed over speed, or time over time when there are no flops. */
  readonly against?: string;
  readonly run: () => void;
  /** Milliseconds measured inside `run`, instead of around it. */
  readonly inner?: () => number;
  /** Give the measurement's memory back. */
  readonly dispose?: () => void;
}

const PEAK_ITERATIONS = 200_000;
/** Enough runs of a short measurement to fill this many milliseconds, so that the clock's grain does not count. */
const ROUND_MS = 20;

export async function bench(
  options: BenchOptions = {},
  onRow: (row: BenchRow) => void = () => {},
): Promise<BenchRow[]> {
  const strict = await loadKernel();
  const relaxed = await loadKernel({ fast: true });
  const kernels = strict === relaxed ? [strict] : [strict, relaxed];
  const quick = options.quick === true;
  const sizes = quick ? [256] : [64, 128, 256, 512];
  const groups = [
    () => kernels.flatMap((kernel) => [peak(kernel), ...sizes.map((n) => gemm(kernel, n, relaxed))]),
    () =>
      kernels.flatMap((kernel) => [
        gemm(kernel, 256, relaxed),
        ...CELLS.map((cell) => recurrent(kernel, cell)),
      ]),
    ...kernels.map((kernel) => () => trainingStep(kernel)),
  ];
  const rows: BenchRow[] = [];
  for (const build of groups) {
    const group = build();
    try {
      for (const row of measure(group, quick ? 5 : 15)) {
        if (rows.some((known) => known.name === row.name)) continue;
        rows.push(row);
        onRow(row);
      }
    } finally {
      for (const { dispose } of group) dispose?.();
    }
    await nextTask();
  }
  return rows;
}

/** Each measurement once per round, in turn; the fastest round counts. */
function measure(group: readonly Measurement[], rounds: number): BenchRow[] {
  const best = group.map(() => Number.POSITIVE_INFINITY);
  const repeats = group.map(({ run }) => {
    run();
    const start = performance.now();
    run();
    return Math.max(1, Math.ceil(ROUND_MS / Math.max(performance.now() - start, 0.001)));
  });
  for (let round = 0; round < rounds; round += 1) {
    for (const [i, { run, inner }] of group.entries()) {
      const start = performance.now();
      let inside = 0;
      for (let repeat = 0; repeat < repeats[i]!; repeat += 1) {
        run();
        inside += inner?.() ?? 0;
      }
      const elapsed = inner === undefined ? performance.now() - start : inside;
      best[i] = Math.min(best[i]!, elapsed / repeats[i]!);
    }
  }
  return group.map(({ name, flops, against }, i) => {
    const milliseconds = best[i]!;
    const other = group.findIndex((candidate) => candidate.name === against);
    const row = {
      name,
      milliseconds,
      ...(flops === undefined ? {} : { gflops: flops / milliseconds / 1e6 }),
    };
    if (against === undefined || other < 0) return row;
    const otherFlops = group[other]!.flops;
    const ratio =
      flops === undefined || otherFlops === undefined
        ? milliseconds / best[other]!
        : flops / milliseconds / (otherFlops / best[other]!);
    return { ...row, ratio, against };
  });
}

function peak(kernel: Kernel): Measurement {
  return {
    name: `peak ${kernel.variant}, registers only`,
    flops: PEAK_ITERATIONS * kernel.calls.bench_peak_flops(),
    run: () => void kernel.calls.bench_peak(PEAK_ITERATIONS),
  };
}

/** Buffers of one measurement, filled with U(-1, 1). */
class Buffers {
  readonly #kernel: Kernel;
  readonly #random = new RandomStream(0, 'bench');
  readonly #regions: Region[] = [];

  constructor(kernel: Kernel) {
    this.#kernel = kernel;
  }

  /** Byte offset of `length` fresh numbers. */
  make(length: number): number {
    const kernel = this.#kernel;
    const { region, offset } = kernel.memory.allocateHeap(length * kernel.realBytes);
    this.#regions.push(region);
    const address = this.#random.reserve(length);
    kernel.check('bench', kernel.calls.random_uniform(offset, length, -1, 1, ...address));
    return offset;
  }

  dispose = (): void => {
    for (const region of this.#regions) this.#kernel.memory.free(region);
  };
}

function gemm(kernel: Kernel, n: number, fastest: Kernel): Measurement {
  const buffers = new Buffers(kernel);
  const [a, b, c] = [buffers.make(n * n), buffers.make(n * n), buffers.make(n * n)];
  return {
    name: `gemm ${n}^3 ${kernel.variant}`,
    flops: 2 * n ** 3,
    against: `peak ${fastest.variant}, registers only`,
    run: () => kernel.check('bench', kernel.calls.gemm(c, a, b, n, n, n, false, false, 1, 0)),
    dispose: buffers.dispose,
  };
}

const CELLS = [
  { name: 'rnn', code: 0, gates: 1, blocks: 1 },
  { name: 'gru', code: 2, gates: 3, blocks: 4 },
  { name: 'lstm', code: 3, gates: 4, blocks: 4 },
] as const;

/** Forward and BPTT of one fused layer, T64 B32 I64 H256. */
function recurrent(kernel: Kernel, { name, code, gates: G, blocks }: (typeof CELLS)[number]): Measurement {
  const [T, B, I, H] = [64, 32, 64, 256];
  const buffers = new Buffers(kernel);
  const make = (length: number): number => buffers.make(length);
  const state = (T + 1) * B * H;
  const cs = name === 'lstm' ? make(state) : 0;
  const [hs, gates, x] = [make(state), make(T * B * blocks * H), make(T * B * I)];
  const [weightIh, weightHh, bias] = [make(G * H * I), make(G * H * H), make(G * H)];
  const [dx, dy] = [make(T * B * I), make(T * B * H)];
  const [dweightIh, dweightHh, dbias] = [make(G * H * I), make(G * H * H), make(G * H)];
  const { calls } = kernel;
  // Weights of a size that training would have, U(-1/16, 1/16): saturated gates would be unlike real work.
  kernel.check('bench', calls.scale(weightHh, weightHh, G * H * H, 1 / Math.sqrt(H)));
  const course = [code, T, B, I, H, H, 0] as const;
  const weights = [weightIh, weightHh, bias, 0] as const;
  const gradients = [dx, 0, 0, dweightIh, dweightHh, dbias, 0] as const;
  const run = (): void => {
    kernel.check(
      'bench',
      calls.recurrent_forward(0, hs, cs, gates, x, 0, 0, ...weights, 0, ...course, false),
    );
    const saved = [dy, 0, 0, hs, cs, x, weightIh, weightHh, 0] as const;
    kernel.check('bench', calls.recurrent_backward(...gradients, gates, ...saved, ...course, false, false));
  };
  return {
    name: `${name} forward + backward T64 B32 I64 H256 ${kernel.variant}`,
    // forward x W_ih and h W_hh; backward the same for inputs and for weights: 3 x 2 x T B G H (I + H)
    flops: 3 * 2 * T * B * G * H * (I + H),
    against: `gemm 256^3 ${kernel.variant}`,
    run,
    dispose: buffers.dispose,
  };
}

/** The whole step of a character model at T64 B32 V65 E64 H256, and the time inside its kernel calls. */
function trainingStep(kernel: Kernel): Measurement[] {
  let inside = 0;
  const timed = kernel.instrumented((call) => (...args) => {
    const start = performance.now();
    const result = call(...args);
    inside += performance.now() - start;
    return result;
  });
  const random = new RandomStream(2, 'bench');
  const text = withKernel(kernel, () =>
    Array.from({ length: 50_000 }, () => String.fromCharCode(48 + random.integer(65))).join(''),
  );
  const config = {
    hiddenSize: 256,
    embeddingSize: 64,
    batchSize: 32,
    sequenceLength: 64,
    validationFraction: 0,
  };
  const plain = withKernel(kernel, () => CharLMRun.create(text, config));
  const counted = withKernel(timed, () => CharLMRun.create(text, config));
  const calls = `kernel calls of that step, ${kernel.variant}`;
  return [
    {
      name: `training step T64 B32 V65 E64 H256 ${kernel.variant}`,
      against: calls,
      run: () => void plain.trainStep(),
      dispose: () => plain.dispose(),
    },
    {
      name: calls,
      run: () => {
        inside = 0;
        counted.trainStep();
      },
      inner: () => inside,
      dispose: () => counted.dispose(),
    },
  ];
}
