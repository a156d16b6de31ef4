/** The readers of files made elsewhere, by format, as built. */

import { Hw5Error, safetensors } from '@hw5/core';
import { importFile } from '@hw5/core/interop';
import { readNpy, readNpz } from '@hw5/core/npz';
import { loadOnnx } from '@hw5/core/onnx';
import { readTorch } from '@hw5/core/torch';

const imported = (file) => importFile({ file });

/** Every way in for a file of a format. A file is refused when each throws, or the last one does where the file itself is whole. */
export const readers = {
  safetensors: [(bytes) => safetensors.read(bytes), imported],
  npy: [(bytes) => readNpy(bytes)],
  npz: [(bytes) => readNpz(bytes), imported],
  pt: [(bytes) => readTorch(bytes), imported],
  onnx: [(bytes) => loadOnnx(bytes).dispose(), imported],
};

/** Names that a parser of hostile keys might leave on every object. */
export function pollution() {
  return JSON.stringify([
    Object.getOwnPropertyNames(Object.prototype),
    {}.polluted,
    [].polluted,
    Object.keys(Object.prototype),
  ]);
}

/**
 * @returns what reading the file did: milliseconds of the slowest reader, bytes more on the heap, and what is wrong with it
 */
export function attempt({ format, bytes }) {
  const before = process.memoryUsage();
  const prototype = pollution();
  let slowest = 0;
  let problem;
  const last = readers[format].at(-1);
  for (const read of readers[format]) {
    const started = performance.now();
    try {
      read(bytes);
      if (read === last) problem = 'was read';
    } catch (error) {
      if (!(error instanceof Hw5Error)) problem = `threw ${error}`;
    }
    slowest = Math.max(slowest, performance.now() - started);
  }
  if (pollution() !== prototype) problem = 'changed Object.prototype';
  const after = process.memoryUsage();
  const memory = after.heapUsed + after.arrayBuffers - before.heapUsed - before.arrayBuffers;
  return { milliseconds: slowest, memory, problem };
}
