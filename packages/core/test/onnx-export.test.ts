/**
 * Exported files compute what the model computes: in our importer always, and in onnxruntime where HW5_PYTHON names a
 * Python that has it.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { ArgumentError } from '../src/errors.js';
import { read, type SafeTensor, write } from '../src/formats/safetensors.js';
import { init } from '../src/kernel/load.js';
import { CharLM } from '../src/models/char-lm.js';
import { GRU, LayerNorm, Linear, LSTM, Module, manualSeed, RNN } from '../src/nn/index.js';
import { loadOnnx, toOnnx } from '../src/onnx/index.js';
import { RandomStream } from '../src/random.js';
import { noGrad } from '../src/tape.js';
import { ids, scope, type Tensor, tensor } from '../src/tensor.js';
import './setup.js';

type Cube = Tensor<[number, number, number]>;
type Arrays = Record<string, SafeTensor>;

interface ExportCase {
  readonly model: Module;
  readonly inputs: Arrays;
  /** What the model itself answers. */
  readonly run: () => Readonly<Record<string, Tensor | undefined>>;
}

const [T, B] = [5, 3];
const numbers = new RandomStream(7, 'onnx-export');
const real = (...shape: number[]): SafeTensor => ({
  shape,
  data: Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () => numbers.uniform() * 2 - 1),
});
const cube = ({ shape, data }: SafeTensor): Cube =>
  tensor(data as Float32Array, shape as [number, number, number]);

function recurrentCase(model: RNN | GRU | LSTM): ExportCase {
  const { numLayers, bidirectional, hiddenSize, inputSize, batchFirst } = model.options;
  const sizes = [numLayers * (bidirectional ? 2 : 1), B, hiddenSize];
  const inputs: Arrays = { x: real(...(batchFirst ? [B, T] : [T, B]), inputSize), h0: real(...sizes) };
  if (model instanceof LSTM) inputs.c0 = real(...sizes);
  return {
    model,
    inputs,
    run: () => {
      const [x, h0] = [cube(inputs.x!), cube(inputs.h0!)];
      if (!(model instanceof LSTM)) {
        const { output, h } = model.forward(x, { h0 });
        return { y: output, hn: h };
      }
      const { output, h, c } = model.forward(x, { h0, c0: cube(inputs.c0!) });
      return { y: output, hn: h, cn: c };
    },
  };
}

function charCase(cell: 'rnn' | 'gru' | 'lstm', numLayers: number): ExportCase {
  const random = new RandomStream(3, cell);
  const model = new CharLM({
    ...{ vocabularySize: 7, embeddingSize: 4, cell, hiddenSize: 5, numLayers, dropout: 0.5 },
    ...{ random, dropoutRandom: random },
  });
  model.eval();
  const characters = Array.from({ length: T * B }, (_, i) => (i * i + 3) % 7);
  const inputs: Arrays = {
    ids: { shape: [T, B], data: BigInt64Array.from(characters, BigInt) },
    h0: real(numLayers, B, 5),
    ...(cell === 'lstm' ? { c0: real(numLayers, B, 5) } : {}),
  };
  return {
    model,
    inputs,
    run: () => {
      const state = { h: cube(inputs.h0!), ...(inputs.c0 === undefined ? {} : { c: cube(inputs.c0) }) };
      const { logits, h, c } = model.forward(ids(characters, [T, B]), state);
      return { logits, hn: h, cn: c };
    },
  };
}

function pointwiseCase(model: Linear | LayerNorm): ExportCase {
  const inputs = { x: real(B, T, 6) };
  const y = (x: Cube): Tensor =>
    model instanceof Linear ? model.forward<[number, number]>(x) : model.forward(x);
  return { model, inputs, run: () => ({ y: y(cube(inputs.x)) }) };
}

const sizes = { inputSize: 3, hiddenSize: 4 };
const cases: Readonly<Record<string, () => ExportCase>> = {
  linear: () => pointwiseCase(new Linear(6, 4)),
  'linear-nobias': () => pointwiseCase(new Linear(6, 1, { bias: false })),
  'layer-norm': () => pointwiseCase(new LayerNorm(6)),
  'layer-norm-plain': () => pointwiseCase(new LayerNorm(6, { affine: false, epsilon: 0.25 })),
  rnn: () => recurrentCase(new RNN(sizes)),
  'rnn-relu-bidirectional': () =>
    recurrentCase(new RNN({ ...sizes, nonlinearity: 'relu', bidirectional: true })),
  gru: () => recurrentCase(new GRU({ ...sizes, numLayers: 3 })),
  'gru-time-major': () => recurrentCase(new GRU({ ...sizes, batchFirst: false, bidirectional: true })),
  lstm: () => recurrentCase(new LSTM({ ...sizes, bias: false })),
  'lstm-two-bidirectional': () => recurrentCase(new LSTM({ ...sizes, numLayers: 2, bidirectional: true })),
  'char-lm-rnn': () => charCase('rnn', 2),
  'char-lm-gru': () => charCase('gru', 1),
  'char-lm-lstm': () => charCase('lstm', 2),
};

beforeAll(async () => {
  await init();
  manualSeed(1);
});

function expectAnswers(
  run: ExportCase['run'],
  actual: Readonly<Record<string, { readonly data: ArrayLike<unknown> }>>,
): void {
  const expected = scope(() =>
    noGrad(() =>
      Object.entries(run()).flatMap(([name, value]) =>
        value === undefined ? [] : [[name, value.data] as const],
      ),
    ),
  );
  expect(Object.keys(actual).sort()).toEqual(expected.map(([name]) => name).sort());
  for (const [name, data] of expected) expect(actual[name]!.data, name).toBeAllclose(data, { rtol: 1e-6 });
}

test.each(Object.keys(cases))('%s: our importer computes the same', (name) => {
  const { model, inputs, run } = cases[name]!();
  const graph = loadOnnx(toOnnx(model));
  expect(graph.inputs.map((port) => port.name)).toEqual(Object.keys(inputs));
  expectAnswers(run, graph.run(inputs as Parameters<typeof graph.run>[0]));
  graph.dispose();
  model.dispose();
});

test('the sizes of batch and time are free', () => {
  const model = new LSTM(sizes);
  const graph = loadOnnx(toOnnx(model));
  expect(graph.inputs[0]).toEqual({ name: 'x', type: 'float32', shape: ['B', 'T', 3] });
  const { y } = graph.run({ x: real(2, 9, 3), h0: real(1, 2, 4), c0: real(1, 2, 4) } as Parameters<
    typeof graph.run
  >[0]);
  expect(y!.shape).toEqual([2, 9, 4]);
});

test('a module of another class is refused', () => {
  class Own extends Module {}
  expect(() => toOnnx(new Own())).toThrow(ArgumentError);
  expect(() => toOnnx(new Own())).toThrow(/must be one that hw5 exports, got Own/);
});

const python = process.env.HW5_PYTHON;

describe.skipIf(python === undefined)(
  'onnxruntime (only where HW5_PYTHON names a Python that has it)',
  () => {
    test('finds every file valid and computes the same', () => {
      const folder = mkdtempSync(join(tmpdir(), 'hw5-onnx-'));
      try {
        const made = Object.entries(cases).map(([name, make]) => [name, make()] as const);
        for (const [name, { model, inputs }] of made) {
          writeFileSync(join(folder, `${name}.onnx`), toOnnx(model));
          writeFileSync(join(folder, `${name}.in.safetensors`), write(new Map(Object.entries(inputs))));
        }
        execFileSync(python!, [new URL('../../../tools/run_onnx.py', import.meta.url).pathname, folder]);
        for (const [name, { run }] of made) {
          const { tensors } = read(new Uint8Array(readFileSync(join(folder, `${name}.out.safetensors`))));
          expectAnswers(run, Object.fromEntries(tensors));
        }
      } finally {
        rmSync(folder, { recursive: true, force: true });
      }
    });
  },
);
