//! Panels: copies of A and B in the order in which the micro-kernel reads them, padded with zeros to whole tiles.

use super::View;
use super::microkernel::{MR, NR};
use crate::simd::{LANES, Real, Vector};

/// Source rows that are packed together. Walking all panels for a few rows reads each row in order and writes whole cache
/// lines; panel by panel would jump a whole row at every step.
const ROW_BLOCK: usize = 8;

/// Packs rows `row..row + rows` and columns `column..column + depth` of A into panels [depth, MR].
pub fn pack_a(panels: &mut [Real], a: View, row: usize, rows: usize, column: usize, depth: usize) {
    let panels = &mut panels[..rows.div_ceil(MR) * depth * MR];
    if a.row_stride == 1 {
        return pack_a_transposed(panels, a, row, rows, column, depth);
    }
    for (block, panel) in panels.chunks_exact_mut(depth * MR).enumerate() {
        let first = row + block * MR;
        let filled = (rows - block * MR).min(MR);
        let line = |i: usize| &a.data[(first + i) * a.row_stride + column..][..depth];
        let (panel, _) = panel.as_chunks_mut::<MR>();
        if filled == MR {
            interleave(panel, core::array::from_fn(line));
        } else {
            panel.fill([0.0; MR]);
            for i in 0..filled {
                for (entry, &x) in panel.iter_mut().zip(line(i)) {
                    entry[i] = x;
                }
            }
        }
    }
}

/// `panel[p][i] = lines[i][p]`, in squares of vectors; N is a multiple of the lanes.
#[inline(always)]
fn interleave<const N: usize>(panel: &mut [[Real; N]], lines: [&[Real]; N]) {
    let (squares, rest) = panel.as_chunks_mut::<LANES>();
    let done = squares.len() * LANES;
    // Cut to one length, so that the loop needs no checks of its own.
    let chunks = lines.map(|line| &line.as_chunks::<LANES>().0[..squares.len()]);
    for (at, square) in squares.iter_mut().enumerate() {
        for (first, chunks) in chunks.as_chunks::<LANES>().0.iter().enumerate() {
            let columns = Vector::transpose(chunks.map(|chunks| Vector::load(&chunks[at])));
            for (entry, column) in square.iter_mut().zip(columns) {
                column.store(&mut entry.as_chunks_mut::<LANES>().0[first]);
            }
        }
    }
    for (p, entry) in (done..).zip(rest) {
        *entry = lines.map(|line| line[p]);
    }
}

/// As [`pack_a`] for a transposed row-major A, where the entries of a column lie next to each other.
fn pack_a_transposed(panels: &mut [Real], a: View, row: usize, rows: usize, column: usize, depth: usize) {
    for p in (0..depth).step_by(ROW_BLOCK) {
        let end = (p + ROW_BLOCK).min(depth);
        for (block, panel) in panels.chunks_exact_mut(depth * MR).enumerate() {
            let first = row + block * MR;
            let filled = (rows - block * MR).min(MR);
            let (panel, _) = panel.as_chunks_mut::<MR>();
            for (p, entry) in (p..end).zip(&mut panel[p..end]) {
                let from = &a.data[first + (column + p) * a.column_stride..][..filled];
                match from.first_chunk() {
                    Some(whole) => *entry = *whole,
                    None => {
                        *entry = [0.0; MR];
                        entry[..filled].copy_from_slice(from);
                    }
                }
            }
        }
    }
}

/// Packs rows `row..row + depth` and columns `column..column + columns` of B into panels [depth, NR].
pub fn pack_b(panels: &mut [Real], b: View, row: usize, depth: usize, column: usize, columns: usize) {
    let panel_len = depth * NR;
    let whole = columns / NR;
    let panels = &mut panels[..columns.div_ceil(NR) * panel_len];
    if b.column_stride == 1 {
        for block in (0..depth).step_by(ROW_BLOCK) {
            let count = ROW_BLOCK.min(depth - block);
            // A last block has fewer rows; its last one then stands for those that are missing and is not read again.
            let rows: [&[Real]; ROW_BLOCK] = core::array::from_fn(|i| {
                let p = block + i.min(count - 1);
                &b.data[(row + p) * b.row_stride + column..][..columns]
            });
            let chunks = rows.map(|row| &row.as_chunks::<NR>().0[..whole]);
            let mut panels = panels.chunks_exact_mut(panel_len).map(|panel| &mut panel[block * NR..]);
            for (at, to) in panels.by_ref().take(whole).enumerate() {
                let (to, _) = to.as_chunks_mut::<NR>();
                for (entry, chunks) in to[..count].iter_mut().zip(chunks) {
                    *entry = chunks[at];
                }
            }
            if let Some(to) = panels.next() {
                let (to, _) = to.as_chunks_mut::<NR>();
                for (entry, row) in to[..count].iter_mut().zip(rows) {
                    *entry = [0.0; NR];
                    entry[..columns - whole * NR].copy_from_slice(&row[whole * NR..]);
                }
            }
        }
        return;
    }
    for (panel, to) in panels.chunks_exact_mut(panel_len).enumerate() {
        let first = column + panel * NR;
        let filled = (columns - panel * NR).min(NR);
        let (to, _) = to.as_chunks_mut::<NR>();
        if filled == NR {
            interleave(to, core::array::from_fn(|j| &b.data[row + (first + j) * b.column_stride..][..depth]));
            continue;
        }
        to.fill([0.0; NR]);
        for j in 0..filled {
            let start = row + (first + j) * b.column_stride;
            for (entry, &x) in to.iter_mut().zip(&b.data[start..][..depth]) {
                entry[j] = x;
            }
        }
    }
}
