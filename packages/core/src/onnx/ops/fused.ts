/** RNN, GRU and LSTM nodes in the forms that the kernel has: one call per direction over all rows. */
import { type Direction, type RecurrentCell, recurrentLayer } from '../../ops/recurrent.js';
import { ids, type Tensor } from '../../tensor.js';
import { asValue, make, transposed, type Value, type ValueData } from '../value.js';
import type { Call } from './operator.js';

export interface FusedSizes {
  readonly T: number;
  readonly B: number;
  readonly I: number;
  readonly H: number;
  readonly directions: number;
}

interface Kind {
  readonly cell: RecurrentCell;
  /** Which of ONNX's gate blocks is the kernel's first, second, ... */
  readonly blocks: readonly number[];
}

/** The kernel's cell for this node; undefined where its attributes ask for more. */
export function fusedKind(
  call: Call,
  name: 'RNN' | 'GRU' | 'LSTM',
  directions: number,
  peepholes: boolean,
): Kind | undefined {
  const { attributes } = call;
  if (attributes.has('clip') || attributes.has('activation_alpha') || attributes.has('activation_beta'))
    return undefined;
  const given = attributes.strings('activations')?.map((activation) => activation.toLowerCase());
  const all = (functions: readonly string[]): boolean =>
    given?.length === directions * functions.length &&
    given.every((activation, i) => activation === functions[i % functions.length]);
  const standard = (functions: readonly string[]): boolean => given === undefined || all(functions);
  if (name === 'RNN') {
    if (standard(['tanh'])) return { cell: 'rnn tanh', blocks: [0] };
    return all(['relu']) ? { cell: 'rnn relu', blocks: [0] } : undefined;
  }
  if (name === 'GRU') {
    const resetAfter = attributes.int('linear_before_reset', 0) !== 0;
    return resetAfter && standard(['sigmoid', 'tanh']) ? { cell: 'gru', blocks: [1, 0, 2] } : undefined;
  }
  if (peepholes || attributes.int('input_forget', 0) !== 0 || !standard(['sigmoid', 'tanh', 'tanh']))
    return undefined;
  return { cell: 'lstm', blocks: [0, 2, 3, 1] };
}

/** Y [T, D, B, H] and the last states [D, B, H]. */
export function runFused(
  call: Call,
  { cell, blocks }: Kind,
  { T, B, I, H, directions: D }: FusedSizes,
  values: {
    readonly x: Value;
    readonly w: Value;
    readonly r: Value;
    readonly bias: Value | undefined;
    readonly h: Value;
    readonly c: Value;
  },
  lengths: readonly number[],
): [y: Value, h: Value, c: Value] {
  const { numerics } = call;
  const { x, w, r, bias, h, c } = values;
  const rows = blocks.length * H;
  const backwards = call.attributes.string('direction', 'forward') === 'reverse';
  /** Part `index` of `parts` of a weight, its gate blocks in the kernel's order. */
  const weight = (value: Value, index: number, parts: number, columns: number): Tensor<[number, number]> =>
    numerics.tensor(value, [rows, columns], `${index}/${parts}`, (data) =>
      reordered(data, index, parts, blocks),
    );
  const vector = (value: Value, index: number): Tensor<[number]> =>
    numerics.tensor(value, [rows], `${index}/${2 * D}`, (data) => reordered(data, index, 2 * D, blocks));
  return numerics.run(() => {
    const states = [h, c].map((value) => numerics.tensor(value, [D, B, H]));
    const of = (state: Tensor<[number, number, number]>, d: number): Tensor<[number, number]> =>
      state.part(d * B * H, [B, H]);
    const directions = Array.from(
      { length: D },
      (_, d): Direction => ({
        weightIh: weight(w, d, D, I),
        weightHh: weight(r, d, D, H),
        ...(bias === undefined ? {} : { biasIh: vector(bias, 2 * d), biasHh: vector(bias, 2 * d + 1) }),
        h0: of(states[0]!, d),
        ...(cell === 'lstm' ? { c0: of(states[1]!, d) } : {}),
        reverse: backwards || d === 1,
      }),
    );
    const whole = lengths.every((length) => length === T);
    const { output, last } = recurrentLayer(
      call.op,
      cell,
      numerics.tensor(x, [T, B, I]),
      directions,
      whole ? undefined : ids(lengths, [B]),
    );
    const y = transposed(asValue(x.type, [T, B, D, H], output.data), [0, 2, 1, 3]);
    const ends = [make(x.type, [D, B, H]), make(x.type, [D, B, H])] as const;
    for (const [d, state] of last.entries()) {
      ends[0].data.set(state.h.data, d * B * H);
      if (state.c !== undefined) ends[1].data.set(state.c.data, d * B * H);
    }
    return [y, ...ends];
  });
}

/** Part `index` of `parts` equal parts, its gate blocks in another order. */
function reordered(data: ValueData, index: number, parts: number, blocks: readonly number[]): ValueData {
  const size = data.length / parts;
  const block = size / blocks.length;
  const result = data.slice(index * size, (index + 1) * size);
  for (const [to, from] of blocks.entries()) {
    result.set(data.subarray(index * size + from * block, index * size + (from + 1) * block), to * block);
  }
  return result;
}
