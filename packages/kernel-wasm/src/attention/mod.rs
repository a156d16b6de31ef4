//! Attention with heads, forward and backward.
//!
//! ```text
//! z = (scale q k^T + mask + noise) / temperature        for each batch row b, head n: [T, S]
//! p = f(z) row by row                                   softmax, sparsemax, 1.5-entmax, or the one largest score
//! o = p v
//! ```
//!
//! With additive scores w . tanh(q + k), w [N, D], stands where q k^T does.
//!
//! q [B, T, N, D], k [B, S, M, D], v [B, S, M, V], o [B, T, N, V], p [B, N, T, S]; head n reads the keys and values of head
//! n M / N (grouped queries). Heads are reached by strides, nothing is transposed. Queries are taken in blocks whose scores stay in
//! the second cache between the product that makes them and the product that uses them; what lies past the last visible key
//! of a block is skipped.
//!
//! A query that sees no key gets o = 0, p = 0, and gives no gradient.

mod additive;
mod backward;
mod forward;
mod operand;
mod rows;
mod scoring;

pub use backward::{AttentionGradients, AttentionSaved, attention_backward};
pub use forward::{AttentionInputs, AttentionOutputs, attention_forward};
pub use scoring::{Broadcast, Mask, MaskEntries, Mode, Scoring};

use crate::simd::Real;
use core::ops::Range;
use operand::Rows;

/// Queries of one block: scores of 128 x 512 keys are a quarter of the second cache.
const QUERY_BLOCK: usize = 128;

/// B, T, S, N, M, D, V.
#[derive(Clone, Copy)]
pub struct AttentionSizes {
    pub batch: usize,
    pub queries: usize,
    pub keys: usize,
    pub heads: usize,
    /// Divides `heads`.
    pub kv_heads: usize,
    pub dim: usize,
    pub value_dim: usize,
}

impl AttentionSizes {
    /// Heads that share one head of keys and values.
    fn group(&self) -> usize {
        self.heads / self.kv_heads
    }

    fn query_blocks(&self) -> impl Iterator<Item = Range<usize>> {
        let queries = self.queries;
        (0..queries).step_by(QUERY_BLOCK).map(move |first| first..queries.min(first + QUERY_BLOCK))
    }

    /// Where the row of head n for query t starts in [B, N, T, S], in rows.
    fn row(&self, b: usize, n: usize, t: usize) -> usize {
        (b * self.heads + n) * self.queries + t
    }

    fn query_head(&self, b: usize, n: usize) -> Head {
        Head {
            first: (b * self.queries * self.heads + n) * self.dim,
            stride: self.heads * self.dim,
            width: self.dim,
        }
    }

    fn out_head(&self, b: usize, n: usize) -> Head {
        let width = self.value_dim;
        Head { first: (b * self.queries * self.heads + n) * width, stride: self.heads * width, width }
    }

    fn key_head(&self, b: usize, m: usize) -> Head {
        Head {
            first: (b * self.keys * self.kv_heads + m) * self.dim,
            stride: self.kv_heads * self.dim,
            width: self.dim,
        }
    }

    fn value_head(&self, b: usize, m: usize) -> Head {
        let width = self.value_dim;
        Head { first: (b * self.keys * self.kv_heads + m) * width, stride: self.kv_heads * width, width }
    }
}

/// Where one head lies: rows of `width`, `stride` apart.
#[derive(Clone, Copy)]
struct Head {
    first: usize,
    stride: usize,
    width: usize,
}

impl Head {
    /// Rows from `row` on.
    fn of(self, data: &[Real], row: usize) -> Rows<'_> {
        let data = data.get(self.first + row * self.stride..).unwrap_or(&[]);
        Rows { data, stride: self.stride, width: self.width }
    }

    fn of_mut(self, data: &mut [Real], row: usize) -> &mut [Real] {
        data.get_mut(self.first + row * self.stride..).unwrap_or(&mut [])
    }
}

#[cfg(test)]
mod tests;
