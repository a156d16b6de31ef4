/** Recurrent layers with Keras's weights give Keras's answers. */
import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, test } from 'vitest';
import { ArgumentError, ShapeError } from '../src/errors.js';
import { fromKeras, type KerasCell, type KerasWeights, toKeras } from '../src/formats/keras.js';
import { read } from '../src/formats/safetensors.js';
import { init } from '../src/kernel/load.js';
import { GRU, LSTM, type Module, RNN } from '../src/nn/index.js';
import type { Weight } from '../src/nn/module.js';
import { scope, tensor } from '../src/tensor.js';
import './setup.js';

const { tensors } = read(
  new Uint8Array(readFileSync(new URL('../../../fixtures/keras-layers.safetensors', import.meta.url))),
);
const weight = (name: string): Weight => tensors.get(name) as unknown as Weight;

function layerOf(name: string): KerasWeights[] {
  return ['forward', 'backward']
    .filter((direction) => tensors.has(`${name}/${direction}/kernel`))
    .map((direction) => {
      const of = (key: string): Weight => weight(`${name}/${direction}/${key}`);
      const weights = { kernel: of('kernel'), recurrentKernel: of('recurrent_kernel') };
      return tensors.has(`${name}/${direction}/bias`) ? { ...weights, bias: of('bias') } : weights;
    });
}

beforeAll(async () => void (await init()));

const cells = { RNN, GRU, LSTM };
const cases = (['RNN', 'GRU', 'LSTM'] as const).flatMap((cell) =>
  (['plain', 'nobias', 'bidirectional'] as const).map((kind) => [cell, kind] as const),
);

test.each(cases)('%s, %s', (cell: KerasCell, kind: string) => {
  const options = {
    inputSize: 3,
    hiddenSize: 4,
    bias: kind !== 'nobias',
    bidirectional: kind === 'bidirectional',
  };
  const module = new cells[cell](options);
  const layer = layerOf(`${cell}-${kind}`);
  (module as Module).loadStateDict(fromKeras(cell, [layer]));
  const y = scope(() => module.forward(tensor(weight('x').data, [2, 5, 3])).output.data);
  expect(y).toBeAllclose(weight(`${cell}-${kind}/y`).data, { rtol: 1e-6 });

  const back = toKeras(cell, (module as Module).stateDict());
  expect(back).toHaveLength(1);
  for (const [direction, { kernel, recurrentKernel, bias }] of back[0]!.entries()) {
    const original = layer[direction]!;
    expect([...(kernel.data as Float64Array)]).toEqual([...(original.kernel.data as Float32Array)]);
    expect([...(recurrentKernel.data as Float64Array)]).toEqual([
      ...(original.recurrentKernel.data as Float32Array),
    ]);
    expect(bias?.shape).toEqual(original.bias?.shape);
    if (bias !== undefined)
      expect([...(bias.data as Float64Array)]).toEqual([...(original.bias!.data as Float32Array)]);
  }
  module.dispose();
});

describe('refuses', () => {
  const of = (shape: number[]): Weight => ({
    shape,
    data: new Float32Array(shape.reduce((a, b) => a * b, 1)),
  });

  test('shapes of another cell, and a GRU of the old form', () => {
    const lstm = { kernel: of([3, 16]), recurrentKernel: of([4, 16]) };
    expect(() => fromKeras('GRU', [[lstm]])).toThrow(ShapeError);
    expect(() => fromKeras('LSTM', [[{ ...lstm, kernel: of([3, 12]) }]])).toThrow(
      /kernel of the LSTM must be \[3, 16\], got/,
    );
    const gru = { kernel: of([3, 12]), recurrentKernel: of([4, 12]), bias: of([12]) };
    expect(() => fromKeras('GRU', [[gru]])).toThrow(/reset_after=True/);
    expect(() => toKeras('LSTM', new Map())).toThrow(ArgumentError);
  });
});
