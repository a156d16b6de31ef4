//! The one vector type, in two twins: wasm SIMD and portable arrays.
//!
//! This is the only file with intrinsics. It decides the real type ([`Real`]) and the number of lanes ([`LANES`]);
//! everything above is written once for both. The twins agree bit for bit in the strict build: same operations, same
//! order of every reduction.
//!
//! | build   | `Real` | `LANES` | `mul_add(a, b, c)`                            |
//! |---------|--------|---------|-----------------------------------------------|
//! | strict  | f32    | 4       | `a * b`, rounded, `+ c`, rounded              |
//! | relaxed | f32    | 4       | fused where the engine's machine has FMA      |
//! | f64     | f64    | 2       | `a * b`, rounded, `+ c`, rounded              |

#[cfg(not(feature = "f64"))]
mod real {
    pub type Real = f32;
    pub type Bits = u32;
    pub const MANTISSA_BITS: u32 = 23;
    pub const EXPONENT_BIAS: Bits = 127;
    /// 1.5 * 2^23: adding it rounds to an integer, held in the low mantissa bits.
    pub const ROUND_MAGIC: Real = 12_582_912.0;
    /// Bits of the smallest float that is at least sqrt(1/2).
    pub const SQRT_HALF_BITS: Bits = 0x3f35_04f4;
}

#[cfg(feature = "f64")]
mod real {
    pub type Real = f64;
    pub type Bits = u64;
    pub const MANTISSA_BITS: u32 = 52;
    pub const EXPONENT_BIAS: Bits = 1023;
    /// 1.5 * 2^52: adding it rounds to an integer, held in the low mantissa bits.
    pub const ROUND_MAGIC: Real = 6_755_399_441_055_744.0;
    /// Bits of the smallest double that is at least sqrt(1/2).
    pub const SQRT_HALF_BITS: Bits = 0x3fe6_a09e_667f_3bcd;
}

pub use real::{Bits, ROUND_MAGIC, Real};

/// Bytes of one [`Real`].
pub const REAL_BYTES: usize = size_of::<Real>();
/// Reals in one [`Vector`]: 128 bits.
pub const LANES: usize = 16 / REAL_BYTES;
/// Reals in one cache line, the alignment of every buffer the kernel makes.
pub const LINE: usize = 64 / REAL_BYTES;
/// Whether [`Vector::mul_add`] may round once instead of twice.
pub const FUSED: bool = cfg!(all(target_arch = "wasm32", target_feature = "relaxed-simd"));

pub use twin::{Mask, Vector};

#[cfg(target_arch = "wasm32")]
mod twin {
    use super::real::*;
    use super::{LANES, Real};
    use core::arch::wasm32::*;
    use core::ops::{Add, Div, Mul, Neg, Sub};

    #[cfg(not(feature = "f64"))]
    mod lanes {
        pub use core::arch::wasm32::{
            f32x4_abs as abs, f32x4_add as add, f32x4_div as div, f32x4_eq as eq, f32x4_lt as lt,
            f32x4_mul as mul, f32x4_neg as neg, f32x4_splat as splat, f32x4_sqrt as sqrt, f32x4_sub as sub,
            i32x4_add as int_add, i32x4_shl as int_shl, i32x4_shr as int_shr, i32x4_sub as int_sub,
            u32x4_splat as int_splat, v128_load32_splat as load_splat,
        };
        #[cfg(not(target_feature = "relaxed-simd"))]
        pub use core::arch::wasm32::{f32x4_pmax as pmax, f32x4_pmin as pmin, v128_bitselect as select};
        #[cfg(target_feature = "relaxed-simd")]
        pub use core::arch::wasm32::{f32x4_relaxed_madd as madd, i32x4_relaxed_laneselect as select};
    }

    #[cfg(feature = "f64")]
    mod lanes {
        pub use core::arch::wasm32::{
            f64x2_abs as abs, f64x2_add as add, f64x2_div as div, f64x2_eq as eq, f64x2_lt as lt,
            f64x2_mul as mul, f64x2_neg as neg, f64x2_splat as splat, f64x2_sqrt as sqrt, f64x2_sub as sub,
            i64x2_add as int_add, i64x2_shl as int_shl, i64x2_shr as int_shr, i64x2_sub as int_sub,
            u64x2_splat as int_splat, v128_load64_splat as load_splat,
        };
        #[cfg(not(target_feature = "relaxed-simd"))]
        pub use core::arch::wasm32::{f64x2_pmax as pmax, f64x2_pmin as pmin, v128_bitselect as select};
        #[cfg(target_feature = "relaxed-simd")]
        pub use core::arch::wasm32::{f64x2_relaxed_madd as madd, i64x2_relaxed_laneselect as select};
    }

    /// [`LANES`] reals, handled together.
    #[derive(Clone, Copy)]
    #[repr(transparent)]
    pub struct Vector(v128);

    /// One truth value per lane.
    #[derive(Clone, Copy)]
    pub struct Mask(v128);

    impl Vector {
        #[inline(always)]
        pub fn splat(value: Real) -> Self {
            Self(lanes::splat(value))
        }

        #[inline(always)]
        pub fn load(from: &[Real; LANES]) -> Self {
            // SAFETY: the array is 16 readable bytes; v128.load has no alignment requirement.
            Self(unsafe { v128_load(from.as_ptr().cast()) })
        }

        #[inline(always)]
        pub fn store(self, to: &mut [Real; LANES]) {
            // SAFETY: the array is 16 writable bytes; v128.store has no alignment requirement.
            unsafe { v128_store(to.as_mut_ptr().cast(), self.0) }
        }

        /// One real, repeated in every lane.
        #[inline(always)]
        pub fn load_splat(from: &Real) -> Self {
            // SAFETY: the reference is one readable real.
            Self(unsafe { lanes::load_splat(core::ptr::from_ref(from).cast()) })
        }

        /// `self * factor + addend`; the build decides whether it rounds once or twice.
        #[inline(always)]
        pub fn mul_add(self, factor: Self, addend: Self) -> Self {
            #[cfg(target_feature = "relaxed-simd")]
            return Self(lanes::madd(self.0, factor.0, addend.0));
            #[cfg(not(target_feature = "relaxed-simd"))]
            return self * factor + addend;
        }

        /// The smaller; `self` where either is NaN.
        #[inline(always)]
        pub fn min(self, other: Self) -> Self {
            #[cfg(target_feature = "relaxed-simd")]
            return other.less(self).select(other, self);
            #[cfg(not(target_feature = "relaxed-simd"))]
            return Self(lanes::pmin(self.0, other.0));
        }

        /// The larger; `self` where either is NaN.
        ///
        /// Not pmax in the relaxed build: LLVM 21 and 22 turn pmin and pmax into relaxed_min and relaxed_max, which may
        /// drop a NaN (llvm-project#177814).
        #[inline(always)]
        pub fn max(self, other: Self) -> Self {
            #[cfg(target_feature = "relaxed-simd")]
            return self.less(other).select(other, self);
            #[cfg(not(target_feature = "relaxed-simd"))]
            return Self(lanes::pmax(self.0, other.0));
        }

        #[inline(always)]
        pub fn abs(self) -> Self {
            Self(lanes::abs(self.0))
        }

        #[inline(always)]
        pub fn sqrt(self) -> Self {
            Self(lanes::sqrt(self.0))
        }

        /// The magnitude of `self` with the sign bit of `sign`.
        #[inline(always)]
        pub fn copy_sign(self, sign: Self) -> Self {
            let sign_bit = lanes::splat(-0.0);
            Self(v128_bitselect(sign.0, self.0, sign_bit))
        }

        #[inline(always)]
        pub fn less(self, other: Self) -> Mask {
            Mask(lanes::lt(self.0, other.0))
        }

        #[inline(always)]
        pub fn equal(self, other: Self) -> Mask {
            Mask(lanes::eq(self.0, other.0))
        }

        /// 2^n for `self = ROUND_MAGIC + n`, n an integer within the exponent range.
        #[inline(always)]
        pub fn power_of_two(self) -> Self {
            Self(lanes::int_shl(lanes::int_add(self.0, lanes::int_splat(EXPONENT_BIAS)), MANTISSA_BITS))
        }

        /// `(m, e)` with `self = m * 2^e` and m in [sqrt(1/2), sqrt(2)), for positive normal numbers.
        #[inline(always)]
        pub fn split_exponent(self) -> (Self, Self) {
            let e = lanes::int_shr(lanes::int_sub(self.0, lanes::int_splat(SQRT_HALF_BITS)), MANTISSA_BITS);
            let mantissa = lanes::int_sub(self.0, lanes::int_shl(e, MANTISSA_BITS));
            let magic = lanes::splat(ROUND_MAGIC);
            (Self(mantissa), Self(lanes::int_add(e, magic)) - Self(magic))
        }

        /// Row i of the result is lane i of every row.
        #[cfg(not(feature = "f64"))]
        #[inline(always)]
        pub fn transpose([a, b, c, d]: [Self; LANES]) -> [Self; LANES] {
            let (ab, cd) = (i32x4_shuffle::<0, 4, 1, 5>(a.0, b.0), i32x4_shuffle::<0, 4, 1, 5>(c.0, d.0));
            let (ef, gh) = (i32x4_shuffle::<2, 6, 3, 7>(a.0, b.0), i32x4_shuffle::<2, 6, 3, 7>(c.0, d.0));
            [
                Self(i64x2_shuffle::<0, 2>(ab, cd)),
                Self(i64x2_shuffle::<1, 3>(ab, cd)),
                Self(i64x2_shuffle::<0, 2>(ef, gh)),
                Self(i64x2_shuffle::<1, 3>(ef, gh)),
            ]
        }

        /// Row i of the result is lane i of every row.
        #[cfg(feature = "f64")]
        #[inline(always)]
        pub fn transpose([a, b]: [Self; LANES]) -> [Self; LANES] {
            [Self(i64x2_shuffle::<0, 2>(a.0, b.0)), Self(i64x2_shuffle::<1, 3>(a.0, b.0))]
        }

        #[inline(always)]
        pub fn to_array(self) -> [Real; LANES] {
            let mut out = [0.0; LANES];
            self.store(&mut out);
            out
        }
    }

    impl Mask {
        /// `yes` where true, `no` elsewhere. A mask's lanes are all ones or all zeros, for which the relaxed instruction
        /// is exact.
        #[inline(always)]
        pub fn select(self, yes: Vector, no: Vector) -> Vector {
            Vector(lanes::select(yes.0, no.0, self.0))
        }

        #[inline(always)]
        pub fn any(self) -> bool {
            v128_any_true(self.0)
        }
    }

    macro_rules! operator {
        ($Trait:ident, $method:ident, $intrinsic:path) => {
            impl $Trait for Vector {
                type Output = Self;
                #[inline(always)]
                fn $method(self, other: Self) -> Self {
                    Self($intrinsic(self.0, other.0))
                }
            }
        };
    }
    operator!(Add, add, lanes::add);
    operator!(Sub, sub, lanes::sub);
    operator!(Mul, mul, lanes::mul);
    operator!(Div, div, lanes::div);

    impl Neg for Vector {
        type Output = Self;
        #[inline(always)]
        fn neg(self) -> Self {
            Self(lanes::neg(self.0))
        }
    }
}

#[cfg(not(target_arch = "wasm32"))]
mod twin {
    use super::real::*;
    use super::{LANES, Real};
    use core::array::from_fn;
    use core::ops::{Add, Div, Mul, Neg, Sub};

    /// [`LANES`] reals, handled together.
    #[derive(Clone, Copy)]
    #[repr(transparent)]
    pub struct Vector([Real; LANES]);

    /// One truth value per lane.
    #[derive(Clone, Copy)]
    pub struct Mask([bool; LANES]);

    impl Vector {
        #[inline(always)]
        pub fn splat(value: Real) -> Self {
            Self([value; LANES])
        }

        #[inline(always)]
        pub fn load(from: &[Real; LANES]) -> Self {
            Self(*from)
        }

        #[inline(always)]
        pub fn store(self, to: &mut [Real; LANES]) {
            *to = self.0;
        }

        /// One real, repeated in every lane.
        #[inline(always)]
        pub fn load_splat(from: &Real) -> Self {
            Self([*from; LANES])
        }

        /// `self * factor + addend`, rounded twice.
        #[inline(always)]
        pub fn mul_add(self, factor: Self, addend: Self) -> Self {
            self * factor + addend
        }

        /// The smaller; `self` where either is NaN.
        #[inline(always)]
        pub fn min(self, other: Self) -> Self {
            Self(from_fn(|l| if other.0[l] < self.0[l] { other.0[l] } else { self.0[l] }))
        }

        /// The larger; `self` where either is NaN.
        #[inline(always)]
        pub fn max(self, other: Self) -> Self {
            Self(from_fn(|l| if self.0[l] < other.0[l] { other.0[l] } else { self.0[l] }))
        }

        #[inline(always)]
        pub fn abs(self) -> Self {
            Self(self.0.map(Real::abs))
        }

        #[inline(always)]
        pub fn sqrt(self) -> Self {
            Self(self.0.map(Real::sqrt))
        }

        /// The magnitude of `self` with the sign bit of `sign`.
        #[inline(always)]
        pub fn copy_sign(self, sign: Self) -> Self {
            Self(from_fn(|l| self.0[l].copysign(sign.0[l])))
        }

        #[inline(always)]
        pub fn less(self, other: Self) -> Mask {
            Mask(from_fn(|l| self.0[l] < other.0[l]))
        }

        #[inline(always)]
        pub fn equal(self, other: Self) -> Mask {
            Mask(from_fn(|l| self.0[l] == other.0[l]))
        }

        /// 2^n for `self = ROUND_MAGIC + n`, n an integer within the exponent range.
        #[inline(always)]
        pub fn power_of_two(self) -> Self {
            Self(self.0.map(|x| Real::from_bits(x.to_bits().wrapping_add(EXPONENT_BIAS) << MANTISSA_BITS)))
        }

        /// `(m, e)` with `self = m * 2^e` and m in [sqrt(1/2), sqrt(2)), for positive normal numbers.
        #[inline(always)]
        pub fn split_exponent(self) -> (Self, Self) {
            let exponent = self.0.map(|x| {
                let shifted = x.to_bits().wrapping_sub(SQRT_HALF_BITS);
                // An arithmetic shift, so that numbers below sqrt(1/2) get a negative exponent.
                (shifted.cast_signed() >> MANTISSA_BITS).cast_unsigned()
            });
            let mantissa =
                from_fn(|l| Real::from_bits(self.0[l].to_bits().wrapping_sub(exponent[l] << MANTISSA_BITS)));
            let e = exponent.map(|e| Real::from_bits(e.wrapping_add(ROUND_MAGIC.to_bits())) - ROUND_MAGIC);
            (Self(mantissa), Self(e))
        }

        /// Row i of the result is lane i of every row.
        #[inline(always)]
        pub fn transpose(rows: [Self; LANES]) -> [Self; LANES] {
            from_fn(|i| Self(from_fn(|j| rows[j].0[i])))
        }

        #[inline(always)]
        pub fn to_array(self) -> [Real; LANES] {
            self.0
        }
    }

    impl Mask {
        /// `yes` where true, `no` elsewhere.
        #[inline(always)]
        pub fn select(self, yes: Vector, no: Vector) -> Vector {
            Vector(from_fn(|l| if self.0[l] { yes.0[l] } else { no.0[l] }))
        }

        #[inline(always)]
        pub fn any(self) -> bool {
            self.0.contains(&true)
        }
    }

    macro_rules! operator {
        ($Trait:ident, $method:ident, $sign:tt) => {
            impl $Trait for Vector {
                type Output = Self;
                #[inline(always)]
                fn $method(self, other: Self) -> Self {
                    Self(from_fn(|l| self.0[l] $sign other.0[l]))
                }
            }
        };
    }
    operator!(Add, add, +);
    operator!(Sub, sub, -);
    operator!(Mul, mul, *);
    operator!(Div, div, /);

    impl Neg for Vector {
        type Output = Self;
        #[inline(always)]
        fn neg(self) -> Self {
            Self(self.0.map(|x| -x))
        }
    }
}

impl Vector {
    #[inline(always)]
    pub fn zero() -> Self {
        Self::splat(0.0)
    }

    /// The sum of the lanes, always in the same order.
    #[inline(always)]
    pub fn sum(self) -> Real {
        let lanes = self.to_array();
        let mut total = lanes[0] + lanes[1];
        for pair in lanes[2..].as_chunks::<2>().0 {
            total += pair[0] + pair[1];
        }
        total
    }

    /// The largest lane.
    #[inline(always)]
    pub fn largest(self) -> Real {
        let lanes = self.to_array();
        lanes.iter().fold(lanes[0], |largest, &x| if largest < x { x } else { largest })
    }

    /// Lanes `at..` of a slice; zeros past its end.
    #[inline(always)]
    pub fn load_at(from: &[Real], at: usize) -> Self {
        match from.get(at..).and_then(|rest| rest.first_chunk()) {
            Some(chunk) => Self::load(chunk),
            None => Self::load_tail(from.get(at..).unwrap_or(&[])),
        }
    }

    /// Lanes `at..` of a slice; lanes past its end are dropped.
    #[inline(always)]
    pub fn store_at(self, to: &mut [Real], at: usize) {
        let Some(rest) = to.get_mut(at..) else { return };
        match rest.first_chunk_mut() {
            Some(chunk) => self.store(chunk),
            None => self.store_tail(rest),
        }
    }

    /// Fewer than [`LANES`] reals, then zeros.
    #[inline(always)]
    pub fn load_tail(tail: &[Real]) -> Self {
        let mut lanes = [0.0; LANES];
        for (lane, &x) in lanes.iter_mut().zip(tail) {
            *lane = x;
        }
        Self::load(&lanes)
    }

    /// The first lanes, as many as `tail` is long.
    #[inline(always)]
    pub fn store_tail(self, tail: &mut [Real]) {
        for (x, lane) in tail.iter_mut().zip(self.to_array()) {
            *x = lane;
        }
    }
}

/// `y = f(y)` over a slice. The tail runs through the same vector code, so position never changes a result.
#[inline(always)]
pub fn update(y: &mut [Real], f: impl Fn(Vector) -> Vector) {
    let (ys, y_tail) = y.as_chunks_mut();
    for y in ys {
        f(Vector::load(y)).store(y);
    }
    if !y_tail.is_empty() {
        f(Vector::load_tail(y_tail)).store_tail(y_tail);
    }
}

/// `y = f(y, x)` over slices of equal length.
#[inline(always)]
pub fn update_with(y: &mut [Real], x: &[Real], f: impl Fn(Vector, Vector) -> Vector) {
    let (ys, y_tail) = y.as_chunks_mut();
    let (xs, x_tail) = x.as_chunks();
    for (y, x) in ys.iter_mut().zip(xs) {
        f(Vector::load(y), Vector::load(x)).store(y);
    }
    if !y_tail.is_empty() {
        f(Vector::load_tail(y_tail), Vector::load_tail(x_tail)).store_tail(y_tail);
    }
}

/// `y = f(x)` over slices of equal length.
#[inline(always)]
pub fn map(y: &mut [Real], x: &[Real], f: impl Fn(Vector) -> Vector) {
    let (ys, y_tail) = y.as_chunks_mut();
    let (xs, x_tail) = x.as_chunks();
    for (y, x) in ys.iter_mut().zip(xs) {
        f(Vector::load(x)).store(y);
    }
    if !y_tail.is_empty() {
        f(Vector::load_tail(x_tail)).store_tail(y_tail);
    }
}

/// `y = f(a, b)` over slices of equal length.
#[inline(always)]
pub fn map2(y: &mut [Real], a: &[Real], b: &[Real], f: impl Fn(Vector, Vector) -> Vector) {
    let (ys, y_tail) = y.as_chunks_mut();
    let (a_chunks, a_tail) = a.as_chunks();
    let (b_chunks, b_tail) = b.as_chunks();
    for ((y, a), b) in ys.iter_mut().zip(a_chunks).zip(b_chunks) {
        f(Vector::load(a), Vector::load(b)).store(y);
    }
    if !y_tail.is_empty() {
        f(Vector::load_tail(a_tail), Vector::load_tail(b_tail)).store_tail(y_tail);
    }
}

/// `y = f(y, a, b)` over slices of equal length.
#[inline(always)]
pub fn update_with2(y: &mut [Real], a: &[Real], b: &[Real], f: impl Fn(Vector, Vector, Vector) -> Vector) {
    let (ys, y_tail) = y.as_chunks_mut();
    let (a_chunks, a_tail) = a.as_chunks();
    let (b_chunks, b_tail) = b.as_chunks();
    for ((y, a), b) in ys.iter_mut().zip(a_chunks).zip(b_chunks) {
        f(Vector::load(y), Vector::load(a), Vector::load(b)).store(y);
    }
    if !y_tail.is_empty() {
        f(Vector::load_tail(y_tail), Vector::load_tail(a_tail), Vector::load_tail(b_tail)).store_tail(y_tail);
    }
}

/// One cache line of reals: the unit of the kernel's own buffers.
#[derive(Clone, Copy)]
#[repr(C, align(64))]
pub struct Line(pub [Real; LINE]);

/// The reals of some cache lines.
pub fn reals_of(lines: &mut [Line]) -> &mut [Real] {
    // SAFETY: a Line is LINE reals without padding (16 * 4 or 8 * 8 bytes at alignment 64), so the lines are
    // `lines.len() * LINE` contiguous initialised reals; the borrow is carried over.
    unsafe { core::slice::from_raw_parts_mut(lines.as_mut_ptr().cast(), lines.len() * LINE) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Numbers, SIZES};
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    /// What each operation does to one lane, in plain Rust: both twins must agree with it bit for bit.
    #[test]
    fn lanes_are_scalars() {
        let mut numbers = Numbers::seeded(130);
        let special =
            [0.0, -0.0, 1.0, -1.0, Real::INFINITY, Real::NEG_INFINITY, Real::MIN_POSITIVE, Real::MAX];
        for round in 0..200 {
            let pick = |numbers: &mut Numbers| {
                core::array::from_fn::<Real, LANES, _>(|_| {
                    if round % 2 == 0 {
                        numbers.number() as Real
                    } else {
                        special[numbers.bits() as usize % 8]
                    }
                })
            };
            let (a, b) = (pick(&mut numbers), pick(&mut numbers));
            let (va, vb) = (Vector::load(&a), Vector::load(&b));
            let same = |what: &str, got: Vector, f: fn(Real, Real) -> Real| {
                for (lane, got) in got.to_array().into_iter().enumerate() {
                    let want = f(a[lane], b[lane]);
                    let equal = got.to_bits() == want.to_bits() || (got.is_nan() && want.is_nan());
                    assert!(equal, "{what}({}, {}): {got}, not {want}", a[lane], b[lane]);
                }
            };
            same("add", va + vb, |a, b| a + b);
            same("sub", va - vb, |a, b| a - b);
            same("mul", va * vb, |a, b| a * b);
            same("div", va / vb, |a, b| a / b);
            same("neg", -va, |a, _| -a);
            same("min", va.min(vb), |a, b| if b < a { b } else { a });
            same("max", va.max(vb), |a, b| if a < b { b } else { a });
            same("abs", va.abs(), |a, _| a.abs());
            same("sqrt", va.sqrt(), |a, _| a.sqrt());
            same("copy_sign", va.copy_sign(vb), |a, b| a.copysign(b));
            same("less", va.less(vb).select(va, vb), |a, b| if a < b { a } else { b });
            same("equal", va.equal(vb).select(va, vb), |a, b| if a == b { a } else { b });
            if !FUSED {
                same("mul_add", va.mul_add(vb, va), |a, b| a * b + a);
            }
        }
    }

    #[test]
    fn reductions_over_lanes() {
        let lanes: [Real; LANES] = core::array::from_fn(|lane| (lane + 1) as Real);
        assert_eq!(Vector::load(&lanes).sum(), (LANES * (LANES + 1) / 2) as Real);
        assert_eq!(Vector::load(&lanes).largest(), LANES as Real);
        assert!(Vector::load(&lanes).equal(Vector::splat(1.0)).any());
        assert!(!Vector::load(&lanes).equal(Vector::splat(0.5)).any());
    }

    #[test]
    fn lanes_and_rows_change_places() {
        let rows: [Vector; LANES] =
            core::array::from_fn(|i| Vector::load(&core::array::from_fn(|j| (i * LANES + j) as Real)));
        for (j, column) in Vector::transpose(rows).into_iter().enumerate() {
            let want: [Real; LANES] = core::array::from_fn(|i| (i * LANES + j) as Real);
            assert_eq!(column.to_array(), want);
        }
    }

    #[test]
    fn exponents_split_and_join() {
        for e in [-100, -1, 0, 1, 2, 100] {
            let x = 1.25 * (2.0 as Real).powi(e);
            let (m, exponent) = Vector::splat(x).split_exponent();
            assert_eq!((m.to_array()[0], exponent.to_array()[0]), (1.25, e as Real));
            let power = Vector::splat(ROUND_MAGIC + e as Real).power_of_two();
            assert_eq!(power.to_array()[0], (2.0 as Real).powi(e));
        }
        let (m, e) = Vector::splat(1.5).split_exponent();
        assert_eq!((m.to_array()[0], e.to_array()[0]), (0.75, 1.0));
    }

    #[test]
    fn loads_and_stores_stop_at_the_end() {
        let x: Vec<Real> = (1..=9).map(|x| x as Real).collect();
        for at in 0..12 {
            let got = Vector::load_at(&x, at).to_array();
            let want: [Real; LANES] = core::array::from_fn(|lane| x.get(at + lane).copied().unwrap_or(0.0));
            assert_eq!(got, want);
            let mut out = [0.0; 9];
            Vector::splat(7.0).store_at(&mut out, at);
            assert!(out.iter().enumerate().all(|(i, &y)| (y == 7.0) == (at..at + LANES).contains(&i)));
        }
    }

    #[test]
    fn slices_are_covered_once() {
        for len in SIZES {
            let x = Numbers::seeded(131).reals(len);
            let twice: Vec<Real> = x.iter().map(|x| x + x).collect();
            let mut y = vec![Real::NAN; len];
            map(&mut y, &x, |x| x + x);
            assert_eq!(y, twice);
            map2(&mut y, &x, &x, |a, b| a + b);
            assert_eq!(y, twice);
            y.copy_from_slice(&x);
            update(&mut y, |y| y + y);
            assert_eq!(y, twice);
            y.copy_from_slice(&x);
            update_with(&mut y, &x, |y, x| y + x);
            assert_eq!(y, twice);
        }
    }
}
