//! Attention. The sizes B, T, S, N, M, D, V come last but for the options, which forward and backward share.

use super::state::run;
use crate::attention::{
    self, AttentionGradients, AttentionInputs, AttentionOutputs, AttentionSaved, AttentionSizes, Broadcast,
    Mask, MaskEntries, Mode, Scoring,
};
use crate::error::{KernelError, Result};
use crate::random::Stream;
use crate::simd::Real;
use wasm_bindgen::prelude::wasm_bindgen;

/// The dims of a mask: bit 3, 2, 1, 0 of `axes` is set where it has the whole axis B, N, T, S and not size 1.
fn mask_dims(axes: u32, sizes: AttentionSizes) -> [usize; 4] {
    let AttentionSizes { batch, heads, queries, keys, .. } = sizes;
    [(batch, 8), (heads, 4), (queries, 2), (keys, 1)].map(|(dim, bit)| if axes & bit > 0 { dim } else { 1 })
}

/// Refuses sizes and options without a meaning.
fn checked_options(arg: usize, sizes: AttentionSizes, mode: u32, temperature: f64) -> Result<Mode> {
    let AttentionSizes { heads, kv_heads, .. } = sizes;
    if kv_heads == 0 || !heads.is_multiple_of(kv_heads) {
        return Err(KernelError::InvalidArgument { arg: arg + 4, value: kv_heads as f64 });
    }
    if !(temperature > 0.0 && temperature.is_finite()) {
        return Err(KernelError::InvalidArgument { arg: arg + 9, value: temperature });
    }
    Mode::from_code(mode).ok_or(KernelError::InvalidArgument { arg: arg + 7, value: f64::from(mode) })
}

/// o = f(z) v; see `attention`. Without probs nothing of size [T, S] is kept.
#[wasm_bindgen]
pub fn attention_forward(
    out: usize,
    probs: usize,
    chosen: usize,
    q: usize,
    k: usize,
    v: usize,
    w: usize,
    additive_mask: usize,
    boolean_mask: usize,
    key_lengths: usize,
    batch: usize,
    queries: usize,
    keys: usize,
    heads: usize,
    kv_heads: usize,
    dim: usize,
    value_dim: usize,
    mode: u32,
    scale: f64,
    temperature: f64,
    causal: bool,
    mask_axes: u32,
    noise: bool,
    key_hi: u32,
    key_lo: u32,
    counter_hi: u32,
    counter_lo: u32,
) -> u32 {
    run(|call, workspace| {
        let sizes = AttentionSizes { batch, queries, keys, heads, kv_heads, dim, value_dim };
        let mode = checked_options(10, sizes, mode, temperature)?;
        let out = call.output(0, out, &[batch, queries, heads, value_dim]);
        let probs = call.optional_output(1, probs, &[batch, heads, queries, keys]);
        let chosen = call.optional_output(2, chosen, &[batch, heads, queries]);
        let q = call.input(3, q, &[batch, queries, heads, dim]);
        let k = call.input(4, k, &[batch, keys, kv_heads, dim]);
        let v = call.input(5, v, &[batch, keys, kv_heads, value_dim]);
        let w = call.optional_input(6, w, &[heads, dim]);
        let dims = mask_dims(mask_axes, sizes);
        let additive = call.optional_input(7, additive_mask, &dims);
        let boolean = call.optional_input(8, boolean_mask, &dims);
        let key_lengths = call.optional_input(9, key_lengths, &[batch]);
        let proof = call.check()?;
        let additive = additive.as_ref().map(|mask| MaskEntries::Additive(mask.slice(&proof)));
        let boolean = boolean.as_ref().map(|mask| MaskEntries::Boolean(mask.slice(&proof)));
        let broadcast = Broadcast::of(dims);
        let scoring = Scoring {
            mode,
            scale: scale as Real,
            temperature: temperature as Real,
            causal,
            mask: additive.or(boolean).map(|entries| Mask { entries, broadcast }),
            key_lengths: key_lengths.as_ref().map(|lengths| lengths.slice(&proof)),
            noise: noise.then(|| Stream::new(key_hi, key_lo, counter_hi, counter_lo)),
        };
        let outputs = AttentionOutputs {
            out: out.slice(&proof),
            probs: probs.map(|probs| probs.slice(&proof)),
            chosen: chosen.map(|chosen| chosen.slice(&proof)),
        };
        let inputs = AttentionInputs {
            q: q.slice(&proof),
            k: k.slice(&proof),
            v: v.slice(&proof),
            w: w.as_ref().map(|w| w.slice(&proof)),
        };
        attention::attention_forward(workspace, outputs, inputs, scoring, sizes)
    })
}

/// dq, dk, dv (the last two added to where `accumulate`), dw, and dmask of an additive mask; see `attention`. The noise of the forward pass has no part in it.
#[wasm_bindgen]
pub fn attention_backward(
    dq: usize,
    dk: usize,
    dv: usize,
    dw: usize,
    dmask: usize,
    dout: usize,
    dprobs: usize,
    probs: usize,
    chosen: usize,
    q: usize,
    k: usize,
    v: usize,
    w: usize,
    key_lengths: usize,
    batch: usize,
    queries: usize,
    keys: usize,
    heads: usize,
    kv_heads: usize,
    dim: usize,
    value_dim: usize,
    mode: u32,
    scale: f64,
    temperature: f64,
    causal: bool,
    mask_axes: u32,
    accumulate: bool,
) -> u32 {
    run(|call, workspace| {
        let sizes = AttentionSizes { batch, queries, keys, heads, kv_heads, dim, value_dim };
        let mode = checked_options(14, sizes, mode, temperature)?;
        if probs == 0 && mode != Mode::Argmax {
            return Err(KernelError::InvalidArgument { arg: 7, value: 0.0 });
        }
        if chosen == 0 && mode.is_hard() {
            return Err(KernelError::InvalidArgument { arg: 8, value: 0.0 });
        }
        let dims = mask_dims(mask_axes, sizes);
        let dq = call.optional_output(0, dq, &[batch, queries, heads, dim]);
        let dk = call.optional_output(1, dk, &[batch, keys, kv_heads, dim]);
        let dv = call.optional_output(2, dv, &[batch, keys, kv_heads, value_dim]);
        let dw = call.optional_output(3, dw, &[heads, dim]);
        let dmask = call.optional_output(4, dmask, &dims);
        let dout = call.input(5, dout, &[batch, queries, heads, value_dim]);
        let dprobs = call.optional_input(6, dprobs, &[batch, heads, queries, keys]);
        let probs = call.optional_input(7, probs, &[batch, heads, queries, keys]);
        let chosen = call.optional_input(8, chosen, &[batch, heads, queries]);
        let q = call.input(9, q, &[batch, queries, heads, dim]);
        let k = call.input(10, k, &[batch, keys, kv_heads, dim]);
        let v = call.input(11, v, &[batch, keys, kv_heads, value_dim]);
        let w = call.optional_input(12, w, &[heads, dim]);
        let key_lengths = call.optional_input(13, key_lengths, &[batch]);
        let proof = call.check()?;
        let scoring = Scoring {
            mode,
            scale: scale as Real,
            temperature: temperature as Real,
            causal,
            mask: None,
            key_lengths: key_lengths.as_ref().map(|lengths| lengths.slice(&proof)),
            noise: None,
        };
        let gradients = AttentionGradients {
            dq: dq.map(|dq| dq.slice(&proof)),
            dk: dk.map(|dk| dk.slice(&proof)),
            dv: dv.map(|dv| dv.slice(&proof)),
            accumulate,
            dw: dw.map(|dw| dw.slice(&proof)),
            dmask: dmask.map(|dmask| (dmask.slice(&proof), Broadcast::of(dims))),
        };
        let saved = AttentionSaved {
            dout: dout.slice(&proof),
            dprobs: dprobs.as_ref().map(|dprobs| dprobs.slice(&proof)),
            probs: probs.as_ref().map(|probs| probs.slice(&proof)),
            chosen: chosen.as_ref().map(|chosen| chosen.slice(&proof)),
            q: q.slice(&proof),
            k: k.slice(&proof),
            v: v.slice(&proof),
            w: w.as_ref().map(|w| w.slice(&proof)),
        };
        attention::attention_backward(workspace, gradients, saved, scoring, sizes)
    })
}
