//! `h = f(x W_ih^T + b_ih + h_before W_hh^T + b_hh)` with f = tanh or relu (Elman 1990).

use super::cell::{Backward, Cell, Forward, States, in_order};
use crate::math::Math;
use crate::simd::{Real, Vector, update_with};

const fn cell(forward: Forward, backward: Backward) -> Cell {
    Cell { gates: 1, blocks: 1, input: in_order(1), recurrent: 0, has_c: false, forward, backward }
}

pub static RNN_TANH: Cell = cell(tanh_forward, tanh_backward);
pub static RNN_RELU: Cell = cell(relu_forward, relu_backward);

fn tanh_forward(math: Math, z: &mut [Real], bias: &[Real], h: &mut [Real], _c: &mut [Real]) {
    update_with(z, bias, |z, bias| math.tanh(z + bias));
    h.copy_from_slice(z);
}

fn tanh_backward(math: Math, z: &mut [Real], dh: &mut [Real], _dc: &mut [Real], _states: States) {
    let one = math.one();
    update_with(z, dh, |h, dh| math.drop_negligible(dh * (one - h * h)));
    dh.fill(0.0);
}

fn relu_forward(_math: Math, z: &mut [Real], bias: &[Real], h: &mut [Real], _c: &mut [Real]) {
    update_with(z, bias, |z, bias| (z + bias).max(Vector::zero()));
    h.copy_from_slice(z);
}

fn relu_backward(math: Math, z: &mut [Real], dh: &mut [Real], _dc: &mut [Real], _states: States) {
    let zero = Vector::zero();
    update_with(z, dh, |h, dh| zero.less(h).select(math.drop_negligible(dh), zero));
    dh.fill(0.0);
}
