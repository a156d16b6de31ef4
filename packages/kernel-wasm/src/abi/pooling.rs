//! Pooling over time.

use super::state::run;
use crate::pooling::{self, PoolingSizes};
use wasm_bindgen::prelude::wasm_bindgen;

/// `y[b]` = the mean of x [T, B, C] over the row's steps.
#[wasm_bindgen]
pub fn mean_over_time_forward(
    y: usize,
    x: usize,
    lengths: usize,
    steps: usize,
    batch: usize,
    columns: usize,
) -> u32 {
    run(|call, _| {
        let y = call.output(0, y, &[batch, columns]);
        let x = call.input(1, x, &[steps, batch, columns]);
        let lengths = call.input(2, lengths, &[batch]);
        let proof = call.check()?;
        let sizes = PoolingSizes { steps, batch, columns };
        pooling::mean_over_time_forward(y.slice(&proof), x.slice(&proof), lengths.slice(&proof), sizes)
    })
}

/// dx =.
#[wasm_bindgen]
pub fn mean_over_time_backward(
    dx: usize,
    dy: usize,
    lengths: usize,
    steps: usize,
    batch: usize,
    columns: usize,
) -> u32 {
    run(|call, _| {
        let dx = call.output(0, dx, &[steps, batch, columns]);
        let dy = call.input(1, dy, &[batch, columns]);
        let lengths = call.input(2, lengths, &[batch]);
        let proof = call.check()?;
        let sizes = PoolingSizes { steps, batch, columns };
        pooling::mean_over_time_backward(dx.slice(&proof), dy.slice(&proof), lengths.slice(&proof), sizes)
    })
}

/// `y[b]` = the largest of x [T, B, C] over the row's steps; `largest` [B, C] keeps which step that was.
#[wasm_bindgen]
pub fn max_over_time_forward(
    y: usize,
    largest: usize,
    x: usize,
    lengths: usize,
    steps: usize,
    batch: usize,
    columns: usize,
) -> u32 {
    run(|call, _| {
        let y = call.output(0, y, &[batch, columns]);
        let largest = call.output(1, largest, &[batch, columns]);
        let x = call.input(2, x, &[steps, batch, columns]);
        let lengths = call.input(3, lengths, &[batch]);
        let proof = call.check()?;
        let sizes = PoolingSizes { steps, batch, columns };
        pooling::max_over_time_forward(
            y.slice(&proof),
            largest.slice(&proof),
            x.slice(&proof),
            lengths.slice(&proof),
            sizes,
        )
    })
}

/// dx =.
#[wasm_bindgen]
pub fn max_over_time_backward(
    dx: usize,
    dy: usize,
    largest: usize,
    steps: usize,
    batch: usize,
    columns: usize,
) -> u32 {
    run(|call, _| {
        let dx = call.output(0, dx, &[steps, batch, columns]);
        let dy = call.input(1, dy, &[batch, columns]);
        let largest = call.input(2, largest, &[batch, columns]);
        let proof = call.check()?;
        let sizes = PoolingSizes { steps, batch, columns };
        pooling::max_over_time_backward(dx.slice(&proof), dy.slice(&proof), largest.slice(&proof), sizes)
    })
}
