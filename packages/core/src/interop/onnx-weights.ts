/** Where the weights of our models lie in the ONNX files that we write, and what is read back from there. */
import type { Module, Weight } from '../nn/module.js';
import { decode } from '../onnx/protobuf.js';
import { modelProto } from '../onnx/schema.js';
import { readTensor } from '../onnx/tensor-proto.js';
import { type Cell, gateOrders, maxDelta, type ReceiptRow, recurrentName, transposed } from './receipt.js';

/** Our gate blocks in ONNX's order: block k of the file is ours at [k]. */
const blocks: Readonly<Record<Cell, readonly number[]>> = { rnn: [0], gru: [1, 0, 2], lstm: [0, 3, 1, 2] };

/** Every weight in the files, by name. */
function initializers(files: Iterable<Uint8Array>): Map<string, Weight> {
  const all = new Map<string, Weight>();
  for (const file of files) {
    for (const proto of decode(modelProto, file).graph?.initializer ?? []) {
      all.set(proto.name ?? '', readTensor(proto));
    }
  }
  return all;
}

/** A row for each weight of the model, compared with what the files hold. */
export function onnxRows(model: Module, cell: Cell | undefined, files: Iterable<Uint8Array>): ReceiptRow[] {
  const held = initializers(files);
  return [...model.namedParameters()].map(([name, { shape, data }]) => {
    const place = placeOf(name, cell, held) ?? {
      file: '(none)',
      fileShape: [],
      change: 'left out',
      back: [],
    };
    const { file, fileShape, change, back } = place;
    return { name, shape, file, fileShape, change, maxDelta: maxDelta(data, back) };
  });
}

interface Place {
  readonly file: string;
  readonly fileShape: readonly number[];
  readonly change: string;
  /** The weight read back. */
  readonly back: ArrayLike<number>;
}

function placeOf(name: string, cell: Cell | undefined, held: ReadonlyMap<string, Weight>): Place | undefined {
  // A decoder's cell has the names of PyTorch's cells: `decoder.weight_ih`.
  const part = recurrentName(/\.(weight|bias)_[ih]h$/.test(name) ? `${name}_l0` : name);
  if (part !== undefined && cell !== undefined) {
    const stem = name.endsWith(`${part.kind}`) ? part.prefix.slice(0, -1) : `${part.prefix}l${part.layer}`;
    const letter = part.kind === 'weight_ih' ? 'W' : part.kind === 'weight_hh' ? 'R' : 'B';
    const whole = held.get(`${stem}.${letter}`);
    if (whole === undefined) return undefined;
    const halves = letter === 'B' ? 2 : 1;
    const size = whole.data.length / whole.shape[0]! / halves;
    const half = part.kind === 'bias_hh' ? 1 : 0;
    const start = ((part.reverse ? 1 : 0) * halves + half) * size;
    const entries = Array.prototype.slice.call(whole.data, start, start + size) as number[];
    const order = blocks[cell];
    const rows = size / order.length;
    const back = new Float64Array(size);
    for (const [to, from] of order.entries())
      back.set(entries.slice(to * rows, (to + 1) * rows), from * rows);
    const change = cell === 'rnn' ? 'as it is' : `gates ${gateOrders[cell].here} -> ${gateOrders[cell].onnx}`;
    return { file: `${stem}.${letter}`, fileShape: whole.shape, change, back };
  }
  const same = held.get(name);
  if (same !== undefined) return { file: name, fileShape: same.shape, change: 'as it is', back: same.data };
  const flipped = held.get(`${name}^T`);
  if (flipped !== undefined) {
    return {
      file: `${name}^T`,
      fileShape: flipped.shape,
      change: 'transposed',
      back: transposed(flipped).data,
    };
  }
  // Projections of attention, packed here, apart there.
  const packed = /^(.*\.)?in_proj_(weight|bias)$/.exec(name);
  if (packed === null) return undefined;
  const [, prefix = '', kind] = packed;
  const names = ['q', 'k', 'v'].map((letter) => `${prefix}${letter}.${kind}${kind === 'weight' ? '^T' : ''}`);
  const parts = names.map((of) => held.get(of));
  if (parts.some((of) => of === undefined)) return undefined;
  const back = (parts as Weight[]).flatMap((of) =>
    Array.from((kind === 'weight' ? transposed(of) : of).data),
  );
  return { file: names.join(', '), fileShape: parts[0]!.shape, change: 'split in q, k, v', back };
}
