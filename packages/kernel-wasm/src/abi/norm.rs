//! Layer normalisation.

use super::state::run;
use crate::error::KernelError;
use crate::norm::{self, LayerNormGradients, Moments};
use wasm_bindgen::prelude::wasm_bindgen;

/// y = (x - mean) rstd weight + bias by rows; keeps mean and rstd \[rows\]. weight and bias are optional.
#[wasm_bindgen]
pub fn layer_norm_forward(
    y: usize,
    mean: usize,
    rstd: usize,
    x: usize,
    weight: usize,
    bias: usize,
    rows: usize,
    columns: usize,
    epsilon: f64,
) -> u32 {
    run(|call, _| {
        if !(epsilon >= 0.0 && epsilon.is_finite()) {
            return Err(KernelError::InvalidArgument { arg: 8, value: epsilon });
        }
        let y = call.output(0, y, &[rows, columns]);
        let mean = call.output(1, mean, &[rows]);
        let rstd = call.output(2, rstd, &[rows]);
        let x = call.input(3, x, &[rows, columns]);
        let weight = call.optional_input(4, weight, &[columns]);
        let bias = call.optional_input(5, bias, &[columns]);
        let proof = call.check()?;
        norm::layer_norm_forward(
            y.slice(&proof),
            Moments { mean: mean.slice(&proof), rstd: rstd.slice(&proof) },
            x.slice(&proof),
            weight.map(|weight| weight.slice(&proof)),
            bias.map(|bias| bias.slice(&proof)),
            columns,
            epsilon,
        );
        Ok(())
    })
}

/// The gradients that are asked for: dx =, dweight +=, dbias +=.
#[wasm_bindgen]
pub fn layer_norm_backward(
    dx: usize,
    dweight: usize,
    dbias: usize,
    dy: usize,
    mean: usize,
    rstd: usize,
    x: usize,
    weight: usize,
    rows: usize,
    columns: usize,
) -> u32 {
    run(|call, _| {
        let dx = call.optional_output(0, dx, &[rows, columns]);
        let dweight = call.optional_output(1, dweight, &[columns]);
        let dbias = call.optional_output(2, dbias, &[columns]);
        let dy = call.input(3, dy, &[rows, columns]);
        let mean = call.input(4, mean, &[rows]);
        let rstd = call.input(5, rstd, &[rows]);
        let x = call.input(6, x, &[rows, columns]);
        let weight = call.optional_input(7, weight, &[columns]);
        let proof = call.check()?;
        norm::layer_norm_backward(
            LayerNormGradients {
                dx: dx.map(|dx| dx.slice(&proof)),
                dweight: dweight.map(|dweight| dweight.slice(&proof)),
                dbias: dbias.map(|dbias| dbias.slice(&proof)),
            },
            dy.slice(&proof),
            Moments { mean: mean.slice(&proof), rstd: rstd.slice(&proof) },
            x.slice(&proof),
            weight.as_ref().map(|weight| weight.slice(&proof)),
            columns,
        );
        Ok(())
    })
}
