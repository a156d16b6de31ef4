/* tslint:disable */
/* eslint-disable */

export function abi_version(): number;

/**
 * Adagrad; `lr` is that of this step.
 */
export function adagrad_step(params: number, sum: number, grads: number, n: number, lr: number, eps: number, weight_decay: number, grad_scale: number): number;

/**
 * Adam or, decoupled, AdamW.
 */
export function adam_step(params: number, exp_avg: number, exp_avg_sq: number, grads: number, n: number, lr: number, beta1: number, beta2: number, eps: number, weight_decay: number, decoupled: boolean, step: number, grad_scale: number): number;

/**
 * y += alpha x.
 */
export function add_scaled(y: number, x: number, n: number, alpha: number): number;

/**
 * Uninitialised memory at a multiple of 64 bytes; 0 when there is none left, with the bytes as error detail.
 */
export function alloc(bytes: number): number;

/**
 * dq, dk, dv (the last two added to where `accumulate`), dw, and dmask of an additive mask; see `attention`. The noise of the forward pass has no part in it.
 */
export function attention_backward(dq: number, dk: number, dv: number, dw: number, dmask: number, dout: number, dprobs: number, probs: number, chosen: number, q: number, k: number, v: number, w: number, key_lengths: number, batch: number, queries: number, keys: number, heads: number, kv_heads: number, dim: number, value_dim: number, mode: number, scale: number, temperature: number, causal: boolean, mask_axes: number, accumulate: boolean): number;

/**
 * o = f(z) v; see `attention`. Without probs nothing of size [T, S] is kept.
 */
export function attention_forward(out: number, probs: number, chosen: number, q: number, k: number, v: number, w: number, additive_mask: number, boolean_mask: number, key_lengths: number, batch: number, queries: number, keys: number, heads: number, kv_heads: number, dim: number, value_dim: number, mode: number, scale: number, temperature: number, causal: boolean, mask_axes: number, noise: boolean, key_hi: number, key_lo: number, counter_hi: number, counter_lo: number): number;

/**
 * Multiply-adds in registers alone, without a single load; returns a checksum.
 */
export function bench_peak(iterations: number): number;

/**
 * Floating-point operations of one iteration.
 */
export function bench_peak_flops(): number;

/**
 * da and db from dout, summed over repeats.
 */
export function binary_backward(da: number, db: number, dout: number, a: number, b: number, na: number, nb: number, op: number): number;

/**
 * dx of the same loss.
 */
export function binary_cross_entropy_backward(dx: number, dloss: number, x: number, y: number, positive_weight: number, mask: number, rows: number, columns: number, scale: number): number;

/**
 * `loss[1]` = scale times the sum over entries of the binary cross-entropy of logits x and targets y [rows, columns].
 * `positive_weight` [columns] and `mask` [rows, columns] are optional.
 */
export function binary_cross_entropy_forward(loss: number, x: number, y: number, positive_weight: number, mask: number, rows: number, columns: number, scale: number): number;

/**
 * out = a op b, the shorter repeated. op: 0 add, 1 sub, 2 mul, 3 div.
 */
export function binary_forward(out: number, a: number, b: number, na: number, nb: number, op: number): number;

/**
 * `out[outer, n, inner] = x[outer, inner]`.
 */
export function broadcast(out: number, x: number, outer: number, n: number, inner: number): number;

/**
 * y = x.
 */
export function copy(y: number, x: number, n: number): number;

/**
 * `y[r, :width] = x[r, :width]`, or `+=` when `accumulate`, for rows that start so many entries apart.
 */
export function copy_rows(y: number, x: number, rows: number, width: number, y_stride: number, x_stride: number, accumulate: boolean): number;

/**
 * dlogits from `divisor` and `probs` as the forward call left them.
 */
export function cross_entropy_backward(dlogits: number, dloss: number, divisor: number, probs: number, targets: number, class_weight: number, mask: number, rows: number, classes: number, ignore: number, smoothing: number): number;

/**
 * The cross-entropy of `loss::cross_entropy` in `loss[1]`, what it was divided by in `divisor[1]`; the softmax is kept
 * in `probs` when asked for. `class_weight` [classes] and `mask` [rows] are optional.
 */
export function cross_entropy_forward(loss: number, divisor: number, probs: number, logits: number, targets: number, class_weight: number, mask: number, rows: number, classes: number, ignore: number, smoothing: number, mean: boolean): number;

/**
 * dlog_probs =; `beta` [2, 2 S + 1] is scratch, f64 in every build.
 */
export function ctc_backward(dlog_probs: number, beta: number, dnll: number, alpha: number, log_probs: number, targets: number, input_lengths: number, target_lengths: number, steps: number, batch: number, classes: number, labels: number, blank: number): number;

/**
 * `nll[B]` of each row; `alpha` [B, T, 2 S + 1] holds f64 in every build.
 */
export function ctc_forward(nll: number, alpha: number, log_probs: number, targets: number, input_lengths: number, target_lengths: number, steps: number, batch: number, classes: number, labels: number, blank: number): number;

/**
 * Returns what `alloc(bytes)` gave. 0 is ignored.
 */
export function dealloc(pointer: number, bytes: number): void;

/**
 * dx = keep ? dy / (1 - p) : 0, with the mask of the forward pass.
 */
export function dropout_backward(dx: number, dy: number, n: number, p: number, key_hi: number, key_lo: number, counter_hi: number, counter_lo: number): number;

/**
 * y = keep ? x / (1 - p) : 0.
 */
export function dropout_forward(y: number, x: number, n: number, p: number, key_hi: number, key_lo: number, counter_hi: number, counter_lo: number): number;

/**
 * 4 (f32) or 8 (f64).
 */
export function element_bytes(): number;

/**
 * `dweight[ids[r]] += dy[r]`, but nothing for id `padding`; -1 is "none".
 */
export function embedding_backward(dweight: number, dy: number, ids: number, rows: number, vocabulary: number, size: number, padding: number): number;

/**
 * `y[r] = weight[ids[r]]`.
 */
export function embedding_forward(y: number, weight: number, ids: number, rows: number, vocabulary: number, size: number): number;

/**
 * Number `index` (0..3) behind the last status that was not 0.
 */
export function error_detail(index: number): number;

/**
 * y = value.
 */
export function fill(y: number, n: number, value: number): number;

/**
 * Index of the first NaN or infinity; -1 when there is none, -2 on a bad region.
 */
export function first_non_finite(x: number, n: number): number;

/**
 * Whether multiply-adds may round once: the build is then fast, but its bits depend on the machine.
 */
export function fused_multiply_add(): boolean;

/**
 * C[m, n] = alpha op(A) op(B) + beta C; C is not read where beta is 0.
 */
export function gemm(c: number, a: number, b: number, m: number, n: number, k: number, trans_a: boolean, trans_b: boolean, alpha: number, beta: number): number;

/**
 * sqrt(sum of squares) in f64; -1 on a bad region.
 */
export function global_norm(x: number, n: number): number;

/**
 * FNV-1a 64 over bytes; out = [high word, low word].
 */
export function hash(out: number, pointer: number, bytes: number): number;

/**
 * Reals in a SIMD vector.
 */
export function lanes(): number;

/**
 * The gradients that are asked for: dx =, dweight +=, dbias +=.
 */
export function layer_norm_backward(dx: number, dweight: number, dbias: number, dy: number, mean: number, rstd: number, x: number, weight: number, rows: number, columns: number): number;

/**
 * y = (x - mean) rstd weight + bias by rows; keeps mean and rstd \[rows\]. weight and bias are optional.
 */
export function layer_norm_forward(y: number, mean: number, rstd: number, x: number, weight: number, bias: number, rows: number, columns: number, epsilon: number): number;

/**
 * dx = dy W, dW += dy^T x, db += column sums of dy.
 */
export function linear_backward(dx: number, dweight: number, dbias: number, dy: number, x: number, weight: number, rows: number, inputs: number, outputs: number): number;

/**
 * y = x W^T + b.
 */
export function linear_forward(y: number, x: number, weight: number, bias: number, rows: number, inputs: number, outputs: number): number;

/**
 * y = x W^T + b for few rows, each as if it were alone; the weight packed.
 */
export function linear_rows(y: number, x: number, weight: number, bias: number, rows: number, inputs: number, outputs: number): number;

/**
 * Bytes given out by `alloc` and not yet returned.
 */
export function live_bytes(): number;

/**
 * dx = dy - e^y sum of dy.
 */
export function log_softmax_backward(dx: number, dy: number, y: number, rows: number, columns: number): number;

/**
 * Log-softmax over the last axis.
 */
export function log_softmax_forward(y: number, x: number, rows: number, columns: number): number;

/**
 * dx =.
 */
export function max_over_time_backward(dx: number, dy: number, largest: number, steps: number, batch: number, columns: number): number;

/**
 * `y[b]` = the largest of x [T, B, C] over the row's steps; `largest` [B, C] keeps which step that was.
 */
export function max_over_time_forward(y: number, largest: number, x: number, lengths: number, steps: number, batch: number, columns: number): number;

/**
 * dx =.
 */
export function mean_over_time_backward(dx: number, dy: number, lengths: number, steps: number, batch: number, columns: number): number;

/**
 * `y[b]` = the mean of x [T, B, C] over the row's steps.
 */
export function mean_over_time_forward(y: number, x: number, lengths: number, steps: number, batch: number, columns: number): number;

/**
 * Writes the packed form of a weight [rows, inner], as the steps below take it.
 */
export function pack_rows(packed: number, weight: number, rows: number, inner: number): number;

/**
 * Reals of the packed form of a weight [rows, inner]; 0 where they are too many.
 */
export function packed_rows_size(rows: number, inner: number): number;

/**
 * n 32-bit words.
 */
export function random_bits(out: number, n: number, key_hi: number, key_lo: number, counter_hi: number, counter_lo: number): number;

/**
 * Normal numbers by inversion.
 */
export function random_normal(out: number, n: number, mean: number, std: number, key_hi: number, key_lo: number, counter_hi: number, counter_lo: number): number;

/**
 * low + (high - low) u, u uniform in [0, 1) in steps of 2^-24.
 */
export function random_uniform(out: number, n: number, low: number, high: number, key_hi: number, key_lo: number, counter_hi: number, counter_lo: number): number;

/**
 * Backward through time; see `recurrent`. `gates` is overwritten.
 */
export function recurrent_backward(dx: number, dh0: number, dc0: number, dweight_ih: number, dweight_hh: number, dbias_ih: number, dbias_hh: number, gates: number, dy: number, dhn: number, dcn: number, hs: number, cs: number, x: number, weight_ih: number, weight_hh: number, lengths: number, cell: number, steps: number, batch: number, inputs: number, hidden: number, dy_stride: number, dy_offset: number, reverse: boolean, add_dx: boolean): number;

/**
 * A whole sequence in one direction; see `recurrent`. Without `gates` only the last states are kept.
 */
export function recurrent_forward(y: number, hs: number, cs: number, gates: number, x: number, h0: number, c0: number, weight_ih: number, weight_hh: number, bias_ih: number, bias_hh: number, lengths: number, cell: number, steps: number, batch: number, inputs: number, hidden: number, y_stride: number, y_offset: number, reverse: boolean): number;

/**
 * x W_ih^T as rows of gates [rows, blocks H], for `recurrent_step_ids`; see `step`.
 */
export function recurrent_input_rows(z: number, x: number, weight_ih: number, cell: number, rows: number, inputs: number, hidden: number): number;

/**
 * h and c, in place, one step further by x [B, I]; both weights packed.
 */
export function recurrent_step(h: number, c: number, x: number, weight_ih: number, weight_hh: number, bias_ih: number, bias_hh: number, cell: number, batch: number, inputs: number, hidden: number): number;

/**
 * h and c, in place, one step further by ids [B] into a table of `recurrent_input_rows` [V, blocks H]; the
 * weight packed.
 */
export function recurrent_step_ids(h: number, c: number, table: number, ids: number, weight_hh: number, bias_ih: number, bias_hh: number, cell: number, vocabulary: number, batch: number, hidden: number): number;

/**
 * `out[outer, inner] = sum over n of x[outer, n, inner]`.
 */
export function reduce_sum(out: number, x: number, outer: number, n: number, inner: number): number;

/**
 * RMSprop; `grad_avg` asks for the centred form, `buffer` for momentum.
 */
export function rmsprop_step(params: number, square_avg: number, grad_avg: number, buffer: number, grads: number, n: number, lr: number, alpha: number, eps: number, weight_decay: number, momentum: number, grad_scale: number): number;

/**
 * y = alpha x; y may be x.
 */
export function scale(y: number, x: number, n: number, alpha: number): number;

/**
 * `y[r] = a[r]` where `mask[r]` is not 0, else `b[r]`; a or b absent is zeros.
 */
export function select_rows(y: number, mask: number, a: number, b: number, rows: number, width: number): number;

/**
 * Stochastic gradient descent; `buffer` is optional, momentum needs it.
 */
export function sgd_step(params: number, buffer: number, grads: number, n: number, lr: number, momentum: number, dampening: number, nesterov: boolean, weight_decay: number, first: boolean, grad_scale: number): number;

/**
 * dx = y (dy - sum of dy y).
 */
export function softmax_backward(dx: number, dy: number, y: number, rows: number, columns: number): number;

/**
 * Softmax over the last axis.
 */
export function softmax_forward(y: number, x: number, rows: number, columns: number): number;

/**
 * `y[batch, columns, rows, inner] = x[batch, rows, columns, inner]`.
 */
export function transpose(y: number, x: number, batch: number, rows: number, columns: number, inner: number): number;

/**
 * dx = dy op'(x), with y = op(x).
 */
export function unary_backward(dx: number, dy: number, x: number, y: number, n: number, op: number): number;

/**
 * y = op(x). op: 0 neg, 1 exp, 2 log, 3 sigmoid, 4 tanh, 5 relu, 6 sqrt, 7 square.
 */
export function unary_forward(y: number, x: number, n: number, op: number): number;

/**
 * Bytes of scratch that the kernel keeps.
 */
export function workspace_bytes(): number;

export type InitInput = RequestInfo | URL | Response | BufferSource | WebAssembly.Module;

export interface InitOutput {
    readonly memory: WebAssembly.Memory;
    readonly abi_version: () => number;
    readonly adagrad_step: (a: number, b: number, c: number, d: number, e: number, f: number, g: number, h: number) => number;
    readonly adam_step: (a: number, b: number, c: number, d: number, e: number, f: number, g: number, h: number, i: number, j: number, k: number, l: number, m: number) => number;
    readonly add_scaled: (a: number, b: number, c: number, d: number) => number;
    readonly alloc: (a: number) => number;
    readonly attention_backward: (a: number, b: number, c: number, d: number, e: number, f: number, g: number, h: number, i: number, j: number, k: number, l: number, m: number, n: number, o: number, p: number, q: number, r: number, s: number, t: number, u: number, v: number, w: number, x: number, y: number, z: number, a1: number) => number;
    readonly attention_forward: (a: number, b: number, c: number, d: number, e: number, f: number, g: number, h: number, i: number, j: number, k: number, l: number, m: number, n: number, o: number, p: number, q: number, r: number, s: number, t: number, u: number, v: number, w: number, x: number, y: number, z: number, a1: number) => number;
    readonly bench_peak: (a: number) => number;
    readonly bench_peak_flops: () => number;
    readonly binary_backward: (a: number, b: number, c: number, d: number, e: number, f: number, g: number, h: number) => number;
    readonly binary_cross_entropy_backward: (a: number, b: number, c: number, d: number, e: number, f: number, g: number, h: number, i: number) => number;
    readonly binary_cross_entropy_forward: (a: number, b: number, c: number, d: number, e: number, f: number, g: number, h: number) => number;
    readonly binary_forward: (a: number, b: number, c: number, d: number, e: number, f: number) => number;
    readonly broadcast: (a: number, b: number, c: number, d: number, e: number) => number;
    readonly copy: (a: number, b: number, c: number) => number;
    readonly copy_rows: (a: number, b: number, c: number, d: number, e: number, f: number, g: number) => number;
    readonly cross_entropy_backward: (a: number, b: number, c: number, d: number, e: number, f: number, g: number, h: number, i: number, j: number, k: number) => number;
    readonly cross_entropy_forward: (a: number, b: number, c: number, d: number, e: number, f: number, g: number, h: number, i: number, j: number, k: number, l: number) => number;
    readonly ctc_backward: (a: number, b: number, c: number, d: number, e: number, f: number, g: number, h: number, i: number, j: number, k: number, l: number, m: number) => number;
    readonly ctc_forward: (a: number, b: number, c: number, d: number, e: number, f: number, g: number, h: number, i: number, j: number, k: number) => number;
    readonly dealloc: (a: number, b: number) => void;
    readonly dropout_backward: (a: number, b: number, c: number, d: number, e: number, f: number, g: number, h: number) => number;
    readonly dropout_forward: (a: number, b: number, c: number, d: number, e: number, f: number, g: number, h: number) => number;
    readonly element_bytes: () => number;
    readonly embedding_backward: (a: number, b: number, c: number, d: number, e: number, f: number, g: number) => number;
    readonly embedding_forward: (a: number, b: number, c: number, d: number, e: number, f: number) => number;
    readonly error_detail: (a: number) => number;
    readonly fill: (a: number, b: number, c: number) => number;
    readonly first_non_finite: (a: number, b: number) => number;
    readonly fused_multiply_add: () => number;
    readonly gemm: (a: number, b: number, c: number, d: number, e: number, f: number, g: number, h: number, i: number, j: number) => number;
    readonly global_norm: (a: number, b: number) => number;
    readonly hash: (a: number, b: number, c: number) => number;
    readonly lanes: () => number;
    readonly layer_norm_backward: (a: number, b: number, c: number, d: number, e: number, f: number, g: number, h: number, i: number, j: number) => number;
    readonly layer_norm_forward: (a: number, b: number, c: number, d: number, e: number, f: number, g: number, h: number, i: number) => number;
    readonly linear_backward: (a: number, b: number, c: number, d: number, e: number, f: number, g: number, h: number, i: number) => number;
    readonly linear_forward: (a: number, b: number, c: number, d: number, e: number, f: number, g: number) => number;
    readonly linear_rows: (a: number, b: number, c: number, d: number, e: number, f: number, g: number) => number;
    readonly live_bytes: () => number;
    readonly log_softmax_backward: (a: number, b: number, c: number, d: number, e: number) => number;
    readonly log_softmax_forward: (a: number, b: number, c: number, d: number) => number;
    readonly max_over_time_backward: (a: number, b: number, c: number, d: number, e: number, f: number) => number;
    readonly max_over_time_forward: (a: number, b: number, c: number, d: number, e: number, f: number, g: number) => number;
    readonly mean_over_time_backward: (a: number, b: number, c: number, d: number, e: number, f: number) => number;
    readonly mean_over_time_forward: (a: number, b: number, c: number, d: number, e: number, f: number) => number;
    readonly pack_rows: (a: number, b: number, c: number, d: number) => number;
    readonly packed_rows_size: (a: number, b: number) => number;
    readonly random_bits: (a: number, b: number, c: number, d: number, e: number, f: number) => number;
    readonly random_normal: (a: number, b: number, c: number, d: number, e: number, f: number, g: number, h: number) => number;
    readonly random_uniform: (a: number, b: number, c: number, d: number, e: number, f: number, g: number, h: number) => number;
    readonly recurrent_backward: (a: number, b: number, c: number, d: number, e: number, f: number, g: number, h: number, i: number, j: number, k: number, l: number, m: number, n: number, o: number, p: number, q: number, r: number, s: number, t: number, u: number, v: number, w: number, x: number, y: number, z: number) => number;
    readonly recurrent_forward: (a: number, b: number, c: number, d: number, e: number, f: number, g: number, h: number, i: number, j: number, k: number, l: number, m: number, n: number, o: number, p: number, q: number, r: number, s: number, t: number) => number;
    readonly recurrent_input_rows: (a: number, b: number, c: number, d: number, e: number, f: number, g: number) => number;
    readonly recurrent_step: (a: number, b: number, c: number, d: number, e: number, f: number, g: number, h: number, i: number, j: number, k: number) => number;
    readonly recurrent_step_ids: (a: number, b: number, c: number, d: number, e: number, f: number, g: number, h: number, i: number, j: number, k: number) => number;
    readonly reduce_sum: (a: number, b: number, c: number, d: number, e: number) => number;
    readonly rmsprop_step: (a: number, b: number, c: number, d: number, e: number, f: number, g: number, h: number, i: number, j: number, k: number, l: number) => number;
    readonly scale: (a: number, b: number, c: number, d: number) => number;
    readonly select_rows: (a: number, b: number, c: number, d: number, e: number, f: number) => number;
    readonly sgd_step: (a: number, b: number, c: number, d: number, e: number, f: number, g: number, h: number, i: number, j: number, k: number) => number;
    readonly softmax_backward: (a: number, b: number, c: number, d: number, e: number) => number;
    readonly softmax_forward: (a: number, b: number, c: number, d: number) => number;
    readonly transpose: (a: number, b: number, c: number, d: number, e: number, f: number) => number;
    readonly unary_backward: (a: number, b: number, c: number, d: number, e: number, f: number) => number;
    readonly unary_forward: (a: number, b: number, c: number, d: number) => number;
    readonly workspace_bytes: () => number;
    readonly __wbindgen_externrefs: WebAssembly.Table;
    readonly __wbindgen_start: () => void;
}

export type SyncInitInput = BufferSource | WebAssembly.Module;

/**
 * Instantiates the given `module`, which can either be bytes or
 * a precompiled `WebAssembly.Module`.
 *
 * @param {{ module: SyncInitInput }} module - Passing `SyncInitInput` directly is deprecated.
 *
 * @returns {InitOutput}
 */
export function initSync(module: { module: SyncInitInput } | SyncInitInput): InitOutput;

/**
 * If `module_or_path` is {RequestInfo} or {URL}, makes a request and
 * for everything else, calls `WebAssembly.instantiate` directly.
 *
 * @param {{ module_or_path: InitInput | Promise<InitInput> }} module_or_path - Passing `InitInput` directly is deprecated.
 *
 * @returns {Promise<InitOutput>}
 */
export default function __wbg_init (module_or_path?: { module_or_path: InitInput | Promise<InitInput> } | InitInput | Promise<InitInput>): Promise<InitOutput>;
