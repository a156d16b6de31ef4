//! Products and the layers made of them.

use super::state::run;
use crate::gemm::{Product, View, gemm as product};
use crate::linear::{self, LinearGradients, LinearSizes};
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
