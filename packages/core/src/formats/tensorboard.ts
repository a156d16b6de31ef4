/**
 * TensorBoard's event files: TFRecords (length, masked CRC-32C, bytes, masked CRC-32C) of `Event` messages with scalar
 * summaries. Records are appended as training goes on; a file cut short loses its last record only.
 * Source: tensorflow/core/util/event.proto, framework/summary.proto and lib/io/record_writer.
 */

export interface ScalarEvent {
  readonly step: number;
  /** Seconds since 1970. */
  readonly wallTime: number;
  readonly scalars: Readonly<Record<string, number>>;
}

/** The record that every event file starts with. */
export function fileVersion(wallTime: number): Uint8Array<ArrayBuffer> {
  return record(concat([double(1, wallTime), text(3, 'brain.Event:2')]));
}

/** One record with a summary value per scalar. */
export function scalarEvent({ step, wallTime, scalars }: ScalarEvent): Uint8Array<ArrayBuffer> {
  const values = Object.entries(scalars).map(([tag, value]) =>
    bytes(1, concat([text(1, tag), float(2, value)])),
  );
  return record(concat([double(1, wallTime), varint(2, step), bytes(5, concat(values))]));
}

function record(data: Uint8Array): Uint8Array<ArrayBuffer> {
  const result = new Uint8Array(16 + data.length);
  const view = new DataView(result.buffer);
  view.setBigUint64(0, BigInt(data.length), true);
  view.setUint32(8, masked(crc32c(result.subarray(0, 8))), true);
  result.set(data, 12);
  view.setUint32(12 + data.length, masked(crc32c(data)), true);
  return result;
}

/** TFRecord stores rotated checksums, so that a checksum of a record is none of its own. */
function masked(crc: number): number {
  return (((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0;
}

/** CRC-32C (Castagnoli), bits reversed: polynomial 0x82f63b78. */
export function crc32c(data: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of data) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit += 1) crc = (crc >>> 1) ^ (crc & 1 ? 0x82f63b78 : 0);
  }
  return ~crc >>> 0;
}

// Protocol buffers: a key (field number and wire type), then the value.

function varint(field: number, value: number): Uint8Array {
  return concat([key(field, 0), digits(value)]);
}

function double(field: number, value: number): Uint8Array {
  return concat([key(field, 1), new Uint8Array(Float64Array.of(value).buffer)]);
}

function float(field: number, value: number): Uint8Array {
  return concat([key(field, 5), new Uint8Array(Float32Array.of(value).buffer)]);
}

function bytes(field: number, value: Uint8Array): Uint8Array {
  return concat([key(field, 2), digits(value.length), value]);
}

function text(field: number, value: string): Uint8Array {
  return bytes(field, new TextEncoder().encode(value));
}

function key(field: number, wireType: number): Uint8Array {
  return digits(field * 8 + wireType);
}

/** Base 128, lowest digits first, the high bit on all but the last. */
function digits(value: number): Uint8Array {
  const result: number[] = [];
  let rest = value;
  for (; rest >= 128; rest = Math.floor(rest / 128)) result.push((rest % 128) | 128);
  return Uint8Array.of(...result, rest);
}

function concat(parts: readonly Uint8Array[]): Uint8Array {
  const result = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    result.set(part, at);
    at += part.length;
  }
  return result;
}
