//! Embedding, softmax, dropout.

use super::state::run;
use crate::error::{KernelError, Result};
use crate::random::Stream;
use crate::simd::Real;
use crate::{dropout, embedding, softmax};
use wasm_bindgen::prelude::wasm_bindgen;

/// `y[r] = weight[ids[r]]`.
#[wasm_bindgen]
pub fn embedding_forward(
    y: usize,
    weight: usize,
    ids: usize,
    rows: usize,
    vocabulary: usize,
    size: usize,
) -> u32 {
    run(|call, _| {
        let y = call.output(0, y, &[rows, size]);
        let weight = call.input(1, weight, &[vocabulary, size]);
        let ids = call.input(2, ids, &[rows]);
        let proof = call.check()?;
        embedding::embedding_forward(
            y.slice(&proof),
            weight.slice(&proof),
            ids.slice(&proof),
            vocabulary,
            size,
        )
    })
}

/// `dweight[ids[r]] += dy[r]`, but nothing for id `padding`; -1 is "none".
#[wasm_bindgen]
pub fn embedding_backward(
    dweight: usize,
    dy: usize,
    ids: usize,
    rows: usize,
    vocabulary: usize,
    size: usize,
    padding: i32,
) -> u32 {
    run(|call, _| {
        let dweight = call.output(0, dweight, &[vocabulary, size]);
        let dy = call.input(1, dy, &[rows, size]);
        let ids = call.input(2, ids, &[rows]);
        let proof = call.check()?;
        embedding::embedding_backward(
            dweight.slice(&proof),
            dy.slice(&proof),
            ids.slice(&proof),
            vocabulary,
            size,
            padding,
        )
    })
}

/// Softmax over the last axis.
#[wasm_bindgen]
pub fn softmax_forward(y: usize, x: usize, rows: usize, columns: usize) -> u32 {
    by_rows(y, x, rows, columns, softmax::softmax_forward)
}

/// dx = y (dy - sum of dy y).
#[wasm_bindgen]
pub fn softmax_backward(dx: usize, dy: usize, y: usize, rows: usize, columns: usize) -> u32 {
    by_rows_backward(dx, dy, y, rows, columns, softmax::softmax_backward)
}

/// Log-softmax over the last axis.
#[wasm_bindgen]
pub fn log_softmax_forward(y: usize, x: usize, rows: usize, columns: usize) -> u32 {
    by_rows(y, x, rows, columns, softmax::log_softmax_forward)
}

/// dx = dy - e^y sum of dy.
#[wasm_bindgen]
pub fn log_softmax_backward(dx: usize, dy: usize, y: usize, rows: usize, columns: usize) -> u32 {
    by_rows_backward(dx, dy, y, rows, columns, softmax::log_softmax_backward)
}

fn by_rows(y: usize, x: usize, rows: usize, columns: usize, op: fn(&mut [Real], &[Real], usize)) -> u32 {
    run(|call, _| {
        let y = call.output(0, y, &[rows, columns]);
        let x = call.input(1, x, &[rows, columns]);
        let proof = call.check()?;
        op(y.slice(&proof), x.slice(&proof), columns);
        Ok(())
    })
}

fn by_rows_backward(
    dx: usize,
    dy: usize,
    y: usize,
    rows: usize,
    columns: usize,
    op: fn(&mut [Real], &[Real], &[Real], usize),
) -> u32 {
    run(|call, _| {
        let dx = call.output(0, dx, &[rows, columns]);
        let dy = call.input(1, dy, &[rows, columns]);
        let y = call.input(2, y, &[rows, columns]);
        let proof = call.check()?;
        op(dx.slice(&proof), dy.slice(&proof), y.slice(&proof), columns);
        Ok(())
    })
}

/// y = keep ? x / (1 - p) : 0.
#[wasm_bindgen]
pub fn dropout_forward(
    y: usize,
    x: usize,
    n: usize,
    p: f64,
    key_hi: u32,
    key_lo: u32,
    counter_hi: u32,
    counter_lo: u32,
) -> u32 {
    drop(y, x, n, p, Stream::new(key_hi, key_lo, counter_hi, counter_lo), dropout::dropout_forward)
}

/// dx = keep ? dy / (1 - p) : 0, with the mask of the forward pass.
#[wasm_bindgen]
pub fn dropout_backward(
    dx: usize,
    dy: usize,
    n: usize,
    p: f64,
    key_hi: u32,
    key_lo: u32,
    counter_hi: u32,
    counter_lo: u32,
) -> u32 {
    drop(dx, dy, n, p, Stream::new(key_hi, key_lo, counter_hi, counter_lo), dropout::dropout_backward)
}

fn drop(
    to: usize,
    from: usize,
    n: usize,
    p: f64,
    stream: Stream,
    op: fn(&mut [Real], &[Real], f64, Stream),
) -> u32 {
    run(|call, _| {
        check_probability(3, p)?;
        let to = call.output(0, to, &[n]);
        let from = call.input(1, from, &[n]);
        let proof = call.check()?;
        op(to.slice(&proof), from.slice(&proof), p, stream);
        Ok(())
    })
}

fn check_probability(arg: usize, p: f64) -> Result {
    if (0.0..=1.0).contains(&p) { Ok(()) } else { Err(KernelError::InvalidArgument { arg, value: p }) }
}
