//! A weight for products with one vector after another, as steps of generation take them: packed once, in the order in
//! which it is read, so that one address runs through it and the caches see one stream.
//!
//! Blocks of [`ROWS`] rows; in a block the rows' first vectors, then their second ones, and so on, then what is left of
//! each row entry by entry. Missing rows of the last block are zeros.

use crate::simd::{LANES, Real, Vector};
use core::ops::Range;

/// Rows whose dot products are taken together: their sums, as many vectors of the weight and one of x are the 15 registers
/// that engines have. Node 20 loads all vectors before it multiplies, so that eight rows spill: 2048 x 512 takes 68 us
/// with eight, 58 with seven, 63 with six, and 80 from rows as they lie (fused 75, 47, 51 and 67).
const ROWS: usize = 7;

pub struct PackedRows<'a> {
    blocks: &'a [Real],
    rows: usize,
    inner: usize,
}

impl<'a> PackedRows<'a> {
    /// Dims of the packed form of w [rows, inner].
    pub const fn dims(rows: usize, inner: usize) -> [usize; 3] {
        [rows.div_ceil(ROWS), ROWS, inner]
    }

    /// The packed form of w [rows, inner], as [`PackedRows::pack`] left it.
    pub fn new(blocks: &'a [Real], rows: usize, inner: usize) -> Self {
        Self { blocks, rows, inner }
    }

    /// Writes the packed form of w [rows, inner].
    pub fn pack(blocks: &mut [Real], w: &[Real], inner: usize) {
        if inner == 0 {
            return;
        }
        blocks.fill(0.0);
        let whole = inner - inner % LANES;
        for (block, w) in blocks.chunks_exact_mut(ROWS * inner).zip(w.chunks(ROWS * inner)) {
            let (vectors, rest) = block.split_at_mut(ROWS * whole);
            let (vectors, _) = vectors.as_chunks_mut::<LANES>();
            for (r, row) in w.chunks_exact(inner).enumerate() {
                let (row, row_rest) = row.as_chunks::<LANES>();
                for (to, from) in vectors.iter_mut().skip(r).step_by(ROWS).zip(row) {
                    *to = *from;
                }
                for (to, &from) in rest.iter_mut().skip(r).step_by(ROWS).zip(row_rest) {
                    *to = from;
                }
            }
        }
    }

    /// `y[b, first + r] = sum over j of w[r, j] x[b, j]` for every row of x [B, inner] into rows of y that lie `stride`
    /// apart, added to what is there if so asked. A block serves all rows of x before the next is read, and every entry
    /// comes out bit for bit as `dot_rows` gives it.
    pub fn multiply(&self, y: &mut [Real], (stride, first): (usize, usize), x: &[Real], accumulate: bool) {
        let Self { blocks, rows, inner } = *self;
        let finish = |y: &mut Real, sum: Real| *y = if accumulate { sum + *y } else { sum };
        for start in (0..rows).step_by(ROWS) {
            let block = &blocks[start * inner..][..ROWS * inner];
            let columns: Range<usize> = first + start..first + rows.min(start + ROWS);
            for (b, y) in y.chunks_exact_mut(stride).enumerate() {
                let sums = dot_block(block, &x[b * inner..][..inner]);
                for (y, sum) in y[columns.clone()].iter_mut().zip(sums) {
                    finish(y, sum);
                }
            }
        }
    }
}

/// The dot products of the rows of a block with x. Inlined, so that its loop lies inside others: V8 unrolls nested loops
/// itself, and a function with nothing but this loop took a ninth longer.
#[inline(always)]
fn dot_block(block: &[Real], x: &[Real]) -> [Real; ROWS] {
    let (xs, x_rest) = x.as_chunks::<LANES>();
    let (vectors, rest) = block.split_at(xs.len() * LANES * ROWS);
    let vectors = vectors.as_chunks::<LANES>().0.as_chunks::<ROWS>().0;
    let turns = xs.len().min(vectors.len());
    // Running addresses, as in the micro-kernel: made from an index, as safe iterators do, they take an eighth longer.
    let (mut x_at, mut w_at) = (xs.as_ptr(), vectors.as_ptr());
    let mut acc = [Vector::zero(); ROWS];
    for _ in 0..turns {
        // SAFETY: both pointers advance `turns` times and each slice has at least `turns` entries.
        let (x, w) = unsafe { (&*x_at, &*w_at) };
        // SAFETY: as above; after the last turn they point one past the end at most, which is allowed.
        (x_at, w_at) = unsafe { (x_at.add(1), w_at.add(1)) };
        let x = Vector::load(x);
        for (acc, w) in acc.iter_mut().zip(w) {
            *acc = Vector::load(w).mul_add(x, *acc);
        }
    }
    let mut sums = acc.map(Vector::sum);
    if !x_rest.is_empty() {
        let mut rests = [0.0; ROWS];
        for (w, &x) in rest.as_chunks::<ROWS>().0.iter().zip(x_rest) {
            for (sum, &w) in rests.iter_mut().zip(w) {
                *sum += w * x;
            }
        }
        for (sum, rest) in sums.iter_mut().zip(rests) {
            *sum += rest;
        }
    }
    sums
}
