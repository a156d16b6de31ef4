//! o = f(z) v: with the weights kept, or block by block of keys without them.

use super::additive::additive_scores;
use super::operand::{Operand, Rows};
use super::rows::{exp_shifted, first_largest, weights};
use super::scoring::{Mode, Scoring};
use super::{AttentionSizes, QUERY_BLOCK};
use crate::error::Result;
use crate::gemm::{PANEL, Part};
use crate::level1::scale_in_place;
use crate::math::Math;
use crate::simd::Real;
use crate::softmax::largest;
use crate::workspace::{Buffer, Workspace};
use core::ops::Range;

/// Keys of one block where the weights are not kept; whole panels, and whole blocks of noise.
const KEY_BLOCK: usize = 64 * PANEL;
/// Scores in scratch where the mode needs whole rows: queries of a block become fewer for more keys than this has room for.
const ROW_SCRATCH: usize = QUERY_BLOCK * 1024;

/// What the forward pass writes.
pub struct AttentionOutputs<'a> {
    /// [B, T, N, V]
    pub out: &'a mut [Real],
    /// [B, N, T, S]: f(z), of softmax for a straight-through mode; needed by the backward pass of every mode but argmax.
    pub probs: Option<&'a mut [Real]>,
    /// [B, N, T]: the key that a hard mode chose, -1 for none; needed by its backward pass.
    pub chosen: Option<&'a mut [i32]>,
}

/// What the forward pass reads.
pub struct AttentionInputs<'a> {
    /// [B, T, N, D]
    pub q: &'a [Real],
    /// [B, S, M, D]
    pub k: &'a [Real],
    /// [B, S, M, V]
    pub v: &'a [Real],
    /// [N, D]; scores are additive where present.
    pub w: Option<&'a [Real]>,
}

pub fn attention_forward(
    workspace: &mut Workspace,
    outputs: AttentionOutputs,
    inputs: AttentionInputs,
    scoring: Scoring,
    sizes: AttentionSizes,
) -> Result {
    scoring.check(sizes)?;
    let AttentionOutputs { out, mut probs, mut chosen } = outputs;
    let Workspace { packed_a, keys, values, scores, .. } = workspace;
    let math = Math::load();
    for b in 0..sizes.batch {
        for m in 0..sizes.kv_heads {
            let k = sizes.key_head(b, m).of(inputs.k, 0);
            let v = sizes.value_head(b, m).of(inputs.v, 0);
            let head = KeyHead {
                keys: match inputs.w {
                    Some(w) => Keys::Additive(k, w),
                    None => Keys::Product(Operand::transposed(keys, k, sizes.keys, sizes.queries)?),
                },
                values: Operand::rows(values, v, sizes.keys, sizes.queries)?,
                q: inputs.q,
                v: inputs.v,
                scoring,
                sizes,
                math,
                b,
                m,
            };
            for n in m * sizes.group()..(m + 1) * sizes.group() {
                let rows = sizes.row(b, n, 0)..sizes.row(b, n + 1, 0);
                let chosen = chosen.as_deref_mut().map(|chosen| &mut chosen[rows.clone()]);
                let kept = rows.start * sizes.keys..rows.end * sizes.keys;
                if let Some(probs) = probs.as_deref_mut() {
                    let store = Store::Kept(&mut probs[kept]);
                    head.whole_rows(packed_a, out, store, chosen, n)?;
                } else if scoring.mode == Mode::Softmax {
                    head.online(packed_a, scores, out, n)?;
                } else {
                    head.whole_rows(packed_a, out, Store::Scratch(scores), chosen, n)?;
                }
            }
        }
    }
    Ok(())
}

/// Where a block of whole rows goes.
enum Store<'a> {
    /// [T, S] of one head.
    Kept(&'a mut [Real]),
    Scratch(&'a mut Buffer),
}

/// What scores are made of.
enum Keys<'a> {
    /// The transpose of k.
    Product(Operand<'a>),
    /// k, and w of all heads.
    Additive(Rows<'a>, &'a [Real]),
}

/// One head of keys and values of one batch row, ready for its query heads.
struct KeyHead<'a> {
    keys: Keys<'a>,
    values: Operand<'a>,
    q: &'a [Real],
    v: &'a [Real],
    scoring: Scoring<'a>,
    sizes: AttentionSizes,
    math: Math,
    b: usize,
    m: usize,
}

impl KeyHead<'_> {
    /// z for some queries and keys, without mask and noise; rows `stride` apart.
    fn scores(
        &self,
        packed_a: &mut Buffer,
        z: &mut [Real],
        stride: usize,
        n: usize,
        queries: Range<usize>,
        keys: Range<usize>,
    ) -> Result {
        let q = self.sizes.query_head(self.b, n).of(self.q, queries.start);
        let (dim, alpha) = (self.sizes.dim, self.scoring.alpha());
        match &self.keys {
            Keys::Product(operand) => {
                let part = Part { m: queries.len(), columns: keys, depth: 0..dim, alpha, beta: 0.0 };
                operand.multiply(packed_a, z, stride, q, part)
            }
            Keys::Additive(k, w) => {
                let (k, w) = (k.from(keys.start), &w[n * dim..][..dim]);
                for (i, z) in z.chunks_mut(stride.max(1)).take(queries.len()).enumerate() {
                    additive_scores(self.math, &mut z[..keys.len()], q.row(i), k, w, alpha);
                }
                Ok(())
            }
        }
    }

    /// Scores, weights and output of one query head, each row of scores at once.
    fn whole_rows(
        &self,
        packed_a: &mut Buffer,
        out: &mut [Real],
        mut store: Store,
        mut chosen: Option<&mut [i32]>,
        n: usize,
    ) -> Result {
        let Self { sizes, scoring, b, .. } = *self;
        let block = match store {
            Store::Kept(_) => QUERY_BLOCK,
            Store::Scratch(_) => (ROW_SCRATCH / sizes.keys.max(1)).clamp(1, QUERY_BLOCK),
        };
        let target = sizes.out_head(b, n);
        for first in (0..sizes.queries).step_by(block) {
            let queries = first..sizes.queries.min(first + block);
            let limit = scoring.end(sizes, b, queries.end - 1);
            let stride = sizes.keys;
            let rows = match &mut store {
                Store::Kept(probs) => &mut probs[first * stride..queries.end * stride],
                Store::Scratch(buffer) => buffer.take(queries.len() * stride)?,
            };
            self.scores(packed_a, rows, stride, n, queries.clone(), 0..limit)?;
            for t in queries.clone() {
                let row = &mut rows[(t - first) * stride..][..stride];
                let (seen, hidden) = row.split_at_mut(scoring.end(sizes, b, t));
                scoring.adjust(self.math, seen, sizes, [b, n, t, 0]);
                hidden.fill(0.0);
                if scoring.mode.is_hard() {
                    let index = first_largest(seen);
                    if let Some(chosen) = chosen.as_deref_mut() {
                        chosen[t] = index.map_or(-1, |index| index as i32);
                    }
                    self.copy_value(out, n, t, index);
                }
                weights(self.math, scoring.mode, seen);
            }
            if !scoring.mode.is_hard() {
                let part = Part {
                    m: queries.len(),
                    columns: 0..sizes.value_dim,
                    depth: 0..limit,
                    alpha: 1.0,
                    beta: 0.0,
                };
                let out = target.of_mut(out, first);
                let rows = Rows { data: rows, stride, width: stride };
                self.values.multiply(packed_a, out, target.stride, rows, part)?;
            }
        }
        Ok(())
    }

    /// o_t = v of the chosen key, or 0.
    fn copy_value(&self, out: &mut [Real], n: usize, t: usize, index: Option<usize>) {
        let width = self.sizes.value_dim;
        let Some(to) = self.sizes.out_head(self.b, n).of_mut(out, t).get_mut(..width) else { return };
        match index {
            Some(s) => to.copy_from_slice(self.sizes.value_head(self.b, self.m).of(self.v, s).row(0)),
            None => to.fill(0.0),
        }
    }

    /// Softmax without its weights: a running maximum and sum per query, corrected from one block of keys to the next, so that
    /// scratch does not grow with T or S. Source: Milakov and Gimelshein 2018; Dao et al. 2022.
    fn online(&self, packed_a: &mut Buffer, scores: &mut Buffer, out: &mut [Real], n: usize) -> Result {
        let Self { sizes, scoring, b, math, .. } = *self;
        let target = sizes.out_head(b, n);
        let width = target.width;
        for queries in sizes.query_blocks() {
            let limit = scoring.end(sizes, b, queries.end - 1);
            let mut max = [Real::NEG_INFINITY; QUERY_BLOCK];
            let mut sum = [0.0; QUERY_BLOCK];
            let block = KEY_BLOCK.min(sizes.keys.next_multiple_of(PANEL));
            let z = scores.take(queries.len() * block)?;
            if limit == 0 {
                for t in queries.clone() {
                    self.copy_value(out, n, t, None);
                }
            }
            for first in (0..limit).step_by(KEY_BLOCK) {
                let keys = first..limit.min(first + KEY_BLOCK);
                self.scores(packed_a, z, block, n, queries.clone(), keys.clone())?;
                for (i, t) in queries.clone().enumerate() {
                    let row = &mut z[i * block..][..keys.len()];
                    let end = scoring.end(sizes, b, t).clamp(keys.start, keys.end);
                    let (seen, hidden) = row.split_at_mut(end - keys.start);
                    hidden.fill(0.0);
                    scoring.adjust(math, seen, sizes, [b, n, t, first]);
                    let before = max[i];
                    let here = if seen.is_empty() { Real::NEG_INFINITY } else { largest(seen) };
                    max[i] = if before < here { here } else { before };
                    if max[i] == Real::NEG_INFINITY {
                        seen.fill(if seen.iter().any(|z| z.is_nan()) { Real::NAN } else { 0.0 });
                        continue;
                    }
                    let total = exp_shifted(math, seen, max[i]);
                    if first > 0 && before < here {
                        let correction = math.exp_of(before - here);
                        sum[i] *= correction;
                        scale_in_place(&mut target.of_mut(out, t)[..width], correction);
                    }
                    sum[i] += total;
                }
                let beta = if first == 0 { 0.0 } else { 1.0 };
                let part = Part { m: queries.len(), columns: 0..width, depth: keys, alpha: 1.0, beta };
                let rows = Rows { data: z, stride: block, width: block };
                self.values.multiply(
                    packed_a,
                    target.of_mut(out, queries.start),
                    target.stride,
                    rows,
                    part,
                )?;
            }
            for (i, t) in queries.enumerate() {
                if width > 0 && sum[i] != 0.0 {
                    scale_in_place(&mut target.of_mut(out, t)[..width], 1.0 / sum[i]);
                }
            }
        }
        Ok(())
    }
}
