/** Hostile files by name: what a reader must refuse with a typed error. Written by tables, so that no binary lies in the repository. */
import { archives, arrays } from './numpy.mjs';
import { files as onnx } from './onnx.mjs';
import { files as safetensors } from './safetensors.mjs';
import { files as torch } from './torch.mjs';

const of = (format, files) =>
  files.map(([name, bytes]) => ({ format, name: `${format}: ${name}`, bytes: new Uint8Array(bytes) }));

/** @returns {{ format: 'safetensors' | 'npy' | 'npz' | 'pt' | 'onnx', name: string, bytes: Uint8Array }[]} */
export function hostileFiles() {
  return [
    ...of('safetensors', safetensors),
    ...of('npy', arrays),
    ...of('npz', archives),
    ...of('pt', torch),
    ...of('onnx', onnx),
  ];
}
