//! A weight [G H, inner] made ready for the products of a whole sequence.

use crate::error::Result;
use crate::gemm::{PackedB, View, add_rows, dot_rows};
use crate::simd::Real;
use crate::workspace::Buffer;

/// Which product is wanted.
#[derive(Clone, Copy)]
pub enum Side {
    /// Rows [n, inner] times W^T.
    Transposed,
    /// Rows [n, G H] times W.
    AsIs,
}

/// Packed for several rows; as it is for a single one, which would use each entry once.
pub struct Weight<'a> {
    packed: Option<PackedB<'a>>,
    weight: &'a [Real],
    side: Side,
    k: usize,
    n: usize,
}

impl<'a> Weight<'a> {
    /// Reals that `new` needs as panels.
    pub fn room(k: usize, n: usize, rows: usize) -> usize {
        if rows == 1 { 0 } else { PackedB::room(k, n) }
    }

    /// For products of `k` inner and `n` outer columns with so many rows in all.
    pub fn new(
        panels: &'a mut [Real],
        weight: &'a [Real],
        side: Side,
        k: usize,
        n: usize,
        rows: usize,
    ) -> Self {
        let weight = &weight[..k * n];
        let view = match side {
            Side::Transposed => View::transposed(weight, k),
            Side::AsIs => View::rows(weight, n),
        };
        Self { packed: (rows != 1).then(|| PackedB::pack(panels, view, k, n)), weight, side, k, n }
    }

    /// `out <- a W + beta out`, W being the chosen side: `rows` rows, `stride` apart in out and `a_stride` in a.
    #[allow(clippy::too_many_arguments)]
    pub fn multiply(
        &self,
        packed_a: &mut Buffer,
        (out, stride): (&mut [Real], usize),
        (a, a_stride): (&[Real], usize),
        rows: usize,
        beta: Real,
    ) -> Result {
        let Self { packed, weight, side, k, n } = self;
        if let Some(packed) = packed {
            return packed.multiply(packed_a, (out, stride), View::rows(a, a_stride), rows, beta);
        }
        let (out, a) = (&mut out[..*n], &a[..*k]);
        match side {
            Side::Transposed => dot_rows(out, weight, a, 1.0, beta),
            Side::AsIs => add_rows(out, weight, a, 1.0, beta),
        }
        Ok(())
    }
}
