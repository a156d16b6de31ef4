//! y = x W^T + b, and its gradients. x [rows, inputs], weight [outputs, inputs], bias \[outputs\], y [rows, outputs].

use crate::error::Result;
use crate::gemm::{Product, View, gemm};
use crate::reduce::{add_column_sums, broadcast};
use crate::simd::Real;
use crate::workspace::Workspace;

#[derive(Clone, Copy)]
pub struct LinearSizes {
    pub rows: usize,
    pub inputs: usize,
    pub outputs: usize,
}

/// y = x W^T + b.
pub fn linear_forward(
    workspace: &mut Workspace,
    y: &mut [Real],
    x: &[Real],
    weight: &[Real],
    bias: Option<&[Real]>,
    sizes: LinearSizes,
) -> Result {
    let LinearSizes { rows, inputs, outputs } = sizes;
    let Workspace { packed_a, packed_b, .. } = workspace;
    let mut product = Product::assign(rows, outputs, inputs);
    if let Some(bias) = bias {
        broadcast(y, bias, rows, outputs);
        product.beta = 1.0;
    }
    gemm(packed_a, packed_b, y, View::rows(x, inputs), View::transposed(weight, inputs), product)
}

/// The gradients that are wanted.
pub struct LinearGradients<'a> {
    /// [rows, inputs], assigned.
    pub dx: Option<&'a mut [Real]>,
    /// [outputs, inputs], accumulated.
    pub dweight: Option<&'a mut [Real]>,
    /// \[outputs\], accumulated.
    pub dbias: Option<&'a mut [Real]>,
}

/// dx = dy W, dW += dy^T x, db += column sums of dy.
pub fn linear_backward(
    workspace: &mut Workspace,
    gradients: LinearGradients,
    dy: &[Real],
    x: &[Real],
    weight: &[Real],
    sizes: LinearSizes,
) -> Result {
    let LinearSizes { rows, inputs, outputs } = sizes;
    let Workspace { packed_a, packed_b, .. } = workspace;
    if let Some(dx) = gradients.dx {
        let product = Product::assign(rows, inputs, outputs);
        gemm(packed_a, packed_b, dx, View::rows(dy, outputs), View::rows(weight, inputs), product)?;
    }
    if let Some(dweight) = gradients.dweight {
        let product = Product::accumulate(outputs, inputs, rows);
        gemm(packed_a, packed_b, dweight, View::transposed(dy, outputs), View::rows(x, inputs), product)?;
    }
    if let Some(dbias) = gradients.dbias {
        add_column_sums(dbias, dy);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Numbers, assert_close, wide};
    #[cfg(feature = "f64")]
    use crate::testing::{assert_gradient, weighted};
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    const SIZES: [(usize, usize, usize); 9] = [
        (0, 3, 2),
        (3, 0, 2),
        (3, 2, 0),
        (1, 1, 1),
        (1, 17, 33),
        (3, 1, 5),
        (5, 7, 1),
        (17, 33, 9),
        (4, 8, 8),
    ];

    fn sizes((rows, inputs, outputs): (usize, usize, usize)) -> LinearSizes {
        LinearSizes { rows, inputs, outputs }
    }

    #[test]
    fn forward_is_the_equation() {
        let mut numbers = Numbers::seeded(110);
        for (rows, inputs, outputs) in SIZES {
            let (x, weight) = (numbers.reals(rows * inputs), numbers.reals(outputs * inputs));
            let bias = numbers.reals(outputs);
            let (wx, ww, wb) = (wide(&x), wide(&weight), wide(&bias));
            for with_bias in [false, true] {
                let mut y = vec![Real::NAN; rows * outputs];
                let given = with_bias.then_some(bias.as_slice());
                let sizes = sizes((rows, inputs, outputs));
                linear_forward(&mut Workspace::new(), &mut y, &x, &weight, given, sizes).unwrap();
                let want: Vec<f64> = (0..rows * outputs)
                    .map(|at| {
                        let (r, o) = (at / outputs, at % outputs);
                        let dot: f64 = (0..inputs).map(|i| wx[r * inputs + i] * ww[o * inputs + i]).sum();
                        dot + if with_bias { wb[o] } else { 0.0 }
                    })
                    .collect();
                assert_close(&format!("linear {rows} {inputs} {outputs}"), &y, &want);
            }
        }
    }

    #[test]
    fn gradients_by_hand() {
        let mut numbers = Numbers::seeded(111);
        for (rows, inputs, outputs) in SIZES {
            let (x, weight) = (numbers.reals(rows * inputs), numbers.reals(outputs * inputs));
            let dy = numbers.reals(rows * outputs);
            let (mut dx, mut dweight, mut dbias) =
                (vec![Real::NAN; x.len()], vec![1.0; weight.len()], vec![1.0; outputs]);
            let gradients =
                LinearGradients { dx: Some(&mut dx), dweight: Some(&mut dweight), dbias: Some(&mut dbias) };
            let sizes = sizes((rows, inputs, outputs));
            linear_backward(&mut Workspace::new(), gradients, &dy, &x, &weight, sizes).unwrap();
            let (x, weight, dy) = (wide(&x), wide(&weight), wide(&dy));
            let (mut want_dx, mut want_dweight, mut want_dbias) =
                (vec![0.0; x.len()], vec![1.0; weight.len()], vec![1.0; outputs]);
            for r in 0..rows {
                for o in 0..outputs {
                    let dy = dy[r * outputs + o];
                    want_dbias[o] += dy;
                    for i in 0..inputs {
                        want_dx[r * inputs + i] += dy * weight[o * inputs + i];
                        want_dweight[o * inputs + i] += dy * x[r * inputs + i];
                    }
                }
            }
            assert_close("dx", &dx, &want_dx);
            assert_close("dweight", &dweight, &want_dweight);
            assert_close("dbias", &dbias, &want_dbias);
        }
    }

    #[cfg(feature = "f64")]
    #[test]
    fn gradients_are_finite_differences() {
        let mut numbers = Numbers::seeded(112);
        for (rows, inputs, outputs) in [(1, 3, 2), (3, 5, 4)] {
            let (x, weight, bias) =
                (numbers.reals(rows * inputs), numbers.reals(outputs * inputs), numbers.reals(outputs));
            let dy = numbers.reals(rows * outputs);
            let (mut dx, mut dweight, mut dbias) =
                (vec![0.0; x.len()], vec![0.0; weight.len()], vec![0.0; outputs]);
            let gradients =
                LinearGradients { dx: Some(&mut dx), dweight: Some(&mut dweight), dbias: Some(&mut dbias) };
            let sizes = sizes((rows, inputs, outputs));
            let mut workspace = Workspace::new();
            linear_backward(&mut workspace, gradients, &dy, &x, &weight, sizes).unwrap();
            let mut y = vec![0.0; rows * outputs];
            let mut loss = |x: &[Real], weight: &[Real], bias: &[Real]| {
                linear_forward(&mut workspace, &mut y, x, weight, Some(bias), sizes).unwrap();
                weighted(&y, &dy)
            };
            assert_gradient("dx", &x, &dx, |x| loss(x, &weight, &bias));
            assert_gradient("dweight", &weight, &dweight, |weight| loss(&x, weight, &bias));
            assert_gradient("dbias", &bias, &dbias, |bias| loss(&x, &weight, bias));
        }
    }
}
