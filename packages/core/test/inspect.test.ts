/** Looking into recurrent networks: against their equations, against finite differences, against what cannot be. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ArgumentError, ShapeError } from '../src/errors.js';
import {
  characterConnectivity,
  connectivity,
  recordLayer,
  searchStates,
  stateInfluence,
} from '../src/inspect/index.js';
import { currentKernel, init } from '../src/kernel/load.js';
import { CharLM } from '../src/models/char-lm.js';
import { GRU, LSTM, manualSeed, RNN } from '../src/nn/index.js';
import type { Recurrent } from '../src/nn/recurrent.js';
import { narrow } from '../src/ops/layout.js';
import { sum } from '../src/ops/reduce.js';
import { RandomStream } from '../src/random.js';
import { noGrad } from '../src/tape.js';
import { scope, type Tensor, tensor } from '../src/tensor.js';
import './setup.js';

type Cube = Tensor<[number, number, number]>;

const sizes = { inputSize: 3, hiddenSize: 5, numLayers: 2, batchFirst: false };
const T = 7;
let modules: Record<string, RNN | GRU | LSTM>;
let x: Cube;

beforeAll(async () => {
  await init({ precision: 'f64' });
  manualSeed(11);
  modules = {
    rnn: new RNN(sizes),
    relu: new RNN({ ...sizes, nonlinearity: 'relu' }),
    gru: new GRU(sizes),
    lstm: new LSTM(sizes),
  };
  const random = new RandomStream(2, 'inspect');
  x = tensor(
    Float64Array.from({ length: T * 3 }, () => random.uniform() * 2 - 1),
    [T, 1, 3],
  );
});

afterAll(async () => void (await init()));

const kinds = ['rnn', 'relu', 'gru', 'lstm'];
const sigma = (v: number): number => 1 / (1 + Math.exp(-v));

describe.each(kinds)('%s', (kind) => {
  test('recorded states are those of the module', () => {
    const module = modules[kind]!;
    const { shape, h } = recordLayer(module, x);
    const output = scope(() => noGrad(() => module.forward(x).output.data));
    expect(shape).toEqual([T, 1, 5]);
    expect(h).toBeAllclose(output, { rtol: 1e-14 });
  });

  test('||dh_t / dh_k|| is what finite differences of the step give', () => {
    const module = modules[kind]!;
    const { frobenius, spectral, at } = stateInfluence(module, x, { layer: 0, at: 4 });
    expect(at).toBe(4);
    expect(frobenius).toHaveLength(5);
    expect(frobenius[4]).toBeCloseTo(Math.sqrt(5), 12);
    expect(spectral[4]).toBeCloseTo(1, 12);
    for (const k of [0, 2, 3]) {
      const numeric = numericJacobian(module, k, 4);
      const expected = Math.sqrt(numeric.flat().reduce((total, entry) => total + entry * entry, 0));
      expect(frobenius[k]).toBeCloseTo(expected, 7);
      expect(spectral[k]!).toBeLessThanOrEqual(frobenius[k]! + 1e-12);
      expect(spectral[k]!).toBeGreaterThanOrEqual(frobenius[k]! / Math.sqrt(5) - 1e-12);
    }
  });

  test('an output depends on earlier inputs and on no later one', () => {
    const module = modules[kind]!;
    const output = (from: Cube): Tensor => sum(narrow((module as LSTM).forward(from).output, 3, 1));
    const { norms, contributions } = connectivity(output, x);
    expect(norms.slice(0, 4).every((norm) => norm > 0)).toBe(true);
    expect(norms.slice(4)).toEqual([0, 0, 0]);
    const entries = x.data;
    const epsilon = 1e-6;
    const shifted = (t: number, sign: number): number =>
      scope(() => {
        const moved = Float64Array.from(entries, (v, i) =>
          Math.floor(i / 3) === t ? v * (1 + sign * epsilon) : v,
        );
        return noGrad(() => output(tensor(moved, [T, 1, 3])).item());
      });
    for (let t = 0; t < T; t += 1) {
      expect(contributions[t]).toBeCloseTo((shifted(t, 1) - shifted(t, -1)) / (2 * epsilon), 7);
    }
  });
});

/** d h_t / d h_k of layer 0 by central differences: the steps k + 1 .. t are run from a moved h_k (and the same c_k). */
function numericJacobian(module: Recurrent, k: number, t: number): number[][] {
  const recorded = recordLayer(module, x, { layer: 0 });
  const part = (values: Float64Array): Float64Array => values.slice(k * 5, (k + 1) * 5);
  const run = (h: Float64Array): Float64Array => {
    const single = new (module.constructor as typeof LSTM)({
      ...sizes,
      numLayers: 1,
      ...(module instanceof RNN ? { nonlinearity: module.nonlinearity } : {}),
    });
    const state = new Map([...module.stateDict()].filter(([name]) => name.includes('_l0')));
    single.loadStateDict(state);
    const after = scope(() =>
      noGrad(() => {
        const rest = tensor(x.data.slice((k + 1) * 3, (t + 1) * 3), [t - k, 1, 3]);
        const h0 = tensor(h, [1, 1, 5]);
        const c0 = recorded.c === undefined ? {} : { c0: tensor(part(recorded.c), [1, 1, 5]) };
        return single.forward(rest, { h0, ...c0 }).h.data as Float64Array;
      }),
    );
    single.dispose();
    return after;
  };
  const epsilon = 1e-5;
  const start = part(recorded.h);
  return Array.from({ length: 5 }, (_, j) => {
    const [up, down] = [1, -1].map((sign) => run(start.map((v, i) => (i === j ? v + sign * epsilon : v))));
    return Array.from({ length: 5 }, (__, i) => (up![i]! - down![i]!) / (2 * epsilon));
  });
}

test('gates are those that make the next state', () => {
  const { h, c, gates } = recordLayer(modules.lstm!, x);
  for (let at = 0; at < h.length; at += 1) {
    const before = at < 5 ? 0 : c![at - 5]!;
    const [i, f, g, o] = ['i', 'f', 'g', 'o'].map((name) => gates[name]![at]!) as [
      number,
      number,
      number,
      number,
    ];
    expect(c![at]).toBeCloseTo(f * before + i * g, 13);
    expect(h[at]).toBeCloseTo(o * Math.tanh(c![at]!), 13);
  }
  const gru = recordLayer(modules.gru!, x, { layer: 0 });
  for (let at = 0; at < gru.h.length; at += 1) {
    const before = at < 5 ? 0 : gru.h[at - 5]!;
    const [z, n] = ['z', 'n'].map((name) => gru.gates[name]![at]!) as [number, number];
    expect(gru.h[at]).toBeCloseTo((1 - z) * n + z * before, 13);
  }
  expect(Object.keys(gru.gates)).toEqual(['r', 'z', 'n']);
  expect(recordLayer(modules.rnn!, x).gates).toEqual({});
});

test('the first gate of the first step, by hand', () => {
  const state = modules.lstm!.stateDict();
  const of = (name: string): ArrayLike<number> => state.get(name)!.data;
  let z = of('bias_ih_l0')[0]! + of('bias_hh_l0')[0]!;
  for (let j = 0; j < 3; j += 1) z += of('weight_ih_l0')[j]! * x.data[j]!;
  expect(recordLayer(modules.lstm!, x, { layer: 0 }).gates.i![0]).toBeCloseTo(sigma(z), 14);
});

test('a character model: the likeliest next character rests on the text so far', () => {
  const random = new RandomStream(5, 'model');
  const model = new CharLM({
    ...{ vocabularySize: 6, embeddingSize: 3, hiddenSize: 4, numLayers: 1, dropout: 0.5 },
    ...{ random, dropoutRandom: random },
  });
  const live = currentKernel().liveBytes;
  const { norms, target } = characterConnectivity(model, [0, 1, 2, 3, 4, 5], { at: 3 });
  expect(norms.map((norm) => norm > 0)).toEqual([true, true, true, true, false, false]);
  expect(target).toBeGreaterThanOrEqual(0);
  expect(model.training).toBe(true);
  expect(currentKernel().liveBytes).toBe(live);
  expect(() => characterConnectivity(model, [0, 1], { at: 2 })).toThrow(/step in \[0, 2\), got 2/);
  model.dispose();
});

describe('hidden-state search', () => {
  // Unit 0 is on in 2..4 and 8..10, unit 1 in 2..4 and 8..9, unit 2 always, unit 3 in 5..7.
  const on = [[2, 3, 4, 8, 9, 10], [2, 3, 4, 8, 9], Array.from({ length: 12 }, (_, t) => t), [5, 6, 7]];
  const states = Float64Array.from({ length: 12 * 4 }, (_, at) =>
    on[at % 4]!.includes(Math.floor(at / 4)) ? 0.9 : 0,
  );

  test('finds the ranges with most shared units, then fewest others', () => {
    const { units, matches } = searchStates(states, 4, { from: 2, to: 4 });
    expect(units).toEqual([0, 1, 2]);
    expect(matches[0]).toEqual({ from: 8, to: 10, shared: [0, 1, 2], extra: 0 });
    expect(matches.every(({ from, to }) => to <= 2 || from >= 4)).toBe(true);
    expect(matches.at(-1)!.shared).toEqual([2]);
  });

  test('tight leaves out what is on outside the selection', () => {
    expect(searchStates(states, 4, { from: 2, to: 5, tight: true }).units).toEqual([0, 1]);
  });

  test('refuses selections outside the text', () => {
    expect(() => searchStates(states, 4, { from: 5, to: 5 })).toThrow(ArgumentError);
    expect(() => searchStates(states, 5, { from: 0, to: 1 })).toThrow(ShapeError);
  });
});
