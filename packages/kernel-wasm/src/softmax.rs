//! Softmax and log-softmax over the last axis, with the row's maximum taken out first.

use crate::math::Math;
use crate::simd::{LANES, Real, Vector, map, map2, update};

/// `y[r, j] = e^(x[r, j] - max) / sum`, for x and y [rows, columns].
pub fn softmax_forward(y: &mut [Real], x: &[Real], columns: usize) {
    if columns == 0 {
        return;
    }
    let math = Math::load();
    for (y, x) in y.chunks_exact_mut(columns).zip(x.chunks_exact(columns)) {
        let sum = exp_shifted(math, y, x, largest(x));
        let sum = Vector::splat(sum);
        update(y, |e| e / sum);
    }
}

/// dx = y (dy - sum of dy y).
pub fn softmax_backward(dx: &mut [Real], dy: &[Real], y: &[Real], columns: usize) {
    if columns == 0 {
        return;
    }
    for ((dx, dy), y) in
        dx.chunks_exact_mut(columns).zip(dy.chunks_exact(columns)).zip(y.chunks_exact(columns))
    {
        let dot = Vector::splat(fold_sum(dy, y, |dy, y| dy * y));
        map2(dx, dy, y, |dy, y| y * (dy - dot));
    }
}

/// `y[r, j] = x[r, j] - max - log(sum of e^(x - max))`.
pub fn log_softmax_forward(y: &mut [Real], x: &[Real], columns: usize) {
    if columns == 0 {
        return;
    }
    let math = Math::load();
    for (y, x) in y.chunks_exact_mut(columns).zip(x.chunks_exact(columns)) {
        let max = largest(x);
        let log_sum = math.log_of(exp_shifted(math, y, x, max));
        let (max, log_sum) = (Vector::splat(max), Vector::splat(log_sum));
        map(y, x, |x| (x - max) - log_sum);
    }
}

/// dx = dy - e^y sum of dy, with y the log-softmax.
pub fn log_softmax_backward(dx: &mut [Real], dy: &[Real], y: &[Real], columns: usize) {
    if columns == 0 {
        return;
    }
    let math = Math::load();
    for ((dx, dy), y) in
        dx.chunks_exact_mut(columns).zip(dy.chunks_exact(columns)).zip(y.chunks_exact(columns))
    {
        let sum = Vector::splat(fold_sum(dy, dy, |dy, _| dy));
        map2(dx, dy, y, |dy, y| dy - math.exp(y) * sum);
    }
}

/// The largest entry of a row of at least one.
pub(crate) fn largest(x: &[Real]) -> Real {
    /// Independent running maxima: a comparison waits for the one before it.
    const CHAINS: usize = 4;
    let (chunks, tail) = x.as_chunks::<LANES>();
    let (groups, rest) = chunks.as_chunks::<CHAINS>();
    let mut chains = [Vector::splat(x[0]); CHAINS];
    for group in groups {
        for (largest, chunk) in chains.iter_mut().zip(group) {
            *largest = largest.max(Vector::load(chunk));
        }
    }
    let largest = chains.into_iter().chain(rest.iter().map(Vector::load)).fold(chains[0], Vector::max);
    tail.iter().fold(largest.largest(), |largest, &x| if largest < x { x } else { largest })
}

/// y = e^(x - max); returns the sum.
pub(crate) fn exp_shifted(math: Math, y: &mut [Real], x: &[Real], max: Real) -> Real {
    let max = Vector::splat(max);
    map(y, x, |x| math.exp(x - max));
    fold_sum(y, y, |y, _| y)
}

/// The sum of f(a, b); entries past the end add nothing.
#[inline(always)]
pub(crate) fn fold_sum(a: &[Real], b: &[Real], f: impl Fn(Vector, Vector) -> Vector) -> Real {
    let (a_chunks, a_tail) = a.as_chunks::<LANES>();
    let (b_chunks, b_tail) = b.as_chunks::<LANES>();
    let mut sum = Vector::zero();
    for (a, b) in a_chunks.iter().zip(b_chunks) {
        sum = sum + f(Vector::load(a), Vector::load(b));
    }
    (sum + f(Vector::load_tail(a_tail), Vector::load_tail(b_tail))).sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Numbers, SIZES, assert_close, wide};
    #[cfg(feature = "f64")]
    use crate::testing::{assert_gradient, weighted};
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    fn reference(x: &[f64]) -> Vec<f64> {
        let max = x.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let sum: f64 = x.iter().map(|x| (x - max).exp()).sum();
        x.iter().map(|x| (x - max).exp() / sum).collect()
    }

    #[test]
    fn rows_of_all_sizes() {
        let mut numbers = Numbers::seeded(70);
        for columns in SIZES {
            for rows in [0, 1, 3] {
                let x: Vec<Real> = numbers.reals(rows * columns).iter().map(|x| 20.0 * x).collect();
                let (mut y, mut log_y) = (vec![Real::NAN; x.len()], vec![Real::NAN; x.len()]);
                softmax_forward(&mut y, &x, columns);
                log_softmax_forward(&mut log_y, &x, columns);
                let want: Vec<f64> = wide(&x).chunks(columns.max(1)).flat_map(reference).collect();
                assert_close("softmax", &y, &want);
                assert_close("log-softmax", &log_y, &want.iter().map(|p| p.ln()).collect::<Vec<_>>());
            }
        }
    }

    #[test]
    fn large_logits_neither_overflow_nor_vanish() {
        let x = [1e4, 0.0, -1e4, 1e4];
        let (mut y, mut log_y) = ([0.0; 4], [0.0; 4]);
        softmax_forward(&mut y, &x, 4);
        log_softmax_forward(&mut log_y, &x, 4);
        assert_eq!(y, [0.5, 0.0, 0.0, 0.5]);
        let half = 0.5_f64.ln();
        assert_close("log-softmax", &log_y, &[half, half - 1e4, half - 2e4, half]);
    }

    #[test]
    fn nan_and_masked_entries() {
        let mut y = [0.0; 3];
        softmax_forward(&mut y, &[0.0, Real::NEG_INFINITY, 0.0], 3);
        assert_eq!(y, [0.5, 0.0, 0.5]);
        softmax_forward(&mut y, &[0.0, Real::NAN, 0.0], 3);
        assert!(y.iter().all(|y| y.is_nan()));
    }

    #[cfg(feature = "f64")]
    #[test]
    fn gradients_are_finite_differences() {
        let mut numbers = Numbers::seeded(71);
        for columns in [1, 3, 8, 17] {
            let (x, dy) = (numbers.reals(2 * columns), numbers.reals(2 * columns));
            let (mut y, mut dx) = (vec![0.0; x.len()], vec![0.0; x.len()]);
            softmax_forward(&mut y, &x, columns);
            softmax_backward(&mut dx, &dy, &y, columns);
            assert_gradient("softmax", &x, &dx, |x| {
                softmax_forward(&mut y, x, columns);
                weighted(&y, &dy)
            });
            log_softmax_forward(&mut y, &x, columns);
            log_softmax_backward(&mut dx, &dy, &y, columns);
            assert_gradient("log-softmax", &x, &dx, |x| {
                log_softmax_forward(&mut y, x, columns);
                weighted(&y, &dy)
            });
        }
    }
}
