/** Loads a saved model into a session of the precision it was trained in. */
import type { RunInfo, Session } from '@hw5/core';
import { withSession } from '../session.js';
import { openModel, type SavedModel } from './folder.js';

export interface LoadedModel {
  readonly session: Session;
  readonly info: RunInfo;
  readonly saved: SavedModel;
}

/**
 * Run `use` with the model that `path` (a run folder or a checkpoint file) holds.
 * @param textOf when given, the text that the model was trained on, so that its validation part is known
 */
export async function withModel<T>(
  path: string,
  use: (model: LoadedModel) => Promise<T>,
  textOf?: (saved: SavedModel) => Promise<string | undefined>,
): Promise<T> {
  const saved = openModel(path);
  const text = await textOf?.(saved);
  const options = { precision: saved.run?.config.precision ?? precisionOf(saved.bytes) };
  return withSession(options, async (session) => {
    const info = await session.loadCharLM(saved.bytes, text);
    return use({ session, info, saved });
  });
}

/** The weights' type, read from the safetensors header; f32 when the file is not one (loading it will say so). */
function precisionOf(bytes: Buffer): 'f32' | 'f64' {
  const length = bytes.length >= 8 ? Number(bytes.readBigUInt64LE(0)) : 0;
  return bytes.subarray(8, 8 + length).includes('"dtype":"F64"') ? 'f64' : 'f32';
}
