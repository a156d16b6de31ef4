//! One step of a recurrent layer, as generation takes it.

use super::recurrent::cell_of;
use super::state::run;
use crate::gemm::PackedRows;
use crate::step::{self, StepInput, StepSizes};
use wasm_bindgen::prelude::wasm_bindgen;

/// Reals of the packed form of a weight [rows, inner]; 0 where they are too many.
#[wasm_bindgen]
pub fn packed_rows_size(rows: usize, inner: usize) -> usize {
    PackedRows::dims(rows, inner).into_iter().try_fold(1, usize::checked_mul).unwrap_or(0)
}

/// Writes the packed form of a weight [rows, inner], as the steps below take it.
#[wasm_bindgen]
pub fn pack_rows(packed: usize, weight: usize, rows: usize, inner: usize) -> u32 {
    run(|call, _| {
        let packed = call.output(0, packed, &PackedRows::dims(rows, inner));
        let weight = call.input(1, weight, &[rows, inner]);
        let proof = call.check()?;
        PackedRows::pack(packed.slice(&proof), weight.slice(&proof), inner);
        Ok(())
    })
}

/// x W_ih^T as rows of gates [rows, blocks H], for `recurrent_step_ids`; see `step`.
#[wasm_bindgen]
pub fn recurrent_input_rows(
    z: usize,
    x: usize,
    weight_ih: usize,
    cell: u32,
    rows: usize,
    inputs: usize,
    hidden: usize,
) -> u32 {
    run(|call, _| {
        let cell = cell_of(3, cell)?;
        let z = call.output(0, z, &[rows, cell.blocks, hidden]);
        let x = call.input(1, x, &[rows, inputs]);
        let weight_ih = call.input(2, weight_ih, &[cell.gates, hidden, inputs]);
        let proof = call.check()?;
        step::input_rows(cell, z.slice(&proof), x.slice(&proof), weight_ih.slice(&proof), inputs, hidden);
        Ok(())
    })
}

/// h and c, in place, one step further by x [B, I]; both weights packed.
#[wasm_bindgen]
pub fn recurrent_step(
    h: usize,
    c: usize,
    x: usize,
    weight_ih: usize,
    weight_hh: usize,
    bias_ih: usize,
    bias_hh: usize,
    cell: u32,
    batch: usize,
    inputs: usize,
    hidden: usize,
) -> u32 {
    run(|call, workspace| {
        let cell = cell_of(7, cell)?;
        let h = call.output(0, h, &[batch, hidden]);
        let c = call.output(1, c, &[batch, cell.c_size(hidden)]);
        let x = call.input(2, x, &[batch, inputs]);
        let rows = cell.gates.saturating_mul(hidden);
        let weight_ih = call.input(3, weight_ih, &PackedRows::dims(rows, inputs));
        let weight_hh = call.input(4, weight_hh, &PackedRows::dims(rows, hidden));
        let bias_ih = call.optional_input(5, bias_ih, &[cell.gates, hidden]);
        let bias_hh = call.optional_input(6, bias_hh, &[cell.gates, hidden]);
        let proof = call.check()?;
        step::step(
            cell,
            workspace,
            h.slice(&proof),
            c.slice(&proof),
            StepInput::Values {
                x: x.slice(&proof),
                weight_ih: PackedRows::new(weight_ih.slice(&proof), rows, inputs),
            },
            PackedRows::new(weight_hh.slice(&proof), rows, hidden),
            bias_ih.as_ref().map(|bias| bias.slice(&proof)),
            bias_hh.as_ref().map(|bias| bias.slice(&proof)),
            StepSizes { batch, hidden },
        )
    })
}

/// h and c, in place, one step further by ids [B] into a table of `recurrent_input_rows` [V, blocks H]; the
/// weight packed.
#[wasm_bindgen]
pub fn recurrent_step_ids(
    h: usize,
    c: usize,
    table: usize,
    ids: usize,
    weight_hh: usize,
    bias_ih: usize,
    bias_hh: usize,
    cell: u32,
    vocabulary: usize,
    batch: usize,
    hidden: usize,
) -> u32 {
    run(|call, workspace| {
        let cell = cell_of(7, cell)?;
        let h = call.output(0, h, &[batch, hidden]);
        let c = call.output(1, c, &[batch, cell.c_size(hidden)]);
        let table = call.input(2, table, &[vocabulary, cell.blocks, hidden]);
        let ids = call.input(3, ids, &[batch]);
        let rows = cell.gates.saturating_mul(hidden);
        let weight_hh = call.input(4, weight_hh, &PackedRows::dims(rows, hidden));
        let bias_ih = call.optional_input(5, bias_ih, &[cell.gates, hidden]);
        let bias_hh = call.optional_input(6, bias_hh, &[cell.gates, hidden]);
        let proof = call.check()?;
        step::step(
            cell,
            workspace,
            h.slice(&proof),
            c.slice(&proof),
            StepInput::Table { table: table.slice(&proof), ids: ids.slice(&proof), vocabulary },
            PackedRows::new(weight_hh.slice(&proof), rows, hidden),
            bias_ih.as_ref().map(|bias| bias.slice(&proof)),
            bias_hh.as_ref().map(|bias| bias.slice(&proof)),
            StepSizes { batch, hidden },
        )
    })
}

/// y = x W^T + b for few rows, each as if it were alone; the weight packed.
#[wasm_bindgen]
pub fn linear_rows(
    y: usize,
    x: usize,
    weight: usize,
    bias: usize,
    rows: usize,
    inputs: usize,
    outputs: usize,
) -> u32 {
    run(|call, _| {
        let y = call.output(0, y, &[rows, outputs]);
        let x = call.input(1, x, &[rows, inputs]);
        let weight = call.input(2, weight, &PackedRows::dims(outputs, inputs));
        let bias = call.optional_input(3, bias, &[outputs]);
        let proof = call.check()?;
        let bias = bias.as_ref().map(|bias| bias.slice(&proof));
        let weight = PackedRows::new(weight.slice(&proof), outputs, inputs);
        step::linear_rows(y.slice(&proof), x.slice(&proof), weight, bias, (rows, outputs));
        Ok(())
    })
}
