/** Models to files of others and back: the same numbers, and a receipt that says what moved where. */
import { readFileSync } from 'node:fs';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { ArgumentError, CheckpointError, DataError } from '../src/errors.js';
import { readNpz, writeNpz } from '../src/formats/npz.js';
import { read, write } from '../src/formats/safetensors.js';
import { exportFormats, exportRun, type Imported, importFile } from '../src/interop/index.js';
import { init } from '../src/kernel/load.js';
import { encode } from '../src/onnx/protobuf.js';
import { modelProto } from '../src/onnx/schema.js';
import { noGrad } from '../src/tape.js';
import { ids, scope } from '../src/tensor.js';
import { CharLMRun } from '../src/train/char-lm-run.js';
import { ClassifyRun } from '../src/train/classify-run.js';
import type { Run } from '../src/train/run.js';
import { Seq2SeqRun } from '../src/train/seq2seq-run.js';
import { TagRun } from '../src/train/tag-run.js';
import './setup.js';

const TEXT = 'ab cd, باران. '.repeat(40);
const VOCABULARY = [...'abcdefg'];
const cells = ['rnn', 'gru', 'lstm'] as const;
type Cell = (typeof cells)[number];

let open: Run[] = [];
beforeAll(async () => void (await init()));
afterEach(() => {
  for (const run of open) run.dispose();
  open = [];
});

function kept<R extends Run>(run: R): R {
  open.push(run);
  return run;
}

const charRun = (cell: Cell): CharLMRun =>
  kept(
    CharLMRun.create(TEXT, {
      cell,
      embeddingSize: 3,
      hiddenSize: 4,
      numLayers: 2,
      batchSize: 2,
      sequenceLength: 8,
    }),
  );

function imported(
  file: Uint8Array,
  vocabulary?: readonly string[],
  text?: string,
): Imported & { run: CharLMRun } {
  const result = importFile({ file, vocabulary, text, config: { batchSize: 2, sequenceLength: 8 } });
  expect(result.run, result.receipt.notes.join('; ')).toBeDefined();
  return { ...result, run: kept(result.run!) };
}

const onlyFile = (run: Run, format: (typeof exportFormats)[number], name: RegExp): Uint8Array =>
  [...exportRun(run, format).files].find(([file]) => name.test(file))![1];

const fixture = (name: string): Uint8Array =>
  new Uint8Array(readFileSync(new URL(`../../../fixtures/interop/${name}`, import.meta.url)));

describe.each(cells)('%s saved by PyTorch', (cell) => {
  test.each(['safetensors', 'pt', 'npz', 'onnx'])('%s answers as PyTorch does', (format) => {
    const { run, receipt } = imported(fixture(`${cell}.${format}`), VOCABULARY);
    const { tensors } = read(fixture(`${cell}.answer.safetensors`));
    const { shape, data } = tensors.get('ids')!;
    const logits = noGrad(
      () =>
        scope(
          () =>
            run.model.eval().forward(ids(data as Int32Array, shape as [number, number])) as never as {
              logits: { data: Float32Array };
            },
        ).logits.data,
    );
    expect(logits).toBeAllclose(tensors.get('logits')!.data as Float32Array, { rtol: 1e-6 });
    expect(receipt).toMatchObject({ direction: 'import', format, maxDelta: 0 });
    expect(receipt.linearBeforeReset).toBe(cell === 'gru' ? true : undefined);
    expect(receipt.tensors).toHaveLength(run.weights.namedParameters().size);
  });
});

describe.each(cells)('a character model of %s', (cell) => {
  test.each(['safetensors', 'npz', 'onnx', 'pytorch'] as const)('%s and back is the same model', (format) => {
    const run = charRun(cell);
    for (let step = 0; step < 3; step += 1) run.trainStep();
    const { files, receipt } = exportRun(run, format);
    expect(receipt.maxDelta).toBe(0);
    expect(receipt.tensors.map(({ name }) => name)).toEqual([...run.weights.namedParameters().keys()]);
    expect(receipt.tensors.filter(({ fileShape }) => fileShape.length === 0)).toEqual([]);
    const vocabulary = JSON.parse(new TextDecoder().decode(files.get('vocabulary.json'))) as string[];
    expect(vocabulary).toEqual(run.vocabulary.tokens);
    const file = [...files].find(([name]) => /^model\.(safetensors|npz|onnx)$/.test(name))![1];
    const back = imported(file, vocabulary, TEXT);
    expect(back.run.hash()).toBe(run.hash());
    expect(back.run.trainable).toBe(true);
    expect(Number.isFinite(back.run.trainStep().loss)).toBe(true);
  });

  test('keras and back answers the same', () => {
    const run = charRun(cell);
    const { files, receipt } = exportRun(run, 'keras');
    expect(receipt.maxDelta).toBeLessThan(1e-7);
    const back = imported(files.get('model.keras.npz')!, run.vocabulary.tokens);
    expect(back.run.evaluate(TEXT).loss).toBeCloseTo(run.evaluate(TEXT).loss, 5);
    expect(back.receipt.gates!.file).toBe({ rnn: 'one block', gru: 'z, r, h', lstm: 'i, f, c, o' }[cell]);
  });
});

const taskRuns: Readonly<Record<string, () => Run>> = {
  classify: () =>
    ClassifyRun.create(
      { task: 'sentiment', train: 40, validation: 8 },
      { hiddenSize: 4, embeddingSize: 3, pooling: 'attention', bidirectional: true },
    ),
  tag: () =>
    TagRun.create(
      { task: 'part-of-speech', train: 40, validation: 8 },
      { hiddenSize: 4, embeddingSize: 3, cell: 'gru' },
    ),
  seq2seq: () =>
    Seq2SeqRun.create(
      { task: 'dates', train: 40, validation: 8 },
      { hiddenSize: 4, embeddingSize: 3, cell: 'lstm' },
    ),
  'seq2seq with dot attention': () =>
    Seq2SeqRun.create(
      { task: 'dates', train: 40, validation: 8 },
      { hiddenSize: 4, embeddingSize: 3, attention: 'dot', bidirectional: false },
    ),
};

test.each(Object.keys(taskRuns))('%s: every format keeps every weight; ONNX answers the same', (name) => {
  const run = kept(taskRuns[name]!());
  for (const format of exportFormats) {
    if (format === 'keras' && run.task === 'seq2seq') {
      expect(() => exportRun(run, format)).toThrow(/keras must be given stacked recurrent layers/);
      continue;
    }
    const { files, receipt } = exportRun(run, format);
    expect(receipt.maxDelta, format).toBeLessThan(1e-7);
    expect(receipt.tensors.filter(({ fileShape }) => fileShape.length === 0)).toEqual([]);
    expect([...files.keys()]).toContain('vocabulary.json');
    if (format === 'onnx') expect(receipt.outputs!.maxDelta).toBeLessThan(1e-6);
    if (format !== 'safetensors') continue;
    const described = importFile({ file: files.get('model.safetensors')! });
    expect(described.run).toBeUndefined();
    expect(described.receipt.notes.at(-1)).toMatch(/^no run was made: /);
  }
});

test.each(['learned', 'sinusoidal'] as const)(
  'a Transformer with %s positions leaves and comes back',
  (positions) => {
    const config = {
      cell: 'transformer',
      embeddingSize: 4,
      hiddenSize: 6,
      numLayers: 2,
      numHeads: 2,
      positions,
    } as const;
    const run = kept(CharLMRun.create(TEXT, { ...config, batchSize: 2, sequenceLength: 8 }));
    run.trainStep();
    for (const format of ['safetensors', 'npz', 'onnx', 'pytorch'] as const) {
      const { files, receipt } = exportRun(run, format);
      expect(receipt.maxDelta, format).toBe(0);
      expect(receipt.tensors.filter(({ fileShape }) => fileShape.length === 0)).toEqual([]);
      if (format === 'onnx') expect(receipt.outputs!.maxDelta).toBeLessThan(1e-6);
      if (format === 'safetensors')
        expect(imported(files.get('model.safetensors')!).run.hash()).toBe(run.hash());
    }
    expect(() => exportRun(run, 'keras')).toThrow(/recurrent layers, got a Transformer/);
  },
);

test('a model of words keeps its words', () => {
  const run = kept(
    CharLMRun.create(TEXT, {
      unit: 'words',
      embeddingSize: 3,
      hiddenSize: 4,
      batchSize: 2,
      sequenceLength: 8,
    }),
  );
  const { files } = exportRun(run, 'npz');
  const vocabulary = JSON.parse(new TextDecoder().decode(files.get('vocabulary.json'))) as string[];
  expect(imported(files.get('model.npz')!, vocabulary, TEXT).run.hash()).toBe(run.hash());
  expect(imported(onlyFile(run, 'safetensors', /^model/)).run.config.unit).toBe('words');
});

test('a planted swap of two gates shows in the receipt as no other change does', () => {
  const run = charRun('lstm');
  const arrays = readNpz(onlyFile(run, 'npz', /npz$/));
  const { shape, data } = arrays.get('lstm.weight_hh_l0')!;
  const swapped = data.slice() as Float32Array;
  swapped.copyWithin(16, 32, 48);
  arrays.set('lstm.weight_hh_l0', { shape, data: swapped });
  const back = imported(writeNpz(arrays), run.vocabulary.tokens);
  expect(back.run.hash()).not.toBe(run.hash());
});

describe('what a file may leave out', () => {
  test('an embedding, when inputs are one-hot; biases', () => {
    const random = (...shape: number[]) => ({
      shape,
      data: Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) =>
        Math.sin(i + shape[0]!),
      ),
    });
    const file = write(
      new Map(
        [
          ['rnn.weight_ih_l0', random(12, 7)],
          ['rnn.weight_hh_l0', random(12, 3)],
          ['fc.weight', random(7, 3)],
        ].map(([name, tensor]) => [`gru_${name as string}`, tensor as ReturnType<typeof random>]),
      ),
    );
    const { run, receipt } = imported(file, VOCABULARY);
    expect(run.config).toMatchObject({ cell: 'lstm', embeddingSize: 7, hiddenSize: 3 });
    expect([...run.model.embedding.weight.data].filter((x) => x === 1)).toHaveLength(7);
    expect(receipt.notes.join('; ')).toMatch(
      /one-hot.*no lstm\.bias_ih_l0, lstm\.bias_hh_l0 in the file: 0.*no bias of the output/,
    );
  });

  test('double precision is rounded, and the receipt says how much', () => {
    const { tensors } = read(fixture('gru.safetensors'));
    const wide = new Map(
      [...tensors].map(([name, { shape, data }]) => [
        name,
        { shape, data: Float64Array.from(data as Float32Array, (x) => x + 1e-9) },
      ]),
    );
    const { receipt } = imported(write(wide), VOCABULARY);
    expect(receipt.maxDelta).toBeGreaterThan(0);
    expect(receipt.maxDelta).toBeLessThan(1e-7);
  });
});

describe('import refuses', () => {
  const bytes = (text: string): Uint8Array => Uint8Array.from(text, (char) => char.charCodeAt(0));
  test.each<[string, Uint8Array, readonly string[] | undefined, unknown, RegExp]>([
    [
      'HDF5',
      bytes('\x89HDF\r\n\x1a\n'),
      undefined,
      ArgumentError,
      /got HDF5 \(Keras .h5\), which hw5 does not read/,
    ],
    ['one array', bytes('\x93NUMPY\x01\x00'), undefined, ArgumentError, /named weights, got one array/],
    [
      'an old .pt',
      bytes('\x80\x02\x8a\nl\xfc\x9cF\xf9 j\xa8P\x19.'),
      undefined,
      CheckpointError,
      /zip archive, as PyTorch writes since 1.6/,
    ],
    ['another file', bytes('hello, world'), undefined, DataError, /must be an ONNX model|must hold a graph/],
    [
      'a file without recurrent layers',
      write(new Map([['w', { shape: [1], data: Float32Array.of(1) }]])),
      undefined,
      DataError,
      /one stack of recurrent layers \(weight_ih_l0, ...\), got "w"/,
    ],
  ])('%s', (_, file, vocabulary, type, message) => {
    expect(() => importFile({ file, vocabulary })).toThrow(type as never);
    expect(() => importFile({ file, vocabulary })).toThrow(message);
  });

  test('a vocabulary of another size, of words, with repeats', () => {
    const file = fixture('lstm.safetensors');
    expect(() => importFile({ file, vocabulary: [...'abc'] })).toThrow(
      /must have the 7 tokens of the model, got 3/,
    );
    expect(() => importFile({ file, vocabulary: ['the', ...'bcdefg'] })).toThrow(
      /words: must hold <unk>, got 7 without it/,
    );
    expect(() => importFile({ file, vocabulary: [...'aacdefg'] })).toThrow(/characters must differ/);
    expect(importFile({ file }).receipt.notes.at(-1)).toMatch(/vocabulary must be given \(its 7 tokens/);
  });

  test('recurrent nodes that PyTorch does not have', () => {
    const node = (attribute: object, input = ['x', 'W', 'R', 'B']) => ({
      op_type: 'GRU',
      input,
      output: ['y'],
      attribute: [attribute],
    });
    const gru = (name: string, value: object) =>
      encode(modelProto, {
        opset_import: [{ version: 17 }],
        graph: {
          node: [node({ name, floats: [], ints: [], strings: [], ...value }) as never],
          initializer: [],
          input: [],
          output: [],
        },
      });
    expect(() => importFile({ file: gru('linear_before_reset', { i: 0, type: 2 }) })).toThrow(
      /linear_before_reset of GRU must be that of PyTorch's layers/,
    );
    expect(() => importFile({ file: gru('clip', { f: 3, type: 1 }) })).toThrow(/clip of GRU/);
    expect(() => importFile({ file: gru('layout', { i: 1, type: 2 }) })).toThrow(/layout of GRU/);
  });
});
