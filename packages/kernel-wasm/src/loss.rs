//! Cross-entropy of logits against class indices, fused with log-softmax.

use crate::embedding::check_indices;
use crate::error::Result;
use crate::math::Math;
use crate::reduce::widen;
use crate::simd::{LANES, Real, Vector, map, update};
use crate::softmax::{exp_shifted, largest};

/// Mean over rows of `-log softmax(logits)[target]`, accumulated in f64; 0 for no rows. `probs` gets the softmax.
///
/// logits [rows, classes], targets [rows] in `0..classes`, loss \[1\].
pub fn cross_entropy_forward(
    loss: &mut [Real],
    mut probs: Option<&mut [Real]>,
    logits: &[Real],
    targets: &[i32],
    classes: usize,
) -> Result {
    check_indices(targets, classes)?;
    let math = Math::load();
    let mut total = 0.0_f64;
    for (row, &target) in targets.iter().enumerate() {
        let logits = &logits[row * classes..][..classes];
        let max = largest(logits);
        let sum = match probs.as_deref_mut() {
            Some(probs) => {
                let probs = &mut probs[row * classes..][..classes];
                let sum = exp_shifted(math, probs, logits, max);
                let divisor = Vector::splat(sum);
                update(probs, |e| e / divisor);
                sum
            }
            None => sum_of_exp(math, logits, max),
        };
        total += widen(math.log_of(sum)) - (widen(logits[target as usize]) - widen(max));
    }
    loss[0] = if targets.is_empty() { 0.0 } else { (total / targets.len() as f64) as Real };
    Ok(())
}

/// The sum of e^(x - max), in the order in which `exp_shifted` adds.
fn sum_of_exp(math: Math, x: &[Real], max: Real) -> Real {
    let shift = Vector::splat(max);
    let (chunks, tail) = x.as_chunks::<LANES>();
    let mut sum = Vector::zero();
    for chunk in chunks {
        sum = sum + math.exp(Vector::load(chunk) - shift);
    }
    let mut rest = [0.0; LANES];
    math.exp(Vector::load_tail(tail) - shift).store_tail(&mut rest[..tail.len()]);
    (sum + Vector::load(&rest)).sum()
}

/// dlogits = (probs - onehot) dloss / rows.
pub fn cross_entropy_backward(
    dlogits: &mut [Real],
    dloss: Real,
    probs: &[Real],
    targets: &[i32],
    classes: usize,
) -> Result {
    check_indices(targets, classes)?;
    let factor = dloss / targets.len() as Real;
    let scale = Vector::splat(factor);
    map(dlogits, probs, |p| p * scale);
    for (row, &target) in targets.iter().enumerate() {
        let at = row * classes + target as usize;
        dlogits[at] = (probs[at] - 1.0) * factor;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::KernelError;
    #[cfg(feature = "f64")]
    use crate::testing::assert_gradient;
    use crate::testing::{Numbers, assert_close, wide};
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    #[test]
    fn mean_over_rows_of_all_sizes() {
        let mut numbers = Numbers::seeded(80);
        for classes in [1, 2, 3, 4, 5, 17, 65] {
            for rows in [0, 1, 3, 33] {
                let (x, targets) = (numbers.reals(rows * classes), numbers.indices(rows, classes));
                let (mut loss, mut probs) = ([Real::NAN], vec![Real::NAN; x.len()]);
                cross_entropy_forward(&mut loss, Some(&mut probs), &x, &targets, classes).unwrap();
                let x64 = wide(&x);
                let log_probs: Vec<f64> = x64
                    .chunks(classes)
                    .flat_map(|row| {
                        let log_sum = row.iter().map(|x| x.exp()).sum::<f64>().ln();
                        row.iter().map(move |x| x - log_sum)
                    })
                    .collect();
                let total: f64 =
                    targets.iter().enumerate().map(|(r, &t)| -log_probs[r * classes + t as usize]).sum();
                assert_close("loss", &loss, &[total / rows.max(1) as f64]);
                assert_close("probs", &probs, &log_probs.iter().map(|x| x.exp()).collect::<Vec<_>>());

                let mut without_probs = [Real::NAN];
                cross_entropy_forward(&mut without_probs, None, &x, &targets, classes).unwrap();
                assert_eq!(loss, without_probs, "the same bits whether or not the softmax is kept");
            }
        }
    }

    #[test]
    fn a_confident_wrong_answer_has_a_finite_loss() {
        let mut loss = [0.0];
        cross_entropy_forward(&mut loss, None, &[1000.0, -1000.0], &[1], 2).unwrap();
        assert_eq!(loss, [2000.0]);
    }

    #[test]
    fn targets_outside_the_classes_are_refused() {
        let mut loss = [7.0];
        for (target, position) in [(-1, 1), (3, 1), (i32::MIN, 1)] {
            let error = KernelError::IndexOutOfRange { position, value: target, limit: 3 };
            let got = cross_entropy_forward(&mut loss, None, &[0.0; 6], &[2, target], 3);
            assert_eq!(got, Err(error));
            let got = cross_entropy_backward(&mut [0.0; 6], 1.0, &[0.0; 6], &[2, target], 3);
            assert_eq!(got, Err(error));
        }
        assert_eq!(loss, [7.0], "nothing was written");
    }

    #[cfg(feature = "f64")]
    #[test]
    fn gradient_is_finite_differences() {
        let mut numbers = Numbers::seeded(81);
        for (rows, classes) in [(1, 2), (3, 5), (2, 17)] {
            let (x, targets) = (numbers.reals(rows * classes), numbers.indices(rows, classes));
            let (mut loss, mut probs, mut dx) = ([0.0], vec![0.0; x.len()], vec![0.0; x.len()]);
            cross_entropy_forward(&mut loss, Some(&mut probs), &x, &targets, classes).unwrap();
            cross_entropy_backward(&mut dx, 0.7, &probs, &targets, classes).unwrap();
            assert_gradient("cross-entropy", &x, &dx, |x| {
                cross_entropy_forward(&mut loss, None, x, &targets, classes).unwrap();
                0.7 * loss[0]
            });
        }
    }
}
