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

/// `dweight[ids[r]] += dy[r]`, in the order of the rows; id `padding` (-1: none) gets nothing.
pub fn embedding_backward(
    dweight: &mut [Real],
    dy: &[Real],
    ids: &[i32],
    vocabulary: usize,
    size: usize,
    padding: i32,
) -> Result {
    check_indices(ids, vocabulary)?;
    if size == 0 {
        return Ok(());
    }
    for (dy, &id) in dy.chunks_exact(size).zip(ids) {
        if id != padding {
            level1::add(&mut dweight[id as usize * size..][..size], dy);
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::Numbers;
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    #[test]
    fn rows_by_id_and_back() {
        let mut numbers = Numbers::seeded(100);
        for (rows, vocabulary, size) in [(0, 3, 2), (1, 1, 1), (5, 3, 4), (33, 7, 17), (3, 4, 0)] {
            let (weight, ids) = (numbers.reals(vocabulary * size), numbers.indices(rows, vocabulary));
            let (mut y, dy) = (vec![Real::NAN; rows * size], numbers.reals(rows * size));
            embedding_forward(&mut y, &weight, &ids, vocabulary, size).unwrap();
            for padding in [-1, 0] {
                let mut dweight = vec![1.0; weight.len()];
                embedding_backward(&mut dweight, &dy, &ids, vocabulary, size, padding).unwrap();
                let mut want = vec![1.0; weight.len()];
                for (r, &id) in ids.iter().enumerate() {
                    for j in 0..size {
                        assert_eq!(y[r * size + j], weight[id as usize * size + j]);
                        want[id as usize * size + j] += if id == padding { 0.0 } else { dy[r * size + j] };
                    }
                }
                assert_eq!(dweight, want, "accumulated, repeated ids included, padding {padding}");
            }
        }
    }

    #[test]
    fn ids_outside_the_vocabulary_are_refused_before_anything_is_written() {
        let weight = [1.0, 2.0];
        for value in [-1, 2, i32::MAX] {
            let error = Err(KernelError::IndexOutOfRange { position: 2, value, limit: 2 });
            let mut y = [5.0; 3];
            assert_eq!(embedding_forward(&mut y, &weight, &[0, 1, value], 2, 1), error);
            assert_eq!(y, [5.0; 3]);
            let mut dweight = [5.0; 2];
            assert_eq!(embedding_backward(&mut dweight, &y, &[0, 1, value], 2, 1, -1), error);
            assert_eq!(dweight, [5.0; 2]);
        }
    }
}
