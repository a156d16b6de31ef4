//! One step of a recurrent layer for few rows, as generation takes it: weights in [`PackedRows`], states in place.
//!
//! Every row comes out bit for bit as a sequence of one step and one row does in `recurrent`, whatever the other rows are.

use crate::embedding::check_indices;
use crate::error::Result;
use crate::gemm::{PackedRows, dot_rows};
use crate::math::Math;
use crate::recurrent::{Cell, Span};
use crate::reduce::broadcast;
use crate::simd::Real;
use crate::workspace::Workspace;

/// B and H.
#[derive(Clone, Copy)]
pub struct StepSizes {
    pub batch: usize,
    pub hidden: usize,
}

/// Where the input's part of the gates comes from.
pub enum StepInput<'a> {
    /// x [B, I] and weight_ih [G H, I].
    Values { x: &'a [Real], weight_ih: PackedRows<'a> },
    /// Rows, by id [B], of what [`input_rows`] makes: [V, blocks H].
    Table { table: &'a [Real], ids: &'a [i32], vocabulary: usize },
}

/// x W_ih^T as rows of gates: z [rows, blocks H] for x [rows, I]. The weight is used as it lies: each row is asked for once.
pub fn input_rows(cell: &Cell, z: &mut [Real], x: &[Real], weight_ih: &[Real], inputs: usize, hidden: usize) {
    z.fill(0.0);
    if hidden == 0 {
        return;
    }
    for (b, z) in z.chunks_exact_mut(cell.blocks * hidden).enumerate() {
        let x = &x[b * inputs..][..inputs];
        for Span { gate, column, blocks } in cell.input {
            let weight = &weight_ih[gate * hidden * inputs..][..blocks * hidden * inputs];
            dot_rows(&mut z[column * hidden..][..blocks * hidden], weight, x, 1.0, 0.0);
        }
    }
}

/// y = x W^T + b for x [rows, inputs] and y [rows, outputs]: as `linear_forward` for a single row, whatever the other
/// rows are.
pub fn linear_rows(
    y: &mut [Real],
    x: &[Real],
    weight: PackedRows,
    bias: Option<&[Real]>,
    (rows, outputs): (usize, usize),
) {
    if outputs == 0 {
        return;
    }
    if let Some(bias) = bias {
        broadcast(y, bias, rows, outputs);
    }
    weight.multiply(y, (outputs, 0), x, bias.is_some());
}

/// Takes h [B, H], and c where the cell has one, a step further.
#[allow(clippy::too_many_arguments)]
pub fn step(
    cell: &Cell,
    workspace: &mut Workspace,
    h: &mut [Real],
    c: &mut [Real],
    input: StepInput,
    weight_hh: PackedRows,
    bias_ih: Option<&[Real]>,
    bias_hh: Option<&[Real]>,
    sizes: StepSizes,
) -> Result {
    let StepSizes { batch, hidden } = sizes;
    let width = cell.blocks * hidden;
    if let StepInput::Table { ids, vocabulary, .. } = input {
        check_indices(ids, vocabulary)?;
    }
    if batch == 0 || hidden == 0 {
        return Ok(());
    }
    let Workspace { carry, gates, rows, .. } = workspace;
    let bias = carry.take(width)?;
    bias.fill(0.0);
    cell.add_biases(bias, bias_ih, bias_hh, hidden);
    let z = gates.take(batch * width)?;
    match input {
        StepInput::Values { x, weight_ih } => {
            let products = rows.take(batch * cell.gates * hidden)?;
            weight_ih.multiply(products, (cell.gates * hidden, 0), x, false);
            z.fill(0.0);
            for (z, products) in z.chunks_exact_mut(width).zip(products.chunks_exact(cell.gates * hidden)) {
                for Span { gate, column, blocks } in cell.input {
                    let n = blocks * hidden;
                    z[column * hidden..][..n].copy_from_slice(&products[gate * hidden..][..n]);
                }
            }
        }
        StepInput::Table { table, ids, .. } => {
            for (z, &id) in z.chunks_exact_mut(width).zip(ids) {
                z.copy_from_slice(&table[id as usize * width..][..width]);
            }
        }
    }
    weight_hh.multiply(z, (width, cell.recurrent * hidden), h, true);
    let math = Math::load();
    let c_hidden = cell.c_size(hidden);
    for (b, (z, h)) in z.chunks_exact_mut(width).zip(h.chunks_exact_mut(hidden)).enumerate() {
        (cell.forward)(math, z, bias, h, &mut c[b * c_hidden..][..c_hidden]);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::KernelError;
    use crate::linear::{LinearSizes, linear_forward};
    use crate::recurrent::{self, Course, GRU, Inputs, LSTM, Outputs, RNN_RELU, RNN_TANH, Sizes};
    use crate::testing::Numbers;
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    /// B, I, H.
    const SIZES: [(usize, usize, usize); 8] =
        [(1, 1, 1), (1, 3, 17), (3, 5, 33), (2, 16, 8), (5, 9, 6), (0, 2, 3), (2, 0, 3), (2, 3, 0)];

    struct Case {
        cell: &'static Cell,
        x: Vec<Real>,
        h: Vec<Real>,
        c: Vec<Real>,
        weight_ih: Vec<Real>,
        weight_hh: Vec<Real>,
        bias_ih: Vec<Real>,
        bias_hh: Vec<Real>,
    }

    impl Case {
        fn new(cell: &'static Cell, (batch, inputs, hidden): (usize, usize, usize)) -> Self {
            let mut numbers = Numbers::seeded(170);
            let rows = cell.gates * hidden;
            Self {
                cell,
                x: numbers.reals(batch * inputs),
                h: numbers.reals(batch * hidden),
                c: numbers.reals(batch * cell.c_size(hidden)),
                weight_ih: numbers.reals(rows * inputs),
                weight_hh: numbers.reals(rows * hidden),
                bias_ih: numbers.reals(rows),
                bias_hh: numbers.reals(rows),
            }
        }

        /// The states after the step, from this input.
        fn step(&self, input: StepInput, batch: usize, hidden: usize) -> (Vec<Real>, Vec<Real>) {
            let (mut h, mut c) = (self.h.clone(), self.c.clone());
            let (bias_ih, bias_hh) = (Some(&*self.bias_ih), Some(&*self.bias_hh));
            let (workspace, sizes) = (&mut Workspace::new(), StepSizes { batch, hidden });
            let rows = self.cell.gates * hidden;
            let weight_hh = packed(&self.weight_hh, rows, hidden);
            let weight_hh = PackedRows::new(&weight_hh, rows, hidden);
            step(self.cell, workspace, &mut h, &mut c, input, weight_hh, bias_ih, bias_hh, sizes).unwrap();
            (h, c)
        }
    }

    fn packed(weight: &[Real], rows: usize, inner: usize) -> Vec<Real> {
        let mut blocks = vec![Real::NAN; PackedRows::dims(rows, inner).iter().product()];
        PackedRows::pack(&mut blocks, weight, inner);
        blocks
    }

    const CELLS: [&Cell; 4] = [&RNN_TANH, &RNN_RELU, &GRU, &LSTM];

    #[test]
    fn every_row_is_a_sequence_of_one_step_bit_for_bit() {
        for cell in CELLS {
            for (batch, inputs, hidden) in SIZES {
                let case = Case::new(cell, (batch, inputs, hidden));
                let (x, weight_ih) = (&*case.x, &*case.weight_ih);
                let rows = cell.gates * hidden;
                let packed_ih = packed(weight_ih, rows, inputs);
                let values = StepInput::Values { x, weight_ih: PackedRows::new(&packed_ih, rows, inputs) };
                let (h, c) = case.step(values, batch, hidden);
                let c_hidden = cell.c_size(hidden);
                for b in 0..batch {
                    let (mut hs, mut cs) = (vec![0.0; hidden], vec![0.0; c_hidden]);
                    let outputs = Outputs { y: None, hs: &mut hs, cs: &mut cs, gates: None };
                    let given = Inputs {
                        x: &x[b * inputs..][..inputs],
                        h0: Some(&case.h[b * hidden..][..hidden]),
                        c0: Some(&case.c[b * c_hidden..][..c_hidden]),
                        weight_ih,
                        weight_hh: &case.weight_hh,
                        bias_ih: Some(&case.bias_ih),
                        bias_hh: Some(&case.bias_hh),
                    };
                    let course = Course { lengths: None, reverse: false };
                    let sizes = Sizes { steps: 1, batch: 1, inputs, hidden };
                    recurrent::forward(cell, &mut Workspace::new(), outputs, given, course, sizes).unwrap();
                    assert_eq!(h[b * hidden..][..hidden], hs);
                    assert_eq!(c[b * c_hidden..][..c_hidden], cs);
                }
            }
        }
    }

    #[test]
    fn a_table_gives_what_its_rows_give() {
        for cell in CELLS {
            for (vocabulary, inputs, hidden) in SIZES {
                let case = Case::new(cell, (vocabulary, inputs, hidden));
                let mut table = vec![Real::NAN; vocabulary * cell.blocks * hidden];
                input_rows(cell, &mut table, &case.x, &case.weight_ih, inputs, hidden);
                let ids: Vec<i32> = (0..vocabulary as i32).rev().collect();
                let x: Vec<Real> =
                    ids.iter().flat_map(|&id| &case.x[id as usize * inputs..][..inputs]).copied().collect();
                let rows = cell.gates * hidden;
                let packed_ih = packed(&case.weight_ih, rows, inputs);
                let values =
                    StepInput::Values { x: &x, weight_ih: PackedRows::new(&packed_ih, rows, inputs) };
                let rows = StepInput::Table { table: &table, ids: &ids, vocabulary };
                assert_eq!(case.step(rows, vocabulary, hidden), case.step(values, vocabulary, hidden));
            }
        }
    }

    #[test]
    fn rows_of_a_linear_layer_do_not_depend_on_each_other() {
        let mut numbers = Numbers::seeded(171);
        for (rows, inputs, outputs) in SIZES {
            let (x, weight) = (numbers.reals(rows * inputs), numbers.reals(outputs * inputs));
            let bias = numbers.reals(outputs);
            for bias in [None, Some(&*bias)] {
                let mut y = vec![Real::NAN; rows * outputs];
                let blocks = packed(&weight, outputs, inputs);
                linear_rows(&mut y, &x, PackedRows::new(&blocks, outputs, inputs), bias, (rows, outputs));
                for row in 0..rows {
                    let mut want = vec![Real::NAN; outputs];
                    let x = &x[row * inputs..][..inputs];
                    let sizes = LinearSizes { rows: 1, inputs, outputs };
                    linear_forward(&mut Workspace::new(), &mut want, x, &weight, bias, sizes).unwrap();
                    assert_eq!(y[row * outputs..][..outputs], want);
                }
            }
        }
    }

    #[test]
    fn refuses_ids_outside_the_table_and_leaves_the_states() {
        let case = Case::new(&LSTM, (2, 1, 3));
        let (mut h, mut c) = (case.h.clone(), case.c.clone());
        let input = StepInput::Table { table: &[0.0; 24], ids: &[0, 2], vocabulary: 2 };
        let sizes = StepSizes { batch: 2, hidden: 3 };
        let weight_hh = packed(&case.weight_hh, 12, 3);
        let weight_hh = PackedRows::new(&weight_hh, 12, 3);
        let refused = step(&LSTM, &mut Workspace::new(), &mut h, &mut c, input, weight_hh, None, None, sizes);
        assert_eq!(refused, Err(KernelError::IndexOutOfRange { position: 1, value: 2, limit: 2 }));
        assert_eq!((h, c), (case.h, case.c));
    }
}
