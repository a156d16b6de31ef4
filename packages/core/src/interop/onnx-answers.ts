/** What exported ONNX files answer to the inputs of a probe, run by our importer. */
import { Seq2Seq } from '../models/seq2seq.js';
import type { Module } from '../nn/module.js';
import { loadOnnx, type OnnxArray, type OnnxResult } from '../onnx/graph.js';
import type { Ids, Probe } from './probe.js';

/** The logits, flat. */
export function answersOf(
  model: Module,
  inputs: Probe['inputs'],
  files: ReadonlyMap<string, Uint8Array>,
): ArrayLike<number> {
  if (model instanceof Seq2Seq) return translated(inputs, files);
  return run(files.get('model.onnx')!, inputs).logits!.data as Float32Array;
}

/** Run a graph; states that are not given start at zero. */
function run(file: Uint8Array, feeds: Readonly<Record<string, OnnxArray>>): Record<string, OnnxResult> {
  const graph = loadOnnx(file);
  try {
    const B = (feeds.ids ?? feeds.source)!.shape.at(-1)!;
    const all = graph.inputs.map(({ name, shape }): [string, OnnxArray] => {
      const given = feeds[name];
      if (given !== undefined) return [name, given];
      const sizes = (shape ?? []).map((size) => (typeof size === 'number' ? size : B));
      return [name, { shape: sizes, data: new Float64Array(sizes.reduce((a, b) => a * b, 1)) }];
    });
    return graph.run(Object.fromEntries(all));
  } finally {
    graph.dispose();
  }
}

/** The decoder step by step over the given tokens. */
function translated(inputs: Probe['inputs'], files: ReadonlyMap<string, Uint8Array>): Float64Array {
  const { source, lengths, input } = inputs as Record<'source' | 'lengths' | 'input', Ids>;
  const encoded = run(files.get('encoder.onnx')!, { source, lengths });
  const { keys, values } = encoded as Record<'keys' | 'values', OnnxResult>;
  let state: Record<string, OnnxArray> = { h: encoded.h0!, ...(encoded.c0 && { c: encoded.c0 }) };
  const [T, B] = input.shape as [number, number];
  const logits: number[] = [];
  for (let t = 0; t < T; t += 1) {
    const ids = { shape: [B], data: input.data.subarray(t * B, (t + 1) * B) };
    const step = run(files.get('decoder.onnx')!, { ids, keys, values, lengths, ...state });
    state = { h: step.hn!, ...(step.cn && { c: step.cn }) };
    logits.push(...(step.logits!.data as Float32Array));
  }
  return Float64Array.from(logits);
}
