/**
 * Scaled dot-product attention with all inputs and attributes of ONNX's operator: masks, causal, windows, grouped heads,
 * a cache of past keys, key lengths, soft cap, and the scores as an output.
 * Source: the operator Attention of ONNX, operator sets 23 to 25.
 */
import { DataError, ShapeError } from '../../errors.js';
import { formatShape } from '../../shape.js';
import { expand, make, reshaped, transposed, type Value, type ValueData } from '../value.js';
import { type Call, type Operator, requiredFloat } from './operator.js';
import { product } from './products.js';
import { concatenated } from './shape.js';

/** What `qk_matmul_output` shows. */
const Scores = { raw: 0, capped: 1, withBias: 2, probabilities: 3 } as const;

/** [B, T, N*D] to [B, N, T, D]; [B, N, T, D] stays. */
function byHead(call: Call, value: Value, attribute: string): Value {
  if (value.shape.length === 4) return value;
  const heads = call.attributes.int(attribute, undefined);
  const [B, T, width] = value.shape as [number, number, number];
  if (value.shape.length !== 3 || heads === undefined || !(heads > 0) || width % heads !== 0) {
    throw new ShapeError(
      `Attention: inputs must be [B, N, T, D], or [B, T, N*D] with ${attribute}, got ${formatShape(value.shape)} and ${heads}`,
    );
  }
  return transposed(reshaped(value, [B, T, heads, width / heads]), [0, 2, 1, 3]);
}

const attend: Operator = (call, inputs) => {
  const { attributes, numerics } = call;
  const flat = requiredFloat(call, inputs, 0).shape.length === 3;
  const q = byHead(call, requiredFloat(call, inputs, 0), 'q_num_heads');
  const past = inputs[4]?.shape[2];
  const cached = (value: Value, before: Value | undefined): Value =>
    before === undefined ? value : concatenated('Attention', [before, value], 2);
  const k = cached(byHead(call, requiredFloat(call, inputs, 1), 'kv_num_heads'), inputs[4]);
  const v = cached(byHead(call, requiredFloat(call, inputs, 2), 'kv_num_heads'), inputs[5]);
  const [B, N, T, D] = q.shape as [number, number, number, number];
  const [, M, S] = k.shape as [number, number, number, number];
  const Dv = v.shape[3]!;
  const fits =
    k.shape[0] === B && v.shape[0] === B && k.shape[3] === D && v.shape[1] === M && v.shape[2] === S;
  if (!fits || M === 0 || N % M !== 0) {
    throw new ShapeError(
      `Attention: Q [B, N, T, D], K [B, M, S, D], V [B, M, S, Dv] must fit with N a multiple of M, got ${[q, k, v].map(({ shape }) => formatShape(shape)).join(', ')}`,
    );
  }
  const scale = attributes.float('scale', 1 / Math.sqrt(D));
  const softcap = attributes.float('softcap', 0);
  const shown = attributes.int('qk_matmul_output_mode', Scores.raw);
  const bias = biasOf(call, inputs, { B, N, T, S, past });
  const y = make(q.type, [B, N, T, Dv]);
  const scores = make(q.type, [B, N, T, S]);
  const part = ({ type, data }: Value, index: number, rows: number, columns: number): Value => ({
    type,
    shape: [rows, columns],
    data: data.subarray(index * rows * columns, (index + 1) * rows * columns),
  });
  for (let head = 0; head < B * N; head += 1) {
    const keys = Math.floor(head / N) * M + Math.floor(((head % N) * M) / N);
    const weights = product(numerics, part(q, head, T, D), transposed(part(k, keys, S, D), [1, 0]));
    const out = scores.data.subarray(head * T * S, (head + 1) * T * S);
    for (let i = 0; i < weights.data.length; i += 1) weights.data[i]! *= scale;
    if (shown === Scores.raw) out.set(weights.data);
    if (softcap > 0) {
      for (let i = 0; i < weights.data.length; i += 1) {
        weights.data[i] = softcap * Math.tanh(weights.data[i]! / softcap);
      }
    }
    if (shown === Scores.capped) out.set(weights.data);
    softmaxRows(weights.data, bias.subarray(head * T * S, (head + 1) * T * S), S, (row, entries) => {
      if (shown === Scores.withBias) out.set(entries, row * S);
    });
    if (shown === Scores.probabilities) out.set(weights.data);
    y.data.set(product(numerics, weights, part(v, keys, S, Dv)).data, head * T * Dv);
  }
  return [flat ? reshaped(transposed(y, [0, 2, 1, 3]), [B, T, N * Dv]) : y, k, v, scores];
};

/**
 * Adds the bias to each row and turns it into probabilities; a row whose bias is -Infinity everywhere becomes 0.
 * An entry with bias -Infinity takes no part even where its score is NaN or infinite.
 */
function softmaxRows(
  rows: ValueData,
  bias: Float64Array,
  S: number,
  biased: (row: number, entries: Float64Array) => void,
): void {
  const entries = new Float64Array(S);
  for (let start = 0; start < rows.length; start += S) {
    let largest = Number.NEGATIVE_INFINITY;
    for (let s = 0; s < S; s += 1) {
      const b = bias[start + s]!;
      entries[s] = b === Number.NEGATIVE_INFINITY ? b : rows[start + s]! + b;
      largest = Math.max(largest, entries[s]!);
    }
    biased(start / S, entries);
    let sum = 0;
    for (let s = 0; s < S; s += 1) {
      const p = entries[s] === Number.NEGATIVE_INFINITY ? 0 : Math.exp(entries[s]! - largest);
      rows[start + s] = p;
      sum += p;
    }
    if (sum !== 0) for (let s = 0; s < S; s += 1) rows[start + s]! /= sum;
  }
}

interface Extent {
  readonly B: number;
  readonly N: number;
  readonly T: number;
  readonly S: number;
  /** Keys in the cache; undefined without one. */
  readonly past: number | undefined;
}

/** What is added to the scores, [B, N, T, S]: mask, causal order, window and key lengths together. */
function biasOf(
  call: Call,
  inputs: readonly (Value | undefined)[],
  { B, N, T, S, past }: Extent,
): Float64Array {
  const { attributes } = call;
  const causal = attributes.int('is_causal', 0) !== 0;
  const left = attributes.int('left_window_size', -1);
  const right = attributes.int('right_window_size', -1);
  const lengths = inputs[6]?.data;
  if (lengths !== undefined && past !== undefined) {
    throw new DataError('Attention: nonpad_kv_seqlen must not be given with past_key, got both');
  }
  const mask = inputs[3] === undefined ? undefined : maskOf(inputs[3], [B, N, T, S]);
  const bias = new Float64Array(B * N * T * S);
  let at = 0;
  for (let b = 0; b < B; b += 1) {
    // Keys that precede this block of queries.
    const offset = past ?? (lengths === undefined ? 0 : lengths[b]! - T);
    const length = lengths?.[b] ?? S;
    for (let row = 0; row < N * T; row += 1) {
      const position = offset + (row % T);
      for (let s = 0; s < S; s += 1, at += 1) {
        const allowed =
          s < length &&
          !(causal && s > position) &&
          !(left >= 0 && s < position - left) &&
          !(right >= 0 && s > position + right);
        bias[at] = allowed ? (mask?.[at] ?? 0) : Number.NEGATIVE_INFINITY;
      }
    }
  }
  return bias;
}

/** The mask as numbers to add, in full size; keys beyond its last column are masked. */
function maskOf(mask: Value, shape: readonly [number, number, number, number]): Float64Array {
  const { type } = mask;
  const columns = mask.shape.at(-1) ?? 1;
  const S = shape[3];
  const padded =
    columns === 1 && S !== 1 && mask.shape.length === 0 ? mask : padLast(mask, Math.max(S, columns));
  return Float64Array.from(expand(padded, shape).data, (entry) =>
    type !== 'bool' ? entry : entry !== 0 ? 0 : Number.NEGATIVE_INFINITY,
  );
}

function padLast(mask: Value, columns: number): Value {
  const own = mask.shape.at(-1) ?? 1;
  if (own === columns) return mask;
  const result = make(mask.type, [...mask.shape.slice(0, -1), columns]);
  result.data.fill(mask.type === 'bool' ? 0 : Number.NEGATIVE_INFINITY);
  for (let row = 0; row * own < mask.data.length; row += 1) {
    result.data.set(mask.data.subarray(row * own, (row + 1) * own), row * columns);
  }
  return result;
}

export const attention: Readonly<Record<string, Operator>> = { Attention: attend };
