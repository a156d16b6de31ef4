use super::*;
use crate::testing::{Numbers, assert_close, wide};
#[cfg(feature = "f64")]
use crate::testing::{assert_gradient, weighted};
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

/// The arrays of one case, every optional one present.
struct Case {
    sizes: LstmSizes,
    x: Vec<Real>,
    h0: Vec<Real>,
    c0: Vec<Real>,
    weight_ih: Vec<Real>,
    weight_hh: Vec<Real>,
    bias_ih: Vec<Real>,
    bias_hh: Vec<Real>,
}

struct Forward {
    hs: Vec<Real>,
    cs: Vec<Real>,
    gates: Vec<Real>,
}

const SIZES: [(usize, usize, usize, usize); 11] = [
    (1, 1, 1, 1),
    (3, 1, 2, 3),
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

impl Case {
    fn new((steps, batch, inputs, hidden): (usize, usize, usize, usize)) -> Self {
        let mut numbers = Numbers::seeded(7);
        let width = 4 * hidden;
        Self {
            sizes: LstmSizes { steps, batch, inputs, hidden },
            x: numbers.reals(steps * batch * inputs),
            h0: numbers.reals(batch * hidden),
            c0: numbers.reals(batch * hidden),
            weight_ih: numbers.reals(width * inputs),
            weight_hh: numbers.reals(width * hidden),
            bias_ih: numbers.reals(width),
            bias_hh: numbers.reals(width),
        }
    }

    fn inputs(&self) -> LstmInputs<'_> {
        LstmInputs {
            x: &self.x,
            h0: Some(&self.h0),
            c0: Some(&self.c0),
            weight_ih: &self.weight_ih,
            weight_hh: &self.weight_hh,
            bias_ih: Some(&self.bias_ih),
            bias_hh: Some(&self.bias_hh),
        }
    }

    fn forward(&self, workspace: &mut Workspace, inputs: LstmInputs) -> Forward {
        let LstmSizes { steps, batch, hidden, .. } = self.sizes;
        let state = batch * hidden;
        let mut out = Forward {
            hs: vec![Real::NAN; (steps + 1) * state],
            cs: vec![Real::NAN; (steps + 1) * state],
            gates: vec![Real::NAN; steps * 4 * state],
        };
        let outputs = LstmOutputs { hs: &mut out.hs, cs: &mut out.cs, gates: &mut out.gates };
        lstm_forward(workspace, outputs, inputs, self.sizes).unwrap();
        out
    }
}

/// The equations, number by number, in f64: (hs, cs, gates).
fn reference(inputs: &LstmInputs, sizes: LstmSizes) -> (Vec<f64>, Vec<f64>, Vec<f64>) {
    let LstmSizes { steps, batch, inputs: input_size, hidden } = sizes;
    let or_zeros = |x: Option<&[Real]>, len| x.map_or(vec![0.0; len], wide);
    let sigmoid = |x: f64| 1.0 / (1.0 + (-x).exp());
    let (x, w_ih, w_hh) = (wide(inputs.x), wide(inputs.weight_ih), wide(inputs.weight_hh));
    let (b_ih, b_hh) = (or_zeros(inputs.bias_ih, 4 * hidden), or_zeros(inputs.bias_hh, 4 * hidden));
    let mut hs = or_zeros(inputs.h0, batch * hidden);
    let mut cs = or_zeros(inputs.c0, batch * hidden);
    let mut gates = Vec::new();
    for t in 0..steps {
        for b in 0..batch {
            let x_tb = &x[(t * batch + b) * input_size..][..input_size];
            let h = hs[(t * batch + b) * hidden..][..hidden].to_vec();
            let c = cs[(t * batch + b) * hidden..][..hidden].to_vec();
            let dot = |w: &[f64], x: &[f64]| w.iter().zip(x).map(|(w, x)| w * x).sum::<f64>();
            let z = |row: usize| {
                dot(&w_ih[row * input_size..], x_tb) + b_ih[row] + dot(&w_hh[row * hidden..], &h) + b_hh[row]
            };
            let i: Vec<f64> = (0..hidden).map(|j| sigmoid(z(j))).collect();
            let f: Vec<f64> = (0..hidden).map(|j| sigmoid(z(hidden + j))).collect();
            let g: Vec<f64> = (0..hidden).map(|j| z(2 * hidden + j).tanh()).collect();
            let o: Vec<f64> = (0..hidden).map(|j| sigmoid(z(3 * hidden + j))).collect();
            for j in 0..hidden {
                let c_t = f[j] * c[j] + i[j] * g[j];
                cs.push(c_t);
                hs.push(o[j] * c_t.tanh());
            }
            gates.extend([i, f, g, o].concat());
        }
    }
    (hs, cs, gates)
}

#[test]
fn forward_is_the_equations() {
    let mut workspace = Workspace::new();
    for sizes in SIZES {
        let case = Case::new(sizes);
        for absent in [false, true] {
            let mut inputs = case.inputs();
            if absent {
                (inputs.h0, inputs.c0, inputs.bias_ih, inputs.bias_hh) = (None, None, None, None);
            }
            let (hs, cs, gates) = reference(&inputs, case.sizes);
            let got = case.forward(&mut workspace, inputs);
            assert_close(&format!("hs {sizes:?}"), &got.hs, &hs);
            assert_close(&format!("cs {sizes:?}"), &got.cs, &cs);
            assert_close(&format!("gates {sizes:?}"), &got.gates, &gates);
        }
    }
}

#[test]
fn one_row_equals_the_same_row_in_a_batch() {
    let mut workspace = Workspace::new();
    let one = Case::new((4, 1, 5, 9));
    let mut three = Case::new((4, 3, 5, 9));
    let repeat = |x: &[Real], size: usize| x.chunks(size).flat_map(|row| row.repeat(3)).collect::<Vec<_>>();
    three.x = repeat(&one.x, 5);
    three.h0 = repeat(&one.h0, 9);
    three.c0 = repeat(&one.c0, 9);
    (three.weight_ih, three.weight_hh) = (one.weight_ih.clone(), one.weight_hh.clone());
    (three.bias_ih, three.bias_hh) = (one.bias_ih.clone(), one.bias_hh.clone());
    let single = one.forward(&mut workspace, one.inputs());
    let batch = three.forward(&mut workspace, three.inputs());
    assert_close("hs of the batch", &batch.hs, &wide(&repeat(&single.hs, 9)));
}

/// All gradients of a case.
struct Backward {
    dx: Vec<Real>,
    dh0: Vec<Real>,
    dc0: Vec<Real>,
    dweight_ih: Vec<Real>,
    dweight_hh: Vec<Real>,
    dbias_ih: Vec<Real>,
    dbias_hh: Vec<Real>,
}

impl Case {
    /// Gradients for the loss sum of dhs hs[1..] + dhn h_T + dcn c_T, parameters starting from `start`.
    fn backward(
        &self,
        dhs: Option<&[Real]>,
        dhn: Option<&[Real]>,
        dcn: Option<&[Real]>,
        start: Real,
    ) -> Backward {
        let mut workspace = Workspace::new();
        let mut forward = self.forward(&mut workspace, self.inputs());
        let filled = |like: &[Real], value| vec![value; like.len()];
        let mut out = Backward {
            dx: filled(&self.x, Real::NAN),
            dh0: filled(&self.h0, Real::NAN),
            dc0: filled(&self.c0, Real::NAN),
            dweight_ih: filled(&self.weight_ih, start),
            dweight_hh: filled(&self.weight_hh, start),
            dbias_ih: filled(&self.bias_ih, start),
            dbias_hh: filled(&self.bias_hh, start),
        };
        let gradients = LstmGradients {
            dx: Some(&mut out.dx),
            dh0: Some(&mut out.dh0),
            dc0: Some(&mut out.dc0),
            dweight_ih: Some(&mut out.dweight_ih),
            dweight_hh: Some(&mut out.dweight_hh),
            dbias_ih: Some(&mut out.dbias_ih),
            dbias_hh: Some(&mut out.dbias_hh),
            gates: &mut forward.gates,
        };
        lstm_backward(
            &mut workspace,
            gradients,
            self.saved(&forward.hs, &forward.cs, dhs, dhn, dcn),
            self.sizes,
        )
        .unwrap();
        out
    }

    fn saved<'a>(
        &'a self,
        hs: &'a [Real],
        cs: &'a [Real],
        dhs: Option<&'a [Real]>,
        dhn: Option<&'a [Real]>,
        dcn: Option<&'a [Real]>,
    ) -> LstmSaved<'a> {
        LstmSaved {
            dhs,
            dhn,
            dcn,
            hs,
            cs,
            x: &self.x,
            weight_ih: &self.weight_ih,
            weight_hh: &self.weight_hh,
        }
    }
}

#[test]
fn parameter_gradients_accumulate() {
    for sizes in SIZES {
        let case = Case::new(sizes);
        let dhs = Numbers::seeded(8).reals(sizes.0 * sizes.1 * sizes.3);
        let from_zero = case.backward(Some(&dhs), None, None, 0.0);
        let from_two = case.backward(Some(&dhs), None, None, 2.0);
        let shifted = |x: &[Real]| wide(x).iter().map(|x| x + 2.0).collect::<Vec<_>>();
        assert_close("dweight_ih", &from_two.dweight_ih, &shifted(&from_zero.dweight_ih));
        assert_close("dweight_hh", &from_two.dweight_hh, &shifted(&from_zero.dweight_hh));
        assert_close("dbias_ih", &from_two.dbias_ih, &shifted(&from_zero.dbias_ih));
        assert_eq!(from_zero.dbias_ih, from_zero.dbias_hh);
        assert_eq!(from_zero.dx, from_two.dx, "gradients of inputs are assigned");
    }
}

#[test]
fn absent_gradients_change_nothing_else() {
    let case = Case::new((3, 2, 5, 7));
    let mut workspace = Workspace::new();
    let dhn = Numbers::seeded(9).reals(14);
    let all = case.backward(None, Some(&dhn), None, 0.0);
    let mut forward = case.forward(&mut workspace, case.inputs());
    let mut dweight_hh = vec![0.0; case.weight_hh.len()];
    let gradients = LstmGradients {
        dx: None,
        dh0: None,
        dc0: None,
        dweight_ih: None,
        dweight_hh: Some(&mut dweight_hh),
        dbias_ih: None,
        dbias_hh: None,
        gates: &mut forward.gates,
    };
    let saved = case.saved(&forward.hs, &forward.cs, None, Some(&dhn), None);
    lstm_backward(&mut workspace, gradients, saved, case.sizes).unwrap();
    assert_eq!(dweight_hh, all.dweight_hh);
}

#[test]
fn a_gradient_that_fades_ends_at_zero_and_not_in_subnormal_numbers() {
    let mut case = Case::new((8000, 2, 3, 5));
    // Small weights: each step back shrinks the gradient.
    for w in case.weight_hh.iter_mut().chain(&mut case.weight_ih) {
        *w /= 8.0;
    }
    let mut workspace = Workspace::new();
    let mut forward = case.forward(&mut workspace, case.inputs());
    let gradients = LstmGradients {
        dx: None,
        dh0: None,
        dc0: None,
        dweight_ih: None,
        dweight_hh: None,
        dbias_ih: None,
        dbias_hh: None,
        gates: &mut forward.gates,
    };
    let dhn = vec![1.0; 10];
    let saved = case.saved(&forward.hs, &forward.cs, None, Some(&dhn), None);
    lstm_backward(&mut workspace, gradients, saved, case.sizes).unwrap();
    let dz = &forward.gates;
    assert!(dz.iter().all(|dz| *dz == 0.0 || dz.abs() >= crate::math::NEGLIGIBLE));
    assert!(dz[..40].iter().all(|dz| *dz == 0.0), "the first steps get nothing");
    assert!(dz[dz.len() - 40..].iter().any(|dz| *dz != 0.0), "the last steps do");
}

#[test]
fn no_steps_pass_the_gradients_through() {
    let case = Case::new((0, 2, 3, 4));
    let mut numbers = Numbers::seeded(10);
    let (dhn, dcn) = (numbers.reals(8), numbers.reals(8));
    let out = case.backward(None, Some(&dhn), Some(&dcn), 0.0);
    assert_eq!(out.dh0, dhn);
    assert_eq!(out.dc0, dcn);
    assert!(out.dweight_hh.iter().all(|&x| x == 0.0));
}

#[cfg(feature = "f64")]
#[test]
fn gradients_are_finite_differences() {
    for sizes in [(1, 1, 1, 1), (3, 2, 3, 5), (4, 1, 2, 3), (2, 3, 1, 9)] {
        let case = Case::new(sizes);
        let (steps, batch, _, hidden) = sizes;
        let state = batch * hidden;
        let mut numbers = Numbers::seeded(11);
        let (dhs, dhn, dcn) = (numbers.reals(steps * state), numbers.reals(state), numbers.reals(state));
        let got = case.backward(Some(&dhs), Some(&dhn), Some(&dcn), 0.0);
        let loss = |inputs: LstmInputs| {
            let out = case.forward(&mut Workspace::new(), inputs);
            let last = steps * state;
            weighted(&out.hs[state..], &dhs)
                + weighted(&out.hs[last..], &dhn)
                + weighted(&out.cs[last..], &dcn)
        };
        let check =
            |what: &str,
             x: &[Real],
             gradient: &[Real],
             with: &dyn for<'a> Fn(LstmInputs<'a>, &'a [Real]) -> LstmInputs<'a>| {
                assert_gradient(&format!("{what} {sizes:?}"), x, gradient, |x| loss(with(case.inputs(), x)));
            };
        check("dx", &case.x, &got.dx, &|given, x| LstmInputs { x, ..given });
        check("dh0", &case.h0, &got.dh0, &|given, h0| LstmInputs { h0: Some(h0), ..given });
        check("dc0", &case.c0, &got.dc0, &|given, c0| LstmInputs { c0: Some(c0), ..given });
        check("dweight_ih", &case.weight_ih, &got.dweight_ih, &|given, weight_ih| LstmInputs {
            weight_ih,
            ..given
        });
        check("dweight_hh", &case.weight_hh, &got.dweight_hh, &|given, weight_hh| LstmInputs {
            weight_hh,
            ..given
        });
        check("dbias_ih", &case.bias_ih, &got.dbias_ih, &|given, bias| LstmInputs {
            bias_ih: Some(bias),
            ..given
        });
        check("dbias_hh", &case.bias_hh, &got.dbias_hh, &|given, bias| LstmInputs {
            bias_hh: Some(bias),
            ..given
        });
    }
}
