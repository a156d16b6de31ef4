/** Weights out of a file of any format, under names that a recurrent model of PyTorch would have. */
import { ArgumentError, DataError } from '../errors.js';
import { readNpz } from '../formats/npz.js';
import { read } from '../formats/safetensors.js';
import { readTorch } from '../formats/torch.js';
import type { Weight } from '../nn/module.js';
import { fromKerasArrays } from './keras-weights.js';
import { readOnnxWeights } from './read-onnx.js';
import { type Cell, gateOrders, type ImportFormat, recurrentName } from './receipt.js';

/** A weight of the file. */
export interface FoundWeight {
  readonly name: string;
  readonly weight: Weight;
  readonly file: string;
  readonly fileShape: readonly number[];
  readonly change: string;
}

export interface FoundFile {
  readonly format: ImportFormat;
  /** Keras' layout in an .npz. */
  readonly keras: boolean;
  readonly weights: readonly FoundWeight[];
  /** What `hw5 export` wrote about the model, JSON. */
  readonly model: string | undefined;
}

const ascii = (bytes: Uint8Array, from: number, to: number): string =>
  String.fromCharCode(...bytes.subarray(from, to));

/**
 * Read a file by what is in it, not by its name.
 * @throws ArgumentError for a file of another kind, CheckpointError or DataError for a damaged one
 */
export function readWeights(bytes: Uint8Array): FoundFile {
  if (ascii(bytes, 0, 4) === '\x89HDF') {
    throw new ArgumentError(
      'import: the file must be safetensors, .npz, .pt or ONNX, got HDF5 (Keras .h5), which hw5 does not read; save it with numpy.savez first',
    );
  }
  if (ascii(bytes, 0, 2) === 'PK') return isTorch(bytes) ? plain('pt', readTorch(bytes)) : npz(bytes);
  if (bytes[8] === 0x7b) {
    const { tensors, metadata } = read(bytes);
    return plain('safetensors', tensors, metadata.get('hw5.model'));
  }
  if (ascii(bytes, 1, 6) === 'NUMPY') {
    throw new ArgumentError(
      'import: the file must hold named weights, got one array (.npy); numpy.savez names them',
    );
  }
  if (bytes[0] === 0x80) {
    // A pickle by itself: torch.save before 1.6. The reader says what to do.
    return plain('pt', readTorch(bytes));
  }
  return { format: 'onnx', keras: false, weights: readOnnxWeights(bytes), model: undefined };
}

/** True for the archives of torch.save, which have a file data.pkl. */
function isTorch(bytes: Uint8Array): boolean {
  const name = new TextEncoder().encode('/data.pkl');
  const end = Math.min(bytes.length, 4096);
  for (let at = 0; at + name.length <= end; at += 1) {
    if (name.every((byte, i) => bytes[at + i] === byte)) return true;
  }
  return false;
}

type Arrays = ReadonlyMap<
  string,
  { readonly shape: readonly number[]; readonly data: ArrayLike<number | bigint> }
>;

function plain(format: ImportFormat, arrays: Arrays, model?: string): FoundFile {
  const weights = [...reals(arrays)].map(([name, weight]) => ({
    name,
    weight,
    file: name,
    fileShape: weight.shape,
    change: 'as it is',
  }));
  return { format, keras: false, weights, model };
}

/** Reals only: counters and masks are no weights. */
function reals(arrays: Arrays): Map<string, Weight> {
  const all = new Map<string, Weight>();
  for (const [name, { shape, data }] of arrays) {
    if (data instanceof Float32Array || data instanceof Float64Array) all.set(name, { shape, data });
  }
  return all;
}

function npz(bytes: Uint8Array): FoundFile {
  const arrays = readNpz(bytes);
  const cell = (['lstm', 'gru', 'rnn'] as const).find((name) => arrays.has(`${name}/l0/kernel`));
  if (cell === undefined) return plain('npz', arrays);
  const held = reals(arrays);
  const weights = [...fromKerasArrays(cell, held)].map(([name, weight]) => ({
    name,
    weight,
    ...placeOf(cell, name, held),
  }));
  return { format: 'npz', keras: true, weights, model: undefined };
}

function placeOf(
  cell: Cell,
  name: string,
  held: ReadonlyMap<string, Weight>,
): Pick<FoundWeight, 'file' | 'fileShape' | 'change'> {
  const part = recurrentName(name);
  const path = name.replaceAll('.', '/');
  const candidates =
    part === undefined
      ? [path, path.replace(/weight$/, 'kernel'), path.replace(/weight$/, 'embeddings')]
      : [
          `${cell}/l${part.layer}${part.reverse ? '/backward' : ''}/${{ weight_ih: 'kernel', weight_hh: 'recurrent_kernel', bias_ih: 'bias', bias_hh: 'bias' }[part.kind]}`,
        ];
  const file = candidates.find((candidate) => held.has(candidate)) ?? '(none: 0)';
  const gates =
    cell === 'gru' ? `gates ${gateOrders.gru.keras} -> ${gateOrders.gru.here}` : 'gates in this order';
  const change =
    part !== undefined
      ? part.kind.startsWith('bias')
        ? `${cell === 'gru' ? 'one of two' : part.kind === 'bias_ih' ? 'the one bias' : '0 beside the one bias'}, ${gates}`
        : `transposed, ${gates}`
      : file.endsWith('kernel')
        ? 'transposed'
        : 'as it is';
  return { file, fileShape: held.get(file)?.shape ?? [], change };
}

/** The weights of a model by PyTorch's names, and what it is. */
export interface LanguageModelWeights {
  readonly cell: Cell;
  readonly vocabularySize: number;
  readonly embeddingSize: number;
  readonly hiddenSize: number;
  readonly numLayers: number;
  /** Under the names of a CharLM. */
  readonly weights: readonly FoundWeight[];
  readonly notes: readonly string[];
}

const CELL_OF_GATES: Readonly<Record<number, Cell>> = { 1: 'rnn', 3: 'gru', 4: 'lstm' };
/** A one-hot input becomes an identity embedding, V * V entries. */
const MOST_ONE_HOT = 4096;

/** The recurrent layers of a file. @throws DataError when there are none, or several stacks */
export function recurrentLayers(found: readonly FoundWeight[]): {
  readonly prefix: string;
  readonly cell: Cell;
  readonly numLayers: number;
  readonly inputSize: number;
  readonly hiddenSize: number;
  readonly bidirectional: boolean;
  readonly weights: readonly FoundWeight[];
} {
  const parts = found.flatMap((weight) => {
    const part = recurrentName(weight.name);
    return part === undefined ? [] : [{ ...part, weight }];
  });
  const prefixes = [...new Set(parts.map(({ prefix }) => prefix))];
  if (prefixes.length !== 1) {
    const got = prefixes.length === 0 ? namesOf(found) : prefixes.map((p) => p || '(no prefix)').join(', ');
    throw new DataError(
      `import: the file must hold one stack of recurrent layers (weight_ih_l0, ...), got ${got}`,
    );
  }
  const [prefix] = prefixes as [string];
  const of = (name: string): Weight | undefined =>
    found.find((weight) => weight.name === `${prefix}${name}`)?.weight;
  const [first, hidden] = [of('weight_ih_l0'), of('weight_hh_l0')];
  const [rows = 0, inputSize = 0] = first?.shape ?? [];
  const hiddenSize = hidden?.shape[1] ?? 0;
  const cell = CELL_OF_GATES[rows / hiddenSize];
  const fits = first?.shape.length === 2 && hidden?.shape.length === 2 && hidden.shape[0] === rows;
  if (!fits || cell === undefined) {
    throw new DataError(
      `import: ${prefix}weight_ih_l0 [G*H, I] and weight_hh_l0 [G*H, H] must have G = 1, 3 or 4, got [${first?.shape.join(', ') ?? ''}] and [${hidden?.shape.join(', ') ?? ''}]`,
    );
  }
  return {
    prefix,
    cell,
    numLayers: Math.max(...parts.map(({ layer }) => layer)) + 1,
    inputSize,
    hiddenSize,
    bidirectional: parts.some(({ reverse }) => reverse),
    weights: parts.map(({ weight }) => weight),
  };
}

function namesOf(found: readonly FoundWeight[]): string {
  const names = found.slice(0, 5).map(({ name }) => JSON.stringify(name.slice(0, 60)));
  return found.length === 0 ? 'no real weights' : `${names.join(', ')}${found.length > 5 ? ', ...' : ''}`;
}

/** A language model out of them: an embedding, a stack that reads forward, an output layer. @throws DataError when it is none */
export function languageModel(found: readonly FoundWeight[]): LanguageModelWeights {
  const layers = recurrentLayers(found);
  const { cell, hiddenSize: H, inputSize: E, numLayers, prefix } = layers;
  const refuse = (must: string, got: string): never => {
    throw new DataError(`import: ${must} to be a language model, got ${got}`);
  };
  if (layers.bidirectional) refuse('the layers must read forward alone', 'both directions');
  const others = found.filter((weight) => !layers.weights.includes(weight));
  const matrices = others.filter(({ weight }) => weight.shape.length === 2);
  const head = pick(
    matrices.filter(({ weight, name }) => weight.shape[1] === H && !isEmbedding(name)),
    /head|out|fc|linear|dec|proj/i,
  );
  if (head === undefined) return refuse(`there must be an output layer [V, ${H}]`, namesOf(others));
  const V = head.weight.shape[0]!;
  const table = pick(
    matrices.filter(
      (weight) => weight !== head && weight.weight.shape[0] === V && weight.weight.shape[1] === E,
    ),
    /emb|wte|enc/i,
  );
  const notes: string[] = [];
  const weights: FoundWeight[] = [];
  if (table !== undefined) weights.push({ ...table, name: 'embedding.weight' });
  else if (E === V && V <= MOST_ONE_HOT) {
    const data = new Float64Array(V * V);
    for (let i = 0; i < V; i += 1) data[i * V + i] = 1;
    const weight = { shape: [V, V], data };
    weights.push({
      name: 'embedding.weight',
      weight,
      file: '(none)',
      fileShape: [],
      change: 'one-hot: identity',
    });
    notes.push('no embedding in the file: its inputs are one-hot, which an identity embedding gives');
  } else refuse(`there must be an embedding [${V}, ${E}]`, namesOf(others));
  for (const weight of layers.weights) {
    weights.push({ ...weight, name: `${cell}.${weight.name.slice(prefix.length)}` });
  }
  const missing: string[] = [];
  for (let layer = 0; layer < numLayers; layer += 1) {
    for (const side of ['bias_ih', 'bias_hh']) {
      const name = `${cell}.${side}_l${layer}`;
      if (weights.some((weight) => weight.name === name)) continue;
      missing.push(name);
      weights.push(zeros(name, layers.weights[0]!.weight.shape[0]!));
    }
  }
  if (missing.length > 0) notes.push(`no ${missing.join(', ')} in the file: 0`);
  weights.push({ ...head, name: 'head.weight' });
  const bias = others.find(
    ({ name, weight }) => name === head.name.replace(/weight$/, 'bias') && weight.shape[0] === V,
  );
  weights.push(bias === undefined ? zeros('head.bias', V) : { ...bias, name: 'head.bias' });
  if (bias === undefined) notes.push('no bias of the output layer in the file: 0');
  const rest = others.filter((weight) => weight !== head && weight !== table && weight !== bias);
  if (rest.length > 0) refuse('every weight must belong to it', `${namesOf(rest)} besides`);
  return { cell, vocabularySize: V, embeddingSize: E, hiddenSize: H, numLayers, weights, notes };
}

const isEmbedding = (name: string): boolean => /emb|wte/i.test(name);

/** The only one, or the one with a telling name. */
function pick(candidates: readonly FoundWeight[], name: RegExp): FoundWeight | undefined {
  return candidates.length === 1 ? candidates[0] : candidates.find((candidate) => name.test(candidate.name));
}

function zeros(name: string, size: number): FoundWeight {
  const weight = { shape: [size], data: new Float64Array(size) };
  return { name, weight, file: '(none)', fileShape: [], change: '0' };
}
