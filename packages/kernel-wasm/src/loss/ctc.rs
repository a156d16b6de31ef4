//! Connectionist temporal classification (Graves et al. 2006): the probability of a label sequence, summed over all
//! ways to write it into the steps with repeats and blanks.
//!
//! States of a target l of S labels: blank, l_1, blank, l_2, ..., l_S, blank. Forward and backward sums are kept as
//! logarithms in f64: paths of probability e^-1000 count as they should, and rounding does not grow with T.

use crate::embedding::check_indices;
use crate::error::{KernelError, Result};
use crate::math::Math;
use crate::reduce::widen;
use crate::simd::{LANES, Real, Vector};

/// Letters: T steps, B batch rows, C classes, S the length of the longest target.
#[derive(Clone, Copy)]
pub struct CtcSizes {
    pub steps: usize,
    pub batch: usize,
    pub classes: usize,
    pub labels: usize,
}

impl CtcSizes {
    /// States of the longest target.
    pub fn states(&self) -> usize {
        2 * self.labels + 1
    }
}

#[derive(Clone, Copy)]
pub struct CtcInputs<'a> {
    /// [T, B, C]
    pub log_probs: &'a [Real],
    /// [B, S]; entries behind a row's length are not read.
    pub targets: &'a [i32],
    /// Steps of each row, \[B\], in 0..=T.
    pub input_lengths: &'a [i32],
    /// Labels of each row, \[B\], in 0..=S.
    pub target_lengths: &'a [i32],
    pub blank: i32,
}

impl CtcInputs<'_> {
    fn check(&self, sizes: CtcSizes) -> Result {
        check_indices(&[self.blank], sizes.classes)?;
        check_indices(self.input_lengths, sizes.steps + 1)?;
        check_indices(self.target_lengths, sizes.labels + 1)?;
        for (b, &length) in self.target_lengths.iter().enumerate() {
            let start = b * sizes.labels;
            check_indices(&self.targets[start..][..length as usize], sizes.classes).map_err(|error| {
                match error {
                    KernelError::IndexOutOfRange { position, value, limit } => {
                        KernelError::IndexOutOfRange { position: start + position, value, limit }
                    }
                    other => other,
                }
            })?;
        }
        Ok(())
    }

    fn row(&self, b: usize, sizes: CtcSizes) -> Row<'_> {
        Row {
            log_probs: self.log_probs,
            labels: &self.targets[b * sizes.labels..][..self.target_lengths[b] as usize],
            steps: self.input_lengths[b] as usize,
            stride: sizes.batch * sizes.classes,
            offset: b * sizes.classes,
            blank: self.blank as usize,
        }
    }
}

/// One row of the batch.
struct Row<'a> {
    log_probs: &'a [Real],
    labels: &'a [i32],
    steps: usize,
    stride: usize,
    offset: usize,
    blank: usize,
}

impl Row<'_> {
    fn states(&self) -> usize {
        2 * self.labels.len() + 1
    }

    /// The class that state s emits.
    fn class(&self, s: usize) -> usize {
        if s.is_multiple_of(2) { self.blank } else { self.labels[s / 2] as usize }
    }

    /// log P(class of s) at step t.
    fn emission(&self, t: usize, s: usize) -> f64 {
        widen(self.log_probs[t * self.stride + self.offset + self.class(s)])
    }

    /// Whether a path may go from state s - 2 to s: over the blank between two different labels.
    fn skips_to(&self, s: usize) -> bool {
        !s.is_multiple_of(2) && s >= 3 && self.labels[s / 2] != self.labels[s / 2 - 1]
    }
}

/// `nll[b] = -log P(target b | log_probs)`, infinite where no path fits; \[B\]. `alpha` [B, T, 2 S + 1] keeps the forward
/// sums: `alpha[t, s]` is the log of the probability of all beginnings that are in state s at step t, which it emits.
pub fn ctc_forward(nll: &mut [Real], alpha: &mut [f64], inputs: CtcInputs, sizes: CtcSizes) -> Result {
    inputs.check(sizes)?;
    let math = Math::load();
    let width = sizes.states();
    for (b, nll) in nll.iter_mut().enumerate() {
        let row = inputs.row(b, sizes);
        let alpha = &mut alpha[b * sizes.steps * width..][..sizes.steps * width];
        for t in 0..row.steps {
            let (past, now) = alpha.split_at_mut(t * width);
            let now = &mut now[..row.states()];
            if t == 0 {
                now.fill(f64::NEG_INFINITY);
                for start in now.iter_mut().take(2) {
                    *start = 0.0;
                }
            } else {
                let past = &past[(t - 1) * width..];
                log_sums(math, now, |s| {
                    let stay = past[s];
                    let advance = if s >= 1 { past[s - 1] } else { f64::NEG_INFINITY };
                    let skip = if row.skips_to(s) { past[s - 2] } else { f64::NEG_INFINITY };
                    [stay, advance, skip]
                });
            }
            for (s, alpha) in now.iter_mut().enumerate() {
                *alpha += row.emission(t, s);
            }
        }
        *nll = -log_likelihood(math, &row, alpha, width) as Real;
    }
    Ok(())
}

/// `dlog_probs[t, c] = -dnll P(class c at step t | target)`, 0 behind a row's length and in rows that no path fits.
///
/// `alpha` as `ctc_forward` left it; `beta` [2, 2 S + 1] is scratch.
pub fn ctc_backward(
    dlog_probs: &mut [Real],
    beta: &mut [f64],
    dnll: &[Real],
    alpha: &[f64],
    inputs: CtcInputs,
    sizes: CtcSizes,
) -> Result {
    inputs.check(sizes)?;
    let math = Math::load();
    let width = sizes.states();
    let (next, endings) = beta.split_at_mut(width);
    dlog_probs.fill(0.0);
    for (b, &dnll) in dnll.iter().enumerate() {
        let row = inputs.row(b, sizes);
        let states = row.states();
        let alpha = &alpha[b * sizes.steps * width..][..sizes.steps * width];
        let likelihood = log_likelihood(math, &row, alpha, width);
        if likelihood == f64::NEG_INFINITY {
            continue;
        }
        // endings[s]: the log of the probability of all endings behind step t, given state s at t; next[s]: the same
        // one step later, the emission included.
        let endings = &mut endings[..states];
        let next = &mut next[..states];
        for t in (0..row.steps).rev() {
            if t + 1 == row.steps {
                endings.fill(f64::NEG_INFINITY);
                for end in endings.iter_mut().rev().take(2) {
                    *end = 0.0;
                }
            } else {
                log_sums(math, endings, |s| {
                    let stay = next[s];
                    let advance = if s + 1 < states { next[s + 1] } else { f64::NEG_INFINITY };
                    let skip =
                        if s + 2 < states && row.skips_to(s + 2) { next[s + 2] } else { f64::NEG_INFINITY };
                    [stay, advance, skip]
                });
            }
            let dlog_probs = &mut dlog_probs[t * row.stride + row.offset..][..sizes.classes];
            let alpha = &alpha[t * width..][..states];
            for at in (0..states).step_by(LANES) {
                let lanes = LANES.min(states - at);
                let mut log_posterior = [Real::NEG_INFINITY; LANES];
                for lane in 0..lanes {
                    log_posterior[lane] = (alpha[at + lane] + endings[at + lane] - likelihood) as Real;
                }
                let posterior = math.exp(Vector::load(&log_posterior)).to_array();
                for lane in 0..lanes {
                    dlog_probs[row.class(at + lane)] -= dnll * posterior[lane];
                }
            }
            for (s, next) in next.iter_mut().enumerate() {
                *next = endings[s] + row.emission(t, s);
            }
        }
    }
    Ok(())
}

/// log P(target | log_probs): the paths that end in the last label or the blank behind it.
fn log_likelihood(math: Math, row: &Row, alpha: &[f64], width: usize) -> f64 {
    let states = row.states();
    if row.steps == 0 {
        return if states == 1 { 0.0 } else { f64::NEG_INFINITY };
    }
    let last = &alpha[(row.steps - 1) * width..][..states];
    let mut sum = [0.0];
    let label = if states >= 2 { last[states - 2] } else { f64::NEG_INFINITY };
    log_sums(math, &mut sum, |_| [last[states - 1], label, f64::NEG_INFINITY]);
    sum[0]
}

/// `out[s] = log(e^a + e^b + e^c)` of the three terms of s. Only what is added to the largest term is a [`Real`].
fn log_sums(math: Math, out: &mut [f64], terms: impl Fn(usize) -> [f64; 3]) {
    for (chunk, out) in out.chunks_mut(LANES).enumerate() {
        let mut largest = [0.0; LANES];
        let mut differences = [[Real::NEG_INFINITY; LANES]; 3];
        for lane in 0..out.len() {
            let terms = terms(chunk * LANES + lane);
            let top = terms[0].max(terms[1]).max(terms[2]);
            // Without a path there is nothing to take out, and infinity minus infinity is no number.
            largest[lane] = if top == f64::NEG_INFINITY { 0.0 } else { top };
            for (difference, term) in differences.iter_mut().zip(terms) {
                difference[lane] = (term - largest[lane]) as Real;
            }
        }
        let [a, b, c] = differences.map(|difference| math.exp(Vector::load(&difference)));
        let logs = math.log(a + b + c).to_array();
        for ((out, largest), log) in out.iter_mut().zip(largest).zip(logs) {
            *out = largest + widen(log);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    #[cfg(feature = "f64")]
    use crate::testing::assert_gradient;
    use crate::testing::{Numbers, assert_close, wide};
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    /// Rows of log-softmax.
    fn log_probs(numbers: &mut Numbers, rows: usize, classes: usize) -> Vec<Real> {
        let logits = wide(&numbers.reals(rows * classes));
        logits
            .chunks(classes)
            .flat_map(|row| {
                let log_sum = row.iter().map(|x| (3.0 * x).exp()).sum::<f64>().ln();
                row.iter().map(move |x| (3.0 * x - log_sum) as Real)
            })
            .collect()
    }

    /// All C^T paths of one row, by what they collapse to: the probability of the target and, for every step and class,
    /// the share of it that goes through.
    fn brute_force(
        log_probs: &[f64],
        steps: usize,
        classes: usize,
        target: &[i32],
        blank: i32,
    ) -> (f64, Vec<f64>) {
        let (mut total, mut through) = (0.0, vec![0.0; steps * classes]);
        for code in 0..classes.pow(steps as u32) {
            let path: Vec<usize> = (0..steps).map(|t| code / classes.pow(t as u32) % classes).collect();
            let mut collapsed: Vec<i32> = path.iter().map(|&c| c as i32).collect();
            collapsed.dedup();
            collapsed.retain(|&c| c != blank);
            if collapsed == target {
                let p = path.iter().enumerate().map(|(t, c)| log_probs[t * classes + c]).sum::<f64>().exp();
                total += p;
                for (t, c) in path.iter().enumerate() {
                    through[t * classes + c] += p;
                }
            }
        }
        (-total.ln(), through.iter().map(|p| if total > 0.0 { p / total } else { 0.0 }).collect())
    }

    fn run(inputs: CtcInputs, sizes: CtcSizes, dnll: &[Real]) -> (Vec<Real>, Vec<Real>) {
        let mut nll = vec![Real::NAN; sizes.batch];
        let mut alpha = vec![f64::NAN; sizes.batch * sizes.steps * sizes.states()];
        ctc_forward(&mut nll, &mut alpha, inputs, sizes).unwrap();
        let mut dlog_probs = vec![Real::NAN; inputs.log_probs.len()];
        let mut beta = vec![f64::NAN; 2 * sizes.states()];
        ctc_backward(&mut dlog_probs, &mut beta, dnll, &alpha, inputs, sizes).unwrap();
        (nll, dlog_probs)
    }

    #[test]
    fn the_sum_over_all_paths() {
        let mut numbers = Numbers::seeded(84);
        // Repeats, an empty target, one that just fits, two that do not.
        let targets: [&[i32]; 7] = [&[1], &[1, 2], &[1, 1], &[], &[2, 1, 2], &[1, 1, 1], &[2, 2, 1, 1]];
        for blank in [0, 2] {
            for steps in [0, 1, 3, 5] {
                let (batch, classes, labels) = (targets.len(), 4, 4);
                let sizes = CtcSizes { steps, batch, classes, labels };
                let named = |label: i32| if label == blank { 3 } else { label };
                let mut padded = vec![-1; batch * labels];
                for (b, target) in targets.iter().enumerate() {
                    for (s, &label) in target.iter().enumerate() {
                        padded[b * labels + s] = named(label);
                    }
                }
                let lengths: Vec<i32> = targets.iter().map(|target| target.len() as i32).collect();
                // The last row stops one step early.
                let mut input_lengths = vec![steps as i32; batch];
                input_lengths[0] = (steps as i32 - 1).max(0);
                let x = log_probs(&mut numbers, steps * batch, classes);
                let inputs = CtcInputs {
                    log_probs: &x,
                    targets: &padded,
                    input_lengths: &input_lengths,
                    target_lengths: &lengths,
                    blank,
                };
                let dnll = numbers.reals(batch);
                let (nll, dx) = run(inputs, sizes, &dnll);
                let (wide_x, wide_dnll) = (wide(&x), wide(&dnll));
                for b in 0..batch {
                    let length = input_lengths[b] as usize;
                    let at = |t: usize, c: usize| (t * batch + b) * classes + c;
                    let row: Vec<f64> =
                        (0..length * classes).map(|i| wide_x[at(i / classes, i % classes)]).collect();
                    let target: Vec<i32> = targets[b].iter().map(|&label| named(label)).collect();
                    let (want, through) = brute_force(&row, length, classes, &target, blank);
                    let what = format!("row {b}, {steps} steps, blank {blank}");
                    if want.is_infinite() {
                        assert_eq!(nll[b], Real::INFINITY, "{what}");
                    } else {
                        assert_close(&what, &nll[b..=b], &[want]);
                    }
                    let got: Vec<Real> =
                        (0..steps * classes).map(|i| dx[at(i / classes, i % classes)]).collect();
                    let mut want_dx: Vec<f64> = through.iter().map(|share| -wide_dnll[b] * share).collect();
                    want_dx.resize(steps * classes, 0.0);
                    assert_close(&what, &got, &want_dx);
                }
            }
        }
    }

    #[test]
    fn long_unlikely_targets_neither_vanish_nor_lose_their_gradient() {
        // Only one path fits: every step must be the label, at e^-40 each.
        let (steps, labels) = (99, 50);
        let sizes = CtcSizes { steps, batch: 1, classes: 2, labels };
        let x: Vec<Real> = [-0.0, -40.0].repeat(steps);
        let inputs = CtcInputs {
            log_probs: &x,
            targets: &vec![1; labels],
            input_lengths: &[steps as i32],
            target_lengths: &[labels as i32],
            blank: 0,
        };
        let (nll, dx) = run(inputs, sizes, &[1.0]);
        assert_eq!(nll, [40.0 * labels as Real]);
        for (t, dx) in dx.chunks(2).enumerate() {
            assert_eq!(dx, if t % 2 == 0 { [0.0, -1.0] } else { [-1.0, 0.0] }, "step {t}");
        }
    }

    #[test]
    fn what_no_path_fits_gets_no_gradient() {
        let sizes = CtcSizes { steps: 1, batch: 1, classes: 3, labels: 2 };
        let inputs = CtcInputs {
            log_probs: &[-1.0, -1.0, -1.0],
            targets: &[1, 2],
            input_lengths: &[1],
            target_lengths: &[2],
            blank: 0,
        };
        assert_eq!(run(inputs, sizes, &[1.0]), (vec![Real::INFINITY], vec![0.0; 3]));
    }

    #[test]
    fn what_is_outside_its_range_is_refused() {
        let sizes = CtcSizes { steps: 2, batch: 2, classes: 3, labels: 1 };
        let good = CtcInputs {
            log_probs: &[0.0; 12],
            targets: &[1, 2],
            input_lengths: &[2, 1],
            target_lengths: &[1, 1],
            blank: 0,
        };
        let refusal = |inputs: CtcInputs| {
            ctc_forward(&mut [0.0; 2], &mut [0.0; 12], inputs, sizes).map_err(|error| error.detail())
        };
        assert_eq!(refusal(good), Ok(()));
        assert_eq!(refusal(CtcInputs { targets: &[1, 3], ..good }), Err([1.0, 3.0, 3.0]));
        assert_eq!(refusal(CtcInputs { targets: &[1, 9], target_lengths: &[1, 0], ..good }), Ok(()));
        assert_eq!(refusal(CtcInputs { input_lengths: &[3, 1], ..good }), Err([0.0, 3.0, 3.0]));
        assert_eq!(refusal(CtcInputs { target_lengths: &[1, 2], ..good }), Err([1.0, 2.0, 2.0]));
        assert_eq!(refusal(CtcInputs { blank: 3, ..good }), Err([0.0, 3.0, 3.0]));
    }

    #[cfg(feature = "f64")]
    #[test]
    fn gradient_is_finite_differences() {
        let sizes = CtcSizes { steps: 6, batch: 2, classes: 4, labels: 3 };
        let mut numbers = Numbers::seeded(85);
        let x = log_probs(&mut numbers, 12, 4);
        let (targets, input_lengths, target_lengths) = ([1, 1, 3, 2, 0, 0], [6, 4], [3, 1]);
        let inputs = CtcInputs {
            log_probs: &x,
            targets: &targets,
            input_lengths: &input_lengths,
            target_lengths: &target_lengths,
            blank: 0,
        };
        let (_, dx) = run(inputs, sizes, &[0.7, -0.3]);
        assert_gradient("ctc", &x, &dx, |x| {
            let (mut nll, mut alpha) = ([0.0; 2], vec![0.0; 2 * 6 * 7]);
            ctc_forward(&mut nll, &mut alpha, CtcInputs { log_probs: x, ..inputs }, sizes).unwrap();
            0.7 * nll[0] - 0.3 * nll[1]
        });
    }
}
