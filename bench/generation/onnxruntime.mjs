// onnxruntime-web on one wasm thread, as its users write generation: an ONNX graph of one step, its state fed back.
import { create, toBinary } from '@bufbuild/protobuf';
import { ModelProtoSchema, TensorProto_DataType } from 'onnx-buf';
import * as ort from 'onnxruntime-web';
import { E, readProblem, V } from './problem.mjs';
import { argmax, serve } from './serve.mjs';

const { FLOAT, INT64 } = TensorProto_DataType;

/** Gate blocks of H rows from PyTorch's order i, f, g, o to ONNX's i, o, f, c. */
function toOnnxOrder(data) {
  const block = data.length / 4;
  const out = new Float32Array(data.length);
  for (const [to, from] of [0, 3, 1, 2].entries()) {
    out.set(data.subarray(from * block, (from + 1) * block), to * block);
  }
  return out;
}

/** id [1, 1], h, c [1, 1, H] -> logits [1, V], h_next, c_next. */
function graphOf(weights, H) {
  const get = (name) => weights[name].data;
  const gates = (name) => toOnnxOrder(get(name));
  const tensor = (name, dims, data, dataType = FLOAT) => ({
    name,
    dims: dims.map(BigInt),
    dataType,
    rawData: new Uint8Array(data.buffer, data.byteOffset, data.byteLength),
  });
  const value = (name, dims, elemType = FLOAT) => ({
    name,
    type: {
      value: {
        case: 'tensorType',
        value: {
          elemType,
          shape: { dim: dims.map((n) => ({ value: { case: 'dimValue', value: BigInt(n) } })) },
        },
      },
    },
  });
  const node = (opType, input, output, attribute = []) => ({ opType, input, output, attribute });
  const INT = 2;
  const bias = new Float32Array(8 * H);
  bias.set(gates('lstm.bias_ih_l0'));
  bias.set(gates('lstm.bias_hh_l0'), 4 * H);
  const model = create(ModelProtoSchema, {
    irVersion: 8n,
    opsetImport: [{ domain: '', version: 17n }],
    graph: {
      name: 'step',
      input: [value('id', [1, 1], INT64), value('h', [1, 1, H]), value('c', [1, 1, H])],
      output: [value('logits', [1, V]), value('h_next', [1, 1, H]), value('c_next', [1, 1, H])],
      initializer: [
        tensor('embedding', [V, E], get('embedding.weight')),
        tensor('W', [1, 4 * H, E], gates('lstm.weight_ih_l0')),
        tensor('R', [1, 4 * H, H], gates('lstm.weight_hh_l0')),
        tensor('B', [1, 8 * H], bias),
        tensor('head', [V, H], get('head.weight')),
        tensor('head_bias', [V], get('head.bias')),
        tensor('flat', [2], BigInt64Array.of(1n, BigInt(H)), INT64),
      ],
      node: [
        node('Gather', ['embedding', 'id'], ['x']),
        node(
          'LSTM',
          ['x', 'W', 'R', 'B', '', 'h', 'c'],
          ['', 'h_next', 'c_next'],
          [{ name: 'hidden_size', type: INT, i: BigInt(H) }],
        ),
        node('Reshape', ['h_next', 'flat'], ['features']),
        node('Gemm', ['features', 'head', 'head_bias'], ['logits'], [{ name: 'transB', type: INT, i: 1n }]),
      ],
    },
  });
  return toBinary(ModelProtoSchema, model);
}

await serve(async (folder, H) => {
  ort.env.wasm.numThreads = 1;
  const session = await ort.InferenceSession.create(graphOf(readProblem(folder, H), H), {
    executionProviders: ['wasm'],
    graphOptimizationLevel: 'all',
  });
  const zeros = () => new ort.Tensor('float32', new Float32Array(H), [1, 1, H]);
  const generate = async (length) => {
    const characters = [];
    let [id, h, c] = [0, zeros(), zeros()];
    for (let i = 0; i < length; i += 1) {
      const feeds = { id: new ort.Tensor('int64', BigInt64Array.of(BigInt(id)), [1, 1]), h, c };
      const results = await session.run(feeds);
      [h, c] = [results.h_next, results.c_next];
      id = argmax(results.logits.data);
      characters.push(id);
    }
    return characters;
  };
  return { how: `onnxruntime-web ${ort.env.versions.web}, wasm, 1 thread`, generate };
});
