/** PyTorch's own files: weights are read, whatever could run code is refused. */
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CheckpointError } from '../src/errors.js';
import { read } from '../src/formats/safetensors.js';
import { readTorch } from '../src/formats/torch.js';

const file = (name: string): Uint8Array =>
  new Uint8Array(readFileSync(new URL(`../../../fixtures/torch-files/${name}`, import.meta.url)));
const numbers = Array.from({ length: 12 }, (_, i) => i / 4);

test('a state dictionary equals the same weights in a safetensors file, bit for bit', () => {
  const { tensors } = read(file('lstm.safetensors'));
  const weights = readTorch(file('lstm.pt'));
  expect([...weights.keys()].sort()).toEqual([...tensors.keys()].sort());
  for (const [name, { shape, data }] of tensors) expect(weights.get(name), name).toEqual({ shape, data });
});

test('all number types', () => {
  const weights = readTorch(file('kinds.pt'));
  expect(weights.size).toBe(10);
  for (const [kind, { shape, data }] of weights) {
    expect(shape).toEqual([3, 4]);
    const expected = numbers.map((x) =>
      kind === 'bool' ? Number(x !== 0) : kind.includes('float') ? x : Math.trunc(x),
    );
    expect([...data].map(Number), kind).toEqual(expected);
  }
});

test('views of one storage, parameters, scalars, empty tensors', () => {
  const weights = readTorch(file('views.pt'));
  const entries = (name: string): unknown => [weights.get(name)!.shape, [...weights.get(name)!.data]];
  expect(entries('transposed')).toEqual([
    [4, 3],
    [0, 1, 2, 3].flatMap((j) => [0, 1, 2].map((i) => (i * 4 + j) / 4)),
  ]);
  expect(entries('column')).toEqual([[3], [0.25, 1.25, 2.25]]);
  expect(entries('rows')).toEqual([
    [2, 4],
    [...numbers.slice(0, 4), ...numbers.slice(8)],
  ]);
  expect(entries('parameter')).toEqual([[4], numbers.slice(0, 4)]);
  expect(entries('scalar')).toEqual([[], [1.5]]);
  expect(entries('empty')).toEqual([[0, 3], []]);
});

test('nested checkpoints by dotted name; protocol 4', () => {
  const weights = readTorch(file('checkpoint.pt'));
  expect([...weights.get('model.w')!.data]).toEqual(numbers);
  expect(weights.get('optimizer.state.0.exp_avg')!.shape).toEqual([12, 2]);
  expect([...readTorch(file('protocol-4.pt')).get('w')!.data]).toEqual(numbers);
});

describe('refuses', () => {
  test.each<[string, RegExp]>([
    ['evil.pt', /tensors only, got a reference to "posix\.system"/],
    ['whole-module.pt', /tensors only, got a reference to "torch\.nn\.modules\.rnn\.LSTM"/],
    ['legacy.pt', /zip archive, as PyTorch writes since 1\.6/],
    ['other.zip', /must hold data\.pkl/],
  ])('%s', (name, message) => {
    expect(() => readTorch(file(name))).toThrow(CheckpointError);
    expect(() => readTorch(file(name))).toThrow(message);
  });

  test('or reads damaged files, and throws nothing else', () => {
    const files = ['lstm.pt', 'views.pt', 'checkpoint.pt'].map(file);
    const edit = fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 }));
    fc.assert(
      fc.property(fc.nat(2), fc.array(edit, { minLength: 1, maxLength: 6 }), (which, edits) => {
        const bytes = files[which]!.slice();
        for (const [at, byte] of edits) bytes[at % bytes.length] = byte;
        try {
          readTorch(bytes);
        } catch (error) {
          if (!(error instanceof CheckpointError)) throw error;
        }
      }),
      { numRuns: 3000, seed: 9 },
    );
  });
});
