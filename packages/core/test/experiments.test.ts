/** Experiments: what they claim must follow from numbers that were measured, and their numbers from their definitions. */
import { beforeAll, describe, expect, it, test } from 'vitest';
import { argmax, drawProblem, lossesOf, scoresOf } from '../src/experiments/attention-problem.js';
import { estimatorRows } from '../src/experiments/estimators.js';
import type { ExperimentResult } from '../src/experiments/experiment.js';
import { experimentNames, runExperiment } from '../src/experiments/run.js';
import { compared, measured, spread } from '../src/experiments/statistics.js';
import { expectedLossGradient } from '../src/homework/attention/estimators.js';
import { init, loadKernel } from '../src/kernel/load.js';

const rowOf = ({ rows }: ExperimentResult, name: string): number =>
  rows.find((row) => row.name.en === name)!.mean;

describe('experiments', () => {
  const results = new Map<string, ExperimentResult>();
  const shares: number[] = [];

  beforeAll(async () => {
    for (const name of experimentNames) {
      results.set(name, await runExperiment(name, { seeds: 2 }, (share) => void shares.push(share)));
    }
  }, 60_000);

  it.each([...experimentNames])('%s: every finding holds, in both languages', (name) => {
    const { findings, rows, question } = results.get(name)!;
    expect(findings.map(({ holds, text }) => (holds ? '' : text.en)).join('')).toBe('');
    expect(findings.length).toBeGreaterThan(0);
    for (const { text } of findings) expect(text.fa).toMatch(/[ا-ی]/);
    expect(question.fa).toMatch(/[ا-ی]/);
    for (const { values, mean, spread: sd } of rows) {
      expect(values).toHaveLength(2);
      expect(mean).toBeCloseTo((values[0]! + values[1]!) / 2, 12);
      expect(sd).toBeCloseTo(Math.abs(values[0]! - values[1]!) / Math.SQRT2, 12);
    }
  });

  it('tells how far it is', () => {
    expect(shares.length).toBeGreaterThan(20);
    expect(Math.min(...shares)).toBeGreaterThan(0);
    expect(Math.max(...shares)).toBeLessThanOrEqual(1);
  });

  it('the future helps only where it matters', () => {
    expect(rowOf(results.get('mood')!, 'unidirectional')).toBeLessThan(0.1);
    const future = results.get('future')!;
    expect(rowOf(future, 'unidirectional')).toBeGreaterThan(3 * rowOf(future, 'bidirectional'));
  });

  it('conditional probabilities multiply to 1e-12', () => {
    for (const { values } of results.get('chain')!.rows)
      for (const value of values) expect(value).toBeLessThan(1e-12);
  });

  it('argmax stays where it is, its remedies do not', () => {
    const { curves } = results.get('argmax')!;
    const of = (name: string): number[] =>
      curves.find((curve) => curve.name.en === name)!.points.map(({ mean }) => mean);
    expect(new Set(of('argmax')).size).toBe(1);
    for (const name of ['softmax', 'straight-through', 'Gumbel-softmax']) {
      expect(of(name)[0]).toBe(of('argmax')[0]);
      expect(of(name).at(-1)).toBe(0);
    }
  });

  it('gives its memory back', async () => {
    const kernel = await loadKernel({ precision: 'f64' });
    const before = kernel.liveBytes;
    await runExperiment('chain', { seeds: 2 });
    expect(kernel.liveBytes).toBe(before);
  });

  it('gives the same numbers for the same seeds', async () => {
    expect(await runExperiment('chain', { seeds: 2 })).toEqual(results.get('chain'));
    const other = await runExperiment('chain', { seeds: 2, firstSeed: 5 });
    expect(other.seeds).toEqual([5, 6]);
    expect(other.rows[0]!.values).not.toEqual(results.get('chain')!.rows[0]!.values);
  });

  it.each([
    ['chess', {}, 'name must be one of'],
    ['mood', { seeds: 1 }, 'seeds must be'],
    ['mood', { seeds: 2.5 }, 'seeds must be'],
    ['chain', { firstSeed: -1 }, 'seed must be'],
  ])('refuses %s %j', async (name, options, words) => {
    await expect(runExperiment(name, options)).rejects.toThrow(words);
  });
});

describe('estimators', () => {
  beforeAll(() => init({ precision: 'f64' }));

  it('the exact gradient is that of the expected loss', () => {
    const { query, keys, values, wanted } = drawProblem(3);
    const losses = lossesOf({ values, wanted });
    const scores = scoresOf({ query, keys });
    const expected = (s: readonly number[]): number => {
      const powers = s.map(Math.exp);
      const total = powers.reduce((a, b) => a + b, 0);
      return powers.reduce((sum, power, i) => sum + (power / total) * losses[i]!, 0);
    };
    for (const [j, slope] of expectedLossGradient(scores, losses).entries()) {
      const by = (step: number): number => expected(scores.with(j, scores[j]! + step));
      expect((by(1e-5) - by(-1e-5)) / 2e-5).toBeCloseTo(slope, 7);
    }
  });

  it('REINFORCE has no bias; a baseline lowers its variance; a straight-through draw is softmax on average', () => {
    for (const seed of [0, 1, 2, 3, 4]) {
      const rows = new Map(estimatorRows(drawProblem(seed), seed).map((row) => [row.name.en, row]));
      const of = (name: string) => rows.get(name)!;
      expect(of('REINFORCE').bias).toBeLessThan(1e-12);
      expect(of('REINFORCE with a baseline').bias).toBeLessThan(1e-12);
      expect(of('REINFORCE with a baseline').variance).toBeLessThan(of('REINFORCE').variance);
      expect(of('straight-through of a draw').bias).toBeCloseTo(of('softmax').bias, 12);
      expect(of('softmax').variance).toBe(0);
      expect(of('argmax')).toMatchObject({ bias: 1, variance: 0 });
      expect(of('Gumbel-softmax, temperature 0.3').variance).toBeGreaterThan(
        of('Gumbel-softmax, temperature 1').variance,
      );
    }
  });

  it('problems start wrong', () => {
    for (let seed = 0; seed < 20; seed += 1) {
      const problem = drawProblem(seed);
      expect(argmax(scoresOf(problem))).not.toBe(problem.wanted);
      expect(lossesOf(problem)[problem.wanted]).toBe(0);
    }
  });
});

test('statistics, by hand', () => {
  expect(spread([2, 4, 4, 4, 5, 5, 7, 9])).toBeCloseTo(2.138, 3);
  expect(spread([3])).toBe(0);
  expect(measured({ en: 'a', fa: 'آ' }, [1, 3]).mean).toBe(2);
  // Differences 1, 2, 3: mean 2, sd 1, t(2) = 4.303.
  const { difference, margin } = compared([2, 4, 6], [1, 2, 3]);
  expect(difference).toBe(2);
  expect(margin).toBeCloseTo(4.303 / Math.sqrt(3), 12);
});
