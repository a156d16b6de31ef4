//! Products and the layers made of them.

use super::state::run;
use crate::gemm::{Product, View, gemm as product};
use crate::linear::{self, LinearGradients, LinearSizes};
use crate::lstm::{self, LstmGradients, LstmInputs, LstmOutputs, LstmSaved, LstmSizes};
use crate::simd::Real;
use crate::workspace::Workspace;
use wasm_bindgen::prelude::wasm_bindgen;

/// C[m, n] = alpha op(A) op(B) + beta C; C is not read where beta is 0.
#[wasm_bindgen]
pub fn gemm(
    c: usize,
    a: usize,
    b: usize,
    m: usize,
    n: usize,
    k: usize,
    trans_a: bool,
    trans_b: bool,
    alpha: f64,
    beta: f64,
) -> u32 {
    run(|call, workspace| {
        let c = call.output(0, c, &[m, n]);
        let a = call.input(1, a, &[m, k]);
        let b = call.input(2, b, &[k, n]);
        let proof = call.check()?;
        let view = |data, transposed: bool, rows, columns| {
            if transposed { View::transposed(data, rows) } else { View::rows(data, columns) }
        };
        let a = view(a.slice(&proof), trans_a, m, k);
        let b = view(b.slice(&proof), trans_b, k, n);
        let Workspace { packed_a, packed_b, .. } = workspace;
        let sizes = Product { m, n, k, alpha: alpha as Real, beta: beta as Real };
        product(packed_a, packed_b, c.slice(&proof), a, b, sizes)
    })
}

/// y = x W^T + b.
#[wasm_bindgen]
pub fn linear_forward(
    y: usize,
    x: usize,
    weight: usize,
    bias: usize,
    rows: usize,
    inputs: usize,
    outputs: usize,
) -> u32 {
    run(|call, workspace| {
        let y = call.output(0, y, &[rows, outputs]);
        let x = call.input(1, x, &[rows, inputs]);
        let weight = call.input(2, weight, &[outputs, inputs]);
        let bias = call.optional_input(3, bias, &[outputs]);
        let proof = call.check()?;
        linear::linear_forward(
            workspace,
            y.slice(&proof),
            x.slice(&proof),
            weight.slice(&proof),
            bias.as_ref().map(|bias| bias.slice(&proof)),
            LinearSizes { rows, inputs, outputs },
        )
    })
}

/// dx = dy W, dW += dy^T x, db += column sums of dy.
#[wasm_bindgen]
pub fn linear_backward(
    dx: usize,
    dweight: usize,
    dbias: usize,
    dy: usize,
    x: usize,
    weight: usize,
    rows: usize,
    inputs: usize,
    outputs: usize,
) -> u32 {
    run(|call, workspace| {
        let dx = call.optional_output(0, dx, &[rows, inputs]);
        let dweight = call.optional_output(1, dweight, &[outputs, inputs]);
        let dbias = call.optional_output(2, dbias, &[outputs]);
        let dy = call.input(3, dy, &[rows, outputs]);
        let x = call.input(4, x, &[rows, inputs]);
        let weight = call.input(5, weight, &[outputs, inputs]);
        let proof = call.check()?;
        let gradients = LinearGradients {
            dx: dx.map(|dx| dx.slice(&proof)),
            dweight: dweight.map(|dweight| dweight.slice(&proof)),
            dbias: dbias.map(|dbias| dbias.slice(&proof)),
        };
        let sizes = LinearSizes { rows, inputs, outputs };
        linear::linear_backward(
            workspace,
            gradients,
            dy.slice(&proof),
            x.slice(&proof),
            weight.slice(&proof),
            sizes,
        )
    })
}

/// A whole LSTM sequence; see `lstm`.
#[wasm_bindgen]
pub fn lstm_forward(
    hs: usize,
    cs: usize,
    gates: usize,
    x: usize,
    h0: usize,
    c0: usize,
    weight_ih: usize,
    weight_hh: usize,
    bias_ih: usize,
    bias_hh: usize,
    steps: usize,
    batch: usize,
    inputs: usize,
    hidden: usize,
) -> u32 {
    run(|call, workspace| {
        let states = steps.saturating_add(1);
        let hs = call.output(0, hs, &[states, batch, hidden]);
        let cs = call.output(1, cs, &[states, batch, hidden]);
        let gates = call.output(2, gates, &[steps, batch, 4, hidden]);
        let x = call.input(3, x, &[steps, batch, inputs]);
        let h0 = call.optional_input(4, h0, &[batch, hidden]);
        let c0 = call.optional_input(5, c0, &[batch, hidden]);
        let weight_ih = call.input(6, weight_ih, &[4, hidden, inputs]);
        let weight_hh = call.input(7, weight_hh, &[4, hidden, hidden]);
        let bias_ih = call.optional_input(8, bias_ih, &[4, hidden]);
        let bias_hh = call.optional_input(9, bias_hh, &[4, hidden]);
        let proof = call.check()?;
        let outputs = LstmOutputs { hs: hs.slice(&proof), cs: cs.slice(&proof), gates: gates.slice(&proof) };
        let given = LstmInputs {
            x: x.slice(&proof),
            h0: h0.as_ref().map(|h0| h0.slice(&proof)),
            c0: c0.as_ref().map(|c0| c0.slice(&proof)),
            weight_ih: weight_ih.slice(&proof),
            weight_hh: weight_hh.slice(&proof),
            bias_ih: bias_ih.as_ref().map(|bias| bias.slice(&proof)),
            bias_hh: bias_hh.as_ref().map(|bias| bias.slice(&proof)),
        };
        lstm::lstm_forward(workspace, outputs, given, LstmSizes { steps, batch, inputs, hidden })
    })
}

/// Backward through time; see `lstm`. `gates` is overwritten.
#[wasm_bindgen]
pub fn lstm_backward(
    dx: usize,
    dh0: usize,
    dc0: usize,
    dweight_ih: usize,
    dweight_hh: usize,
    dbias_ih: usize,
    dbias_hh: usize,
    gates: usize,
    dhs: usize,
    dhn: usize,
    dcn: usize,
    hs: usize,
    cs: usize,
    x: usize,
    weight_ih: usize,
    weight_hh: usize,
    steps: usize,
    batch: usize,
    inputs: usize,
    hidden: usize,
) -> u32 {
    run(|call, workspace| {
        let states = steps.saturating_add(1);
        let dx = call.optional_output(0, dx, &[steps, batch, inputs]);
        let dh0 = call.optional_output(1, dh0, &[batch, hidden]);
        let dc0 = call.optional_output(2, dc0, &[batch, hidden]);
        let dweight_ih = call.optional_output(3, dweight_ih, &[4, hidden, inputs]);
        let dweight_hh = call.optional_output(4, dweight_hh, &[4, hidden, hidden]);
        let dbias_ih = call.optional_output(5, dbias_ih, &[4, hidden]);
        let dbias_hh = call.optional_output(6, dbias_hh, &[4, hidden]);
        let gates = call.output(7, gates, &[steps, batch, 4, hidden]);
        let dhs = call.optional_input(8, dhs, &[steps, batch, hidden]);
        let dhn = call.optional_input(9, dhn, &[batch, hidden]);
        let dcn = call.optional_input(10, dcn, &[batch, hidden]);
        let hs = call.input(11, hs, &[states, batch, hidden]);
        let cs = call.input(12, cs, &[states, batch, hidden]);
        let x = call.input(13, x, &[steps, batch, inputs]);
        let weight_ih = call.input(14, weight_ih, &[4, hidden, inputs]);
        let weight_hh = call.input(15, weight_hh, &[4, hidden, hidden]);
        let proof = call.check()?;
        let gradients = LstmGradients {
            dx: dx.map(|dx| dx.slice(&proof)),
            dh0: dh0.map(|dh0| dh0.slice(&proof)),
            dc0: dc0.map(|dc0| dc0.slice(&proof)),
            dweight_ih: dweight_ih.map(|dweight| dweight.slice(&proof)),
            dweight_hh: dweight_hh.map(|dweight| dweight.slice(&proof)),
            dbias_ih: dbias_ih.map(|dbias| dbias.slice(&proof)),
            dbias_hh: dbias_hh.map(|dbias| dbias.slice(&proof)),
            gates: gates.slice(&proof),
        };
        let saved = LstmSaved {
            dhs: dhs.as_ref().map(|dhs| dhs.slice(&proof)),
            dhn: dhn.as_ref().map(|dhn| dhn.slice(&proof)),
            dcn: dcn.as_ref().map(|dcn| dcn.slice(&proof)),
            hs: hs.slice(&proof),
            cs: cs.slice(&proof),
            x: x.slice(&proof),
            weight_ih: weight_ih.slice(&proof),
            weight_hh: weight_hh.slice(&proof),
        };
        lstm::lstm_backward(workspace, gradients, saved, LstmSizes { steps, batch, inputs, hidden })
    })
}
