//! ```text
//! i, f, o = sigmoid(z)      g = tanh(z)      with z = x W_ih^T + b_ih + h W_hh^T + b_hh
//! c = f c_before + i g      h = o tanh(c)
//! ```
//!
//! Hochreiter & Schmidhuber 1997 with the forget gate of Gers et al. 2000. A row of gates is i, f, g, o.

use super::cell::{Cell, States, in_order, sigmoid_of};
use crate::math::Math;
use crate::simd::{LANES, Real, Vector, update_with};

pub static LSTM: Cell =
    Cell { gates: 4, blocks: 4, input: in_order(4), recurrent: 0, has_c: true, forward, backward };

/// One short loop per function: all five transcendental functions in one loop have more live values than registers, and
/// ran at a third of the speed.
fn forward(math: Math, z: &mut [Real], bias: &[Real], h: &mut [Real], c: &mut [Real]) {
    let hidden = h.len();
    let (z_if, z_go) = z.split_at_mut(2 * hidden);
    let (zg, zo) = z_go.split_at_mut(hidden);
    let (bias_if, bias_go) = bias.split_at(2 * hidden);
    let (bias_g, bias_o) = bias_go.split_at(hidden);
    sigmoid_of(math, z_if, bias_if);
    sigmoid_of(math, zo, bias_o);
    update_with(zg, bias_g, |z, bias| math.tanh(z + bias));
    let (zi, zf) = z_if.split_at(hidden);
    for at in (0..hidden).step_by(LANES) {
        let [i, f, g, o] = [zi, zf, &*zg, &*zo].map(|gate| Vector::load_at(gate, at));
        let c_t = f.mul_add(Vector::load_at(c, at), i * g);
        c_t.store_at(c, at);
        (o * math.tanh(c_t)).store_at(h, at);
    }
}

fn backward(math: Math, z: &mut [Real], dh: &mut [Real], dc: &mut [Real], states: States) {
    let hidden = dh.len();
    let (zi, z) = z.split_at_mut(hidden);
    let (zf, z) = z.split_at_mut(hidden);
    let (zg, zo) = z.split_at_mut(hidden);
    let one = math.one();
    for at in (0..hidden).step_by(LANES) {
        let [i, f, g, o] = [&*zi, &*zf, &*zg, &*zo].map(|gate| Vector::load_at(gate, at));
        let dh_t = Vector::load_at(dh, at);
        // h = o tanh(c)
        let tanh_c = math.tanh(Vector::load_at(states.c, at));
        let d_o = dh_t * tanh_c;
        let dc_t = Vector::load_at(dc, at) + dh_t * o * (one - tanh_c * tanh_c);
        // c = f c_before + i g
        math.drop_negligible(dc_t * f).store_at(dc, at);
        let d_i = dc_t * g;
        let d_f = dc_t * Vector::load_at(states.c_before, at);
        let d_g = dc_t * i;
        // sigmoid' = s (1 - s), tanh' = 1 - g^2
        math.drop_negligible(d_i * (i * (one - i))).store_at(zi, at);
        math.drop_negligible(d_f * (f * (one - f))).store_at(zf, at);
        math.drop_negligible(d_g * (one - g * g)).store_at(zg, at);
        math.drop_negligible(d_o * (o * (one - o))).store_at(zo, at);
    }
    dh.fill(0.0);
}
