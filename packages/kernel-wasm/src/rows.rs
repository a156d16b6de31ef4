//! Rows that lie apart from each other: columns of a matrix, and rows chosen by a mask.

use crate::level1;
use crate::simd::Real;

/// Rows of `width` entries; their first entries lie `y_stride` and `x_stride` apart.
#[derive(Clone, Copy)]
pub struct RowSizes {
    pub rows: usize,
    pub width: usize,
    pub y_stride: usize,
    pub x_stride: usize,
}

/// `y[r, :width] = x[r, :width]`; what lies between the rows of y stays.
pub fn copy_rows(y: &mut [Real], x: &[Real], sizes: RowSizes) {
    for_rows(y, x, sizes, |y, x| y.copy_from_slice(x));
}

/// `y[r, :width] += x[r, :width]`.
pub fn accumulate_rows(y: &mut [Real], x: &[Real], sizes: RowSizes) {
    for_rows(y, x, sizes, level1::add);
}

fn for_rows(y: &mut [Real], x: &[Real], sizes: RowSizes, each: impl Fn(&mut [Real], &[Real])) {
    let RowSizes { rows, width, y_stride, x_stride } = sizes;
    if width == 0 {
        return;
    }
    for row in 0..rows {
        each(&mut y[row * y_stride..][..width], &x[row * x_stride..][..width]);
    }
}

/// `y[r] = a[r]` where `mask[r]` is not 0, else `b[r]`; an absent operand is zeros.
pub fn select_rows(y: &mut [Real], mask: &[i32], a: Option<&[Real]>, b: Option<&[Real]>, width: usize) {
    if width == 0 {
        return;
    }
    for (row, (y, &mask)) in y.chunks_exact_mut(width).zip(mask).enumerate() {
        match if mask == 0 { b } else { a } {
            Some(from) => y.copy_from_slice(&from[row * width..][..width]),
            None => y.fill(0.0),
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
    fn copies_and_adds_columns() {
        let mut numbers = Numbers::seeded(51);
        for rows in [0, 1, 3] {
            for width in SIZES {
                let (y_stride, x_stride) = (width + 2, width + 5);
                let sizes = RowSizes { rows, width, y_stride, x_stride };
                let (before, x) = (numbers.reals(rows * y_stride), numbers.reals(rows * x_stride));
                let (mut copied, mut added) = (before.clone(), before.clone());
                copy_rows(&mut copied, &x, sizes);
                accumulate_rows(&mut added, &x, sizes);
                for (at, &old) in before.iter().enumerate() {
                    let (row, column) = (at / y_stride, at % y_stride);
                    let term = (column < width).then(|| x[row * x_stride + column]);
                    assert_eq!(copied[at], term.unwrap_or(old));
                    assert_eq!(added[at], term.map_or(old, |term| old + term));
                }
            }
        }
    }

    #[test]
    fn the_last_row_may_end_with_its_width() {
        let (mut y, x) = ([0.0; 3], [1.0, 2.0, 3.0, 4.0]);
        copy_rows(&mut y, &x, RowSizes { rows: 2, width: 1, y_stride: 2, x_stride: 3 });
        assert_eq!(y, [1.0, 0.0, 4.0]);
    }

    #[test]
    fn chooses_rows_by_a_mask() {
        let (a, b) = ([1.0, 2.0, Real::NAN, 4.0], [5.0, 6.0, 7.0, 8.0]);
        let mut y = [Real::NAN; 4];
        select_rows(&mut y, &[-3, 0], Some(&a), Some(&b), 2);
        assert_eq!(y, [1.0, 2.0, 7.0, 8.0]);
        select_rows(&mut y, &[0, 1], Some(&b), None, 2);
        assert_eq!(y, [0.0, 0.0, 7.0, 8.0]);
        select_rows(&mut y, &[0, 1, 0, 0], None, Some(&b), 1);
        assert_eq!(y, [5.0, 0.0, 7.0, 8.0]);
        select_rows(&mut [], &[1, 0], Some(&[]), Some(&[]), 0);
    }
}
