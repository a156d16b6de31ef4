// TensorFlow.js on its wasm backend: as its users train a recurrent net (tf.layers), and the fastest form found (tf ops).
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import * as tf from '@tensorflow/tfjs';
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import { serve } from '../../child.mjs';
import { batchOf, meanSquaredError } from '../../workloads/problem.mjs';
import { LAYERS } from './layers.mjs';
import { OPS } from './ops.mjs';

const require = createRequire(import.meta.url);

const VARIANTS = {
  layers: {
    models: LAYERS,
    how: 'wasm, tf.layers (one-hot input: its wasm backend has no gradient for an embedding)',
  },
  tuned: {
    models: OPS,
    how: 'wasm, tf ops, input projections hoisted, own gradients of matMul and of embeddings',
  },
};

/** Weights by the problem's names; matrices [in, out], Keras's layout. Tables of embeddings stay. */
function weightsOf({ weights, arrays }) {
  const entries = weights.map((name) => {
    const { shape, data } = arrays[name];
    const matrix = shape.length === 2 && !name.includes('embedding');
    return [name, tf.tidy(() => (matrix ? tf.tensor(data, shape).transpose() : tf.tensor(data, shape)))];
  });
  return Object.fromEntries(entries);
}

const tensorsOf = (batch) =>
  Object.fromEntries(
    Object.entries(batch).map(([name, { shape, data }]) => [
      name,
      tf.tensor(data, shape, data instanceof Int32Array ? 'int32' : 'float32'),
    ]),
  );

async function numberOf(scalar) {
  const value = (await scalar.data())[0];
  scalar.dispose();
  return value;
}

const TRAINING = {
  adam(problem, { loss, variables }) {
    const { lr, beta1, beta2, eps, clip } = problem;
    const optimiser = tf.train.adam(lr, beta1, beta2, eps);
    const batches = Array.from({ length: problem.batches }, (_, k) => tensorsOf(batchOf(problem, k)));
    return {
      step: (k) =>
        numberOf(
          tf.tidy(() => {
            const { value, grads } = tf.variableGrads(() => loss(batches[k % batches.length]), variables);
            const norm = tf.sqrt(tf.addN(Object.values(grads).map((grad) => grad.square().sum())));
            const factor = tf.minimum(1, tf.div(clip, norm.add(1e-6)));
            optimiser.applyGradients(
              Object.fromEntries(Object.entries(grads).map(([key, grad]) => [key, grad.mul(factor)])),
            );
            return value;
          }),
        ),
    };
  },
  gradient(problem, { loss, variables }) {
    const optimiser = tf.train.sgd(problem.lr);
    const batch = tensorsOf(batchOf(problem, 0));
    return {
      async step() {
        const { value, grads } = tf.variableGrads(() => loss(batch), variables);
        return { loss: await numberOf(value), grads };
      },
      after({ loss: value, grads }) {
        optimiser.applyGradients(grads);
        tf.dispose(grads);
        return value;
      },
    };
  },
  inference(problem, { forward }) {
    return {
      async step() {
        const output = tf.tidy(forward);
        const values = await output.data();
        output.dispose();
        return values;
      },
      after: (output) => meanSquaredError(problem, output),
    };
  },
};

await serve(async (problem, name) => {
  const { models, how } = VARIANTS[name];
  tf.enableProdMode();
  setWasmPaths(`${join(dirname(require.resolve('@tensorflow/tfjs-backend-wasm/package.json')), 'dist')}/`);
  if (!(await tf.setBackend('wasm'))) throw new Error('tfjs: the wasm backend must start, got none');
  await tf.ready();
  const model = models[problem.family](problem, weightsOf(problem));
  return {
    library: `tfjs ${tf.version.tfjs}`,
    how,
    biases: model.biases ?? 2,
    ...TRAINING[problem.training](problem, model),
  };
});
