/** A model's weights as Keras lays them out, by layer: `lstm/l0/kernel`, `head/kernel`; and back. */

import { fromKeras, type KerasCell, type KerasWeights, toKeras } from '../formats/keras.js';
import type { Module, Weight } from '../nn/module.js';
import { type Cell, gateOrders, maxDelta, type ReceiptRow, recurrentName, transposed } from './receipt.js';

const kerasCells: Readonly<Record<Cell, KerasCell>> = { rnn: 'RNN', gru: 'GRU', lstm: 'LSTM' };
const directions = ['', '/backward'];

/** Arrays by name, in the order of the layers and of `layer.set_weights`. */
export function kerasWeights(model: Module, cell: Cell): Map<string, Weight> {
  const arrays = new Map<string, Weight>();
  const layers = new Map<string, Weight>();
  const parameters = model.namedParameters();
  for (const [name, weight] of parameters) {
    const part = recurrentName(name);
    if (part !== undefined) layers.set(name.slice(part.prefix.length), weight);
  }
  for (const [name, weight] of parameters) {
    if (recurrentName(name) !== undefined) {
      if (arrays.has(`${cell}/l0/kernel`)) continue;
      for (const [at, both] of toKeras(kerasCells[cell], layers).entries()) {
        for (const [d, direction] of both.entries()) {
          const stem = `${cell}/l${at}${directions[d]}`;
          arrays.set(`${stem}/kernel`, direction.kernel);
          arrays.set(`${stem}/recurrent_kernel`, direction.recurrentKernel);
          if (direction.bias !== undefined) arrays.set(`${stem}/bias`, direction.bias);
        }
      }
    } else {
      const { file, flip } = placeOf(name, weight);
      arrays.set(file, flip ? transposed(weight) : weight);
    }
  }
  return arrays;
}

/** `head.weight` is Keras' `head/kernel`, transposed; an embedding's is `embeddings`. */
function placeOf(name: string, { shape }: Weight): { readonly file: string; readonly flip: boolean } {
  const path = name.replaceAll('.', '/');
  if (path.endsWith('embedding/weight')) return { file: path.replace(/weight$/, 'embeddings'), flip: false };
  const flip = path.endsWith('/weight') && shape.length === 2;
  return { file: path.replace(/weight$/, 'kernel'), flip };
}

/** PyTorch's names again from such arrays: recurrent layers under `cell`. @throws ShapeError, ArgumentError for others */
export function fromKerasArrays(cell: Cell, arrays: ReadonlyMap<string, Weight>): Map<string, Weight> {
  const layers: KerasWeights[][] = [];
  for (let at = 0; ; at += 1) {
    const both = directions.flatMap((direction): KerasWeights[] => {
      const of = (name: string): Weight | undefined => arrays.get(`${cell}/l${at}${direction}/${name}`);
      const [kernel, recurrentKernel, bias] = [of('kernel'), of('recurrent_kernel'), of('bias')];
      if (kernel === undefined || recurrentKernel === undefined) return [];
      return [bias === undefined ? { kernel, recurrentKernel } : { kernel, recurrentKernel, bias }];
    });
    if (both.length === 0) break;
    layers.push(both);
  }
  const all = new Map<string, Weight>();
  for (const [name, weight] of fromKeras(kerasCells[cell], layers)) all.set(`${cell}.${name}`, weight);
  for (const [path, weight] of arrays) {
    if (path.startsWith(`${cell}/l`)) continue;
    const name = path.replaceAll('/', '.');
    if (name.endsWith('.embeddings')) all.set(name.replace(/embeddings$/, 'weight'), weight);
    else if (name.endsWith('.kernel')) all.set(name.replace(/kernel$/, 'weight'), transposed(weight));
    else all.set(name, weight);
  }
  return all;
}

/** A row for each weight, compared after the way back; summed biases are compared as sums. */
export function kerasRows(
  model: Module,
  cell: Cell,
  arrays: ReadonlyMap<string, { readonly shape: readonly number[]; readonly data: ArrayLike<unknown> }>,
): ReceiptRow[] {
  const held = arrays as ReadonlyMap<string, Weight>;
  const back = fromKerasArrays(cell, held);
  const parameters = model.namedParameters();
  return [...parameters].map(([name, { shape, data }]) => {
    const part = recurrentName(name);
    if (part === undefined) {
      const { file, flip } = placeOf(name, { shape, data });
      const change = flip ? 'transposed' : 'as it is';
      const delta = maxDelta(data, back.get(name)?.data ?? []);
      return { name, shape, file, fileShape: held.get(file)?.shape ?? [], change, maxDelta: delta };
    }
    const array = { weight_ih: 'kernel', weight_hh: 'recurrent_kernel', bias_ih: 'bias', bias_hh: 'bias' }[
      part.kind
    ];
    const file = `${cell}/l${part.layer}${directions[part.reverse ? 1 : 0]}/${array}`;
    const gates =
      cell === 'gru' ? `gates ${gateOrders.gru.here} -> ${gateOrders.gru.keras}` : 'gates in this order';
    const summed = array === 'bias' && cell !== 'gru';
    const change = `${array === 'bias' ? (summed ? 'summed' : 'stacked') : 'transposed'}, ${gates}`;
    const other = name.replace('bias_ih', 'bias_hh');
    const sum = (of: ReadonlyMap<string, Weight>): ArrayLike<number> => {
      const [a, b] = [of.get(name.replace('bias_hh', 'bias_ih'))!.data, of.get(other)!.data];
      return Float64Array.from(a, (value, i) => value + b[i]!);
    };
    const delta = summed ? maxDelta(sum(parameters), sum(back)) : maxDelta(data, back.get(name)?.data ?? []);
    return { name, shape, file, fileShape: held.get(file)?.shape ?? [], change, maxDelta: delta };
  });
}
