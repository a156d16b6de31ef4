//! Matrix times vector, row-major and unpacked: at batch 1 every weight is used once, so packing it would cost more than
//! the product, and reading rows in order runs at the speed of the cache.

use crate::simd::{LANES, Real, Vector, update_with};

/// Rows handled together: enough independent sums to hide the latency of an addition.
const ROWS: usize = 4;
const STEP: usize = 2 * LANES;

/// `y[r] = alpha sum over j of w[r, j] x[j] + beta y[r]` for w [rows, columns]; y is not read where beta is 0.
pub fn dot_rows(y: &mut [Real], w: &[Real], x: &[Real], alpha: Real, beta: Real) {
    dot_rows_apart(y, w, x.len(), x, alpha, beta);
}

/// As [`dot_rows`] for rows of w that lie `stride` apart.
pub fn dot_rows_apart(y: &mut [Real], w: &[Real], stride: usize, x: &[Real], alpha: Real, beta: Real) {
    let columns = x.len();
    let finish = |y: &mut Real, sum: Real| {
        *y = if beta == 0.0 { alpha * sum } else { alpha * sum + beta * *y };
    };
    if columns == 0 {
        for y in y {
            finish(y, 0.0);
        }
        return;
    }
    let row = |r: usize| &w[r * stride..][..columns];
    let (y_blocks, y_rest) = y.as_chunks_mut::<ROWS>();
    let whole = y_blocks.len() * ROWS;
    for (block, y) in y_blocks.iter_mut().enumerate() {
        let sums = dot_block(core::array::from_fn(|i| row(block * ROWS + i)), x);
        for (y, sum) in y.iter_mut().zip(sums) {
            finish(y, sum);
        }
    }
    for (r, y) in (whole..).zip(y_rest) {
        finish(y, dot(row(r), x));
    }
}

/// Four dot products with x.
#[inline(never)]
fn dot_block([w0, w1, w2, w3]: [&[Real]; ROWS], x: &[Real]) -> [Real; ROWS] {
    let columns = x.len();
    let (xs, x_tail) = x.as_chunks::<STEP>();
    let rows = w0
        .as_chunks::<STEP>()
        .0
        .iter()
        .zip(w1.as_chunks::<STEP>().0)
        .zip(w2.as_chunks::<STEP>().0)
        .zip(w3.as_chunks::<STEP>().0);
    let mut acc = [[Vector::zero(); 2]; ROWS];
    for (x, (((w0, w1), w2), w3)) in xs.iter().zip(rows) {
        let x = x.as_chunks::<LANES>().0;
        let (x_low, x_high) = (Vector::load(&x[0]), Vector::load(&x[1]));
        for (acc, w) in acc.iter_mut().zip([w0, w1, w2, w3]) {
            let w = w.as_chunks::<LANES>().0;
            acc[0] = Vector::load(&w[0]).mul_add(x_low, acc[0]);
            acc[1] = Vector::load(&w[1]).mul_add(x_high, acc[1]);
        }
    }
    let tail = columns - x_tail.len();
    let mut sums = [0.0; ROWS];
    for ((sum, acc), w) in sums.iter_mut().zip(acc).zip([w0, w1, w2, w3]) {
        *sum = (acc[0] + acc[1]).sum() + dot_tail(&w[tail..], x_tail);
    }
    sums
}

/// One dot product, in the order of [`dot_block`], so that a row's result does not depend on its neighbours.
fn dot(w: &[Real], x: &[Real]) -> Real {
    let (xs, x_tail) = x.as_chunks::<STEP>();
    let (ws, w_tail) = w.as_chunks::<STEP>();
    let mut acc = [Vector::zero(); 2];
    for (x, w) in xs.iter().zip(ws) {
        let (x, w) = (x.as_chunks::<LANES>().0, w.as_chunks::<LANES>().0);
        acc[0] = Vector::load(&w[0]).mul_add(Vector::load(&x[0]), acc[0]);
        acc[1] = Vector::load(&w[1]).mul_add(Vector::load(&x[1]), acc[1]);
    }
    (acc[0] + acc[1]).sum() + dot_tail(w_tail, x_tail)
}

fn dot_tail(w: &[Real], x: &[Real]) -> Real {
    w.iter().zip(x).fold(0.0, |sum, (&w, &x)| sum + w * x)
}

/// `y[j] = alpha sum over p of x[p] w[p, j] + beta y[j]` for w [x.len(), columns]; y is not read where beta is 0.
pub fn add_rows(y: &mut [Real], w: &[Real], x: &[Real], alpha: Real, beta: Real) {
    add_rows_apart(y, w, y.len(), x, alpha, beta);
}

/// As [`add_rows`] for rows of w that lie `stride` apart.
pub fn add_rows_apart(y: &mut [Real], w: &[Real], stride: usize, x: &[Real], alpha: Real, beta: Real) {
    let columns = y.len();
    if beta == 0.0 {
        y.fill(0.0);
    } else if beta != 1.0 {
        let beta = Vector::splat(beta);
        crate::simd::update(y, |y| y * beta);
    }
    if columns == 0 {
        return;
    }
    let row = |p: usize| &w[p * stride..][..columns];
    let (x_blocks, x_rest) = x.as_chunks::<ROWS>();
    let whole = x_blocks.len() * ROWS;
    for (block, x) in x_blocks.iter().enumerate() {
        add_block(y, core::array::from_fn(|i| row(block * ROWS + i)), x.map(|x| alpha * x));
    }
    for (p, &x) in (whole..).zip(x_rest) {
        let x = Vector::splat(alpha * x);
        update_with(y, row(p), |y, w| x.mul_add(w, y));
    }
}

/// `y += x[0] w[0] + x[1] w[1] + x[2] w[2] + x[3] w[3]`: y goes through memory once for four rows.
#[inline(never)]
fn add_block(y: &mut [Real], [w0, w1, w2, w3]: [&[Real]; ROWS], x: [Real; ROWS]) {
    let columns = y.len();
    let x = x.map(Vector::splat);
    let sum = |y: Vector, w: [Vector; ROWS]| w.iter().zip(x).fold(y, |y, (&w, x)| x.mul_add(w, y));
    let (ys, y_tail) = y.as_chunks_mut::<LANES>();
    let rows = w0
        .as_chunks::<LANES>()
        .0
        .iter()
        .zip(w1.as_chunks::<LANES>().0)
        .zip(w2.as_chunks::<LANES>().0)
        .zip(w3.as_chunks::<LANES>().0);
    for (y, (((w0, w1), w2), w3)) in ys.iter_mut().zip(rows) {
        sum(Vector::load(y), [w0, w1, w2, w3].map(Vector::load)).store(y);
    }
    let tail = columns - y_tail.len();
    if !y_tail.is_empty() {
        let w = [w0, w1, w2, w3].map(|w| Vector::load_tail(&w[tail..]));
        sum(Vector::load_tail(y_tail), w).store_tail(y_tail);
    }
}
