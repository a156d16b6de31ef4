//! Layer normalisation over the last axis (Ba, Kiros and Hinton 2016), with PyTorch's biased variance.

use crate::level1;
use crate::reduce::{add_column_sums, sum, widen};
use crate::simd::{Real, Vector, map, map2, update_with, update_with2};
use crate::softmax::fold_sum;

/// What the backward pass keeps of each row.
#[derive(Clone, Copy)]
pub struct Moments<T> {
    /// \[rows\]
    pub mean: T,
    /// 1 / sqrt(variance + epsilon), \[rows\].
    pub rstd: T,
}

/// `y = (x - mean) rstd weight + bias` by rows, for x and y [rows, columns], weight and bias \[columns\].
///
/// The variance is that of the differences from the mean: a large mean costs it no digits.
pub fn layer_norm_forward(
    y: &mut [Real],
    moments: Moments<&mut [Real]>,
    x: &[Real],
    weight: Option<&[Real]>,
    bias: Option<&[Real]>,
    columns: usize,
    epsilon: f64,
) {
    if columns == 0 {
        return;
    }
    let rows = y.chunks_exact_mut(columns).zip(x.chunks_exact(columns));
    for ((y, x), (mean, rstd)) in rows.zip(moments.mean.iter_mut().zip(moments.rstd)) {
        *mean = (sum(x) / columns as f64) as Real;
        let shift = Vector::splat(*mean);
        map(y, x, |x| x - shift);
        let variance = widen(fold_sum(y, y, |d, _| d * d)) / columns as f64;
        *rstd = (1.0 / (variance + epsilon).sqrt()) as Real;
        level1::scale_in_place(y, *rstd);
        if let Some(weight) = weight {
            update_with(y, weight, |y, weight| y * weight);
        }
        if let Some(bias) = bias {
            level1::add(y, bias);
        }
    }
}

/// The gradients that are wanted.
pub struct LayerNormGradients<'a> {
    /// [rows, columns], assigned.
    pub dx: Option<&'a mut [Real]>,
    /// \[columns\], accumulated.
    pub dweight: Option<&'a mut [Real]>,
    /// \[columns\], accumulated.
    pub dbias: Option<&'a mut [Real]>,
}

/// With n = (x - mean) rstd and g = dy weight, by rows:
///
/// ```text
/// dx = rstd (g - mean(g) - n mean(g n)), dweight += dy n, dbias += dy
/// ```
pub fn layer_norm_backward(
    gradients: LayerNormGradients,
    dy: &[Real],
    moments: Moments<&[Real]>,
    x: &[Real],
    weight: Option<&[Real]>,
    columns: usize,
) {
    if columns == 0 {
        return;
    }
    let moments = || moments.mean.iter().zip(moments.rstd).map(|(&mean, &rstd)| (mean, rstd));
    if let Some(dx) = gradients.dx {
        let rows = dx.chunks_exact_mut(columns).zip(dy.chunks_exact(columns)).zip(x.chunks_exact(columns));
        for (((dx, dy), x), (mean, rstd)) in rows.zip(moments()) {
            match weight {
                Some(weight) => map2(dx, dy, weight, |dy, weight| dy * weight),
                None => dx.copy_from_slice(dy),
            }
            let (shift, scale) = (Vector::splat(mean), Vector::splat(rstd));
            let per_column = 1.0 / columns as Real;
            let g_mean = Vector::splat(per_column * fold_sum(dx, dx, |g, _| g));
            let gn_mean = Vector::splat(per_column * fold_sum(dx, x, |g, x| g * ((x - shift) * scale)));
            update_with(dx, x, |g, x| scale * ((g - g_mean) - (x - shift) * scale * gn_mean));
        }
    }
    if let Some(dweight) = gradients.dweight {
        let rows = dy.chunks_exact(columns).zip(x.chunks_exact(columns));
        for ((dy, x), (mean, rstd)) in rows.zip(moments()) {
            let (shift, scale) = (Vector::splat(mean), Vector::splat(rstd));
            update_with2(dweight, dy, x, |sum, dy, x| sum + dy * ((x - shift) * scale));
        }
    }
    if let Some(dbias) = gradients.dbias {
        add_column_sums(dbias, dy);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Numbers, SIZES, TOLERANCE, assert_close, assert_within, wide};
    #[cfg(feature = "f64")]
    use crate::testing::{assert_gradient, weighted};
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    const EPSILON: f64 = 1e-5;

    /// The normalised rows and 1 / sqrt(variance + epsilon) of each.
    fn reference(x: &[f64], columns: usize) -> (Vec<f64>, Vec<f64>) {
        let mut rstds = vec![];
        let n = x
            .chunks(columns.max(1))
            .flat_map(|row| {
                let mean = row.iter().sum::<f64>() / columns as f64;
                let variance = row.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / columns as f64;
                let rstd = 1.0 / (variance + EPSILON).sqrt();
                rstds.push(rstd);
                row.iter().map(move |x| (x - mean) * rstd)
            })
            .collect();
        (n, rstds)
    }

    #[test]
    fn rows_of_all_sizes_and_their_gradients() {
        let mut numbers = Numbers::seeded(140);
        for columns in SIZES {
            for (rows, affine) in [(0, true), (1, false), (1, true), (5, true)] {
                let (x, dy) = (numbers.reals(rows * columns), numbers.reals(rows * columns));
                let (weight, bias) = (numbers.reals(columns), numbers.reals(columns));
                let given = |values| affine.then_some(values);
                let (mut y, mut mean, mut rstd) =
                    (vec![Real::NAN; x.len()], vec![Real::NAN; rows], vec![Real::NAN; rows]);
                let out = Moments { mean: mean.as_mut_slice(), rstd: rstd.as_mut_slice() };
                let (weight_given, bias_given) = (given(weight.as_slice()), given(bias.as_slice()));
                layer_norm_forward(&mut y, out, &x, weight_given, bias_given, columns, EPSILON);

                let (n, rstds) = reference(&wide(&x), columns);
                let one = |values: &[Real], at: usize, plain| if affine { wide(values)[at] } else { plain };
                let at_column = |at: usize| (one(&weight, at % columns, 1.0), one(&bias, at % columns, 0.0));
                let want: Vec<f64> =
                    n.iter().enumerate().map(|(at, n)| n * at_column(at).0 + at_column(at).1).collect();
                assert_close(&format!("y {rows} {columns}"), &y, &want);

                let (mut dx, mut dweight, mut dbias) =
                    (vec![Real::NAN; x.len()], vec![1.0; columns], vec![1.0; columns]);
                let gradients = LayerNormGradients {
                    dx: Some(&mut dx),
                    dweight: Some(&mut dweight),
                    dbias: Some(&mut dbias),
                };
                let moments = Moments { mean: mean.as_slice(), rstd: rstd.as_slice() };
                layer_norm_backward(gradients, &dy, moments, &x, weight_given, columns);
                let dy = wide(&dy);
                let g: Vec<f64> = dy.iter().enumerate().map(|(at, dy)| dy * at_column(at).0).collect();
                let mut want_dx = vec![];
                let (mut want_dweight, mut want_dbias) = (vec![1.0; columns], vec![1.0; columns]);
                for at in 0..x.len() {
                    let row = at / columns * columns..(at / columns + 1) * columns;
                    let mean = |f: &dyn Fn(usize) -> f64| row.clone().map(f).sum::<f64>() / columns as f64;
                    let centred = g[at] - mean(&|j| g[j]) - n[at] * mean(&|j| g[j] * n[j]);
                    want_dx.push(rstds[at / columns] * centred);
                    want_dweight[at % columns] += dy[at] * n[at];
                    want_dbias[at % columns] += dy[at];
                }
                // Rows of nearly equal entries are scaled up by rstd, rounding errors with them.
                let scale = rstds.iter().fold(1.0_f64, |largest, &rstd| largest.max(rstd));
                assert_within(&format!("dx {rows} {columns}"), &dx, &want_dx, scale * TOLERANCE);
                assert_close("dweight", &dweight, &want_dweight);
                assert_close("dbias", &dbias, &want_dbias);
            }
        }
    }

    #[test]
    fn equal_entries_become_the_bias_and_nan_stays_in_its_row() {
        let x = [3.0, 3.0, 3.0, 1.0, Real::NAN, 2.0];
        let (mut y, mut mean, mut rstd) = ([9.0; 6], [0.0; 2], [0.0; 2]);
        let moments = Moments { mean: mean.as_mut_slice(), rstd: rstd.as_mut_slice() };
        layer_norm_forward(&mut y, moments, &x, None, Some(&[0.5, -1.0, 2.0]), 3, EPSILON);
        assert_eq!(y[..3], [0.5, -1.0, 2.0]);
        assert!(y[3..].iter().all(|y| y.is_nan()));
    }

    #[cfg(feature = "f64")]
    #[test]
    fn gradients_are_finite_differences() {
        let mut numbers = Numbers::seeded(141);
        for (rows, columns) in [(1, 2), (3, 5), (2, 17)] {
            let (x, dy) = (numbers.reals(rows * columns), numbers.reals(rows * columns));
            let (weight, bias) = (numbers.reals(columns), numbers.reals(columns));
            let forward =
                |mean: &mut [Real], rstd: &mut [Real], x: &[Real], weight: &[Real], bias: &[Real]| {
                    let mut y = vec![0.0; x.len()];
                    let moments = Moments { mean, rstd };
                    layer_norm_forward(&mut y, moments, x, Some(weight), Some(bias), columns, EPSILON);
                    weighted(&y, &dy)
                };
            let (mut mean, mut rstd) = (vec![0.0; rows], vec![0.0; rows]);
            forward(&mut mean, &mut rstd, &x, &weight, &bias);
            let (mut dx, mut dweight, mut dbias) =
                (vec![0.0; x.len()], vec![0.0; columns], vec![0.0; columns]);
            let gradients = LayerNormGradients {
                dx: Some(&mut dx),
                dweight: Some(&mut dweight),
                dbias: Some(&mut dbias),
            };
            let moments = Moments { mean: mean.as_slice(), rstd: rstd.as_slice() };
            layer_norm_backward(gradients, &dy, moments, &x, Some(&weight), columns);
            let mut loss =
                |x: &[Real], weight: &[Real], bias: &[Real]| forward(&mut mean, &mut rstd, x, weight, bias);
            assert_gradient("dx", &x, &dx, |x| loss(x, &weight, &bias));
            assert_gradient("dweight", &weight, &dweight, |weight| loss(&x, weight, &bias));
            assert_gradient("dbias", &bias, &dbias, |bias| loss(&x, &weight, bias));
        }
    }
}
