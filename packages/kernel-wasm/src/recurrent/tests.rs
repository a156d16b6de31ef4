use super::cell::Cell;
use super::*;
use crate::error::KernelError;
use crate::simd::Real;
use crate::testing::{Numbers, assert_close, wide};
#[cfg(feature = "f64")]
use crate::testing::{assert_gradient, weighted};
use crate::workspace::Workspace;
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

const CELLS: [(&str, &Cell); 4] =
    [("rnn tanh", &RNN_TANH), ("rnn relu", &RNN_RELU), ("gru", &GRU), ("lstm", &LSTM)];

/// T, B, I, H around nothing, one, the lanes and the tile.
const SIZES: [(usize, usize, usize, usize); 12] = [
    (1, 1, 1, 1),
    (3, 1, 2, 3),
    (2, 3, 1, 1),
    (2, 3, 1, 3),
    (4, 2, 5, 4),
    (3, 5, 17, 17),
    (2, 17, 3, 33),
    (5, 1, 33, 33),
    (0, 2, 3, 4),
    (2, 0, 3, 4),
    (2, 3, 0, 5),
    (2, 3, 4, 0),
];

/// The arrays of one case, every optional one present; those of c are empty for cells without c.
#[derive(Clone)]
struct Case {
    cell: &'static Cell,
    sizes: Sizes,
    lengths: Option<Vec<i32>>,
    reverse: bool,
    x: Vec<Real>,
    h0: Vec<Real>,
    c0: Vec<Real>,
    weight_ih: Vec<Real>,
    weight_hh: Vec<Real>,
    bias_ih: Vec<Real>,
    bias_hh: Vec<Real>,
}

/// What a forward pass leaves for the backward pass, and its y in columns 1.. of rows of H + 3.
struct Forward {
    y: Vec<Real>,
    hs: Vec<Real>,
    cs: Vec<Real>,
    gates: Vec<Real>,
}

fn columns(hidden: usize) -> Columns {
    Columns { stride: hidden + 3, offset: 1 }
}

impl Case {
    fn new(cell: &'static Cell, sizes: (usize, usize, usize, usize)) -> Self {
        let (steps, batch, inputs, hidden) = sizes;
        let mut numbers = Numbers::seeded(7);
        let width = cell.gates * hidden;
        // As large as PyTorch draws them: larger ones amplify rounding from step to step.
        let bound = 1.0 / (hidden.max(1) as Real).sqrt();
        let mut weights = |len| numbers.reals(len).iter().map(|w| w * bound).collect::<Vec<_>>();
        let (weight_ih, weight_hh) = (weights(width * inputs), weights(width * hidden));
        Self {
            cell,
            sizes: Sizes { steps, batch, inputs, hidden },
            lengths: None,
            reverse: false,
            x: numbers.reals(steps * batch * inputs),
            h0: numbers.reals(batch * hidden),
            c0: numbers.reals(batch * cell.c_size(hidden)),
            weight_ih,
            weight_hh,
            bias_ih: numbers.reals(width),
            bias_hh: numbers.reals(width),
        }
    }

    /// Every cell at every size, in both directions, without and with lengths.
    fn all() -> impl Iterator<Item = (String, Self)> {
        CELLS.into_iter().flat_map(|(name, cell)| {
            SIZES.into_iter().flat_map(move |sizes| {
                (0..4).map(move |way| {
                    let mut case = Self::new(cell, sizes);
                    case.reverse = way % 2 == 1;
                    if way > 1 {
                        case.lengths = Some(Numbers::seeded(8).indices(sizes.1, sizes.0 + 1));
                    }
                    let title = format!("{name} {sizes:?} {:?} reverse {}", case.lengths, case.reverse);
                    (title, case)
                })
            })
        })
    }

    fn course(&self) -> Course<'_> {
        Course { lengths: self.lengths.as_deref(), reverse: self.reverse }
    }

    fn length(&self, row: usize) -> usize {
        self.lengths.as_ref().map_or(self.sizes.steps, |lengths| lengths[row] as usize)
    }

    fn inputs(&self) -> Inputs<'_> {
        Inputs {
            x: &self.x,
            h0: Some(&self.h0),
            c0: Some(&self.c0),
            weight_ih: &self.weight_ih,
            weight_hh: &self.weight_hh,
            bias_ih: Some(&self.bias_ih),
            bias_hh: Some(&self.bias_hh),
        }
    }

    fn forward(&self, inputs: Inputs) -> Forward {
        let Sizes { steps, batch, hidden, .. } = self.sizes;
        let columns = columns(hidden);
        let mut out = Forward {
            y: vec![7.0; steps * batch * columns.stride],
            hs: vec![Real::NAN; (steps + 1) * batch * hidden],
            cs: vec![Real::NAN; (steps + 1) * batch * self.cell.c_size(hidden)],
            gates: vec![Real::NAN; steps * batch * self.cell.blocks * hidden],
        };
        let outputs = Outputs {
            y: Some((&mut out.y, columns)),
            hs: &mut out.hs,
            cs: &mut out.cs,
            gates: Some(&mut out.gates),
        };
        forward(self.cell, &mut Workspace::new(), outputs, inputs, self.course(), self.sizes).unwrap();
        out
    }

    /// y without its margins.
    fn inner(&self, y: &[Real]) -> Vec<Real> {
        let hidden = self.sizes.hidden;
        y.chunks(hidden + 3).flat_map(|row| row[1..=hidden].to_vec()).collect()
    }

    /// The block of the last states.
    fn last<'s>(&self, states: &'s [Real]) -> &'s [Real] {
        let block = states.len() / (self.sizes.steps + 1);
        let at = if self.reverse { 0 } else { self.sizes.steps };
        &states[at * block..][..block]
    }
}

/// The equations, row by row and number by number, in f64: (y, last h, last c).
fn reference(case: &Case, inputs: &Inputs) -> (Vec<f64>, Vec<f64>, Vec<f64>) {
    let Sizes { steps, batch, inputs: input_size, hidden } = case.sizes;
    let or_zeros = |x: Option<&[Real]>, len| x.map_or(vec![0.0; len], wide);
    let width = case.cell.gates * hidden;
    let (x, w_ih, w_hh) = (wide(inputs.x), wide(inputs.weight_ih), wide(inputs.weight_hh));
    let (b_ih, b_hh) = (or_zeros(inputs.bias_ih, width), or_zeros(inputs.bias_hh, width));
    let h0 = or_zeros(inputs.h0, batch * hidden);
    let c_size = case.cell.c_size(hidden);
    let c0 = or_zeros(inputs.c0, batch * c_size);
    let sigmoid = |x: f64| 1.0 / (1.0 + (-x).exp());
    let dot = |w: &[f64], x: &[f64]| w.iter().zip(x).map(|(w, x)| w * x).sum::<f64>();
    let mut y = vec![0.0; steps * batch * hidden];
    let (mut hn, mut cn) = (Vec::new(), Vec::new());
    for b in 0..batch {
        let (mut h, mut c) = (h0[b * hidden..][..hidden].to_vec(), c0[b * c_size..][..c_size].to_vec());
        for turn in 0..case.length(b) {
            let t = if case.reverse { case.length(b) - 1 - turn } else { turn };
            let x_t = &x[(t * batch + b) * input_size..][..input_size];
            let from_x = |row: usize| dot(&w_ih[row * input_size..], x_t) + b_ih[row];
            let from_h = |row: usize| dot(&w_hh[row * hidden..], &h) + b_hh[row];
            let z = |block: usize, j: usize| from_x(block * hidden + j) + from_h(block * hidden + j);
            let next = |j: usize| -> (f64, f64) {
                if case.cell.has_c {
                    let c_t = sigmoid(z(1, j)) * c[j] + sigmoid(z(0, j)) * z(2, j).tanh();
                    (sigmoid(z(3, j)) * c_t.tanh(), c_t)
                } else if case.cell.gates == 3 {
                    let (r, z) = (sigmoid(z(0, j)), sigmoid(z(1, j)));
                    let n = (from_x(2 * hidden + j) + r * from_h(2 * hidden + j)).tanh();
                    ((1.0 - z) * n + z * h[j], 0.0)
                } else if core::ptr::eq(case.cell, &RNN_RELU) {
                    (z(0, j).max(0.0), 0.0)
                } else {
                    (z(0, j).tanh(), 0.0)
                }
            };
            let both: Vec<(f64, f64)> = (0..hidden).map(next).collect();
            h = both.iter().map(|(h, _)| *h).collect();
            c = both.iter().map(|(_, c)| *c).take(c_size).collect();
            y[(t * batch + b) * hidden..][..hidden].copy_from_slice(&h);
        }
        hn.extend(h);
        cn.extend(c);
    }
    (y, hn, cn)
}

#[test]
fn forward_is_the_equations() {
    for (title, case) in Case::all() {
        for absent in [false, true] {
            let mut inputs = case.inputs();
            if absent {
                (inputs.h0, inputs.c0, inputs.bias_ih, inputs.bias_hh) = (None, None, None, None);
            }
            let (y, hn, cn) = reference(&case, &inputs);
            let got = case.forward(inputs);
            assert_close(&format!("y {title}"), &case.inner(&got.y), &y);
            assert_close(&format!("hn {title}"), case.last(&got.hs), &hn);
            assert_close(&format!("cn {title}"), case.last(&got.cs), &cn);
            for row in got.y.chunks(case.sizes.hidden + 3) {
                assert_eq!((row[0], &row[case.sizes.hidden + 1..]), (7.0, &[7.0; 2][..]), "margins of y");
            }
        }
    }
}

#[test]
fn without_gates_the_same_bits_and_only_the_last_states() {
    for (title, mut case) in Case::all() {
        // More rows than one chunk of the input product.
        if case.sizes.steps == 5 {
            case = Case { reverse: case.reverse, ..Case::new(case.cell, (150, 2, 3, 4)) };
        }
        let kept = case.forward(case.inputs());
        let state = case.sizes.batch * case.sizes.hidden;
        let (mut y, mut h) = (vec![7.0; kept.y.len()], vec![Real::NAN; state]);
        let mut c = vec![Real::NAN; if case.cell.has_c { state } else { 0 }];
        let outputs =
            Outputs { y: Some((&mut y, columns(case.sizes.hidden))), hs: &mut h, cs: &mut c, gates: None };
        let workspace = &mut Workspace::new();
        forward(case.cell, workspace, outputs, case.inputs(), case.course(), case.sizes).unwrap();
        assert_eq!(y, kept.y, "{title}");
        assert_eq!((h.as_slice(), c.as_slice()), (case.last(&kept.hs), case.last(&kept.cs)), "{title}");
    }
}

#[test]
fn one_row_equals_the_same_row_in_a_batch() {
    for (name, cell) in CELLS {
        let one = Case::new(cell, (4, 1, 5, 9));
        let repeat =
            |x: &[Real], size: usize| x.chunks(size).flat_map(|row| row.repeat(3)).collect::<Vec<_>>();
        let mut three = one.clone();
        three.sizes.batch = 3;
        three.x = repeat(&one.x, 5);
        three.h0 = repeat(&one.h0, 9);
        three.c0 = repeat(&one.c0, 9);
        let (single, batch) = (one.forward(one.inputs()), three.forward(three.inputs()));
        assert_close(&format!("hs of a batch, {name}"), &batch.hs, &wide(&repeat(&single.hs, 9)));
    }
}

#[test]
fn lengths_outside_the_sequence_are_refused() {
    for bad in [-1, 4, i32::MAX, i32::MIN] {
        let mut case = Case::new(&GRU, (3, 2, 1, 1));
        case.lengths = Some(vec![0, bad]);
        assert_eq!(
            case.course().rows(3, 2).err(),
            Some(KernelError::IndexOutOfRange { position: 1, value: bad, limit: 4 })
        );
    }
}

/// All gradients of a case.
#[derive(Debug, PartialEq)]
struct Backward {
    dx: Vec<Real>,
    dh0: Vec<Real>,
    dc0: Vec<Real>,
    dweight_ih: Vec<Real>,
    dweight_hh: Vec<Real>,
    dbias_ih: Vec<Real>,
    dbias_hh: Vec<Real>,
    dz: Vec<Real>,
}

/// The loss is the sum of dy y + dhn hn + dcn cn.
struct Loss {
    dy: Vec<Real>,
    dhn: Vec<Real>,
    dcn: Vec<Real>,
}

impl Loss {
    fn new(case: &Case) -> Self {
        let Sizes { steps, batch, hidden, .. } = case.sizes;
        let mut numbers = Numbers::seeded(9);
        Self {
            dy: numbers.reals(steps * batch * columns(hidden).stride),
            dhn: numbers.reals(batch * hidden),
            dcn: numbers.reals(case.c0.len()),
        }
    }
}

impl Case {
    fn saved<'a>(&'a self, forward: &'a Forward, loss: &'a Loss) -> Saved<'a> {
        Saved {
            dy: Some((&loss.dy, columns(self.sizes.hidden))),
            dhn: Some(&loss.dhn),
            dcn: Some(&loss.dcn),
            hs: &forward.hs,
            cs: &forward.cs,
            x: &self.x,
            weight_ih: &self.weight_ih,
            weight_hh: &self.weight_hh,
        }
    }

    /// Gradients of a loss, parameters (and dx, where it adds up) starting from `start`.
    fn backward(&self, loss: &Loss, start: Real, add_dx: bool) -> Backward {
        let mut forward = self.forward(self.inputs());
        let filled = |like: &[Real], value| vec![value; like.len()];
        let mut out = Backward {
            dx: filled(&self.x, if add_dx { start } else { Real::NAN }),
            dh0: filled(&self.h0, Real::NAN),
            dc0: filled(&self.c0, Real::NAN),
            dweight_ih: filled(&self.weight_ih, start),
            dweight_hh: filled(&self.weight_hh, start),
            dbias_ih: filled(&self.bias_ih, start),
            dbias_hh: filled(&self.bias_hh, start),
            dz: Vec::new(),
        };
        let mut gates = core::mem::take(&mut forward.gates);
        let gradients = Gradients {
            dx: Some(&mut out.dx),
            add_dx,
            dh0: Some(&mut out.dh0),
            dc0: Some(&mut out.dc0),
            dweight_ih: Some(&mut out.dweight_ih),
            dweight_hh: Some(&mut out.dweight_hh),
            dbias_ih: Some(&mut out.dbias_ih),
            dbias_hh: Some(&mut out.dbias_hh),
            gates: &mut gates,
        };
        let saved = self.saved(&forward, loss);
        backward(self.cell, &mut Workspace::new(), gradients, saved, self.course(), self.sizes).unwrap();
        out.dz = gates;
        out
    }
}

#[test]
fn parameter_gradients_accumulate() {
    for (title, case) in Case::all() {
        let loss = Loss::new(&case);
        let from_zero = case.backward(&loss, 0.0, false);
        let from_two = case.backward(&loss, 2.0, true);
        let shifted = |x: &[Real]| wide(x).iter().map(|x| x + 2.0).collect::<Vec<_>>();
        for (what, zero, two) in [
            ("dweight_ih", &from_zero.dweight_ih, &from_two.dweight_ih),
            ("dweight_hh", &from_zero.dweight_hh, &from_two.dweight_hh),
            ("dbias_ih", &from_zero.dbias_ih, &from_two.dbias_ih),
            ("dbias_hh", &from_zero.dbias_hh, &from_two.dbias_hh),
            ("dx that adds up", &from_zero.dx, &from_two.dx),
        ] {
            assert_close(&format!("{what} {title}"), two, &shifted(zero));
        }
        assert_eq!(from_zero.dh0, from_two.dh0, "gradients of states are assigned, {title}");
    }
}

#[test]
fn absent_gradients_change_nothing_else() {
    for (name, cell) in CELLS {
        let case = Case::new(cell, (3, 2, 5, 7));
        let loss = Loss::new(&case);
        let all = case.backward(&loss, 0.0, false);
        let mut forward = case.forward(case.inputs());
        let mut gates = core::mem::take(&mut forward.gates);
        let mut dweight_hh = vec![0.0; case.weight_hh.len()];
        let gradients = Gradients {
            dx: None,
            add_dx: false,
            dh0: None,
            dc0: None,
            dweight_ih: None,
            dweight_hh: Some(&mut dweight_hh),
            dbias_ih: None,
            dbias_hh: None,
            gates: &mut gates,
        };
        let saved = case.saved(&forward, &loss);
        backward(cell, &mut Workspace::new(), gradients, saved, case.course(), case.sizes).unwrap();
        assert_eq!(dweight_hh, all.dweight_hh, "{name}");
    }
}

#[test]
fn steps_behind_the_end_of_a_row_get_nothing_and_give_nothing() {
    for (name, cell) in CELLS {
        for reverse in [false, true] {
            for lengths in [[4, 0, 2], [1, 3, 0], [0, 0, 0]] {
                let mut case = Case::new(cell, (4, 3, 2, 5));
                (case.reverse, case.lengths) = (reverse, Some(lengths.to_vec()));
                let mut loss = Loss::new(&case);
                let (y, mut clean) = (case.forward(case.inputs()).y, case.backward(&loss, 0.0, false));
                for (at, row) in case.x.chunks_mut(2).enumerate() {
                    if at / 3 >= lengths[at % 3] as usize {
                        row.fill(Real::NAN);
                    }
                }
                for (at, row) in loss.dy.chunks_mut(8).enumerate() {
                    if at / 3 >= lengths[at % 3] as usize {
                        row.fill(Real::NAN);
                    }
                }
                assert_eq!(case.forward(case.inputs()).y, y, "{name} {lengths:?}");
                let mut poisoned = case.backward(&loss, 0.0, false);
                // The gates have room to spare.
                (poisoned.dz, clean.dz) = (Vec::new(), Vec::new());
                assert_eq!(poisoned, clean, "{name} {lengths:?} reverse {reverse}");
                for (at, dx) in poisoned.dx.chunks(2).enumerate() {
                    let ended = at / 3 >= lengths[at % 3] as usize;
                    assert_eq!(dx.iter().all(|dx| dx.to_bits() == 0), ended, "{name} {lengths:?} at {at}");
                }
            }
        }
    }
}

#[test]
fn a_gradient_that_fades_ends_at_zero_and_not_in_subnormal_numbers() {
    for (name, cell) in CELLS {
        let mut case = Case::new(cell, (8000, 2, 3, 5));
        // Small weights, and for the GRU an update gate at 1/2: each step back shrinks the gradient.
        for w in case.weight_hh.iter_mut().chain(&mut case.weight_ih) {
            *w /= 8.0;
        }
        let mut loss = Loss::new(&case);
        loss.dy.fill(0.0);
        let dz = case.backward(&loss, 0.0, false).dz;
        let first = 2 * 5 * cell.blocks;
        assert!(dz.iter().all(|dz| *dz == 0.0 || dz.abs() >= crate::math::NEGLIGIBLE), "{name}");
        assert!(dz[..first].iter().all(|dz| *dz == 0.0), "the first steps get nothing, {name}");
        assert!(dz[dz.len() - first..].iter().any(|dz| *dz != 0.0), "the last steps do, {name}");
    }
}

#[test]
fn no_steps_pass_the_gradients_through() {
    for (name, cell) in CELLS {
        let case = Case::new(cell, (0, 2, 3, 4));
        let loss = Loss::new(&case);
        let out = case.backward(&loss, 0.0, false);
        assert_eq!((out.dh0, out.dc0), (loss.dhn, loss.dcn), "{name}");
        assert!(out.dweight_hh.iter().all(|&x| x == 0.0));
    }
}

#[cfg(feature = "f64")]
#[test]
fn gradients_are_finite_differences() {
    for (name, cell) in CELLS {
        for (sizes, lengths) in [
            ((1, 1, 1, 1), None),
            ((3, 2, 3, 5), None),
            ((4, 1, 2, 3), None),
            ((2, 3, 1, 9), None),
            ((3, 3, 2, 2), Some(vec![2, 3, 0])),
            ((4, 2, 2, 3), Some(vec![1, 3])),
        ] {
            for reverse in [false, true] {
                let mut case = Case::new(cell, sizes);
                (case.lengths, case.reverse) = (lengths.clone(), reverse);
                if core::ptr::eq(cell, &RNN_RELU) {
                    // Differences across the kink of relu are no derivatives: each unit is well on or well off.
                    for (j, bias) in case.bias_ih.iter_mut().enumerate() {
                        *bias = if j % 3 == 2 { -8.0 } else { 4.0 };
                    }
                }
                let weights = Loss::new(&case);
                let got = case.backward(&weights, 0.0, false);
                let loss = |inputs: Inputs| {
                    let out = case.forward(inputs);
                    let dy = case.inner(&weights.dy);
                    weighted(&case.inner(&out.y), &dy)
                        + weighted(case.last(&out.hs), &weights.dhn)
                        + weighted(case.last(&out.cs), &weights.dcn)
                };
                type With = dyn for<'a> Fn(Inputs<'a>, &'a [Real]) -> Inputs<'a>;
                let check = |what: &str, x: &[Real], gradient: &[Real], with: &With| {
                    let title = format!("{what} of {name} {sizes:?} {lengths:?} reverse {reverse}");
                    assert_gradient(&title, x, gradient, |x| loss(with(case.inputs(), x)));
                };
                check("dx", &case.x, &got.dx, &|given, x| Inputs { x, ..given });
                check("dh0", &case.h0, &got.dh0, &|given, h0| Inputs { h0: Some(h0), ..given });
                check("dc0", &case.c0, &got.dc0, &|given, c0| Inputs { c0: Some(c0), ..given });
                check("dweight_ih", &case.weight_ih, &got.dweight_ih, &|given, weight_ih| Inputs {
                    weight_ih,
                    ..given
                });
                check("dweight_hh", &case.weight_hh, &got.dweight_hh, &|given, weight_hh| Inputs {
                    weight_hh,
                    ..given
                });
                check("dbias_ih", &case.bias_ih, &got.dbias_ih, &|given, bias| Inputs {
                    bias_ih: Some(bias),
                    ..given
                });
                check("dbias_hh", &case.bias_hh, &got.dbias_hh, &|given, bias| Inputs {
                    bias_hh: Some(bias),
                    ..given
                });
            }
        }
    }
}
