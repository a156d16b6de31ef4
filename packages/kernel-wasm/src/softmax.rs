//! Softmax and log-softmax over the last axis, with the row's maximum taken out first.

use crate::math::Math;
use crate::simd::{LANES, Real, Vector, map, map2, update};

/// `y[r, j] = e^(x[r, j] - max) / sum`, for x and y [rows, columns].
pub fn softmax_forward(y: &mut [Real], x: &[Real], columns: usize) {
    if columns == 0 {
        return;
    }
    let math = Math::new();
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
    let math = Math::new();
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
    let math = Math::new();
    for ((dx, dy), y) in
        dx.chunks_exact_mut(columns).zip(dy.chunks_exact(columns)).zip(y.chunks_exact(columns))
    {
        let sum = Vector::splat(fold_sum(dy, dy, |dy, _| dy));
        map2(dx, dy, y, |dy, y| dy - math.exp(y) * sum);
    }
}

/// The largest entry of a row of at least one.
pub(crate) fn largest(x: &[Real]) -> Real {
    let (chunks, tail) = x.as_chunks::<LANES>();
    let mut largest = Vector::splat(x[0]);
    for chunk in chunks {
        largest = largest.max(Vector::load(chunk));
    }
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
fn fold_sum(a: &[Real], b: &[Real], f: impl Fn(Vector, Vector) -> Vector) -> Real {
    let (a_chunks, a_tail) = a.as_chunks::<LANES>();
    let (b_chunks, b_tail) = b.as_chunks::<LANES>();
    let mut sum = Vector::zero();
    for (a, b) in a_chunks.iter().zip(b_chunks) {
        sum = sum + f(Vector::load(a), Vector::load(b));
    }
    (sum + f(Vector::load_tail(a_tail), Vector::load_tail(b_tail))).sum()
}
