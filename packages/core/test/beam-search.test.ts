/** Beam search against all hypotheses, written out. */
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  ArgumentError,
  type BeamStep,
  beamSearch,
  type Decoder,
  init,
  RandomStream,
  tensor,
} from '../src/index.js';

beforeAll(async () => {
  await init({ precision: 'f64' });
});

/** Logits that depend on everything a row has read. */
class Reader implements Decoder {
  rows: number[][] = [[]];
  steps = 0;
  readonly vocabularySize: number;
  readonly seed: number;

  constructor(vocabularySize: number, seed: number) {
    this.vocabularySize = vocabularySize;
    this.seed = seed;
  }

  static logits(seed: number, V: number, read: readonly number[]): number[] {
    const random = new RandomStream(seed, `read ${read.join(' ')}`);
    return Array.from({ length: V }, () => 4 * random.uniform());
  }

  step(ids: ArrayLike<number>): ReturnType<Decoder['step']> {
    expect(ids.length).toBe(this.rows.length);
    this.rows = this.rows.map((row, b) => [...row, ids[b]!]);
    this.steps += 1;
    const V = this.vocabularySize;
    return tensor(
      this.rows.flatMap((row) => Reader.logits(this.seed, V, row)),
      [this.rows.length, V],
    );
  }

  select(from: ArrayLike<number>): void {
    this.rows = Array.from(from, (row) => this.rows[row]!);
  }
}

interface Path {
  ids: number[];
  logProbability: number;
  score: number;
}

/** Every hypothesis: those that end, and those that are cut off. */
function everything(
  seed: number,
  V: number,
  start: number,
  maxLength: number,
  endId: number,
  alpha: number,
): Path[] {
  const paths: Path[] = [];
  const walk = (ids: number[], logProbability: number): void => {
    if (ids.length === maxLength || (ids.length > 0 && ids.at(-1) === endId)) {
      paths.push({ ids, logProbability, score: logProbability / ((5 + ids.length) / 6) ** alpha });
      return;
    }
    const logits = Reader.logits(seed, V, [start, ...ids]);
    const total = Math.log(logits.reduce((sum, z) => sum + Math.exp(z), 0));
    for (const [id, z] of logits.entries()) walk([...ids, id], logProbability + z - total);
  };
  walk([], 0);
  return paths.sort((a, b) => b.score - a.score);
}

describe('beamSearch', () => {
  it('finds the best of all hypotheses when no prefix falls off the beam', () => {
    fc.assert(
      fc.property(
        fc.record({
          seed: fc.nat(1e6),
          V: fc.integer({ min: 2, max: 4 }),
          maxLength: fc.integer({ min: 1, max: 4 }),
          alpha: fc.constantFrom(0, 0.6, 1, 2.5),
          best: fc.integer({ min: 1, max: 6 }),
        }),
        ({ seed, V, maxLength, alpha, best }) => {
          const endId = V - 1;
          const expected = everything(seed, V, 0, maxLength, endId, alpha).slice(0, best);
          const found = beamSearch(new Reader(V, seed), 0, {
            width: V ** maxLength,
            maxLength,
            endId,
            lengthPenalty: alpha,
            best,
          });
          expect(found.map(({ ids }) => ids)).toEqual(expected.map(({ ids }) => ids));
          for (const [k, { logProbability, score, ended, ids }] of found.entries()) {
            expect(logProbability).toBeCloseTo(expected[k]!.logProbability, 10);
            expect(score).toBeCloseTo(expected[k]!.score, 10);
            expect(ended).toBe(ids.at(-1) === endId);
          }
        },
      ),
      { numRuns: 60, seed: 1 },
    );
  });

  it('with one beam is greedy search', () => {
    for (let seed = 0; seed < 20; seed += 1) {
      const greedy: number[] = [];
      for (let length = 0; length < 8; length += 1) {
        const logits = Reader.logits(seed, 5, [2, ...greedy]);
        greedy.push(logits.indexOf(Math.max(...logits)));
      }
      const [found] = beamSearch(new Reader(5, seed), 2, { width: 1, maxLength: 8 });
      expect(found!.ids).toEqual(greedy);
      expect(found!.ended).toBe(false);
    }
  });

  it('with one beam is greedy search, an end id included', () => {
    let ended = 0;
    for (let seed = 0; seed < 40; seed += 1) {
      const greedy: number[] = [];
      while (greedy.length < 8 && greedy.at(-1) !== 3) {
        const logits = Reader.logits(seed, 5, [2, ...greedy]);
        greedy.push(logits.indexOf(Math.max(...logits)));
      }
      const [found] = beamSearch(new Reader(5, seed), 2, { width: 1, maxLength: 8, endId: 3 });
      expect(found!.ids).toEqual(greedy);
      expect(found!.ended).toBe(greedy.at(-1) === 3);
      if (found!.ended) ended += 1;
    }
    expect(ended).toBeGreaterThan(5);
  });

  it('with a narrow beam finds nothing better than the best', () => {
    for (let seed = 0; seed < 20; seed += 1) {
      const score = (width: number): number =>
        beamSearch(new Reader(4, seed), 0, { width, maxLength: 5, endId: 3 })[0]!.score;
      const best = everything(seed, 4, 0, 5, 3, 0)[0]!.score;
      expect(score(2)).toBeLessThanOrEqual(best + 1e-12);
      expect(score(4 ** 5)).toBeCloseTo(best, 10);
    }
  });

  it('stops when no beam can overtake', () => {
    const sure: Decoder & { steps: number } = {
      vocabularySize: 2,
      steps: 0,
      step(ids) {
        this.steps += 1;
        return tensor(
          Array.from(ids).flatMap(() => [0, 9]),
          [ids.length, 2],
        );
      },
      select() {},
    };
    const [found] = beamSearch(sure, 0, { width: 2, maxLength: 1000, endId: 1, lengthPenalty: 0 });
    expect(found!.ids).toEqual([1]);
    expect(sure.steps).toBe(1);
  });

  it('ends when every beam has ended, and refuses NaN', () => {
    const decoder = (logits: number[]): Decoder => ({
      vocabularySize: logits.length,
      step: (ids) =>
        tensor(
          Array.from(ids).flatMap(() => logits),
          [ids.length, logits.length],
        ),
      select: () => {},
    });
    const options = { maxLength: 5, endId: 0, best: 3 };
    expect(beamSearch(decoder([2]), 0, options)).toMatchObject([{ ids: [0], score: 0, ended: true }]);
    expect(() => beamSearch(decoder([0, Number.NaN]), 0, options)).toThrow(
      'beamSearch: log-probabilities must be numbers, got NaN after 0 ids',
    );
  });

  it('refuses options outside their domains', () => {
    const search = (options: object): unknown =>
      beamSearch(new Reader(2, 0), 0, { maxLength: 2, ...options } as never);
    expect(() => search({ width: 0 })).toThrow('beamSearch: width must be a whole number >= 1, got 0');
    expect(() => search({ maxLength: 1.5 })).toThrow('maxLength must be a whole number >= 1, got 1.5');
    expect(() => search({ best: Number.NaN })).toThrow(ArgumentError);
    expect(() => search({ lengthPenalty: -1 })).toThrow('lengthPenalty must be a number >= 0, got -1');
  });
});

it('tells each step what was followed, what ended and what was dropped', () => {
  for (let seed = 0; seed < 5; seed += 1) {
    const told: BeamStep[] = [];
    const [width, V, endId] = [3, 6, 5];
    const options = { width, maxLength: 5, endId, best: 3 };
    const found = beamSearch(new Reader(V, seed), 0, { ...options, onStep: (step) => told.push(step) });
    expect(found).toEqual(beamSearch(new Reader(V, seed), 0, options));
    let before = [{ ids: [] as number[], logProbability: 0 }];
    for (const { kept, ended, dropped } of told) {
      const all = before.flatMap(({ ids, logProbability }) => {
        const logits = Reader.logits(seed, V, [0, ...ids]);
        const total = Math.log(logits.reduce((sum, z) => sum + Math.exp(z), 0));
        return logits.map((z, id) => ({ ids: [...ids, id], logProbability: logProbability + z - total }));
      });
      const ranked = all.toSorted((a, b) => b.logProbability - a.logProbability);
      const pathOf = ({ parent, id }: BeamStep['kept'][number]): number[] => [...before[parent]!.ids, id];
      const open = ranked.filter(({ ids }) => ids.at(-1) !== endId);
      expect(kept.map(pathOf)).toEqual(open.slice(0, width).map(({ ids }) => ids));
      const ends = ranked.slice(0, width).filter(({ ids }) => ids.at(-1) === endId);
      expect(ended.map(pathOf).map(String).sort()).toEqual(ends.map(({ ids }) => String(ids)).sort());
      const rest = ranked.filter((each) => !open.slice(0, width).includes(each) && !ends.includes(each));
      expect(dropped.map(pathOf)).toEqual(rest.slice(0, width).map(({ ids }) => ids));
      before = open.slice(0, width);
    }
  }
});
