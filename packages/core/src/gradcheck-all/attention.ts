/** Attention in every mode that has a slope, through gradcheck. */
import type { Case } from '../gradcheck-all.js';
import { additiveAttention, attention } from '../ops/attention.js';
import type { AttentionOptions } from '../ops/attention-options.js';
import { concat } from '../ops/layout.js';
import { RandomStream } from '../random.js';
import { ids, type Tensor } from '../tensor.js';

type T4 = Tensor<[number, number, number, number]>;

/** Grouped queries, more keys than queries, and a bias per head whose gradient is checked too. */
const inputs = { q: [2, 3, 4, 3], k: [2, 5, 2, 3], v: [2, 5, 2, 2], mask: [4, 1, 5] };

function attentionCase(options: AttentionOptions, range: readonly [number, number] = [-1, 1]): Case {
  return {
    op: 'attention',
    inputs,
    range,
    run: ([q, k, v, mask]) => {
      const random = new RandomStream(3, 'gradcheck-noise');
      const { output, weights } = attention(q as T4, k as T4, v as T4, {
        mask,
        random,
        ...options,
        returnWeights: true,
      });
      return [output, weights];
    },
  };
}

export const attentionCases: readonly Case[] = [
  attentionCase({}),
  attentionCase({ causal: true, keyLengths: [5, 2], temperature: 0.7 }),
  attentionCase({ mode: 'gumbel', temperature: 1.3 }),
  // Small scores keep every key in the support, away from the kinks where keys leave it.
  attentionCase({ mode: 'sparsemax', scale: 0.1, temperature: 12 }),
  attentionCase({ mode: 'entmax15', scale: 0.1, temperature: 8 }),
  {
    op: 'attention',
    inputs: { q: [1, 2, 3], k: [1, 3, 3], v: [1, 3, 2] },
    run: ([q, k, v]) => {
      const [x, keys, values] = [q, k, v] as Tensor<[number, number, number]>[];
      const mask = ids([1, 0, 1], [3]);
      const { output } = attention(concat([x!, x!]), concat([keys!, keys!]), concat([values!, values!]), {
        mask,
      });
      return output;
    },
  },
  // One tensor in several parts, and steps that share their keys.
  {
    op: 'attention',
    inputs: { x: [2, 3, 4], m: [2, 4, 4], v: [2, 4, 2] },
    run: ([x, m, v]) => {
      const [self, memory, values] = [x, m, v] as Tensor<[number, number, number]>[];
      return [
        attention(self!, self!, self!).output,
        attention(memory!, memory!, values!).output,
        attention(self!, memory!, memory!).output,
        attention(self!, memory!, values!).output,
        attention(memory!, memory!, values!, { causal: true }).output,
      ];
    },
  },
  {
    op: 'additiveAttention',
    inputs: { q: [2, 2, 5], k: [2, 3, 5], v: [2, 3, 2], w: [5] },
    run: ([q, k, v, w]) => {
      const [x, keys, values] = [q, k, v] as Tensor<[number, number, number]>[];
      const options = { keyLengths: [3, 2], temperature: 0.6, returnWeights: true } as const;
      const { output, weights } = additiveAttention(x!, keys!, values!, w!, options);
      return [output, weights];
    },
  },
];
