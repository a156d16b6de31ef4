/** Choosing the next id from logits. */
import { ArgumentError } from './errors.js';
import { softmax } from './ops/softmax.js';
import type { RandomStream } from './random.js';
import { noGrad } from './tape.js';
import { scope, type Tensor, tensor } from './tensor.js';

export interface SamplingOptions {
  /** Logits are divided by it; 0 = greedy (the first of equal maxima). Defaults to 1. */
  readonly temperature?: number;
  /** Keep only the k likeliest; 0 = all. Defaults to 0. */
  readonly topK?: number;
  /** Keep the smallest set whose probability reaches p, in (0, 1]. Defaults to 1. */
  readonly topP?: number;
}

/** @throws ArgumentError for values outside their domains */
export function checkSampling(options: SamplingOptions): Required<SamplingOptions> {
  const { temperature = 1, topK = 0, topP = 1 } = options;
  if (!(temperature >= 0 && temperature < Infinity)) {
    throw new ArgumentError(`sample: temperature must be a number >= 0, got ${temperature}`);
  }
  if (!Number.isSafeInteger(topK) || topK < 0) {
    throw new ArgumentError(`sample: topK must be a whole number >= 0, got ${topK}`);
  }
  if (!(topP > 0 && topP <= 1)) throw new ArgumentError(`sample: topP must be in (0, 1], got ${topP}`);
  return { temperature, topK, topP };
}

/**
 * Draw an id from softmax(logits / temperature), cut to the top-k and then to the top-p set and renormalised.
 * Shapes: logits [V] in any shape with V entries. Draws one number from `random` unless greedy.
 */
export function sample(logits: Tensor, random: RandomStream, options: SamplingOptions = {}): number {
  const { temperature, topK, topP } = checkSampling(options);
  if (temperature === 0) return argmax(logits.data);
  const scores = Float64Array.from(logits.data);
  const largest = scores[argmax(scores)]!;
  // The maximum is taken out before dividing, so that no temperature can overflow.
  const scaled = scores.map((score) => (score - largest) / temperature);
  const probabilities = noGrad(() => scope(() => softmax(tensor(scaled, [scaled.length])).data));
  const order = Array.from(probabilities.keys()).sort(
    (a, b) => probabilities[b]! - probabilities[a]! || a - b,
  );
  let kept = topK > 0 ? Math.min(topK, order.length) : order.length;
  let mass = 0;
  for (let rank = 0; rank < kept; rank += 1) mass += probabilities[order[rank]!]!;
  if (topP < 1) {
    const target = topP * mass;
    mass = 0;
    for (let rank = 0; rank < kept; rank += 1) {
      mass += probabilities[order[rank]!]!;
      if (mass >= target) kept = rank + 1;
    }
  }
  let rest = random.uniform() * mass;
  for (let rank = 0; rank < kept - 1; rank += 1) {
    rest -= probabilities[order[rank]!]!;
    if (rest < 0) return order[rank]!;
  }
  return order[kept - 1]!;
}

function argmax(values: ArrayLike<number>): number {
  let best = 0;
  for (let i = 1; i < values.length; i += 1) if (values[i]! > values[best]!) best = i;
  return best;
}
