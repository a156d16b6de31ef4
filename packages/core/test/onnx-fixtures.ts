/** The cases of fixtures/onnx, written by tools/onnx_fixtures.py. */
import { readdirSync, readFileSync } from 'node:fs';
import { read, type SafeTensor } from '../src/formats/safetensors.js';

const folder = new URL('../../../fixtures/onnx/', import.meta.url);

export interface OnnxCase {
  readonly name: string;
  readonly model: Uint8Array;
  readonly inputs: Readonly<Record<string, SafeTensor>>;
  readonly outputs: Readonly<Record<string, SafeTensor>>;
}

export const onnxAreas: readonly string[] = readdirSync(folder).map((file) =>
  file.replace('.safetensors', ''),
);

export function onnxCases(area: string): OnnxCase[] {
  const { tensors } = read(new Uint8Array(readFileSync(new URL(`${area}.safetensors`, folder))));
  const cases = new Map<
    string,
    { model?: Uint8Array; in: Record<string, SafeTensor>; out: Record<string, SafeTensor> }
  >();
  for (const [key, tensor] of tensors) {
    const [name, kind, ...port] = key.split('/') as [string, 'model' | 'in' | 'out', ...string[]];
    const entry = cases.get(name) ?? { in: {}, out: {} };
    cases.set(name, entry);
    if (kind === 'model') entry.model = tensor.data as Uint8Array;
    else entry[kind][port.join('/')] = tensor;
  }
  return [...cases].map(([name, { model, in: inputs, out }]) => ({
    name,
    model: model!,
    inputs,
    outputs: out,
  }));
}
