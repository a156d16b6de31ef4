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
    let math = Math::new();
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
