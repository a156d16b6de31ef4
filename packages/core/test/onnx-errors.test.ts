/** What the importer refuses, and how: typed errors that name the place; no file crashes it. */
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { ArgumentError, DataError, Hw5Error, ShapeError } from '../src/errors.js';
import { init } from '../src/kernel/load.js';
import { loadOnnx } from '../src/onnx/index.js';
import { encode } from '../src/onnx/protobuf.js';
import { type GraphProto, modelProto, type NodeProto } from '../src/onnx/schema.js';
import { onnxCases } from './onnx-fixtures.js';

beforeAll(async () => void (await init()));

function port(name: string, elem_type = 1, dims: readonly number[] = [2]): GraphProto['input'][number] {
  return {
    name,
    type: { tensor_type: { elem_type, shape: { dim: dims.map((dim_value) => ({ dim_value })) } } },
  };
}

function file(nodes: readonly Partial<NodeProto>[], graph: Partial<GraphProto> = {}): Uint8Array {
  const node = nodes.map((n) => ({ input: [], output: [], attribute: [], ...n }));
  return encode(modelProto, {
    ir_version: 10,
    opset_import: [{ version: 21 }],
    graph: { node, initializer: [], input: [port('x')], output: [port('y')], ...graph },
  });
}

const two = { shape: [2], data: [1, -2] };

test('runs what the helpers of this file write', () => {
  const { y } = loadOnnx(file([{ op_type: 'Neg', input: ['x'], output: ['y'] }])).run({ x: two });
  expect([...y!.data]).toEqual([-1, 2]);
});

describe('loading refuses', () => {
  test.each<[string, Uint8Array, RegExp]>([
    [
      'bytes that are no protocol buffer',
      new TextEncoder().encode('not a model'),
      /must be an ONNX model, got/,
    ],
    ['an empty file', new Uint8Array(), /must hold a graph with outputs/],
    [
      'unknown operators, all of them named',
      file([
        { op_type: 'Conv', input: ['x'], output: ['a'] },
        { op_type: 'FusedGelu', domain: 'com.example', input: ['a'], output: ['y'] },
      ]),
      /operators must be known, got Conv, com\.example\.FusedGelu/,
    ],
    [
      'a node before its input',
      file([{ op_type: 'Neg', input: ['z'], output: ['y'] }]),
      /made by an earlier node, got "z"/,
    ],
    [
      'an output that nothing makes',
      file([{ op_type: 'Neg', input: ['x'], output: ['z'] }]),
      /"y" must be made/,
    ],
    [
      'a weight with too few bytes',
      file([{ op_type: 'Neg', input: ['w'], output: ['y'] }], {
        initializer: [
          {
            name: 'w',
            dims: [3],
            data_type: 1,
            raw_data: new Uint8Array(8),
            float_data: [],
            int32_data: [],
            int64_data: [],
            double_data: [],
          },
        ],
      }),
      /tensor "w" must hold 3 entries, got/,
    ],
    [
      'an input of text',
      file([{ op_type: 'Neg', input: ['x'], output: ['y'] }], { input: [port('x', 8)] }),
      /must be of type/,
    ],
  ])('%s', (_, bytes, message) => {
    expect(() => loadOnnx(bytes)).toThrow(DataError);
    expect(() => loadOnnx(bytes)).toThrow(message);
  });
});

describe('running refuses', () => {
  const neg = (): ReturnType<typeof loadOnnx> =>
    loadOnnx(file([{ op_type: 'Neg', input: ['x'], output: ['y'] }]));

  test('a missing, an unknown and a misshapen input', () => {
    expect(() => neg().run({})).toThrow(ArgumentError);
    expect(() => neg().run({ x: two, z: two })).toThrow(/inputs must be among x, got "z"/);
    expect(() => neg().run({ x: { shape: [3], data: [1, 2, 3] } })).toThrow(
      /input "x" must be \[2\], got \[3\]/,
    );
    expect(() => neg().run({ x: { shape: [2], data: [1] } })).toThrow(/must have 2 entries/);
  });

  test('fractions where the graph wants whole numbers', () => {
    const model = loadOnnx(
      file([{ op_type: 'Neg', input: ['x'], output: ['y'] }], { input: [port('x', 7)] }),
    );
    expect(() => model.run({ x: { shape: [2], data: [1, 0.5] } })).toThrow(/whole numbers, got 0.5 at 1/);
  });

  test('sizes that do not fit, and says in which node', () => {
    const model = loadOnnx(
      file([{ op_type: 'MatMul', name: 'head', input: ['x', 'w'], output: ['y'] }], {
        input: [port('x'), port('w', 1, [3, 1])],
      }),
    );
    const run = (): unknown => model.run({ x: two, w: { shape: [3, 1], data: [1, 2, 3] } });
    expect(run).toThrow(ShapeError);
    expect(run).toThrow(/MatMul: .*\(node "head"\)/);
  });
});

test('damaged files give typed errors or run, and never hang or grow without bound', () => {
  const models = ['recurrent', 'node-attention', 'exported'].flatMap((area) => onnxCases(area).slice(0, 6));
  fc.assert(
    fc.property(
      fc.nat(models.length - 1),
      fc.array(fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 })), { minLength: 1, maxLength: 8 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (which, edits, keep) => {
        const { model, inputs } = models[which]!;
        const bytes = model.slice(0, Math.ceil(model.length * (keep < 0.5 ? 1 : keep)));
        for (const [at, byte] of edits) bytes[at % bytes.length] = byte;
        try {
          const graph = loadOnnx(bytes);
          graph.run(inputs as Parameters<typeof graph.run>[0]);
          graph.dispose();
        } catch (error) {
          if (!(error instanceof Hw5Error)) throw error;
        }
      },
    ),
    { numRuns: 1500, seed: 5 },
  );
});
