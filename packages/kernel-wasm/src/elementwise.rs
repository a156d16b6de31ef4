//! Functions of one and of two arrays, entry by entry. The shorter of two repeats: its shape is a suffix of the other's.

use crate::math::Math;
use crate::simd::{Real, Vector, map, map2, update, update_with};
use crate::{level1, reduce};

#[derive(Clone, Copy)]
pub enum Unary {
    Neg,
    Exp,
    Log,
    Sigmoid,
    Tanh,
    Relu,
    Sqrt,
    Square,
}

impl Unary {
    /// The op of an ABI code.
    pub fn from_code(code: u32) -> Option<Self> {
        use Unary::{Exp, Log, Neg, Relu, Sigmoid, Sqrt, Square, Tanh};
        [Neg, Exp, Log, Sigmoid, Tanh, Relu, Sqrt, Square].get(code as usize).copied()
    }
}

/// y = op(x).
pub fn unary_forward(y: &mut [Real], x: &[Real], op: Unary) {
    let math = Math::load();
    let zero = Vector::zero();
    match op {
        Unary::Neg => map(y, x, |x| -x),
        Unary::Exp => map(y, x, |x| math.exp(x)),
        Unary::Log => map(y, x, |x| math.log(x)),
        Unary::Sigmoid => map(y, x, |x| math.sigmoid(x)),
        Unary::Tanh => map(y, x, |x| math.tanh(x)),
        Unary::Relu => map(y, x, |x| x.max(zero)),
        Unary::Sqrt => map(y, x, Vector::sqrt),
        Unary::Square => map(y, x, |x| x * x),
    }
}

/// dx = dy op'(x), from x or from y = op(x), whichever is cheaper. relu'(0) = 0.
pub fn unary_backward(dx: &mut [Real], dy: &[Real], x: &[Real], y: &[Real], op: Unary) {
    let one = Vector::splat(1.0);
    let zero = Vector::zero();
    let half = Vector::splat(0.5);
    match op {
        Unary::Neg => map(dx, dy, |dy| -dy),
        Unary::Exp => map2(dx, dy, y, |dy, y| dy * y),
        Unary::Log => map2(dx, dy, x, |dy, x| dy / x),
        Unary::Sigmoid => map2(dx, dy, y, |dy, y| dy * (y * (one - y))),
        Unary::Tanh => map2(dx, dy, y, |dy, y| dy * (one - y * y)),
        Unary::Relu => map2(dx, dy, x, |dy, x| zero.less(x).select(dy, zero)),
        Unary::Sqrt => map2(dx, dy, y, |dy, y| dy * (half / y)),
        Unary::Square => map2(dx, dy, x, |dy, x| dy * (x + x)),
    }
}

#[derive(Clone, Copy)]
pub enum Binary {
    Add,
    Sub,
    Mul,
    Div,
}

impl Binary {
    /// The op of an ABI code.
    pub fn from_code(code: u32) -> Option<Self> {
        use Binary::{Add, Div, Mul, Sub};
        [Add, Sub, Mul, Div].get(code as usize).copied()
    }
}

/// out = a op b; `out` is as long as the longer, and the shorter divides it.
pub fn binary_forward(out: &mut [Real], a: &[Real], b: &[Real], op: Binary) {
    match op {
        Binary::Add => zip_repeated(out, a, b, |a, b| a + b),
        Binary::Sub => zip_repeated(out, a, b, |a, b| a - b),
        Binary::Mul => zip_repeated(out, a, b, |a, b| a * b),
        Binary::Div => zip_repeated(out, a, b, |a, b| a / b),
    }
}

/// `out[i] = f(a[i % na], b[i % nb])`.
#[inline(always)]
fn zip_repeated(out: &mut [Real], a: &[Real], b: &[Real], f: impl Fn(Vector, Vector) -> Vector) {
    if out.is_empty() {
        return;
    }
    match (a, b) {
        (&[a], b) if b.len() > 1 => map(out, b, |b| f(Vector::splat(a), b)),
        (a, &[b]) => map(out, a, |a| f(a, Vector::splat(b))),
        (a, b) => {
            let period = a.len().min(b.len());
            for (block, out) in out.chunks_exact_mut(period).enumerate() {
                map2(out, period_of(a, block, period), period_of(b, block, period), &f);
            }
        }
    }
}

/// Block `block` of an array that is either one period long or as long as all blocks.
fn period_of(x: &[Real], block: usize, period: usize) -> &[Real] {
    if x.len() == period { x } else { &x[block * period..][..period] }
}

/// The operand by which a binary op is differentiated.
#[derive(Clone, Copy)]
pub enum Operand {
    A,
    B,
}

/// Reals whose gradient terms are computed together, on the stack.
const BLOCK: usize = 256;

/// dx = dout d(a op b)/dx for one operand x, summed over its repeats.
pub fn binary_backward(dx: &mut [Real], dout: &[Real], a: &[Real], b: &[Real], op: Binary, by: Operand) {
    let mut block = [0.0; BLOCK];
    // Within a period nothing wraps around; a single number has no period of its own.
    let period = [dx.len(), a.len(), b.len()].into_iter().filter(|&len| len > 1).min().unwrap_or(1);
    let mut total = 0.0_f64;
    if dout.is_empty() {
        dx.fill(0.0);
    }
    for start in (0..dout.len()).step_by(period) {
        for from in (start..start + period).step_by(BLOCK) {
            let len = BLOCK.min(start + period - from);
            let terms = &mut block[..len];
            gradient_terms(
                terms,
                &dout[from..][..len],
                repeated(a, from, len),
                repeated(b, from, len),
                op,
                by,
            );
            if dx.len() == 1 {
                total += reduce::sum(terms);
            } else if from < dx.len() {
                dx[from..][..len].copy_from_slice(terms);
            } else {
                level1::add(&mut dx[from % period..][..len], terms);
            }
        }
    }
    if let ([dx], false) = (dx, dout.is_empty()) {
        *dx = total as Real;
    }
}

/// The part of an operand that lines up with `from..from + len`, which does not cross the end of a period.
fn repeated(x: &[Real], from: usize, len: usize) -> &[Real] {
    if x.len() == 1 { x } else { &x[from % x.len()..][..len] }
}

/// terms = dout d(a op b)/dx, entry by entry, a or b being of one entry or of as many as dout.
fn gradient_terms(terms: &mut [Real], dout: &[Real], a: &[Real], b: &[Real], op: Binary, by: Operand) {
    let multiply = |terms: &mut [Real], x: &[Real]| binary_forward(terms, dout, x, Binary::Mul);
    match (op, by) {
        (Binary::Add, _) | (Binary::Sub, Operand::A) => terms.copy_from_slice(dout),
        (Binary::Sub, Operand::B) => map(terms, dout, |dout| -dout),
        (Binary::Mul, Operand::A) => multiply(terms, b),
        (Binary::Mul, Operand::B) => multiply(terms, a),
        (Binary::Div, Operand::A) => binary_forward(terms, dout, b, Binary::Div),
        // d(a / b)/db = -a / b^2
        (Binary::Div, Operand::B) => {
            multiply(terms, a);
            match b {
                &[b] => update(terms, |term| -(term / (Vector::splat(b) * Vector::splat(b)))),
                b => update_with(terms, b, |term, b| -(term / (b * b))),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Numbers, SIZES, assert_close, wide};
    #[cfg(feature = "f64")]
    use crate::testing::{assert_gradient, weighted};
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    type OfOne = fn(f64) -> f64;
    type OfTwo = fn(f64, f64) -> f64;

    const UNARY: [(u32, OfOne); 8] = [
        (0, |x| -x),
        (1, f64::exp),
        (2, f64::ln),
        (3, |x| 1.0 / (1.0 + (-x).exp())),
        (4, f64::tanh),
        (5, |x| x.max(0.0)),
        (6, f64::sqrt),
        (7, |x| x * x),
    ];
    const BINARY: [(u32, OfTwo); 4] =
        [(0, |a, b| a + b), (1, |a, b| a - b), (2, |a, b| a * b), (3, |a, b| a / b)];

    /// Lengths of which one repeats the other, in both orders.
    const LENGTHS: [(usize, usize); 14] = [
        (0, 0),
        (1, 1),
        (7, 7),
        (33, 33),
        (1, 9),
        (9, 1),
        (3, 12),
        (12, 3),
        (5, 35),
        (35, 5),
        (1, 600),
        (600, 1),
        (300, 900),
        (900, 300),
    ];

    fn positive(numbers: &mut Numbers, len: usize) -> Vec<Real> {
        numbers.reals(len).iter().map(|x| x.abs() + 0.5).collect()
    }

    #[test]
    fn unary_values() {
        let mut numbers = Numbers::seeded(60);
        for (code, f) in UNARY {
            let op = Unary::from_code(code).unwrap();
            for len in SIZES {
                let x = if matches!(op, Unary::Log | Unary::Sqrt) {
                    positive(&mut numbers, len)
                } else {
                    numbers.reals(len)
                };
                let mut y = vec![Real::NAN; len];
                unary_forward(&mut y, &x, op);
                assert_close(
                    &format!("op {code} of {len}"),
                    &y,
                    &wide(&x).into_iter().map(f).collect::<Vec<_>>(),
                );
            }
        }
        assert!(Unary::from_code(8).is_none());
    }

    #[test]
    fn nan_goes_in_and_comes_out() {
        for (code, _) in UNARY {
            let mut y = [0.0; 3];
            unary_forward(&mut y, &[1.0, Real::NAN, 2.0], Unary::from_code(code).unwrap());
            assert_eq!(y.map(Real::is_nan), [false, true, false], "op {code}");
        }
    }

    #[test]
    fn binary_values_with_repeats() {
        let mut numbers = Numbers::seeded(61);
        for (code, f) in BINARY {
            for (na, nb) in LENGTHS {
                let (a, b) = (numbers.reals(na), positive(&mut numbers, nb));
                let n = na.max(nb);
                let mut out = vec![Real::NAN; n];
                binary_forward(&mut out, &a, &b, Binary::from_code(code).unwrap());
                let (a, b) = (wide(&a), wide(&b));
                let want: Vec<f64> = (0..n).map(|i| f(a[i % na], b[i % nb])).collect();
                assert_close(&format!("op {code} of {na} and {nb}"), &out, &want);
            }
        }
        assert!(Binary::from_code(4).is_none());
    }

    #[test]
    fn binary_gradients_by_hand() {
        let mut numbers = Numbers::seeded(62);
        let by_a: [OfTwo; 4] = [|_, _| 1.0, |_, _| 1.0, |_, b| b, |_, b| 1.0 / b];
        let by_b: [OfTwo; 4] = [|_, _| 1.0, |_, _| -1.0, |a, _| a, |a, b| -a / (b * b)];
        for code in 0..4 {
            for (na, nb) in LENGTHS {
                let n = na.max(nb);
                let (a, b, dout) = (numbers.reals(na), positive(&mut numbers, nb), numbers.reals(n));
                let op = Binary::from_code(code as u32).unwrap();
                let (wa, wb, wd) = (wide(&a), wide(&b), wide(&dout));
                for (by, len, slope) in [(Operand::A, na, by_a[code]), (Operand::B, nb, by_b[code])] {
                    let mut got = vec![Real::NAN; len];
                    binary_backward(&mut got, &dout, &a, &b, op, by);
                    let mut want = vec![0.0; len];
                    for i in 0..n {
                        want[i % len] += wd[i] * slope(wa[i % na], wb[i % nb]);
                    }
                    assert_close(&format!("gradient {code} of {na} and {nb}"), &got, &want);
                }
            }
        }
    }

    #[cfg(feature = "f64")]
    #[test]
    fn gradients_are_finite_differences() {
        let mut numbers = Numbers::seeded(63);
        for (code, _) in UNARY {
            let op = Unary::from_code(code).unwrap();
            // Away from the kink of relu and the pole of log.
            let mut x = positive(&mut numbers, 9);
            if matches!(op, Unary::Relu | Unary::Tanh | Unary::Sigmoid | Unary::Exp) {
                x.iter_mut().step_by(2).for_each(|x| *x = -*x);
            }
            let (dy, mut y, mut dx) = (numbers.reals(9), vec![0.0; 9], vec![0.0; 9]);
            unary_forward(&mut y, &x, op);
            unary_backward(&mut dx, &dy, &x, &y, op);
            assert_gradient(&format!("op {code}"), &x, &dx, |x| {
                unary_forward(&mut y, x, op);
                weighted(&y, &dy)
            });
        }
        for (code, _) in BINARY {
            let op = Binary::from_code(code).unwrap();
            for (na, nb) in [(5, 5), (1, 6), (6, 1), (3, 9), (9, 3)] {
                let n = na.max(nb);
                let (a, b, dout) = (numbers.reals(na), positive(&mut numbers, nb), numbers.reals(n));
                let (mut out, mut da, mut db) = (vec![0.0; n], vec![0.0; na], vec![0.0; nb]);
                binary_backward(&mut da, &dout, &a, &b, op, Operand::A);
                binary_backward(&mut db, &dout, &a, &b, op, Operand::B);
                let mut loss = |a: &[Real], b: &[Real]| {
                    binary_forward(&mut out, a, b, op);
                    weighted(&out, &dout)
                };
                assert_gradient(&format!("da {code} {na} {nb}"), &a, &da, |a| loss(a, &b));
                assert_gradient(&format!("db {code} {na} {nb}"), &b, &db, |b| loss(&a, b));
            }
        }
    }
}
