//! The innermost loop: an MR x NR tile of C held in registers.
//!
//! 4 x 2 vectors is the shape that every engine tried keeps in its 15 usable registers (8 accumulators, 2 columns of B,
//! 1 spread entry of A). One turn per k, not unrolled: unrolling makes engines spill accumulators and halves the speed.

use crate::simd::{LANES, Real, Vector};

/// Rows of a tile.
pub const MR: usize = 4;
/// Columns of a tile: two vectors.
pub const NR: usize = 2 * LANES;

/// `acc[i][j] = sum over p of a[p][i] * b[p][j]` for packed panels a [k, MR] and b [k, NR].
#[inline(always)]
fn accumulate(a: &[Real], b: &[Real]) -> [[Vector; 2]; MR] {
    let (a, _) = a.as_chunks::<MR>();
    let (b, _) = b.as_chunks::<NR>();
    let depth = a.len().min(b.len());
    let mut a = a.as_ptr();
    let mut b = b.as_ptr();
    let mut acc = [[Vector::zero(); 2]; MR];
    for _ in 0..depth {
        // SAFETY: both pointers advance `depth` times and each panel has at least `depth` entries.
        let (a_p, b_p) = unsafe { (&*a, &*b) };
        // SAFETY: as above; after the last turn they point one past the end, which is allowed.
        (a, b) = unsafe { (a.add(1), b.add(1)) };
        let (halves, _) = b_p.as_chunks::<LANES>();
        let left = Vector::load(&halves[0]);
        let right = Vector::load(&halves[1]);
        for (row, a_pi) in acc.iter_mut().zip(a_p) {
            let a_pi = Vector::load_splat(a_pi);
            row[0] = a_pi.mul_add(left, row[0]);
            row[1] = a_pi.mul_add(right, row[1]);
        }
    }
    acc
}

/// `C <- alpha A B + beta C` for one tile: a [k, MR] and b [k, NR] packed, C with rows `stride` apart, of which
/// `rows` x `columns` exist (the panels are padded with zeros). C is not read where beta is 0.
#[inline(never)]
#[allow(clippy::too_many_arguments)]
pub fn tile(
    a: &[Real],
    b: &[Real],
    c: &mut [Real],
    stride: usize,
    rows: usize,
    columns: usize,
    alpha: Real,
    beta: Real,
) {
    let acc = accumulate(a, b);
    let alpha = Vector::splat(alpha);
    let beta_v = Vector::splat(beta);
    let value = |sum: Vector, before: Vector| {
        let scaled = alpha * sum;
        if beta == 0.0 { scaled } else { beta_v.mul_add(before, scaled) }
    };
    if rows == MR && columns == NR {
        for (i, row) in acc.iter().enumerate() {
            let (halves, _) = c[i * stride..][..NR].as_chunks_mut::<LANES>();
            for (half, &sum) in halves.iter_mut().zip(row) {
                value(sum, Vector::load(half)).store(half);
            }
        }
        return;
    }
    for (i, row) in acc.iter().take(rows).enumerate() {
        let c_row = &mut c[i * stride..][..columns];
        for (half, &sum) in row.iter().enumerate() {
            value(sum, Vector::load_at(c_row, half * LANES)).store_at(c_row, half * LANES);
        }
    }
}
