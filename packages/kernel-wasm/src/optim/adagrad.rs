//! Adagrad (Duchi, Hazan and Singer 2011).

use super::{splat, update_parameters};
use crate::simd::Real;

#[derive(Clone, Copy)]
pub struct Adagrad {
    /// Of this step, already decayed.
    pub learning_rate: f64,
    pub epsilon: f64,
    pub weight_decay: f64,
    pub gradient_scale: f64,
}

/// One step: s += g^2, p -= lr g / (sqrt(s) + eps).
pub fn adagrad_step(params: &mut [Real], sum: &mut [Real], grads: &[Real], adagrad: Adagrad) {
    let Adagrad { learning_rate, epsilon, weight_decay, gradient_scale } = adagrad;
    let (scale, decay, rate) = (splat(gradient_scale), splat(weight_decay), splat(learning_rate));
    let epsilon = splat(epsilon);
    update_parameters(params, [sum], grads, |p, [s], g| {
        let g = decay.mul_add(p, g * scale);
        let s = g.mul_add(g, s);
        (p - rate * (g / (s.sqrt() + epsilon)), [s])
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Numbers, assert_close, wide};
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    #[test]
    fn ten_steps() {
        let adagrad = Adagrad { learning_rate: 0.1, epsilon: 1e-10, weight_decay: 0.1, gradient_scale: 0.5 };
        for len in [0, 1, 2, 3, 4, 5, 33] {
            let mut numbers = Numbers::seeded(123);
            let (mut p, mut s) = (numbers.reals(len), vec![0.1; len]);
            let (mut want_p, mut want_s) = (wide(&p), wide(&s));
            for _ in 0..10 {
                let grads = numbers.reals(len);
                adagrad_step(&mut p, &mut s, &grads, adagrad);
                for (i, g) in wide(&grads).into_iter().enumerate() {
                    let g = g * adagrad.gradient_scale + adagrad.weight_decay * want_p[i];
                    want_s[i] += g * g;
                    want_p[i] -= adagrad.learning_rate * g / (want_s[i].sqrt() + adagrad.epsilon);
                }
            }
            assert_close("params", &p, &want_p);
            assert_close("sum", &s, &want_s);
        }
    }
}
