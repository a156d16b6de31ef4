//! Vector operations of BLAS level 1, each one pass over memory.

use crate::simd::{Real, Vector, map, update, update_with};

/// y = alpha x.
pub fn scale(y: &mut [Real], x: &[Real], alpha: Real) {
    let alpha = Vector::splat(alpha);
    map(y, x, |x| alpha * x);
}

/// y = alpha y.
pub fn scale_in_place(y: &mut [Real], alpha: Real) {
    let alpha = Vector::splat(alpha);
    update(y, |y| alpha * y);
}

/// y += alpha x.
pub fn add_scaled(y: &mut [Real], x: &[Real], alpha: Real) {
    let alpha = Vector::splat(alpha);
    update_with(y, x, |y, x| alpha.mul_add(x, y));
}

/// y += x.
pub fn add(y: &mut [Real], x: &[Real]) {
    update_with(y, x, |y, x| y + x);
}
