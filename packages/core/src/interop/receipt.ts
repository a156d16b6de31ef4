/** What an export or import did to each tensor, as data: for the command line to print and a page to show. */
import type { Weight } from '../nn/module.js';
import type { Shape } from '../shape.js';

export type ExportFormat = 'safetensors' | 'npz' | 'keras' | 'onnx' | 'pytorch';
export type ImportFormat = 'safetensors' | 'npz' | 'pt' | 'onnx';

/** One tensor, here and in the file. */
export interface ReceiptRow {
  /** The name of the weight here, which is PyTorch's. */
  readonly name: string;
  readonly shape: Shape;
  /** Its name in the file. */
  readonly file: string;
  readonly fileShape: Shape;
  /** What happens to its entries on the way: nothing, transposed, gate blocks in another order, ... */
  readonly change: string;
  /** Largest |difference| of an entry after the way there and back. */
  readonly maxDelta: number;
}

export interface Receipt {
  readonly direction: 'export' | 'import';
  readonly format: ExportFormat | ImportFormat;
  /** The model in one line. */
  readonly model: string;
  readonly tensors: readonly ReceiptRow[];
  /** Of all tensors. */
  readonly maxDelta: number;
  /** Of what the model answers to the same input, here and by the file; what was compared. */
  readonly outputs?: { readonly maxDelta: number; readonly compared: string };
  /** Order of the gate blocks here and in the file. */
  readonly gates?: { readonly here: string; readonly file: string };
  /** How the file holds the two biases of a recurrent layer. */
  readonly bias?: string;
  /** Of a GRU: the reset gate acts after the product with the hidden state (PyTorch's form, ONNX `linear_before_reset`). */
  readonly linearBeforeReset?: boolean;
  readonly vocabulary?: { readonly size: number; readonly order: string; readonly first: readonly string[] };
  /** What a reader must know besides. */
  readonly notes: readonly string[];
}

/** Largest |a - b|; infinite when lengths differ or an entry is not a number. */
export function maxDelta(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length !== b.length) return Number.POSITIVE_INFINITY;
  let most = 0;
  for (let i = 0; i < a.length; i += 1) {
    const delta = Math.abs(a[i]! - b[i]!);
    if (!(delta <= most)) most = Number.isNaN(delta) ? Number.POSITIVE_INFINITY : delta;
  }
  return most;
}

export function largest(rows: readonly ReceiptRow[]): number {
  return rows.reduce((most, row) => Math.max(most, row.maxDelta), 0);
}

/** The recurrent cell of a model. */
export type Cell = keyof typeof gateOrders;

/** The order of the gate blocks by cell: PyTorch's, which is ours, and those of the other formats. */
export const gateOrders = {
  rnn: { here: 'one block', onnx: 'one block', keras: 'one block' },
  gru: { here: 'r, z, n', onnx: 'z, r, h', keras: 'z, r, h' },
  lstm: { here: 'i, f, g, o', onnx: 'i, o, f, c', keras: 'i, f, c, o' },
} as const;

/** The parts of a weight's name in recurrent layers: `lstm.weight_ih_l0_reverse`. */
export function recurrentName(name: string):
  | {
      readonly prefix: string;
      readonly kind: RecurrentPart;
      readonly layer: number;
      readonly reverse: boolean;
    }
  | undefined {
  const found = /^(.*\.)?(weight_ih|weight_hh|bias_ih|bias_hh)_l(\d{1,3})(_reverse)?$/.exec(name);
  if (found === null) return undefined;
  const [, prefix = '', kind, layer, reverse] = found;
  return { prefix, kind: kind as RecurrentPart, layer: Number(layer), reverse: reverse !== undefined };
}

export type RecurrentPart = 'weight_ih' | 'weight_hh' | 'bias_ih' | 'bias_hh';

/** W^T of W [m, n]. */
export function transposed({ shape, data }: Weight): Weight {
  const [m, n] = shape as readonly [number, number];
  return {
    shape: [n, m],
    data: Float64Array.from(data, (_, at) => data[(at % m) * n + Math.floor(at / m)]!),
  };
}
