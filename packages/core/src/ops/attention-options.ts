/** What attention is told besides its tensors: modes, masks, lengths, temperature. */
import { ArgumentError, ShapeError } from '../errors.js';
import type { RandomStream } from '../random.js';
import { expectShape, formatShape } from '../shape.js';
import { ids, Tensor } from '../tensor.js';

/** How scores become weights: code of kernel-wasm's attention, and whether Gumbel noise joins the scores. */
export const MODES = {
  softmax: { code: 0, noise: false },
  sparsemax: { code: 1, noise: false },
  entmax15: { code: 2, noise: false },
  argmax: { code: 3, noise: false },
  'straight-through': { code: 4, noise: false },
  gumbel: { code: 0, noise: true },
  'straight-through-gumbel': { code: 4, noise: true },
} as const;

export type AttentionMode = keyof typeof MODES;
export const attentionModes = Object.keys(MODES) as readonly AttentionMode[];

export type Weights = [batch: number, heads: number, queries: number, keys: number];

export interface AttentionOptions {
  /**
   * - `'softmax'`, `'sparsemax'`, `'entmax15'`: weights p = f(z), with their derivatives.
   * - `'argmax'`: all weight on the largest score, the first of equal ones. Values learn; scores get a gradient of 0.
   * - `'straight-through'`: forward as argmax, backward as softmax.
   * - `'gumbel'`: softmax of the scores with Gumbel noise; `'straight-through-gumbel'`: its largest weight forward.
   *
   * Defaults to `'softmax'`.
   */
  readonly mode?: AttentionMode;
  /**
   * Broadcasts to [B, N, T, S]. Reals are added to the scaled scores (and get a gradient); of ids (`ids()`), those at 0 hide
   * their key, as in PyTorch's `scaled_dot_product_attention`.
   */
  readonly mask?: Tensor | undefined;
  /** Query t sees keys 0 .. t + S - T, so that the last query sees all (PyTorch's `causal_lower_right`). Defaults to false. */
  readonly causal?: boolean;
  /** Divides scores, mask and noise alike; > 0. Defaults to 1. */
  readonly temperature?: number;
  /** Keys that exist in each batch row, [B]; what lies past them is not read. */
  readonly keyLengths?: Tensor<[number]> | readonly number[] | undefined;
  /** Factor of q k, by default 1 / sqrt(D); of an additive score, by default 1. */
  readonly scale?: number | undefined;
  /** Where the noise of the Gumbel modes comes from. */
  readonly random?: RandomStream | undefined;
  /** Return the weights too, with their gradient; they take B*N*T*S reals. Defaults to false. */
  readonly returnWeights?: boolean;
}

/** The options that stand for themselves, checked. */
export function resolve(
  op: string,
  { mode = 'softmax', temperature = 1, scale, random }: AttentionOptions,
  scaleByDefault: number,
): { mode: AttentionMode; code: number; noise: boolean; temperature: number; scale: number } {
  const known = Object.hasOwn(MODES, mode) ? MODES[mode] : undefined;
  if (known === undefined) {
    throw new ArgumentError(`${op}: mode must be one of ${attentionModes.join(', ')}, got ${mode}`);
  }
  if (!(temperature > 0 && Number.isFinite(temperature))) {
    throw new ArgumentError(`${op}: temperature must be a finite number greater than 0, got ${temperature}`);
  }
  if (scale !== undefined && !Number.isFinite(scale)) {
    throw new ArgumentError(`${op}: scale must be a finite number, got ${scale}`);
  }
  if (known.noise && random === undefined) {
    throw new ArgumentError(`${op}: random must be given with mode ${mode}, got none`);
  }
  return { mode, ...known, temperature, scale: scale ?? scaleByDefault };
}

/** Bits 3, 2, 1, 0 for the axes B, N, T, S that the mask has in full. */
export function maskAxes(op: string, mask: Tensor, full: Weights): number {
  const dims = [...Array<number>(Math.max(4 - mask.shape.length, 0)).fill(1), ...mask.shape];
  if (dims.length > 4 || dims.some((n, axis) => n !== 1 && n !== full[axis])) {
    throw new ShapeError(
      `${op}: mask must broadcast to [B, N, T, S] = ${formatShape(full)}, got ${formatShape(mask.shape)}`,
    );
  }
  return dims.reduce((axes, n, axis) => (n === 1 ? axes : axes | (8 >> axis)), 0);
}

/** keyLengths as ids, checked. */
export function lengthsOf(
  op: string,
  given: AttentionOptions['keyLengths'],
  B: number,
  S: number,
): Tensor<[number]> | undefined {
  if (given === undefined) return undefined;
  const lengths = given instanceof Tensor ? given : ids(given, [given.length]);
  if (lengths.dtype !== 'int32') {
    throw new ArgumentError(`${op}: keyLengths must be ids, got ${lengths.dtype}`);
  }
  expectShape(op, 'keyLengths', '[B]', [B], lengths.shape);
  const values = lengths.view();
  const at = values.findIndex((length) => length < 0 || length > S);
  if (at >= 0) {
    throw new ArgumentError(`${op}: keyLengths must be in [0, S] = [0, ${S}], got ${values[at]} at ${at}`);
  }
  return lengths;
}
