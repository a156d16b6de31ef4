/** Choosing the next id from logits. */
import { ArgumentError } from './errors.js';
import type { RealArray } from './kernel/kernel.js';
import type { RandomStream } from './random.js';
import { keep, scope, type Tensor, zeros } from './tensor.js';

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
  const sampler = new Sampler(logits.size, random, options);
  try {
    return sampler.draw(logits);
  } finally {
    sampler.dispose();
  }
}

/** {@link sample} many times over one vocabulary, without allocation. */
export class Sampler {
  readonly #random: RandomStream;
  readonly #options: Required<SamplingOptions>;
  /** [V] each; none when greedy. */
  readonly #scaled: Tensor<[number]> | undefined;
  readonly #probabilities: Tensor<[number]> | undefined;
  readonly #order: Uint32Array;

  /** @throws ArgumentError for options outside their domains */
  constructor(vocabularySize: number, random: RandomStream, options: SamplingOptions = {}) {
    this.#random = random;
    this.#options = checkSampling(options);
    const greedy = this.#options.temperature === 0;
    const room = (): Tensor<[number]> => scope(() => keep(zeros([vocabularySize])));
    this.#scaled = greedy ? undefined : room();
    this.#probabilities = greedy ? undefined : room();
    this.#order = Uint32Array.from({ length: vocabularySize }, (_, id) => id);
  }

  draw(logits: Tensor): number {
    const scores = logits.view();
    const likeliest = argmax(scores);
    if (this.#scaled === undefined) return likeliest;
    const { temperature, topK, topP } = this.#options;
    const largest = scores[likeliest]!;
    const scaled = this.#scaled.view();
    // The maximum is taken out before dividing, so that no temperature can overflow.
    for (let id = 0; id < scores.length; id += 1) scaled[id] = (scores[id]! - largest) / temperature;
    const probabilities = this.#softmax();
    const order = this.#order;
    let kept = order.length;
    if (topK > 0 || topP < 1) {
      order.sort((a, b) => probabilities[b]! - probabilities[a]! || a - b);
      if (topK > 0) kept = Math.min(topK, kept);
    }
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
    let rest = this.#random.uniform() * mass;
    for (let rank = 0; rank < kept - 1; rank += 1) {
      rest -= probabilities[order[rank]!]!;
      if (rest < 0) return order[rank]!;
    }
    return order[kept - 1]!;
  }

  dispose(): void {
    this.#scaled?.dispose();
    this.#probabilities?.dispose();
  }

  #softmax(): RealArray | Int32Array {
    const [x, y] = [this.#scaled!, this.#probabilities!];
    x.kernel.check('sample', x.kernel.calls.softmax_forward(y.offset, x.offset, 1, x.size));
    return y.view();
  }
}

function argmax(values: ArrayLike<number>): number {
  let best = 0;
  for (let i = 1; i < values.length; i += 1) if (values[i]! > values[best]!) best = i;
  return best;
}
