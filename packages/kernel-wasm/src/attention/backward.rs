//! The way back: dv = p^T do, dp = do v^T, dz by the mode, dq = alpha dz k, dk = alpha dz^T q.

use super::operand::{Operand, add_transposed};
use super::rows::weights_backward;
use super::scoring::{Broadcast, Mode, Scoring};
use super::{AttentionSizes, Rows};
use crate::error::{KernelError, Result};
use crate::gemm::Part;
use crate::level1::add;
use crate::simd::Real;
use crate::workspace::Workspace;

/// What the backward pass writes. All but dmask are assigned.
pub struct AttentionGradients<'a> {
    /// [B, T, N, D]
    pub dq: Option<&'a mut [Real]>,
    /// [B, S, M, D]
    pub dk: Option<&'a mut [Real]>,
    /// [B, S, M, V]
    pub dv: Option<&'a mut [Real]>,
    /// Of an additive mask, accumulated.
    pub dmask: Option<(&'a mut [Real], Broadcast)>,
}

/// What the backward pass reads.
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
}

pub fn attention_backward(
    workspace: &mut Workspace,
    gradients: AttentionGradients,
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
    let AttentionGradients { mut dq, mut dk, mut dv, mut dmask } = gradients;
    let Workspace { packed_a, packed_b, keys, values, scores, .. } = workspace;
    let alpha = scoring.alpha();
    let scores_move = scoring.mode != Mode::Argmax && (dq.is_some() || dk.is_some() || dmask.is_some());
    if !scores_move {
        for gradient in [&mut dq, &mut dk].into_iter().flatten() {
            gradient.fill(0.0);
        }
    }
    for b in 0..sizes.batch {
        for m in 0..sizes.kv_heads {
            let (key_head, value_head) = (sizes.key_head(b, m), sizes.value_head(b, m));
            let k = key_head.of(saved.k, 0);
            let v = value_head.of(saved.v, 0);
            if let Some(dk) = dk.as_deref_mut() {
                key_head.clear(dk, sizes.keys);
            }
            if let Some(dv) = dv.as_deref_mut() {
                value_head.clear(dv, sizes.keys);
            }
            let (mut values_t, mut keys_as_is) = (None, None);
            if scores_move {
                values_t = Some(Operand::transposed(values, v, sizes.keys, sizes.queries)?);
                keys_as_is = Some(Operand::rows(keys, k, sizes.keys, sizes.queries)?);
            }
            for n in m * sizes.group()..(m + 1) * sizes.group() {
                let (query_head, out_head) = (sizes.query_head(b, n), sizes.out_head(b, n));
                for queries in sizes.query_blocks() {
                    let limit = scoring.end(sizes, b, queries.end - 1);
                    let first_row = sizes.row(b, n, queries.start);
                    let dout = out_head.of(saved.dout, queries.start);
                    let count = (queries.len(), limit);
                    let row_of = |data, t| row_of(data, sizes, b, n, t, limit);
                    if let Some(dv) = dv.as_deref_mut() {
                        if let Some(chosen) = saved.chosen {
                            for (i, &s) in chosen[first_row..][..queries.len()].iter().enumerate() {
                                if let Ok(s) = usize::try_from(s) {
                                    add(&mut value_head.of_mut(dv, s)[..sizes.value_dim], dout.row(i));
                                }
                            }
                        } else if let Some(probs) = saved.probs {
                            let p = (&probs[first_row * sizes.keys..], sizes.keys);
                            let dv = value_head.of_mut(dv, 0);
                            add_transposed([packed_a, packed_b], dv, value_head.stride, p, dout, count, 1.0)?;
                        }
                    }
                    let (Some(values_t), Some(keys_as_is), Some(probs)) =
                        (&values_t, &keys_as_is, saved.probs)
                    else {
                        continue;
                    };
                    let dz = scores.take(queries.len() * limit)?;
                    let depth = 0..sizes.value_dim;
                    let part = Part { m: queries.len(), columns: 0..limit, depth, alpha: 1.0, beta: 0.0 };
                    values_t.multiply(packed_a, dz, limit, dout, part)?;
                    for (row, t) in dz.chunks_exact_mut(limit.max(1)).zip(queries.clone()) {
                        if let Some(dprobs) = saved.dprobs {
                            add(row, row_of(dprobs, t));
                        }
                        weights_backward(scoring.mode, row, row_of(probs, t));
                        if let Some((dmask, broadcast)) = &mut dmask {
                            for (s, dz) in row.iter().enumerate() {
                                dmask[broadcast.offset([b, n, t, s])] += dz / scoring.temperature;
                            }
                        }
                    }
                    let dz = Rows { data: dz, stride: limit, width: limit };
                    if let Some(dq) = dq.as_deref_mut() {
                        let columns = 0..sizes.dim;
                        let part = Part { m: queries.len(), columns, depth: 0..limit, alpha, beta: 0.0 };
                        let dq = query_head.of_mut(dq, queries.start);
                        keys_as_is.multiply(packed_a, dq, query_head.stride, dz, part)?;
                    }
                    if let Some(dk) = dk.as_deref_mut() {
                        let q = query_head.of(saved.q, queries.start);
                        let dk = key_head.of_mut(dk, 0);
                        let dz = (dz.data, limit);
                        add_transposed([packed_a, packed_b], dk, key_head.stride, dz, q, count, alpha)?;
                    }
                }
            }
        }
    }
    Ok(())
}

/// The first `limit` entries of head n's row for query t in [B, N, T, S].
fn row_of(data: &[Real], sizes: AttentionSizes, b: usize, n: usize, t: usize, limit: usize) -> &[Real] {
    &data[sizes.row(b, n, t) * sizes.keys..][..limit]
}
