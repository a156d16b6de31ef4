/** nn.RNN, nn.GRU and nn.LSTM against PyTorch: outputs, final states and every gradient, in both precisions. */
import { beforeAll, describe, expect, it } from 'vitest';
import { add, backward, init, mul, nn, scope, sum, type Tensor, tensor } from '../src/index.js';
import { expectClose, type Fixture, fixtures, type Precision, TOLERANCE } from './parity-fixtures.js';

interface Config {
  /** Absent in the family `lstm`. */
  readonly kind?: 'rnn-tanh' | 'rnn-relu' | 'gru' | 'lstm';
  readonly layers: number;
  readonly inputSize: number;
  readonly hiddenSize: number;
  readonly bias: boolean;
  readonly state: boolean;
  readonly bidirectional?: boolean;
  /** Of a packed sequence; null for all T. */
  readonly lengths?: readonly number[] | null;
  /** Only the last states enter the loss. */
  readonly last?: boolean;
}

type Cube = Tensor<[number, number, number]>;

const MODELS = {
  'rnn-tanh': (options: nn.RecurrentOptions) => new nn.RNN({ ...options, nonlinearity: 'tanh' }),
  'rnn-relu': (options: nn.RecurrentOptions) => new nn.RNN({ ...options, nonlinearity: 'relu' }),
  gru: (options: nn.RecurrentOptions) => new nn.GRU(options),
  lstm: (options: nn.RecurrentOptions) => new nn.LSTM(options),
};

/** A leaf from `in.<name>`, axes 0 and 1 exchanged when `swap`. */
function leaf(fixture: Fixture, name: string, swap = false, requiresGrad = true): Cube {
  const { shape, data } = fixture.get(`in.${name}`);
  const [a, b, n] = shape as [number, number, number];
  const values = swap ? swapped(data, shape) : data;
  return tensor(values, swap ? [b, a, n] : [a, b, n], { requiresGrad });
}

function swapped(data: ArrayLike<number>, shape: readonly number[]): Float64Array {
  const [a, b, n] = shape as [number, number, number];
  const out = new Float64Array(data.length);
  for (let i = 0; i < a; i += 1) {
    for (let j = 0; j < b; j += 1) {
      for (let k = 0; k < n; k += 1) out[(j * a + i) * n + k] = data[(i * b + j) * n + k]!;
    }
  }
  return out;
}

function run(fixture: Fixture<Config>, precision: Precision, batchFirst: boolean): void {
  const { kind = 'lstm', inputSize, hiddenSize, layers, bias, state, last } = fixture.config;
  const { bidirectional = false, lengths } = fixture.config;
  const options = { inputSize, hiddenSize, numLayers: layers, bias, bidirectional, batchFirst };
  const model = MODELS[kind](options);
  const names = [...model.namedParameters().keys()];
  expect(
    fixture
      .names('in.')
      .filter((name) => /^(weight|bias)_/.test(name))
      .sort(),
  ).toEqual([...names].sort());
  model.loadStateDict(new Map(names.map((name) => [name, fixture.get(`in.${name}`)])));
  scope(() => {
    const x = leaf(fixture, 'x', batchFirst);
    const states = kind === 'lstm' ? ['h0', 'c0'] : ['h0'];
    const initial = Object.fromEntries(state ? states.map((name) => [name, leaf(fixture, name)]) : []);
    const { output, h, c }: nn.RecurrentOutput & { c?: Cube } = model.forward(x, {
      ...initial,
      lengths: lengths ?? undefined,
    });
    const weigh = (value: Cube, name: string, swap = false): Tensor<[]> =>
      sum(mul(value, leaf(fixture, `w_${name}`, swap, false)));
    const ofH = weigh(h, 'hn');
    const ofLast = c === undefined ? ofH : add(ofH, weigh(c, 'cn'));
    const loss = last === true ? ofLast : add(ofLast, weigh(output, 'y', batchFirst));
    backward(loss);

    const tolerance = TOLERANCE[precision];
    const steady = (data: ArrayLike<number>, shape: readonly number[]): ArrayLike<number> =>
      batchFirst ? swapped(data, shape) : data;
    const compare = (actual: ArrayLike<number>, key: string): void =>
      expectClose(
        actual,
        fixture.get(`${precision}.${key}`),
        tolerance,
        `${fixture.name} ${precision} ${key}`,
      );
    compare(steady(output.data, output.shape), 'y');
    compare(h.data, 'hn');
    if (c !== undefined) compare(c.data, 'cn');
    const gradients = new Map<string, Tensor>(
      [['x', x], ...Object.entries(initial)].map(([k, v]) => [k, v] as [string, Tensor]),
    );
    for (const [name, parameter] of model.namedParameters()) gradients.set(name, parameter);
    expect(fixture.names(`${precision}.grad.`).sort()).toEqual([...gradients.keys()].sort());
    for (const [name, { grad }] of gradients) {
      compare(name === 'x' ? steady(grad!.data, grad!.shape) : grad!.data, `grad.${name}`);
    }
  });
  model.dispose();
}

const all = [...fixtures<Config>('lstm'), ...fixtures<Config>('recurrent')];

describe.each(['f32', 'f64'] as const)('recurrent parity with PyTorch, %s', (precision) => {
  beforeAll(async () => {
    await init({ precision });
  });

  for (const fixture of all) {
    it(`${fixture.name}, time-major`, () => run(fixture, precision, false));
    it(`${fixture.name}, batch first`, () => run(fixture, precision, true));
  }
});

describe('recurrent parity with PyTorch, fused multiply-add', () => {
  beforeAll(async () => {
    await init({ fast: true });
  });

  it.each(all)('$name', (fixture) => run(fixture, 'f32', false));
});
