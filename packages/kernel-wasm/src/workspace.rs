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
    /// Gates of some steps, where nobody keeps them.
    pub gates: Buffer,
    /// Rows of a ragged batch without gaps.
    pub rows: Buffer,
    /// Keys of one attention head, packed.
    pub keys: Buffer,
    /// Values of one attention head, packed.
    pub values: Buffer,
    /// Scores of one block of queries.
    pub scores: Buffer,
}

impl Workspace {
    pub const fn new() -> Self {
        Self {
            packed_a: Buffer::new(),
            packed_b: Buffer::new(),
            recurrent: Buffer::new(),
            carry: Buffer::new(),
            gates: Buffer::new(),
            rows: Buffer::new(),
            keys: Buffer::new(),
            values: Buffer::new(),
            scores: Buffer::new(),
        }
    }

    /// Bytes held, used or not.
    pub fn bytes(&self) -> usize {
        let Self { packed_a, packed_b, recurrent, carry, gates, rows, keys, values, scores } = self;
        [packed_a, packed_b, recurrent, carry, gates, rows, keys, values, scores]
            .map(Buffer::bytes)
            .iter()
            .sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    #[test]
    fn buffers_only_grow() {
        let mut workspace = Workspace::new();
        assert_eq!(workspace.bytes(), 0);
        assert_eq!(workspace.packed_a.take(100).unwrap().len(), 100);
        let bytes = workspace.bytes();
        assert!(bytes >= 100 * size_of::<Real>());
        assert_eq!(workspace.packed_a.take(3).unwrap().len(), 3);
        assert_eq!(workspace.packed_a.take(0).unwrap().len(), 0);
        assert_eq!(workspace.bytes(), bytes);
    }

    #[test]
    fn buffers_are_aligned_to_cache_lines() {
        for len in [1, 17, 1000] {
            assert!(Buffer::new().take(len).unwrap().as_ptr().addr().is_multiple_of(64));
        }
    }

    #[test]
    fn too_much_is_an_error_and_the_buffer_lives_on() {
        let mut buffer = Buffer::new();
        let too_many = isize::MAX as usize / size_of::<Real>() + 1;
        assert!(matches!(buffer.take(too_many), Err(KernelError::OutOfMemory { .. })));
        assert_eq!(buffer.take(5).unwrap().len(), 5);
    }
}
