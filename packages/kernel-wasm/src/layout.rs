//! Moving numbers without changing them.

use crate::simd::Real;

/// Side of the square blocks in which a transpose walks: rows and columns of a block stay in the first cache.
const TILE: usize = 16;

/// `y[batch, columns, rows, inner] = x[batch, rows, columns, inner]`.
pub fn transpose(y: &mut [Real], x: &[Real], rows: usize, columns: usize, inner: usize) {
    let matrix = rows * columns * inner;
    if matrix == 0 {
        return;
    }
    for (y, x) in y.chunks_exact_mut(matrix).zip(x.chunks_exact(matrix)) {
        for row in (0..rows).step_by(TILE) {
            for column in (0..columns).step_by(TILE) {
                for j in column..columns.min(column + TILE) {
                    for i in row..rows.min(row + TILE) {
                        let from = (i * columns + j) * inner;
                        let to = (j * rows + i) * inner;
                        if inner == 1 {
                            y[to] = x[from];
                        } else {
                            y[to..to + inner].copy_from_slice(&x[from..from + inner]);
                        }
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Numbers, SIZES};
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    #[test]
    fn transposes_of_all_sizes() {
        for batch in [0, 1, 2] {
            for rows in SIZES {
                for columns in SIZES {
                    for inner in [0, 1, 3] {
                        let x = Numbers::seeded(50).reals(batch * rows * columns * inner);
                        let mut y = vec![Real::NAN; x.len()];
                        transpose(&mut y, &x, rows, columns, inner);
                        for (at, &want) in x.iter().enumerate() {
                            let (rest, e) = (at / inner, at % inner);
                            let (rest, j) = (rest / columns, rest % columns);
                            let (b, i) = (rest / rows, rest % rows);
                            assert_eq!(y[((b * columns + j) * rows + i) * inner + e], want);
                        }
                    }
                }
            }
        }
    }
}
