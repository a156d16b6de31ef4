//! Optimisers over one flat range of parameters, in PyTorch's order of operations.
//!
//! Every gradient is multiplied by a scale first (clipping by the global norm), and weight decay is added to it:
//! g = grad scale + decay p. AdamW alone decays the parameters themselves.

pub mod adagrad;
pub mod adam;
pub mod rmsprop;
pub mod sgd;

use crate::simd::{LANES, Real, Vector};
use core::array::from_fn;

/// `(p, state) = f(p, state, g)` for every parameter. All slices have one length.
#[inline(always)]
fn update_parameters<const N: usize>(
    params: &mut [Real],
    states: [&mut [Real]; N],
    grads: &[Real],
    f: impl Fn(Vector, [Vector; N], Vector) -> (Vector, [Vector; N]),
) {
    let (ps, p_tail) = params.as_chunks_mut::<LANES>();
    let (gs, g_tail) = grads.as_chunks::<LANES>();
    let mut states = states.map(|state| state.as_chunks_mut::<LANES>());
    for (i, (p, g)) in ps.iter_mut().zip(gs).enumerate() {
        let old = from_fn(|n| Vector::load(&states[n].0[i]));
        let (p_new, new) = f(Vector::load(p), old, Vector::load(g));
        p_new.store(p);
        for (state, new) in states.iter_mut().zip(new) {
            new.store(&mut state.0[i]);
        }
    }
    let old = from_fn(|n| Vector::load_tail(states[n].1));
    let (p_new, new) = f(Vector::load_tail(p_tail), old, Vector::load_tail(g_tail));
    p_new.store_tail(p_tail);
    for (state, new) in states.iter_mut().zip(new) {
        new.store_tail(state.1);
    }
}

/// x, or 0 where it is subnormal. An average whose gradients stopped decays into the subnormal numbers and sticks there
/// (0.9 of the smallest rounds to itself), slow in every step from then on; 0 is as good.
#[inline(always)]
fn without_subnormals(x: Vector) -> Vector {
    x.abs().less(Vector::splat(Real::MIN_POSITIVE)).select(Vector::zero(), x)
}

#[inline(always)]
fn splat(x: f64) -> Vector {
    Vector::splat(x as Real)
}
