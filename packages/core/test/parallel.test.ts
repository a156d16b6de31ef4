/** A step that several ranks share: the sum is exact, the bits depend on the number of ranks alone, failures undo it. */
import fc from 'fast-check';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { DivergedError, OutOfMemoryError } from '../src/errors.js';
import { init } from '../src/kernel/load.js';
import type { Exchange, Place } from '../src/parallel/exchange.js';
import { MessageHub, MessageSpoke } from '../src/parallel/messages.js';
import { rowsOf } from '../src/parallel/rows.js';
import type { Share } from '../src/parallel/run.js';
import { SharedExchange, sharedBytes } from '../src/parallel/shared.js';
import { OtherRankFailed, stepTogether } from '../src/parallel/step.js';
import { RandomStream } from '../src/random.js';
import type { CharLMConfig } from '../src/session/protocol.js';
import { type Tensor, tensor } from '../src/tensor.js';
import { CharLMRun } from '../src/train/char-lm-run.js';
import { loadCheckpoint, saveCheckpoint } from '../src/train/checkpoint.js';

const text = 'the ranks share a batch, and what they sum is what one would have had.\n'.repeat(12);
const small: Partial<CharLMConfig> = {
  embeddingSize: 4,
  hiddenSize: 8,
  batchSize: 7,
  sequenceLength: 6,
  seed: 3,
};
const runs: CharLMRun[] = [];
const newRun = (config: Partial<CharLMConfig>): CharLMRun => {
  const run = CharLMRun.create(text, { ...small, ...config });
  runs.push(run);
  return run;
};
afterEach(() => {
  for (const run of runs.splice(0)) run.dispose();
});

it('the rows of a batch are divided without a gap, as evenly as can be', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 64 }), fc.integer({ min: 0, max: 200 }), (ranks, batch) => {
      const parts = Array.from({ length: ranks }, (_, rank) => rowsOf(rank, ranks, batch));
      expect(parts.flatMap(({ start, count }) => Array.from({ length: count }, (_, i) => start + i))).toEqual(
        Array.from({ length: batch }, (_, row) => row),
      );
      const counts = parts.map(({ count }) => count);
      expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(1);
    }),
    { numRuns: 200, seed: 1 },
  );
});

it('the branches of a stream give other numbers from the same position, and 0 is the stream itself', async () => {
  await init();
  const words = (branch: number, position: number): number[] => {
    const stream = new RandomStream(9, 'dropout', position);
    stream.branch = branch;
    return Array.from({ length: 6 }, () => stream.word());
  };
  const plain = new RandomStream(9, 'dropout', 5);
  expect(words(0, 5)).toEqual(Array.from({ length: 6 }, () => plain.word()));
  const seen = [0, 1, 2, 4095].flatMap((branch) => words(branch, 5));
  expect(new Set(seen).size).toBe(seen.length);
  // Where positions end, branches still do not meet.
  const last = Number.MAX_SAFE_INTEGER - 7;
  expect(words(1, last)).not.toEqual(words(2, last));
  expect(() => words(4096, 0)).toThrow('branch must be a whole number in [0, 4096), got 4096');
});

describe('any number of workers', () => {
  beforeAll(async () => void (await init({ precision: 'f64' })));

  it.each<[string, Partial<CharLMConfig>]>([
    ['stream', { batching: 'stream' }],
    ['random', { batching: 'random' }],
    ['a Transformer', { cell: 'transformer', embeddingSize: 8 }],
  ])('learns what one learns, rows divided unevenly (%s)', (_, config) => {
    const one = newRun(config);
    const others = [2, 3, 7].map((workers) => newRun({ ...config, workers }));
    for (let step = 0; step < 30; step += 1) {
      const expected = one.trainStep();
      for (const run of others) {
        const { loss, gradientNorm } = run.trainStep();
        expect(Math.abs(loss / expected.loss - 1)).toBeLessThan(1e-12);
        expect(Math.abs(gradientNorm / expected.gradientNorm - 1)).toBeLessThan(1e-10);
      }
    }
    for (const run of others) expect(run.flat.values).toBeAllclose(one.flat.values.data, { rtol: 1e-9 });
  });

  it('is at most the batch size', () => {
    expect(() => newRun({ workers: 8 })).toThrow('config: workers must be at most batchSize (7), got 8');
    expect(() => newRun({ workers: 0 })).toThrow('config: workers must be a whole number in [1, 64], got 0');
  });

  it('resumes bit for bit at any step, dropout and uneven rows included', () => {
    const config = { workers: 3, dropout: 0.3, numLayers: 2 };
    const whole = newRun(config);
    const files: Uint8Array[] = [];
    for (let step = 0; step < 25; step += 1) {
      files.push(saveCheckpoint(whole));
      whole.trainStep();
    }
    for (const at of [0, 1, 12, 24]) {
      const run = loadCheckpoint(files[at]!, text);
      runs.push(run);
      expect(run.config.workers).toBe(3);
      for (let step = at; step < 25; step += 1) run.trainStep();
      expect(saveCheckpoint(run)).toEqual(saveCheckpoint(whole));
    }
  });

  it('stands where it stood when a step diverges', () => {
    const run = newRun({ workers: 3, dropout: 0.3 });
    for (let step = 0; step < 5; step += 1) run.trainStep();
    const before = saveCheckpoint(run);
    const weight = run.model.head.weight;
    const first = weight.view()[0]!;
    weight.view()[0] = Number.POSITIVE_INFINITY;
    expect(() => run.trainStep()).toThrow(DivergedError);
    weight.view()[0] = first;
    expect(saveCheckpoint(run)).toEqual(before);
  });
});

/** An exchange of each kind for `ranks` ranks in this thread. */
function exchanges(kind: 'shared' | 'messages', ranks: number, grads: Tensor): Exchange[] {
  const places = Array.from(
    { length: ranks },
    (_, rank): Place => ({ rank, ranks, lost: new AbortController().signal }),
  );
  if (kind === 'shared') {
    const memory = new SharedArrayBuffer(sharedBytes(ranks, grads.bytes));
    return places.map((place) => new SharedExchange(memory, grads.size, grads.kernel.realBytes, place));
  }
  const channels = places.slice(1).map(() => new MessageChannel());
  return [
    new MessageHub(
      channels.map(({ port1 }) => port1),
      places[0]!,
    ),
    ...channels.map(({ port2 }) => new MessageSpoke(port2)),
  ];
}

describe.each(['shared', 'messages'] as const)('the exchange by %s', (kind) => {
  beforeAll(async () => void (await init()));

  it.each([
    [2, 1],
    [2, 33],
    [3, 100],
    [4, 17],
  ])('gives %i ranks the sum of %i numbers, added in the order of ranks', async (ranks, size) => {
    const random = new RandomStream(1, 'test');
    const terms = Array.from({ length: ranks }, () =>
      Float32Array.from({ length: size }, () => random.uniform() * 2 ** (random.integer(40) - 20)),
    );
    const expected = terms.reduce((sum, term) => sum.map((value, i) => Math.fround(value + term[i]!)));
    const grads = terms.map((term) => tensor(term, [size]));
    const all = exchanges(kind, ranks, grads[0]!);
    for (let round = 0; round < 2; round += 1) {
      for (const [rank, grad] of grads.entries()) grad.set(terms[rank]!);
      const shares = await Promise.all(
        all.map((exchange, rank) =>
          exchange.sum(grads[rank]!, { loss: rank / 3, position: 10 * rank, learningRate: 0.5 + rank }),
        ),
      );
      for (const seen of shares)
        expect(seen).toEqual(
          terms.map((_, rank) => ({ loss: rank / 3, position: 10 * rank, learningRate: 0.5 + rank })),
        );
      for (const grad of grads) expect(grad.data).toEqual(expected);
    }
  });

  it('a rank that failed: all hear of it, no gradient changes, and the next sum is right', async () => {
    const grads = [1, 2, 3].map((value) => tensor([value, value], [2]));
    const all = exchanges(kind, 3, grads[0]!);
    const sum = (shares: (Share | undefined)[]): Promise<readonly (readonly (Share | undefined)[])[]> =>
      Promise.all(all.map((exchange, rank) => exchange.sum(grads[rank]!, shares[rank])));
    const share = { loss: 1, position: 0, learningRate: 0.1 };
    for (const seen of await sum([share, undefined, share])) expect(seen).toEqual([share, undefined, share]);
    expect(grads.map((grad) => grad.toArray())).toEqual([1, 2, 3].map((value) => [value, value]));
    await sum([share, share, share]);
    expect(grads.map((grad) => grad.toArray())).toEqual([1, 2, 3].map(() => [6, 6]));
  });

  it('a rank that is lost: whoever waits for it stops waiting', async () => {
    const lost = new AbortController();
    const grads = tensor([1, 2], [2]);
    const place = { rank: 0, ranks: 2, lost: lost.signal };
    const exchange =
      kind === 'shared'
        ? new SharedExchange(new SharedArrayBuffer(sharedBytes(2, grads.bytes)), 2, 4, place)
        : new MessageHub([new MessageChannel().port1], place);
    const waiting = exchange.sum(grads, { loss: 0, position: 0, learningRate: 0.1 });
    lost.abort(new Error('rank 1 is gone'));
    await expect(waiting).rejects.toThrow('rank 1 is gone');
  });
});

it('a step that fails in one rank is undone in all, and the next one is as if nothing had been', async () => {
  await init();
  const ranks = [0, 1].map(() => newRun({ workers: 2, dropout: 0.2 }));
  const alone = newRun({ workers: 2, dropout: 0.2 });
  const all = exchanges('messages', 2, ranks[0]!.flat.grads);
  const step = (): Promise<PromiseSettledResult<unknown>[]> =>
    Promise.allSettled(ranks.map((run, rank) => stepTogether(run, rank, all[rank]!)));
  await step();
  ranks[1]!.gradients = () => {
    throw new OutOfMemoryError('alloc: none left');
  };
  const failed = (await step()).map((result) => (result as PromiseRejectedResult).reason as Error);
  expect(failed[0]).toBeInstanceOf(OtherRankFailed);
  expect(failed[1]).toBeInstanceOf(OutOfMemoryError);
  delete (ranks[1] as { gradients?: unknown }).gradients;
  await step();
  alone.trainStep();
  alone.trainStep();
  expect(ranks.map((run) => run.hash())).toEqual([alone.hash(), alone.hash()]);
  expect(ranks.map((run) => run.step)).toEqual([2, 2]);
});
