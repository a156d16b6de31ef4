//! A whole LSTM sequence per call, forward and backward through time.
//!
//! ```text
//! z_t = x_t W_ih^T + b_ih + h_(t-1) W_hh^T + b_hh        one block of 4 H per row, in the order i, f, g, o
//! i, f, o = sigmoid(z)      g = tanh(z)
//! c_t = f c_(t-1) + i g     h_t = o tanh(c_t)
//! ```
//!
//! What does not depend on the step before is one product over many rows: the input part of z, and in the backward pass
//! both weight gradients and dx. Only h W_hh^T (and dz W_hh) runs step by step. Weights are packed once per call.
//! The gates live where z was; in the backward pass dz takes their place.

use crate::error::Result;
use crate::gemm::{PackedB, Product, View, add_rows, dot_rows, gemm};
use crate::level1;
use crate::math::Math;
use crate::reduce::add_column_sums;
use crate::simd::{LANES, Real, Vector, update_with};
use crate::workspace::{Buffer, Workspace};

/// Rows of z = x W_ih^T that are computed ahead of the steps that use them: enough for full blocks of the product, few
/// enough to stay in the second cache until then.
const CHUNK_ROWS: usize = 128;

/// T, B, I, H.
#[derive(Clone, Copy)]
pub struct LstmSizes {
    pub steps: usize,
    pub batch: usize,
    pub inputs: usize,
    pub hidden: usize,
}

impl LstmSizes {
    /// Entries of one h or c: B H.
    fn state(&self) -> usize {
        self.batch * self.hidden
    }

    /// Entries of the gates of one row: 4 H.
    fn gates(&self) -> usize {
        4 * self.hidden
    }
}

/// What the forward pass writes.
pub struct LstmOutputs<'a> {
    /// h_0 .. h_T, [T + 1, B, H].
    pub hs: &'a mut [Real],
    /// c_0 .. c_T, [T + 1, B, H].
    pub cs: &'a mut [Real],
    /// Activated gates, [T, B, 4 H].
    pub gates: &'a mut [Real],
}

/// What the forward pass reads.
pub struct LstmInputs<'a> {
    /// [T, B, I]
    pub x: &'a [Real],
    /// [B, H]; zeros when absent.
    pub h0: Option<&'a [Real]>,
    /// [B, H]; zeros when absent.
    pub c0: Option<&'a [Real]>,
    /// [4 H, I]
    pub weight_ih: &'a [Real],
    /// [4 H, H]
    pub weight_hh: &'a [Real],
    /// \[4 H\]
    pub bias_ih: Option<&'a [Real]>,
    /// \[4 H\]
    pub bias_hh: Option<&'a [Real]>,
}

pub fn lstm_forward(
    workspace: &mut Workspace,
    outputs: LstmOutputs,
    inputs: LstmInputs,
    sizes: LstmSizes,
) -> Result {
    let LstmSizes { steps, batch, inputs: input_size, hidden } = sizes;
    let (state, width) = (sizes.state(), sizes.gates());
    let LstmOutputs { hs, cs, gates } = outputs;
    let Workspace { packed_a, packed_b, recurrent, carry } = workspace;

    copy_or_zero(&mut hs[..state], inputs.h0);
    copy_or_zero(&mut cs[..state], inputs.c0);
    if steps == 0 || state == 0 {
        return Ok(());
    }
    let bias = carry.take(width)?;
    copy_or_zero(bias, inputs.bias_ih);
    if let Some(bias_hh) = inputs.bias_hh {
        level1::add(bias, bias_hh);
    }
    let weight_ih =
        Weight::new(packed_b, inputs.weight_ih, Side::Transposed, input_size, width, steps * batch)?;
    let weight_hh = Weight::new(recurrent, inputs.weight_hh, Side::Transposed, hidden, width, batch)?;
    let math = Math::load();
    let chunk = (CHUNK_ROWS / batch).max(1);
    for start in (0..steps).step_by(chunk) {
        // pass 1: z = x W_ih^T for some steps
        let rows = chunk.min(steps - start) * batch;
        let x = &inputs.x[start * batch * input_size..][..rows * input_size];
        let gates = &mut gates[start * batch * width..][..rows * width];
        weight_ih.multiply(packed_a, gates, x, rows, 0.0)?;

        // pass 2: step by step, z += h W_hh^T, then the gates
        for (t, z) in (start..).zip(gates.chunks_exact_mut(batch * width)) {
            let (h_before, h) = hs[t * state..][..2 * state].split_at_mut(state);
            let (c_before, c) = cs[t * state..][..2 * state].split_at_mut(state);
            weight_hh.multiply(packed_a, z, h_before, batch, 1.0)?;
            let rows = z.chunks_exact_mut(width).zip(c_before.chunks_exact(hidden));
            for ((z, c_before), (h, c)) in
                rows.zip(h.chunks_exact_mut(hidden).zip(c.chunks_exact_mut(hidden)))
            {
                cell_forward(math, z, bias, c_before, c, h);
            }
        }
    }
    Ok(())
}

/// One row of gates: adds the bias to z and activates it in place, writes c and h.
///
/// One short loop per function: all five transcendental functions in one loop have more live values than registers, and
/// ran at a third of the speed.
fn cell_forward(
    math: Math,
    z: &mut [Real],
    bias: &[Real],
    c_before: &[Real],
    c: &mut [Real],
    h: &mut [Real],
) {
    let hidden = h.len();
    let (z_if, z_go) = z.split_at_mut(2 * hidden);
    let (zg, zo) = z_go.split_at_mut(hidden);
    let (bias_if, bias_go) = bias.split_at(2 * hidden);
    let (bias_g, bias_o) = bias_go.split_at(hidden);
    add_and_sigmoid(math, z_if, bias_if);
    add_and_sigmoid(math, zo, bias_o);
    update_with(zg, bias_g, |z, bias| math.tanh(z + bias));
    let (zi, zf) = z_if.split_at(hidden);
    for at in (0..hidden).step_by(LANES) {
        let [i, f, g, o] = [zi, zf, &*zg, &*zo].map(|gate| Vector::load_at(gate, at));
        let c_t = f.mul_add(Vector::load_at(c_before, at), i * g);
        c_t.store_at(c, at);
        (o * math.tanh(c_t)).store_at(h, at);
    }
}

#[inline(never)]
fn add_and_sigmoid(math: Math, z: &mut [Real], bias: &[Real]) {
    update_with(z, bias, |z, bias| math.sigmoid(z + bias));
}

/// What the backward pass writes: gradients of activations are assigned, those of parameters accumulate.
pub struct LstmGradients<'a> {
    /// [T, B, I]
    pub dx: Option<&'a mut [Real]>,
    /// [B, H]
    pub dh0: Option<&'a mut [Real]>,
    /// [B, H]
    pub dc0: Option<&'a mut [Real]>,
    /// [4 H, I]
    pub dweight_ih: Option<&'a mut [Real]>,
    /// [4 H, H]
    pub dweight_hh: Option<&'a mut [Real]>,
    /// \[4 H\]
    pub dbias_ih: Option<&'a mut [Real]>,
    /// \[4 H\]; the same sums as dbias_ih.
    pub dbias_hh: Option<&'a mut [Real]>,
    /// The activated gates [T, B, 4 H] going in, dz coming out.
    pub gates: &'a mut [Real],
}

/// What the backward pass reads.
pub struct LstmSaved<'a> {
    /// Gradient of h_1 .. h_T, [T, B, H]; zeros when absent.
    pub dhs: Option<&'a [Real]>,
    /// Further gradient of h_T, [B, H].
    pub dhn: Option<&'a [Real]>,
    /// Gradient of c_T, [B, H].
    pub dcn: Option<&'a [Real]>,
    /// [T + 1, B, H]
    pub hs: &'a [Real],
    /// [T + 1, B, H]
    pub cs: &'a [Real],
    /// [T, B, I]
    pub x: &'a [Real],
    /// [4 H, I]
    pub weight_ih: &'a [Real],
    /// [4 H, H]
    pub weight_hh: &'a [Real],
}

pub fn lstm_backward(
    workspace: &mut Workspace,
    gradients: LstmGradients,
    saved: LstmSaved,
    sizes: LstmSizes,
) -> Result {
    let LstmSizes { steps, batch, inputs, hidden } = sizes;
    let (state, width) = (sizes.state(), sizes.gates());
    let Workspace { packed_a, packed_b, recurrent, carry } = workspace;
    let dz = gradients.gates;

    // The gradients of h_t and c_t on their way to step t - 1.
    let carry = carry.take((2 * state).max(width))?;
    let (dh, rest) = carry.split_at_mut(state);
    let dc = &mut rest[..state];
    copy_or_zero(dh, saved.dhn);
    copy_or_zero(dc, saved.dcn);

    // pass 2 in reverse: dz of step t, then dh of step t - 1 = dz W_hh
    if steps > 0 && state > 0 {
        let weight_hh = Weight::new(recurrent, saved.weight_hh, Side::AsIs, width, hidden, batch)?;
        let math = Math::load();
        for t in (0..steps).rev() {
            if let Some(dhs) = saved.dhs {
                level1::add(dh, &dhs[t * state..][..state]);
            }
            let (c_before, c) = saved.cs[t * state..][..2 * state].split_at(state);
            let z = &mut dz[t * batch * width..][..batch * width];
            let rows =
                z.chunks_exact_mut(width).zip(dh.chunks_exact(hidden)).zip(dc.chunks_exact_mut(hidden));
            let states = c_before.chunks_exact(hidden).zip(c.chunks_exact(hidden));
            for (((z, dh), dc), (c_before, c)) in rows.zip(states) {
                cell_backward(math, z, dh, dc, c_before, c);
            }
            if t > 0 || gradients.dh0.is_some() {
                weight_hh.multiply(packed_a, dh, z, batch, 0.0)?;
            }
        }
    }
    if let Some(dh0) = gradients.dh0 {
        dh0.copy_from_slice(dh);
    }
    if let Some(dc0) = gradients.dc0 {
        dc0.copy_from_slice(dc);
    }

    // pass 1 in reverse: z = x W_ih^T + b_ih + h W_hh^T + b_hh, so dW += dz^T x, dx = dz W_ih, db += column sums of dz
    let rows = steps * batch;
    if let Some(dweight_hh) = gradients.dweight_hh {
        let h_before = View::rows(&saved.hs[..rows * hidden], hidden);
        let product = Product::accumulate(width, hidden, rows);
        gemm(packed_a, packed_b, dweight_hh, View::transposed(dz, width), h_before, product)?;
    }
    if let Some(dweight_ih) = gradients.dweight_ih {
        let product = Product::accumulate(width, inputs, rows);
        let x = View::rows(saved.x, inputs);
        gemm(packed_a, packed_b, dweight_ih, View::transposed(dz, width), x, product)?;
    }
    if let Some(dx) = gradients.dx {
        let product = Product::assign(rows, inputs, width);
        let weight_ih = View::rows(saved.weight_ih, inputs);
        gemm(packed_a, packed_b, dx, View::rows(dz, width), weight_ih, product)?;
    }
    if gradients.dbias_ih.is_some() || gradients.dbias_hh.is_some() {
        let sums = &mut carry[..width];
        sums.fill(0.0);
        add_column_sums(sums, dz);
        for dbias in [gradients.dbias_ih, gradients.dbias_hh].into_iter().flatten() {
            level1::add(dbias, sums);
        }
    }
    Ok(())
}

/// One row: turns activated gates into dz, and dc of step t into dc of step t - 1.
#[inline(never)]
fn cell_backward(math: Math, z: &mut [Real], dh: &[Real], dc: &mut [Real], c_before: &[Real], c: &[Real]) {
    let hidden = dh.len();
    let (zi, z) = z.split_at_mut(hidden);
    let (zf, z) = z.split_at_mut(hidden);
    let (zg, zo) = z.split_at_mut(hidden);
    let one = math.one();
    for at in (0..hidden).step_by(LANES) {
        let [i, f, g, o] = [&*zi, &*zf, &*zg, &*zo].map(|gate| Vector::load_at(gate, at));
        let dh_t = Vector::load_at(dh, at);
        // h = o tanh(c)
        let tanh_c = math.tanh(Vector::load_at(c, at));
        let d_o = dh_t * tanh_c;
        let dc_t = Vector::load_at(dc, at) + dh_t * o * (one - tanh_c * tanh_c);
        // c = f c_before + i g
        math.drop_negligible(dc_t * f).store_at(dc, at);
        let d_i = dc_t * g;
        let d_f = dc_t * Vector::load_at(c_before, at);
        let d_g = dc_t * i;
        // sigmoid' = s (1 - s), tanh' = 1 - g^2
        math.drop_negligible(d_i * (i * (one - i))).store_at(zi, at);
        math.drop_negligible(d_f * (f * (one - f))).store_at(zf, at);
        math.drop_negligible(d_g * (one - g * g)).store_at(zg, at);
        math.drop_negligible(d_o * (o * (one - o))).store_at(zo, at);
    }
}

/// Which product with a weight [4 H, inner] is wanted.
#[derive(Clone, Copy)]
enum Side {
    /// rows [n, inner] times W^T.
    Transposed,
    /// rows [n, 4 H] times W.
    AsIs,
}

/// A weight ready for many products: packed for several rows, as it is for a single one.
enum Weight<'a> {
    Packed(PackedB<'a>),
    Rows(&'a [Real], Side),
}

impl<'a> Weight<'a> {
    /// For products of `k` inner and `n` outer columns with so many rows in all.
    fn new(
        buffer: &'a mut Buffer,
        weight: &'a [Real],
        side: Side,
        k: usize,
        n: usize,
        rows: usize,
    ) -> Result<Self> {
        if rows == 1 {
            return Ok(Self::Rows(weight, side));
        }
        let view = match side {
            Side::Transposed => View::transposed(weight, k),
            Side::AsIs => View::rows(weight, n),
        };
        PackedB::pack(buffer, view, k, n).map(Self::Packed)
    }

    /// `out <- a W + beta out` for so many rows of a, W being the chosen side.
    fn multiply(
        &self,
        packed_a: &mut Buffer,
        out: &mut [Real],
        a: &[Real],
        rows: usize,
        beta: Real,
    ) -> Result {
        match self {
            Self::Packed(weight) => {
                weight.multiply(packed_a, out, View::rows(a, a.len() / rows), rows, beta)?
            }
            Self::Rows(weight, Side::Transposed) => dot_rows(out, weight, a, 1.0, beta),
            Self::Rows(weight, Side::AsIs) => add_rows(out, weight, a, 1.0, beta),
        }
        Ok(())
    }
}

fn copy_or_zero(to: &mut [Real], from: Option<&[Real]>) {
    match from {
        Some(from) => to.copy_from_slice(from),
        None => to.fill(0.0),
    }
}

#[cfg(test)]
mod tests;
