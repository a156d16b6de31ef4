//! What the tests share: numbers, comparisons, finite differences. The naive references stand beside their tests.

use crate::simd::Real;

/// Sizes around nothing, one, the lanes (2, 4), the tile (4, 8) and beyond.
pub const SIZES: [usize; 13] = [0, 1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 33];

/// Largest error allowed, relative to the largest entry of the result.
#[cfg(not(feature = "f64"))]
pub const TOLERANCE: f64 = 2e-6;
#[cfg(feature = "f64")]
pub const TOLERANCE: f64 = 2e-14;

/// Reproducible numbers: SplitMix64.
pub struct Numbers(u64);

impl Numbers {
    pub fn seeded(seed: u64) -> Self {
        Self(seed)
    }

    pub fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// Uniform in [-1, 1).
    pub fn number(&mut self) -> f64 {
        (self.bits() >> 11) as f64 / (1_u64 << 52) as f64 - 1.0
    }

    pub fn reals(&mut self, len: usize) -> Vec<Real> {
        (0..len).map(|_| self.number() as Real).collect()
    }

    pub fn indices(&mut self, len: usize, limit: usize) -> Vec<i32> {
        (0..len).map(|_| (self.bits() % limit as u64) as i32).collect()
    }
}

#[allow(clippy::unnecessary_cast)]
pub fn wide(x: &[Real]) -> Vec<f64> {
    x.iter().map(|&x| x as f64).collect()
}

/// Asserts that every entry is within TOLERANCE of the largest entry (at least 1).
#[track_caller]
pub fn assert_close(what: &str, got: &[Real], want: &[f64]) {
    assert_within(what, got, want, TOLERANCE);
}

#[track_caller]
pub fn assert_within(what: &str, got: &[Real], want: &[f64], tolerance: f64) {
    assert_eq!(got.len(), want.len(), "{what}: length");
    let largest = want.iter().fold(1.0_f64, |largest, x| largest.max(x.abs()));
    for (index, (got, want)) in wide(got).into_iter().zip(want).enumerate() {
        let error = (got - want).abs() / largest;
        assert!(
            error <= tolerance,
            "{what}: entry {index} must be {want} within {tolerance:e} of {largest}, got {got}"
        );
    }
}

/// Asserts that `gradient` is the derivative of `loss` at x, by five-point differences, with CS231n's relative error
/// |a - n| / max(|a|, |n|) below 1e-7; entries below 1e-6 are measured against that instead.
#[cfg(feature = "f64")]
#[track_caller]
pub fn assert_gradient(what: &str, x: &[Real], gradient: &[Real], mut loss: impl FnMut(&[Real]) -> f64) {
    const STEP: f64 = 1e-3;
    assert_eq!(x.len(), gradient.len(), "{what}: length");
    let mut moved = x.to_vec();
    for index in 0..x.len() {
        let mut at = |steps: f64| {
            moved[index] = x[index] + steps * STEP;
            let value = loss(&moved);
            moved[index] = x[index];
            value
        };
        let numeric = (8.0 * (at(1.0) - at(-1.0)) - (at(2.0) - at(-2.0))) / (12.0 * STEP);
        let analytic = gradient[index];
        let error = (analytic - numeric).abs() / analytic.abs().max(numeric.abs()).max(1e-6);
        assert!(
            error < 1e-7,
            "{what}: derivative {index} must be {numeric}, got {analytic} (relative error {error:e})"
        );
    }
}

/// sum of w y: a loss whose gradient by y is w.
#[cfg(feature = "f64")]
pub fn weighted(y: &[Real], w: &[Real]) -> f64 {
    y.iter().zip(w).map(|(y, w)| y * w).sum()
}
