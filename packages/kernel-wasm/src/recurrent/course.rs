//! Which steps each row takes, and in which order.

use crate::error::{KernelError, Result};
use crate::simd::Real;
use crate::workspace::Buffer;

/// States are stored in time order, one block more than steps: forwards block t holds the state before step t, in
/// reverse block t + 1 does. A row takes the steps below its length; before and behind them its state stays as it is.
/// So the last state of every row is that of the last block (forwards) or of block 0 (in reverse).
#[derive(Clone, Copy)]
pub struct Course<'a> {
    /// Steps of each row, [B]; all T when absent.
    pub lengths: Option<&'a [i32]>,
    /// From the last step of each row to its first.
    pub reverse: bool,
}

impl Course<'_> {
    /// Refuses lengths outside 0..=T.
    pub fn check(&self, steps: usize) -> Result {
        for (position, &value) in self.lengths.unwrap_or(&[]).iter().enumerate() {
            if usize::try_from(value).is_ok_and(|length| length <= steps) {
                continue;
            }
            return Err(KernelError::IndexOutOfRange { position, value, limit: steps.saturating_add(1) });
        }
        Ok(())
    }

    /// The place of the n-th of so many steps (or groups of steps).
    pub fn nth(&self, n: usize, count: usize) -> usize {
        if self.reverse { count - 1 - n } else { n }
    }

    /// Block of the state before step t.
    pub fn before(&self, t: usize) -> usize {
        t + usize::from(self.reverse)
    }

    /// Block of the state after step t.
    pub fn after(&self, t: usize) -> usize {
        t + usize::from(!self.reverse)
    }

    /// Block of the state before all steps.
    pub fn start(&self, steps: usize) -> usize {
        if self.reverse { steps } else { 0 }
    }

    pub fn takes(&self, t: usize, row: usize) -> bool {
        self.lengths.is_none_or(|lengths| lengths[row].cast_unsigned() as usize > t)
    }

    /// Rows up to the last that takes step t: those behind need no product. All of them work where rows are sorted by
    /// falling length.
    pub fn rows(&self, t: usize, batch: usize) -> usize {
        (0..batch).rev().find(|&row| self.takes(t, row)).map_or(0, |last| last + 1)
    }

    /// x [T, B, size] with zeros where a row has ended: dz is zero there, but 0 times NaN is not.
    pub fn taken<'x>(&self, buffer: &'x mut Buffer, x: &'x [Real], size: usize) -> Result<&'x [Real]> {
        let Some(lengths) = self.lengths.filter(|_| size > 0) else { return Ok(x) };
        let copy = buffer.take(x.len())?;
        copy.copy_from_slice(x);
        for (at, row) in copy.chunks_exact_mut(size).enumerate() {
            if !self.takes(at / lengths.len(), at % lengths.len()) {
                row.fill(0.0);
            }
        }
        Ok(copy)
    }
}
