// TensorFlow.js as its users train a recurrent net (tf.layers), and the fastest form found; wasm or cpu backend.
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import * as tf from '@tensorflow/tfjs';
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import { batchOf, serve } from '../child.mjs';

const require = createRequire(import.meta.url);

const VARIANTS = {
  layers: {
    backend: 'wasm',
    build: (problem) => layersModel(problem, true),
    how: 'wasm, tf.layers (one-hot input: its wasm backend has no gradient for an embedding)',
  },
  tuned: {
    backend: 'wasm',
    build: opsModel,
    how: 'wasm, tf ops, input projection hoisted, own gradient of matMul (explicit transposes)',
  },
  cpu: { backend: 'cpu', build: (problem) => layersModel(problem, false), how: 'cpu (plain JS), tf.layers' },
};

/** Weights in Keras's layout: kernels [in, out], gate order i, f, g, o as in PyTorch, one bias. */
function kerasWeights({ V, E, H, arrays }) {
  const get = (name, shape) => tf.tensor(arrays[name].data, shape);
  return {
    embedding: get('embedding.weight', [V, E]),
    kernel: get('lstm.weight_ih_l0', [4 * H, E]).transpose(),
    recurrent: get('lstm.weight_hh_l0', [4 * H, H]).transpose(),
    bias: get('lstm.bias_ih_l0', [4 * H]).add(get('lstm.bias_hh_l0', [4 * H])),
    headKernel: get('head.weight', [V, H]).transpose(),
    headBias: get('head.bias', [V]),
  };
}

/** The model in tf.layers; `logits` takes ids [B, T]. */
function layersModel(problem, oneHot) {
  const { V, E, H, T } = problem;
  const w = kerasWeights(problem);
  const first = oneHot
    ? tf.layers.dense({ units: E, useBias: false, inputShape: [T, V] })
    : tf.layers.embedding({ inputDim: V, outputDim: E, inputLength: T });
  const lstm = tf.layers.lstm({
    units: H,
    returnSequences: true,
    recurrentActivation: 'sigmoid',
    // The default, orthogonal, takes long and is overwritten anyway.
    recurrentInitializer: 'zeros',
  });
  const head = tf.layers.dense({ units: V });
  const model = tf.sequential({ layers: [first, lstm, head] });
  first.setWeights([w.embedding]);
  lstm.setWeights([w.kernel, w.recurrent, w.bias]);
  head.setWeights([w.headKernel, w.headBias]);
  return {
    variables: model.trainableWeights.map((weight) => weight.val),
    logits: (ids) => model.apply(oneHot ? tf.oneHot(ids, V) : ids, { training: true }),
  };
}

/** A matrix product whose gradient transposes first: the wasm backend's product of transposed operands is slow. */
const product = tf.customGrad((a, b, save) => {
  save([a, b]);
  return {
    value: tf.matMul(a, b),
    gradFunc: (dy, [left, right]) => [tf.matMul(dy, right.transpose()), tf.matMul(left.transpose(), dy)],
  };
});

/** The model from tf ops: one input projection for all steps, then the recurrence; `logits` takes ids [B, T]. */
function opsModel(problem) {
  const { V, H, T, B } = problem;
  const weights = Object.entries(kerasWeights(problem)).map(([name, value]) => [name, tf.variable(value)]);
  const v = Object.fromEntries(weights);
  return {
    variables: Object.values(v),
    logits: (ids) => {
      // Time first, so that one step is a contiguous block of rows.
      const flat = tf.oneHot(ids.transpose().reshape([T * B]), V);
      const projected = product(product(flat, v.embedding), v.kernel).add(v.bias);
      let h = tf.zeros([B, H]);
      let c = tf.zeros([B, H]);
      const out = [];
      for (const row of tf.split(projected, T, 0)) {
        const [i, f, g, o] = tf.split(row.add(product(h, v.recurrent)), 4, 1);
        c = f.sigmoid().mul(c).add(i.sigmoid().mul(g.tanh()));
        h = o.sigmoid().mul(c.tanh());
        out.push(h);
      }
      const logits = product(tf.concat(out, 0), v.headKernel).add(v.headBias);
      return logits.reshape([T, B, V]).transpose([1, 0, 2]);
    },
  };
}

await serve(async (problem, name) => {
  const variant = VARIANTS[name];
  tf.enableProdMode();
  setWasmPaths(`${join(dirname(require.resolve('@tensorflow/tfjs-backend-wasm/package.json')), 'dist')}/`);
  if (!(await tf.setBackend(variant.backend)))
    throw new Error(`tfjs: backend ${variant.backend} did not start`);
  await tf.ready();
  const { T, B, V, lr, beta1, beta2, eps, clip } = problem;
  const model = variant.build(problem);
  const optimiser = tf.train.adam(lr, beta1, beta2, eps);

  // Batch first, as tf.layers wants it.
  const batches = Array.from({ length: problem.batches }, (_, k) => {
    const { x, targets } = batchOf(problem, k);
    const rows = (ids) => tf.tidy(() => tf.tensor2d(ids, [T, B], 'int32').transpose());
    return { x: rows(x), targets: rows(targets) };
  });

  return {
    library: `tfjs ${tf.version.tfjs}`,
    how: variant.how,
    biases: 1,
    async step(k) {
      const { x, targets } = batches[k % problem.batches];
      const loss = tf.tidy(() => {
        const { value, grads } = tf.variableGrads(() => {
          const labels = tf.oneHot(targets.reshape([B * T]), V);
          return tf.losses.softmaxCrossEntropy(labels, model.logits(x).reshape([B * T, V]));
        }, model.variables);
        const norm = tf.sqrt(tf.addN(Object.values(grads).map((grad) => grad.square().sum())));
        const factor = tf.minimum(1, tf.div(clip, norm.add(1e-6)));
        optimiser.applyGradients(
          Object.fromEntries(Object.entries(grads).map(([key, grad]) => [key, grad.mul(factor)])),
        );
        return value;
      });
      const value = (await loss.data())[0];
      loss.dispose();
      return value;
    },
  };
});
