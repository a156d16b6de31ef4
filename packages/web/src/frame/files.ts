/** What a person hands over (dropped, chosen, pasted), told apart and refused before anything is computed. */
import type { FrameKey } from '../i18n/index.js';

/** Largest text, bytes. More would take minutes to pass over once and hundreds of megabytes of memory. */
export const LARGEST_TEXT = 20_000_000;

/** Largest checkpoint, bytes: beyond it a browser tab cannot hold the file and the model at once. */
export const LARGEST_CHECKPOINT = 1_000_000_000;

/** Bytes of a file's beginning that are looked at to tell text from other data. */
const SNIFFED = 4096;

export type Refusal = {
  readonly key: FrameKey;
  /** Facts of the message; `bytes` facts are written as sizes. */
  readonly facts: Readonly<Record<string, string | number>>;
  readonly bytes?: Readonly<Record<string, number>>;
};

export type Handed =
  | { readonly kind: 'text'; readonly name: string; readonly text: string }
  | { readonly kind: 'checkpoint'; readonly name: string; readonly bytes: Uint8Array }
  | { readonly kind: 'refused'; readonly refusal: Refusal };

/** A safetensors file starts with the length of its header (u64, little-endian) and the header's `{`. */
export function looksLikeSafetensors(head: Uint8Array): boolean {
  if (head.length < 9) return false;
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  const length = view.getBigUint64(0, true);
  return length > 1n && length < 100_000_000n && head[8] === 0x7b;
}

/** Reads a file as a checkpoint or as UTF-8 text. Never throws: what cannot be used comes back as a refusal. */
export async function readHanded(file: File): Promise<Handed> {
  const { name, size } = file;
  if (size === 0) return refuse('error.emptyFile', { name });
  try {
    const head = new Uint8Array(await file.slice(0, SNIFFED).arrayBuffer());
    if (name.toLowerCase().endsWith('.safetensors') || looksLikeSafetensors(head)) {
      if (size > LARGEST_CHECKPOINT) {
        return refuse('error.checkpointTooLarge', { name }, { max: LARGEST_CHECKPOINT, got: size });
      }
      return { kind: 'checkpoint', name, bytes: new Uint8Array(await file.arrayBuffer()) };
    }
    if (head.includes(0)) return refuse('error.notText', { name }, { got: size });
    if (size > LARGEST_TEXT) return refuse('error.tooLarge', { name }, { max: LARGEST_TEXT, got: size });
    const text = decode(await file.arrayBuffer());
    if (text === undefined) return refuse('error.notText', { name }, { got: size });
    return { kind: 'text', name, text };
  } catch {
    return refuse('error.unreadable', { name });
  }
}

/** A byte order mark is left out, as in the terminal program: both must see the same characters. */
function decode(bytes: ArrayBuffer): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

function refuse(key: FrameKey, facts: Refusal['facts'], bytes?: Refusal['bytes']): Handed {
  return { kind: 'refused', refusal: bytes === undefined ? { key, facts } : { key, facts, bytes } };
}

/** Offers `parts` to the person as a file to save. */
export function saveFile(name: string, type: string, parts: BlobPart[]): void {
  const url = URL.createObjectURL(new Blob(parts, { type }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  // The browser reads the blob after this turn of the event loop; a minute is ample.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
