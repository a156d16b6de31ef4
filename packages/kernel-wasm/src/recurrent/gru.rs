//! ```text
//! r, z = sigmoid(x W_ih^T + b_ih + h W_hh^T + b_hh)
//! u = h W_hn^T + b_hn       n = tanh(x W_in^T + b_in + r u)
//! h = (1 - z) n + z h_before
//! ```
//!
//! Cho et al. 2014 in the form of cuDNN and PyTorch: the reset gate acts behind the product with W_hn. The weights are r, z,
//! n. A row of gates is n, r, z, u: the first three get `x W_ih^T`, the last three `h W_hh^T`, each in one piece.

use super::cell::{Cell, Span, States, sigmoid_of};
use crate::math::Math;
use crate::simd::{LANES, Real, Vector};

pub static GRU: Cell = Cell {
    gates: 3,
    blocks: 4,
    input: [Span { gate: 0, column: 1, blocks: 2 }, Span { gate: 2, column: 0, blocks: 1 }],
    recurrent: 1,
    has_c: false,
    forward,
    backward,
};

fn forward(math: Math, z: &mut [Real], bias: &[Real], h: &mut [Real], _c: &mut [Real]) {
    let hidden = h.len();
    let (zn, z) = z.split_at_mut(hidden);
    let (z_rz, zu) = z.split_at_mut(2 * hidden);
    let (bias_n, bias) = bias.split_at(hidden);
    let (bias_rz, bias_u) = bias.split_at(2 * hidden);
    sigmoid_of(math, z_rz, bias_rz);
    let (zr, zz) = z_rz.split_at(hidden);
    for at in (0..hidden).step_by(LANES) {
        let [r, z, h_before] = [zr, zz, &*h].map(|gate| Vector::load_at(gate, at));
        let u = Vector::load_at(zu, at) + Vector::load_at(bias_u, at);
        u.store_at(zu, at);
        let n = math.tanh(r.mul_add(u, Vector::load_at(zn, at) + Vector::load_at(bias_n, at)));
        n.store_at(zn, at);
        z.mul_add(h_before - n, n).store_at(h, at);
    }
}

fn backward(math: Math, z: &mut [Real], dh: &mut [Real], _dc: &mut [Real], states: States) {
    let hidden = dh.len();
    let (zn, z) = z.split_at_mut(hidden);
    let (zr, z) = z.split_at_mut(hidden);
    let (zz, zu) = z.split_at_mut(hidden);
    let one = math.one();
    for at in (0..hidden).step_by(LANES) {
        let [n, r, z, u] = [&*zn, &*zr, &*zz, &*zu].map(|gate| Vector::load_at(gate, at));
        let dh_t = Vector::load_at(dh, at);
        // h = (1 - z) n + z h_before
        math.drop_negligible(dh_t * z).store_at(dh, at);
        let d_z = dh_t * (Vector::load_at(states.h_before, at) - n);
        // n = tanh(a + r u)
        let d_a = dh_t * (one - z) * (one - n * n);
        let d_r = d_a * u;
        math.drop_negligible(d_a).store_at(zn, at);
        math.drop_negligible(d_r * (r * (one - r))).store_at(zr, at);
        math.drop_negligible(d_z * (z * (one - z))).store_at(zz, at);
        math.drop_negligible(d_a * r).store_at(zu, at);
    }
}
