// jax-js as its char-rnn demo trains: an unrolled LSTM (it has no scan), valueAndGrad, clipping by global norm, Adam.
import { createRequire } from 'node:module';
import { defaultDevice, init, jit, lax, nn, numpy as np, tree, valueAndGrad } from '@jax-js/jax';
import { batchOf, serve } from '../child.mjs';

const VARIANTS = {
  demo: {
    how: 'wasm, as its char-rnn demo: jit of the loss, valueAndGrad outside, weights [in, out]',
    differentiate: (loss) => valueAndGrad(jit(loss)),
    turned: false,
  },
  tuned: {
    how: 'wasm, jit of loss and gradients together, weights [out, in]',
    differentiate: (loss) => jit(valueAndGrad(loss)),
    turned: true,
  },
};

/** Matrices are [out, in], PyTorch's layout, when `turned`, else [in, out]; one bias. */
function parameters({ V, E, H, arrays }, turned) {
  const get = (name, shape) => np.array(arrays[name].data.slice()).reshape(shape);
  const matrix = (name, shape) => (turned ? get(name, shape) : np.transpose(get(name, shape)));
  return {
    embed: get('embedding.weight', [V, E]),
    wx: matrix('lstm.weight_ih_l0', [4 * H, E]),
    wh: matrix('lstm.weight_hh_l0', [4 * H, H]),
    b: get('lstm.bias_ih_l0', [4 * H]).add(get('lstm.bias_hh_l0', [4 * H])),
    wy: matrix('head.weight', [V, H]),
    by: get('head.bias', [V]),
  };
}

/** Gates i, f, g, o from z [B, 4H]. Every function owns its arguments: jax-js's rule, hence the many `.ref`. */
function cell(z, c, H) {
  const part = (k) => (k < 3 ? z.ref : z).slice([], [k * H, (k + 1) * H]);
  const i = nn.sigmoid(part(0));
  const f = nn.sigmoid(part(1));
  const g = np.tanh(part(2));
  const o = nn.sigmoid(part(3));
  const next = f.mul(c).add(i.mul(g));
  return [o.mul(np.tanh(next.ref)), next];
}

/** (params, x [T, B], y [T, B]) -> mean cross-entropy. Hoisting the input products out of the loop is slower here. */
function makeLoss({ T, B, V, H }, turned) {
  const times = (x, w) => np.dot(x, turned ? np.transpose(w) : w);
  return (params, x, y) => {
    let h = np.zeros([B, H]);
    let c = np.zeros([B, H]);
    let total = np.zeros([]);
    for (let t = 0; t < T; t++) {
      const input = np.dot(lax.stopGradient(nn.oneHot(x.ref.slice(t), V)), params.embed.ref);
      const z = times(input, params.wx.ref).add(times(h, params.wh.ref)).add(params.b.ref);
      [h, c] = cell(z, c, H);
      const logits = times(h.ref, params.wy.ref).add(params.by.ref);
      const labels = lax.stopGradient(nn.oneHot(y.ref.slice(t), V));
      total = total.sub(nn.logSoftmax(logits).mul(labels).sum());
    }
    for (const array of [h, c, x, y]) array.dispose();
    tree.dispose(params);
    return total.div(T * B);
  };
}

/**
 * Clip by global norm and Adam over the whole tree in one jitted call (@jax-js/optax does the same, one op at a time).
 * `rate` holds lr / (1 - beta1^t) and 1 / sqrt(1 - beta2^t).
 */
function makeUpdate({ beta1, beta2, eps, clip }) {
  return jit((params, m, v, grads, rate) => {
    const names = Object.keys(params);
    let squares = np.zeros([]);
    for (const name of names) squares = squares.add(np.square(grads[name].ref).sum());
    const factor = np.minimum(np.array(1), np.array(clip).div(np.sqrt(squares).add(1e-6)));
    const out = { params: {}, m: {}, v: {} };
    for (const name of names) {
      const g = grads[name].mul(factor.ref);
      const mean = m[name].mul(beta1).add(g.ref.mul(1 - beta1));
      const square = v[name].mul(beta2).add(np.square(g).mul(1 - beta2));
      const scale = np.sqrt(square.ref).mul(rate.ref.slice(1)).add(eps);
      out.params[name] = params[name].sub(mean.ref.mul(rate.ref.slice(0)).div(scale));
      out.m[name] = mean;
      out.v[name] = square;
    }
    factor.dispose();
    rate.dispose();
    return out;
  });
}

await serve(async (problem, name) => {
  await init('wasm');
  defaultDevice('wasm');
  const variant = VARIANTS[name];
  const { T, B, lr, beta1, beta2 } = problem;
  const lossAndGrads = variant.differentiate(makeLoss(problem, variant.turned));
  const update = makeUpdate(problem);
  let params = parameters(problem, variant.turned);
  let m = tree.map((p) => np.zeros(p.shape), params);
  let v = tree.map((p) => np.zeros(p.shape), params);
  const { version } = createRequire(import.meta.url)('../node_modules/@jax-js/jax/package.json');

  return {
    library: `jax-js ${version}`,
    how: variant.how,
    biases: 1,
    async step(k) {
      const ids = batchOf(problem, k);
      const x = np.array(ids.x.slice(), { dtype: np.int32 }).reshape([T, B]);
      const y = np.array(ids.targets.slice(), { dtype: np.int32 }).reshape([T, B]);
      const [loss, grads] = lossAndGrads(tree.ref(params), x, y);
      const rate = [lr / (1 - beta1 ** (k + 1)), 1 / Math.sqrt(1 - beta2 ** (k + 1))];
      ({ params, m, v } = update(params, m, v, grads, np.array(new Float32Array(rate))));
      return loss.jsAsync();
    },
  };
});
