//! Elementwise functions, reductions, copies.

use super::region::product;
use super::state::run;
use crate::elementwise::{self, Binary, Operand, Unary};
use crate::error::{KernelError, Result};
use crate::simd::Real;
use crate::{layout, level1, reduce};
use wasm_bindgen::prelude::wasm_bindgen;

/// y = op(x). op: 0 neg, 1 exp, 2 log, 3 sigmoid, 4 tanh, 5 relu, 6 sqrt, 7 square.
#[wasm_bindgen]
pub fn unary_forward(y: usize, x: usize, n: usize, op: u32) -> u32 {
    run(|call, _| {
        let op = Unary::from_code(op).ok_or(KernelError::InvalidArgument { arg: 3, value: f64::from(op) })?;
        let y = call.output(0, y, &[n]);
        let x = call.input(1, x, &[n]);
        let proof = call.check()?;
        elementwise::unary_forward(y.slice(&proof), x.slice(&proof), op);
        Ok(())
    })
}

/// dx = dy op'(x), with y = op(x).
#[wasm_bindgen]
pub fn unary_backward(dx: usize, dy: usize, x: usize, y: usize, n: usize, op: u32) -> u32 {
    run(|call, _| {
        let op = Unary::from_code(op).ok_or(KernelError::InvalidArgument { arg: 5, value: f64::from(op) })?;
        let dx = call.output(0, dx, &[n]);
        let dy = call.input(1, dy, &[n]);
        let x = call.input(2, x, &[n]);
        let y = call.input(3, y, &[n]);
        let proof = call.check()?;
        elementwise::unary_backward(dx.slice(&proof), dy.slice(&proof), x.slice(&proof), y.slice(&proof), op);
        Ok(())
    })
}

/// The length of a op b; refuses lengths of which neither is a whole number of the other.
fn repeated_len(arg: usize, na: usize, nb: usize) -> Result<usize> {
    let (long, short) = (na.max(nb), na.min(nb));
    let divides = if short == 0 { long == 0 } else { long.is_multiple_of(short) };
    if divides { Ok(long) } else { Err(KernelError::InvalidArgument { arg, value: short as f64 }) }
}

fn binary(arg: usize, op: u32) -> Result<Binary> {
    Binary::from_code(op).ok_or(KernelError::InvalidArgument { arg, value: f64::from(op) })
}

/// out = a op b, the shorter repeated. op: 0 add, 1 sub, 2 mul, 3 div.
#[wasm_bindgen]
pub fn binary_forward(out: usize, a: usize, b: usize, na: usize, nb: usize, op: u32) -> u32 {
    run(|call, _| {
        let op = binary(5, op)?;
        let n = repeated_len(if na < nb { 3 } else { 4 }, na, nb)?;
        let out = call.output(0, out, &[n]);
        let a = call.input(1, a, &[na]);
        let b = call.input(2, b, &[nb]);
        let proof = call.check()?;
        elementwise::binary_forward(out.slice(&proof), a.slice(&proof), b.slice(&proof), op);
        Ok(())
    })
}

/// da and db from dout, summed over repeats.
#[wasm_bindgen]
pub fn binary_backward(
    da: usize,
    db: usize,
    dout: usize,
    a: usize,
    b: usize,
    na: usize,
    nb: usize,
    op: u32,
) -> u32 {
    run(|call, _| {
        let op = binary(7, op)?;
        let n = repeated_len(if na < nb { 5 } else { 6 }, na, nb)?;
        let da = call.optional_output(0, da, &[na]);
        let db = call.optional_output(1, db, &[nb]);
        let dout = call.input(2, dout, &[n]);
        let a = call.input(3, a, &[na]);
        let b = call.input(4, b, &[nb]);
        let proof = call.check()?;
        let (dout, a, b) = (dout.slice(&proof), a.slice(&proof), b.slice(&proof));
        if let Some(da) = da {
            elementwise::binary_backward(da.slice(&proof), dout, a, b, op, Operand::A);
        }
        if let Some(db) = db {
            elementwise::binary_backward(db.slice(&proof), dout, a, b, op, Operand::B);
        }
        Ok(())
    })
}

/// `out[outer, inner] = sum over n of x[outer, n, inner]`.
#[wasm_bindgen]
pub fn reduce_sum(out: usize, x: usize, outer: usize, n: usize, inner: usize) -> u32 {
    run(|call, _| {
        let out = call.output(0, out, &[outer, inner]);
        let x = call.input(1, x, &[outer, n, inner]);
        let proof = call.check()?;
        reduce::reduce_sum(out.slice(&proof), x.slice(&proof), n, inner);
        Ok(())
    })
}

/// `out[outer, n, inner] = x[outer, inner]`.
#[wasm_bindgen]
pub fn broadcast(out: usize, x: usize, outer: usize, n: usize, inner: usize) -> u32 {
    run(|call, _| {
        let out = call.output(0, out, &[outer, n, inner]);
        let x = call.input(1, x, &[outer, inner]);
        let proof = call.check()?;
        reduce::broadcast(out.slice(&proof), x.slice(&proof), n, inner);
        Ok(())
    })
}

/// y = value.
#[wasm_bindgen]
pub fn fill(y: usize, n: usize, value: f64) -> u32 {
    run(|call, _| {
        let y = call.output::<Real>(0, y, &[n]);
        let proof = call.check()?;
        y.slice(&proof).fill(value as Real);
        Ok(())
    })
}

/// y = x.
#[wasm_bindgen]
pub fn copy(y: usize, x: usize, n: usize) -> u32 {
    run(|call, _| {
        let y = call.output::<Real>(0, y, &[n]);
        let x = call.input(1, x, &[n]);
        let proof = call.check()?;
        y.slice(&proof).copy_from_slice(x.slice(&proof));
        Ok(())
    })
}

/// y = alpha x; y may be x.
#[wasm_bindgen]
pub fn scale(y: usize, x: usize, n: usize, alpha: f64) -> u32 {
    run(|call, _| {
        let alpha = alpha as Real;
        let to = call.output(0, y, &[n]);
        if y == x {
            level1::scale_in_place(to.slice(&call.check()?), alpha);
            return Ok(());
        }
        let from = call.input(1, x, &[n]);
        let proof = call.check()?;
        level1::scale(to.slice(&proof), from.slice(&proof), alpha);
        Ok(())
    })
}

/// y += alpha x.
#[wasm_bindgen]
pub fn add_scaled(y: usize, x: usize, n: usize, alpha: f64) -> u32 {
    run(|call, _| {
        let y = call.output(0, y, &[n]);
        let x = call.input(1, x, &[n]);
        let proof = call.check()?;
        level1::add_scaled(y.slice(&proof), x.slice(&proof), alpha as Real);
        Ok(())
    })
}

/// `y[batch, columns, rows, inner] = x[batch, rows, columns, inner]`.
#[wasm_bindgen]
pub fn transpose(y: usize, x: usize, batch: usize, rows: usize, columns: usize, inner: usize) -> u32 {
    run(|call, _| {
        let y = call.output(0, y, &[batch, columns, rows, inner]);
        let x = call.input(1, x, &[batch, rows, columns, inner]);
        let proof = call.check()?;
        if product(&[batch, rows, columns, inner]) != Some(0) {
            layout::transpose(y.slice(&proof), x.slice(&proof), rows, columns, inner);
        }
        Ok(())
    })
}
