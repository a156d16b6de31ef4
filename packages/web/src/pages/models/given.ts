/** Files that somebody hands over, told apart by what is in them: a model, or what its ids mean. */
import { parseVocabulary } from '@hw5/core';
import { LARGEST_CHECKPOINT, LARGEST_TEXT, looksLikeSafetensors, type Refusal } from '../../frame/files.js';

export interface GivenModel {
  readonly name: string;
  readonly bytes: Uint8Array;
}

export interface GivenVocabulary {
  readonly name: string;
  readonly tokens: readonly string[];
}

export interface Given {
  readonly model?: GivenModel;
  readonly vocabulary?: GivenVocabulary;
}

/** A model file is at most this long here: a tab cannot hold the file and the model at once. */
const MOST_BYTES = LARGEST_CHECKPOINT;

/**
 * Reads one model, one vocabulary (`.json` or `.txt`), or both.
 * @throws DataError for a vocabulary that is none
 */
export async function readGiven(files: readonly File[]): Promise<Given | Refusal> {
  if (files.length === 0) return { key: 'error.nothingDropped', facts: {} };
  const isVocabulary = ({ name }: File): boolean => /\.(json|txt)$/i.test(name);
  const models = files.filter((file) => !isVocabulary(file));
  const vocabularies = files.filter(isVocabulary);
  const extra = models.length > 1 || vocabularies.length > 1;
  if (extra) return { key: 'error.manyFiles', facts: { got: files.length } };
  let given: Given = {};
  for (const file of files) {
    const { name, size } = file;
    if (size === 0) return { key: 'error.emptyFile', facts: { name } };
    const max = isVocabulary(file) ? LARGEST_TEXT : MOST_BYTES;
    if (size > max) {
      const key = isVocabulary(file) ? 'error.tooLarge' : 'error.checkpointTooLarge';
      return { key, facts: { name }, bytes: { max, got: size } };
    }
    let bytes: ArrayBuffer;
    try {
      bytes = await file.arrayBuffer();
    } catch {
      return { key: 'error.unreadable', facts: { name } };
    }
    if (isVocabulary(file)) {
      const text = textOf(bytes);
      if (text === undefined) return { key: 'error.notText', facts: { name }, bytes: { got: size } };
      given = { ...given, vocabulary: { name, tokens: parseVocabulary(name, text) } };
    } else given = { ...given, model: { name, bytes: new Uint8Array(bytes) } };
  }
  return given;
}

export const isRefusal = (given: Given | Refusal): given is Refusal => 'key' in given;

function textOf(bytes: ArrayBuffer): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

/** Bytes of a header in which a checkpoint's mark is looked for: its metadata come first. */
const SOUGHT = 65_536;

/** Whether a file is a checkpoint of a run, with optimiser and position, rather than weights alone. */
export function isCheckpoint(bytes: Uint8Array): boolean {
  if (!looksLikeSafetensors(bytes.subarray(0, 16))) return false;
  return new TextDecoder().decode(bytes.subarray(8, 8 + SOUGHT)).includes('"hw5":"');
}
