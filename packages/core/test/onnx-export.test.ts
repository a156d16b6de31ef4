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
import { read, write } from '../src/formats/safetensors.js';
import { init } from '../src/kernel/load.js';
import { LSTM, Module, manualSeed } from '../src/nn/index.js';
import { loadOnnx, toOnnx } from '../src/onnx/index.js';
import { noGrad } from '../src/tape.js';
import { scope } from '../src/tensor.js';
import { type ExportCase, exportCases } from './onnx-export-cases.js';
import './setup.js';

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

test.each(Object.keys(exportCases))('%s: our importer computes the same', (name) => {
  const { model, options, inputs, run } = exportCases[name]!();
  const graph = loadOnnx(toOnnx(model, options));
  expect(graph.inputs.map((port) => port.name)).toEqual(Object.keys(inputs));
  expectAnswers(run, graph.run(inputs as Parameters<typeof graph.run>[0]));
  graph.dispose();
  model.dispose();
});

const zeros = (...shape: number[]) => ({
  shape,
  data: new Float32Array(shape.reduce((a, b) => a * b, 1)),
});

test('the sizes of batch and time are free', () => {
  const model = new LSTM({ inputSize: 3, hiddenSize: 4 });
  const graph = loadOnnx(toOnnx(model));
  expect(graph.inputs[0]).toEqual({ name: 'x', type: 'float32', shape: ['B', 'T', 3] });
  const { y } = graph.run({ x: zeros(2, 9, 3), h0: zeros(1, 2, 4), c0: zeros(1, 2, 4) });
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
        const made = Object.entries(exportCases).map(([name, make]) => [name, make()] as const);
        for (const [name, { model, options, inputs }] of made) {
          writeFileSync(join(folder, `${name}.onnx`), toOnnx(model, options));
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
