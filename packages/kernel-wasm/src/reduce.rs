//! Sums, norms and searches over one axis, and the way back.

use crate::simd::{LANES, Real, Vector, update_with};

/// Reals summed in vector lanes before the block is added in f64.
const BLOCK: usize = 1024;

/// The sum of a slice: lanes within blocks of 1024, blocks in f64.
pub fn sum(x: &[Real]) -> f64 {
    x.chunks(BLOCK).map(|block| widen(sum_block(block))).sum()
}

fn sum_block(x: &[Real]) -> Real {
    const STEP: usize = 4 * LANES;
    let mut acc = [Vector::zero(); 4];
    let (steps, rest) = x.as_chunks::<STEP>();
    for step in steps {
        for (acc, chunk) in acc.iter_mut().zip(step.as_chunks::<LANES>().0) {
            *acc = *acc + Vector::load(chunk);
        }
    }
    let (chunks, tail) = rest.as_chunks::<LANES>();
    for (acc, chunk) in acc.iter_mut().zip(chunks) {
        *acc = *acc + Vector::load(chunk);
    }
    acc[3] = acc[3] + Vector::load_tail(tail);
    ((acc[0] + acc[1]) + (acc[2] + acc[3])).sum()
}

/// `out[outer, inner] = sum over n of x[outer, n, inner]`.
pub fn reduce_sum(out: &mut [Real], x: &[Real], n: usize, inner: usize) {
    if inner == 0 {
        return;
    }
    if n == 0 {
        out.fill(0.0);
    } else if inner == 1 {
        for (out, row) in out.iter_mut().zip(x.chunks_exact(n)) {
            *out = sum(row) as Real;
        }
    } else {
        for (out, block) in out.chunks_exact_mut(inner).zip(x.chunks_exact(n * inner)) {
            let (first, rest) = block.split_at(inner);
            out.copy_from_slice(first);
            add_column_sums(out, rest);
        }
    }
}

/// `out[columns] += sum over rows of x[rows, columns]`.
pub fn add_column_sums(out: &mut [Real], x: &[Real]) {
    if out.is_empty() {
        return;
    }
    for row in x.chunks_exact(out.len()) {
        update_with(out, row, |sum, x| sum + x);
    }
}

/// `out[outer, n, inner] = x[outer, inner]`.
pub fn broadcast(out: &mut [Real], x: &[Real], n: usize, inner: usize) {
    if n == 0 || inner == 0 {
        return;
    }
    for (block, x) in out.chunks_exact_mut(n * inner).zip(x.chunks_exact(inner)) {
        if inner == 1 {
            block.fill(x[0]);
        } else {
            for row in block.chunks_exact_mut(inner) {
                row.copy_from_slice(x);
            }
        }
    }
}

/// sqrt(sum of x^2), squared and added in f64 so that it neither overflows nor loses small entries. NaN and infinity
/// come through.
pub fn norm(x: &[Real]) -> f64 {
    const SUMS: usize = 8;
    let (chunks, tail) = x.as_chunks::<SUMS>();
    let mut sums = [0.0_f64; SUMS];
    for chunk in chunks {
        for (sum, &x) in sums.iter_mut().zip(chunk) {
            let x = widen(x);
            *sum += x * x;
        }
    }
    for (sum, &x) in sums.iter_mut().zip(tail) {
        let x = widen(x);
        *sum += x * x;
    }
    sums.iter().sum::<f64>().sqrt()
}

/// The real as f64; `f64::from` would be a useless conversion in the f64 build.
#[allow(clippy::unnecessary_cast)]
#[inline(always)]
pub fn widen(x: Real) -> f64 {
    x as f64
}

/// The index of the first NaN or infinity.
pub fn first_non_finite(x: &[Real]) -> Option<usize> {
    let zero = Vector::zero();
    for (block, reals) in x.chunks(BLOCK).enumerate() {
        // x * 0 is 0 for finite x and NaN otherwise; one test per block.
        let (chunks, tail) = reals.as_chunks::<LANES>();
        let mut acc = Vector::load_tail(tail) * zero;
        for chunk in chunks {
            acc = acc + Vector::load(chunk) * zero;
        }
        if acc.sum().is_nan() {
            return reals.iter().position(|x| !x.is_finite()).map(|at| block * BLOCK + at);
        }
    }
    None
}
