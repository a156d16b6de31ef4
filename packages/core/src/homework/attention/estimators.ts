/**
 * Estimators of dL/ds for L(s) = E_i[J_i], i drawn with probabilities p = softmax(s): what one would follow if it could be
 * computed. Here it can, by enumeration: dL/ds_j = p_j (J_j - L). An estimator that draws one of the S keys has S outcomes,
 * so that its bias and variance are enumerated too; the noise of the Gumbel forms is continuous and is sampled.
 *
 * softmax and sparsemax follow another objective, J of the mixed value: they are told with its exact gradient, not as biased
 * estimators of L.
 */
import { ArgumentError } from '../../errors.js';
import type { AttentionInput } from '../../session/protocol.js';
import { mix } from './attend.js';
import { dotProducts, question3 } from './by-hand.js';
import { checkTarget, halfSquare } from './gradients.js';
import { gumbelOf, philoxWords } from './gumbel.js';
import { type Matrix, weightJacobian } from './jacobian.js';
import { largestIndices, type SmoothMode, softmax, weightsOf } from './weights.js';

/** S scores, S values of D entries, and the value that is wanted. */
export interface ChoiceProblem {
  readonly scores: readonly number[];
  readonly values: Matrix;
  readonly target: readonly number[];
}

export type EstimatorId =
  | 'argmax'
  | 'straight-through'
  | 'straight-through-sample'
  | 'gumbel'
  | 'straight-through-gumbel'
  | 'reinforce'
  | 'reinforce-baseline';

/** One outcome of an estimator and its probability. */
export interface Outcome {
  readonly weight: number;
  readonly gradient: readonly number[];
}

export interface EstimatedGradient {
  readonly id: EstimatorId;
  /** E[g], [S]. */
  readonly mean: readonly number[];
  /** |E[g] - dL/ds| */
  readonly bias: number;
  /** E[|g - E[g]|^2] of one draw. */
  readonly variance: number;
  /** True when mean, bias and variance are sums over all outcomes, not samples. */
  readonly enumerated: boolean;
  /** What `samples` draws gave: their mean, [S], and the standard error that a mean of so many has, [S]. */
  readonly sampled: { readonly mean: readonly number[]; readonly standardError: readonly number[] };
  /** max_j |sampled mean_j - dL/ds_j| in standard errors; 0 when it never misses, Infinity when a sure estimator misses. */
  readonly standardErrors: number;
}

export interface EstimatorBench {
  readonly samples: number;
  readonly temperature: number;
  readonly seed: number;
  /** J_i = 1/2 |v_i - target|^2 and L = sum_i p_i J_i. */
  readonly losses: readonly number[];
  readonly expectedLoss: number;
  /** dL/ds, [S], by enumeration. */
  readonly exact: readonly number[];
  readonly estimators: readonly EstimatedGradient[];
  /** The gradient of J of the mixed value, [S]: what these modes follow instead. */
  readonly mixed: readonly { readonly mode: SmoothMode; readonly gradient: readonly number[] }[];
}

export interface EstimatorOptions {
  /** What the output should be, [D]. Defaults to the value of the last key. */
  readonly target?: readonly number[];
  /** Draws of each estimator, from 2 to 100 000. Defaults to 1000. */
  readonly samples?: number;
  /** T > 0 of the Gumbel forms. Defaults to 1. */
  readonly temperature?: number;
  /** Seed of the draws, in [0, 2^53). Defaults to 0. */
  readonly seed?: number;
}

const MAX_SAMPLES = 100_000;

/** @throws ShapeError or ArgumentError for inputs and options outside their domain */
export function estimateScoreGradient(
  input: AttentionInput = question3,
  options: EstimatorOptions = {},
): EstimatorBench {
  const { target = input.values.at(-1) ?? [], samples = 1000, temperature = 1, seed = 0 } = options;
  const { scores } = dotProducts(input);
  checkTarget(target, input.values[0]!.length);
  checkDraws(samples, temperature);
  const problem: ChoiceProblem = { scores, values: input.values, target };
  const losses = choiceLosses(problem);
  const exact = expectedLossGradient(scores, losses);
  const row = (id: EstimatorId, outcomes: readonly Outcome[]): EstimatedGradient => {
    const drawn = drawOutcomes(outcomes, samples, seed, `attention.${id}`);
    return estimated(id, outcomes, drawn, exact, true);
  };
  const sampledRow = (id: EstimatorId, outcomes: readonly Outcome[]): EstimatedGradient =>
    estimated(id, outcomes, outcomes, exact, false);
  const noise = gumbelDraws(seed, scores.length, samples);
  const p = softmax(scores);
  return {
    samples,
    temperature,
    seed,
    losses,
    expectedLoss: p.reduce((sum, weight, i) => sum + weight * losses[i]!, 0),
    exact,
    estimators: [
      row('argmax', outcomesOf.argmax(problem)),
      row('straight-through', outcomesOf['straight-through'](problem)),
      row('straight-through-sample', outcomesOf['straight-through-sample'](problem)),
      sampledRow('gumbel', gumbelOutcomes(problem, noise, temperature, false)),
      sampledRow('straight-through-gumbel', gumbelOutcomes(problem, noise, temperature, true)),
      row('reinforce', outcomesOf.reinforce(problem)),
      row('reinforce-baseline', outcomesOf['reinforce-baseline'](problem)),
    ],
    mixed: (['softmax', 'sparsemax', 'entmax15'] as const).map((mode) => {
      const weights = weightsOf[mode](scores);
      return { mode, gradient: throughWeights(problem, weights, weightJacobian(mode, weights, 1)) };
    }),
  };
}

/**
 * Draws of Gumbel-softmax weights, p = softmax((s + g) / T): points that gather at the corners of the simplex as T goes to 0.
 * Shape [samples, S].
 * @throws ShapeError or ArgumentError for inputs and options outside their domain
 */
export function drawGumbelWeights(
  input: AttentionInput = question3,
  { samples = 200, temperature = 1, seed = 0 }: Omit<EstimatorOptions, 'target'> = {},
): number[][] {
  const { scores } = dotProducts(input);
  checkDraws(samples, temperature);
  return gumbelDraws(seed, scores.length, samples).map((noise) =>
    softmax(scores.map((score, i) => (score + noise[i]!) / temperature)),
  );
}

function checkDraws(samples: number, temperature: number): void {
  if (!(Number.isInteger(samples) && samples >= 2 && samples <= MAX_SAMPLES)) {
    throw new ArgumentError(
      `attend: samples must be a whole number from 2 to ${MAX_SAMPLES}, got ${samples}`,
    );
  }
  if (!(temperature > 0 && Number.isFinite(temperature))) {
    throw new ArgumentError(`attend: temperature must be a finite number greater than 0, got ${temperature}`);
  }
}

/** J_i = 1/2 |v_i - target|^2: the loss when all weight lies on value i. */
export function choiceLosses({ values, target }: ChoiceProblem): number[] {
  return values.map((value) => halfSquare(value.map((entry, d) => entry - target[d]!)));
}

/** dL/ds_j = p_j (J_j - sum_i p_i J_i) */
export function expectedLossGradient(scores: readonly number[], losses: readonly number[]): number[] {
  const p = softmax(scores);
  const expected = p.reduce((sum, weight, i) => sum + weight * losses[i]!, 0);
  return p.map((weight, j) => weight * (losses[j]! - expected));
}

const oneHot = (size: number, at: number): number[] =>
  Array.from({ length: size }, (_, i) => (i === at ? 1 : 0));

/** Estimators with at most S outcomes, each with its probability. */
export const outcomesOf: Readonly<
  Record<Exclude<EstimatorId, 'gumbel' | 'straight-through-gumbel'>, (problem: ChoiceProblem) => Outcome[]>
> = {
  argmax: ({ scores }) => [{ weight: 1, gradient: scores.map(() => 0) }],
  'straight-through': (problem) => [
    {
      weight: 1,
      gradient: throughSoftmax(
        problem,
        oneHot(problem.scores.length, largestIndices(problem.scores)[0]!),
        softmax(problem.scores),
      ),
    },
  ],
  'straight-through-sample': (problem) => {
    const p = softmax(problem.scores);
    return p.map((weight, i) => ({ weight, gradient: throughSoftmax(problem, oneHot(p.length, i), p) }));
  },
  reinforce: (problem) => reinforce(problem, 0),
  'reinforce-baseline': (problem) => {
    const losses = choiceLosses(problem);
    return reinforce(
      problem,
      softmax(problem.scores).reduce((sum, weight, i) => sum + weight * losses[i]!, 0),
    );
  },
};

/** (J_i - baseline) d log p_i / ds: unbiased for any baseline. Source: Williams 1992. */
function reinforce(problem: ChoiceProblem, baseline: number): Outcome[] {
  const p = softmax(problem.scores);
  const losses = choiceLosses(problem);
  return p.map((weight, i) => ({
    weight,
    gradient: p.map((pj, j) => (losses[i]! - baseline) * ((i === j ? 1 : 0) - pj)),
  }));
}

/** One outcome for each draw of noise. Source: Jang, Gu and Poole 2017; hard: forward the one-hot of the noisy scores. */
export function gumbelOutcomes(
  problem: ChoiceProblem,
  noise: readonly (readonly number[])[],
  temperature: number,
  hard: boolean,
): Outcome[] {
  return noise.map((draw) => {
    const noisy = problem.scores.map((score, i) => score + draw[i]!);
    const p = softmax(noisy.map((score) => score / temperature));
    const w = hard ? oneHot(p.length, largestIndices(noisy)[0]!) : p;
    return { weight: 1 / noise.length, gradient: throughSoftmax(problem, w, p, temperature) };
  });
}

/** dJ/ds when the output is sum_i w_i v_i and the way back is that of softmax weights p. */
export function throughSoftmax(
  problem: ChoiceProblem,
  w: readonly number[],
  p: readonly number[],
  temperature = 1,
): number[] {
  return throughWeights(problem, w, weightJacobian('softmax', p, temperature));
}

/** J^T V (o - target), o = sum_i w_i v_i */
function throughWeights({ values, target }: ChoiceProblem, w: readonly number[], jacobian: Matrix): number[] {
  const error = mix(values, w).map((entry, d) => entry - target[d]!);
  const byWeight = values.map((value) => value.reduce((sum, entry, d) => sum + entry * error[d]!, 0));
  return w.map((_, j) => byWeight.reduce((sum, slope, i) => sum + slope * jacobian[i]![j]!, 0));
}

/** `samples` rows of S Gumbel numbers. */
function gumbelDraws(seed: number, size: number, samples: number): number[][] {
  const words = philoxWords(seed, 'attention.gumbel', size * samples);
  return Array.from({ length: samples }, (_, n) => words.slice(n * size, (n + 1) * size).map(gumbelOf));
}

function drawOutcomes(
  outcomes: readonly Outcome[],
  samples: number,
  seed: number,
  stream: string,
): readonly Outcome[] {
  if (outcomes.length === 1) return outcomes;
  return philoxWords(seed, stream, samples).map((word) => {
    const u = (word + 0.5) / 2 ** 32;
    let reached = 0;
    const drawn = outcomes.find(({ weight }) => {
      reached += weight;
      return u < reached;
    });
    return { weight: 1 / samples, gradient: (drawn ?? outcomes.at(-1)!).gradient };
  });
}

/** E[g] and E[|g - E[g]|^2]. */
export function moments(outcomes: readonly Outcome[]): {
  readonly mean: readonly number[];
  readonly variances: readonly number[];
} {
  const size = outcomes[0]!.gradient.length;
  const mean = new Array<number>(size).fill(0);
  for (const { weight, gradient } of outcomes) {
    for (let j = 0; j < size; j += 1) mean[j]! += weight * gradient[j]!;
  }
  const variances = new Array<number>(size).fill(0);
  for (const { weight, gradient } of outcomes) {
    for (let j = 0; j < size; j += 1) variances[j]! += weight * (gradient[j]! - mean[j]!) ** 2;
  }
  return { mean, variances };
}

function estimated(
  id: EstimatorId,
  outcomes: readonly Outcome[],
  drawn: readonly Outcome[],
  exact: readonly number[],
  enumerated: boolean,
): EstimatedGradient {
  const { mean, variances } = moments(outcomes);
  const sample = moments(drawn);
  // From the enumerated variance where there is one: draws that miss a rare key would call themselves too exact.
  const draws = Math.max(1, drawn.length - (enumerated ? 0 : 1));
  const standardError = variances.map((variance) => Math.sqrt(variance / draws));
  const misses = sample.mean.map((entry, j) => {
    const miss = Math.abs(entry - exact[j]!);
    return miss <= 1e-15 * Math.abs(exact[j]!) ? 0 : miss / standardError[j]!;
  });
  return {
    id,
    mean,
    bias: Math.hypot(...mean.map((entry, j) => entry - exact[j]!)),
    variance: variances.reduce((sum, variance) => sum + variance, 0),
    enumerated,
    sampled: { mean: sample.mean, standardError },
    standardErrors: Math.max(...misses),
  };
}
