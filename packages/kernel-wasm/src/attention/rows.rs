//! One row: scores to weights, and the gradient back.
//!
//! Softmax, sparsemax and 1.5-entmax share a derivative: dz = u (dp - sum(u dp) / sum(u)) with u = p, 1 where p > 0, and
//! sqrt(p). For a straight-through row it is softmax's.

use super::Mode;
use crate::math::Math;
use crate::reduce::widen;
use crate::simd::{LANES, Real, Vector, update, update_with};
use crate::softmax::largest;

/// Turns z into p in place. A row without a finite largest score, or none at all, becomes zeros.
#[inline(never)]
pub fn weights(math: Math, mode: Mode, z: &mut [Real]) {
    if z.is_empty() {
        return;
    }
    let max = largest(z);
    if max == Real::NEG_INFINITY {
        z.fill(if z.iter().any(|z| z.is_nan()) { Real::NAN } else { 0.0 });
        return;
    }
    match mode {
        Mode::Softmax | Mode::StraightThrough => {
            let sum = exp_shifted(math, z, max);
            let share = Vector::splat(1.0 / sum);
            update(z, |e| e * share);
        }
        Mode::Sparsemax => {
            let max = Vector::splat(max);
            update(z, |z| z - max);
            let tau = Vector::splat(sparsemax_threshold(z));
            update(z, |z| (z - tau).max(Vector::zero()));
        }
        Mode::Entmax15 => {
            let (max, half) = (Vector::splat(max), Vector::splat(0.5));
            update(z, |z| (z - max) * half);
            let tau = Vector::splat(entmax15_threshold(z));
            update(z, |z| {
                let above = (z - tau).max(Vector::zero());
                above * above
            });
        }
        Mode::Argmax => {
            let index = first_largest(z);
            z.fill(0.0);
            if let Some(index) = index {
                z[index] = 1.0;
            }
        }
    }
}

/// z = e^(z - max) and the sum, in one pass.
#[inline(always)]
pub fn exp_shifted(math: Math, z: &mut [Real], max: Real) -> Real {
    let max = Vector::splat(max);
    let (chunks, tail) = z.as_chunks_mut::<LANES>();
    let mut sum = Vector::zero();
    for chunk in chunks {
        let e = math.exp_below_zero(Vector::load(chunk) - max);
        e.store(chunk);
        sum = sum + e;
    }
    let mut total = sum.sum();
    if !tail.is_empty() {
        math.exp_below_zero(Vector::load_tail(tail) - max).store_tail(tail);
        for &e in &*tail {
            total += e;
        }
    }
    total
}

/// The index of the first of the largest scores; none where every score is -inf. NaN counts as largest.
pub fn first_largest(z: &[Real]) -> Option<usize> {
    if z.is_empty() {
        return None;
    }
    let max = largest(z);
    if max == Real::NEG_INFINITY {
        return z.iter().position(|z| z.is_nan());
    }
    z.iter().position(|&z| z == max || z.is_nan())
}

/// The tau with sum of max(z - tau, 0) = 1 for scores whose largest is 0.
///
/// Newton's method from tau = -1, where the sum is at least 1: the sum is convex and falls in tau, so tau only grows, and
/// each turn is Michelot's: the exact tau of the entries that are still above. It ends when no entry leaves.
fn sparsemax_threshold(z: &[Real]) -> Real {
    let mut tau: Real = -1.0;
    loop {
        let (above, count) = fold(z, tau, |above| {
            (above, above.equal(Vector::zero()).select(Vector::zero(), Vector::splat(1.0)))
        });
        let next = tau + (above - 1.0) / count;
        // NaN is not larger and ends it too.
        if next > tau {
            tau = next;
        } else {
            return tau;
        }
    }
}

/// The tau with sum of max(z - tau, 0)^2 = 1 for scores whose largest is 0, by the same steps: it lies in [-1, 0), and
/// Newton's method doubles the digits in each turn.
fn entmax15_threshold(z: &[Real]) -> Real {
    let mut tau: Real = -1.0;
    loop {
        let (squares, above) = fold(z, tau, |above| (above * above, above));
        let next = tau + (squares - 1.0) / (2.0 * above);
        if next > tau {
            tau = next;
        } else {
            return tau;
        }
    }
}

/// The sums of both numbers that `f` makes of max(z - tau, 0).
#[inline(always)]
fn fold(z: &[Real], tau: Real, f: impl Fn(Vector) -> (Vector, Vector)) -> (Real, Real) {
    let tau = Vector::splat(tau);
    let above = |z: Vector| f((z - tau).max(Vector::zero()));
    let (chunks, tail) = z.as_chunks::<LANES>();
    let (mut first, mut second) = (Vector::zero(), Vector::zero());
    for chunk in chunks {
        let (a, b) = above(Vector::load(chunk));
        (first, second) = (first + a, second + b);
    }
    // Lanes past the end count as -inf.
    let mut rest = [Real::NEG_INFINITY; LANES];
    rest[..tail.len()].copy_from_slice(tail);
    let (a, b) = above(Vector::load(&rest));
    ((first + a).sum(), (second + b).sum())
}

/// Turns dp into dz in place, p being the weights of the row.
#[inline(never)]
pub fn weights_backward(mode: Mode, dp: &mut [Real], p: &[Real]) {
    match mode {
        Mode::Softmax | Mode::StraightThrough => backward_by(dp, p, |p| p),
        Mode::Sparsemax => {
            backward_by(dp, p, |p| Vector::zero().less(p).select(Vector::splat(1.0), Vector::zero()))
        }
        Mode::Entmax15 => backward_by(dp, p, Vector::sqrt),
        Mode::Argmax => dp.fill(0.0),
    }
}

/// dz = u (dp - sum(u dp) / sum(u)) with u = f(p), f(0) = 0.
#[inline(always)]
fn backward_by(dp: &mut [Real], p: &[Real], u: impl Fn(Vector) -> Vector) {
    let (dp_chunks, dp_tail) = dp.as_chunks::<LANES>();
    let (p_chunks, p_tail) = p.as_chunks::<LANES>();
    let (mut dot, mut total) = (Vector::zero(), Vector::zero());
    for (dp, p) in dp_chunks.iter().zip(p_chunks) {
        let u = u(Vector::load(p));
        dot = u.mul_add(Vector::load(dp), dot);
        total = total + u;
    }
    let last = u(Vector::load_tail(p_tail));
    let total = (total + last).sum();
    if widen(total) == 0.0 {
        dp.fill(0.0);
        return;
    }
    let mean = Vector::splat(last.mul_add(Vector::load_tail(dp_tail), dot).sum() / total);
    update_with(dp, p, |dp, p| u(p) * (dp - mean));
}
