//! The loop over time, forward and backward, for every cell.

use super::cell::{Cell, States};
use super::course::Course;
use super::weight::{Side, Weight};
use crate::error::Result;
use crate::gemm::{Product, View, gemm};
use crate::level1;
use crate::math::Math;
use crate::reduce::add_column_sums;
use crate::simd::Real;
use crate::workspace::Workspace;
use core::ops::Range;

/// Rows of x W_ih^T that are computed ahead of the steps that use them: enough for full blocks of the product, few enough
/// to stay in the second cache until then.
const CHUNK_ROWS: usize = 128;

/// T, B, I, H.
#[derive(Clone, Copy)]
pub struct Sizes {
    pub steps: usize,
    pub batch: usize,
    pub inputs: usize,
    pub hidden: usize,
}

/// H columns within rows of `stride` reals: both directions of a layer share one array [T, B, 2 H].
#[derive(Clone, Copy)]
pub struct Columns {
    pub stride: usize,
    pub offset: usize,
}

impl Columns {
    fn of(self, row: usize, hidden: usize) -> Range<usize> {
        let start = row * self.stride + self.offset;
        start..start + hidden
    }
}

/// What the forward pass writes.
pub struct Outputs<'a> {
    /// h_1 .. h_T, [T, B, stride], zeros where a row has ended.
    pub y: Option<(&'a mut [Real], Columns)>,
    /// The states in the order of [`Course`], [T + 1, B, H]; without `gates` only the last one, [B, H].
    pub hs: &'a mut [Real],
    /// As `hs`.
    pub cs: &'a mut [Real],
    /// Activated gates for the backward pass, [T, B, blocks H]; of a ragged batch its rows without gaps, the rest unused.
    pub gates: Option<&'a mut [Real]>,
}

/// What the forward pass reads.
pub struct Inputs<'a> {
    /// [T, B, I]; not looked at where a row has ended.
    pub x: &'a [Real],
    /// [B, H]; zeros when absent.
    pub h0: Option<&'a [Real]>,
    /// [B, H]; zeros when absent. This and all other c are empty for cells without c.
    pub c0: Option<&'a [Real]>,
    /// [G H, I]
    pub weight_ih: &'a [Real],
    /// [G H, H]
    pub weight_hh: &'a [Real],
    /// [G H]
    pub bias_ih: Option<&'a [Real]>,
    /// [G H]
    pub bias_hh: Option<&'a [Real]>,
}

pub fn forward(
    cell: &Cell,
    workspace: &mut Workspace,
    outputs: Outputs,
    inputs: Inputs,
    course: Course,
    sizes: Sizes,
) -> Result {
    let Sizes { steps, batch, inputs: input_size, hidden } = sizes;
    let Outputs { mut y, hs, cs, gates } = outputs;
    let Workspace { packed_a, packed_b, recurrent, carry, gates: scratch, rows: gathered, .. } = workspace;
    let width = cell.blocks * hidden;
    let (state, c_hidden) = (batch * hidden, cell.c_size(hidden));
    let c_state = batch * c_hidden;
    let rows = course.rows(steps, batch)?;

    let kept = gates.is_some();
    let start = if kept { course.start(steps) } else { 0 };
    copy_or_zero(&mut hs[start * state..][..state], inputs.h0);
    copy_or_zero(&mut cs[start * c_state..][..c_state], inputs.c0);
    if steps == 0 || state == 0 {
        return Ok(());
    }
    let x = rows.gather(gathered, inputs.x, input_size)?;
    let h_room = if rows.are_ragged() { state } else { 0 };
    let (bias, h_rows) = carry.take(width + h_room)?.split_at_mut(width);
    bias.fill(0.0);
    cell.add_biases(bias, inputs.bias_ih, inputs.bias_hh, hidden);
    let room = cell.input.map(|span| Weight::room(input_size, span.blocks * hidden, steps * batch));
    let (first, second) = packed_b.take(room[0] + room[1])?.split_at_mut(room[0]);
    let weight_ih = [(first, cell.input[0]), (second, cell.input[1])].map(|(panels, span)| {
        let weight = &inputs.weight_ih[span.gate * hidden * input_size..];
        let n = span.blocks * hidden;
        (Weight::new(panels, weight, Side::Transposed, input_size, n, steps * batch), span.column * hidden)
    });
    let n = cell.gates * hidden;
    let panels = recurrent.take(Weight::room(hidden, n, batch))?;
    let weight_hh = Weight::new(panels, inputs.weight_hh, Side::Transposed, hidden, n, batch);
    let recurrent_column = cell.recurrent * hidden;

    let math = Math::load();
    let chunk = (CHUNK_ROWS / batch).clamp(1, steps);
    let chunks = steps.div_ceil(chunk);
    let gates = match gates {
        Some(gates) => gates,
        None => scratch.take(chunk * batch * width)?,
    };
    for turn in 0..chunks {
        // pass 1: z = x W_ih^T for some steps
        let begin = course.nth(turn, chunks) * chunk;
        let end = (begin + chunk).min(steps);
        let (first, count) = (rows.start(begin), rows.start(end) - rows.start(begin));
        let x = &x[first * input_size..][..count * input_size];
        let gates = &mut gates[if kept { first * width } else { 0 }..][..count * width];
        for (weight, column) in &weight_ih {
            if count > 0 {
                weight.multiply(packed_a, (&mut gates[*column..], width), (x, input_size), count, 0.0)?;
            }
        }
        if n < width {
            for row in gates.chunks_exact_mut(width) {
                row[n..].fill(0.0);
            }
        }

        // pass 2: step by step, z += h W_hh^T, then the gates. The state of a step starts as a copy of the one before.
        for turn in 0..end - begin {
            let t = begin + course.nth(turn, end - begin);
            let at = if kept { course.after(t) } else { 0 };
            if kept {
                let before = course.before(t);
                hs.copy_within(before * state..(before + 1) * state, at * state);
                cs.copy_within(before * c_state..(before + 1) * c_state, at * c_state);
            }
            let h = &mut hs[at * state..][..state];
            let c = &mut cs[at * c_state..][..c_state];
            let count = rows.count(t);
            let z = &mut gates[(rows.start(t) - first) * width..][..count * width];
            if count > 0 {
                let h = if rows.are_ragged() {
                    for (k, to) in h_rows.chunks_exact_mut(hidden).take(count).enumerate() {
                        to.copy_from_slice(&h[rows.of_batch(k) * hidden..][..hidden]);
                    }
                    &*h_rows
                } else {
                    &*h
                };
                weight_hh.multiply(packed_a, (&mut z[recurrent_column..], width), (h, hidden), count, 1.0)?;
            }
            for k in 0..batch {
                let b = rows.of_batch(k);
                let h = &mut h[b * hidden..][..hidden];
                if k < count {
                    let z = &mut z[k * width..][..width];
                    (cell.forward)(math, z, bias, h, &mut c[b * c_hidden..][..c_hidden]);
                }
                if let Some((y, columns)) = &mut y {
                    copy_or_zero(&mut y[columns.of(t * batch + b, hidden)], (k < count).then_some(&*h));
                }
            }
        }
    }
    Ok(())
}

/// What the backward pass writes: gradients of activations are assigned, those of parameters accumulate.
pub struct Gradients<'a> {
    /// [T, B, I]; assigned, or added to where `add_dx`.
    pub dx: Option<&'a mut [Real]>,
    pub add_dx: bool,
    /// [B, H]
    pub dh0: Option<&'a mut [Real]>,
    /// [B, H]
    pub dc0: Option<&'a mut [Real]>,
    /// [G H, I]
    pub dweight_ih: Option<&'a mut [Real]>,
    /// [G H, H]
    pub dweight_hh: Option<&'a mut [Real]>,
    /// [G H]
    pub dbias_ih: Option<&'a mut [Real]>,
    /// [G H]
    pub dbias_hh: Option<&'a mut [Real]>,
    /// The activated gates [T, B, blocks H] going in, dz coming out.
    pub gates: &'a mut [Real],
}

/// What the backward pass reads.
pub struct Saved<'a> {
    /// Gradient of y, [T, B, stride], not looked at where a row has ended; zeros when absent.
    pub dy: Option<(&'a [Real], Columns)>,
    /// Further gradient of the last h, [B, H].
    pub dhn: Option<&'a [Real]>,
    /// Gradient of the last c, [B, H].
    pub dcn: Option<&'a [Real]>,
    /// [T + 1, B, H]
    pub hs: &'a [Real],
    /// [T + 1, B, H]
    pub cs: &'a [Real],
    /// [T, B, I]
    pub x: &'a [Real],
    /// [G H, I]
    pub weight_ih: &'a [Real],
    /// [G H, H]
    pub weight_hh: &'a [Real],
}

pub fn backward(
    cell: &Cell,
    workspace: &mut Workspace,
    gradients: Gradients,
    saved: Saved,
    course: Course,
    sizes: Sizes,
) -> Result {
    let Sizes { steps, batch, inputs, hidden } = sizes;
    let Workspace { packed_a, packed_b, recurrent, carry, rows: gathered, .. } = workspace;
    let width = cell.blocks * hidden;
    let (state, c_hidden) = (batch * hidden, cell.c_size(hidden));
    let c_state = batch * c_hidden;
    let rows = course.rows(steps, batch)?;
    let total = rows.start(steps);
    let dz = &mut gradients.gates[..total * width];

    // The gradients of h and c on their way to the step before, and room for those of the rows of one step.
    let carry = carry.take((2 * state + c_state).max(width))?;
    let (dh, rest) = carry.split_at_mut(state);
    let (dh_rows, rest) = rest.split_at_mut(state);
    let dc = &mut rest[..c_state];
    copy_or_zero(dh, saved.dhn);
    copy_or_zero(dc, saved.dcn);

    // pass 2 in reverse: dz of a step, then dh of the step before += dz W_hh
    if steps > 0 && state > 0 {
        let (k, column) = (cell.gates * hidden, cell.recurrent * hidden);
        let panels = recurrent.take(Weight::room(k, hidden, batch))?;
        let weight_hh = Weight::new(panels, saved.weight_hh, Side::AsIs, k, hidden, batch);
        let math = Math::load();
        for turn in (0..steps).rev() {
            let t = course.nth(turn, steps);
            let c_before = &saved.cs[course.before(t) * c_state..][..c_state];
            let c = &saved.cs[course.after(t) * c_state..][..c_state];
            let h_before = &saved.hs[course.before(t) * state..][..state];
            let count = rows.count(t);
            let z = &mut dz[rows.start(t) * width..][..count * width];
            for (k, z) in z.chunks_exact_mut(width).enumerate() {
                let b = rows.of_batch(k);
                let dh = &mut dh[b * hidden..][..hidden];
                if let Some((dy, columns)) = saved.dy {
                    level1::add(dh, &dy[columns.of(t * batch + b, hidden)]);
                }
                let c_row = b * c_hidden..(b + 1) * c_hidden;
                let states = States {
                    h_before: &h_before[b * hidden..][..hidden],
                    c_before: &c_before[c_row.clone()],
                    c: &c[c_row.clone()],
                };
                (cell.backward)(math, z, dh, &mut dc[c_row], states);
            }
            if count == 0 || (turn == 0 && gradients.dh0.is_none()) {
                continue;
            }
            let z = &z[column..];
            if rows.are_ragged() {
                weight_hh.multiply(packed_a, (dh_rows, hidden), (z, width), count, 0.0)?;
                for (k, from) in dh_rows.chunks_exact(hidden).take(count).enumerate() {
                    level1::add(&mut dh[rows.of_batch(k) * hidden..][..hidden], from);
                }
            } else {
                weight_hh.multiply(packed_a, (dh, hidden), (z, width), count, 1.0)?;
            }
        }
    }
    if let Some(dh0) = gradients.dh0 {
        dh0.copy_from_slice(dh);
    }
    if let Some(dc0) = gradients.dc0 {
        dc0.copy_from_slice(dc);
    }

    // pass 1 in reverse: z = x W_ih^T + b_ih + h W_hh^T + b_hh, so dW += dz^T x, dx = dz W_ih, db += column sums of dz
    if let Some(dweight_hh) = gradients.dweight_hh.filter(|_| total > 0) {
        let h_before = &saved.hs[course.before(0) * state..][..steps * state];
        let h_before = View::rows(rows.gather(gathered, h_before, hidden)?, hidden);
        let dz = View::transposed(&dz[cell.recurrent * hidden..], width);
        let product = Product::accumulate(cell.gates * hidden, hidden, total);
        gemm(packed_a, packed_b, dweight_hh, dz, h_before, product)?;
    }
    if let Some(dweight_ih) = gradients.dweight_ih.filter(|_| total > 0) {
        let x = View::rows(rows.gather(gathered, saved.x, inputs)?, inputs);
        for span in cell.input {
            let n = span.blocks * hidden;
            let dweight = &mut dweight_ih[span.gate * hidden * inputs..][..n * inputs];
            let dz = View::transposed(&dz[span.column * hidden..], width);
            gemm(packed_a, packed_b, dweight, dz, x, Product::accumulate(n, inputs, total))?;
        }
    }
    if let Some(dx) = gradients.dx {
        let ragged = rows.are_ragged();
        let dx_rows = gathered.take(if ragged { total * inputs } else { 0 })?;
        let to = if ragged { &mut *dx_rows } else { &mut *dx };
        let mut product = Product::assign(total, inputs, 0);
        product.beta = if gradients.add_dx && !ragged { 1.0 } else { 0.0 };
        for span in cell.input.into_iter().filter(|_| total > 0) {
            product.k = span.blocks * hidden;
            let weight_ih = View::rows(&saved.weight_ih[span.gate * hidden * inputs..], inputs);
            let dz = View::rows(&dz[span.column * hidden..], width);
            gemm(packed_a, packed_b, to, dz, weight_ih, product)?;
            product.beta = 1.0;
        }
        if ragged {
            rows.scatter(dx, dx_rows, inputs, gradients.add_dx);
        }
    }
    if gradients.dbias_ih.is_some() || gradients.dbias_hh.is_some() {
        let sums = &mut carry[..width];
        sums.fill(0.0);
        add_column_sums(sums, dz);
        cell.add_to_biases(gradients.dbias_ih, gradients.dbias_hh, sums, hidden);
    }
    Ok(())
}

fn copy_or_zero(to: &mut [Real], from: Option<&[Real]>) {
    match from {
        Some(from) => to.copy_from_slice(from),
        None => to.fill(0.0),
    }
}
