//! Functions of one and of two arrays, entry by entry. The shorter of two repeats: its shape is a suffix of the other's.

use crate::math::Math;
use crate::reduce;
use crate::simd::{LANES, Real, Vector, map, map2};

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
    let math = Math::new();
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

/// da = dout d(a op b)/da; summed over the repeats of a.
pub fn binary_backward_a(da: &mut [Real], dout: &[Real], a: &[Real], b: &[Real], op: Binary) {
    match op {
        Binary::Add | Binary::Sub => gradient(da, dout, a, b, |dout, _, _| dout),
        Binary::Mul => gradient(da, dout, a, b, |dout, _, b| dout * b),
        Binary::Div => gradient(da, dout, a, b, |dout, _, b| dout / b),
    }
}

/// db = dout d(a op b)/db; summed over the repeats of b.
pub fn binary_backward_b(db: &mut [Real], dout: &[Real], a: &[Real], b: &[Real], op: Binary) {
    match op {
        Binary::Add => gradient(db, dout, a, b, |dout, _, _| dout),
        Binary::Sub => gradient(db, dout, a, b, |dout, _, _| -dout),
        Binary::Mul => gradient(db, dout, a, b, |dout, a, _| dout * a),
        Binary::Div => gradient(db, dout, a, b, |dout, a, b| -(dout * a) / (b * b)),
    }
}

/// `dx[i] = sum over repeats of f(dout, a, b)`.
#[inline(always)]
fn gradient(
    dx: &mut [Real],
    dout: &[Real],
    a: &[Real],
    b: &[Real],
    f: impl Fn(Vector, Vector, Vector) -> Vector,
) {
    if dout.is_empty() {
        dx.fill(0.0);
        return;
    }
    if dx.len() == 1 {
        dx[0] = gradient_of_scalar(dout, a, b, f);
        return;
    }
    // Within a period nothing wraps around; a single number has no period of its own.
    let period = [dx.len(), a.len(), b.len()].into_iter().filter(|&len| len > 1).min().unwrap_or(1);
    let whole = dx.len() == dout.len();
    for (block, dout) in dout.chunks_exact(period).enumerate() {
        let start = block * period;
        let dx = if whole { &mut dx[start..][..period] } else { &mut *dx };
        for at in (0..period).step_by(LANES) {
            let term =
                f(Vector::load_at(dout, at), load_repeated(a, start + at), load_repeated(b, start + at));
            let sum = if whole || block == 0 { term } else { Vector::load_at(dx, at) + term };
            sum.store_at(dx, at);
        }
    }
}

/// Lanes from `at` of an array that repeats, for reads that do not cross the end of a period.
#[inline(always)]
fn load_repeated(x: &[Real], at: usize) -> Vector {
    match x {
        &[x] => Vector::splat(x),
        x => Vector::load_at(x, if at < x.len() { at } else { at % x.len() }),
    }
}

/// The gradient of an operand that is one number: the sum of all terms.
#[inline(always)]
fn gradient_of_scalar(
    dout: &[Real],
    a: &[Real],
    b: &[Real],
    f: impl Fn(Vector, Vector, Vector) -> Vector,
) -> Real {
    const BLOCK: usize = 64 * LANES;
    let mut terms = [0.0; BLOCK];
    let mut total = 0.0_f64;
    for (block, dout) in dout.chunks(BLOCK).enumerate() {
        let terms = &mut terms[..dout.len()];
        for at in (0..dout.len()).step_by(LANES) {
            let from = block * BLOCK + at;
            f(Vector::load_at(dout, at), load_repeated(a, from), load_repeated(b, from)).store_at(terms, at);
        }
        total += reduce::sum(terms);
    }
    total as Real
}
