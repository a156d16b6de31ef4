/**
 * Estimators of dL/ds for L(s) = E_i[J_i], i drawn with probabilities p = softmax(s): what one would follow if it could be
 * computed. Here it can, by enumeration: dL/ds_j = p_j (J_j - L). An estimator that draws one of the S keys has S outcomes,
 * so that its bias and variance are enumerated too; the noise of Gumbel-softmax is continuous and is sampled.
 */

import { softmax } from '../homework/attention/weights.js';
import type { Bilingual } from '../homework/bank/types.js';
import { RandomStream } from '../random.js';
import { type AttentionProblem, argmax, KEYS, lossesOf, SIZE, scoresOf } from './attention-problem.js';

export interface EstimatorRow {
  readonly name: Bilingual;
  /** |E[g] - dL/ds| / |dL/ds| */
  readonly bias: number;
  /** E[|g - E[g]|^2] / |dL/ds|^2 */
  readonly variance: number;
}

const SAMPLES = 4000;

export function estimatorRows(problem: AttentionProblem, seed: number): EstimatorRow[] {
  const scores = scoresOf(problem);
  const losses = lossesOf(problem);
  const p = softmax(scores);
  const exact = exactGradient(scores, losses);
  const expected = p.reduce((sum, weight, i) => sum + weight * losses[i]!, 0);
  const drawn = (gradientOf: (i: number) => readonly number[]): Outcome[] =>
    p.map((weight, i) => ({ weight, gradient: gradientOf(i) }));
  const reinforce = (baseline: number): Outcome[] =>
    drawn((i) => p.map((weight, j) => (losses[i]! - baseline) * ((i === j ? 1 : 0) - weight)));
  const outputAt = (i: number): number[] => Array.from({ length: KEYS }, (_, j) => (i === j ? 1 : 0));
  const sure = (gradient: readonly number[]): Outcome[] => [{ weight: 1, gradient }];
  const rows: [Bilingual, Outcome[]][] = [
    [{ fa: 'argmax', en: 'argmax' }, sure(scores.map(() => 0))],
    [{ fa: 'softmax', en: 'softmax' }, sure(throughSoftmax(problem, p, p))],
    [
      { fa: 'straight-through روی argmax', en: 'straight-through of the argmax' },
      sure(throughSoftmax(problem, outputAt(argmax(scores)), p)),
    ],
    [
      { fa: 'straight-through با نمونه', en: 'straight-through of a draw' },
      drawn((i) => throughSoftmax(problem, outputAt(i), p)),
    ],
    [{ fa: 'REINFORCE', en: 'REINFORCE' }, reinforce(0)],
    [{ fa: 'REINFORCE با خط مبنا', en: 'REINFORCE with a baseline' }, reinforce(expected)],
    ...[1, 0.3].map((temperature): [Bilingual, Outcome[]] => [
      { fa: `Gumbel-softmax، دمای ${temperature}`, en: `Gumbel-softmax, temperature ${temperature}` },
      gumbel(problem, scores, temperature, seed),
    ]),
  ];
  return rows.map(([name, outcomes]) => ({ name, ...moments(outcomes, exact) }));
}

/** p_j (J_j - sum_i p_i J_i) */
export function exactGradient(scores: readonly number[], losses: readonly number[]): number[] {
  const p = softmax(scores);
  const expected = p.reduce((sum, weight, i) => sum + weight * losses[i]!, 0);
  return p.map((weight, j) => weight * (losses[j]! - expected));
}

interface Outcome {
  readonly weight: number;
  readonly gradient: readonly number[];
}

/** dJ/ds when the output is sum_i w_i v_i and the way back is that of softmax weights p: (diag(p) - p p^T) V (o - v_wanted). */
function throughSoftmax(
  { values, wanted }: AttentionProblem,
  w: readonly number[],
  p: readonly number[],
  temperature = 1,
): number[] {
  const error = Array.from({ length: SIZE }, (_, d) => {
    const output = w.reduce((sum, weight, i) => sum + weight * values[i * SIZE + d]!, 0);
    return output - values[wanted * SIZE + d]!;
  });
  const byWeight = p.map((_, i) => error.reduce((sum, e, d) => sum + e * values[i * SIZE + d]!, 0));
  const middle = p.reduce((sum, weight, i) => sum + weight * byWeight[i]!, 0);
  return p.map((weight, i) => (weight * (byWeight[i]! - middle)) / temperature);
}

function gumbel(
  problem: AttentionProblem,
  scores: readonly number[],
  temperature: number,
  seed: number,
): Outcome[] {
  const random = new RandomStream(seed, `experiment.gumbel.${temperature}`);
  return Array.from({ length: SAMPLES }, () => {
    const noisy = scores.map((score) => score - Math.log(-Math.log((random.word() + 0.5) / 2 ** 32)));
    const p = softmax(noisy.map((score) => score / temperature));
    return { weight: 1 / SAMPLES, gradient: throughSoftmax(problem, p, p, temperature) };
  });
}

function moments(
  outcomes: readonly Outcome[],
  exact: readonly number[],
): { readonly bias: number; readonly variance: number } {
  const middle = exact.map((_, j) =>
    outcomes.reduce((sum, { weight, gradient }) => sum + weight * gradient[j]!, 0),
  );
  const size = (vector: readonly number[]): number => vector.reduce((sum, entry) => sum + entry ** 2, 0);
  const scale = size(exact);
  return {
    bias: Math.sqrt(size(middle.map((entry, j) => entry - exact[j]!)) / scale),
    variance:
      outcomes.reduce(
        (sum, { weight, gradient }) => sum + weight * size(gradient.map((entry, j) => entry - middle[j]!)),
        0,
      ) / scale,
  };
}
