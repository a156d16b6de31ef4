//! Columns of a matrix, and rows chosen by a mask.

use super::region::product;
use super::state::run;
use crate::error::{KernelError, Result};
use crate::rows::{self, RowSizes};
use wasm_bindgen::prelude::wasm_bindgen;

/// Entries from the first of the first row to the last of the last.
fn extent(arg: usize, rows: usize, width: usize, stride: usize) -> Result<usize> {
    if rows == 0 || width == 0 {
        return Ok(0);
    }
    if stride < width {
        return Err(KernelError::InvalidArgument { arg, value: stride as f64 });
    }
    product(&[rows - 1, stride])
        .and_then(|start| start.checked_add(width))
        .ok_or(KernelError::SizeOverflow { arg })
}

/// `y[r, :width] = x[r, :width]`, or `+=` when `accumulate`, for rows that start so many entries apart.
#[wasm_bindgen]
pub fn copy_rows(
    y: usize,
    x: usize,
    rows: usize,
    width: usize,
    y_stride: usize,
    x_stride: usize,
    accumulate: bool,
) -> u32 {
    run(|call, _| {
        let y = call.output(0, y, &[extent(4, rows, width, y_stride)?]);
        let x = call.input(1, x, &[extent(5, rows, width, x_stride)?]);
        let proof = call.check()?;
        let sizes = RowSizes { rows, width, y_stride, x_stride };
        let copy = if accumulate { rows::accumulate_rows } else { rows::copy_rows };
        copy(y.slice(&proof), x.slice(&proof), sizes);
        Ok(())
    })
}

/// `y[r] = a[r]` where `mask[r]` is not 0, else `b[r]`; a or b absent is zeros.
#[wasm_bindgen]
pub fn select_rows(y: usize, mask: usize, a: usize, b: usize, rows: usize, width: usize) -> u32 {
    run(|call, _| {
        let y = call.output(0, y, &[rows, width]);
        let mask = call.input(1, mask, &[rows]);
        let a = call.optional_input(2, a, &[rows, width]);
        let b = call.optional_input(3, b, &[rows, width]);
        let proof = call.check()?;
        let (a, b) = (a.as_ref().map(|a| a.slice(&proof)), b.as_ref().map(|b| b.slice(&proof)));
        rows::select_rows(y.slice(&proof), mask.slice(&proof), a, b, width);
        Ok(())
    })
}
