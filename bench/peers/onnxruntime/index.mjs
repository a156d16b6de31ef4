// onnxruntime-web on its wasm backend, one thread: inference only.
import { createRequire } from 'node:module';
import * as ort from 'onnxruntime-web';
import { serve } from '../../child.mjs';
import { meanSquaredError } from '../../workloads/problem.mjs';
import { node, onnxModel } from './graph.mjs';

/** w^T of w [rows, columns]. */
function transpose({ shape: [rows, columns], data }) {
  const out = new Float32Array(rows * columns);
  for (let i = 0; i < rows; i++) for (let j = 0; j < columns; j++) out[j * rows + i] = data[i * columns + j];
  return { shape: [columns, rows], data: out };
}

const int64 = (...values) => ({ shape: [values.length], data: BigInt64Array.from(values, BigInt) });

/** Nodes from x to `mixed`, what the output projection takes. */
const FORMS = {
  fused: {
    how: 'com.microsoft.Attention',
    nodes: ({ heads }) => [
      node('Attention', ['x', 'w', 'b'], ['mixed'], { num_heads: heads }, 'com.microsoft'),
    ],
  },
  exported: {
    how: 'MatMul and Softmax, as exported from PyTorch',
    nodes: () => [
      node('MatMul', ['x', 'w'], ['xw']),
      node('Add', ['xw', 'b'], ['projected']),
      node('Split', ['projected'], ['q3', 'k3', 'v3'], { axis: 2, num_outputs: 3 }),
      ...['q', 'k', 'v'].flatMap((name) => [
        node('Reshape', [`${name}3`, 'split'], [`${name}4`]),
        node('Transpose', [`${name}4`], [name], { perm: name === 'k' ? [0, 2, 3, 1] : [0, 2, 1, 3] }),
      ]),
      node('MatMul', ['q', 'k'], ['products']),
      node('Mul', ['products', 'scale'], ['scores']),
      node('Softmax', ['scores'], ['weights'], { axis: -1 }),
      node('MatMul', ['weights', 'v'], ['mixed4']),
      node('Transpose', ['mixed4'], ['mixed5'], { perm: [0, 2, 1, 3] }),
      node('Reshape', ['mixed5', 'joined'], ['mixed']),
    ],
  },
};

await serve(async (problem, variant) => {
  const form = FORMS[variant];
  const { B, T, D, heads, arrays } = problem;
  ort.env.wasm.numThreads = 1;
  ort.env.logLevel = 'error';
  const model = onnxModel({
    nodes: [
      ...form.nodes(problem),
      node('MatMul', ['mixed', 'w_out'], ['y_out']),
      node('Add', ['y_out', 'b_out'], ['y']),
    ],
    constants: {
      w: transpose(arrays.in_proj_weight),
      b: arrays.in_proj_bias,
      split: int64(B, T, heads, D / heads),
      joined: int64(B, T, D),
      scale: { shape: [], data: Float32Array.of(1 / Math.sqrt(D / heads)) },
      w_out: transpose(arrays['out_proj.weight']),
      b_out: arrays['out_proj.bias'],
    },
    inputs: { x: [B, T, D] },
    outputs: { y: [B, T, D] },
  });
  const session = await ort.InferenceSession.create(model, { executionProviders: ['wasm'] });
  const { version } = createRequire(import.meta.url)('../../node_modules/onnxruntime-web/package.json');
  return {
    library: `onnxruntime-web ${version}`,
    how: `wasm, 1 thread, ${form.how}`,
    biases: 2,
    async step() {
      const { y } = await session.run({ x: new ort.Tensor('float32', arrays.x.data, [B, T, D]) });
      return y.data;
    },
    after: (output) => meanSquaredError(problem, output),
  };
});
