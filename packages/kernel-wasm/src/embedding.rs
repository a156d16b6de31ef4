//! Rows of a table by id.

use crate::error::{KernelError, Result};
use crate::level1;
use crate::simd::Real;

/// Refuses the first index outside `0..limit`.
pub(crate) fn check_indices(indices: &[i32], limit: usize) -> Result {
    match indices.iter().position(|&index| usize::try_from(index).map_or(true, |index| index >= limit)) {
        Some(position) => Err(KernelError::IndexOutOfRange { position, value: indices[position], limit }),
        None => Ok(()),
    }
}

/// `y[r] = weight[ids[r]]` for weight [vocabulary, size].
pub fn embedding_forward(
    y: &mut [Real],
    weight: &[Real],
    ids: &[i32],
    vocabulary: usize,
    size: usize,
) -> Result {
    check_indices(ids, vocabulary)?;
    if size == 0 {
        return Ok(());
    }
    for (y, &id) in y.chunks_exact_mut(size).zip(ids) {
        y.copy_from_slice(&weight[id as usize * size..][..size]);
    }
    Ok(())
}

/// `dweight[ids[r]] += dy[r]`, in the order of the rows.
pub fn embedding_backward(
    dweight: &mut [Real],
    dy: &[Real],
    ids: &[i32],
    vocabulary: usize,
    size: usize,
) -> Result {
    check_indices(ids, vocabulary)?;
    if size == 0 {
        return Ok(());
    }
    for (dy, &id) in dy.chunks_exact(size).zip(ids) {
        level1::add(&mut dweight[id as usize * size..][..size], dy);
    }
    Ok(())
}
