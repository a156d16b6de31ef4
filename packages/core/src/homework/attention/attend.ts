/**
 * The attention calculator: any keys, values and query, six ways to choose, in plain f64.
 * argmax, softmax, sparsemax and entmax15 are functions of the scores. straight-through and gumbel are ways to
 * train: their backward pass uses other weights than a hard choice would, and the report says which.
 */
import { ArgumentError } from '../../errors.js';
import type { AttentionInput } from '../../session/protocol.js';
import { dotProducts, question3 } from './by-hand.js';
import { gumbelNoise } from './gumbel.js';
import { atSparsemaxKink, type Matrix, outputJacobian, weightJacobian, zeroJacobian } from './jacobian.js';
import { argmaxWeights, largestIndices, type SmoothMode, weightsOf } from './weights.js';

export const attendModes = [
  'argmax',
  'softmax',
  'sparsemax',
  'entmax15',
  'straight-through',
  'gumbel',
] as const;
export type AttendMode = (typeof attendModes)[number];

/** Most keys, and most entries of a vector: the Jacobians' S x S and D x S numbers must still fit a report. */
const MAX_SIZE = 256;

export interface AttendOptions {
  /** Defaults to `'argmax'`. */
  readonly mode?: AttendMode;
  /** T > 0; the scores are divided by it. Does not change an argmax. Defaults to 1. */
  readonly temperature?: number;
  /** Which of equal largest scores a hard choice takes. Defaults to `'first'`. */
  readonly ties?: 'first' | 'all';
  /** Seed of the Gumbel noise, in [0, 2^53). Defaults to 0. */
  readonly seed?: number;
  /** Temperatures of the sweep. Defaults to {@link sweepTemperatures}. */
  readonly temperatures?: readonly number[];
}

export const sweepTemperatures: readonly number[] = [0.1, 0.5, 1, 2, 4, 8, 16];

/** One row of the temperature sweep: the weights that the backward pass would use, and their output. */
export interface SweepRow {
  readonly temperature: number;
  readonly weights: readonly number[];
  readonly output: readonly number[];
  /** Largest absolute entry of the output's Jacobian: how much gradient reaches the scores. */
  readonly slope: number;
}

export interface AttendReport {
  readonly mode: AttendMode;
  readonly temperature: number;
  readonly tiePolicy: 'first' | 'all';
  readonly seed: number;
  readonly keys: Matrix;
  readonly values: Matrix;
  readonly query: readonly number[];
  /** products[i][d] = keys[i][d] * query[d] */
  readonly products: Matrix;
  /** scores[i] = keys[i] . query */
  readonly scores: readonly number[];
  /** Gumbel noise added to the scores; null in the other modes. */
  readonly noise: readonly number[] | null;
  /** The largest score's index (with noise: of the noisy scores); the first of several equal ones. */
  readonly index: number;
  /** All indices that share the largest score. */
  readonly ties: readonly number[];
  /** Weights of the forward pass. */
  readonly weights: readonly number[];
  readonly output: readonly number[];
  /** Weights whose derivative the backward pass uses; the same as `weights` except in straight-through. */
  readonly backwardWeights: readonly number[];
  /** dp_i / ds_j as the backward pass uses it, [S, S]. */
  readonly weightJacobian: Matrix;
  /** do_d / ds_j as the backward pass uses it, [D, S]. */
  readonly jacobian: Matrix;
  /** False at ties of a hard choice and kinks of sparsemax, where no derivative exists; the one shown holds nearby. */
  readonly differentiable: boolean;
  readonly sweep: readonly SweepRow[];
}

/** The function whose weights the backward pass differentiates; argmax has none. */
const smoothOf: Readonly<Record<AttendMode, SmoothMode | undefined>> = {
  argmax: undefined,
  softmax: 'softmax',
  sparsemax: 'sparsemax',
  entmax15: 'entmax15',
  'straight-through': 'softmax',
  gumbel: 'softmax',
};

/**
 * o = sum_i p_i v_i with p = f((s + noise) / T), s_i = k_i . q. Shapes: keys [S, K], values [S, D], query [K].
 * @throws ShapeError when lengths do not fit, ArgumentError for numbers or options outside their domain
 */
export function attend(input: AttentionInput = question3, options: AttendOptions = {}): AttendReport {
  const { mode = 'argmax', temperature = 1, ties: tiePolicy = 'first', seed = 0 } = options;
  if (!attendModes.includes(mode)) {
    throw new ArgumentError(`attend: mode must be one of ${attendModes.join(', ')}, got ${mode}`);
  }
  for (const size of [input.keys.length, input.query.length, ...input.values.map((value) => value.length)]) {
    if (size > MAX_SIZE) {
      throw new ArgumentError(`attend: there must be at most ${MAX_SIZE} keys and entries, got ${size}`);
    }
  }
  const temperatures = options.temperatures ?? sweepTemperatures;
  for (const t of [temperature, ...temperatures]) {
    if (!(t > 0 && Number.isFinite(t))) {
      throw new ArgumentError(`attend: temperature must be a finite number greater than 0, got ${t}`);
    }
  }
  const { products, scores } = dotProducts(input);
  const { keys, values, query } = input;
  const noise = mode === 'gumbel' ? gumbelNoise(seed, scores.length) : null;
  const noisy = noise === null ? scores : scores.map((score, i) => score + noise[i]!);
  const ties = largestIndices(noisy);
  const smooth = smoothOf[mode];
  const hard = mode === 'argmax' || mode === 'straight-through';
  const at = (t: number): { weights: number[]; jacobian: number[][] } =>
    backward(smooth, noisy, t, tiePolicy);
  const { weights: backwardWeights, jacobian } = at(temperature);
  const weights = hard ? argmaxWeights(scores, tiePolicy) : backwardWeights;
  const output = outputJacobian(values, jacobian);
  if (!output.flat().every(Number.isFinite)) {
    throw new ArgumentError(
      `attend: slopes must be finite, got an infinite one at temperature ${temperature}; try a larger temperature`,
    );
  }
  return {
    mode,
    temperature,
    tiePolicy,
    seed,
    keys,
    values,
    query,
    products,
    scores,
    noise,
    index: ties[0]!,
    ties,
    weights,
    output: mix(values, weights),
    backwardWeights,
    weightJacobian: jacobian,
    jacobian: output,
    differentiable: isDifferentiable(mode, noisy, temperature),
    sweep: temperatures.map((t) => {
      const { weights: swept, jacobian: sweptJacobian } = at(t);
      const slope = Math.max(...outputJacobian(values, sweptJacobian).flat().map(Math.abs));
      return { temperature: t, weights: swept, output: mix(values, swept), slope };
    }),
  };
}

function backward(
  smooth: SmoothMode | undefined,
  scores: readonly number[],
  temperature: number,
  ties: 'first' | 'all',
): { weights: number[]; jacobian: number[][] } {
  if (smooth === undefined) {
    return { weights: argmaxWeights(scores, ties), jacobian: zeroJacobian(scores.length) };
  }
  const weights = weightsOf[smooth](scaled(scores, temperature));
  return { weights, jacobian: weightJacobian(smooth, weights, temperature) };
}

function isDifferentiable(mode: AttendMode, scores: readonly number[], temperature: number): boolean {
  if (mode === 'argmax' || mode === 'straight-through') return largestIndices(scores).length === 1;
  if (mode === 'sparsemax') return !atSparsemaxKink(scaled(scores, temperature));
  return true;
}

/** s / T up to a constant: less their largest first, so that a small T cannot turn two scores into infinities. */
function scaled(scores: readonly number[], temperature: number): number[] {
  const largest = Math.max(...scores);
  return scores.map((score) => (score - largest) / temperature);
}

/** sum_i p_i v_i. Shapes: values [S, D], weights [S]; result [D]. */
export function mix(values: Matrix, weights: readonly number[]): number[] {
  const width = values[0]?.length ?? 0;
  return Array.from({ length: width }, (_, d) =>
    // A weight of zero leaves its value out.
    values.reduce((sum, value, i) => (weights[i] === 0 ? sum : sum + weights[i]! * value[d]!), 0),
  );
}
