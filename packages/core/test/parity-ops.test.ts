/** Single operations and optimisers against PyTorch, in both precisions. */
import { beforeAll, describe, expect, it } from 'vitest';
import {
  add,
  backward,
  crossEntropy,
  div,
  embedding,
  exp,
  ids,
  init,
  layerNorm,
  linear,
  log,
  logSoftmax,
  matmul,
  mul,
  neg,
  nn,
  optim,
  relu,
  scope,
  sigmoid,
  softmax,
  sqrt,
  square,
  sub,
  sum,
  type Tensor,
  tanh,
  tensor,
} from '../src/index.js';
import {
  expectClose,
  type Fixture,
  fixtures,
  type Precision,
  relativeError,
  TOLERANCE,
} from './parity-fixtures.js';

type Inputs = Readonly<Record<string, Tensor>>;

const UNARY = { neg, exp, log, sigmoid, tanh, relu, sqrt, square };
const BINARY = { add, sub, mul, div };

/** family -> the operation under test, from the inputs by name */
const OPERATIONS: Readonly<Record<string, (inputs: Inputs, fixture: Fixture) => Tensor>> = {
  linear: ({ x, weight, bias }) =>
    linear(x as Tensor<[number, number]>, weight as Tensor<[number, number]>, bias as Tensor<[number]>),
  matmul: ({ a, b }) => matmul(a as Tensor<[number, number]>, b as Tensor<[number, number]>),
  embedding: ({ ids: rows, weight }) => embedding(rows!, weight as Tensor<[number, number]>),
  'cross-entropy': ({ logits, targets }) => crossEntropy(logits!, targets!),
  softmax: ({ x }) => softmax(x!),
  'log-softmax': ({ x }) => logSoftmax(x!),
  'layer-norm': ({ x, weight, bias }) =>
    layerNorm(x!, { weight: weight as Tensor<[number]>, bias: bias as Tensor<[number]> }),
  unary: ({ x }, { name }) => UNARY[operation(name) as keyof typeof UNARY](x!),
  binary: ({ a, b }, { name }) => BINARY[operation(name) as keyof typeof BINARY](a!, b!) as Tensor,
};

/** `binary/add-suffix` -> `add` */
const operation = (name: string): string => name.split('/')[1]!.split('-')[0]!;

function run(
  fixture: Fixture,
  precision: Precision,
  apply: (inputs: Inputs, fixture: Fixture) => Tensor,
): void {
  scope(() => {
    const inputs: Record<string, Tensor> = {};
    for (const name of fixture.names('in.')) {
      if (name.startsWith('w_')) continue;
      const { data, shape } = fixture.get(`in.${name}`);
      inputs[name] =
        data instanceof Int32Array ? ids(data, shape) : tensor(data, shape, { requiresGrad: true });
    }
    const y = apply(inputs, fixture);
    const weight = fixture.get('in.w_y');
    backward(sum(mul(y, tensor(weight.data, y.shape))));

    const tolerance = TOLERANCE[precision];
    const label = `${fixture.name} ${precision}`;
    expectClose(y.data, fixture.get(`${precision}.y`), tolerance, `${label} y`);
    const names = Object.keys(inputs).filter((name) => inputs[name]!.requiresGrad);
    expect(fixture.names(`${precision}.grad.`).sort()).toEqual(names.sort());
    for (const name of names) {
      expectClose(
        inputs[name]!.grad!.data,
        fixture.get(`${precision}.grad.${name}`),
        tolerance,
        `${label} d${name}`,
      );
    }
  });
}

interface OptimiserConfig {
  readonly decoupled: boolean;
  readonly lr: number;
  readonly beta1: number;
  readonly beta2: number;
  readonly eps: number;
  readonly weightDecay: number;
}

/** A module with one parameter, for the optimiser to own. */
class Single extends nn.Module {
  readonly weight: Tensor<[number]>;

  constructor(data: ArrayLike<number>) {
    super();
    this.weight = this.parameter('weight', [data.length], (target) => target.set(data));
  }
}

function runOptimiser(fixture: Fixture<OptimiserConfig>, precision: Precision): void {
  const { decoupled, lr, beta1, beta2, eps, weightDecay } = fixture.config;
  const params = fixture.get('in.params').data;
  const grads = fixture.get('in.grads').data;
  const expected = fixture.get(`${precision}.params`).data;
  const model = new Single(params);
  const options = { learningRate: lr, betas: [beta1, beta2], epsilon: eps, weightDecay } as const;
  const optimiser = decoupled ? new optim.AdamW(model, options) : new optim.Adam(model, options);
  const size = params.length;
  for (let step = 0; step < grads.length / size; step += 1) {
    model.weight.grad!.set(grads.subarray(step * size, (step + 1) * size));
    optimiser.step();
    const error = relativeError(model.weight.data, expected.subarray(step * size, (step + 1) * size));
    expect(error, `${fixture.name} ${precision} after ${step + 1} updates`).toBeLessThanOrEqual(
      TOLERANCE[precision],
    );
  }
  const { moments } = optimiser.stateDict();
  for (const moment of ['exp_avg', 'exp_avg_sq']) {
    const actual = moments.get(`${moment}.weight`)!.data;
    expectClose(
      actual,
      fixture.get(`${precision}.${moment}`),
      TOLERANCE[precision],
      `${fixture.name} ${moment}`,
    );
  }
  optimiser.dispose();
}

describe.each(['f32', 'f64'] as const)('parity with PyTorch, %s', (precision) => {
  beforeAll(async () => {
    await init({ precision });
  });

  for (const [family, apply] of Object.entries(OPERATIONS)) {
    it.each(fixtures(family))('$name', (fixture) => run(fixture, precision, apply));
  }

  it.each(fixtures<OptimiserConfig>('optim'))('$name', (fixture) => runOptimiser(fixture, precision));
});

/** Entry by entry, where "relative to the largest entry" would hide the small ones. */
describe('elementwise accuracy against the float64 answer', () => {
  const limits = { f32: 4e-7, f64: 1e-14 } as const;

  it.each(
    (['f32', 'f64'] as const).flatMap((precision) =>
      (['exp', 'sigmoid', 'tanh', 'log', 'sqrt'] as const).map((op) => ({ precision, op })),
    ),
  )('$op, $precision', async ({ precision, op }) => {
    await init({ precision });
    const fixture = fixtures('unary').find(({ name }) => name === `unary/${op}`)!;
    const y = scope(() => UNARY[op](tensor(fixture.get('in.x').data, fixture.get('in.x').shape)).data);
    const exact = fixture.get('f64.y').data;
    // ln x passes through zero at 1: there the error is absolute.
    const errors = Array.from(
      exact,
      (value, i) => Math.abs(y[i]! - value) / Math.max(Math.abs(value), op === 'log' ? 1 : 0),
    );
    expect(Math.max(...errors)).toBeLessThanOrEqual(limits[precision]);
  });
});
