//! Scratch memory that outlives calls: packed panels and recurrent state.
//!
//! A buffer only grows, so a training loop allocates in its first step and never again.

use crate::error::{KernelError, Result};
use crate::simd::{LINE, Line, Real, reals_of};

/// One growing buffer, aligned to cache lines.
#[derive(Default)]
pub struct Buffer(Vec<Line>);

impl Buffer {
    pub const fn new() -> Self {
        Self(Vec::new())
    }

    /// `len` reals with whatever they held before.
    pub fn take(&mut self, len: usize) -> Result<&mut [Real]> {
        let lines = len.div_ceil(LINE);
        if lines > self.0.len() {
            // Free first: the old content is of no use, and the two together may not fit.
            self.0 = Vec::new();
            let bytes = lines.saturating_mul(size_of::<Line>());
            self.0.try_reserve_exact(lines).map_err(|_| KernelError::OutOfMemory { bytes })?;
            self.0.resize(lines, Line([0.0; LINE]));
        }
        Ok(&mut reals_of(&mut self.0)[..len])
    }

    fn bytes(&self) -> usize {
        self.0.capacity() * size_of::<Line>()
    }
}

/// The buffers of all operations, by what they hold.
#[derive(Default)]
pub struct Workspace {
    /// One block of A in panels of MR rows.
    pub packed_a: Buffer,
    /// One block of B in panels of NR columns.
    pub packed_b: Buffer,
    /// Recurrent weights, packed once per sequence.
    pub recurrent: Buffer,
    /// Gradients carried from step to step.
    pub carry: Buffer,
}

impl Workspace {
    pub const fn new() -> Self {
        Self {
            packed_a: Buffer::new(),
            packed_b: Buffer::new(),
            recurrent: Buffer::new(),
            carry: Buffer::new(),
        }
    }

    /// Bytes held, used or not.
    pub fn bytes(&self) -> usize {
        self.packed_a.bytes() + self.packed_b.bytes() + self.recurrent.bytes() + self.carry.bytes()
    }
}
