import { beforeAll, describe, expect, it } from 'vitest';
import { CheckpointError, DataError, ShapeError } from '../src/errors.js';
import { read, type SafeTensor, write } from '../src/formats/safetensors.js';
import { gradcheck } from '../src/gradcheck.js';
import { init, loadKernel, withKernel } from '../src/kernel/load.js';
import * as nn from '../src/nn/index.js';
import { dropout } from '../src/ops/dropout.js';
import { mul, square, sub } from '../src/ops/elementwise.js';
import { swapAxes } from '../src/ops/layout.js';
import { mean, sum } from '../src/ops/reduce.js';
import * as optim from '../src/optim/index.js';
import { RandomStream } from '../src/random.js';
import { backward } from '../src/tape.js';
import { scope, type Tensor, tensor, zeros } from '../src/tensor.js';

type T3 = Tensor<[number, number, number]>;

const random = new RandomStream(1, 'test');
const uniform = (...shape: [number, number, number]): T3 => {
  const x = zeros(shape);
  random.fillUniform(x, -1, 1);
  return x;
};

beforeAll(async () => {
  await init({ precision: 'f64' });
});

/** The LSTM's equations, one number at a time. */
function naiveLSTM(model: nn.LSTM, x: number[][][], h0: number[][][], c0: number[][][]): number[][][] {
  const { numLayers, hiddenSize: H } = model.options;
  const weight = (name: string): number[][] => model.namedParameters().get(name)!.toArray() as number[][];
  const sigmoid = (z: number): number => 1 / (1 + Math.exp(-z));
  let sequence = x;
  for (let layer = 0; layer < numLayers; layer += 1) {
    const [ih, hh] = [weight(`weight_ih_l${layer}`), weight(`weight_hh_l${layer}`)];
    const [bih, bhh] = [`bias_ih_l${layer}`, `bias_hh_l${layer}`].map(
      (n) => weight(n) as unknown as number[],
    );
    sequence = sequence.map((row, b) => {
      let h = h0[layer]![b]!;
      let c = c0[layer]![b]!;
      return row.map((x_t) => {
        const z = ih.map((w, r) => {
          const input = w.reduce((s, w_j, j) => s + w_j * x_t[j]!, 0);
          return input + hh[r]!.reduce((s, w_j, j) => s + w_j * h[j]!, 0) + bih![r]! + bhh![r]!;
        });
        const next = c.map((c_j, j) => sigmoid(z[H + j]!) * c_j + sigmoid(z[j]!) * Math.tanh(z[2 * H + j]!));
        c = next;
        h = next.map((c_j, j) => sigmoid(z[3 * H + j]!) * Math.tanh(c_j));
        return h;
      });
    });
  }
  return sequence;
}

describe('LSTM', () => {
  it.each([
    [1, 1, 1, 1, 1],
    [2, 3, 5, 7, 2],
    [3, 17, 4, 9, 1],
    [1, 4, 3, 33, 3],
  ])('B%i T%i I%i H%i, %i layers: equals the equations', (B, T, I, H, numLayers) => {
    const model = new nn.LSTM({ inputSize: I, hiddenSize: H, numLayers, random });
    const [x, h0, c0] = [uniform(B, T, I), uniform(numLayers, B, H), uniform(numLayers, B, H)];
    const expected = naiveLSTM(model, ...([x, h0, c0].map((t) => t.toArray()) as [never, never, never]));
    const { output, h } = model.forward(x, { h0, c0 });
    expect(output.shape).toEqual([B, T, H]);
    expect(output).toBeAllclose(expected.flat(2), { rtol: 1e-13 });
    expect(h.part((numLayers - 1) * B * H, [B, H])).toBeAllclose(
      expected.flatMap((row) => row.at(-1)!),
      {
        rtol: 1e-13,
      },
    );
  });

  it('time-major and batch-first give the same numbers', () => {
    const options = { inputSize: 3, hiddenSize: 4, numLayers: 2 };
    const first = new nn.LSTM({ ...options, random });
    const major = new nn.LSTM({ ...options, batchFirst: false });
    major.loadStateDict(first.stateDict());
    const x = uniform(2, 5, 3);
    expect(swapAxes(major.forward(swapAxes(x)).output)).toBeAllclose(first.forward(x).output.data, {
      rtol: 0,
    });
  });

  it('gradients flow through stacked layers, both axes orders and the state', () => {
    const model = new nn.LSTM({ inputSize: 2, hiddenSize: 3, numLayers: 2, random });
    const inputs = [uniform(2, 3, 2), uniform(2, 2, 3), uniform(2, 2, 3), ...model.parameters()];
    const results = gradcheck(([x, h0, c0]) => {
      const { output, h, c } = model.forward(x as T3, { h0: h0 as T3, c0: c0 as T3 });
      return mean(mul(square(output), sum(mul(h, square(c)))));
    }, inputs);
    for (const result of results) expect(result).toMatchObject({ passed: true });
  });

  it('prints both shapes when something does not fit', () => {
    const model = new nn.LSTM({ inputSize: 3, hiddenSize: 4 });
    expect(() => model.forward(uniform(2, 5, 4))).toThrow(
      new ShapeError('LSTM: x must be time-major [T, B, I] = [5, 2, 3], got [5, 2, 4]'),
    );
    expect(() => model.forward(uniform(2, 5, 3), { h0: uniform(1, 3, 4) })).toThrow(
      'LSTM: h0 must be [L, B, H] = [1, 2, 4], got [1, 3, 4]',
    );
    expect(() => new nn.LSTM({ inputSize: 3, hiddenSize: 0 })).toThrow(
      'LSTM: hiddenSize must be a whole number >= 1, got 0',
    );
    expect(() => new nn.LSTM({ inputSize: 3, hiddenSize: 2, numLayers: 2, dropout: 0.5 })).toThrow(
      'dropoutRandom must be given',
    );
  });
});

describe('dropout', () => {
  it('keeps the mean, drops the share, and is off at p = 0', () => {
    const x = tensor(new Array<number>(40_000).fill(1), [40_000]);
    const y = dropout(x, 0.3, new RandomStream(0, 'dropout')).data;
    const dropped = y.filter((n) => n === 0).length / y.length;
    expect(dropped).toBeCloseTo(0.3, 2);
    expect(y.every((n) => n === 0 || Math.abs(n - 1 / 0.7) < 1e-12)).toBe(true);
    expect(dropout(x, 0, new RandomStream(0, 'dropout'))).toBe(x);
    expect(() => dropout(x, 1, new RandomStream(0, 'dropout'))).toThrow(
      'dropout: p must be in [0, 1), got 1',
    );
  });
});

describe('Module', () => {
  it('names parameters as PyTorch does', () => {
    const model = new nn.LSTM({ inputSize: 2, hiddenSize: 3, numLayers: 2 });
    expect([...model.namedParameters().keys()]).toEqual(
      [0, 1].flatMap((k) => [`weight_ih_l${k}`, `weight_hh_l${k}`, `bias_ih_l${k}`, `bias_hh_l${k}`]),
    );
    expect(model.parameterCount).toBe(4 * 3 * (2 + 3 + 2) + 4 * 3 * (3 + 3 + 2));
  });

  it('loads all weights or none', () => {
    const model = new nn.Linear(2, 3);
    const before = model.stateDict();
    const state = new Map<string, nn.Weight>(before);
    state.set('weight', { shape: [3, 2], data: [1, 2, 3, 4, 5, 6] });
    state.set('bias', { shape: [2], data: [1, 2] });
    expect(() => model.loadStateDict(state)).toThrow(
      new CheckpointError('loadStateDict: bias must be [3], got [2]'),
    );
    expect(model.stateDict()).toEqual(before);
  });

  it.each(['f32', 'f64'] as const)(
    'a state dict is a safetensors file and back, in %s',
    async (precision) => {
      withKernel(await loadKernel({ precision }), () => {
        const [from, to] = [1, 2].map((seed) => {
          nn.manualSeed(seed);
          return new nn.GRU({ inputSize: 3, hiddenSize: 4, bidirectional: true });
        }) as [nn.GRU, nn.GRU];
        expect(to.stateDict()).not.toEqual(from.stateDict());
        to.loadStateDict(read(write(from.stateDict())).tensors);
        expect(to.stateDict()).toEqual(from.stateDict());
      });
    },
  );

  it('refuses whole numbers of 64 bits as weights, and keeps its own', () => {
    const model = new nn.Linear(1, 2);
    const before = model.stateDict();
    const { tensors } = read(
      write(
        new Map<string, SafeTensor>([
          ['weight', { shape: [2, 1], data: Float32Array.of(1, 2) }],
          ['bias', { shape: [2], data: BigInt64Array.of(1n, 2n) }],
        ]),
      ),
    );
    expect(() => model.loadStateDict(tensors)).toThrow(
      new DataError('loadStateDict: bias must be real numbers, got 64-bit integers'),
    );
    expect(model.stateDict()).toEqual(before);
  });
});

describe('training by hand', () => {
  it('an LSTM learns to add two marked numbers', () => {
    nn.manualSeed(3);
    const lstm = new nn.LSTM({ inputSize: 2, hiddenSize: 16 });
    const head = new nn.Linear(16, 1);
    class Adder extends nn.Module {
      readonly lstm = this.child('lstm', lstm);
      readonly head = this.child('head', head);
    }
    const optimizer = new optim.Adam(new Adder(), { learningRate: 0.01 });
    const stream = new RandomStream(5, 'adding');
    const [B, T] = [32, 6];
    let loss = Number.POSITIVE_INFINITY;
    for (let step = 0; step < 400; step += 1) {
      const x: number[] = [];
      const y: number[] = [];
      for (let b = 0; b < B; b += 1) {
        const values = Array.from({ length: T }, () => stream.uniform());
        const marks = [stream.integer(T / 2), T / 2 + stream.integer(T / 2)];
        for (const [t, value] of values.entries()) x.push(value, marks.includes(t) ? 1 : 0);
        y.push(marks.reduce((total, t) => total + values[t]!, 0));
      }
      loss = scope(() => {
        optimizer.zeroGrad();
        const { h } = lstm.forward(tensor(x, [B, T, 2]));
        const error = mean(square(sub(head.forward<[number, number]>(h), tensor(y, [1, B, 1]))));
        backward(error);
        optimizer.step({ clipNorm: 1 });
        return error.item();
      });
    }
    // The variance of a sum of two uniforms is 1/6: guessing the mean gives 0.167.
    expect(loss).toBeLessThan(0.02);
  });

  it('the optimiser refuses step sizes outside its domain', () => {
    expect(() => new optim.Adam(new nn.Linear(1, 1), { learningRate: 0 })).toThrow(
      'Adam: learningRate must be a number > 0, got 0',
    );
    expect(() => new optim.AdamW(new nn.Linear(1, 1), { betas: [1, 0.9] })).toThrow(
      'AdamW: betas[0] must be in [0, 1), got 1',
    );
  });
});
