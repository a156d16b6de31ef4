/** Loads a saved model into a session of the precision it was trained in. */
import type { RunData, RunFacts, Session } from '@hw5/core';
import { withSession } from '../session.js';
import { warn } from '../terminal.js';
import { openModel, type SavedModel } from './folder.js';

export interface LoadedModel {
  readonly session: Session;
  readonly info: RunFacts;
  readonly saved: SavedModel;
}

/**
 * Run `use` with the model that `path` (a run folder or a checkpoint file) holds.
 * @param dataOf when given, what the model learned from, so that its validation part is known
 */
export async function withModel<T>(
  path: string,
  use: (model: LoadedModel) => Promise<T>,
  dataOf?: (saved: SavedModel) => Promise<RunData | undefined>,
): Promise<T> {
  const saved = await openModel(path);
  if (saved.recovered !== undefined) warn(`checkpoint: ${saved.recovered}`);
  const data = await dataOf?.(saved);
  const options = { precision: saved.run?.config.precision ?? precisionOf(saved.bytes) };
  return withSession(options, async (session) => {
    const info = await session.loadRun(saved.bytes, data);
    return use({ session, info, saved });
  });
}

/** The weights' type, read from the safetensors header; f32 when the file is not one (loading it will say so). */
function precisionOf(bytes: Uint8Array): 'f32' | 'f64' {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  const length = file.length >= 8 ? Number(file.readBigUInt64LE(0)) : 0;
  return file.subarray(8, 8 + length).includes('"dtype":"F64"') ? 'f64' : 'f32';
}
