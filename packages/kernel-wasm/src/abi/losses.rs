//! Losses.

use super::region::{Call, Checked, Input};
use super::state::run;
use crate::error::{KernelError, Result};
use crate::loss::binary::{self, BinaryCrossEntropy};
use crate::loss::cross_entropy::{self, CrossEntropy, CrossEntropyOutputs};
use crate::loss::ctc::{self, CtcInputs, CtcSizes};
use crate::simd::Real;
use wasm_bindgen::prelude::wasm_bindgen;

fn check_smoothing(arg: usize, value: f64) -> Result {
    if (0.0..=1.0).contains(&value) { Ok(()) } else { Err(KernelError::InvalidArgument { arg, value }) }
}

/// The cross-entropy of `loss::cross_entropy` in `loss[1]`, what it was divided by in `divisor[1]`; the softmax is kept
/// in `probs` when asked for. `class_weight` [classes] and `mask` [rows] are optional.
#[wasm_bindgen]
pub fn cross_entropy_forward(
    loss: usize,
    divisor: usize,
    probs: usize,
    logits: usize,
    targets: usize,
    class_weight: usize,
    mask: usize,
    rows: usize,
    classes: usize,
    ignore: i32,
    smoothing: f64,
    mean: bool,
) -> u32 {
    run(|call, _| {
        check_smoothing(10, smoothing)?;
        let loss = call.output(0, loss, &[1]);
        let divisor = call.output(1, divisor, &[1]);
        let probs = call.optional_output(2, probs, &[rows, classes]);
        let logits = call.input(3, logits, &[rows, classes]);
        let targets = call.input(4, targets, &[rows]);
        let class_weight = call.optional_input(5, class_weight, &[classes]);
        let mask = call.optional_input(6, mask, &[rows]);
        let proof = call.check()?;
        cross_entropy::cross_entropy_forward(
            CrossEntropyOutputs {
                loss: loss.slice(&proof),
                divisor: divisor.slice(&proof),
                probs: probs.map(|probs| probs.slice(&proof)),
            },
            logits.slice(&proof),
            targets.slice(&proof),
            classes,
            CrossEntropy {
                class_weight: class_weight.as_ref().map(|weight| weight.slice(&proof)),
                mask: mask.as_ref().map(|mask| mask.slice(&proof)),
                ignore,
                smoothing,
                mean,
            },
        )
    })
}

/// dlogits from `divisor` and `probs` as the forward call left them.
#[wasm_bindgen]
pub fn cross_entropy_backward(
    dlogits: usize,
    dloss: usize,
    divisor: usize,
    probs: usize,
    targets: usize,
    class_weight: usize,
    mask: usize,
    rows: usize,
    classes: usize,
    ignore: i32,
    smoothing: f64,
) -> u32 {
    run(|call, _| {
        check_smoothing(10, smoothing)?;
        let dlogits = call.output(0, dlogits, &[rows, classes]);
        let dloss = call.input(1, dloss, &[1]);
        let divisor = call.input(2, divisor, &[1]);
        let probs = call.input(3, probs, &[rows, classes]);
        let targets = call.input(4, targets, &[rows]);
        let class_weight = call.optional_input(5, class_weight, &[classes]);
        let mask = call.optional_input(6, mask, &[rows]);
        let proof = call.check()?;
        let dloss: &[Real] = dloss.slice(&proof);
        let divisor: &[Real] = divisor.slice(&proof);
        cross_entropy::cross_entropy_backward(
            dlogits.slice(&proof),
            dloss[0],
            divisor[0],
            probs.slice(&proof),
            targets.slice(&proof),
            classes,
            CrossEntropy {
                class_weight: class_weight.as_ref().map(|weight| weight.slice(&proof)),
                mask: mask.as_ref().map(|mask| mask.slice(&proof)),
                ignore,
                smoothing,
                mean: true,
            },
        )
    })
}

struct BinaryRegions {
    x: Input<Real>,
    y: Input<Real>,
    positive_weight: Option<Input<Real>>,
    mask: Option<Input<Real>>,
}

impl BinaryRegions {
    /// Arguments `first..first + 4`.
    fn claim(call: &mut Call, first: usize, offsets: [usize; 4], rows: usize, columns: usize) -> Self {
        let [x, y, positive_weight, mask] = offsets;
        Self {
            x: call.input(first, x, &[rows, columns]),
            y: call.input(first + 1, y, &[rows, columns]),
            positive_weight: call.optional_input(first + 2, positive_weight, &[columns]),
            mask: call.optional_input(first + 3, mask, &[rows, columns]),
        }
    }

    fn options<'a>(&self, proof: &'a Checked) -> BinaryCrossEntropy<'a> {
        BinaryCrossEntropy {
            positive_weight: self.positive_weight.as_ref().map(|weight| weight.slice(proof)),
            mask: self.mask.as_ref().map(|mask| mask.slice(proof)),
        }
    }
}

/// `loss[1]` = scale times the sum over entries of the binary cross-entropy of logits x and targets y [rows, columns].
/// `positive_weight` [columns] and `mask` [rows, columns] are optional.
#[wasm_bindgen]
pub fn binary_cross_entropy_forward(
    loss: usize,
    x: usize,
    y: usize,
    positive_weight: usize,
    mask: usize,
    rows: usize,
    columns: usize,
    scale: f64,
) -> u32 {
    run(|call, _| {
        let loss = call.output(0, loss, &[1]);
        let regions = BinaryRegions::claim(call, 1, [x, y, positive_weight, mask], rows, columns);
        let proof = call.check()?;
        let (x, y) = (regions.x.slice(&proof), regions.y.slice(&proof));
        let sum = binary::binary_cross_entropy_forward(x, y, columns, regions.options(&proof));
        loss.slice(&proof)[0] = (scale * sum) as Real;
        Ok(())
    })
}

/// dx of the same loss.
#[wasm_bindgen]
pub fn binary_cross_entropy_backward(
    dx: usize,
    dloss: usize,
    x: usize,
    y: usize,
    positive_weight: usize,
    mask: usize,
    rows: usize,
    columns: usize,
    scale: f64,
) -> u32 {
    run(|call, _| {
        let dx = call.output(0, dx, &[rows, columns]);
        let dloss = call.input(1, dloss, &[1]);
        let regions = BinaryRegions::claim(call, 2, [x, y, positive_weight, mask], rows, columns);
        let proof = call.check()?;
        let dloss: &[Real] = dloss.slice(&proof);
        let (x, y) = (regions.x.slice(&proof), regions.y.slice(&proof));
        let scale = dloss[0] * scale as Real;
        binary::binary_cross_entropy_backward(
            dx.slice(&proof),
            scale,
            x,
            y,
            columns,
            regions.options(&proof),
        );
        Ok(())
    })
}

struct CtcRegions {
    log_probs: Input<Real>,
    targets: Input<i32>,
    input_lengths: Input<i32>,
    target_lengths: Input<i32>,
}

impl CtcRegions {
    /// Arguments `first..first + 4`.
    fn claim(call: &mut Call, first: usize, offsets: [usize; 4], sizes: CtcSizes) -> Self {
        let [log_probs, targets, input_lengths, target_lengths] = offsets;
        Self {
            log_probs: call.input(first, log_probs, &[sizes.steps, sizes.batch, sizes.classes]),
            targets: call.input(first + 1, targets, &[sizes.batch, sizes.labels]),
            input_lengths: call.input(first + 2, input_lengths, &[sizes.batch]),
            target_lengths: call.input(first + 3, target_lengths, &[sizes.batch]),
        }
    }

    fn inputs<'a>(&self, proof: &'a Checked, blank: i32) -> CtcInputs<'a> {
        CtcInputs {
            log_probs: self.log_probs.slice(proof),
            targets: self.targets.slice(proof),
            input_lengths: self.input_lengths.slice(proof),
            target_lengths: self.target_lengths.slice(proof),
            blank,
        }
    }
}

/// States of targets of up to `labels` labels; an overflow is left to the claim of what has so many.
fn states(labels: usize) -> usize {
    labels.saturating_mul(2).saturating_add(1)
}

/// `nll[B]` of each row; `alpha` [B, T, 2 S + 1] holds f64 in every build.
#[wasm_bindgen]
pub fn ctc_forward(
    nll: usize,
    alpha: usize,
    log_probs: usize,
    targets: usize,
    input_lengths: usize,
    target_lengths: usize,
    steps: usize,
    batch: usize,
    classes: usize,
    labels: usize,
    blank: i32,
) -> u32 {
    run(|call, _| {
        let sizes = CtcSizes { steps, batch, classes, labels };
        let nll = call.output(0, nll, &[batch]);
        let alpha = call.output(1, alpha, &[batch, steps, states(labels)]);
        let regions = CtcRegions::claim(call, 2, [log_probs, targets, input_lengths, target_lengths], sizes);
        let proof = call.check()?;
        ctc::ctc_forward(nll.slice(&proof), alpha.slice(&proof), regions.inputs(&proof, blank), sizes)
    })
}

/// dlog_probs =; `beta` [2, 2 S + 1] is scratch, f64 in every build.
#[wasm_bindgen]
pub fn ctc_backward(
    dlog_probs: usize,
    beta: usize,
    dnll: usize,
    alpha: usize,
    log_probs: usize,
    targets: usize,
    input_lengths: usize,
    target_lengths: usize,
    steps: usize,
    batch: usize,
    classes: usize,
    labels: usize,
    blank: i32,
) -> u32 {
    run(|call, _| {
        let sizes = CtcSizes { steps, batch, classes, labels };
        let dlog_probs = call.output(0, dlog_probs, &[steps, batch, classes]);
        let beta = call.output(1, beta, &[2, states(labels)]);
        let dnll = call.input(2, dnll, &[batch]);
        let alpha = call.input(3, alpha, &[batch, steps, states(labels)]);
        let regions = CtcRegions::claim(call, 4, [log_probs, targets, input_lengths, target_lengths], sizes);
        let proof = call.check()?;
        ctc::ctc_backward(
            dlog_probs.slice(&proof),
            beta.slice(&proof),
            dnll.slice(&proof),
            alpha.slice(&proof),
            regions.inputs(&proof, blank),
            sizes,
        )
    })
}
