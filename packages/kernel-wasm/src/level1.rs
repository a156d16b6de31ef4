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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Numbers, SIZES, assert_close, wide};
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    #[test]
    fn one_pass_operations() {
        for len in SIZES {
            let mut numbers = Numbers::seeded(40);
            let (x, y) = (numbers.reals(len), numbers.reals(len));
            let alpha = 0.75;
            let (wx, wy) = (wide(&x), wide(&y));
            let mut out = vec![Real::NAN; len];
            scale(&mut out, &x, alpha as Real);
            assert_close("scale", &out, &wx.iter().map(|x| alpha * x).collect::<Vec<_>>());
            let mut out = y.clone();
            scale_in_place(&mut out, alpha as Real);
            assert_close("scale in place", &out, &wy.iter().map(|y| alpha * y).collect::<Vec<_>>());
            let mut out = y.clone();
            add_scaled(&mut out, &x, alpha as Real);
            let want: Vec<f64> = wx.iter().zip(&wy).map(|(x, y)| y + alpha * x).collect();
            assert_close("add scaled", &out, &want);
            let mut out = y;
            add(&mut out, &x);
            assert_close("add", &out, &wx.iter().zip(&wy).map(|(x, y)| y + x).collect::<Vec<_>>());
        }
    }
}
