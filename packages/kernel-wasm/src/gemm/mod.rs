//! General matrix product `C <- alpha A B + beta C`, after the blocking of Goto and Van de Geijn and of BLIS: B in
//! panels that stay in the last cache, a block of A in the second, one panel of B in the first, a tile of C in registers.

mod gemv;
mod microkernel;
mod pack;
mod packed_rows;

use crate::error::Result;
use crate::simd::{Real, Vector, update};
use crate::workspace::Buffer;
use core::ops::Range;
pub use gemv::{add_rows, add_rows_apart, dot_rows, dot_rows_apart};
pub use microkernel::NR as PANEL;
use microkernel::{MR, NR, tile};
use pack::{pack_a, pack_b};
pub use packed_rows::PackedRows;

/// Rows of a packed block of A: MC x KC is 128 KiB in f32.
const MC: usize = 128;
/// Depth of a block: a panel of B, KC x NR, is 8 KiB.
const KC: usize = 256;
/// Columns of a packed block of B: KC x NC is 1 MiB in f32.
const NC: usize = 1024;

/// A row-major matrix, or columns of one, or the transpose of that: entry (i, j) is
/// `data[i * row_stride + j * column_stride]`, and one of the strides is 1.
#[derive(Clone, Copy)]
pub struct View<'a> {
    data: &'a [Real],
    row_stride: usize,
    column_stride: usize,
}

impl<'a> View<'a> {
    /// A row-major matrix with rows so far apart.
    pub fn rows(data: &'a [Real], stride: usize) -> Self {
        Self { data, row_stride: stride, column_stride: 1 }
    }

    /// The transpose of a row-major matrix with rows so far apart.
    pub fn transposed(data: &'a [Real], stride: usize) -> Self {
        Self { data, row_stride: 1, column_stride: stride }
    }

    fn transpose(self) -> Self {
        Self { data: self.data, row_stride: self.column_stride, column_stride: self.row_stride }
    }

    fn is_row_major(&self) -> bool {
        self.column_stride == 1
    }

    /// Whether [rows, columns] of it, or of its transpose, is a row-major matrix without gaps.
    fn is_dense(&self, rows: usize, columns: usize) -> bool {
        let (stride, width) =
            if self.is_row_major() { (self.row_stride, columns) } else { (self.column_stride, rows) };
        stride == width
    }
}

/// Sizes and factors of `C[m, n] <- alpha A[m, k] B[k, n] + beta C`.
#[derive(Clone, Copy)]
pub struct Product {
    pub m: usize,
    pub n: usize,
    pub k: usize,
    pub alpha: Real,
    /// 0 means that C is not read.
    pub beta: Real,
}

impl Product {
    /// C = A B.
    pub fn assign(m: usize, n: usize, k: usize) -> Self {
        Self { m, n, k, alpha: 1.0, beta: 0.0 }
    }

    /// C += A B.
    pub fn accumulate(m: usize, n: usize, k: usize) -> Self {
        Self { m, n, k, alpha: 1.0, beta: 1.0 }
    }
}

/// The product of any two views into row-major c [m, n].
pub fn gemm(
    packed_a: &mut Buffer,
    packed_b: &mut Buffer,
    c: &mut [Real],
    a: View,
    b: View,
    product: Product,
) -> Result {
    let Product { m, n, k, alpha, beta } = product;
    if m == 0 || n == 0 {
        return Ok(());
    }
    if k == 0 {
        scale_by_beta(c, beta);
        return Ok(());
    }
    if m == 1 && a.is_row_major() && b.is_dense(k, n) {
        gemv_of(c, b.transpose(), n, k, &a.data[..k], alpha, beta);
        return Ok(());
    }
    if n == 1 && a.is_dense(m, k) && b.row_stride == 1 {
        gemv_of(c, a, m, k, &b.data[..k], alpha, beta);
        return Ok(());
    }
    let depth = k.min(KC);
    let panels = packed_b.take(n.min(NC).next_multiple_of(NR) * depth)?;
    packed_a.take(m.min(MC).next_multiple_of(MR) * depth)?;
    // LOOP 5: split n into blocks of NC columns of B and C.
    for column in (0..n).step_by(NC) {
        let columns = NC.min(n - column);
        // LOOP 4: split k into blocks of KC; pack that block of B.
        for p in (0..k).step_by(KC) {
            let depth = KC.min(k - p);
            pack_b(panels, b, p, depth, column, columns);
            let block = PackedBlock { panels, panel_stride: depth * NR, offset: 0, column, columns };
            // The first block of k applies the caller's beta, the others add to it.
            let beta = if p == 0 { beta } else { 1.0 };
            multiply_block(packed_a, c, n, a, block, Depth { p, depth }, Product { beta, ..product })?;
        }
    }
    Ok(())
}

fn scale_by_beta(c: &mut [Real], beta: Real) {
    if beta == 0.0 {
        c.fill(0.0);
    } else if beta != 1.0 {
        let beta = Vector::splat(beta);
        update(c, |c| c * beta);
    }
}

/// `y[m] = alpha W[m, k] x[k] + beta y` by whichever of W and its transpose is row-major.
fn gemv_of(y: &mut [Real], w: View, m: usize, k: usize, x: &[Real], alpha: Real, beta: Real) {
    if w.is_row_major() {
        dot_rows(y, &w.data[..m * k], x, alpha, beta);
    } else {
        add_rows(y, &w.data[..m * k], x, alpha, beta);
    }
}

/// Columns `column..column + columns` of B for one block of k: panel j starts at `j * panel_stride + offset`.
#[derive(Clone, Copy)]
struct PackedBlock<'a> {
    panels: &'a [Real],
    panel_stride: usize,
    offset: usize,
    column: usize,
    columns: usize,
}

/// Rows `p..p + depth` of B and columns of A.
#[derive(Clone, Copy)]
struct Depth {
    p: usize,
    depth: usize,
}

/// Loops 3 to 1: C[:, block] <- alpha A[:, p..] B[p.., block] + beta C for one packed block of B.
fn multiply_block(
    packed_a: &mut Buffer,
    c: &mut [Real],
    c_stride: usize,
    a: View,
    block: PackedBlock,
    Depth { p, depth }: Depth,
    Product { m, alpha, beta, .. }: Product,
) -> Result {
    let PackedBlock { panels, panel_stride, offset, column, columns } = block;
    // LOOP 3: split m into blocks of MC rows; pack that block of A.
    for row in (0..m).step_by(MC) {
        let rows = MC.min(m - row);
        let a_panels = packed_a.take(rows.next_multiple_of(MR) * depth)?;
        pack_a(a_panels, a, row, rows, p, depth);
        // LOOP 2: one panel of NR columns of B, which stays in the first cache.
        for j in (0..columns).step_by(NR) {
            let b_panel = &panels[j / NR * panel_stride + offset..][..depth * NR];
            let width = NR.min(columns - j);
            // LOOP 1: one panel of MR rows of A.
            for (block, a_panel) in a_panels.chunks_exact(depth * MR).enumerate() {
                let i = block * MR;
                let c_tile = &mut c[(row + i) * c_stride + column + j..];
                tile(a_panel, b_panel, c_tile, c_stride, MR.min(rows - i), width, alpha, beta);
            }
        }
    }
    Ok(())
}

/// All of B [k, n] in panels [k, NR], for several products with the same B.
pub struct PackedB<'a> {
    panels: &'a [Real],
    k: usize,
    n: usize,
}

impl<'a> PackedB<'a> {
    /// Reals that the panels of B [k, n] take.
    pub fn room(k: usize, n: usize) -> usize {
        n.next_multiple_of(NR) * k
    }

    /// `panels` has [`PackedB::room`].
    pub fn pack(panels: &'a mut [Real], b: View, k: usize, n: usize) -> Self {
        if k > 0 && n > 0 {
            pack_b(panels, b, 0, k, 0, n);
        }
        Self { panels, k, n }
    }

    /// `C[m, n] <- A[m, k] B + beta C` into the first n columns of a c with rows `c_stride` apart.
    pub fn multiply(
        &self,
        packed_a: &mut Buffer,
        c: (&mut [Real], usize),
        a: View,
        m: usize,
        beta: Real,
    ) -> Result {
        let part = Part { m, columns: 0..self.n, depth: 0..self.k, alpha: 1.0, beta };
        self.multiply_part(packed_a, c, a, part)
    }

    /// `C[m, columns] <- alpha A[m, depth] B[depth, columns] + beta C` for a part of B, the rows of c `c_stride` apart.
    pub fn multiply_part(
        &self,
        packed_a: &mut Buffer,
        (c, c_stride): (&mut [Real], usize),
        a: View,
        part: Part,
    ) -> Result {
        let Self { panels, k, .. } = *self;
        let Part { m, columns, depth, alpha, beta } = part;
        let (first, n) = (columns.start, columns.len());
        debug_assert!(first.is_multiple_of(NR), "a part starts with a panel");
        if n == 0 {
            return Ok(());
        }
        if depth.is_empty() {
            for row in c.chunks_mut(c_stride).take(m) {
                scale_by_beta(&mut row[..n], beta);
            }
        }
        let panels = &panels[first * k..];
        for p in depth.clone().step_by(KC) {
            let rows = KC.min(depth.end - p);
            let block = PackedBlock { panels, panel_stride: k * NR, offset: p * NR, column: 0, columns: n };
            let beta = if p == depth.start { beta } else { 1.0 };
            let product = Product { m, n, k, alpha, beta };
            let depth = Depth { p: p - depth.start, depth: rows };
            multiply_block(packed_a, c, c_stride, a, block, depth, product)?;
        }
        Ok(())
    }
}

/// Some columns of a [`PackedB`], the first of them a multiple of [`PANEL`], by some of its rows.
pub struct Part {
    pub m: usize,
    pub columns: Range<usize>,
    pub depth: Range<usize>,
    pub alpha: Real,
    /// 0 means that C is not read.
    pub beta: Real,
}

#[cfg(test)]
mod tests;
