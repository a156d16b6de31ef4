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
