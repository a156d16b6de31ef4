//! Stochastic gradient descent with momentum (Polyak 1964) and Nesterov's form (Sutskever et al. 2013).

use super::{splat, update_parameters, without_subnormals};
use crate::simd::Real;

#[derive(Clone, Copy)]
pub struct Sgd {
    pub learning_rate: f64,
    pub momentum: f64,
    pub dampening: f64,
    pub nesterov: bool,
    pub weight_decay: f64,
    /// The first step fills the buffer with the gradient, undampened.
    pub first: bool,
    pub gradient_scale: f64,
}

/// One step; without a buffer there is no momentum:
///
/// ```text
/// b = momentum b + (1 - dampening) g; b = g in the first step
/// p -= lr b, or with Nesterov lr (g + momentum b)
/// ```
pub fn sgd_step(params: &mut [Real], buffer: Option<&mut [Real]>, grads: &[Real], sgd: Sgd) {
    let (scale, decay, rate) = (splat(sgd.gradient_scale), splat(sgd.weight_decay), splat(sgd.learning_rate));
    let Some(buffer) = buffer else {
        return update_parameters(params, [], grads, |p, [], g| (p - rate * decay.mul_add(p, g * scale), []));
    };
    let momentum = splat(sgd.momentum);
    let (keep, take) =
        if sgd.first { (splat(0.0), splat(1.0)) } else { (momentum, splat(1.0 - sgd.dampening)) };
    update_parameters(params, [buffer], grads, |p, [b], g| {
        let g = decay.mul_add(p, g * scale);
        let b = without_subnormals(take.mul_add(g, keep * b));
        let step = if sgd.nesterov { momentum.mul_add(b, g) } else { b };
        (p - rate * step, [b])
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Numbers, assert_close, wide};
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    const SGD: Sgd = Sgd {
        learning_rate: 0.1,
        momentum: 0.9,
        dampening: 0.0,
        nesterov: false,
        weight_decay: 0.0,
        first: false,
        gradient_scale: 1.0,
    };

    #[test]
    fn ten_steps_of_every_kind() {
        let kinds = [
            SGD,
            Sgd { dampening: 0.3, weight_decay: 0.1, ..SGD },
            Sgd { nesterov: true, gradient_scale: 0.25, ..SGD },
        ];
        for (kind, with_buffer) in kinds.into_iter().flat_map(|kind| [(kind, false), (kind, true)]) {
            for len in [0, 1, 2, 3, 4, 5, 33] {
                let mut numbers = Numbers::seeded(121);
                let (mut p, mut b) = (numbers.reals(len), vec![0.0; len]);
                let (mut want_p, mut want_b) = (wide(&p), vec![0.0; len]);
                for step in 0..10 {
                    let sgd = Sgd { first: step == 0, ..kind };
                    let grads = numbers.reals(len);
                    sgd_step(&mut p, with_buffer.then_some(b.as_mut_slice()), &grads, sgd);
                    for (i, g) in wide(&grads).into_iter().enumerate() {
                        let g = g * sgd.gradient_scale + sgd.weight_decay * want_p[i];
                        let mut along = g;
                        if with_buffer {
                            want_b[i] = if sgd.first {
                                g
                            } else {
                                sgd.momentum * want_b[i] + (1.0 - sgd.dampening) * g
                            };
                            along = if sgd.nesterov { g + sgd.momentum * want_b[i] } else { want_b[i] };
                        }
                        want_p[i] -= sgd.learning_rate * along;
                    }
                }
                assert_close("params", &p, &want_p);
                assert_close("buffer", &b, &want_b);
            }
        }
    }

    #[test]
    fn a_buffer_without_gradients_ends_at_zero() {
        let (mut p, mut b) = ([1.0; 5], [1e-3; 5]);
        for _ in 0..8000 {
            sgd_step(&mut p, Some(&mut b), &[0.0; 5], SGD);
        }
        assert_eq!(b, [0.0; 5]);
    }
}
