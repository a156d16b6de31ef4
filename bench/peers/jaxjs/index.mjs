// jax-js as its char-rnn demo trains: recurrences unrolled (it has no scan), gradients by valueAndGrad, clipping by
// global norm, Adam.
import { createRequire } from 'node:module';
import { blockUntilReady, defaultDevice, init, jit, numpy as np, tree, valueAndGrad } from '@jax-js/jax';
import { serve } from '../../child.mjs';
import { batchOf, meanSquaredError } from '../../workloads/problem.mjs';
import { MODELS } from './models.mjs';

const VARIANTS = {
  guide: {
    how: 'wasm, as its demo: jit of the loss, valueAndGrad outside, weights [in, out]',
    differentiate: (loss) => valueAndGrad(jit(loss)),
    turned: false,
  },
  tuned: {
    how: 'wasm, jit of loss and gradients together, weights [out, in]',
    differentiate: (loss) => jit(valueAndGrad(loss)),
    turned: true,
  },
};

const fromArray = ({ shape, data }) =>
  np.array(data.slice(), { dtype: data instanceof Int32Array ? np.int32 : np.float32 }).reshape(shape);

const arraysOf = (batch) =>
  Object.fromEntries(Object.entries(batch).map(([name, array]) => [name, fromArray(array)]));

/** Weights by PyTorch's names; matrices are [out, in] when `turned`, else [in, out]. Tables of embeddings stay. */
function parameters({ weights, arrays }, turned) {
  const entries = weights.map((name) => {
    const array = fromArray(arrays[name]);
    const matrix = array.ndim === 2 && !name.includes('embedding');
    return [name, matrix && !turned ? np.transpose(array) : array];
  });
  return Object.fromEntries(entries);
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

const TRAINING = {
  adam(problem, params, { loss }, differentiate) {
    const { lr, beta1, beta2 } = problem;
    const lossAndGrads = differentiate(loss);
    const update = makeUpdate(problem);
    let m = tree.map((p) => np.zeros(p.shape), params);
    let v = tree.map((p) => np.zeros(p.shape), params);
    return {
      async step(k) {
        const [value, grads] = lossAndGrads(tree.ref(params), arraysOf(batchOf(problem, k)));
        const rate = [lr / (1 - beta1 ** (k + 1)), 1 / Math.sqrt(1 - beta2 ** (k + 1))];
        ({ params, m, v } = update(params, m, v, grads, np.array(new Float32Array(rate))));
        return value.jsAsync();
      },
    };
  },
  gradient(problem, params, { loss }, differentiate) {
    const lossAndGrads = differentiate(loss);
    const batch = arraysOf(batchOf(problem, 0));
    return {
      async step() {
        const [value, grads] = lossAndGrads(tree.ref(params), tree.ref(batch));
        await blockUntilReady(grads);
        return { loss: await value.jsAsync(), grads };
      },
      after({ loss: value, grads }) {
        params = tree.map((p, grad) => p.sub(grad.mul(problem.lr)), params, grads);
        return value;
      },
    };
  },
  inference(problem, params, { forward }) {
    const run = jit(forward);
    return {
      step: () => run(tree.ref(params)).data(),
      after: (output) => meanSquaredError(problem, output),
    };
  },
};

await serve(async (problem, name) => {
  await init('wasm');
  defaultDevice('wasm');
  const { how, differentiate, turned } = VARIANTS[name];
  const times = (x, w) => np.matmul(x, turned ? np.transpose(w) : w);
  const model = MODELS[problem.family](problem, times);
  const { version } = createRequire(import.meta.url)('../../node_modules/@jax-js/jax/package.json');
  return {
    library: `jax-js ${version}`,
    how,
    biases: 2,
    ...TRAINING[problem.training](problem, parameters(problem, turned), model, differentiate),
  };
});
