/* @ts-self-types="./kernel.d.ts" */

/**
 * @returns {number}
 */
export function abi_version() {
    const ret = wasm.abi_version();
    return ret >>> 0;
}

/**
 * Adagrad; `lr` is that of this step.
 * @param {number} params
 * @param {number} sum
 * @param {number} grads
 * @param {number} n
 * @param {number} lr
 * @param {number} eps
 * @param {number} weight_decay
 * @param {number} grad_scale
 * @returns {number}
 */
export function adagrad_step(params, sum, grads, n, lr, eps, weight_decay, grad_scale) {
    const ret = wasm.adagrad_step(params, sum, grads, n, lr, eps, weight_decay, grad_scale);
    return ret >>> 0;
}

/**
 * Adam or, decoupled, AdamW.
 * @param {number} params
 * @param {number} exp_avg
 * @param {number} exp_avg_sq
 * @param {number} grads
 * @param {number} n
 * @param {number} lr
 * @param {number} beta1
 * @param {number} beta2
 * @param {number} eps
 * @param {number} weight_decay
 * @param {boolean} decoupled
 * @param {number} step
 * @param {number} grad_scale
 * @returns {number}
 */
export function adam_step(params, exp_avg, exp_avg_sq, grads, n, lr, beta1, beta2, eps, weight_decay, decoupled, step, grad_scale) {
    const ret = wasm.adam_step(params, exp_avg, exp_avg_sq, grads, n, lr, beta1, beta2, eps, weight_decay, decoupled, step, grad_scale);
    return ret >>> 0;
}

/**
 * y += alpha x.
 * @param {number} y
 * @param {number} x
 * @param {number} n
 * @param {number} alpha
 * @returns {number}
 */
export function add_scaled(y, x, n, alpha) {
    const ret = wasm.add_scaled(y, x, n, alpha);
    return ret >>> 0;
}

/**
 * Uninitialised memory at a multiple of 64 bytes; 0 when there is none left, with the bytes as error detail.
 * @param {number} bytes
 * @returns {number}
 */
export function alloc(bytes) {
    const ret = wasm.alloc(bytes);
    return ret >>> 0;
}

/**
 * dq, dk, dv (the last two added to where `accumulate`), dw, and dmask of an additive mask; see `attention`. The noise of the forward pass has no part in it.
 * @param {number} dq
 * @param {number} dk
 * @param {number} dv
 * @param {number} dw
 * @param {number} dmask
 * @param {number} dout
 * @param {number} dprobs
 * @param {number} probs
 * @param {number} chosen
 * @param {number} q
 * @param {number} k
 * @param {number} v
 * @param {number} w
 * @param {number} key_lengths
 * @param {number} batch
 * @param {number} queries
 * @param {number} keys
 * @param {number} heads
 * @param {number} kv_heads
 * @param {number} dim
 * @param {number} value_dim
 * @param {number} mode
 * @param {number} scale
 * @param {number} temperature
 * @param {boolean} causal
 * @param {number} mask_axes
 * @param {boolean} accumulate
 * @returns {number}
 */
export function attention_backward(dq, dk, dv, dw, dmask, dout, dprobs, probs, chosen, q, k, v, w, key_lengths, batch, queries, keys, heads, kv_heads, dim, value_dim, mode, scale, temperature, causal, mask_axes, accumulate) {
    const ret = wasm.attention_backward(dq, dk, dv, dw, dmask, dout, dprobs, probs, chosen, q, k, v, w, key_lengths, batch, queries, keys, heads, kv_heads, dim, value_dim, mode, scale, temperature, causal, mask_axes, accumulate);
    return ret >>> 0;
}

/**
 * o = f(z) v; see `attention`. Without probs nothing of size [T, S] is kept.
 * @param {number} out
 * @param {number} probs
 * @param {number} chosen
 * @param {number} q
 * @param {number} k
 * @param {number} v
 * @param {number} w
 * @param {number} additive_mask
 * @param {number} boolean_mask
 * @param {number} key_lengths
 * @param {number} batch
 * @param {number} queries
 * @param {number} keys
 * @param {number} heads
 * @param {number} kv_heads
 * @param {number} dim
 * @param {number} value_dim
 * @param {number} mode
 * @param {number} scale
 * @param {number} temperature
 * @param {boolean} causal
 * @param {number} mask_axes
 * @param {boolean} noise
 * @param {number} key_hi
 * @param {number} key_lo
 * @param {number} counter_hi
 * @param {number} counter_lo
 * @returns {number}
 */
export function attention_forward(out, probs, chosen, q, k, v, w, additive_mask, boolean_mask, key_lengths, batch, queries, keys, heads, kv_heads, dim, value_dim, mode, scale, temperature, causal, mask_axes, noise, key_hi, key_lo, counter_hi, counter_lo) {
    const ret = wasm.attention_forward(out, probs, chosen, q, k, v, w, additive_mask, boolean_mask, key_lengths, batch, queries, keys, heads, kv_heads, dim, value_dim, mode, scale, temperature, causal, mask_axes, noise, key_hi, key_lo, counter_hi, counter_lo);
    return ret >>> 0;
}

/**
 * Multiply-adds in registers alone, without a single load; returns a checksum.
 * @param {number} iterations
 * @returns {number}
 */
export function bench_peak(iterations) {
    const ret = wasm.bench_peak(iterations);
    return ret;
}

/**
 * Floating-point operations of one iteration.
 * @returns {number}
 */
export function bench_peak_flops() {
    const ret = wasm.bench_peak_flops();
    return ret;
}

/**
 * da and db from dout, summed over repeats.
 * @param {number} da
 * @param {number} db
 * @param {number} dout
 * @param {number} a
 * @param {number} b
 * @param {number} na
 * @param {number} nb
 * @param {number} op
 * @returns {number}
 */
export function binary_backward(da, db, dout, a, b, na, nb, op) {
    const ret = wasm.binary_backward(da, db, dout, a, b, na, nb, op);
    return ret >>> 0;
}

/**
 * dx of the same loss.
 * @param {number} dx
 * @param {number} dloss
 * @param {number} x
 * @param {number} y
 * @param {number} positive_weight
 * @param {number} mask
 * @param {number} rows
 * @param {number} columns
 * @param {number} scale
 * @returns {number}
 */
export function binary_cross_entropy_backward(dx, dloss, x, y, positive_weight, mask, rows, columns, scale) {
    const ret = wasm.binary_cross_entropy_backward(dx, dloss, x, y, positive_weight, mask, rows, columns, scale);
    return ret >>> 0;
}

/**
 * `loss[1]` = scale times the sum over entries of the binary cross-entropy of logits x and targets y [rows, columns].
 * `positive_weight` [columns] and `mask` [rows, columns] are optional.
 * @param {number} loss
 * @param {number} x
 * @param {number} y
 * @param {number} positive_weight
 * @param {number} mask
 * @param {number} rows
 * @param {number} columns
 * @param {number} scale
 * @returns {number}
 */
export function binary_cross_entropy_forward(loss, x, y, positive_weight, mask, rows, columns, scale) {
    const ret = wasm.binary_cross_entropy_forward(loss, x, y, positive_weight, mask, rows, columns, scale);
    return ret >>> 0;
}

/**
 * out = a op b, the shorter repeated. op: 0 add, 1 sub, 2 mul, 3 div.
 * @param {number} out
 * @param {number} a
 * @param {number} b
 * @param {number} na
 * @param {number} nb
 * @param {number} op
 * @returns {number}
 */
export function binary_forward(out, a, b, na, nb, op) {
    const ret = wasm.binary_forward(out, a, b, na, nb, op);
    return ret >>> 0;
}

/**
 * `out[outer, n, inner] = x[outer, inner]`.
 * @param {number} out
 * @param {number} x
 * @param {number} outer
 * @param {number} n
 * @param {number} inner
 * @returns {number}
 */
export function broadcast(out, x, outer, n, inner) {
    const ret = wasm.broadcast(out, x, outer, n, inner);
    return ret >>> 0;
}

/**
 * y = x.
 * @param {number} y
 * @param {number} x
 * @param {number} n
 * @returns {number}
 */
export function copy(y, x, n) {
    const ret = wasm.copy(y, x, n);
    return ret >>> 0;
}

/**
 * `y[r, :width] = x[r, :width]`, or `+=` when `accumulate`, for rows that start so many entries apart.
 * @param {number} y
 * @param {number} x
 * @param {number} rows
 * @param {number} width
 * @param {number} y_stride
 * @param {number} x_stride
 * @param {boolean} accumulate
 * @returns {number}
 */
export function copy_rows(y, x, rows, width, y_stride, x_stride, accumulate) {
    const ret = wasm.copy_rows(y, x, rows, width, y_stride, x_stride, accumulate);
    return ret >>> 0;
}

/**
 * dlogits from `divisor` and `probs` as the forward call left them.
 * @param {number} dlogits
 * @param {number} dloss
 * @param {number} divisor
 * @param {number} probs
 * @param {number} targets
 * @param {number} class_weight
 * @param {number} mask
 * @param {number} rows
 * @param {number} classes
 * @param {number} ignore
 * @param {number} smoothing
 * @returns {number}
 */
export function cross_entropy_backward(dlogits, dloss, divisor, probs, targets, class_weight, mask, rows, classes, ignore, smoothing) {
    const ret = wasm.cross_entropy_backward(dlogits, dloss, divisor, probs, targets, class_weight, mask, rows, classes, ignore, smoothing);
    return ret >>> 0;
}

/**
 * The cross-entropy of `loss::cross_entropy` in `loss[1]`, what it was divided by in `divisor[1]`; the softmax is kept
 * in `probs` when asked for. `class_weight` [classes] and `mask` [rows] are optional.
 * @param {number} loss
 * @param {number} divisor
 * @param {number} probs
 * @param {number} logits
 * @param {number} targets
 * @param {number} class_weight
 * @param {number} mask
 * @param {number} rows
 * @param {number} classes
 * @param {number} ignore
 * @param {number} smoothing
 * @param {boolean} mean
 * @returns {number}
 */
export function cross_entropy_forward(loss, divisor, probs, logits, targets, class_weight, mask, rows, classes, ignore, smoothing, mean) {
    const ret = wasm.cross_entropy_forward(loss, divisor, probs, logits, targets, class_weight, mask, rows, classes, ignore, smoothing, mean);
    return ret >>> 0;
}

/**
 * dlog_probs =; `beta` [2, 2 S + 1] is scratch, f64 in every build.
 * @param {number} dlog_probs
 * @param {number} beta
 * @param {number} dnll
 * @param {number} alpha
 * @param {number} log_probs
 * @param {number} targets
 * @param {number} input_lengths
 * @param {number} target_lengths
 * @param {number} steps
 * @param {number} batch
 * @param {number} classes
 * @param {number} labels
 * @param {number} blank
 * @returns {number}
 */
export function ctc_backward(dlog_probs, beta, dnll, alpha, log_probs, targets, input_lengths, target_lengths, steps, batch, classes, labels, blank) {
    const ret = wasm.ctc_backward(dlog_probs, beta, dnll, alpha, log_probs, targets, input_lengths, target_lengths, steps, batch, classes, labels, blank);
    return ret >>> 0;
}

/**
 * `nll[B]` of each row; `alpha` [B, T, 2 S + 1] holds f64 in every build.
 * @param {number} nll
 * @param {number} alpha
 * @param {number} log_probs
 * @param {number} targets
 * @param {number} input_lengths
 * @param {number} target_lengths
 * @param {number} steps
 * @param {number} batch
 * @param {number} classes
 * @param {number} labels
 * @param {number} blank
 * @returns {number}
 */
export function ctc_forward(nll, alpha, log_probs, targets, input_lengths, target_lengths, steps, batch, classes, labels, blank) {
    const ret = wasm.ctc_forward(nll, alpha, log_probs, targets, input_lengths, target_lengths, steps, batch, classes, labels, blank);
    return ret >>> 0;
}

/**
 * Returns what `alloc(bytes)` gave. 0 is ignored.
 * @param {number} pointer
 * @param {number} bytes
 */
export function dealloc(pointer, bytes) {
    wasm.dealloc(pointer, bytes);
}

/**
 * dx = keep ? dy / (1 - p) : 0, with the mask of the forward pass.
 * @param {number} dx
 * @param {number} dy
 * @param {number} n
 * @param {number} p
 * @param {number} key_hi
 * @param {number} key_lo
 * @param {number} counter_hi
 * @param {number} counter_lo
 * @returns {number}
 */
export function dropout_backward(dx, dy, n, p, key_hi, key_lo, counter_hi, counter_lo) {
    const ret = wasm.dropout_backward(dx, dy, n, p, key_hi, key_lo, counter_hi, counter_lo);
    return ret >>> 0;
}

/**
 * y = keep ? x / (1 - p) : 0.
 * @param {number} y
 * @param {number} x
 * @param {number} n
 * @param {number} p
 * @param {number} key_hi
 * @param {number} key_lo
 * @param {number} counter_hi
 * @param {number} counter_lo
 * @returns {number}
 */
export function dropout_forward(y, x, n, p, key_hi, key_lo, counter_hi, counter_lo) {
    const ret = wasm.dropout_forward(y, x, n, p, key_hi, key_lo, counter_hi, counter_lo);
    return ret >>> 0;
}

/**
 * 4 (f32) or 8 (f64).
 * @returns {number}
 */
export function element_bytes() {
    const ret = wasm.element_bytes();
    return ret >>> 0;
}

/**
 * `dweight[ids[r]] += dy[r]`, but nothing for id `padding`; -1 is "none".
 * @param {number} dweight
 * @param {number} dy
 * @param {number} ids
 * @param {number} rows
 * @param {number} vocabulary
 * @param {number} size
 * @param {number} padding
 * @returns {number}
 */
export function embedding_backward(dweight, dy, ids, rows, vocabulary, size, padding) {
    const ret = wasm.embedding_backward(dweight, dy, ids, rows, vocabulary, size, padding);
    return ret >>> 0;
}

/**
 * `y[r] = weight[ids[r]]`.
 * @param {number} y
 * @param {number} weight
 * @param {number} ids
 * @param {number} rows
 * @param {number} vocabulary
 * @param {number} size
 * @returns {number}
 */
export function embedding_forward(y, weight, ids, rows, vocabulary, size) {
    const ret = wasm.embedding_forward(y, weight, ids, rows, vocabulary, size);
    return ret >>> 0;
}

/**
 * Number `index` (0..3) behind the last status that was not 0.
 * @param {number} index
 * @returns {number}
 */
export function error_detail(index) {
    const ret = wasm.error_detail(index);
    return ret;
}

/**
 * y = value.
 * @param {number} y
 * @param {number} n
 * @param {number} value
 * @returns {number}
 */
export function fill(y, n, value) {
    const ret = wasm.fill(y, n, value);
    return ret >>> 0;
}

/**
 * Index of the first NaN or infinity; -1 when there is none, -2 on a bad region.
 * @param {number} x
 * @param {number} n
 * @returns {number}
 */
export function first_non_finite(x, n) {
    const ret = wasm.first_non_finite(x, n);
    return ret;
}

/**
 * Whether multiply-adds may round once: the build is then fast, but its bits depend on the machine.
 * @returns {boolean}
 */
export function fused_multiply_add() {
    const ret = wasm.fused_multiply_add();
    return ret !== 0;
}

/**
 * C[m, n] = alpha op(A) op(B) + beta C; C is not read where beta is 0.
 * @param {number} c
 * @param {number} a
 * @param {number} b
 * @param {number} m
 * @param {number} n
 * @param {number} k
 * @param {boolean} trans_a
 * @param {boolean} trans_b
 * @param {number} alpha
 * @param {number} beta
 * @returns {number}
 */
export function gemm(c, a, b, m, n, k, trans_a, trans_b, alpha, beta) {
    const ret = wasm.gemm(c, a, b, m, n, k, trans_a, trans_b, alpha, beta);
    return ret >>> 0;
}

/**
 * sqrt(sum of squares) in f64; -1 on a bad region.
 * @param {number} x
 * @param {number} n
 * @returns {number}
 */
export function global_norm(x, n) {
    const ret = wasm.global_norm(x, n);
    return ret;
}

/**
 * FNV-1a 64 over bytes; out = [high word, low word].
 * @param {number} out
 * @param {number} pointer
 * @param {number} bytes
 * @returns {number}
 */
export function hash(out, pointer, bytes) {
    const ret = wasm.hash(out, pointer, bytes);
    return ret >>> 0;
}

/**
 * Reals in a SIMD vector.
 * @returns {number}
 */
export function lanes() {
    const ret = wasm.lanes();
    return ret >>> 0;
}

/**
 * The gradients that are asked for: dx =, dweight +=, dbias +=.
 * @param {number} dx
 * @param {number} dweight
 * @param {number} dbias
 * @param {number} dy
 * @param {number} mean
 * @param {number} rstd
 * @param {number} x
 * @param {number} weight
 * @param {number} rows
 * @param {number} columns
 * @returns {number}
 */
export function layer_norm_backward(dx, dweight, dbias, dy, mean, rstd, x, weight, rows, columns) {
    const ret = wasm.layer_norm_backward(dx, dweight, dbias, dy, mean, rstd, x, weight, rows, columns);
    return ret >>> 0;
}

/**
 * y = (x - mean) rstd weight + bias by rows; keeps mean and rstd \[rows\]. weight and bias are optional.
 * @param {number} y
 * @param {number} mean
 * @param {number} rstd
 * @param {number} x
 * @param {number} weight
 * @param {number} bias
 * @param {number} rows
 * @param {number} columns
 * @param {number} epsilon
 * @returns {number}
 */
export function layer_norm_forward(y, mean, rstd, x, weight, bias, rows, columns, epsilon) {
    const ret = wasm.layer_norm_forward(y, mean, rstd, x, weight, bias, rows, columns, epsilon);
    return ret >>> 0;
}

/**
 * dx = dy W, dW += dy^T x, db += column sums of dy.
 * @param {number} dx
 * @param {number} dweight
 * @param {number} dbias
 * @param {number} dy
 * @param {number} x
 * @param {number} weight
 * @param {number} rows
 * @param {number} inputs
 * @param {number} outputs
 * @returns {number}
 */
export function linear_backward(dx, dweight, dbias, dy, x, weight, rows, inputs, outputs) {
    const ret = wasm.linear_backward(dx, dweight, dbias, dy, x, weight, rows, inputs, outputs);
    return ret >>> 0;
}

/**
 * y = x W^T + b.
 * @param {number} y
 * @param {number} x
 * @param {number} weight
 * @param {number} bias
 * @param {number} rows
 * @param {number} inputs
 * @param {number} outputs
 * @returns {number}
 */
export function linear_forward(y, x, weight, bias, rows, inputs, outputs) {
    const ret = wasm.linear_forward(y, x, weight, bias, rows, inputs, outputs);
    return ret >>> 0;
}

/**
 * y = x W^T + b for few rows, each as if it were alone; the weight packed.
 * @param {number} y
 * @param {number} x
 * @param {number} weight
 * @param {number} bias
 * @param {number} rows
 * @param {number} inputs
 * @param {number} outputs
 * @returns {number}
 */
export function linear_rows(y, x, weight, bias, rows, inputs, outputs) {
    const ret = wasm.linear_rows(y, x, weight, bias, rows, inputs, outputs);
    return ret >>> 0;
}

/**
 * Bytes given out by `alloc` and not yet returned.
 * @returns {number}
 */
export function live_bytes() {
    const ret = wasm.live_bytes();
    return ret;
}

/**
 * dx = dy - e^y sum of dy.
 * @param {number} dx
 * @param {number} dy
 * @param {number} y
 * @param {number} rows
 * @param {number} columns
 * @returns {number}
 */
export function log_softmax_backward(dx, dy, y, rows, columns) {
    const ret = wasm.log_softmax_backward(dx, dy, y, rows, columns);
    return ret >>> 0;
}

/**
 * Log-softmax over the last axis.
 * @param {number} y
 * @param {number} x
 * @param {number} rows
 * @param {number} columns
 * @returns {number}
 */
export function log_softmax_forward(y, x, rows, columns) {
    const ret = wasm.log_softmax_forward(y, x, rows, columns);
    return ret >>> 0;
}

/**
 * dx =.
 * @param {number} dx
 * @param {number} dy
 * @param {number} largest
 * @param {number} steps
 * @param {number} batch
 * @param {number} columns
 * @returns {number}
 */
export function max_over_time_backward(dx, dy, largest, steps, batch, columns) {
    const ret = wasm.max_over_time_backward(dx, dy, largest, steps, batch, columns);
    return ret >>> 0;
}

/**
 * `y[b]` = the largest of x [T, B, C] over the row's steps; `largest` [B, C] keeps which step that was.
 * @param {number} y
 * @param {number} largest
 * @param {number} x
 * @param {number} lengths
 * @param {number} steps
 * @param {number} batch
 * @param {number} columns
 * @returns {number}
 */
export function max_over_time_forward(y, largest, x, lengths, steps, batch, columns) {
    const ret = wasm.max_over_time_forward(y, largest, x, lengths, steps, batch, columns);
    return ret >>> 0;
}

/**
 * dx =.
 * @param {number} dx
 * @param {number} dy
 * @param {number} lengths
 * @param {number} steps
 * @param {number} batch
 * @param {number} columns
 * @returns {number}
 */
export function mean_over_time_backward(dx, dy, lengths, steps, batch, columns) {
    const ret = wasm.mean_over_time_backward(dx, dy, lengths, steps, batch, columns);
    return ret >>> 0;
}

/**
 * `y[b]` = the mean of x [T, B, C] over the row's steps.
 * @param {number} y
 * @param {number} x
 * @param {number} lengths
 * @param {number} steps
 * @param {number} batch
 * @param {number} columns
 * @returns {number}
 */
export function mean_over_time_forward(y, x, lengths, steps, batch, columns) {
    const ret = wasm.mean_over_time_forward(y, x, lengths, steps, batch, columns);
    return ret >>> 0;
}

/**
 * Writes the packed form of a weight [rows, inner], as the steps below take it.
 * @param {number} packed
 * @param {number} weight
 * @param {number} rows
 * @param {number} inner
 * @returns {number}
 */
export function pack_rows(packed, weight, rows, inner) {
    const ret = wasm.pack_rows(packed, weight, rows, inner);
    return ret >>> 0;
}

/**
 * Reals of the packed form of a weight [rows, inner]; 0 where they are too many.
 * @param {number} rows
 * @param {number} inner
 * @returns {number}
 */
export function packed_rows_size(rows, inner) {
    const ret = wasm.packed_rows_size(rows, inner);
    return ret >>> 0;
}

/**
 * n 32-bit words.
 * @param {number} out
 * @param {number} n
 * @param {number} key_hi
 * @param {number} key_lo
 * @param {number} counter_hi
 * @param {number} counter_lo
 * @returns {number}
 */
export function random_bits(out, n, key_hi, key_lo, counter_hi, counter_lo) {
    const ret = wasm.random_bits(out, n, key_hi, key_lo, counter_hi, counter_lo);
    return ret >>> 0;
}

/**
 * Normal numbers by inversion.
 * @param {number} out
 * @param {number} n
 * @param {number} mean
 * @param {number} std
 * @param {number} key_hi
 * @param {number} key_lo
 * @param {number} counter_hi
 * @param {number} counter_lo
 * @returns {number}
 */
export function random_normal(out, n, mean, std, key_hi, key_lo, counter_hi, counter_lo) {
    const ret = wasm.random_normal(out, n, mean, std, key_hi, key_lo, counter_hi, counter_lo);
    return ret >>> 0;
}

/**
 * low + (high - low) u, u uniform in [0, 1) in steps of 2^-24.
 * @param {number} out
 * @param {number} n
 * @param {number} low
 * @param {number} high
 * @param {number} key_hi
 * @param {number} key_lo
 * @param {number} counter_hi
 * @param {number} counter_lo
 * @returns {number}
 */
export function random_uniform(out, n, low, high, key_hi, key_lo, counter_hi, counter_lo) {
    const ret = wasm.random_uniform(out, n, low, high, key_hi, key_lo, counter_hi, counter_lo);
    return ret >>> 0;
}

/**
 * Backward through time; see `recurrent`. `gates` is overwritten.
 * @param {number} dx
 * @param {number} dh0
 * @param {number} dc0
 * @param {number} dweight_ih
 * @param {number} dweight_hh
 * @param {number} dbias_ih
 * @param {number} dbias_hh
 * @param {number} gates
 * @param {number} dy
 * @param {number} dhn
 * @param {number} dcn
 * @param {number} hs
 * @param {number} cs
 * @param {number} x
 * @param {number} weight_ih
 * @param {number} weight_hh
 * @param {number} lengths
 * @param {number} cell
 * @param {number} steps
 * @param {number} batch
 * @param {number} inputs
 * @param {number} hidden
 * @param {number} dy_stride
 * @param {number} dy_offset
 * @param {boolean} reverse
 * @param {boolean} add_dx
 * @returns {number}
 */
export function recurrent_backward(dx, dh0, dc0, dweight_ih, dweight_hh, dbias_ih, dbias_hh, gates, dy, dhn, dcn, hs, cs, x, weight_ih, weight_hh, lengths, cell, steps, batch, inputs, hidden, dy_stride, dy_offset, reverse, add_dx) {
    const ret = wasm.recurrent_backward(dx, dh0, dc0, dweight_ih, dweight_hh, dbias_ih, dbias_hh, gates, dy, dhn, dcn, hs, cs, x, weight_ih, weight_hh, lengths, cell, steps, batch, inputs, hidden, dy_stride, dy_offset, reverse, add_dx);
    return ret >>> 0;
}

/**
 * A whole sequence in one direction; see `recurrent`. Without `gates` only the last states are kept.
 * @param {number} y
 * @param {number} hs
 * @param {number} cs
 * @param {number} gates
 * @param {number} x
 * @param {number} h0
 * @param {number} c0
 * @param {number} weight_ih
 * @param {number} weight_hh
 * @param {number} bias_ih
 * @param {number} bias_hh
 * @param {number} lengths
 * @param {number} cell
 * @param {number} steps
 * @param {number} batch
 * @param {number} inputs
 * @param {number} hidden
 * @param {number} y_stride
 * @param {number} y_offset
 * @param {boolean} reverse
 * @returns {number}
 */
export function recurrent_forward(y, hs, cs, gates, x, h0, c0, weight_ih, weight_hh, bias_ih, bias_hh, lengths, cell, steps, batch, inputs, hidden, y_stride, y_offset, reverse) {
    const ret = wasm.recurrent_forward(y, hs, cs, gates, x, h0, c0, weight_ih, weight_hh, bias_ih, bias_hh, lengths, cell, steps, batch, inputs, hidden, y_stride, y_offset, reverse);
    return ret >>> 0;
}

/**
 * x W_ih^T as rows of gates [rows, blocks H], for `recurrent_step_ids`; see `step`.
 * @param {number} z
 * @param {number} x
 * @param {number} weight_ih
 * @param {number} cell
 * @param {number} rows
 * @param {number} inputs
 * @param {number} hidden
 * @returns {number}
 */
export function recurrent_input_rows(z, x, weight_ih, cell, rows, inputs, hidden) {
    const ret = wasm.recurrent_input_rows(z, x, weight_ih, cell, rows, inputs, hidden);
    return ret >>> 0;
}

/**
 * h and c, in place, one step further by x [B, I]; both weights packed.
 * @param {number} h
 * @param {number} c
 * @param {number} x
 * @param {number} weight_ih
 * @param {number} weight_hh
 * @param {number} bias_ih
 * @param {number} bias_hh
 * @param {number} cell
 * @param {number} batch
 * @param {number} inputs
 * @param {number} hidden
 * @returns {number}
 */
export function recurrent_step(h, c, x, weight_ih, weight_hh, bias_ih, bias_hh, cell, batch, inputs, hidden) {
    const ret = wasm.recurrent_step(h, c, x, weight_ih, weight_hh, bias_ih, bias_hh, cell, batch, inputs, hidden);
    return ret >>> 0;
}

/**
 * h and c, in place, one step further by ids [B] into a table of `recurrent_input_rows` [V, blocks H]; the
 * weight packed.
 * @param {number} h
 * @param {number} c
 * @param {number} table
 * @param {number} ids
 * @param {number} weight_hh
 * @param {number} bias_ih
 * @param {number} bias_hh
 * @param {number} cell
 * @param {number} vocabulary
 * @param {number} batch
 * @param {number} hidden
 * @returns {number}
 */
export function recurrent_step_ids(h, c, table, ids, weight_hh, bias_ih, bias_hh, cell, vocabulary, batch, hidden) {
    const ret = wasm.recurrent_step_ids(h, c, table, ids, weight_hh, bias_ih, bias_hh, cell, vocabulary, batch, hidden);
    return ret >>> 0;
}

/**
 * `out[outer, inner] = sum over n of x[outer, n, inner]`.
 * @param {number} out
 * @param {number} x
 * @param {number} outer
 * @param {number} n
 * @param {number} inner
 * @returns {number}
 */
export function reduce_sum(out, x, outer, n, inner) {
    const ret = wasm.reduce_sum(out, x, outer, n, inner);
    return ret >>> 0;
}

/**
 * RMSprop; `grad_avg` asks for the centred form, `buffer` for momentum.
 * @param {number} params
 * @param {number} square_avg
 * @param {number} grad_avg
 * @param {number} buffer
 * @param {number} grads
 * @param {number} n
 * @param {number} lr
 * @param {number} alpha
 * @param {number} eps
 * @param {number} weight_decay
 * @param {number} momentum
 * @param {number} grad_scale
 * @returns {number}
 */
export function rmsprop_step(params, square_avg, grad_avg, buffer, grads, n, lr, alpha, eps, weight_decay, momentum, grad_scale) {
    const ret = wasm.rmsprop_step(params, square_avg, grad_avg, buffer, grads, n, lr, alpha, eps, weight_decay, momentum, grad_scale);
    return ret >>> 0;
}

/**
 * y = alpha x; y may be x.
 * @param {number} y
 * @param {number} x
 * @param {number} n
 * @param {number} alpha
 * @returns {number}
 */
export function scale(y, x, n, alpha) {
    const ret = wasm.scale(y, x, n, alpha);
    return ret >>> 0;
}

/**
 * `y[r] = a[r]` where `mask[r]` is not 0, else `b[r]`; a or b absent is zeros.
 * @param {number} y
 * @param {number} mask
 * @param {number} a
 * @param {number} b
 * @param {number} rows
 * @param {number} width
 * @returns {number}
 */
export function select_rows(y, mask, a, b, rows, width) {
    const ret = wasm.select_rows(y, mask, a, b, rows, width);
    return ret >>> 0;
}

/**
 * Stochastic gradient descent; `buffer` is optional, momentum needs it.
 * @param {number} params
 * @param {number} buffer
 * @param {number} grads
 * @param {number} n
 * @param {number} lr
 * @param {number} momentum
 * @param {number} dampening
 * @param {boolean} nesterov
 * @param {number} weight_decay
 * @param {boolean} first
 * @param {number} grad_scale
 * @returns {number}
 */
export function sgd_step(params, buffer, grads, n, lr, momentum, dampening, nesterov, weight_decay, first, grad_scale) {
    const ret = wasm.sgd_step(params, buffer, grads, n, lr, momentum, dampening, nesterov, weight_decay, first, grad_scale);
    return ret >>> 0;
}

/**
 * dx = y (dy - sum of dy y).
 * @param {number} dx
 * @param {number} dy
 * @param {number} y
 * @param {number} rows
 * @param {number} columns
 * @returns {number}
 */
export function softmax_backward(dx, dy, y, rows, columns) {
    const ret = wasm.softmax_backward(dx, dy, y, rows, columns);
    return ret >>> 0;
}

/**
 * Softmax over the last axis.
 * @param {number} y
 * @param {number} x
 * @param {number} rows
 * @param {number} columns
 * @returns {number}
 */
export function softmax_forward(y, x, rows, columns) {
    const ret = wasm.softmax_forward(y, x, rows, columns);
    return ret >>> 0;
}

/**
 * `y[batch, columns, rows, inner] = x[batch, rows, columns, inner]`.
 * @param {number} y
 * @param {number} x
 * @param {number} batch
 * @param {number} rows
 * @param {number} columns
 * @param {number} inner
 * @returns {number}
 */
export function transpose(y, x, batch, rows, columns, inner) {
    const ret = wasm.transpose(y, x, batch, rows, columns, inner);
    return ret >>> 0;
}

/**
 * dx = dy op'(x), with y = op(x).
 * @param {number} dx
 * @param {number} dy
 * @param {number} x
 * @param {number} y
 * @param {number} n
 * @param {number} op
 * @returns {number}
 */
export function unary_backward(dx, dy, x, y, n, op) {
    const ret = wasm.unary_backward(dx, dy, x, y, n, op);
    return ret >>> 0;
}

/**
 * y = op(x). op: 0 neg, 1 exp, 2 log, 3 sigmoid, 4 tanh, 5 relu, 6 sqrt, 7 square.
 * @param {number} y
 * @param {number} x
 * @param {number} n
 * @param {number} op
 * @returns {number}
 */
export function unary_forward(y, x, n, op) {
    const ret = wasm.unary_forward(y, x, n, op);
    return ret >>> 0;
}

/**
 * Bytes of scratch that the kernel keeps.
 * @returns {number}
 */
export function workspace_bytes() {
    const ret = wasm.workspace_bytes();
    return ret;
}
function __wbg_get_imports() {
    const import0 = {
        __proto__: null,
        __wbindgen_init_externref_table: function() {
            const table = wasm.__wbindgen_externrefs;
            table.set(0, undefined);
            table.set(1024, undefined);
            table.set(1025, null);
            table.set(1026, true);
            table.set(1027, false);
        },
    };
    return {
        __proto__: null,
        "./kernel_bg.js": import0,
    };
}

let wasmModule, wasmInstance, wasm;
function __wbg_finalize_init(instance, module) {
    wasmInstance = instance;
    wasm = instance.exports;
    wasmModule = module;
    wasm.__wbindgen_start();
    return wasm;
}

async function __wbg_load(module, imports) {
    if (typeof Response === 'function' && module instanceof Response) {
        if (!module.ok) {
            throw new Error(`failed to fetch Wasm: ${module.status} ${module.statusText} fetching '${module.url}'`);
        }

        if (typeof WebAssembly.instantiateStreaming === 'function') {
            try {
                return await WebAssembly.instantiateStreaming(module, imports);
            } catch (e) {
                const validResponse = expectedResponseType(module.type);

                if (validResponse && module.headers.get('Content-Type') !== 'application/wasm') {
                    console.warn("`WebAssembly.instantiateStreaming` failed because your server does not serve Wasm with `application/wasm` MIME type. Falling back to `WebAssembly.instantiate` which is slower. Original error:\n", e);

                } else { throw e; }
            }
        }

        const bytes = await module.arrayBuffer();
        return await WebAssembly.instantiate(bytes, imports);
    } else {
        const instance = await WebAssembly.instantiate(module, imports);

        if (instance instanceof WebAssembly.Instance) {
            return { instance, module };
        } else {
            return instance;
        }
    }

    function expectedResponseType(type) {
        switch (type) {
            case 'basic': case 'cors': case 'default': return true;
        }
        return false;
    }
}

function initSync(module) {
    if (wasm !== undefined) return wasm;


    if (module !== undefined) {
        if (Object.getPrototypeOf(module) === Object.prototype) {
            ({module} = module)
        } else {
            console.warn('using deprecated parameters for `initSync()`; pass a single object instead')
        }
    }

    const imports = __wbg_get_imports();
    if (!(module instanceof WebAssembly.Module)) {
        module = new WebAssembly.Module(module);
    }
    const instance = new WebAssembly.Instance(module, imports);
    return __wbg_finalize_init(instance, module);
}

let __wbg_init_promise;
async function __wbg_init(module_or_path) {
    if (wasm !== undefined) return wasm;
    if (__wbg_init_promise === undefined) {
        __wbg_init_promise = __wbg_init_once(module_or_path);
        __wbg_init_promise.catch(() => { __wbg_init_promise = undefined; });
    }
    return __wbg_init_promise;
}

async function __wbg_init_once(module_or_path) {

    if (module_or_path !== undefined) {
        if (Object.getPrototypeOf(module_or_path) === Object.prototype) {
            ({module_or_path} = module_or_path)
        } else {
            console.warn('using deprecated parameters for the initialization function; pass a single object instead')
        }
    }

    if (module_or_path === undefined) {
        module_or_path = new URL('kernel_bg.wasm', import.meta.url);
    }
    const imports = __wbg_get_imports();

    if (typeof module_or_path === 'string' || (typeof Request === 'function' && module_or_path instanceof Request) || (typeof URL === 'function' && module_or_path instanceof URL)) {
        module_or_path = fetch(module_or_path);
    }

    const { instance, module } = await __wbg_load(await module_or_path, imports);

    return __wbg_finalize_init(instance, module);
}

export { initSync, __wbg_init as default };
