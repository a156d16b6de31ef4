use super::*;
use crate::error::KernelError;
use crate::random::Stream;
use crate::testing::{Numbers, assert_close, assert_within, wide};
#[cfg(feature = "f64")]
use crate::testing::{assert_gradient, weighted};
use crate::workspace::Workspace;
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

const MODES: [Mode; 5] =
    [Mode::Softmax, Mode::Sparsemax, Mode::Entmax15, Mode::Argmax, Mode::StraightThrough];

/// One call with all that it needs.
#[derive(Clone)]
struct Case {
    sizes: AttentionSizes,
    mode: Mode,
    scale: f64,
    temperature: f64,
    causal: bool,
    additive: Option<(Vec<Real>, [usize; 4])>,
    boolean: Option<(Vec<i32>, [usize; 4])>,
    key_lengths: Option<Vec<i32>>,
    noise: Option<Stream>,
    q: Vec<Real>,
    k: Vec<Real>,
    v: Vec<Real>,
    /// [N, D]: scores are additive.
    w: Option<Vec<Real>>,
    dout: Vec<Real>,
    dprobs: Vec<Real>,
}

struct Forward {
    out: Vec<Real>,
    probs: Vec<Real>,
    chosen: Vec<i32>,
}

struct Backward {
    dq: Vec<Real>,
    dk: Vec<Real>,
    dv: Vec<Real>,
    dw: Vec<Real>,
    dmask: Vec<Real>,
}

impl Case {
    /// B, T, S, N, M, D, V.
    fn new(seed: u64, [batch, queries, keys, heads, kv_heads, dim, value_dim]: [usize; 7]) -> Self {
        let mut numbers = Numbers::seeded(seed);
        let sizes = AttentionSizes { batch, queries, keys, heads, kv_heads, dim, value_dim };
        Self {
            sizes,
            mode: Mode::Softmax,
            scale: 0.75,
            temperature: 1.0,
            causal: false,
            additive: None,
            boolean: None,
            key_lengths: None,
            noise: None,
            q: numbers.reals(batch * queries * heads * dim),
            k: numbers.reals(batch * keys * kv_heads * dim),
            v: numbers.reals(batch * keys * kv_heads * value_dim),
            w: None,
            dout: numbers.reals(batch * queries * heads * value_dim),
            dprobs: numbers.reals(batch * heads * queries * keys),
        }
    }

    fn scoring(&self) -> Scoring<'_> {
        let additive = self.additive.as_ref().map(|(entries, dims)| Mask {
            entries: MaskEntries::Additive(entries),
            broadcast: Broadcast::of(*dims),
        });
        let boolean = self.boolean.as_ref().map(|(entries, dims)| Mask {
            entries: MaskEntries::Boolean(entries),
            broadcast: Broadcast::of(*dims),
        });
        Scoring {
            mode: self.mode,
            scale: self.scale as Real,
            temperature: self.temperature as Real,
            causal: self.causal,
            mask: additive.or(boolean),
            key_lengths: self.key_lengths.as_deref(),
            noise: self.noise,
        }
    }

    fn rows(&self) -> usize {
        self.sizes.batch * self.sizes.heads * self.sizes.queries
    }

    fn forward(&self) -> Forward {
        let rows = self.rows();
        let mut out = vec![Real::NAN; rows * self.sizes.value_dim];
        let mut probs = vec![Real::NAN; rows * self.sizes.keys];
        let mut chosen = vec![-7; rows];
        let outputs = AttentionOutputs { out: &mut out, probs: Some(&mut probs), chosen: Some(&mut chosen) };
        let inputs = AttentionInputs { q: &self.q, k: &self.k, v: &self.v, w: self.w.as_deref() };
        attention_forward(&mut Workspace::new(), outputs, inputs, self.scoring(), self.sizes).unwrap();
        Forward { out, probs, chosen }
    }

    /// The same output without weights.
    fn inference(&self) -> (Vec<Real>, usize) {
        let mut workspace = Workspace::new();
        let mut out = vec![Real::NAN; self.rows() * self.sizes.value_dim];
        let outputs = AttentionOutputs { out: &mut out, probs: None, chosen: None };
        let inputs = AttentionInputs { q: &self.q, k: &self.k, v: &self.v, w: self.w.as_deref() };
        attention_forward(&mut workspace, outputs, inputs, self.scoring(), self.sizes).unwrap();
        (out, workspace.bytes())
    }

    fn backward(&self, saved: &Forward) -> Backward {
        let mask_len = self.additive.as_ref().map_or(0, |(entries, _)| entries.len());
        let (mut dq, mut dk) = (vec![Real::NAN; self.q.len()], vec![Real::NAN; self.k.len()]);
        let (mut dv, mut dmask) = (vec![Real::NAN; self.v.len()], vec![0.0; mask_len]);
        let mut dw = vec![0.0; self.w.as_ref().map_or(0, Vec::len)];
        let broadcast = self.additive.as_ref().map(|(_, dims)| Broadcast::of(*dims));
        let gradients = AttentionGradients {
            dq: Some(&mut dq),
            dk: Some(&mut dk),
            dv: Some(&mut dv),
            accumulate: false,
            dw: self.w.is_some().then_some(&mut dw),
            dmask: broadcast.map(|broadcast| (&mut dmask[..], broadcast)),
        };
        let saved = AttentionSaved {
            dout: &self.dout,
            dprobs: Some(&self.dprobs),
            probs: Some(&saved.probs),
            chosen: self.mode.is_hard().then_some(&saved.chosen),
            q: &self.q,
            k: &self.k,
            v: &self.v,
            w: self.w.as_deref(),
        };
        attention_backward(&mut Workspace::new(), gradients, saved, self.scoring(), self.sizes).unwrap();
        Backward { dq, dk, dv, dw, dmask }
    }

    /// Is key s hidden from query t?
    fn hidden(&self, b: usize, n: usize, t: usize, s: usize) -> bool {
        let sizes = self.sizes;
        let masked =
            self.boolean.as_ref().is_some_and(|(entries, dims)| entries[offset(dims, [b, n, t, s])] == 0);
        let late = self.causal && s + sizes.queries > t + sizes.keys;
        let absent = self.key_lengths.as_ref().is_some_and(|lengths| s >= lengths[b] as usize);
        masked || late || absent
    }

    /// z of one row, one number at a time; -inf where hidden.
    fn scores(&self, b: usize, n: usize, t: usize) -> Vec<f64> {
        let AttentionSizes { queries, keys, heads, kv_heads, dim, .. } = self.sizes;
        let (q, k) = (wide(&self.q), wide(&self.k));
        let m = n * kv_heads / heads;
        (0..keys)
            .map(|s| {
                if self.hidden(b, n, t, s) {
                    return f64::NEG_INFINITY;
                }
                let q = &q[((b * queries + t) * heads + n) * dim..][..dim];
                let k = &k[((b * keys + s) * kv_heads + m) * dim..][..dim];
                let dot: f64 = match &self.w {
                    None => q.iter().zip(k).map(|(q, k)| q * k).sum(),
                    Some(w) => {
                        let terms = q.iter().zip(k).zip(wide(&w[n * dim..][..dim]));
                        terms.map(|((q, k), w)| w * (q + k).tanh()).sum()
                    }
                };
                let bias = self
                    .additive
                    .as_ref()
                    .map_or(0.0, |(entries, dims)| wide(entries)[offset(dims, [b, n, t, s])]);
                (self.scale * dot + bias) / self.temperature
            })
            .collect()
    }

    /// Weights of the forward pass and those of the backward pass, o, dq, dk, dv, dmask.
    fn reference(&self) -> Reference {
        let AttentionSizes { batch, queries, keys, heads, kv_heads, dim, value_dim } = self.sizes;
        let (q, k, v) = (wide(&self.q), wide(&self.k), wide(&self.v));
        let (dout, dprobs) = (wide(&self.dout), wide(&self.dprobs));
        let mask_len = self.additive.as_ref().map_or(0, |(entries, _)| entries.len());
        let mut r = Reference {
            probs: Vec::new(),
            out: vec![0.0; dout.len()],
            dq: vec![0.0; q.len()],
            dk: vec![0.0; k.len()],
            dv: vec![0.0; v.len()],
            dw: vec![0.0; self.w.as_ref().map_or(0, Vec::len)],
            dmask: vec![0.0; mask_len],
        };
        for b in 0..batch {
            for n in 0..heads {
                let m = n * kv_heads / heads;
                for t in 0..queries {
                    let z = self.scores(b, n, t);
                    let soft = naive_weights(self.mode, &z);
                    let used = if self.mode.is_hard() { naive_argmax(&z) } else { soft.clone() };
                    let o_at = ((b * queries + t) * heads + n) * value_dim;
                    let v_at = |s: usize| ((b * keys + s) * kv_heads + m) * value_dim;
                    let mut dp = vec![0.0; keys];
                    for s in 0..keys {
                        dp[s] = dprobs[((b * heads + n) * queries + t) * keys + s];
                        for e in 0..value_dim {
                            r.out[o_at + e] += used[s] * v[v_at(s) + e];
                            r.dv[v_at(s) + e] += used[s] * dout[o_at + e];
                            dp[s] += dout[o_at + e] * v[v_at(s) + e];
                        }
                    }
                    let dz = naive_weights_backward(self.mode, &soft, &dp);
                    for (s, dz) in dz.into_iter().enumerate() {
                        if let Some((_, dims)) = &self.additive {
                            r.dmask[offset(dims, [b, n, t, s])] += dz / self.temperature;
                        }
                        for d in 0..dim {
                            let q_at = ((b * queries + t) * heads + n) * dim + d;
                            let k_at = ((b * keys + s) * kv_heads + m) * dim + d;
                            let slope = self.scale / self.temperature * dz;
                            let (mut by_q, mut by_k) = (slope * k[k_at], slope * q[q_at]);
                            if let Some(w) = &self.w {
                                let tanh = (q[q_at] + k[k_at]).tanh();
                                r.dw[n * dim + d] += slope * tanh;
                                by_q = slope * wide(w)[n * dim + d] * (1.0 - tanh * tanh);
                                by_k = by_q;
                            }
                            r.dq[q_at] += by_q;
                            r.dk[k_at] += by_k;
                        }
                    }
                    r.probs.extend(if self.mode == Mode::Argmax { used } else { soft });
                }
            }
        }
        r
    }

    /// Does no key enter or leave the support when its score moves a little? Sparsemax and entmax have their kinks there.
    #[cfg(feature = "f64")]
    fn is_smooth_nearby(&self) -> bool {
        const LITTLE: f64 = 0.02;
        let AttentionSizes { batch, queries, heads, .. } = self.sizes;
        let rows =
            (0..batch).flat_map(|b| (0..heads).flat_map(move |n| (0..queries).map(move |t| (b, n, t))));
        rows.map(|(b, n, t)| self.scores(b, n, t)).all(|z| {
            let support =
                |z: &[f64]| naive_weights(self.mode, z).iter().map(|&p| p > 0.0).collect::<Vec<_>>();
            let moved = |s: usize, by: f64| {
                let mut z = z.clone();
                z[s] += by;
                support(&z)
            };
            (0..z.len()).all(|s| moved(s, LITTLE) == support(&z) && moved(s, -LITTLE) == support(&z))
        })
    }

    /// Has every key weight somewhere? Where it has none, a difference is nothing but rounding.
    #[cfg(feature = "f64")]
    fn reaches_every_key(&self) -> bool {
        let Backward { dk, dmask, .. } = self.backward(&self.forward());
        dk.iter().chain(&dmask).all(|&slope| slope != 0.0)
    }

    fn check(&self, what: &str) {
        let (forward, want) = (self.forward(), self.reference());
        let tolerance = crate::testing::TOLERANCE * 8.0;
        assert_within(&format!("{what}: probs"), &forward.probs, &want.probs, tolerance);
        assert_within(&format!("{what}: out"), &forward.out, &want.out, tolerance);
        assert_within(&format!("{what}: inference"), &self.inference().0, &want.out, tolerance);
        let backward = self.backward(&forward);
        assert_within(&format!("{what}: dq"), &backward.dq, &want.dq, tolerance);
        assert_within(&format!("{what}: dk"), &backward.dk, &want.dk, tolerance);
        assert_within(&format!("{what}: dv"), &backward.dv, &want.dv, tolerance);
        assert_within(&format!("{what}: dw"), &backward.dw, &want.dw, tolerance);
        assert_within(&format!("{what}: dmask"), &backward.dmask, &want.dmask, tolerance);
    }
}

struct Reference {
    probs: Vec<f64>,
    out: Vec<f64>,
    dq: Vec<f64>,
    dk: Vec<f64>,
    dv: Vec<f64>,
    dw: Vec<f64>,
    dmask: Vec<f64>,
}

fn offset(dims: &[usize; 4], at: [usize; 4]) -> usize {
    dims.iter().zip(at).fold(0, |offset, (&dim, at)| offset * dim + if dim == 1 { 0 } else { at })
}

/// The published algorithms, with a sort.
fn naive_weights(mode: Mode, z: &[f64]) -> Vec<f64> {
    let max = z.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    if max == f64::NEG_INFINITY {
        return vec![0.0; z.len()];
    }
    let mut sorted: Vec<f64> = z.iter().map(|z| z - max).filter(|z| z.is_finite()).collect();
    sorted.sort_by(|a, b| b.total_cmp(a));
    match mode {
        Mode::Softmax | Mode::StraightThrough => {
            let sum: f64 = z.iter().map(|z| (z - max).exp()).sum();
            z.iter().map(|z| (z - max).exp() / sum).collect()
        }
        Mode::Sparsemax => {
            let (mut sum, mut tau) = (0.0, -1.0);
            for (i, z) in sorted.iter().enumerate() {
                sum += z;
                if 1.0 + (i + 1) as f64 * z > sum {
                    tau = (sum - 1.0) / (i + 1) as f64;
                }
            }
            z.iter().map(|z| (z - max - tau).max(0.0)).collect()
        }
        Mode::Entmax15 => {
            let (mut sum, mut squares, mut tau) = (0.0, 0.0, -1.0);
            for (i, z) in sorted.iter().map(|z| z / 2.0).enumerate() {
                let count = (i + 1) as f64;
                (sum, squares) = (sum + z, squares + z * z);
                let mean = sum / count;
                let spread = squares - count * mean * mean;
                let candidate = mean - ((1.0 - spread) / count).max(0.0).sqrt();
                if candidate <= z {
                    tau = candidate;
                }
            }
            z.iter().map(|z| ((z - max) / 2.0 - tau).max(0.0).powi(2)).collect()
        }
        Mode::Argmax => naive_argmax(z),
    }
}

fn naive_argmax(z: &[f64]) -> Vec<f64> {
    let max = z.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let first = z.iter().position(|&z| z == max && max > f64::NEG_INFINITY);
    (0..z.len()).map(|s| if Some(s) == first { 1.0 } else { 0.0 }).collect()
}

/// dz = J dp with the whole Jacobian diag(u) - u u^T / sum(u).
fn naive_weights_backward(mode: Mode, p: &[f64], dp: &[f64]) -> Vec<f64> {
    let u: Vec<f64> = p
        .iter()
        .map(|&p| match mode {
            Mode::Softmax | Mode::StraightThrough => p,
            Mode::Sparsemax => f64::from(p > 0.0),
            Mode::Entmax15 => p.sqrt(),
            Mode::Argmax => 0.0,
        })
        .collect();
    let total: f64 = u.iter().sum();
    (0..p.len())
        .map(|i| {
            let row = |j: usize| if i == j { u[i] } else { 0.0 } - if total > 0.0 { u[i] * u[j] / total } else { 0.0 };
            (0..p.len()).map(|j| row(j) * dp[j]).sum()
        })
        .collect()
}

/// B, T, S, N, M, D, V around nothing, one, the lanes, the tile, and what is packed.
const SIZES: [[usize; 7]; 18] = [
    [1, 1, 1, 1, 1, 1, 1],
    [2, 1, 5, 2, 1, 3, 4],
    [1, 3, 4, 2, 2, 5, 3],
    [2, 4, 7, 4, 2, 8, 8],
    [1, 5, 9, 3, 1, 4, 7],
    [1, 17, 8, 1, 1, 16, 9],
    [3, 9, 17, 2, 2, 1, 1],
    [1, 33, 33, 2, 1, 9, 17],
    [1, 130, 15, 1, 1, 3, 2],
    [1, 7, 131, 1, 1, 2, 5],
    [0, 3, 4, 2, 1, 3, 2],
    [2, 0, 4, 2, 1, 3, 2],
    [2, 3, 0, 2, 2, 3, 2],
    [2, 5, 0, 2, 2, 3, 2],
    [2, 5, 4, 2, 1, 0, 2],
    [2, 2, 4, 2, 1, 0, 2],
    [2, 5, 4, 2, 1, 3, 0],
    [2, 3, 4, 2, 2, 3, 0],
];

#[test]
fn every_mode_at_every_size() {
    for (seed, sizes) in SIZES.into_iter().enumerate() {
        for mode in MODES {
            for causal in [false, true] {
                let mut case = Case::new(300 + seed as u64, sizes);
                (case.mode, case.causal) = (mode, causal);
                case.scale = if matches!(mode, Mode::Softmax) { 0.75 } else { 3.0 };
                case.temperature = 1.5;
                case.check(&format!("{sizes:?} {mode:?} causal {causal}"));
                let [_, _, _, heads, _, dim, _] = sizes;
                case.w = Some(Numbers::seeded(seed as u64).reals(heads * dim));
                case.check(&format!("additive scores {sizes:?} {mode:?} causal {causal}"));
            }
        }
    }
}

#[test]
fn masks_of_every_shape_and_lengths() {
    let sizes = [2, 5, 7, 4, 2, 3, 4];
    let [batch, queries, keys, heads, ..] = sizes;
    let mut numbers = Numbers::seeded(320);
    for axes in 0..16 {
        let dims = [(batch, 1), (heads, 2), (queries, 4), (keys, 8)]
            .map(|(dim, bit)| if axes & bit > 0 { dim } else { 1 });
        let len = dims.iter().product();
        for mode in MODES {
            for lengths in [None, Some(vec![7, 3]), Some(vec![0, 7])] {
                let mut case = Case::new(321, sizes);
                case.mode = mode;
                case.scale = 2.0;
                case.temperature = 0.5;
                case.key_lengths = lengths.clone();
                case.additive = Some((numbers.reals(len), dims));
                case.check(&format!("additive {dims:?} {mode:?} {lengths:?}"));
                case.additive = None;
                case.boolean = Some((numbers.indices(len, 2), dims));
                case.causal = axes % 3 == 0;
                case.check(&format!("boolean {dims:?} {mode:?} {lengths:?}"));
            }
        }
    }
}

#[test]
fn a_query_that_sees_nothing_gives_zeros() {
    for mode in MODES {
        for queries in [1, 5] {
            let mut case = Case::new(330, [1, queries, 3, 1, 1, 2, 2]);
            case.mode = mode;
            case.additive = Some((vec![Real::NEG_INFINITY], [1; 4]));
            let forward = case.forward();
            let backward = case.backward(&forward);
            for (what, got) in [
                ("out", &forward.out),
                ("inference", &case.inference().0),
                ("probs", &forward.probs),
                ("dq", &backward.dq),
                ("dk", &backward.dk),
                ("dv", &backward.dv),
            ] {
                assert!(got.iter().all(|&x| x == 0.0), "{mode:?} {queries} {what}: {got:?}");
            }
            if mode.is_hard() {
                assert!(forward.chosen.iter().all(|&s| s == -1));
            }
        }
    }
}

#[test]
fn what_lies_past_the_lengths_is_not_read() {
    let mut case = Case::new(331, [2, 5, 9, 2, 1, 4, 3]);
    case.key_lengths = Some(vec![4, 9]);
    case.dprobs.fill(0.0);
    let want = case.forward();
    let clean = case.backward(&want);
    for s in 4..9 {
        case.k[s * 4..][..4].fill(Real::NAN);
        case.v[s * 3..][..3].fill(Real::NAN);
    }
    let got = case.forward();
    assert_eq!((&got.out, &got.probs), (&want.out, &want.probs));
    assert_eq!(case.inference().0.iter().filter(|x| x.is_nan()).count(), 0);
    let backward = case.backward(&got);
    assert_eq!((&backward.dq, &backward.dk, &backward.dv), (&clean.dq, &clean.dk, &clean.dv));
}

#[test]
fn online_softmax_is_the_stored_one_over_many_blocks() {
    for causal in [false, true] {
        // Scores that grow from block to block, so that every block corrects the ones before.
        let mut case = Case::new(340, [1, 150, 1200, 2, 1, 2, 3]);
        case.causal = causal;
        case.scale = 4.0;
        for (s, k) in case.k.chunks_exact_mut(2).enumerate() {
            k[0] += s as Real / 100.0;
        }
        let stored = case.forward().out;
        assert_within("online", &case.inference().0, &wide(&stored), crate::testing::TOLERANCE * 8.0);
    }
}

#[test]
fn scratch_without_weights_does_not_grow_with_queries_times_keys() {
    let bytes = |queries, keys| Case::new(341, [1, queries, keys, 1, 1, 1, 1]).inference().1;
    assert_eq!(bytes(4096, 64), bytes(256, 64));
    let per_key = (bytes(256, 8192) - bytes(256, 4096)) as f64 / 4096.0;
    assert!(per_key <= 20.0 * size_of::<Real>() as f64, "{per_key} bytes a key");
}

#[test]
fn gradients_of_keys_and_values_add_up_on_request() {
    for (queries, w) in [(1, false), (6, false), (3, true)] {
        let mut case = Case::new(342, [2, queries, 7, 2, 1, 3, 4]);
        case.w = w.then(|| Numbers::seeded(343).reals(6));
        case.dprobs.fill(0.0);
        let saved = case.forward();
        let want = case.backward(&saved);
        let (mut dk, mut dv) = (vec![1.0; case.k.len()], vec![2.0; case.v.len()]);
        let gradients = AttentionGradients {
            dq: None,
            dk: Some(&mut dk),
            dv: Some(&mut dv),
            accumulate: true,
            dw: None,
            dmask: None,
        };
        let saved = AttentionSaved {
            dout: &case.dout,
            dprobs: None,
            probs: Some(&saved.probs),
            chosen: None,
            q: &case.q,
            k: &case.k,
            v: &case.v,
            w: case.w.as_deref(),
        };
        attention_backward(&mut Workspace::new(), gradients, saved, case.scoring(), case.sizes).unwrap();
        let plus = |x: &[Real], by: f64| wide(x).iter().map(|x| x + by).collect::<Vec<_>>();
        assert_close("dk", &dk, &plus(&want.dk, 1.0));
        assert_close("dv", &dv, &plus(&want.dv, 2.0));
    }
}

#[test]
fn ties_go_to_the_first_key() {
    let mut case = Case::new(350, [1, 1, 4, 1, 1, 1, 1]);
    case.mode = Mode::Argmax;
    (case.q, case.k, case.v) = (vec![1.0], vec![1.0, 2.0, 2.0, 0.0], vec![10.0, 20.0, 30.0, 40.0]);
    let forward = case.forward();
    assert_eq!((forward.chosen, forward.out), (vec![1], vec![20.0]));
    assert_eq!(forward.probs, [0.0, 1.0, 0.0, 0.0]);
}

#[test]
fn scores_far_apart_neither_overflow_nor_leave_subnormals() {
    for mode in MODES {
        let mut case = Case::new(351, [1, 1, 4, 1, 1, 1, 1]);
        (case.mode, case.scale) = (mode, 1.0);
        (case.q, case.k) = (vec![1e4], vec![1.0, 0.93, 0.0, -1.0]);
        let probs = case.forward().probs;
        assert_eq!(probs, [1.0, 0.0, 0.0, 0.0], "{mode:?}");
    }
}

#[test]
fn nan_comes_through() {
    for mode in [Mode::Softmax, Mode::Sparsemax, Mode::Entmax15] {
        for at in 0..5 {
            let mut case = Case::new(352, [1, 4, 5, 1, 1, 2, 2]);
            case.mode = mode;
            case.k[2 * at] = Real::NAN;
            assert!(case.forward().out.iter().all(|o| o.is_nan()), "{mode:?} {at}");
            assert!(case.inference().0.iter().all(|o| o.is_nan()), "{mode:?} {at} inference");
        }
    }
}

#[test]
fn gumbel_noise_is_added_before_the_temperature() {
    let stream = Stream::new(1, 2, 3, 4);
    let sizes = [2, 3, 6, 2, 1, 2, 2];
    for mode in MODES {
        let mut case = Case::new(360, sizes);
        (case.mode, case.temperature, case.noise) = (mode, 0.7, Some(stream));
        let noisy = case.forward();
        let inference = case.inference().0;
        // The same by an additive mask with the noise worked out here.
        let rows = case.rows();
        let noise: Vec<Real> = (0..rows * 6)
            .map(|at| {
                let word = stream.block((at / 6 * 2 + at % 6 / 4) as u64)[at % 6 % 4];
                let u = (f64::from(word >> 9) + 0.5) / 8_388_608.0;
                -(-u.ln()).ln() as Real
            })
            .collect();
        case.noise = None;
        case.additive = Some((noise, [2, 2, 3, 6]));
        let want = case.reference();
        let tolerance = crate::testing::TOLERANCE * 8.0;
        assert_within("probs", &noisy.probs, &want.probs, tolerance);
        assert_within("out", &noisy.out, &want.out, tolerance);
        assert_within("inference", &inference, &want.out, tolerance);
    }
}

#[test]
fn gumbel_max_draws_from_the_softmax() {
    // Noise and argmax: key s is chosen with its softmax probability.
    let queries = 4000;
    let mut case = Case::new(361, [1, queries, 3, 1, 1, 1, 1]);
    (case.mode, case.scale) = (Mode::Argmax, 1.0);
    (case.q, case.k) = (vec![1.0; queries], vec![0.0, 1.0, 2.0]);
    case.noise = Some(Stream::new(5, 6, 7, 8));
    let chosen = case.forward().chosen;
    let want = naive_weights(Mode::Softmax, &[0.0, 1.0, 2.0]);
    for (s, want) in want.iter().enumerate() {
        let share = chosen.iter().filter(|&&c| c == s as i32).count() as f64 / queries as f64;
        assert!((share - want).abs() < 0.03, "key {s}: {share}, not {want}");
    }
}

#[test]
fn lengths_outside_the_keys_are_refused() {
    for (value, position) in [(-1, 1), (5, 0)] {
        let mut case = Case::new(370, [2, 1, 4, 1, 1, 1, 1]);
        let mut lengths = vec![4, 4];
        lengths[position] = value;
        case.key_lengths = Some(lengths);
        let mut out = [7.0; 2];
        let outputs = AttentionOutputs { out: &mut out, probs: None, chosen: None };
        let inputs = AttentionInputs { q: &case.q, k: &case.k, v: &case.v, w: None };
        let got = attention_forward(&mut Workspace::new(), outputs, inputs, case.scoring(), case.sizes);
        assert_eq!(got, Err(KernelError::IndexOutOfRange { position, value, limit: 5 }));
        assert_eq!(out, [7.0; 2], "nothing was written");
    }
}

#[test]
fn rows_sum_to_one() {
    for mode in MODES {
        for keys in [1, 2, 3, 4, 5, 9, 17, 100, 1000] {
            let mut case = Case::new(380 + keys as u64, [1, 2, keys, 1, 1, 4, 1]);
            (case.mode, case.scale) = (mode, 3.0);
            let probs = wide(&case.forward().probs);
            for row in probs.chunks(keys) {
                assert_close("sum", &[row.iter().sum::<f64>() as Real], &[1.0]);
            }
        }
    }
}

#[cfg(feature = "f64")]
#[test]
fn gradients_are_finite_differences() {
    // A straight-through row and an argmax have no slope to compare with; the naive reference covers them.
    for mode in [Mode::Softmax, Mode::Sparsemax, Mode::Entmax15] {
        for sizes in [[2, 3, 4, 2, 1, 3, 2], [1, 5, 6, 2, 2, 2, 3]] {
            let [batch, queries, keys, heads, kv_heads, dim, _] = sizes;
            let additive = heads == kv_heads;
            let mut cases = (390..).map(|seed| {
                let mut case = Case::new(seed, sizes);
                case.w = additive.then(|| Numbers::seeded(seed + 2000).reals(heads * dim));
                (case.mode, case.temperature, case.causal) = (mode, 1.6, true);
                let mask = Numbers::seeded(seed + 1000).reals(heads * keys);
                case.additive = Some((mask, [1, heads, 1, keys]));
                case
            });
            let case = cases.find(|case| case.is_smooth_nearby() && case.reaches_every_key()).unwrap();
            let mask = case.additive.clone().unwrap().0;
            let got = case.backward(&case.forward());
            let loss = |case: &Case| {
                let forward = case.forward();
                weighted(&forward.out, &case.dout) + weighted(&forward.probs, &case.dprobs)
            };
            let moved = |set: fn(&mut Case, Vec<Real>)| {
                let case = case.clone();
                move |x: &[Real]| {
                    let mut case = case.clone();
                    set(&mut case, x.to_vec());
                    loss(&case)
                }
            };
            let what = format!("{mode:?} {batch} {queries}");
            assert_gradient(&what, &case.q, &got.dq, moved(|case, x| case.q = x));
            assert_gradient(&what, &case.k, &got.dk, moved(|case, x| case.k = x));
            assert_gradient(&what, &case.v, &got.dv, moved(|case, x| case.v = x));
            if let Some(w) = &case.w {
                assert_gradient(&what, w, &got.dw, moved(|case, x| case.w = Some(x)));
            }
            assert_gradient(&what, &mask, &got.dmask, moved(|case, x| case.additive.as_mut().unwrap().0 = x));
        }
    }
}
