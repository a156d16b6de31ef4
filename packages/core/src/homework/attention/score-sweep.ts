/**
 * The loss along one score, for each way to choose: what a learner who turns that score would feel. A hard choice is a
 * staircase (slope 0 and one jump, at the tie), softmax and entmax are smooth, sparsemax is flat where its weight is 0 or 1.
 */
import { ArgumentError } from '../../errors.js';
import type { AttentionInput } from '../../session/protocol.js';
import { mix } from './attend.js';
import { dotProducts, question3 } from './by-hand.js';
import { checkTarget, halfSquare } from './gradients.js';
import { outputJacobian, weightJacobian } from './jacobian.js';
import { argmaxWeights, type SmoothMode, weightsOf } from './weights.js';

export interface ScoreSweepOptions {
  /** Which score is turned. Defaults to 0. */
  readonly index?: number;
  /** What the output should be, [D]. Defaults to the value of the last key. */
  readonly target?: readonly number[];
  /** T > 0 of the smooth modes. Defaults to 1. */
  readonly temperature?: number;
  /** From the smallest to the largest score, less and more these. Defaults to 3. */
  readonly margin?: number;
  /** Points of each curve, from 3 to 2001. Defaults to 201. */
  readonly points?: number;
}

export interface SweptMode {
  readonly mode: 'argmax' | SmoothMode;
  /** J at each score. */
  readonly loss: readonly number[];
  /** dJ/ds_index at each score; 0 for a hard choice. */
  readonly slope: readonly number[];
}

export interface ScoreSweep {
  readonly index: number;
  /** The score now. */
  readonly score: number;
  /** The largest of the other scores, where a hard choice jumps; undefined when there is one key only. */
  readonly tie: number | undefined;
  readonly scores: readonly number[];
  readonly modes: readonly SweptMode[];
}

const smoothModes: readonly SmoothMode[] = ['softmax', 'sparsemax', 'entmax15'];

/** @throws ShapeError or ArgumentError for inputs and options outside their domain */
export function sweepScore(input: AttentionInput = question3, options: ScoreSweepOptions = {}): ScoreSweep {
  const {
    index = 0,
    target = input.values.at(-1) ?? [],
    temperature = 1,
    margin = 3,
    points = 201,
  } = options;
  const { scores } = dotProducts(input);
  const { values } = input;
  checkTarget(target, values[0]!.length);
  if (!(Number.isInteger(index) && index >= 0 && index < scores.length)) {
    throw new ArgumentError(`attend: index must be a whole number below ${scores.length}, got ${index}`);
  }
  if (!(Number.isInteger(points) && points >= 3 && points <= 2001)) {
    throw new ArgumentError(`attend: points must be a whole number from 3 to 2001, got ${points}`);
  }
  for (const [name, value] of [
    ['temperature', temperature],
    ['margin', margin],
  ] as const) {
    if (value > 0 && Number.isFinite(value)) continue;
    throw new ArgumentError(`attend: ${name} must be a finite number greater than 0, got ${value}`);
  }
  const others = scores.filter((_, i) => i !== index);
  const low = Math.min(...scores) - margin;
  const high = Math.max(...scores) + margin;
  const swept = Array.from({ length: points }, (_, n) => low + ((high - low) * n) / (points - 1));
  const at = (mode: SweptMode['mode'], score: number): { loss: number; slope: number } => {
    const turned = scores.map((s, i) => (i === index ? score : s));
    const largest = Math.max(...turned);
    const weights =
      mode === 'argmax'
        ? argmaxWeights(turned, 'first')
        : weightsOf[mode](turned.map((s) => (s - largest) / temperature));
    const error = mix(values, weights).map((entry, d) => entry - target[d]!);
    if (mode === 'argmax') return { loss: halfSquare(error), slope: 0 };
    const jacobian = outputJacobian(values, weightJacobian(mode, weights, temperature));
    return { loss: halfSquare(error), slope: error.reduce((sum, e, d) => sum + e * jacobian[d]![index]!, 0) };
  };
  return {
    index,
    score: scores[index]!,
    tie: others.length === 0 ? undefined : Math.max(...others),
    scores: swept,
    modes: (['argmax', ...smoothModes] as const).map((mode) => {
      const curve = swept.map((score) => at(mode, score));
      return { mode, loss: curve.map(({ loss }) => loss), slope: curve.map(({ slope }) => slope) };
    }),
  };
}
