//! Cross-entropy of logits against class indices, fused with log-softmax.

use crate::error::{KernelError, Result};
use crate::math::Math;
use crate::reduce::widen;
use crate::simd::{LANES, Real, Vector, map, update, update_with};
use crate::softmax::{exp_shifted, fold_sum, largest};

/// What the rows and classes count for; PyTorch's meaning of each.
#[derive(Clone, Copy)]
pub struct CrossEntropy<'a> {
    /// w, \[classes\]; ones when absent.
    pub class_weight: Option<&'a [Real]>,
    /// m, \[rows\]; ones when absent. A row of 0 is left out, whatever it holds.
    pub mask: Option<&'a [Real]>,
    /// Rows with this target are left out.
    pub ignore: i32,
    /// s in [0, 1]: the share of the target that is spread evenly over all classes.
    pub smoothing: f64,
    /// Divide by the weight of all rows.
    pub mean: bool,
}

impl CrossEntropy<'_> {
    /// m of the row, 0 where its target is ignored.
    fn row_weight(&self, row: usize, target: i32) -> f64 {
        if target == self.ignore { 0.0 } else { self.mask.map_or(1.0, |mask| widen(mask[row])) }
    }

    fn weight_of(&self, class: usize) -> f64 {
        self.class_weight.map_or(1.0, |weight| widen(weight[class]))
    }

    /// The first target that is neither a class nor ignored.
    fn check(&self, targets: &[i32], classes: usize) -> Result {
        let outside =
            |&target: &i32| target != self.ignore && usize::try_from(target).map_or(true, |at| at >= classes);
        match targets.iter().position(outside) {
            Some(position) => {
                Err(KernelError::IndexOutOfRange { position, value: targets[position], limit: classes })
            }
            None => Ok(()),
        }
    }
}

/// The results of the forward pass.
pub struct CrossEntropyOutputs<'a> {
    /// \[1\]
    pub loss: &'a mut [Real],
    /// What the sum was divided by, \[1\]: 1 for a sum, 0 where a mean has no rows (the loss is then 0 too).
    pub divisor: &'a mut [Real],
    /// The softmax, [rows, classes], kept for the gradient; rows left out are not written.
    pub probs: Option<&'a mut [Real]>,
}

/// With l = log softmax(logits) and t the row's target,
///
/// ```text
/// loss = sum over rows of m ((1 - s) w_t (-l_t) + s / classes sum over c of w_c (-l_c)) / divisor
/// divisor = sum over rows of m w_t for a mean, else 1
/// ```
///
/// accumulated in f64. logits [rows, classes], targets \[rows\].
pub fn cross_entropy_forward(
    outputs: CrossEntropyOutputs,
    logits: &[Real],
    targets: &[i32],
    classes: usize,
    options: CrossEntropy,
) -> Result {
    options.check(targets, classes)?;
    let math = Math::load();
    let CrossEntropyOutputs { loss, divisor, mut probs } = outputs;
    let (mut total, mut counted) = (0.0_f64, 0.0_f64);
    for (row, &target) in targets.iter().enumerate() {
        let row_weight = options.row_weight(row, target);
        if row_weight == 0.0 {
            continue;
        }
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
        let log_sum = widen(math.log_of(sum));
        let target = target as usize;
        let weight = options.weight_of(target);
        let mut row_loss = weight * (log_sum - (widen(logits[target]) - widen(max)));
        if options.smoothing > 0.0 {
            let spread = smoothed(options.class_weight, logits, max, log_sum) / classes as f64;
            row_loss = (1.0 - options.smoothing) * row_loss + options.smoothing * spread;
        }
        total += row_weight * row_loss;
        counted += row_weight * weight;
    }
    let by = if options.mean { counted } else { 1.0 };
    loss[0] = if by == 0.0 { 0.0 } else { (total / by) as Real };
    divisor[0] = by as Real;
    Ok(())
}

/// The sum over classes of `-w_c log softmax_c`.
fn smoothed(class_weight: Option<&[Real]>, logits: &[Real], max: Real, log_sum: f64) -> f64 {
    let shift = Vector::splat(max);
    match class_weight {
        Some(weight) => {
            let weights = widen(fold_sum(weight, weight, |w, _| w));
            weights * log_sum - widen(fold_sum(weight, logits, |w, x| w * (x - shift)))
        }
        None => logits.iter().map(|&x| log_sum - (widen(x) - widen(max))).sum(),
    }
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

/// By rows, with f = m dloss / divisor:
///
/// ```text
/// dlogits_c = f ((1 - s) w_t (p_c - [c = t]) + s / classes (p_c sum of w - w_c)); 0 in rows left out
/// ```
pub fn cross_entropy_backward(
    dlogits: &mut [Real],
    dloss: Real,
    divisor: Real,
    probs: &[Real],
    targets: &[i32],
    classes: usize,
    options: CrossEntropy,
) -> Result {
    options.check(targets, classes)?;
    let all_weights =
        options.class_weight.map_or(classes as f64, |weight| widen(fold_sum(weight, weight, |w, _| w)));
    let spread = options.smoothing / classes as f64;
    for (row, &target) in targets.iter().enumerate() {
        let dlogits = &mut dlogits[row * classes..][..classes];
        let row_weight = options.row_weight(row, target);
        if row_weight == 0.0 {
            dlogits.fill(0.0);
            continue;
        }
        let probs = &probs[row * classes..][..classes];
        let target = target as usize;
        let factor = dloss / divisor * row_weight as Real;
        let on_target = ((1.0 - options.smoothing) * options.weight_of(target)) as Real;
        let scale = Vector::splat(factor * (on_target + (spread * all_weights) as Real));
        map(dlogits, probs, |p| p * scale);
        if options.smoothing > 0.0 {
            let spread = factor * spread as Real;
            let part = Vector::splat(spread);
            match options.class_weight {
                Some(weight) => update_with(dlogits, weight, |d, w| d - part * w),
                None => update(dlogits, |d| d - part),
            }
            dlogits[target] -= factor * on_target;
        } else {
            // One rounding less than p factor - factor where p is near 1.
            dlogits[target] = (probs[target] - 1.0) * (factor * on_target);
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    #[cfg(feature = "f64")]
    use crate::testing::assert_gradient;
    use crate::testing::{Numbers, assert_close, wide};
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    const PLAIN: CrossEntropy =
        CrossEntropy { class_weight: None, mask: None, ignore: -100, smoothing: 0.0, mean: true };

    /// Loss and softmax of one call.
    fn forward(
        x: &[Real],
        targets: &[i32],
        classes: usize,
        options: CrossEntropy,
    ) -> (Real, Real, Vec<Real>) {
        let (mut loss, mut divisor, mut probs) = ([Real::NAN], [Real::NAN], vec![Real::NAN; x.len()]);
        let outputs = CrossEntropyOutputs { loss: &mut loss, divisor: &mut divisor, probs: Some(&mut probs) };
        cross_entropy_forward(outputs, x, targets, classes, options).unwrap();
        (loss[0], divisor[0], probs)
    }

    fn loss_alone(x: &[Real], targets: &[i32], classes: usize, options: CrossEntropy) -> Result<Real> {
        let (mut loss, mut divisor) = ([Real::NAN], [Real::NAN]);
        let outputs = CrossEntropyOutputs { loss: &mut loss, divisor: &mut divisor, probs: None };
        cross_entropy_forward(outputs, x, targets, classes, options).map(|()| loss[0])
    }

    /// The equation, term by term.
    fn reference(x: &[f64], targets: &[i32], classes: usize, options: CrossEntropy) -> (f64, Vec<f64>) {
        let weight = |c: usize| options.class_weight.map_or(1.0, |w| wide(w)[c]);
        let row_weight = |r: usize| {
            if targets[r] == options.ignore { 0.0 } else { options.mask.map_or(1.0, |m| wide(m)[r]) }
        };
        let (mut total, mut divisor, mut dx) = (0.0, 0.0, vec![0.0; x.len()]);
        for (r, row) in x.chunks(classes).enumerate().filter(|&(r, _)| row_weight(r) != 0.0) {
            let t = targets[r] as usize;
            let log_sum = row.iter().map(|x| x.exp()).sum::<f64>().ln();
            divisor += row_weight(r) * weight(t);
            for c in 0..classes {
                let share = if c == t { (1.0 - options.smoothing) * weight(t) } else { 0.0 }
                    + options.smoothing / classes as f64 * weight(c);
                total += row_weight(r) * share * (log_sum - row[c]);
                for j in 0..classes {
                    let p = (row[j] - log_sum).exp();
                    dx[r * classes + j] += row_weight(r) * share * (p - f64::from(u8::from(c == j)));
                }
            }
        }
        let by = if options.mean { divisor } else { 1.0 };
        if by == 0.0 { (0.0, dx) } else { (total / by, dx.iter().map(|dx| dx / by).collect()) }
    }

    #[test]
    fn every_option_at_all_sizes() {
        let mut numbers = Numbers::seeded(80);
        for classes in [1, 2, 3, 4, 5, 17, 65] {
            for rows in [0, 1, 3, 33] {
                let (x, mut targets) = (numbers.reals(rows * classes), numbers.indices(rows, classes));
                let class_weight: Vec<Real> = numbers.reals(classes).iter().map(|w| w.abs() + 0.25).collect();
                let mask: Vec<Real> = (0..rows).map(|r| [1.0, 0.0, 0.5][r % 3]).collect();
                if let Some(target) = targets.get_mut(1) {
                    *target = -7;
                }
                for choice in 0..16 {
                    let options = CrossEntropy {
                        class_weight: (choice & 1 != 0).then_some(&class_weight),
                        mask: (choice & 2 != 0).then_some(&mask),
                        ignore: -7,
                        smoothing: if choice & 4 != 0 { 0.1 } else { 0.0 },
                        mean: choice & 8 != 0,
                    };
                    let (loss, divisor, probs) = forward(&x, &targets, classes, options);
                    let (want, want_dx) = reference(&wide(&x), &targets, classes, options);
                    assert_close(&format!("loss {rows} {classes} {choice}"), &[loss], &[want]);
                    let alone = loss_alone(&x, &targets, classes, options).unwrap();
                    assert_eq!(loss, alone, "the same bits whether or not the softmax is kept");
                    let mut dx = vec![Real::NAN; x.len()];
                    cross_entropy_backward(&mut dx, 0.5, divisor, &probs, &targets, classes, options)
                        .unwrap();
                    let want_dx: Vec<f64> = want_dx.iter().map(|dx| 0.5 * dx).collect();
                    assert_close(&format!("dlogits {rows} {classes} {choice}"), &dx, &want_dx);
                }
            }
        }
    }

    #[test]
    fn a_confident_wrong_answer_has_a_finite_loss() {
        assert_eq!(loss_alone(&[1000.0, -1000.0], &[1], 2, PLAIN), Ok(2000.0));
    }

    #[test]
    fn rows_left_out_may_hold_anything() {
        let x = [1.0, 2.0, Real::NAN, Real::INFINITY, 3.0, Real::NAN];
        let options = CrossEntropy { mask: Some(&[1.0, 1.0, 0.0]), smoothing: 0.1, ..PLAIN };
        let (loss, divisor, probs) = forward(&x, &[0, -100, 1], 2, options);
        assert_eq!(
            (loss, divisor),
            (loss_alone(&x[..2], &[0], 2, CrossEntropy { mask: None, ..options }).unwrap(), 1.0)
        );
        let mut dx = [Real::NAN; 6];
        cross_entropy_backward(&mut dx, 1.0, divisor, &probs, &[0, -100, 1], 2, options).unwrap();
        assert!(dx[..2].iter().all(|dx| dx.is_finite() && *dx != 0.0));
        assert_eq!(dx[2..], [0.0; 4]);
    }

    #[test]
    fn nothing_to_average_is_zero_over_zero() {
        let (loss, divisor, _) = forward(&[1.0, 2.0], &[-100], 2, PLAIN);
        assert_eq!((loss, divisor), (0.0, 0.0));
    }

    #[test]
    fn targets_outside_the_classes_are_refused() {
        for (target, position) in [(-1, 1), (3, 1), (i32::MIN, 1)] {
            let error = KernelError::IndexOutOfRange { position, value: target, limit: 3 };
            assert_eq!(loss_alone(&[0.0; 6], &[2, target], 3, PLAIN), Err(error));
            let got = cross_entropy_backward(&mut [0.0; 6], 1.0, 1.0, &[0.0; 6], &[2, target], 3, PLAIN);
            assert_eq!(got, Err(error));
        }
    }

    #[cfg(feature = "f64")]
    #[test]
    fn gradient_is_finite_differences() {
        let mut numbers = Numbers::seeded(81);
        for (rows, classes) in [(1, 2), (3, 5), (2, 17)] {
            let (x, targets) = (numbers.reals(rows * classes), numbers.indices(rows, classes));
            let class_weight: Vec<Real> = numbers.reals(classes).iter().map(|w| w.abs()).collect();
            let options = CrossEntropy { class_weight: Some(&class_weight), smoothing: 0.2, ..PLAIN };
            for options in [PLAIN, options] {
                let (_, divisor, probs) = forward(&x, &targets, classes, options);
                let mut dx = vec![0.0; x.len()];
                cross_entropy_backward(&mut dx, 0.7, divisor, &probs, &targets, classes, options).unwrap();
                assert_gradient("cross-entropy", &x, &dx, |x| {
                    0.7 * loss_alone(x, &targets, classes, options).unwrap()
                });
            }
        }
    }
}
