/** RNN, GRU and LSTM for the gradient check: single rows, ragged batches, both directions. */
import type { Case } from '../gradcheck-all.js';
import { square } from '../ops/elementwise.js';
import { gru } from '../ops/gru.js';
import { lstm } from '../ops/lstm.js';
import { recurrentLayer } from '../ops/recurrent.js';
import { rnn } from '../ops/rnn.js';
import type { Shape } from '../shape.js';
import { ids, type Tensor } from '../tensor.js';

type M = Tensor<[number, number]>;
type T3 = Tensor<[number, number, number]>;
type V = Tensor<[number]>;

/** Blocks of H rows in a weight. */
const GATES = { rnn: 1, gru: 3, lstm: 4 } as const;

interface RecurrentSizes {
  readonly T: number;
  readonly B: number;
  readonly I: number;
  readonly H: number;
}

/** Weights and first state of one direction. */
function directionShapes(op: keyof typeof GATES, { B, I, H }: RecurrentSizes): Record<string, Shape> {
  const rows = GATES[op] * H;
  const shapes = { weight_ih: [rows, I], weight_hh: [rows, H], bias_ih: [rows], bias_hh: [rows], h0: [B, H] };
  return op === 'lstm' ? { ...shapes, c0: [B, H] } : shapes;
}

const weightsOf = ([weightIh, weightHh, biasIh, biasHh]: readonly Tensor[]) => ({
  weightIh: weightIh as M,
  weightHh: weightHh as M,
  biasIh: biasIh as V,
  biasHh: biasHh as V,
});

function recurrentCase(
  op: keyof typeof GATES,
  sizes: RecurrentSizes,
  course: { readonly lengths?: readonly number[]; readonly reverse?: boolean } = {},
): Case {
  const { T, B, I } = sizes;
  return {
    op,
    inputs: { x: [T, B, I], ...directionShapes(op, sizes) },
    run: ([x, ...direction]) => {
      const weights = weightsOf(direction);
      const [h0, c0] = direction.slice(4) as M[];
      const lengths = course.lengths && ids(course.lengths, [B]);
      const options = { h0, lengths, reverse: course.reverse };
      if (op === 'lstm') {
        const { output, h, c } = lstm(x as T3, weights, { ...options, c0 });
        return [output, square(h), square(c)];
      }
      const { output, h } = op === 'gru' ? gru(x as T3, weights, options) : rnn(x as T3, weights, options);
      return [output, square(h)];
    },
  };
}

/** Both directions of one layer: their gradients of x add up. */
function bidirectionalCase(sizes: RecurrentSizes): Case {
  const { T, B, I } = sizes;
  const shapes = Object.entries(directionShapes('gru', sizes));
  const reversed = shapes.map(([name, shape]): [string, Shape] => [`${name}_reverse`, shape]);
  return {
    op: 'gru',
    inputs: { x: [T, B, I], ...Object.fromEntries([...shapes, ...reversed]) },
    run: ([x, ...both]) => {
      const directions = [both.slice(0, 5), both.slice(5)].map((direction, d) => ({
        ...weightsOf(direction),
        h0: direction[4] as M,
        reverse: d === 1,
      }));
      return recurrentLayer('gru', 'gru', x as T3, directions, ids([3, 4], [B])).output;
    },
  };
}

export const recurrentCases: readonly Case[] = [
  ...(['rnn', 'gru', 'lstm'] as const).flatMap((op) => [
    recurrentCase(op, { T: 3, B: 2, I: 3, H: 5 }),
    recurrentCase(op, { T: 5, B: 1, I: 1, H: 3 }),
    recurrentCase(op, { T: 1, B: 3, I: 5, H: 1 }),
    recurrentCase(op, { T: 4, B: 3, I: 2, H: 3 }, { lengths: [2, 4, 0] }),
    recurrentCase(op, { T: 4, B: 3, I: 2, H: 3 }, { lengths: [2, 4, 0], reverse: true }),
  ]),
  bidirectionalCase({ T: 4, B: 2, I: 3, H: 3 }),
];
