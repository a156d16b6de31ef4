/** One LSTM layer over a whole sequence, forward and backpropagation through time in one kernel call each. */
import { expectRank, expectShape } from '../shape.js';
import { record } from '../tape.js';
import { allocate, type Tensor } from '../tensor.js';
import { expectReal, sameKernel } from './elementwise.js';

/** Weights of one layer in PyTorch's layout: gate blocks i, f, g, o of H rows each. */
export interface LSTMWeights {
  /** [4*H, I] */
  readonly weightIh: Tensor<[number, number]>;
  /** [4*H, H] */
  readonly weightHh: Tensor<[number, number]>;
  /** [4*H] */
  readonly biasIh?: Tensor<[number]> | undefined;
  /** [4*H] */
  readonly biasHh?: Tensor<[number]> | undefined;
}

export interface LSTMResult {
  /** h_1 .. h_T, [T, B, H] */
  readonly output: Tensor<[time: number, batch: number, hidden: number]>;
  /** h_T, [B, H] */
  readonly h: Tensor<[batch: number, hidden: number]>;
  /** c_T, [B, H] */
  readonly c: Tensor<[batch: number, hidden: number]>;
}

/**
 * i, f, o = sigmoid(z_i), sigmoid(z_f), sigmoid(z_o), g = tanh(z_g) with z = W_ih x_t + b_ih + W_hh h_{t-1} + b_hh;
 * c_t = f c_{t-1} + i g; h_t = o tanh(c_t). Time-major.
 *
 * Shapes: x [T, B, I]; h0, c0 [B, H], zeros when left out; output [T, B, H].
 * Memory kept for backward: T*B*(4H + 2H) reals.
 * Source: Hochreiter & Schmidhuber 1997 with forget gates (Gers et al. 2000), in PyTorch's gate order.
 */
export function lstm(
  x: Tensor<[time: number, batch: number, input: number]>,
  weights: LSTMWeights,
  h0?: Tensor<[number, number]>,
  c0?: Tensor<[number, number]>,
): LSTMResult {
  const { weightIh, weightHh, biasIh, biasHh } = weights;
  expectReal('lstm', x);
  sameKernel('lstm', x, weightIh, weightHh, biasIh, biasHh, h0, c0);
  expectRank('lstm', 'x', '[T, B, I]', 3, x.shape);
  expectRank('lstm', 'weightHh', '[4*H, H]', 2, weightHh.shape);
  const [T, B, I] = x.shape;
  const H = weightHh.shape[1];
  expectShape('lstm', 'weightIh', '[4*H, I]', [4 * H, I], weightIh.shape);
  expectShape('lstm', 'weightHh', '[4*H, H]', [4 * H, H], weightHh.shape);
  if (biasIh !== undefined) expectShape('lstm', 'biasIh', '[4*H]', [4 * H], biasIh.shape);
  if (biasHh !== undefined) expectShape('lstm', 'biasHh', '[4*H]', [4 * H], biasHh.shape);
  if (h0 !== undefined) expectShape('lstm', 'h0', '[B, H]', [B, H], h0.shape);
  if (c0 !== undefined) expectShape('lstm', 'c0', '[B, H]', [B, H], c0.shape);

  const { kernel } = x;
  const hs = allocate('lstm', [T + 1, B, H], 'real');
  const cs = allocate('lstm', [T + 1, B, H], 'real');
  const gates = allocate('lstm', [T, B, 4 * H], 'real');
  kernel.check(
    'lstm',
    kernel.calls.lstm_forward(
      hs.offset,
      cs.offset,
      gates.offset,
      x.offset,
      h0?.offset ?? 0,
      c0?.offset ?? 0,
      weightIh.offset,
      weightHh.offset,
      biasIh?.offset ?? 0,
      biasHh?.offset ?? 0,
      T,
      B,
      I,
      H,
    ),
  );
  const step = B * H;
  const output = hs.part(step, [T, B, H] as [number, number, number]);
  const h = hs.part(T * step, [B, H] as [number, number]);
  const c = cs.part(T * step, [B, H] as [number, number]);

  record('lstm', [x, weightIh, weightHh, biasIh, biasHh, h0, c0], [output, h, c], (grads) => {
    const at = (input: Tensor | undefined): number =>
      grads.wants(input) ? grads.accumulator(input).offset : 0;
    const write = (dx: number, dh0: number, dc0: number): void =>
      kernel.check(
        'lstm',
        kernel.calls.lstm_backward(
          dx,
          dh0,
          dc0,
          at(weightIh),
          at(weightHh),
          at(biasIh),
          at(biasHh),
          gates.offset,
          grads.of(output)?.offset ?? 0,
          grads.of(h)?.offset ?? 0,
          grads.of(c)?.offset ?? 0,
          hs.offset,
          cs.offset,
          x.offset,
          weightIh.offset,
          weightHh.offset,
          T,
          B,
          I,
          H,
        ),
      );
    assignAll(grads, [x, h0, c0], ([dx, dh0, dc0]) => write(dx!, dh0!, dc0!));
  });
  return { output, h, c };
}

/** One kernel call that writes several gradients: offsets in order, 0 for those that nobody wants. */
function assignAll(
  grads: Parameters<Parameters<typeof record>[3]>[0],
  inputs: readonly (Tensor | undefined)[],
  write: (offsets: readonly number[]) => void,
): void {
  const nest = (at: number, offsets: readonly number[]): void => {
    if (at === inputs.length) {
      write(offsets);
      return;
    }
    const input = inputs[at];
    if (grads.wants(input)) grads.assign(input, (target) => nest(at + 1, [...offsets, target.offset]));
    else nest(at + 1, [...offsets, 0]);
  };
  nest(0, []);
}
