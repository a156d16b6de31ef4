/** The importer against the ONNX project's node cases, onnxruntime and PyTorch. */
import { beforeAll, describe, expect, test } from 'vitest';
import { init } from '../src/kernel/load.js';
import { loadOnnx } from '../src/onnx/index.js';
import { onnxAreas, onnxCases } from './onnx-fixtures.js';

beforeAll(async () => void (await init()));

interface Bound {
  readonly atol: number;
  readonly rtol: number;
}

/** The bounds of the ONNX project's own test runner. */
const nodeBound: Bound = { atol: 1e-7, rtol: 1e-3 };

/** |a - b| <= atol + rtol |b|; infinities and NaN in the same places. */
function expectClose(
  actual: ArrayLike<number | bigint>,
  expected: ArrayLike<number | bigint>,
  { atol, rtol }: Bound,
): void {
  expect(actual.length).toBe(expected.length);
  for (let i = 0; i < expected.length; i += 1) {
    const [a, b] = [Number(actual[i]), Number(expected[i])];
    const close = Object.is(a, b) || a === b || Math.abs(a - b) <= atol + rtol * Math.abs(b);
    if (!close) expect.fail(`entry ${i}: ${a} must be ${b}`);
  }
}

/** 1e-5 of the largest entry: rows may grow from step to step, and their rounding errors with them. */
function relativeBound(expected: ArrayLike<number | bigint>): Bound {
  let largest = 0;
  for (let i = 0; i < expected.length; i += 1) largest = Math.max(largest, Math.abs(Number(expected[i])));
  return { atol: 1e-7 + 1e-5 * largest, rtol: 0 };
}

describe.each(onnxAreas)('%s', (area) => {
  test.each(onnxCases(area))('$name', ({ model, inputs, outputs }) => {
    const graph = loadOnnx(model);
    const results = graph.run(inputs as Parameters<typeof graph.run>[0]);
    expect(Object.keys(results).sort()).toEqual(Object.keys(outputs).sort());
    for (const [name, { shape, data }] of Object.entries(outputs)) {
      expect(results[name]!.shape, name).toEqual(shape);
      expectClose(results[name]!.data, data, area.startsWith('node') ? nodeBound : relativeBound(data));
    }
    graph.dispose();
  });
});
