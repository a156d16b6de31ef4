/**
 * NumPy's .npz files: a zip of .npy files, one per name. Exported with .npy as `@hw5/core/npz`.
 *
 * {@includeCode ../../examples/npz.ts}
 *
 * @module @hw5/core/npz
 */
import { zipSync } from 'fflate';
import { DataError } from '../errors.js';
import { type NpyArray, readNpy, writeNpy } from './npy.js';
import { readZip } from './zip.js';

export { type NpyArray, readNpy, writeNpy } from './npy.js';

/** Largest sum of unpacked bytes that is accepted: a small file must not claim all memory. */
const MAX_UNPACKED = 1 << 30;
/** zip cannot date a file before 1980; a fixed time keeps equal arrays at equal bytes. */
const FIXED_TIME = new Date(1980, 0, 1);

/** @throws DataError for what is not a zip of .npy files, is damaged, or unpacks to more than 1 GiB */
export function readNpz(file: Uint8Array, name = 'npz'): Map<string, NpyArray> {
  const arrays = new Map<string, NpyArray>();
  let entries: ReadonlyMap<string, Uint8Array>;
  try {
    entries = readZip(file, { most: MAX_UNPACKED, deflated: true });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new DataError(`${name}: must be a zip of .npy files, got: ${reason}`);
  }
  for (const [entry, bytes] of entries) {
    if (!entry.endsWith('.npy')) throw new DataError(`${name}: must hold .npy files only, got ${entry}`);
    const key = entry.slice(0, -4);
    arrays.set(key, readNpy(bytes, `${name}: ${key}`));
  }
  return arrays;
}

/** Stored without compression, as numpy.savez does; equal arrays give equal bytes. */
export function writeNpz(arrays: ReadonlyMap<string, NpyArray>): Uint8Array<ArrayBuffer> {
  const entries = [...arrays].map(([name, array]) => [`${name}.npy`, writeNpy(array)] as const);
  return new Uint8Array(zipSync(Object.fromEntries(entries), { level: 0, mtime: FIXED_TIME }));
}
