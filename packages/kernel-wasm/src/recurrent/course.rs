//! Which steps each row takes, and in which order.

use crate::error::{KernelError, Result};
use crate::level1;
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

    /// The rows of every step; refuses lengths outside 0..=T.
    pub fn rows(&self, steps: usize, batch: usize) -> Result<Rows> {
        let whole = Rows { batch, ragged: None };
        let Some(lengths) = self.lengths else { return Ok(whole) };
        for (position, &value) in lengths.iter().enumerate() {
            if !usize::try_from(value).is_ok_and(|length| length <= steps) {
                return Err(KernelError::IndexOutOfRange { position, value, limit: steps.saturating_add(1) });
            }
        }
        let length = |row: usize| lengths[row].cast_unsigned() as usize;
        if (0..batch).all(|row| length(row) == steps) {
            return Ok(whole);
        }
        let (mut order, mut starts) = (room(batch)?, room(steps.saturating_add(1))?);
        for longest in (0..=steps).rev() {
            order.extend((0..batch).filter(|&row| length(row) == longest));
        }
        let mut start = 0;
        for t in 0..=steps {
            starts.push(start);
            start += (0..batch).filter(|&row| length(row) > t).count();
        }
        Ok(Rows { batch, ragged: Some(Ragged { order, starts }) })
    }
}

fn room(len: usize) -> Result<Vec<usize>> {
    let mut room = Vec::new();
    let bytes = len.saturating_mul(size_of::<usize>());
    room.try_reserve_exact(len).map_err(|_| KernelError::OutOfMemory { bytes })?;
    Ok(room)
}

/// The rows that every step has, one step behind the other without gaps: products see nothing of the steps that nobody
/// takes, neither their time nor their numbers.
pub struct Rows {
    batch: usize,
    ragged: Option<Ragged>,
}

struct Ragged {
    /// Rows of the batch by falling length: a step has the first of them.
    order: Vec<usize>,
    /// Where each step begins, and at T where the last one ends.
    starts: Vec<usize>,
}

impl Rows {
    /// Where step t begins; t = T: how many rows there are.
    pub fn start(&self, t: usize) -> usize {
        self.ragged.as_ref().map_or(t * self.batch, |ragged| ragged.starts[t])
    }

    /// Rows of step t.
    pub fn count(&self, t: usize) -> usize {
        self.start(t + 1) - self.start(t)
    }

    /// The row of the batch behind row k of a step; from `count` on those that have ended.
    pub fn of_batch(&self, k: usize) -> usize {
        self.ragged.as_ref().map_or(k, |ragged| ragged.order[k])
    }

    /// Whether some row ends before the others.
    pub fn are_ragged(&self) -> bool {
        self.ragged.is_some()
    }

    /// The rows of x [T, B, size] without gaps; x itself where it has none.
    pub fn gather<'x>(&self, buffer: &'x mut Buffer, x: &'x [Real], size: usize) -> Result<&'x [Real]> {
        let Some(ragged) = &self.ragged else { return Ok(x) };
        let steps = ragged.starts.len() - 1;
        let packed = buffer.take(ragged.starts[steps] * size)?;
        for t in 0..steps {
            for k in 0..self.count(t) {
                let from = &x[(t * self.batch + ragged.order[k]) * size..][..size];
                packed[(ragged.starts[t] + k) * size..][..size].copy_from_slice(from);
            }
        }
        Ok(packed)
    }

    /// The way back of `gather`: to y [T, B, size], zeros for steps that nobody takes; or added to it.
    pub fn scatter(&self, y: &mut [Real], packed: &[Real], size: usize, add: bool) {
        if !add {
            y.fill(0.0);
        }
        let steps = y.len().checked_div(self.batch * size).unwrap_or(0);
        for t in 0..steps {
            for k in 0..self.count(t) {
                let to = &mut y[(t * self.batch + self.of_batch(k)) * size..][..size];
                level1::add(to, &packed[(self.start(t) + k) * size..][..size]);
            }
        }
    }
}
