use super::*;
use crate::simd::{Bits, LANES};
use crate::testing::Numbers;
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

/// Of one function: name, ours, the reference in f64, the range over which the bound holds, the bound in ULP.
struct Case {
    name: &'static str,
    ours: fn(Math, Vector) -> Vector,
    reference: fn(f64) -> f64,
    range: (f64, f64),
    bound: f64,
}

fn sigmoid(x: f64) -> f64 {
    // For large negative x the quotient loses nothing, for large positive x neither.
    if x < 0.0 { x.exp() / (1.0 + x.exp()) } else { 1.0 / (1.0 + (-x).exp()) }
}

/// Below this a sigmoid's result is subnormal.
#[cfg(not(feature = "f64"))]
const SIGMOID_LOWEST: f64 = -87.3;
#[cfg(feature = "f64")]
const SIGMOID_LOWEST: f64 = -708.3;

const CASES: [Case; 5] = [
    Case {
        name: "exp",
        ours: Math::exp,
        reference: f64::exp,
        range: (f64::MIN, f64::MAX),
        bound: bounds::EXP,
    },
    Case { name: "log", ours: Math::log, reference: f64::ln, range: (0.0, f64::MAX), bound: bounds::LOG },
    Case {
        name: "log_1p",
        ours: Math::log_1p,
        reference: f64::ln_1p,
        range: (0.0, f64::MAX),
        bound: bounds::LOG_1P,
    },
    Case {
        name: "sigmoid",
        ours: Math::sigmoid,
        reference: sigmoid,
        range: (SIGMOID_LOWEST, f64::MAX),
        bound: bounds::SIGMOID,
    },
    Case {
        name: "tanh",
        ours: Math::tanh,
        reference: f64::tanh,
        range: (f64::MIN, f64::MAX),
        bound: bounds::TANH,
    },
];

/// The bounds of the table in the module's essay. The f64 ones include the error of the reference itself, which is
/// the platform's f64 function (up to 1 ULP).
mod bounds {
    #[cfg(not(feature = "f64"))]
    pub use f32::*;
    #[cfg(feature = "f64")]
    pub use f64::*;
    #[cfg(not(feature = "f64"))]
    mod f32 {
        pub const EXP: f64 = 1.05;
        pub const LOG: f64 = 1.0;
        pub const LOG_1P: f64 = 3.0;
        pub const SIGMOID: f64 = 3.0;
        pub const TANH: f64 = 3.0;
    }
    #[cfg(feature = "f64")]
    mod f64 {
        pub const EXP: f64 = 2.0;
        pub const LOG: f64 = 2.0;
        pub const LOG_1P: f64 = 3.0;
        pub const SIGMOID: f64 = 3.0;
        pub const TANH: f64 = 3.0;
    }
}

/// |got - want| in units of the last place of `want` rounded to Real.
#[allow(clippy::unnecessary_cast)]
fn ulps(got: Real, want: f64) -> f64 {
    let rounded = want as Real;
    if got == rounded || (got.is_nan() && rounded.is_nan()) {
        return 0.0;
    }
    let magnitude = rounded.abs().clamp(Real::MIN_POSITIVE, Real::MAX);
    let unit = (Real::from_bits(magnitude.to_bits() + 1) as f64 - magnitude as f64).abs();
    let unit = if magnitude == Real::MAX { magnitude as f64 * Real::EPSILON as f64 / 2.0 } else { unit };
    // Overflow one way only: the distance to the largest number.
    let got = if got.is_infinite() {
        Real::MAX.copysign(got) as f64 + unit.copysign(got as f64)
    } else {
        got as f64
    };
    (got - want).abs() / unit
}

impl Case {
    #[allow(clippy::unnecessary_cast)]
    fn worst(&self, inputs: impl Iterator<Item = Real>) -> (f64, Real) {
        let math = Math::load();
        let mut worst = (0.0, 0.0);
        for x in inputs {
            if (x as f64) < self.range.0 || x as f64 > self.range.1 {
                continue;
            }
            let got = (self.ours)(math, Vector::splat(x)).to_array()[0];
            let error = ulps(got, (self.reference)(x as f64));
            if error.is_nan() || error > worst.0 {
                worst = (error, x);
            }
        }
        worst
    }

    fn assert(&self, inputs: impl Iterator<Item = Real>) {
        let (error, x) = self.worst(inputs);
        let bound = self.bound;
        assert!(error <= bound, "{}({x:e}): must be within {bound} ULP, got {error}", self.name);
    }
}

/// Random numbers with every exponent and both signs.
fn every_exponent(per_exponent: usize) -> impl Iterator<Item = Real> {
    let mut numbers = Numbers::seeded(20);
    let mantissa = Real::MANTISSA_DIGITS - 1;
    let exponents = 2 * (Real::MAX_EXP as u64);
    (0..exponents).flat_map(move |exponent| {
        (0..per_exponent)
            .flat_map(|_| {
                let bits = numbers.bits() & ((1 << mantissa) - 1) | exponent << mantissa;
                let x = Real::from_bits(bits as Bits);
                [x, -x]
            })
            .collect::<Vec<_>>()
    })
}

/// The range where exp neither vanishes nor overflows, evenly.
fn dense(lowest: Real, highest: Real, count: usize) -> impl Iterator<Item = Real> {
    (0..count).map(move |i| lowest + (highest - lowest) * (i as Real / count as Real))
}

#[test]
fn within_their_bounds_at_every_exponent() {
    for case in &CASES {
        case.assert(every_exponent(if cfg!(feature = "f64") { 40 } else { 400 }));
    }
}

#[test]
fn within_their_bounds_where_it_matters() {
    let (lowest, highest) = EXP_RANGE;
    for case in &CASES {
        case.assert(dense(lowest, highest, 100_000));
        case.assert(dense(-10.0, 10.0, 100_000));
        case.assert(dense(-0.5, 2.0, 100_000));
    }
}

#[cfg(all(not(feature = "f64"), not(target_arch = "wasm32")))]
#[test]
#[ignore = "4 billion inputs, minutes: cargo test --release exhaustive -- --ignored --nocapture"]
fn exhaustive() {
    let worst = CASES.map(|case| {
        let (error, x) = case.worst((0..=u32::MAX).map(f32::from_bits).filter(|x| !x.is_nan()));
        println!("{}: {error} ULP at {x:e}", case.name);
        (error, case.bound)
    });
    assert!(worst.iter().all(|(error, bound)| error <= bound));
}

#[test]
fn special_values() {
    let math = Math::load();
    let at = |f: fn(Math, Vector) -> Vector, x: Real| f(math, Vector::splat(x)).to_array()[0];
    let infinity = Real::INFINITY;
    assert_eq!(at(Math::exp, 0.0), 1.0);
    assert_eq!(at(Math::exp, infinity), infinity);
    assert_eq!(at(Math::exp, -infinity), 0.0);
    assert_eq!(at(Math::log, 1.0), 0.0);
    assert_eq!(at(Math::log, 0.0), -infinity);
    assert_eq!(at(Math::log, -0.0), -infinity);
    assert_eq!(at(Math::log, infinity), infinity);
    assert!(at(Math::log, -1.0).is_nan());
    assert!(at(Math::log, -infinity).is_nan());
    assert_eq!(at(Math::sigmoid, 0.0), 0.5);
    assert_eq!(at(Math::sigmoid, infinity), 1.0);
    assert_eq!(at(Math::sigmoid, -infinity), 0.0);
    assert_eq!(at(Math::tanh, 0.0).to_bits(), (0.0 as Real).to_bits());
    assert_eq!(at(Math::tanh, -0.0).to_bits(), (-0.0 as Real).to_bits());
    assert_eq!(at(Math::tanh, infinity), 1.0);
    assert_eq!(at(Math::tanh, -infinity), -1.0);
    for f in [Math::exp, Math::log, Math::sigmoid, Math::tanh] {
        assert!(at(f, Real::NAN).is_nan());
        assert!(at(f, -Real::NAN).is_nan());
    }
}

#[test]
fn every_lane_is_computed_alike() {
    let math = Math::load();
    let x: Vec<Real> = dense(-3.0, 3.0, 64).collect();
    for case in &CASES {
        for lanes in x.as_chunks::<LANES>().0 {
            let together = (case.ours)(math, Vector::load(lanes)).to_array();
            for (lane, &x) in lanes.iter().enumerate() {
                let alone = (case.ours)(math, Vector::splat(x)).to_array()[0];
                assert_eq!(together[lane].to_bits(), alone.to_bits(), "{}({x})", case.name);
            }
        }
    }
}
