//! Matrix times vector, row-major and unpacked: at batch 1 every weight is used once, so packing it would cost more than
//! the product, and reading rows in order runs at the speed of the cache.

use crate::simd::{LANES, Real, Vector, update_with};

/// Rows handled together: enough independent sums to hide the latency of an addition.
const ROWS: usize = 4;
const STEP: usize = 2 * LANES;

/// `y[r] = alpha sum over j of w[r, j] x[j] + beta y[r]` for w [rows, columns]; y is not read where beta is 0.
pub fn dot_rows(y: &mut [Real], w: &[Real], x: &[Real], alpha: Real, beta: Real) {
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
    let (y_blocks, y_rest) = y.as_chunks_mut::<ROWS>();
    let (w_blocks, w_rest) = w.split_at(y_blocks.len() * ROWS * columns);
    for (y, w) in y_blocks.iter_mut().zip(w_blocks.chunks_exact(ROWS * columns)) {
        let sums = dot_block(w, x);
        for (y, sum) in y.iter_mut().zip(sums) {
            finish(y, sum);
        }
    }
    for (y, w) in y_rest.iter_mut().zip(w_rest.chunks_exact(columns)) {
        finish(y, dot(w, x));
    }
}

/// Four dot products of the rows of w [4, columns] with x.
#[inline(never)]
fn dot_block(w: &[Real], x: &[Real]) -> [Real; ROWS] {
    let columns = x.len();
    let (w0, w) = w.split_at(columns);
    let (w1, w) = w.split_at(columns);
    let (w2, w3) = w.split_at(columns);
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
    let (x_blocks, x_rest) = x.as_chunks::<ROWS>();
    let (w_blocks, w_rest) = w.split_at(x_blocks.len() * ROWS * columns);
    for (x, w) in x_blocks.iter().zip(w_blocks.chunks_exact(ROWS * columns)) {
        add_block(y, w, x.map(|x| alpha * x));
    }
    for (&x, w) in x_rest.iter().zip(w_rest.chunks_exact(columns)) {
        let x = Vector::splat(alpha * x);
        update_with(y, w, |y, w| x.mul_add(w, y));
    }
}

/// `y += x[0] w[0] + x[1] w[1] + x[2] w[2] + x[3] w[3]` for w [4, columns]: y goes through memory once for four rows.
#[inline(never)]
fn add_block(y: &mut [Real], w: &[Real], x: [Real; ROWS]) {
    let columns = y.len();
    let (w0, w) = w.split_at(columns);
    let (w1, w) = w.split_at(columns);
    let (w2, w3) = w.split_at(columns);
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
