//! Adam (Kingma and Ba 2015) and AdamW (Loshchilov and Hutter 2019).

use super::{splat, without_subnormals};
use crate::simd::{LANES, Real, Vector};

#[derive(Clone, Copy)]
pub struct Adam {
    pub learning_rate: f64,
    pub beta1: f64,
    pub beta2: f64,
    pub epsilon: f64,
    pub weight_decay: f64,
    /// AdamW: the weights shrink, whatever the gradient.
    pub decoupled: bool,
    /// 1 for the first step.
    pub step: u32,
    pub gradient_scale: f64,
}

/// One step:
///
/// ```text
/// g = grad * gradient_scale (+ weight_decay p unless decoupled)
/// m += (g - m) (1 - beta1)
/// v = beta2 v + (1 - beta2) g^2
/// p = p (1 - lr weight_decay) if decoupled
/// p -= lr / (1 - beta1^t) m / (sqrt(v) / sqrt(1 - beta2^t) + eps)
/// ```
pub fn adam_step(
    params: &mut [Real],
    exp_avg: &mut [Real],
    exp_avg_sq: &mut [Real],
    grads: &[Real],
    adam: Adam,
) {
    let scale = splat(adam.gradient_scale);
    let l2 = splat(if adam.decoupled { 0.0 } else { adam.weight_decay });
    let keep = splat(if adam.decoupled { 1.0 - adam.learning_rate * adam.weight_decay } else { 1.0 });
    let toward_gradient = splat(1.0 - adam.beta1);
    let beta2 = splat(adam.beta2);
    let one_minus_beta2 = splat(1.0 - adam.beta2);
    let step_size = splat(adam.learning_rate / (1.0 - power(adam.beta1, adam.step)));
    let correction2 = splat((1.0 - power(adam.beta2, adam.step)).sqrt());
    let epsilon = splat(adam.epsilon);

    let update = |p: Vector, m: Vector, v: Vector, g: Vector| {
        let g = l2.mul_add(p, g * scale);
        let m = without_subnormals((g - m).mul_add(toward_gradient, m));
        let v = without_subnormals((one_minus_beta2 * g).mul_add(g, beta2 * v));
        let denominator = v.sqrt() / correction2 + epsilon;
        (p * keep - step_size * (m / denominator), m, v)
    };
    // Not `update_parameters`, whose array of states costs half as much time again.
    let (ps, p_tail) = params.as_chunks_mut::<LANES>();
    let (ms, m_tail) = exp_avg.as_chunks_mut::<LANES>();
    let (vs, v_tail) = exp_avg_sq.as_chunks_mut::<LANES>();
    let (gs, g_tail) = grads.as_chunks::<LANES>();
    for (((p, m), v), g) in ps.iter_mut().zip(ms).zip(vs).zip(gs) {
        let (p_new, m_new, v_new) =
            update(Vector::load(p), Vector::load(m), Vector::load(v), Vector::load(g));
        p_new.store(p);
        m_new.store(m);
        v_new.store(v);
    }
    let tail = [&*p_tail, &*m_tail, &*v_tail, g_tail].map(Vector::load_tail);
    let (p_new, m_new, v_new) = update(tail[0], tail[1], tail[2], tail[3]);
    p_new.store_tail(p_tail);
    m_new.store_tail(m_tail);
    v_new.store_tail(v_tail);
}

/// base^exponent by repeated squaring: the same bits on every engine.
fn power(base: f64, exponent: u32) -> f64 {
    let (mut result, mut square, mut rest) = (1.0, base, exponent);
    while rest > 0 {
        if rest & 1 == 1 {
            result *= square;
        }
        square *= square;
        rest >>= 1;
    }
    result
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Numbers, assert_close, wide};
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    const ADAM: Adam = Adam {
        learning_rate: 1e-2,
        beta1: 0.9,
        beta2: 0.999,
        epsilon: 1e-8,
        weight_decay: 0.0,
        decoupled: false,
        step: 1,
        gradient_scale: 1.0,
    };

    /// The formula, number by number, in f64.
    fn reference(p: &mut f64, m: &mut f64, v: &mut f64, g: f64, adam: Adam) {
        let t = f64::from(adam.step);
        let mut g = g * adam.gradient_scale;
        if adam.decoupled {
            *p *= 1.0 - adam.learning_rate * adam.weight_decay;
        } else {
            g += adam.weight_decay * *p;
        }
        *m = adam.beta1 * *m + (1.0 - adam.beta1) * g;
        *v = adam.beta2 * *v + (1.0 - adam.beta2) * g * g;
        let m_hat = *m / (1.0 - adam.beta1.powf(t));
        let v_hat = *v / (1.0 - adam.beta2.powf(t));
        *p -= adam.learning_rate * m_hat / (v_hat.sqrt() + adam.epsilon);
    }

    #[test]
    fn moments_without_gradients_end_at_zero() {
        let (mut p, mut m, mut v) = (vec![1.0; 5], vec![1e-3; 5], vec![1e-9; 5]);
        for step in 1..=8000 {
            let fast = Adam { beta2: 0.9, step, ..ADAM };
            adam_step(&mut p, &mut m, &mut v, &[0.0; 5], fast);
        }
        assert_eq!((m, v), (vec![0.0; 5], vec![0.0; 5]));
        assert!(p.iter().all(|p| p.is_finite()));
    }

    #[test]
    fn ten_steps_of_every_kind() {
        let kinds = [
            ADAM,
            Adam { weight_decay: 0.1, ..ADAM },
            Adam { weight_decay: 0.1, decoupled: true, ..ADAM },
            Adam { gradient_scale: 0.25, epsilon: 1e-3, beta1: 0.0, beta2: 0.5, ..ADAM },
        ];
        for kind in kinds {
            for len in [0, 1, 2, 3, 4, 5, 33] {
                let mut numbers = Numbers::seeded(120);
                let (mut p, mut m, mut v) = (numbers.reals(len), vec![0.0; len], vec![0.0; len]);
                let (mut want_p, mut want_m, mut want_v) = (wide(&p), vec![0.0; len], vec![0.0; len]);
                for step in 1..=10 {
                    let g = numbers.reals(len);
                    let adam = Adam { step, ..kind };
                    adam_step(&mut p, &mut m, &mut v, &g, adam);
                    for (i, g) in wide(&g).into_iter().enumerate() {
                        reference(&mut want_p[i], &mut want_m[i], &mut want_v[i], g, adam);
                    }
                }
                assert_close("params", &p, &want_p);
                assert_close("exp_avg", &m, &want_m);
                assert_close("exp_avg_sq", &v, &want_v);
            }
        }
    }

    #[test]
    fn a_late_step_needs_no_correction() {
        assert_eq!(power(0.9, 1_000_000), 0.0);
        assert_eq!(power(0.5, 10), 1.0 / 1024.0);
        assert_eq!(power(0.3, 0), 1.0);
        let (mut p, mut m, mut v) = ([1.0], [0.5], [0.25]);
        adam_step(&mut p, &mut m, &mut v, &[0.5], Adam { step: u32::MAX, epsilon: 0.0, ..ADAM });
        assert_close("params", &p, &[0.99]);
    }

    #[test]
    fn zero_gradients_leave_fresh_parameters_alone() {
        let (mut p, mut m, mut v) = ([1.0, -2.0, 3.0], [0.0; 3], [0.0; 3]);
        adam_step(&mut p, &mut m, &mut v, &[0.0; 3], ADAM);
        assert_eq!(p, [1.0, -2.0, 3.0]);
    }
}
