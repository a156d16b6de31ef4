use super::*;
use crate::testing::{Numbers, SIZES, TOLERANCE, assert_close, assert_within, wide};
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

struct Case {
    m: usize,
    n: usize,
    k: usize,
    trans_a: bool,
    trans_b: bool,
    alpha: f64,
    beta: f64,
}

impl Case {
    fn new(m: usize, n: usize, k: usize) -> Self {
        Self { m, n, k, trans_a: false, trans_b: false, alpha: 1.0, beta: 0.0 }
    }

    fn views<'a>(&self, a: &'a [Real], b: &'a [Real]) -> (View<'a>, View<'a>) {
        (
            if self.trans_a { View::transposed(a, self.m) } else { View::rows(a, self.k) },
            if self.trans_b { View::transposed(b, self.k) } else { View::rows(b, self.n) },
        )
    }

    fn product(&self) -> Product {
        Product { m: self.m, n: self.n, k: self.k, alpha: self.alpha as Real, beta: self.beta as Real }
    }

    /// Three loops in f64.
    fn reference(&self, c: &[Real], a: &[Real], b: &[Real]) -> Vec<f64> {
        let Self { m, n, k, .. } = *self;
        let (a, b, c) = (wide(a), wide(b), wide(c));
        let mut out = vec![0.0; m * n];
        for i in 0..m {
            for j in 0..n {
                let dot: f64 = (0..k)
                    .map(|p| {
                        let a = if self.trans_a { a[p * m + i] } else { a[i * k + p] };
                        let b = if self.trans_b { b[j * k + p] } else { b[p * n + j] };
                        a * b
                    })
                    .sum();
                let before = if self.beta == 0.0 { 0.0 } else { self.beta * c[i * n + j] };
                out[i * n + j] = self.alpha * dot + before;
            }
        }
        out
    }

    fn run(&self, numbers: &mut Numbers) {
        let Self { m, n, k, .. } = *self;
        let (a, b, mut c) = (numbers.reals(m * k), numbers.reals(k * n), numbers.reals(m * n));
        if self.beta == 0.0 {
            c.fill(Real::NAN);
        }
        let want = self.reference(&c, &a, &b);
        let (a, b) = self.views(&a, &b);
        gemm(&mut Buffer::new(), &mut Buffer::new(), &mut c, a, b, self.product()).unwrap();
        let what = format!("gemm {m} x {n} x {k}, transposed {} {}", self.trans_a, self.trans_b);
        // TOLERANCE is meant for some 64 terms; rounding errors grow with the square root of their number, and what a sum
        // of small value has lost in larger partial sums does not come back.
        assert_within(&what, &c, &want, TOLERANCE * (k as f64 / 64.0).sqrt().max(1.0));
    }
}

const TRANSPOSES: [(bool, bool); 4] = [(false, false), (false, true), (true, false), (true, true)];

/// The edges of one tile, with few enough products for Miri (scripts/test-rust.mjs --miri).
#[test]
fn tile_edges() {
    let mut numbers = Numbers::seeded(7);
    for m in [1, MR, MR + 1] {
        for n in [1, NR - 1, NR + 1] {
            for (trans_a, trans_b) in TRANSPOSES {
                Case { trans_a, trans_b, ..Case::new(m, n, 3) }.run(&mut numbers);
            }
        }
    }
}

#[test]
fn small_sizes_in_every_form() {
    let mut numbers = Numbers::seeded(1);
    for m in SIZES {
        for n in SIZES {
            for k in [0, 1, 2, 3, 8, 17] {
                for (trans_a, trans_b) in TRANSPOSES {
                    Case { trans_a, trans_b, ..Case::new(m, n, k) }.run(&mut numbers);
                }
            }
        }
    }
}

#[test]
fn block_edges() {
    let mut numbers = Numbers::seeded(2);
    let sizes = [
        (MC - 1, 9, 5),
        (MC + 1, 9, 5),
        (2 * MC + 3, 17, 33),
        (5, NC - 1, 3),
        (5, NC + 1, 3),
        (3, 2 * NC + NR + 1, 2),
        (7, 9, KC - 1),
        (7, 9, KC + 1),
        (6, 10, 2 * KC + 5),
        (1, NC + 3, KC + 3),
        (MC + 3, 1, KC + 3),
    ];
    for (m, n, k) in sizes {
        for (trans_a, trans_b) in TRANSPOSES {
            Case { trans_a, trans_b, alpha: -1.5, beta: 0.5, ..Case::new(m, n, k) }.run(&mut numbers);
        }
    }
}

#[test]
fn alpha_and_beta() {
    let mut numbers = Numbers::seeded(3);
    for (m, n) in [(1, 1), (1, 9), (9, 1), (5, 9)] {
        for k in [0, 3, KC + 1] {
            for (alpha, beta) in [(1.0, 1.0), (0.0, 1.0), (2.0, -1.0), (0.5, 0.25), (0.0, 0.0)] {
                for (trans_a, trans_b) in TRANSPOSES {
                    Case { trans_a, trans_b, alpha, beta, ..Case::new(m, n, k) }.run(&mut numbers);
                }
            }
        }
    }
}

#[test]
fn nan_stays_in_its_row_and_column() {
    let mut numbers = Numbers::seeded(4);
    for (m, n, k) in [(5, 7, 3), (1, 9, 5), (9, 1, 5), (17, 33, 9)] {
        for (row, column) in [(0, 0), (m - 1, n - 1)] {
            let (mut a, mut b) = (numbers.reals(m * k), numbers.reals(k * n));
            a[row * k] = Real::NAN;
            b[column] = Real::INFINITY;
            let mut c = vec![0.0; m * n];
            let case = Case::new(m, n, k);
            let (a, b) = case.views(&a, &b);
            gemm(&mut Buffer::new(), &mut Buffer::new(), &mut c, a, b, case.product()).unwrap();
            for (at, x) in c.iter().enumerate() {
                let touched = at / n == row || at % n == column;
                assert_eq!(!x.is_finite(), touched, "{m} x {n} x {k}: entry {at} is {x}");
            }
        }
    }
}

#[test]
fn packed_b_equals_gemm_bit_for_bit() {
    let mut numbers = Numbers::seeded(5);
    for (m, n, k) in [(2, 3, 5), (4, 8, KC + 9), (33, 17, 2 * KC + 1), (5, NC - 3, 3), (3, 0, 4), (3, 4, 0)] {
        for trans_b in [false, true] {
            let case = Case { trans_b, beta: 1.0, ..Case::new(m, n, k) };
            let (a, b, c) = (numbers.reals(m * k), numbers.reals(k * n), numbers.reals(m * n));
            let (a, b) = case.views(&a, &b);
            let (mut once, mut packed) = (c.clone(), c);
            gemm(&mut Buffer::new(), &mut Buffer::new(), &mut once, a, b, case.product()).unwrap();
            let mut panels = vec![Real::NAN; PackedB::room(k, n)];
            let panels = PackedB::pack(&mut panels, b, k, n);
            panels.multiply(&mut Buffer::new(), (&mut packed, n), a, m, 1.0).unwrap();
            assert_eq!(once, packed, "{m} x {n} x {k}");
        }
    }
}

#[test]
fn columns_of_wider_matrices_equal_their_copies() {
    let mut numbers = Numbers::seeded(7);
    for (m, n, k) in [(1, 1, 3), (1, 5, 4), (5, 1, 4), (3, 1, 1), (4, 8, 9), (17, 9, 33)] {
        for trans in [false, true] {
            // A has 3 columns more than it shows, and starts at the second.
            let (rows, columns) = if trans { (k, m) } else { (m, k) };
            let (wide_a, b) = (numbers.reals(rows * (columns + 3)), numbers.reals(k * n));
            let a: Vec<Real> =
                wide_a.chunks(columns + 3).flat_map(|row| &row[1..=columns]).copied().collect();
            let view = |data, stride| {
                if trans { View::transposed(data, stride) } else { View::rows(data, stride) }
            };
            let mut once = vec![Real::NAN; m * n];
            let mut strided = once.clone();
            let (b, product) = (View::rows(&b, n), Product::assign(m, n, k));
            gemm(&mut Buffer::new(), &mut Buffer::new(), &mut once, view(&a, columns), b, product).unwrap();
            let a = view(&wide_a[1..], columns + 3);
            gemm(&mut Buffer::new(), &mut Buffer::new(), &mut strided, a, b, product).unwrap();
            assert_close(&format!("strided A {m} x {n} x {k}"), &strided, &wide(&once));

            // C has 2 columns more than are written.
            let mut panels = vec![Real::NAN; PackedB::room(k, n)];
            let mut c = vec![7.0; m * (n + 2)];
            let panels = PackedB::pack(&mut panels, b, k, n);
            panels.multiply(&mut Buffer::new(), (&mut c, n + 2), a, m, 0.0).unwrap();
            for (row, want) in c.chunks(n + 2).zip(strided.chunks(n)) {
                assert_close(&format!("strided C {m} x {n} x {k}"), &row[..n], &wide(want));
                assert_eq!(row[n..], [7.0, 7.0]);
            }
        }
    }
}

#[test]
fn buffers_are_reused() {
    let mut numbers = Numbers::seeded(6);
    let (mut packed_a, mut packed_b) = (Buffer::new(), Buffer::new());
    for (m, n, k) in [(33, 65, 70), (3, 5, 2), (40, 9, 100), (4, 8, 1)] {
        let case = Case::new(m, n, k);
        let (a, b, mut c) = (numbers.reals(m * k), numbers.reals(k * n), numbers.reals(m * n));
        let want = case.reference(&c, &a, &b);
        let (a, b) = case.views(&a, &b);
        gemm(&mut packed_a, &mut packed_b, &mut c, a, b, case.product()).unwrap();
        assert_close(&format!("gemm {m} x {n} x {k} in used buffers"), &c, &want);
    }
}
