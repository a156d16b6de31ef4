//! Additive scores: z = w . tanh(q + k), with q and k projected to the same width.
//!
//! Source: Bahdanau, Cho and Bengio 2015.

use super::operand::Rows;
use crate::level1::{add, add_scaled};
use crate::math::Math;
use crate::simd::{LANES, Real, Vector, map2};

/// `z[s] = alpha w . tanh(q + k[s])`.
#[inline(never)]
pub fn additive_scores(math: Math, z: &mut [Real], q: &[Real], k: Rows, w: &[Real], alpha: Real) {
    let (q_chunks, q_tail) = q.as_chunks::<LANES>();
    let (w_chunks, w_tail) = w.as_chunks::<LANES>();
    for (s, z) in z.iter_mut().enumerate() {
        let (k_chunks, k_tail) = k.row(s).as_chunks::<LANES>();
        let mut sum = Vector::zero();
        for ((q, k), w) in q_chunks.iter().zip(k_chunks).zip(w_chunks) {
            let t = math.tanh(Vector::load(q) + Vector::load(k));
            sum = Vector::load(w).mul_add(t, sum);
        }
        // Lanes past the end have weight 0.
        let t = math.tanh(Vector::load_tail(q_tail) + Vector::load_tail(k_tail));
        *z = alpha * Vector::load_tail(w_tail).mul_add(t, sum).sum();
    }
}

/// Where the gradients of one query go; all are added to.
pub struct AdditiveGradients<'a> {
    /// One row.
    pub dq: Option<&'a mut [Real]>,
    /// Rows of all keys and their stride.
    pub dk: Option<(&'a mut [Real], usize)>,
    pub dw: Option<&'a mut [Real]>,
}

/// dq and dk from `g = alpha dz w (1 - t^2)` and `dw = alpha dz t`, t = tanh(q + k) being worked out again.
pub fn additive_backward(
    math: Math,
    scratch: &mut [Real],
    mut gradients: AdditiveGradients,
    dz: &[Real],
    (q, k, w): (&[Real], Rows, &[Real]),
    alpha: Real,
) {
    let scratch = scratch.split_at_mut(w.len());
    let (t, g) = (scratch.0, &mut scratch.1[..w.len()]);
    for (s, &dz) in dz.iter().enumerate() {
        // A hidden key, or one without weight.
        if dz == 0.0 {
            continue;
        }
        let factor = Vector::splat(alpha * dz);
        map2(t, q, k.row(s), |q, k| math.tanh(q + k));
        map2(g, w, t, |w, t| factor * w * (math.one() - t * t));
        if let Some(dq) = gradients.dq.as_deref_mut() {
            add(dq, g);
        }
        if let Some((dk, stride)) = &mut gradients.dk {
            add(&mut dk[s * *stride..][..g.len()], g);
        }
        if let Some(dw) = gradients.dw.as_deref_mut() {
            add_scaled(dw, t, alpha * dz);
        }
    }
}
