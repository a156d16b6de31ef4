//! One row of features out of each sequence: the mean or the largest over its own steps.
//!
//! x [T, B, C] time-major, y [B, C], lengths \[B\] in 0..=T. Steps behind a row's end are not read and get gradient 0; a
//! row without steps gives 0. Sums go step by step, so more padding never changes a bit.

use crate::embedding::check_indices;
use crate::error::Result;
use crate::level1;
use crate::simd::Real;

#[derive(Clone, Copy)]
pub struct PoolingSizes {
    pub steps: usize,
    pub batch: usize,
    pub columns: usize,
}

impl PoolingSizes {
    /// Where row b of step t starts.
    fn at(self, t: usize, b: usize) -> usize {
        (t * self.batch + b) * self.columns
    }
}

/// `y[b] = sum over t < length of x[t, b] / length`.
pub fn mean_over_time_forward(y: &mut [Real], x: &[Real], lengths: &[i32], sizes: PoolingSizes) -> Result {
    check_indices(lengths, sizes.steps + 1)?;
    y.fill(0.0);
    for (b, &length) in lengths.iter().enumerate().filter(|&(_, &length)| length > 0) {
        let y = &mut y[b * sizes.columns..][..sizes.columns];
        for t in 0..length as usize {
            level1::add(y, &x[sizes.at(t, b)..][..sizes.columns]);
        }
        level1::scale_in_place(y, 1.0 / length as Real);
    }
    Ok(())
}

/// `dx[t, b] = dy[b] / length` for t < length.
pub fn mean_over_time_backward(dx: &mut [Real], dy: &[Real], lengths: &[i32], sizes: PoolingSizes) -> Result {
    check_indices(lengths, sizes.steps + 1)?;
    dx.fill(0.0);
    for (b, &length) in lengths.iter().enumerate() {
        let dy = &dy[b * sizes.columns..][..sizes.columns];
        for t in 0..length as usize {
            level1::scale(&mut dx[sizes.at(t, b)..][..sizes.columns], dy, 1.0 / length as Real);
        }
    }
    Ok(())
}

/// `y[b, c]` = the largest `x[t, b, c]` for t < length, NaN where there is one; `steps` [B, C] keeps the first t that has
/// it, -1 in rows without steps.
pub fn max_over_time_forward(
    y: &mut [Real],
    steps: &mut [i32],
    x: &[Real],
    lengths: &[i32],
    sizes: PoolingSizes,
) -> Result {
    check_indices(lengths, sizes.steps + 1)?;
    y.fill(0.0);
    steps.fill(-1);
    for (b, &length) in lengths.iter().enumerate() {
        let y = &mut y[b * sizes.columns..][..sizes.columns];
        let steps = &mut steps[b * sizes.columns..][..sizes.columns];
        for t in 0..length {
            let x = &x[sizes.at(t as usize, b)..][..sizes.columns];
            for ((y, step), &x) in y.iter_mut().zip(steps.iter_mut()).zip(x) {
                if t == 0 || x > *y || (x.is_nan() && !y.is_nan()) {
                    (*y, *step) = (x, t);
                }
            }
        }
    }
    Ok(())
}

/// `dx[steps[b, c], b, c] = dy[b, c]`, 0 elsewhere.
pub fn max_over_time_backward(dx: &mut [Real], dy: &[Real], steps: &[i32], sizes: PoolingSizes) -> Result {
    dx.fill(0.0);
    for (b, (dy, steps)) in
        dy.chunks(sizes.columns.max(1)).zip(steps.chunks(sizes.columns.max(1))).enumerate()
    {
        for (c, (&dy, &step)) in dy.iter().zip(steps).enumerate().filter(|(_, (_, step))| **step >= 0) {
            check_indices(&[step], sizes.steps)?;
            dx[sizes.at(step as usize, b) + c] = dy;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::KernelError;
    use crate::testing::{Numbers, SIZES, assert_close, wide};
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    #[test]
    fn rows_of_all_lengths_and_their_gradients() {
        let mut numbers = Numbers::seeded(150);
        for columns in SIZES {
            for (steps, batch) in [(0, 2), (1, 1), (5, 0), (7, 5)] {
                let sizes = PoolingSizes { steps, batch, columns };
                let lengths = numbers.indices(batch, steps + 1);
                let mut x = numbers.reals(steps * batch * columns);
                for (at, x) in x.iter_mut().enumerate() {
                    let (t, b) = (at / columns / batch, at / columns % batch);
                    if t >= lengths[b] as usize {
                        *x = Real::NAN;
                    }
                }
                let dy = numbers.reals(batch * columns);
                let (mut mean, mut max) = (vec![Real::NAN; dy.len()], vec![Real::NAN; dy.len()]);
                let mut largest = vec![9; dy.len()];
                let (mut dmean, mut dmax) = (vec![Real::NAN; x.len()], vec![Real::NAN; x.len()]);
                mean_over_time_forward(&mut mean, &x, &lengths, sizes).unwrap();
                mean_over_time_backward(&mut dmean, &dy, &lengths, sizes).unwrap();
                max_over_time_forward(&mut max, &mut largest, &x, &lengths, sizes).unwrap();
                max_over_time_backward(&mut dmax, &dy, &largest, sizes).unwrap();

                let (wide_x, wide_dy) = (wide(&x), wide(&dy));
                let (mut want_mean, mut want_max) = (vec![0.0; dy.len()], vec![0.0; dy.len()]);
                let (mut want_dmean, mut want_dmax) = (vec![0.0; x.len()], vec![0.0; x.len()]);
                for at in 0..dy.len() {
                    let length = lengths[at / columns] as usize;
                    let entry = |t: usize| t * batch * columns + at;
                    let column: Vec<f64> = (0..length).map(|t| wide_x[entry(t)]).collect();
                    let Some(top) = column.iter().copied().reduce(f64::max) else { continue };
                    want_mean[at] = column.iter().sum::<f64>() / length as f64;
                    want_max[at] = top;
                    for t in 0..length {
                        want_dmean[entry(t)] = wide_dy[at] / length as f64;
                    }
                    want_dmax[entry(column.iter().position(|&x| x == top).unwrap())] = wide_dy[at];
                }
                assert_close("mean", &mean, &want_mean);
                assert_close("max", &max, &want_max);
                assert_close("dmean", &dmean, &want_dmean);
                assert_close("dmax", &dmax, &want_dmax);
            }
        }
    }

    #[test]
    fn the_first_of_equals_wins_and_nan_comes_through() {
        let sizes = PoolingSizes { steps: 3, batch: 1, columns: 3 };
        let x = [1.0, 5.0, 2.0, 1.0, Real::NAN, 3.0, 0.0, 9.0, 3.0];
        let (mut y, mut steps) = ([0.0; 3], [0; 3]);
        max_over_time_forward(&mut y, &mut steps, &x, &[3], sizes).unwrap();
        assert_eq!((y[0], y[2], steps), (1.0, 3.0, [0, 1, 1]));
        assert!(y[1].is_nan());
    }

    #[test]
    fn lengths_and_steps_outside_the_sequence_are_refused() {
        let sizes = PoolingSizes { steps: 2, batch: 1, columns: 1 };
        for value in [-1, 3] {
            let error = Err(KernelError::IndexOutOfRange { position: 0, value, limit: 3 });
            assert_eq!(mean_over_time_forward(&mut [0.0], &[1.0, 2.0], &[value], sizes), error);
            assert_eq!(mean_over_time_backward(&mut [0.0; 2], &[1.0], &[value], sizes), error);
            assert_eq!(max_over_time_forward(&mut [0.0], &mut [0], &[1.0, 2.0], &[value], sizes), error);
        }
        let error = Err(KernelError::IndexOutOfRange { position: 0, value: 2, limit: 2 });
        assert_eq!(max_over_time_backward(&mut [0.0; 2], &[1.0], &[2], sizes), error);
    }
}
