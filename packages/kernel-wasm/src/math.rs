//! exp, log, sigmoid and tanh on [`Vector`], from multiplications, additions and one division: every engine gives the
//! same bits in the strict build.
//!
//! Bounds of the error, in units in the last place of the result, held by the tests at every exponent:
//!
//! | function | f32      | f64   | range                                                 |
//! |----------|----------|-------|-------------------------------------------------------|
//! | exp      | 1.05 ULP | 2 ULP | all; subnormal results included                       |
//! | log      | 1 ULP    | 2 ULP | all; log(0) = -inf, log(x < 0) = NaN                  |
//! | log_1p   | 3 ULP    | 3 ULP | from 0 on                                             |
//! | sigmoid  | 3 ULP    | 3 ULP | down to the smallest normal result, then flushes to 0 |
//! | tanh     | 3 ULP    | 3 ULP | all; odd, saturates at exactly 1                      |
//!
//! The constants live in a table behind an opaque reference: some engines rebuild `v128.const` in every turn of a loop,
//! which costs twice the arithmetic.

use crate::simd::{ROUND_MAGIC, Real, Vector};
use core::hint::black_box;

/// Coefficients of P in `e^r - 1 = r + r^2 P(r)` for |r| <= ln(2) / 2, lowest power first: minimax in the relative
/// error of e^r (3e-9 with 5 terms, 5e-20 with 11), found with the Remez exchange algorithm.
#[cfg(not(feature = "f64"))]
const EXP_TERMS: usize = 5;
#[cfg(not(feature = "f64"))]
const EXP: [Real; EXP_TERMS] = [5.000_000_1e-1, 1.666_651_8e-1, 4.166_620_4e-2, 8.368_953e-3, 1.395_063_8e-3];
#[cfg(feature = "f64")]
const EXP_TERMS: usize = 11;
#[cfg(feature = "f64")]
const EXP: [Real; EXP_TERMS] = [
    5.000_000_000_000_000_00e-1,
    1.666_666_666_666_668_52e-1,
    4.166_666_666_666_672_68e-2,
    8.333_333_333_316_624_36e-3,
    1.388_888_888_885_837_35e-3,
    1.984_126_989_734_936_11e-4,
    2.480_158_737_384_108_56e-5,
    2.755_723_394_159_927_96e-6,
    2.755_723_329_475_189_68e-7,
    2.511_234_439_143_918_76e-8,
    2.092_695_873_330_324_30e-9,
];

/// ln(2) in two parts; the first has so few bits that its product with any exponent is exact.
#[cfg(not(feature = "f64"))]
const LN_2: (Real, Real) = (0.693_359_375, -2.121_944_4e-4);
#[cfg(feature = "f64")]
const LN_2: (Real, Real) = (0.693_147_180_369_123_816_490, 1.908_214_929_270_587_700_02e-10);

/// Below the first e^x rounds to 0, above the second it overflows.
#[cfg(not(feature = "f64"))]
const EXP_RANGE: (Real, Real) = (-104.0, 89.0);
#[cfg(feature = "f64")]
const EXP_RANGE: (Real, Real) = (-746.0, 710.0);

/// Beyond this magnitude tanh rounds to 1.
#[cfg(not(feature = "f64"))]
const TANH_SATURATION: Real = 10.0;
#[cfg(feature = "f64")]
const TANH_SATURATION: Real = 20.0;

/// Coefficients 2 / (2 k + 3) of `log((1 + s) / (1 - s)) = 2 s + s^3 (2/3 + 2/5 s^2 + ...)`; |s| <= 0.172, so that
/// the first term left out is below 2^-27 (f32) or 2^-56 (f64) of the sum.
#[cfg(not(feature = "f64"))]
const LOG_TERMS: usize = 5;
#[cfg(feature = "f64")]
const LOG_TERMS: usize = 11;

/// Powers of two that lift a subnormal into the normal range, and their exponent.
#[cfg(not(feature = "f64"))]
const SUBNORMAL_LIFT: (Real, Real) = (8_388_608.0, 23.0);
#[cfg(feature = "f64")]
const SUBNORMAL_LIFT: (Real, Real) = (4_503_599_627_370_496.0, 52.0);

/// Magnitudes below this do not count in a sum of gradients: far enough above the subnormal numbers (2^-126, 2^-1022)
/// that a product with any weight of a usual size is a normal number too.
#[cfg(not(feature = "f64"))]
pub const NEGLIGIBLE: Real = 7.888_609_052_210_118e-31; // 2^-100
#[cfg(feature = "f64")]
pub const NEGLIGIBLE: Real = 1.183_052_186_166_774_7e-271; // 2^-900

/// ln(NEGLIGIBLE): -100 ln(2), -900 ln(2).
#[cfg(not(feature = "f64"))]
const EXP_NEGLIGIBLE: Real = -69.314_72;
#[cfg(feature = "f64")]
const EXP_NEGLIGIBLE: Real = -623.832_462_503_950_77;

struct Table {
    exp: [Real; EXP_TERMS],
    exp_range: (Real, Real),
    exp_negligible: Real,
    log2_e: Real,
    ln_2: (Real, Real),
    round_magic: Real,
    tanh_saturation: Real,
    log: [Real; LOG_TERMS],
    zero: Real,
    half: Real,
    one: Real,
    two: Real,
    negligible: Real,
}

const fn log_series<const N: usize>() -> [Real; N] {
    let mut terms = [0.0; N];
    let mut k = 0;
    while k < N {
        terms[k] = 2.0 / (2 * k + 3) as Real;
        k += 1;
    }
    terms
}

static TABLE: Table = Table {
    exp: EXP,
    exp_range: EXP_RANGE,
    exp_negligible: EXP_NEGLIGIBLE,
    log2_e: core::f64::consts::LOG2_E as Real,
    ln_2: LN_2,
    round_magic: ROUND_MAGIC,
    tanh_saturation: TANH_SATURATION,
    log: log_series(),
    zero: 0.0,
    half: 0.5,
    one: 1.0,
    two: 2.0,
    negligible: NEGLIGIBLE,
};

/// The functions. Make one outside the loop: it holds the table the optimiser must not see into.
#[derive(Clone, Copy)]
pub struct Math(&'static Table);

impl Math {
    pub fn load() -> Self {
        Self(black_box(&TABLE))
    }

    #[inline(always)]
    fn constant(of: &Real) -> Vector {
        Vector::load_splat(of)
    }

    #[inline(always)]
    pub fn one(self) -> Vector {
        Self::constant(&self.0.one)
    }

    /// x, or 0 where |x| < [`NEGLIGIBLE`]; NaN stays. A gradient that fades through time would end in subnormal numbers,
    /// which processors multiply dozens of times slower, and WebAssembly cannot switch them off.
    #[inline(always)]
    pub fn drop_negligible(self, x: Vector) -> Vector {
        x.abs().less(Self::constant(&self.0.negligible)).select(Vector::zero(), x)
    }

    /// `(q, t)` with e^x = (1 + q) 2^n and t = ROUND_MAGIC + n, for x in range: x = n ln(2) + r, q = e^r - 1.
    #[inline(always)]
    fn reduce_exp(self, x: Vector) -> (Vector, Vector) {
        let table = self.0;
        let magic = Self::constant(&table.round_magic);
        let shifted = x.mul_add(Self::constant(&table.log2_e), magic);
        let minus_n = magic - shifted;
        let r = minus_n.mul_add(Self::constant(&table.ln_2.0), x);
        let r = minus_n.mul_add(Self::constant(&table.ln_2.1), r);
        let mut p = Self::constant(&table.exp[EXP_TERMS - 1]);
        for coefficient in table.exp[..EXP_TERMS - 1].iter().rev() {
            p = p.mul_add(r, Self::constant(coefficient));
        }
        ((r * r).mul_add(p, r), shifted)
    }

    /// e^x.
    #[inline(always)]
    pub fn exp(self, x: Vector) -> Vector {
        let table = self.0;
        let lowest = Self::constant(&table.exp_range.0);
        let highest = Self::constant(&table.exp_range.1);
        let magic = Self::constant(&table.round_magic);
        let (q, shifted) = self.reduce_exp(x.max(lowest).min(highest));
        // 2^n in two factors: n itself may lie outside the exponent range although (1 + q) 2^n does not.
        let n = shifted - magic;
        let half_shifted = n.mul_add(Self::constant(&table.half), magic);
        let rest_shifted = (n - (half_shifted - magic)) + magic;
        (q + self.one()) * half_shifted.power_of_two() * rest_shifted.power_of_two()
    }

    /// e^x for x <= 0, or 0 where that is below [`NEGLIGIBLE`]: e^x is then a normal number, and one factor 2^n does.
    #[inline(always)]
    pub fn exp_below_zero(self, x: Vector) -> Vector {
        let lowest = Self::constant(&self.0.exp_negligible);
        let (q, shifted) = self.reduce_exp(x.max(lowest));
        let scale = shifted.power_of_two();
        x.less(lowest).select(Vector::zero(), q.mul_add(scale, scale))
    }

    /// 1 / (1 + e^-x).
    #[inline(always)]
    pub fn sigmoid(self, x: Vector) -> Vector {
        self.one() / (self.one() + self.exp(-x))
    }

    /// tanh(x) = u / (u + 2) with u = e^(2|x|) - 1 and the sign of x: no cancellation near 0.
    #[inline(always)]
    pub fn tanh(self, x: Vector) -> Vector {
        let magnitude = x.abs().min(Self::constant(&self.0.tanh_saturation));
        let (q, shifted) = self.reduce_exp(magnitude + magnitude);
        let scale = shifted.power_of_two();
        let u = scale.mul_add(q, scale - self.one());
        (u / (u + Self::constant(&self.0.two))).copy_sign(x)
    }

    /// Natural logarithm.
    ///
    /// x = m 2^e with m = 1 + f in [sqrt(1/2), sqrt(2)), s = f / (2 + f);
    /// log(1 + f) = f - (f^2/2 - s (f^2/2 + R)) where R = s^2 (2/3 + 2/5 s^2 + ...).
    #[inline(always)]
    pub fn log(self, x: Vector) -> Vector {
        let table = self.0;
        let zero = Self::constant(&table.zero);
        let subnormal = x.less(Vector::splat(Real::MIN_POSITIVE));
        let lifted = subnormal.select(x * Vector::splat(SUBNORMAL_LIFT.0), x);
        let (m, e) = lifted.split_exponent();
        let e = e - subnormal.select(Vector::splat(SUBNORMAL_LIFT.1), zero);
        let f = m - self.one();
        let s = f / (f + Self::constant(&table.two));
        let z = s * s;
        let mut r = Self::constant(&table.log[LOG_TERMS - 1]);
        for coefficient in table.log[..LOG_TERMS - 1].iter().rev() {
            r = r.mul_add(z, Self::constant(coefficient));
        }
        let half_square = f * f * Self::constant(&table.half);
        let low = e.mul_add(Self::constant(&table.ln_2.1), s * (half_square + z * r));
        let finite = e.mul_add(Self::constant(&table.ln_2.0), f - (half_square - low));
        let infinity = Vector::splat(Real::INFINITY);
        let or_zero = x.equal(zero).select(-infinity, finite);
        let or_infinite = x.equal(infinity).select(infinity, or_zero);
        // Negative x, and NaN by its own payload.
        let or_nan = x.less(zero).select(Vector::splat(Real::NAN), or_infinite);
        x.equal(x).select(or_nan, x)
    }

    /// log(1 + x) for x in [0, inf), with all digits of a small x: what 1 + x rounds away is put back as a factor (Kahan).
    #[inline(always)]
    pub fn log_1p(self, x: Vector) -> Vector {
        let sum = x + self.one();
        let kept = sum - self.one();
        kept.equal(Self::constant(&self.0.zero)).select(x, self.log(sum) * (x / kept))
    }

    /// [`Math::exp`] of one number.
    pub fn exp_of(self, x: Real) -> Real {
        self.exp(Vector::splat(x)).to_array()[0]
    }

    /// [`Math::log`] of one number.
    pub fn log_of(self, x: Real) -> Real {
        self.log(Vector::splat(x)).to_array()[0]
    }
}

#[cfg(test)]
mod tests;
