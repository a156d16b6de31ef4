/** RNN, GRU and LSTM: lengths, directions, states and what is refused. Numbers against PyTorch: parity-recurrent. */
import { beforeAll, describe, expect, it } from 'vitest';
import { ArgumentError, ShapeError } from '../src/errors.js';
import { init } from '../src/kernel/load.js';
import * as nn from '../src/nn/index.js';
import { mul } from '../src/ops/elementwise.js';
import { gru } from '../src/ops/gru.js';
import { narrow } from '../src/ops/layout.js';
import { sum } from '../src/ops/reduce.js';
import { rnn } from '../src/ops/rnn.js';
import { RandomStream } from '../src/random.js';
import { backward, noGrad } from '../src/tape.js';
import { ids, scope, type Tensor, tensor, zeros } from '../src/tensor.js';

type Cube = Tensor<[number, number, number]>;

const random = new RandomStream(1, 'test');
function uniform(...shape: [number, number, number]): Cube {
  const x = zeros(shape);
  random.fillUniform(x, -1, 1);
  return x;
}

const sizes = { inputSize: 3, hiddenSize: 5 };
const kinds = [
  ['RNN', (options) => new nn.RNN({ ...sizes, random, ...options })],
  ['GRU', (options) => new nn.GRU({ ...sizes, random, ...options })],
  ['LSTM', (options) => new nn.LSTM({ ...sizes, random, ...options })],
] as const satisfies readonly [
  string,
  (options: Partial<nn.RecurrentOptions>) => nn.RNN | nn.GRU | nn.LSTM,
][];

beforeAll(async () => {
  await init({ precision: 'f64' });
});

describe.each(kinds)('%s', (name, make) => {
  it('gives a row with a length what the row alone would get', () => {
    const model = make({ numLayers: 2, bidirectional: true });
    const [B, T] = [4, 6];
    const lengths = [6, 1, 0, 4];
    const [x, h0] = [uniform(B, T, 3), uniform(4, B, 5)];
    const { output, h } = model.forward(x, { h0, lengths });
    for (const [b, length] of lengths.entries()) {
      const row = tensor(x.data.slice(b * T * 3, (b * T + length) * 3), [1, length, 3]);
      const start = tensor(
        [0, 1, 2, 3].flatMap((k) => [...h0.data.slice((k * B + b) * 5, (k * B + b + 1) * 5)]),
        [4, 1, 5],
      );
      const alone = model.forward(row, { h0: start });
      const mine = output.data.slice(b * T * 10, (b + 1) * T * 10);
      expect(tensor(mine.slice(0, length * 10), [length * 10])).toBeAllclose(alone.output.data, {
        rtol: 1e-12,
      });
      expect([...mine.slice(length * 10)].every((y) => Object.is(y, 0))).toBe(true);
      const end = [0, 1, 2, 3].flatMap((k) => [...h.data.slice((k * B + b) * 5, (k * B + b + 1) * 5)]);
      expect(tensor(end, [20])).toBeAllclose(alone.h.data, { rtol: 1e-12 });
    }
  });

  it('without gradients gives the same numbers and keeps no gates', () => {
    const model = make({ bidirectional: true });
    const x = uniform(7, 40, 3);
    const recorded = model.forward(x);
    const free = noGrad(() => model.forward(x));
    expect(free.output.data).toEqual(recorded.output.data);
    expect(free.h.data).toEqual(recorded.h.data);
    expect(free.output.requiresGrad).toBe(false);
  });

  it('reads nothing behind the end of a row', () => {
    const model = make({ bidirectional: true });
    const run = (poison: number): { y: ArrayLike<number>; dx: ArrayLike<number>; dw: ArrayLike<number>[] } =>
      scope(() => {
        const data = Float64Array.from({ length: 2 * 4 * 3 }, (_, i) => Math.sin(i));
        data.fill(poison, 3, 12);
        model.zeroGrad();
        const x = tensor(data, [2, 4, 3], { requiresGrad: true });
        const { output, h } = model.forward(x, { lengths: [1, 4] });
        backward(sum(mul(output, output)));
        return {
          y: [...output.data, ...h.data],
          dx: x.grad!.data,
          dw: model.parameters().map((p) => p.grad!.data),
        };
      });
    const poisoned = run(Number.NaN);
    expect(poisoned).toEqual(run(0));
    expect([...(poisoned.dx as Float64Array).slice(3, 12)]).toEqual(new Array(9).fill(0));
  });

  it('goes on from a carried state as if the sequence were one', () => {
    const model = make({ numLayers: 2, batchFirst: false });
    const x = uniform(8, 2, 3);
    const whole = model.forward(x);
    const first = model.forward(narrow(x, 0, 5)) as nn.LSTMOutput;
    const carried = { h0: first.h.detach(), ...(name === 'LSTM' ? { c0: first.c.detach() } : {}) };
    const second = model.forward(narrow(x, 5, 3), carried);
    expect(second.output).toBeAllclose(whole.output.data.slice(5 * 2 * 5), { rtol: 1e-13 });
    expect(second.h).toBeAllclose(whole.h.data, { rtol: 1e-13 });
  });

  it('names parameters as PyTorch does', () => {
    const names = [...make({ numLayers: 2, bidirectional: true }).namedParameters().keys()];
    expect(names).toEqual(
      ['l0', 'l0_reverse', 'l1', 'l1_reverse'].flatMap((of) =>
        ['weight_ih', 'weight_hh', 'bias_ih', 'bias_hh'].map((kind) => `${kind}_${of}`),
      ),
    );
    expect(make({ bias: false }).parameters()).toHaveLength(2);
  });

  it('refuses what does not fit', () => {
    const model = make({});
    const x = uniform(2, 4, 3);
    expect(() => model.forward(x, { lengths: [1, 5] })).toThrow(
      new ArgumentError(`${name}: lengths must be in [0, T] = [0, 4], got 5 at 1`),
    );
    expect(() => model.forward(x, { lengths: [-1, 4] })).toThrow(ArgumentError);
    expect(() => model.forward(x, { lengths: [1.5, 4] })).toThrow(ArgumentError);
    expect(() => model.forward(x, { lengths: [1] })).toThrow(
      new ShapeError(`${name}: lengths must be B = 2 numbers, got 1`),
    );
    expect(() => model.forward(x, { h0: uniform(2, 2, 5) })).toThrow(
      new ShapeError(`${name}: h0 must be [L, B, H] = [1, 2, 5], got [2, 2, 5]`),
    );
    expect(() => make({ numLayers: 2, dropout: 0.5 })).toThrow('dropoutRandom must be given');
  });
});

describe('operations', () => {
  it('print both shapes', () => {
    const [x, weight] = [uniform(2, 1, 3), (rows: number, columns: number) => zeros([rows, columns])];
    expect(() => gru(x, { weightIh: weight(15, 3), weightHh: weight(16, 5) })).toThrow(
      new ShapeError('gru: weightHh must be [3*H, H] = [15, 5], got [16, 5]'),
    );
    expect(() => rnn(x, { weightIh: weight(5, 4), weightHh: weight(5, 5) })).toThrow(
      new ShapeError('rnn: weightIh must be [H, I] = [5, 3], got [5, 4]'),
    );
    const weights = { weightIh: weight(5, 3), weightHh: weight(5, 5) };
    expect(() => rnn(x, weights, { lengths: ids([1, 2], [2]) })).toThrow(
      new ShapeError('rnn: lengths must be ids [B] = [1], got int32 [2]'),
    );
    expect(() => rnn(x, weights, { nonlinearity: 'sigmoid' as 'relu' })).toThrow(
      new ArgumentError('rnn: nonlinearity must be tanh or relu, got sigmoid'),
    );
  });
});
