//! The way back: dv = p^T do, dp = do v^T, dz by the mode, dq = alpha dz k, dk = alpha dz^T q.

use super::additive::{AdditiveGradients, additive_backward};
use super::operand::{Operand, add_transposed};
use super::rows::weights_backward;
use super::scoring::{Broadcast, Mode, Scoring};
use super::{AttentionSizes, Rows};
use crate::error::{KernelError, Result};
use crate::gemm::Part;
use crate::level1::add;
use crate::math::Math;
use crate::simd::Real;
use crate::workspace::{Buffer, Workspace};
use core::ops::Range;

/// What the backward pass writes: dq, dk, dv are assigned, parameters accumulate, and so do dk and dv on request.
pub struct AttentionGradients<'a> {
    /// [B, T, N, D]
    pub dq: Option<&'a mut [Real]>,
    /// [B, S, M, D]
    pub dk: Option<&'a mut [Real]>,
    /// [B, S, M, V]
    pub dv: Option<&'a mut [Real]>,
    /// Add to dk and dv: the steps of a decoder share their keys and values.
    pub accumulate: bool,
    /// [N, D], accumulated; of additive scores.
    pub dw: Option<&'a mut [Real]>,
    /// Of an additive mask, accumulated.
    pub dmask: Option<(&'a mut [Real], Broadcast)>,
}

/// What the backward pass reads.
#[derive(Clone, Copy)]
pub struct AttentionSaved<'a> {
    /// [B, T, N, V]
    pub dout: &'a [Real],
    /// Gradient of the weights themselves, [B, N, T, S].
    pub dprobs: Option<&'a [Real]>,
    /// As the forward pass left them; present unless the mode is argmax.
    pub probs: Option<&'a [Real]>,
    /// Present for hard modes.
    pub chosen: Option<&'a [i32]>,
    pub q: &'a [Real],
    pub k: &'a [Real],
    pub v: &'a [Real],
    pub w: Option<&'a [Real]>,
}

pub fn attention_backward(
    workspace: &mut Workspace,
    mut gradients: AttentionGradients,
    saved: AttentionSaved,
    scoring: Scoring,
    sizes: AttentionSizes,
) -> Result {
    scoring.check(sizes)?;
    for (position, &value) in saved.chosen.unwrap_or(&[]).iter().enumerate() {
        if usize::try_from(value).is_ok_and(|s| s >= sizes.keys) {
            return Err(KernelError::IndexOutOfRange { position, value, limit: sizes.keys });
        }
    }
    if let Some(dq) = &mut gradients.dq {
        dq.fill(0.0);
    }
    if !gradients.accumulate {
        for gradient in [&mut gradients.dk, &mut gradients.dv].into_iter().flatten() {
            gradient.fill(0.0);
        }
    }
    let Workspace { packed_a, packed_b, carry, keys, values, scores, .. } = workspace;
    let AttentionGradients { dq, dk, dw, dmask, .. } = &gradients;
    let wanted = dq.is_some() || dk.is_some() || dw.is_some() || dmask.is_some();
    let scores_move = wanted && scoring.mode != Mode::Argmax;
    for b in 0..sizes.batch {
        for m in 0..sizes.kv_heads {
            let (k, v) = (sizes.key_head(b, m).of(saved.k, 0), sizes.value_head(b, m).of(saved.v, 0));
            let head = KeyHead { saved, scoring, sizes, b, m };
            let slopes = match (scores_move.then_some(()).and(saved.probs), saved.w) {
                (None, _) => None,
                (Some(probs), w) => Some(Slopes {
                    probs,
                    values_t: Operand::transposed(values, v, sizes.keys, sizes.queries)?,
                    keys: match w {
                        Some(w) => Keys::Additive(k, w),
                        None => Keys::Product(Operand::rows(keys, k, sizes.keys, sizes.queries)?),
                    },
                }),
            };
            for n in m * sizes.group()..(m + 1) * sizes.group() {
                for queries in sizes.query_blocks() {
                    let block = Block { n, limit: scoring.end(sizes, b, queries.end - 1), queries };
                    if let Some(dv) = gradients.dv.as_deref_mut() {
                        head.values([packed_a, packed_b], dv, &block)?;
                    }
                    let Some(slopes) = &slopes else { continue };
                    let dz = scores.take(block.queries.len() * block.limit)?;
                    head.scores(packed_a, dz, gradients.dmask.as_mut(), slopes, &block)?;
                    match &slopes.keys {
                        Keys::Product(k) => {
                            head.product([packed_a, packed_b], &mut gradients, dz, k, &block)?;
                        }
                        Keys::Additive(k, w) => {
                            head.additive(carry.take(2 * sizes.dim)?, &mut gradients, dz, (*k, w), &block);
                        }
                    }
                }
            }
        }
    }
    Ok(())
}

/// One head of keys and values of one batch row.
struct KeyHead<'a> {
    saved: AttentionSaved<'a>,
    scoring: Scoring<'a>,
    sizes: AttentionSizes,
    b: usize,
    m: usize,
}

/// What gradients of scores are made from.
struct Slopes<'a> {
    /// [B, N, T, S]
    probs: &'a [Real],
    values_t: Operand<'a>,
    keys: Keys<'a>,
}

enum Keys<'a> {
    Product(Operand<'a>),
    /// k, and w of all heads.
    Additive(Rows<'a>, &'a [Real]),
}

/// Some queries of head n, which see keys below `limit`.
struct Block {
    n: usize,
    queries: Range<usize>,
    limit: usize,
}

impl KeyHead<'_> {
    /// dv += p^T do.
    fn values(&self, packed: [&mut Buffer; 2], dv: &mut [Real], block: &Block) -> Result {
        let Self { saved, sizes, b, .. } = *self;
        let Block { n, ref queries, limit } = *block;
        let (head, row) = (sizes.value_head(b, self.m), sizes.row(b, n, queries.start));
        let dout = sizes.out_head(b, n).of(saved.dout, queries.start);
        if let Some(chosen) = saved.chosen {
            for (i, &s) in chosen[row..][..queries.len()].iter().enumerate() {
                if let Ok(s) = usize::try_from(s) {
                    add(&mut head.of_mut(dv, s)[..sizes.value_dim], dout.row(i));
                }
            }
        } else if let Some(probs) = saved.probs {
            let p = (&probs[row * sizes.keys..], sizes.keys);
            add_transposed(packed, head.of_mut(dv, 0), head.stride, p, dout, (queries.len(), limit), 1.0)?;
        }
        Ok(())
    }

    /// dz [queries, limit] by way of dp = do v^T, and the gradient of the mask.
    fn scores(
        &self,
        packed_a: &mut Buffer,
        dz: &mut [Real],
        mut dmask: Option<&mut (&mut [Real], Broadcast)>,
        slopes: &Slopes,
        block: &Block,
    ) -> Result {
        let Self { saved, scoring, sizes, b, .. } = *self;
        let Block { n, ref queries, limit } = *block;
        let depth = 0..sizes.value_dim;
        let part = Part { m: queries.len(), columns: 0..limit, depth, alpha: 1.0, beta: 0.0 };
        let dout = sizes.out_head(b, n).of(saved.dout, queries.start);
        slopes.values_t.multiply(packed_a, dz, limit, dout, part)?;
        for (dz, t) in dz.chunks_exact_mut(limit.max(1)).zip(queries.clone()) {
            let from = sizes.row(b, n, t) * sizes.keys;
            if let Some(dprobs) = saved.dprobs {
                add(dz, &dprobs[from..][..limit]);
            }
            weights_backward(scoring.mode, dz, &slopes.probs[from..][..limit]);
            if let Some((dmask, broadcast)) = &mut dmask {
                for (s, dz) in dz.iter().enumerate() {
                    dmask[broadcast.offset([b, n, t, s])] += dz / scoring.temperature;
                }
            }
        }
        Ok(())
    }

    /// dq = alpha dz k, dk += alpha dz^T q.
    fn product(
        &self,
        [packed_a, packed_b]: [&mut Buffer; 2],
        gradients: &mut AttentionGradients,
        dz: &[Real],
        k: &Operand,
        block: &Block,
    ) -> Result {
        let Self { saved, sizes, b, .. } = *self;
        let Block { n, ref queries, limit } = *block;
        let alpha = self.scoring.alpha();
        let (query_head, key_head) = (sizes.query_head(b, n), sizes.key_head(b, self.m));
        if let Some(dq) = gradients.dq.as_deref_mut() {
            let part = Part { m: queries.len(), columns: 0..sizes.dim, depth: 0..limit, alpha, beta: 0.0 };
            let rows = Rows { data: dz, stride: limit, width: limit };
            k.multiply(packed_a, query_head.of_mut(dq, queries.start), query_head.stride, rows, part)?;
        }
        if let Some(dk) = gradients.dk.as_deref_mut() {
            let q = query_head.of(saved.q, queries.start);
            let (dk, count) = (key_head.of_mut(dk, 0), (queries.len(), limit));
            add_transposed([packed_a, packed_b], dk, key_head.stride, (dz, limit), q, count, alpha)?;
        }
        Ok(())
    }

    /// The same for scores w . tanh(q + k), and dw.
    fn additive(
        &self,
        scratch: &mut [Real],
        gradients: &mut AttentionGradients,
        dz: &[Real],
        (k, w): (Rows, &[Real]),
        block: &Block,
    ) {
        let Self { saved, sizes, b, .. } = *self;
        let Block { n, ref queries, limit } = *block;
        let (math, alpha, dim) = (Math::load(), self.scoring.alpha(), sizes.dim);
        let (query_head, key_head) = (sizes.query_head(b, n), sizes.key_head(b, self.m));
        let q = query_head.of(saved.q, queries.start);
        for (i, dz) in dz.chunks_exact(limit.max(1)).enumerate() {
            let row = |dq| &mut query_head.of_mut(dq, queries.start + i)[..dim];
            let targets = AdditiveGradients {
                dq: gradients.dq.as_deref_mut().map(row),
                dk: gradients.dk.as_deref_mut().map(|dk| (key_head.of_mut(dk, 0), key_head.stride)),
                dw: gradients.dw.as_deref_mut().map(|dw| &mut dw[n * dim..][..dim]),
            };
            additive_backward(math, scratch, targets, dz, (q.row(i), k, &w[n * dim..][..dim]), alpha);
        }
    }
}
