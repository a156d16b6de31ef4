//! Recurrent layers over whole sequences.

use super::state::run;
use crate::error::{KernelError, Result};
use crate::recurrent::{
    self, Cell, Columns, Course, GRU, Gradients, Inputs, LSTM, Outputs, RNN_RELU, RNN_TANH, Saved, Sizes,
};
use wasm_bindgen::prelude::wasm_bindgen;

static CELLS: [&Cell; 4] = [&RNN_TANH, &RNN_RELU, &GRU, &LSTM];

/// Argument `arg` is the code of a cell.
pub(super) fn cell_of(arg: usize, code: u32) -> Result<&'static Cell> {
    let refused = KernelError::InvalidArgument { arg, value: f64::from(code) };
    CELLS.get(code as usize).copied().ok_or(refused)
}

/// Argument `arg` is the first of H columns in rows of `stride` reals.
fn columns(arg: usize, stride: usize, offset: usize, hidden: usize) -> Result<Columns> {
    match offset.checked_add(hidden) {
        Some(end) if end <= stride => Ok(Columns { stride, offset }),
        _ => Err(KernelError::InvalidArgument { arg, value: offset as f64 }),
    }
}

/// A whole sequence in one direction; see `recurrent`. Without `gates` only the last states are kept.
#[wasm_bindgen]
pub fn recurrent_forward(
    y: usize,
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
    lengths: usize,
    cell: u32,
    steps: usize,
    batch: usize,
    inputs: usize,
    hidden: usize,
    y_stride: usize,
    y_offset: usize,
    reverse: bool,
) -> u32 {
    run(|call, workspace| {
        let cell = cell_of(12, cell)?;
        let columns = columns(18, y_stride, y_offset, hidden)?;
        let states = if gates == 0 { 1 } else { steps.saturating_add(1) };
        let y = call.optional_output(0, y, &[steps, batch, y_stride]);
        let hs = call.output(1, hs, &[states, batch, hidden]);
        let cs = call.output(2, cs, &[states, batch, cell.c_size(hidden)]);
        let gates = call.optional_output(3, gates, &[steps, batch, cell.blocks, hidden]);
        let x = call.input(4, x, &[steps, batch, inputs]);
        let h0 = call.optional_input(5, h0, &[batch, hidden]);
        let c0 = call.optional_input(6, c0, &[batch, cell.c_size(hidden)]);
        let weight_ih = call.input(7, weight_ih, &[cell.gates, hidden, inputs]);
        let weight_hh = call.input(8, weight_hh, &[cell.gates, hidden, hidden]);
        let bias_ih = call.optional_input(9, bias_ih, &[cell.gates, hidden]);
        let bias_hh = call.optional_input(10, bias_hh, &[cell.gates, hidden]);
        let lengths = call.optional_input(11, lengths, &[batch]);
        let proof = call.check()?;
        let outputs = Outputs {
            y: y.map(|y| (y.slice(&proof), columns)),
            hs: hs.slice(&proof),
            cs: cs.slice(&proof),
            gates: gates.map(|gates| gates.slice(&proof)),
        };
        let given = Inputs {
            x: x.slice(&proof),
            h0: h0.as_ref().map(|h0| h0.slice(&proof)),
            c0: c0.as_ref().map(|c0| c0.slice(&proof)),
            weight_ih: weight_ih.slice(&proof),
            weight_hh: weight_hh.slice(&proof),
            bias_ih: bias_ih.as_ref().map(|bias| bias.slice(&proof)),
            bias_hh: bias_hh.as_ref().map(|bias| bias.slice(&proof)),
        };
        let course = Course { lengths: lengths.as_ref().map(|lengths| lengths.slice(&proof)), reverse };
        let sizes = Sizes { steps, batch, inputs, hidden };
        recurrent::forward(cell, workspace, outputs, given, course, sizes)
    })
}

/// Backward through time; see `recurrent`. `gates` is overwritten.
#[wasm_bindgen]
pub fn recurrent_backward(
    dx: usize,
    dh0: usize,
    dc0: usize,
    dweight_ih: usize,
    dweight_hh: usize,
    dbias_ih: usize,
    dbias_hh: usize,
    gates: usize,
    dy: usize,
    dhn: usize,
    dcn: usize,
    hs: usize,
    cs: usize,
    x: usize,
    weight_ih: usize,
    weight_hh: usize,
    lengths: usize,
    cell: u32,
    steps: usize,
    batch: usize,
    inputs: usize,
    hidden: usize,
    dy_stride: usize,
    dy_offset: usize,
    reverse: bool,
    add_dx: bool,
) -> u32 {
    run(|call, workspace| {
        let cell = cell_of(17, cell)?;
        let columns = columns(23, dy_stride, dy_offset, hidden)?;
        let states = steps.saturating_add(1);
        let c_size = cell.c_size(hidden);
        let dx = call.optional_output(0, dx, &[steps, batch, inputs]);
        let dh0 = call.optional_output(1, dh0, &[batch, hidden]);
        let dc0 = call.optional_output(2, dc0, &[batch, c_size]);
        let dweight_ih = call.optional_output(3, dweight_ih, &[cell.gates, hidden, inputs]);
        let dweight_hh = call.optional_output(4, dweight_hh, &[cell.gates, hidden, hidden]);
        let dbias_ih = call.optional_output(5, dbias_ih, &[cell.gates, hidden]);
        let dbias_hh = call.optional_output(6, dbias_hh, &[cell.gates, hidden]);
        let gates = call.output(7, gates, &[steps, batch, cell.blocks, hidden]);
        let dy = call.optional_input(8, dy, &[steps, batch, dy_stride]);
        let dhn = call.optional_input(9, dhn, &[batch, hidden]);
        let dcn = call.optional_input(10, dcn, &[batch, c_size]);
        let hs = call.input(11, hs, &[states, batch, hidden]);
        let cs = call.input(12, cs, &[states, batch, c_size]);
        let x = call.input(13, x, &[steps, batch, inputs]);
        let weight_ih = call.input(14, weight_ih, &[cell.gates, hidden, inputs]);
        let weight_hh = call.input(15, weight_hh, &[cell.gates, hidden, hidden]);
        let lengths = call.optional_input(16, lengths, &[batch]);
        let proof = call.check()?;
        let gradients = Gradients {
            dx: dx.map(|dx| dx.slice(&proof)),
            add_dx,
            dh0: dh0.map(|dh0| dh0.slice(&proof)),
            dc0: dc0.map(|dc0| dc0.slice(&proof)),
            dweight_ih: dweight_ih.map(|dweight| dweight.slice(&proof)),
            dweight_hh: dweight_hh.map(|dweight| dweight.slice(&proof)),
            dbias_ih: dbias_ih.map(|dbias| dbias.slice(&proof)),
            dbias_hh: dbias_hh.map(|dbias| dbias.slice(&proof)),
            gates: gates.slice(&proof),
        };
        let saved = Saved {
            dy: dy.as_ref().map(|dy| (dy.slice(&proof), columns)),
            dhn: dhn.as_ref().map(|dhn| dhn.slice(&proof)),
            dcn: dcn.as_ref().map(|dcn| dcn.slice(&proof)),
            hs: hs.slice(&proof),
            cs: cs.slice(&proof),
            x: x.slice(&proof),
            weight_ih: weight_ih.slice(&proof),
            weight_hh: weight_hh.slice(&proof),
        };
        let course = Course { lengths: lengths.as_ref().map(|lengths| lengths.slice(&proof)), reverse };
        let sizes = Sizes { steps, batch, inputs, hidden };
        recurrent::backward(cell, workspace, gradients, saved, course, sizes)
    })
}
