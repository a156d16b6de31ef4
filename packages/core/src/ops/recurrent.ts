/**
 * One recurrent layer over a whole sequence, in one or both directions: what `rnn`, `gru` and `lstm` share. Forward and
 * backpropagation through time are one kernel call each per direction. Time-major.
 */
import { ArgumentError, ShapeError } from '../errors.js';
import { expectRank, expectShape, formatShape } from '../shape.js';
import { record, records } from '../tape.js';
import { allocate, type Tensor } from '../tensor.js';
import { expectReal, sameKernel } from './elementwise.js';

/** kernel-wasm's recurrent cells: code, blocks of H in a weight, blocks of H kept per row and step, a second state c? */
export const CELLS = {
  'rnn tanh': { code: 0, gates: 1, blocks: 1, hasC: false },
  'rnn relu': { code: 1, gates: 1, blocks: 1, hasC: false },
  gru: { code: 2, gates: 3, blocks: 4, hasC: false },
  lstm: { code: 3, gates: 4, blocks: 4, hasC: true },
} as const;

export type RecurrentCell = keyof typeof CELLS;

type Matrix = Tensor<[number, number]>;
type Sequence = Tensor<[time: number, batch: number, size: number]>;

/** Weights of one direction in PyTorch's layout: G blocks of H rows each (G = 1 for RNN, 3 for GRU, 4 for LSTM). */
export interface RecurrentWeights {
  /** [G*H, I] */
  readonly weightIh: Matrix;
  /** [G*H, H] */
  readonly weightHh: Matrix;
  /** [G*H] */
  readonly biasIh?: Tensor<[number]> | undefined;
  /** [G*H] */
  readonly biasHh?: Tensor<[number]> | undefined;
}

/** One direction of a layer: its weights, its first state (zeros when left out), from which end it reads. */
export interface Direction extends RecurrentWeights {
  /** [B, H] */
  readonly h0?: Matrix | undefined;
  /** [B, H] */
  readonly c0?: Matrix | undefined;
  /** Each row from its own last step to its first. Defaults to false. */
  readonly reverse?: boolean | undefined;
}

export interface RecurrentOptions {
  /** First state, [B, H]; zeros when left out. */
  readonly h0?: Matrix | undefined;
  /**
   * Steps of each row, ids [B], each in [0, T]. Steps behind the end of a row leave its state as it is, have output
   * zero, and their x gets gradient zero; they cost no products. Defaults to T for all, in any order.
   */
  readonly lengths?: Tensor<[batch: number]> | undefined;
  /** From the last step of each row to its first. Defaults to false. */
  readonly reverse?: boolean | undefined;
}

export interface RecurrentResult {
  /** h_1 .. h_T, [T, B, H] */
  readonly output: Tensor<[time: number, batch: number, hidden: number]>;
  /** The state after the last step of each row, [B, H] */
  readonly h: Tensor<[batch: number, hidden: number]>;
}

export interface LayerResult {
  /** [T, B, D*H], the directions side by side. */
  readonly output: Sequence;
  /** The state of each direction after its last step, [B, H]; c where the cell has one. */
  readonly last: readonly { readonly h: Matrix; readonly c: Matrix | undefined }[];
}

/**
 * Run `directions` (all with weights of the same sizes) over x [T, B, I].
 * Memory kept for backward, per direction: T*B*H reals for h (and c), T*B*G*H for the gates (the GRU 4*H); without
 * gradients only the last states.
 */
export function recurrentLayer(
  op: string,
  cell: RecurrentCell,
  x: Sequence,
  directions: readonly Direction[],
  lengths?: Tensor<[number]>,
): LayerResult {
  const { code, gates: G, blocks, hasC } = CELLS[cell];
  expectReal(op, x);
  expectRank(op, 'x', '[T, B, I]', 3, x.shape);
  const [T, B, I] = x.shape;
  expectRank(op, 'weightHh', '[G*H, H]', 2, directions[0]!.weightHh.shape);
  const H = directions[0]!.weightHh.shape[1];
  for (const direction of directions) expectDirection(op, G, x, direction, H);
  if (lengths !== undefined) expectLengths(op, lengths, T, B);
  sameKernel(op, x, lengths);

  const { kernel } = x;
  const D = directions.length;
  const inputs = [
    x,
    ...directions.flatMap(({ weightIh, weightHh, biasIh, biasHh, h0, c0 }) => [
      weightIh,
      weightHh,
      biasIh,
      biasHh,
      h0,
      c0,
    ]),
  ];
  const kept = records(inputs);
  const states = kept ? T + 1 : 1;
  // The states of a single direction whose rows all run to the end are its output.
  const y =
    kept && D === 1 && lengths === undefined ? undefined : allocate(op, [T, B, D * H] as const, 'real');
  const runs = directions.map((direction, d) => {
    const reverse = direction.reverse === true;
    const hs = allocate(op, [states, B, H], 'real');
    const cs = hasC ? allocate(op, [states, B, H], 'real') : undefined;
    const gates = kept ? allocate(op, [T, B, blocks * H], 'real') : undefined;
    const { weightIh, weightHh, biasIh, biasHh, h0, c0 } = direction;
    const written = [y, hs, cs, gates].map(offsetOf) as [number, number, number, number];
    const weights = [weightIh, weightHh, biasIh, biasHh].map(offsetOf) as [number, number, number, number];
    kernel.check(
      op,
      kernel.calls.recurrent_forward(
        ...written,
        x.offset,
        offsetOf(h0),
        offsetOf(c0),
        ...weights,
        offsetOf(lengths),
        code,
        T,
        B,
        I,
        H,
        D * H,
        d * H,
        reverse,
      ),
    );
    const end = kept && !reverse ? T * B * H : 0;
    const last = {
      h: hs.part(end, [B, H] as [number, number]),
      c: cs?.part(end, [B, H] as [number, number]),
    };
    return { direction, reverse, hs, cs, gates, last };
  });
  const [first] = runs;
  const output = (y ?? first!.hs.part(first!.reverse ? 0 : B * H, [T, B, H])) as Sequence;
  const outputs = [output, ...runs.flatMap(({ last: { h, c } }) => (c === undefined ? [h] : [h, c]))];

  record(op, inputs, outputs, (grads) => {
    const dy = grads.of(output);
    const add = (input: Tensor | undefined): number =>
      grads.wants(input) ? grads.accumulator(input).offset : 0;
    const assigned = [x, ...directions.flatMap(({ h0, c0 }) => [h0, c0])];
    grads.assignAll(assigned, ([dx, ...dstates]) => {
      for (const [d, { direction, reverse, hs, cs, gates, last }] of runs.entries()) {
        const { weightIh, weightHh, biasIh, biasHh } = direction;
        kernel.check(
          op,
          kernel.calls.recurrent_backward(
            dx!,
            dstates[2 * d]!,
            dstates[2 * d + 1]!,
            add(weightIh),
            add(weightHh),
            add(biasIh),
            add(biasHh),
            gates!.offset,
            offsetOf(dy),
            offsetOf(grads.of(last.h)),
            offsetOf(last.c && grads.of(last.c)),
            hs.offset,
            offsetOf(cs),
            x.offset,
            weightIh.offset,
            weightHh.offset,
            offsetOf(lengths),
            code,
            T,
            B,
            I,
            H,
            D * H,
            d * H,
            reverse,
            d > 0,
          ),
        );
      }
    });
  });
  return { output, last: runs.map(({ last }) => last) };
}

/** 0 is "absent" for the kernel. */
function offsetOf(tensor: Tensor | undefined): number {
  return tensor?.offset ?? 0;
}

function expectDirection(op: string, G: number, x: Sequence, direction: Direction, H: number): void {
  const { weightIh, weightHh, biasIh, biasHh, h0, c0 } = direction;
  sameKernel(op, x, weightIh, weightHh, biasIh, biasHh, h0, c0);
  const [, B, I] = x.shape;
  const letters = G === 1 ? 'H' : `${G}*H`;
  expectShape(op, 'weightHh', `[${letters}, H]`, [G * H, H], weightHh.shape);
  expectShape(op, 'weightIh', `[${letters}, I]`, [G * H, I], weightIh.shape);
  if (biasIh !== undefined) expectShape(op, 'biasIh', `[${letters}]`, [G * H], biasIh.shape);
  if (biasHh !== undefined) expectShape(op, 'biasHh', `[${letters}]`, [G * H], biasHh.shape);
  if (h0 !== undefined) expectShape(op, 'h0', '[B, H]', [B, H], h0.shape);
  if (c0 !== undefined) expectShape(op, 'c0', '[B, H]', [B, H], c0.shape);
}

function expectLengths(op: string, lengths: Tensor<[number]>, T: number, B: number): void {
  if (lengths.dtype !== 'int32' || lengths.shape.length !== 1 || lengths.shape[0] !== B) {
    throw new ShapeError(
      `${op}: lengths must be ids [B] = [${B}], got ${lengths.dtype} ${formatShape(lengths.shape)}`,
    );
  }
  const values = lengths.view();
  const at = values.findIndex((length) => length < 0 || length > T);
  if (at >= 0) {
    throw new ArgumentError(`${op}: lengths must be in [0, T] = [0, ${T}], got ${values[at]} at ${at}`);
  }
}
