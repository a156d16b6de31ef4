//! What the loop over time has to know about a cell.

use crate::level1;
use crate::math::Math;
use crate::simd::{Real, update_with};

/// `blocks` blocks of H: rows of a weight from block `gate` on, columns of a row of gates from block `column` on.
#[derive(Clone, Copy)]
pub struct Span {
    pub gate: usize,
    pub column: usize,
    pub blocks: usize,
}

/// One kind of recurrent cell.
///
/// A row of gates is `blocks` blocks of H. Before a step, `x W_ih^T` fills its first `gates` blocks (in the order that
/// `input` says), the others are zero, and `h W_hh^T` is added to `gates` blocks from block `recurrent` on. The bias row
/// that `forward` gets is laid out in the same way.
pub struct Cell {
    /// Blocks of H rows in a weight.
    pub gates: usize,
    /// Blocks of H in a row of gates.
    pub blocks: usize,
    /// Which blocks of `x W_ih^T` go where; the second span is empty where one does.
    pub input: [Span; 2],
    /// First block that `h W_hh^T` is added to.
    pub recurrent: usize,
    /// Whether there is a second state c beside h.
    pub has_c: bool,
    pub forward: Forward,
    pub backward: Backward,
}

/// One row, one step: adds the bias to z, activates it in place, and takes h and c one step further.
pub type Forward = fn(math: Math, z: &mut [Real], bias: &[Real], h: &mut [Real], c: &mut [Real]);

/// One row, one step: turns activated gates into dz. Of dh it leaves what reaches the h before by another way than
/// `dz W_hh`, of dc all that reaches the c before.
pub type Backward = fn(math: Math, z: &mut [Real], dh: &mut [Real], dc: &mut [Real], states: States);

/// One row of the states around a step; those of c are empty where the cell has none.
pub struct States<'a> {
    pub h_before: &'a [Real],
    pub c_before: &'a [Real],
    pub c: &'a [Real],
}

/// All blocks in the order of the weight.
pub const fn in_order(blocks: usize) -> [Span; 2] {
    [Span { gate: 0, column: 0, blocks }, Span { gate: 0, column: 0, blocks: 0 }]
}

impl Cell {
    /// Entries of one row of c.
    pub fn c_size(&self, hidden: usize) -> usize {
        if self.has_c { hidden } else { 0 }
    }

    /// Adds the biases [G H] to where they belong in a row of gates.
    pub fn add_biases(
        &self,
        row: &mut [Real],
        bias_ih: Option<&[Real]>,
        bias_hh: Option<&[Real]>,
        hidden: usize,
    ) {
        if let Some(bias_ih) = bias_ih {
            for Span { gate, column, blocks } in self.input {
                let n = blocks * hidden;
                level1::add(&mut row[column * hidden..][..n], &bias_ih[gate * hidden..][..n]);
            }
        }
        if let Some(bias_hh) = bias_hh {
            level1::add(&mut row[self.recurrent * hidden..][..bias_hh.len()], bias_hh);
        }
    }

    /// Adds a row of gradients of gates to the biases [G H] that they come from.
    pub fn add_to_biases(
        &self,
        dbias_ih: Option<&mut [Real]>,
        dbias_hh: Option<&mut [Real]>,
        row: &[Real],
        hidden: usize,
    ) {
        if let Some(dbias_ih) = dbias_ih {
            for Span { gate, column, blocks } in self.input {
                let n = blocks * hidden;
                level1::add(&mut dbias_ih[gate * hidden..][..n], &row[column * hidden..][..n]);
            }
        }
        if let Some(dbias_hh) = dbias_hh {
            let n = dbias_hh.len();
            level1::add(dbias_hh, &row[self.recurrent * hidden..][..n]);
        }
    }
}

/// z = sigmoid(z + bias).
#[inline(never)]
pub fn sigmoid_of(math: Math, z: &mut [Real], bias: &[Real]) {
    update_with(z, bias, |z, bias| math.sigmoid(z + bias));
}
