/**
 * Weights from PyTorch's own files (`torch.save(model.state_dict(), 'model.pt')`), without running what is in them:
 * tensors and plain data are read, everything else is refused. Prefer safetensors, which cannot hold code.
 *
 * @module @hw5/core/torch
 */
import { CheckpointError } from '../errors.js';
import { sizeOf } from '../shape.js';
import { brainFloatToFloat32, halfToNumber } from './half.js';
import { type PickleGlobal, unpickle } from './pickle.js';
import type { SafeTensor, SafeTensorData } from './safetensors.js';
import { readZip } from './zip.js';

/** Entries of a storage's bytes. */
type Storage = (bytes: ArrayBuffer) => SafeTensorData;

const storages: Readonly<Record<string, Storage>> = {
  FloatStorage: (b) => new Float32Array(b),
  DoubleStorage: (b) => new Float64Array(b),
  HalfStorage: (b) => Float32Array.from(new Uint16Array(b), halfToNumber),
  BFloat16Storage: (b) => brainFloatToFloat32(new Uint16Array(b)),
  LongStorage: (b) => new BigInt64Array(b),
  IntStorage: (b) => new Int32Array(b),
  ShortStorage: (b) => new Int16Array(b),
  CharStorage: (b) => new Int8Array(b),
  ByteStorage: (b) => new Uint8Array(b),
  BoolStorage: (b) => new Uint8Array(b),
};

/** A tensor as the pickle rebuilds it; distinct from every plain value in it. */
class TorchTensor implements SafeTensor {
  readonly shape: readonly number[];
  readonly data: SafeTensorData;

  constructor(shape: readonly number[], data: SafeTensorData) {
    this.shape = shape;
    this.data = data;
  }
}

/**
 * The tensors of a file by dotted name; those in nested dictionaries carry the names on the way, as in `model.lstm.weight_ih_l0`.
 * float16 and bfloat16 arrive as float32. Numbers and text in the file are left out.
 * @throws CheckpointError when the file is none of PyTorch 1.6 or later, is damaged, or refers to anything but tensors
 */
export function readTorch(bytes: Uint8Array): Map<string, SafeTensor> {
  const files = unzip(bytes);
  const root = [...files.keys()].find((name) => name.endsWith('/data.pkl'))?.slice(0, -'data.pkl'.length);
  if (root === undefined) throw refuse('the archive must hold data.pkl, got none');
  const order = files.get(`${root}byteorder`);
  if (order !== undefined && new TextDecoder().decode(order) !== 'little') {
    throw refuse('the file must be little-endian, got another byte order');
  }
  const opened = new Map<string, SafeTensorData>();
  const storage = (id: unknown): SafeTensorData => {
    const [kind, type, key] = Array.isArray(id) ? (id as unknown[]) : [];
    const read = typeof type === 'function' ? readers.get(type as PickleGlobal) : undefined;
    const data = files.get(`${root}data/${String(key)}`);
    if (kind !== 'storage' || read === undefined || data === undefined) {
      throw refuse(`a tensor must refer to a storage of the archive, got ${JSON.stringify(key)}`);
    }
    const known = opened.get(String(key));
    if (known !== undefined) return known;
    const entries = read(data.slice().buffer);
    opened.set(String(key), entries);
    return entries;
  };
  const tensors = new Map<string, SafeTensor>();
  collect('', unpickle(files.get(`${root}data.pkl`)!, { globals, persistent: storage }), tensors, new Set());
  return tensors;
}

const refuse = (reason: string): CheckpointError => new CheckpointError(`torch: ${reason}`);

/** Files of the archive. PyTorch stores without compression, so that a small file cannot grow into a large one. */
function unzip(bytes: Uint8Array): ReadonlyMap<string, Uint8Array> {
  try {
    return readZip(bytes, { most: Number.MAX_SAFE_INTEGER, deflated: false });
  } catch (error) {
    throw refuse(
      `the file must be a zip archive, as PyTorch writes since 1.6, got: ${error instanceof Error ? error.message : error}`,
    );
  }
}

/** Names only; never called. */
const storageType =
  (name: string): PickleGlobal =>
  () => {
    throw refuse(`${name} must not be called`);
  };

const storageTypes = Object.keys(storages).map((name) => [`torch.${name}`, storageType(name)] as const);
const readers: ReadonlyMap<PickleGlobal, Storage> = new Map(
  storageTypes.map(([name, type]) => [type, storages[name.slice('torch.'.length)]!]),
);

const globals: ReadonlyMap<string, PickleGlobal> = new Map<string, PickleGlobal>([
  ...storageTypes,
  ['collections.OrderedDict', () => new Map()],
  ['torch._utils._rebuild_tensor_v2', ([data, offset, size, stride]) => rebuild(data, offset, size, stride)],
  ['torch._utils._rebuild_parameter', ([tensor]) => tensor],
  ['torch.Size', ([sizes]) => sizes],
]);

/** A dense copy of the entries that lie `stride` apart in a storage. */
function rebuild(data: unknown, offset: unknown, size: unknown, stride: unknown): TorchTensor {
  if (!ArrayBuffer.isView(data) || !isSizes([offset]) || !isSizes(size) || !isSizes(stride)) {
    throw refuse('a tensor must have a storage, an offset, sizes and strides');
  }
  const storage = data as SafeTensorData;
  const [shape, start] = [size, offset as number];
  const count = sizeOf(shape);
  const last = shape.reduce((at, n, axis) => at + (n - 1) * (stride[axis] ?? 0), start);
  if (stride.length !== shape.length || count > storage.length || (count > 0 && last >= storage.length)) {
    throw refuse(
      `a tensor of [${shape.join(', ')}] must lie inside its storage of ${storage.length} entries`,
    );
  }
  const result = storage.slice(0, count);
  const index = new Array<number>(shape.length).fill(0);
  for (let at = 0, from = start; at < count; at += 1) {
    result[at] = storage[from]!;
    for (let axis = shape.length - 1; axis >= 0; axis -= 1) {
      index[axis]! += 1;
      from += stride[axis]!;
      if (index[axis]! < shape[axis]!) break;
      from -= stride[axis]! * shape[axis]!;
      index[axis] = 0;
    }
  }
  return new TorchTensor(shape, result);
}

function isSizes(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((n) => Number.isSafeInteger(n) && n >= 0);
}

/** Deeper nesting than any checkpoint has. */
const MAX_DEPTH = 100;

/** Tensors in dictionaries and lists, by path; a dictionary that occurs twice is walked once. */
function collect(
  path: string,
  value: unknown,
  tensors: Map<string, SafeTensor>,
  seen: Set<unknown>,
  depth = 0,
): void {
  if (depth > MAX_DEPTH) throw refuse(`dictionaries must be nested at most ${MAX_DEPTH} deep, got more`);
  if (value instanceof TorchTensor) {
    tensors.set(path, { shape: value.shape, data: value.data });
    return;
  }
  if (typeof value !== 'object' || value === null || seen.has(value)) return;
  seen.add(value);
  const entries = value instanceof Map ? value : Array.isArray(value) ? value.entries() : [];
  for (const [key, entry] of entries) {
    collect(path === '' ? String(key) : `${path}.${String(key)}`, entry, tensors, seen, depth + 1);
  }
}
