/** The weights of a recurrent model in an ONNX graph of anybody, under PyTorch's names. */
import { DataError } from '../errors.js';
import type { Weight } from '../nn/module.js';
import { Attributes } from '../onnx/attributes.js';
import { decode } from '../onnx/protobuf.js';
import { type GraphProto, modelProto, type NodeProto } from '../onnx/schema.js';
import { readTensor } from '../onnx/tensor-proto.js';
import type { FoundWeight } from './read-weights.js';
import { type Cell, gateOrders, transposed } from './receipt.js';

/** Block k of PyTorch's order stands in the file at [k]. */
const blocks: Readonly<Record<Cell, readonly number[]>> = { rnn: [0], gru: [1, 0, 2], lstm: [0, 2, 3, 1] };
const suffixes = ['', '_reverse'];

/**
 * Gather is an embedding, RNN, GRU and LSTM nodes are layers, the last product is the output layer.
 * @throws DataError for a damaged file, or a recurrent node with attributes that PyTorch's layers do not have
 */
export function readOnnxWeights(bytes: Uint8Array): FoundWeight[] {
  let graph: GraphProto | undefined;
  try {
    graph = decode(modelProto, bytes).graph;
  } catch (error) {
    throw new DataError(
      `onnx: the file must be an ONNX model, got: ${error instanceof Error ? error.message : error}`,
    );
  }
  if (graph === undefined || graph.node.length === 0) {
    throw new DataError('onnx: the file must hold a graph with nodes, got none');
  }
  const held = new Map(graph.initializer.map((proto) => [proto.name ?? '', proto]));
  for (const node of graph.node) {
    const [output] = node.output;
    const constant = node.attribute.find(({ name }) => name === 'value')?.t;
    if (node.op_type === 'Constant' && constant !== undefined && output !== undefined)
      held.set(output, constant);
  }
  const weight = (name: string | undefined): Weight | undefined => {
    const proto = name === undefined ? undefined : held.get(name);
    return proto === undefined ? undefined : readTensor(proto);
  };
  const found: FoundWeight[] = [];
  const layers = new Map<Cell, number>();
  // The last product, when nothing but shape and normalisation comes after it.
  let head: FoundWeight[] = [];
  for (const node of graph.node) {
    const { op_type: op = '', input } = node;
    if (op === 'Gather' && found.length === 0) {
      const table = weight(input[0]);
      if (table?.shape.length === 2) {
        found.push({
          name: 'embedding.weight',
          weight: table,
          file: input[0]!,
          fileShape: table.shape,
          change: 'as it is',
        });
      }
    } else if (op === 'RNN' || op === 'GRU' || op === 'LSTM') {
      const cell = op.toLowerCase() as Cell;
      const layer = layers.get(cell) ?? 0;
      layers.set(cell, layer + 1);
      found.push(...layerOf(node, cell, layer, weight));
      head = [];
    } else if (op === 'MatMul' || op === 'Gemm') {
      head = productOf(node, weight);
    } else if (op === 'Add' && head.length === 1) {
      const side = input.find((name) => held.has(name));
      head.push(...biasOf(weight(side), side ?? ''));
    } else if (!AFTER_THE_HEAD.has(op)) head = [];
  }
  return [...found, ...head];
}

const AFTER_THE_HEAD: ReadonlySet<string> = new Set(
  'Identity Softmax LogSoftmax Reshape Transpose Squeeze Unsqueeze Flatten Cast Shape Constant Gather Slice Concat'.split(
    ' ',
  ),
);

/** An output layer: y = x W (+ b). */
function productOf(node: NodeProto, weight: (name: string | undefined) => Weight | undefined): FoundWeight[] {
  const [, file = '', bias = ''] = node.input;
  const right = weight(file);
  if (right?.shape.length !== 2) return [];
  const gemm = node.op_type === 'Gemm';
  const flip = !gemm || new Attributes(node).int('transB', 0) === 0;
  const found: FoundWeight = {
    name: 'head.weight',
    weight: flip ? transposed(right) : right,
    file,
    fileShape: right.shape,
    change: flip ? 'transposed' : 'as it is',
  };
  return gemm ? [found, ...biasOf(weight(bias), bias)] : [found];
}

function biasOf(bias: Weight | undefined, file: string): FoundWeight[] {
  if (bias?.shape.length !== 1) return [];
  return [{ name: 'head.bias', weight: bias, file, fileShape: bias.shape, change: 'as it is' }];
}

function layerOf(
  node: NodeProto,
  cell: Cell,
  layer: number,
  weight: (name: string | undefined) => Weight | undefined,
): FoundWeight[] {
  const op = node.op_type!;
  const attributes = new Attributes(node);
  refuse(op, 'clip', attributes.float('clip', 0) === 0, attributes.float('clip', 0));
  refuse(op, 'layout', attributes.int('layout', 0) === 0, 1);
  refuse(op, 'input_forget', attributes.int('input_forget', 0) === 0, 1);
  refuse(op, 'P (peepholes)', (node.input[7] ?? '') === '', 'given');
  if (cell === 'gru') {
    refuse(
      op,
      'linear_before_reset',
      attributes.int('linear_before_reset', 0) === 1,
      '0, a GRU that PyTorch does not have',
    );
  }
  const usual = { rnn: ['Tanh'], gru: ['Sigmoid', 'Tanh'], lstm: ['Sigmoid', 'Tanh', 'Tanh'] }[cell];
  const activations = attributes.strings('activations') ?? usual;
  refuse(
    op,
    'activations',
    activations.every((name, i) => name === usual[i % usual.length]),
    activations.join(', '),
  );
  const parts: FoundWeight[] = [];
  for (const [letter, kind] of [
    ['W', 'weight_ih'],
    ['R', 'weight_hh'],
    ['B', 'bias'],
  ] as const) {
    const file = node.input[{ W: 1, R: 2, B: 3 }[letter]] ?? '';
    if (file === '' && letter === 'B') continue;
    const whole = weight(file);
    if (whole === undefined || whole.shape.length !== (letter === 'B' ? 2 : 3)) {
      throw new DataError(
        `onnx: ${letter} of ${op} must be a weight in the file, got ${JSON.stringify(file)}`,
      );
    }
    const [D, rows, columns = 1] = whole.shape as [number, number, number?];
    const order = blocks[cell];
    const kinds = letter === 'B' ? ['bias_ih', 'bias_hh'] : [kind];
    const height = rows / kinds.length;
    const change = cell === 'rnn' ? 'as it is' : `gates ${gateOrders[cell].onnx} -> ${gateOrders[cell].here}`;
    if (D < 1 || D > 2 || height % order.length !== 0) {
      throw new DataError(
        `onnx: ${letter} of ${op} must be ${order.length} blocks a direction, got [${whole.shape.join(', ')}]`,
      );
    }
    for (let d = 0; d < D; d += 1) {
      for (const [half, name] of kinds.entries()) {
        const start = (d * kinds.length + half) * height * columns;
        const size = (height / order.length) * columns;
        const data = new Float64Array(height * columns);
        for (const [to, from] of order.entries()) {
          for (let i = 0; i < size; i += 1) data[to * size + i] = whole.data[start + from * size + i]!;
        }
        parts.push({
          name: `${cell}.${name}_l${layer}${suffixes[d]}`,
          weight: { shape: letter === 'B' ? [height] : [height, columns], data },
          file,
          fileShape: whole.shape,
          change,
        });
      }
    }
  }
  return parts;
}

function refuse(op: string, what: string, holds: boolean, got: unknown): void {
  if (!holds)
    throw new DataError(`onnx: ${what} of ${op} must be that of PyTorch's layers, got ${String(got)}`);
}
