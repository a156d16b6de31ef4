//! Matrix times vector, row-major and unpacked: at batch 1 every weight is used once, so packing it would cost more than
//! the product, and reading rows in order runs at the speed of the cache.

use crate::simd::{LANES, Real, Vector, update_with};

/// Rows whose dot products are taken together: as many sums as hide the latency of an addition, few enough that engines
/// keep them and the running addresses in registers. Two sums per row of four, or addresses made from an index, halve the
/// speed on V8 (Node 20, 256 x 1024: 18 GFLOP/s against 26, fused 31).
const DOTS: usize = 6;
/// Rows added together: y goes through memory once for all of them.
const ROWS: usize = 4;

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
    let (y_blocks, y_rest) = y.as_chunks_mut::<DOTS>();
    let whole = y_blocks.len() * DOTS;
    for (block, y) in y_blocks.iter_mut().enumerate() {
        let sums = dot_block(core::array::from_fn(|i| row(block * DOTS + i)), x);
        for (y, sum) in y.iter_mut().zip(sums) {
            finish(y, sum);
        }
    }
    for (r, y) in (whole..).zip(y_rest) {
        finish(y, dot(row(r), x));
    }
}

/// The dot products of six rows with x.
#[inline(never)]
fn dot_block(w: [&[Real]; DOTS], x: &[Real]) -> [Real; DOTS] {
    let (xs, x_tail) = x.as_chunks::<LANES>();
    let [w0, w1, w2, w3, w4, w5] = w.map(|w| w.as_chunks::<LANES>().0.iter());
    let mut acc = [Vector::zero(); DOTS];
    for ((((((x, w0), w1), w2), w3), w4), w5) in xs.iter().zip(w0).zip(w1).zip(w2).zip(w3).zip(w4).zip(w5) {
        let x = Vector::load(x);
        for (acc, w) in acc.iter_mut().zip([w0, w1, w2, w3, w4, w5]) {
            *acc = Vector::load(w).mul_add(x, *acc);
        }
    }
    let tail = x.len() - x_tail.len();
    let mut sums = acc.map(Vector::sum);
    for (sum, w) in sums.iter_mut().zip(w) {
        *sum += dot_tail(&w[tail..], x_tail);
    }
    sums
}

/// One dot product, in the order of [`dot_block`], so that a row's result does not depend on its neighbours.
fn dot(w: &[Real], x: &[Real]) -> Real {
    let ((xs, x_tail), (ws, w_tail)) = (x.as_chunks::<LANES>(), w.as_chunks::<LANES>());
    let sum =
        xs.iter().zip(ws).fold(Vector::zero(), |acc, (x, w)| Vector::load(w).mul_add(Vector::load(x), acc));
    sum.sum() + dot_tail(w_tail, x_tail)
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
