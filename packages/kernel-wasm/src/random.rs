//! Philox4x32-10 (Salmon, Moraes, Dror, Shaw: "Parallel random numbers: as easy as 1, 2, 3", 2011) and distributions.
//!
//! Counter-based: word j of a stream is a function of (key, counter, j) alone, so a stream can be entered anywhere and
//! a dropout mask is drawn again in the backward pass instead of being kept.
//!
//! Every build draws the same numbers: a uniform is 24 bits of a word, everything after is computed in f64 and rounded
//! to the build's real type at the end.

use crate::simd::Real;

const MULTIPLIERS: [u32; 2] = [0xd251_1f53, 0xcd9e_8d57];
/// Increments of the key: the golden ratio and sqrt(3) - 1.
const WEYL: [u32; 2] = [0x9e37_79b9, 0xbb67_ae85];
const ROUNDS: usize = 10;
/// Words of one block.
pub const BLOCK: usize = 4;

/// Where a stream starts: a 64-bit key and the lower 64 bits of the counter (the upper 64 are 0).
#[derive(Clone, Copy)]
pub struct Stream {
    pub key: u64,
    pub counter: u64,
}

impl Stream {
    pub fn new(key_hi: u32, key_lo: u32, counter_hi: u32, counter_lo: u32) -> Self {
        let join = |hi, lo| u64::from(hi) << 32 | u64::from(lo);
        Self { key: join(key_hi, key_lo), counter: join(counter_hi, counter_lo) }
    }

    /// The four words of block `index`.
    pub fn block(self, index: u64) -> [u32; BLOCK] {
        let counter = self.counter.wrapping_add(index);
        philox([counter as u32, (counter >> 32) as u32, 0, 0], [self.key as u32, (self.key >> 32) as u32])
    }

    /// Calls `f(element, word)` for every element in order; element j takes word j % 4 of block j / 4.
    #[inline(always)]
    pub fn for_each<T>(self, out: &mut [T], f: impl Fn(&mut T, u32)) {
        for (index, chunk) in out.chunks_mut(BLOCK).enumerate() {
            for (element, word) in chunk.iter_mut().zip(self.block(index as u64)) {
                f(element, word);
            }
        }
    }
}

/// Ten rounds over a 128-bit counter, lowest word first.
fn philox(mut counter: [u32; 4], mut key: [u32; 2]) -> [u32; 4] {
    for _ in 0..ROUNDS {
        let [c0, c1, c2, c3] = counter;
        let product0 = u64::from(MULTIPLIERS[0]) * u64::from(c0);
        let product1 = u64::from(MULTIPLIERS[1]) * u64::from(c2);
        counter = [
            (product1 >> 32) as u32 ^ c1 ^ key[0],
            product1 as u32,
            (product0 >> 32) as u32 ^ c3 ^ key[1],
            product0 as u32,
        ];
        key = [key[0].wrapping_add(WEYL[0]), key[1].wrapping_add(WEYL[1])];
    }
    counter
}

/// Raw words.
pub fn bits(out: &mut [u32], stream: Stream) {
    stream.for_each(out, |element, word| *element = word);
}

const TWO_TO_MINUS_24: f64 = 1.0 / 16_777_216.0;

/// low + (high - low) u with u in {0, 1, ..., 2^24 - 1} 2^-24.
pub fn uniform(out: &mut [Real], low: f64, high: f64, stream: Stream) {
    stream.for_each(out, |element, word| {
        let u = f64::from(word >> 8) * TWO_TO_MINUS_24;
        *element = (low + (high - low) * u) as Real;
    });
}

/// mean + std z with z standard normal by inversion, from the middle of each of 2^24 steps.
pub fn normal(out: &mut [Real], mean: f64, std: f64, stream: Stream) {
    stream.for_each(out, |element, word| {
        let u = (f64::from(word >> 8) + 0.5) * TWO_TO_MINUS_24;
        *element = (mean + std * normal_quantile(u)) as Real;
    });
}

/// The inverse of the normal distribution function for p in (0, 1), relative error about 1e-16: M. J. Wichura, "Algorithm
/// AS 241: the percentage points of the normal distribution", Applied Statistics 37 (1988), PPND16.
pub fn normal_quantile(p: f64) -> f64 {
    let q = p - 0.5;
    if q.abs() <= CENTRAL_HALF_WIDTH {
        return q * CENTRAL.at(0.180_625 - q * q);
    }
    let tail = if q < 0.0 { p } else { 1.0 - p };
    let r = (-log(tail)).sqrt();
    let magnitude = if r <= 5.0 { INTERMEDIATE.at(r - 1.6) } else { FAR.at(r - 5.0) };
    magnitude.copysign(q)
}

const CENTRAL_HALF_WIDTH: f64 = 0.425;

/// A quotient of two polynomials of degree 7, lowest power first.
struct Rational {
    numerator: [f64; 8],
    denominator: [f64; 8],
}

impl Rational {
    fn at(&self, x: f64) -> f64 {
        let horner = |terms: &[f64; 8]| terms.iter().rev().fold(0.0, |sum, term| sum * x + term);
        horner(&self.numerator) / horner(&self.denominator)
    }
}

/// |p - 1/2| <= 0.425.
const CENTRAL: Rational = Rational {
    numerator: [
        3.387_132_872_796_366_608,
        133.141_667_891_784_377_45,
        1_971.590_950_306_551_442_7,
        13_731.693_765_509_461_125,
        45_921.953_931_549_871_457,
        67_265.770_927_008_700_853,
        33_430.575_583_588_128_105,
        2_509.080_928_730_122_672_7,
    ],
    denominator: [
        1.0,
        42.313_330_701_600_911_252,
        687.187_007_492_057_908_3,
        5_394.196_021_424_751_107_7,
        21_213.794_301_586_595_867,
        39_307.895_800_092_710_61,
        28_729.085_735_721_942_674,
        5_226.495_278_852_854_561,
    ],
};

/// sqrt(-log(tail)) in (1.6, 5].
const INTERMEDIATE: Rational = Rational {
    numerator: [
        1.423_437_110_749_683_577_34,
        4.630_337_846_156_545_295_9,
        5.769_497_221_460_691_405_5,
        3.647_848_324_763_204_605_04,
        1.270_458_252_452_368_382_58,
        0.241_780_725_177_450_611_77,
        0.022_723_844_989_269_184_583_3,
        7.745_450_142_783_414_076_4e-4,
    ],
    denominator: [
        1.0,
        2.053_191_626_637_758_821_87,
        1.676_384_830_183_803_849_4,
        0.689_767_334_985_100_004_55,
        0.148_103_976_427_480_074_59,
        0.015_198_666_563_616_457_197,
        5.475_938_084_995_344_946e-4,
        1.050_750_071_644_416_843_24e-9,
    ],
};

/// sqrt(-log(tail)) above 5.
const FAR: Rational = Rational {
    numerator: [
        6.657_904_643_501_103_777_2,
        5.463_784_911_164_114_369_9,
        1.784_826_539_917_291_335_8,
        0.296_560_571_828_504_891_23,
        0.026_532_189_526_576_123_093,
        0.001_242_660_947_388_078_438_6,
        2.711_555_568_743_487_578_15e-5,
        2.010_334_399_292_288_132_65e-7,
    ],
    denominator: [
        1.0,
        0.599_832_206_555_887_937_69,
        0.136_929_880_922_735_805_31,
        0.014_875_361_290_850_615_025,
        7.868_691_311_456_132_591e-4,
        1.846_318_317_510_054_681_8e-5,
        1.421_511_758_316_445_888_7e-7,
        2.044_263_103_389_939_785_64e-15,
    ],
};

/// ln(x) for positive normal x, in f64 in every build; the formula is that of `Math::log`.
fn log(x: f64) -> f64 {
    const LN_2_HIGH: f64 = 0.693_147_180_369_123_816_490;
    const LN_2_LOW: f64 = 1.908_214_929_270_587_700_02e-10;
    const SQRT_HALF_BITS: u64 = 0x3fe6_a09e_667f_3bcd;
    const TERMS: i32 = 11;
    let exponent = x.to_bits().wrapping_sub(SQRT_HALF_BITS).cast_signed() >> 52;
    let mantissa = f64::from_bits(x.to_bits().wrapping_sub((exponent << 52).cast_unsigned()));
    let e = exponent as f64;
    let f = mantissa - 1.0;
    let s = f / (f + 2.0);
    let z = s * s;
    let r = (0..TERMS).rev().fold(0.0, |sum, k| sum * z + 2.0 / f64::from(2 * k + 3));
    let half_square = f * f * 0.5;
    let low = e * LN_2_LOW + s * (half_square + z * r);
    e * LN_2_HIGH + (f - (half_square - low))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::wide;
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    /// `philox4x32 10` of Random123's kat_vectors.
    #[test]
    fn known_answers() {
        assert_eq!(philox([0; 4], [0; 2]), [0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8]);
        assert_eq!(
            philox([u32::MAX; 4], [u32::MAX; 2]),
            [0x408f_276d, 0x41c8_3b0e, 0xa20b_c7c6, 0x6d54_51fd]
        );
        assert_eq!(
            philox([0x243f_6a88, 0x85a3_08d3, 0x1319_8a2e, 0x0370_7344], [0xa409_3822, 0x299f_31d0]),
            [0xd16c_fe09, 0x94fd_cceb, 0x5001_e420, 0x2412_6ea1]
        );
    }

    #[test]
    fn a_stream_can_be_entered_anywhere() {
        let mut whole = [0; 23];
        bits(&mut whole, Stream::new(1, 2, 3, u32::MAX - 1));
        for block in 0..5 {
            let mut part = [0; 3];
            // The low word of the counter carries into the high word at the third block.
            let counter = (3_u64 << 32 | u64::from(u32::MAX - 1)) + block;
            bits(&mut part, Stream::new(1, 2, (counter >> 32) as u32, counter as u32));
            assert_eq!(part, whole[4 * block as usize..][..3], "block {block}");
        }
    }

    #[test]
    fn key_and_counter_words_all_matter() {
        let first = |stream: Stream| stream.block(0);
        let base = first(Stream::new(0, 0, 0, 0));
        for stream in [
            Stream::new(1, 0, 0, 0),
            Stream::new(0, 1, 0, 0),
            Stream::new(0, 0, 1, 0),
            Stream::new(0, 0, 0, 1),
        ] {
            assert_ne!(first(stream), base);
        }
    }

    #[test]
    fn uniforms_are_24_bits_of_their_word() {
        let stream = Stream::new(0, 7, 0, 0);
        let (mut words, mut numbers) = ([0; 1000], [0.0; 1000]);
        bits(&mut words, stream);
        uniform(&mut numbers, 0.0, 1.0, stream);
        for (word, number) in words.into_iter().zip(wide(&numbers)) {
            assert_eq!(number, f64::from(word >> 8) / 16_777_216.0);
            assert!((0.0..1.0).contains(&number));
        }
        uniform(&mut numbers, -2.0, 6.0, stream);
        let mean = wide(&numbers).iter().sum::<f64>() / 1000.0;
        assert!((mean - 2.0).abs() < 0.3, "mean {mean}");
    }

    /// The check values of AS 241, one for each of its three ranges, and two more.
    #[test]
    fn quantiles_of_the_normal_distribution() {
        for (p, want) in [
            (0.25, -0.674_489_750_196_081_7),
            (0.001, -3.090_232_306_167_813_5),
            (1e-20, -9.262_340_089_798_408),
            (0.5, 0.0),
            (0.975, 1.959_963_984_540_054),
        ] {
            let got = normal_quantile(p);
            assert!((got - want).abs() <= 1e-15 * want.abs().max(1.0), "quantile of {p}: {got}, not {want}");
        }
    }

    #[test]
    fn normals_have_their_moments_and_are_finite() {
        let mut numbers = vec![0.0; 100_000];
        normal(&mut numbers, 3.0, 2.0, Stream::new(0, 1, 0, 0));
        let numbers = wide(&numbers);
        let count = numbers.len() as f64;
        let mean = numbers.iter().sum::<f64>() / count;
        let variance = numbers.iter().map(|x| (x - mean) * (x - mean)).sum::<f64>() / count;
        // Six standard errors.
        assert!((mean - 3.0).abs() < 6.0 * 2.0 / count.sqrt(), "mean {mean}");
        assert!((variance - 4.0).abs() < 6.0 * 4.0 * (2.0 / count).sqrt(), "variance {variance}");
        for u in [0.5 * TWO_TO_MINUS_24, 1.0 - 0.5 * TWO_TO_MINUS_24] {
            assert!(normal_quantile(u).is_finite());
        }
    }

    #[test]
    fn logarithm_is_within_two_units_of_the_platforms() {
        let mut x = f64::MIN_POSITIVE;
        while x < 1e300 {
            let (got, want) = (log(x), x.ln());
            assert!((got - want).abs() <= 2.0 * f64::EPSILON * want.abs(), "log({x}): {got}, not {want}");
            x *= 1.37;
        }
    }

    /// The f64 build's vector logarithm and the scalar one are the same formula.
    #[cfg(feature = "f64")]
    #[test]
    fn logarithm_equals_the_vector_one_bit_for_bit() {
        let math = crate::math::Math::load();
        let mut x = f64::MIN_POSITIVE;
        while x < 1e300 {
            assert_eq!(log(x).to_bits(), math.log_of(x).to_bits(), "log({x})");
            x *= 1.37;
        }
    }
}
