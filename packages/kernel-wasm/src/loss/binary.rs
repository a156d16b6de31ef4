//! Binary cross-entropy of logits against probabilities, fused with the sigmoid.

use crate::math::Math;
use crate::reduce::sum;
use crate::simd::{LANES, Real, Vector};

/// Terms that are computed together, on the stack, before they are added.
const BLOCK: usize = 256;

/// What the entries count for.
#[derive(Clone, Copy)]
pub struct BinaryCrossEntropy<'a> {
    /// w, the weight of the positive answer by column, \[columns\]; ones when absent.
    pub positive_weight: Option<&'a [Real]>,
    /// m, one for each entry; ones when absent. An entry of 0 is left out, whatever it holds.
    pub mask: Option<&'a [Real]>,
}

impl BinaryCrossEntropy<'_> {
    /// Lanes `at..` of the entries, all of one row of columns `column..`: (w, m).
    #[inline(always)]
    fn weights(&self, one: Vector, at: usize, column: usize) -> (Vector, Vector) {
        (
            self.positive_weight.map_or(one, |weight| Vector::load_at(weight, column)),
            self.mask.map_or(one, |mask| Vector::load_at(mask, at)),
        )
    }
}

/// The sum over entries of `m ((1 - y) x + (1 + (w - 1) y) log(1 + e^-x))`, for logits x and targets y
/// [rows, columns], added in f64; log(1 + e^-x) keeps its digits where e^-x is small.
pub fn binary_cross_entropy_forward(
    x: &[Real],
    y: &[Real],
    columns: usize,
    options: BinaryCrossEntropy,
) -> f64 {
    let math = Math::load();
    let (zero, one) = (Vector::zero(), math.one());
    let mut terms = [0.0; BLOCK];
    let mut total = 0.0;
    by_rows(x.len(), columns, |block| {
        let terms = &mut terms[..block.len];
        for lane in (0..block.len).step_by(LANES) {
            let (w, m) = options.weights(one, block.at + lane, block.column + lane);
            let (x, y) = (Vector::load_at(x, block.at + lane), Vector::load_at(y, block.at + lane));
            let softplus = math.log_1p(math.exp(-x.abs())) + (-x).max(zero);
            let loss = (one - y) * x + (one + (w - one) * y) * softplus;
            m.equal(zero).select(zero, m * loss).store_at(terms, lane);
        }
        total += sum(terms);
    });
    total
}

/// dx = scale m ((1 - y) - (1 + (w - 1) y) sigmoid(-x)).
pub fn binary_cross_entropy_backward(
    dx: &mut [Real],
    scale: Real,
    x: &[Real],
    y: &[Real],
    columns: usize,
    options: BinaryCrossEntropy,
) {
    let math = Math::load();
    let (zero, one, scale) = (Vector::zero(), math.one(), Vector::splat(scale));
    by_rows(x.len(), columns, |block| {
        let dx = &mut dx[block.at..][..block.len];
        for lane in (0..block.len).step_by(LANES) {
            let (w, m) = options.weights(one, block.at + lane, block.column + lane);
            let (x, y) = (Vector::load_at(x, block.at + lane), Vector::load_at(y, block.at + lane));
            let slope = (one - y) - (one + (w - one) * y) * math.sigmoid(-x);
            m.equal(zero).select(zero, scale * (m * slope)).store_at(dx, lane);
        }
    });
}

/// A run of entries within one row.
struct Run {
    at: usize,
    column: usize,
    len: usize,
}

/// Runs of at most [`BLOCK`] entries that cover rows of `columns`.
#[inline(always)]
fn by_rows(len: usize, columns: usize, mut f: impl FnMut(Run)) {
    for row in (0..len).step_by(columns.max(1)) {
        for column in (0..columns).step_by(BLOCK) {
            f(Run { at: row + column, column, len: BLOCK.min(columns - column) });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    #[cfg(feature = "f64")]
    use crate::testing::assert_gradient;
    use crate::testing::{Numbers, SIZES, TOLERANCE, assert_close, wide};
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    const PLAIN: BinaryCrossEntropy = BinaryCrossEntropy { positive_weight: None, mask: None };

    /// The terms and their slopes, one by one.
    fn reference(x: f64, y: f64, w: f64, m: f64) -> (f64, f64) {
        let softplus = (-x.abs()).exp().ln_1p() + (-x).max(0.0);
        let sigmoid_of_minus = 1.0 / (1.0 + x.exp());
        (
            m * ((1.0 - y) * x + (1.0 + (w - 1.0) * y) * softplus),
            m * ((1.0 - y) - (1.0 + (w - 1.0) * y) * sigmoid_of_minus),
        )
    }

    #[test]
    fn every_option_at_all_sizes() {
        let mut numbers = Numbers::seeded(82);
        for columns in SIZES.into_iter().chain([BLOCK - 1, BLOCK, BLOCK + 1]) {
            for rows in [0, 1, 3] {
                let len = rows * columns;
                let x: Vec<Real> = numbers.reals(len).iter().map(|x| 8.0 * x).collect();
                let y: Vec<Real> = numbers.reals(len).iter().map(|y| y.abs()).collect();
                let weight: Vec<Real> = numbers.reals(columns).iter().map(|w| 3.0 * w.abs()).collect();
                let mask: Vec<Real> = (0..len).map(|at| [1.0, 0.0, 0.5][at % 3]).collect();
                for (weighted, masked) in [(false, false), (true, false), (false, true), (true, true)] {
                    let options = BinaryCrossEntropy {
                        positive_weight: weighted.then_some(weight.as_slice()),
                        mask: masked.then_some(mask.as_slice()),
                    };
                    let loss = binary_cross_entropy_forward(&x, &y, columns, options);
                    let mut dx = vec![Real::NAN; len];
                    binary_cross_entropy_backward(&mut dx, 0.5, &x, &y, columns, options);
                    let (wide_x, wide_y, wide_w, wide_m) = (wide(&x), wide(&y), wide(&weight), wide(&mask));
                    let terms: Vec<(f64, f64)> = (0..len)
                        .map(|at| {
                            let w = if weighted { wide_w[at % columns] } else { 1.0 };
                            reference(wide_x[at], wide_y[at], w, if masked { wide_m[at] } else { 1.0 })
                        })
                        .collect();
                    assert_close("loss", &[loss as Real], &[terms.iter().map(|term| term.0).sum()]);
                    assert_close("dx", &dx, &terms.iter().map(|term| 0.5 * term.1).collect::<Vec<_>>());
                }
            }
        }
    }

    #[test]
    fn sure_and_right_costs_little_sure_and_wrong_much() {
        for (x, y, want) in [(40.0, 1.0, (-40.0_f64).exp()), (-40.0, 1.0, 40.0), (1000.0, 0.0, 1000.0)] {
            let loss = binary_cross_entropy_forward(&[x], &[y], 1, PLAIN);
            assert!((loss / want - 1.0).abs() <= 4.0 * TOLERANCE, "{x} {y}: {loss}, {want}");
        }
    }

    #[test]
    fn entries_left_out_may_hold_anything() {
        let (x, y) = ([0.5, Real::NAN, Real::INFINITY], [1.0, 0.0, Real::NAN]);
        let options = BinaryCrossEntropy { mask: Some(&[1.0, 0.0, 0.0]), ..PLAIN };
        let mut dx = [Real::NAN; 3];
        binary_cross_entropy_backward(&mut dx, 1.0, &x, &y, 3, options);
        assert_eq!(dx[1..], [0.0, 0.0]);
        let loss = binary_cross_entropy_forward(&x, &y, 3, options);
        assert_eq!(loss, binary_cross_entropy_forward(&x[..1], &y[..1], 1, PLAIN));
    }

    #[cfg(feature = "f64")]
    #[test]
    fn gradient_is_finite_differences() {
        let mut numbers = Numbers::seeded(83);
        let (x, y) = (numbers.reals(15), numbers.reals(15).iter().map(|y| y.abs()).collect::<Vec<_>>());
        let options = BinaryCrossEntropy { positive_weight: Some(&[0.5, 3.0, 1.0, 0.0, 2.0]), mask: None };
        let mut dx = vec![0.0; 15];
        binary_cross_entropy_backward(&mut dx, 0.7, &x, &y, 5, options);
        assert_gradient("binary cross-entropy", &x, &dx, |x| {
            0.7 * binary_cross_entropy_forward(x, &y, 5, options)
        });
    }
}
