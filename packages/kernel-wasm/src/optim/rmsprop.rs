//! RMSprop (Tieleman and Hinton 2012), with the centred form and the momentum of Graves 2013.

use super::{splat, update_parameters, without_subnormals};
use crate::simd::{Real, Vector};

#[derive(Clone, Copy)]
pub struct RmsProp {
    pub learning_rate: f64,
    pub alpha: f64,
    pub epsilon: f64,
    pub weight_decay: f64,
    pub momentum: f64,
    pub gradient_scale: f64,
}

/// What is kept of each parameter.
pub struct RmsPropState<'a> {
    pub square_avg: &'a mut [Real],
    /// Given: the centred form.
    pub grad_avg: Option<&'a mut [Real]>,
    /// Given: momentum.
    pub momentum_buffer: Option<&'a mut [Real]>,
}

/// One step:
///
/// ```text
/// v = alpha v + (1 - alpha) g^2
/// a += (1 - alpha) (g - a)                                        centred
/// s = g / (sqrt(v - a^2) + eps), a = 0 where not centred
/// b = momentum b + s, p -= lr b; without momentum p -= lr s
/// ```
///
/// Rounding may leave v below a^2; the root of what is then taken is that of 0.
pub fn rmsprop_step(params: &mut [Real], state: RmsPropState, grads: &[Real], rmsprop: RmsProp) {
    let RmsProp { learning_rate, alpha, epsilon, weight_decay, momentum, gradient_scale } = rmsprop;
    let (scale, decay, rate) = (splat(gradient_scale), splat(weight_decay), splat(learning_rate));
    let (alpha, rest, epsilon, momentum) =
        (splat(alpha), splat(1.0 - alpha), splat(epsilon), splat(momentum));
    let zero = Vector::zero();
    let gradient = |p: Vector, g: Vector| decay.mul_add(p, g * scale);
    let square = |v: Vector, g: Vector| without_subnormals((rest * g).mul_add(g, alpha * v));
    let average = |a: Vector, g: Vector| without_subnormals((g - a).mul_add(rest, a));
    let plain = |v: Vector, g: Vector| g / (v.sqrt() + epsilon);
    let centred = |v: Vector, a: Vector, g: Vector| g / ((v - a * a).max(zero).sqrt() + epsilon);
    let carry = |b: Vector, s: Vector| without_subnormals(momentum.mul_add(b, s));
    let RmsPropState { square_avg, grad_avg, momentum_buffer } = state;
    match (grad_avg, momentum_buffer) {
        (None, None) => update_parameters(params, [square_avg], grads, |p, [v], g| {
            let g = gradient(p, g);
            let v = square(v, g);
            (p - rate * plain(v, g), [v])
        }),
        (None, Some(buffer)) => update_parameters(params, [square_avg, buffer], grads, |p, [v, b], g| {
            let g = gradient(p, g);
            let v = square(v, g);
            let b = carry(b, plain(v, g));
            (p - rate * b, [v, b])
        }),
        (Some(grad_avg), None) => update_parameters(params, [square_avg, grad_avg], grads, |p, [v, a], g| {
            let g = gradient(p, g);
            let (v, a) = (square(v, g), average(a, g));
            (p - rate * centred(v, a, g), [v, a])
        }),
        (Some(grad_avg), Some(buffer)) => {
            update_parameters(params, [square_avg, grad_avg, buffer], grads, |p, [v, a, b], g| {
                let g = gradient(p, g);
                let (v, a) = (square(v, g), average(a, g));
                let b = carry(b, centred(v, a, g));
                (p - rate * b, [v, a, b])
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Numbers, assert_close, wide};
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    const RMSPROP: RmsProp = RmsProp {
        learning_rate: 0.01,
        alpha: 0.9,
        epsilon: 1e-3,
        weight_decay: 0.1,
        momentum: 0.8,
        gradient_scale: 0.5,
    };

    #[test]
    fn ten_steps_of_every_kind() {
        for (centred, with_momentum) in [(false, false), (false, true), (true, false), (true, true)] {
            for len in [0, 1, 2, 3, 4, 5, 33] {
                let mut numbers = Numbers::seeded(122);
                let mut p = numbers.reals(len);
                let (mut v, mut a, mut b) = (vec![0.0; len], vec![0.0; len], vec![0.0; len]);
                let mut want_p = wide(&p);
                let (mut want_v, mut want_a, mut want_b) = (vec![0.0; len], vec![0.0; len], vec![0.0; len]);
                for _ in 0..10 {
                    let grads = numbers.reals(len);
                    let state = RmsPropState {
                        square_avg: &mut v,
                        grad_avg: centred.then_some(a.as_mut_slice()),
                        momentum_buffer: with_momentum.then_some(b.as_mut_slice()),
                    };
                    rmsprop_step(&mut p, state, &grads, RMSPROP);
                    for (i, g) in wide(&grads).into_iter().enumerate() {
                        let g = g * RMSPROP.gradient_scale + RMSPROP.weight_decay * want_p[i];
                        want_v[i] = RMSPROP.alpha * want_v[i] + (1.0 - RMSPROP.alpha) * g * g;
                        if centred {
                            want_a[i] = RMSPROP.alpha * want_a[i] + (1.0 - RMSPROP.alpha) * g;
                        }
                        let step = g / ((want_v[i] - want_a[i] * want_a[i]).sqrt() + RMSPROP.epsilon);
                        if with_momentum {
                            want_b[i] = RMSPROP.momentum * want_b[i] + step;
                        }
                        want_p[i] -= RMSPROP.learning_rate * if with_momentum { want_b[i] } else { step };
                    }
                }
                for (what, got, want) in
                    [("p", &p, &want_p), ("v", &v, &want_v), ("a", &a, &want_a), ("b", &b, &want_b)]
                {
                    assert_close(what, got, want);
                }
            }
        }
    }

    #[test]
    fn a_constant_gradient_is_no_reason_for_nan() {
        let (mut p, mut v, mut a) = ([1.0; 3], [0.0; 3], [0.0; 3]);
        for _ in 0..2000 {
            let state = RmsPropState { square_avg: &mut v, grad_avg: Some(&mut a), momentum_buffer: None };
            let rmsprop = RmsProp { weight_decay: 0.0, epsilon: 1e-8, ..RMSPROP };
            rmsprop_step(&mut p, state, &[0.1, 0.3, 0.7], rmsprop);
            assert!(p.iter().all(|p| p.is_finite()), "{p:?}");
        }
    }
}
