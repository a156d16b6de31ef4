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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Numbers, SIZES, assert_close, wide};
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    #[test]
    fn sums_over_the_middle_axis() {
        let mut numbers = Numbers::seeded(30);
        for outer in [0, 1, 3] {
            for n in SIZES {
                for inner in SIZES {
                    let x = numbers.reals(outer * n * inner);
                    let mut out = vec![Real::NAN; outer * inner];
                    reduce_sum(&mut out, &x, n, inner);
                    let x = wide(&x);
                    let want: Vec<f64> = (0..outer * inner)
                        .map(|at| (0..n).map(|j| x[(at / inner * n + j) * inner + at % inner]).sum())
                        .collect();
                    assert_close(&format!("sum {outer} {n} {inner}"), &out, &want);
                }
            }
        }
    }

    #[test]
    fn long_sums_keep_small_terms() {
        // Added one by one in f32, 10 million times 0.1 is off by 8 %.
        let x = vec![0.1 as Real; 10_000_000];
        let want = widen(0.1) * 1e7;
        assert!((sum(&x) / want - 1.0).abs() < 1e-6, "{}", sum(&x));
    }

    #[test]
    fn broadcast_repeats() {
        let mut numbers = Numbers::seeded(31);
        for (outer, n, inner) in [(2, 3, 5), (3, 4, 1), (1, 1, 9), (0, 3, 4), (2, 0, 3), (2, 3, 0)] {
            let x = numbers.reals(outer * inner);
            let mut out = vec![Real::NAN; outer * n * inner];
            broadcast(&mut out, &x, n, inner);
            for (at, got) in out.iter().enumerate() {
                assert_eq!(*got, x[at / (n * inner) * inner + at % inner]);
            }
        }
    }

    #[test]
    fn norms() {
        for len in SIZES {
            let x = Numbers::seeded(32).reals(len);
            let want = wide(&x).iter().map(|x| x * x).sum::<f64>().sqrt();
            assert!((norm(&x) - want).abs() <= 1e-14 * want, "norm of {len}");
        }
        // The square of the first overflows f32, that of the second underflows.
        #[cfg(not(feature = "f64"))]
        assert_eq!(norm(&[3e30, 4e30]), (widen(3e30).powi(2) + widen(4e30).powi(2)).sqrt());
        assert!(norm(&[1.0, Real::NAN]).is_nan());
        assert_eq!(norm(&[1.0, Real::NEG_INFINITY]), f64::INFINITY);
    }

    #[test]
    fn the_first_non_finite_is_found_anywhere() {
        assert_eq!(first_non_finite(&[]), None);
        for len in [1, 3, 4, 5, BLOCK, BLOCK + 1, 3 * BLOCK + 7] {
            let mut x = vec![Real::MAX; len];
            assert_eq!(first_non_finite(&x), None, "{len} finite");
            for bad in [Real::NAN, Real::INFINITY, Real::NEG_INFINITY] {
                for at in [0, len / 2, len - 1] {
                    x[at] = bad;
                    x[len - 1] = bad;
                    assert_eq!(first_non_finite(&x), Some(at), "{len}, {bad} at {at}");
                    x.fill(Real::MAX);
                }
            }
        }
    }
}
