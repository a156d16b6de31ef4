/**
 * Protocol buffer messages by a table of fields: what ONNX files are made of. Unknown fields are skipped.
 * The bytes are read and written by @bufbuild/protobuf's wire format.
 */
import { BinaryReader, BinaryWriter, WireType } from '@bufbuild/protobuf/wire';

type Scalar = 'string' | 'bytes' | 'float' | 'double' | 'int32' | 'int64' | 'uint64';
/** A field's number, its type (or the message in it), and whether it may occur more than once. */
type Field = readonly [number: number, type: Scalar | Schema, repeated?: 'repeated'];
/** A message type: its fields by name. */
export interface Schema {
  readonly [name: string]: Field;
}

type ValueOf<T> = T extends 'string'
  ? string
  : T extends 'bytes'
    ? Uint8Array
    : T extends Scalar
      ? number
      : T extends Schema
        ? Message<T>
        : never;

/** A message as an object: repeated fields are arrays, the others may be missing. 64-bit integers become numbers. */
export type Message<S extends Schema> = {
  -readonly [K in keyof S as S[K][2] extends 'repeated' ? K : never]: ValueOf<S[K][1]>[];
} & {
  -readonly [K in keyof S as S[K][2] extends 'repeated' ? never : K]?: ValueOf<S[K][1]>;
};

/** Reads a message. @throws RangeError or Error of the wire format when the bytes are damaged */
export function decode<const S extends Schema>(schema: S, bytes: Uint8Array): Message<S> {
  const reader = new BinaryReader(bytes);
  const byNumber = new Map(Object.entries(schema).map(([name, field]) => [field[0], { name, field }]));
  const message: Record<string, unknown> = {};
  for (const [name, [, , repeated]] of Object.entries(schema)) if (repeated) message[name] = [];
  while (reader.pos < reader.len) {
    const [number, wire] = reader.tag();
    const known = byNumber.get(number);
    if (known === undefined) {
      reader.skip(wire, number);
      continue;
    }
    const { name, field } = known;
    const [, type, repeated] = field;
    if (!repeated) {
      message[name] = readValue(reader, type);
    } else if (wire === WireType.LengthDelimited && isNumeric(type)) {
      const end = reader.uint32() + reader.pos;
      if (end > reader.len) throw new RangeError(`packed field ${name} must end inside its message`);
      while (reader.pos < end) (message[name] as unknown[]).push(readValue(reader, type));
    } else {
      (message[name] as unknown[]).push(readValue(reader, type));
    }
  }
  return message as Message<S>;
}

/** Writes a message; numbers that repeat are packed. */
export function encode<const S extends Schema>(
  schema: S,
  message: Partial<Message<S>>,
): Uint8Array<ArrayBuffer> {
  const writer = new BinaryWriter();
  write(writer, schema, message as Record<string, unknown>);
  return writer.finish();
}

function isNumeric(type: Scalar | Schema): boolean {
  return typeof type === 'string' && type !== 'string' && type !== 'bytes';
}

function readValue(reader: BinaryReader, type: Scalar | Schema): unknown {
  if (typeof type !== 'string') return decode(type, reader.bytes());
  const value = reader[type]();
  return type === 'int64' || type === 'uint64' ? Number(value) : value;
}

function write(writer: BinaryWriter, schema: Schema, message: Readonly<Record<string, unknown>>): void {
  for (const [name, [number, type, repeated]] of Object.entries(schema)) {
    const value = message[name];
    if (value === undefined) continue;
    if (!repeated) {
      writeField(writer, number, type, value);
    } else if (isNumeric(type)) {
      if ((value as unknown[]).length === 0) continue;
      writer.tag(number, WireType.LengthDelimited).fork();
      for (const entry of value as unknown[]) writeScalar(writer, type as Scalar, entry);
      writer.join();
    } else {
      for (const entry of value as unknown[]) writeField(writer, number, type, entry);
    }
  }
}

const wireTypes: Readonly<Record<Scalar, WireType>> = {
  string: WireType.LengthDelimited,
  bytes: WireType.LengthDelimited,
  float: WireType.Bit32,
  double: WireType.Bit64,
  int32: WireType.Varint,
  int64: WireType.Varint,
  uint64: WireType.Varint,
};

function writeField(writer: BinaryWriter, number: number, type: Scalar | Schema, value: unknown): void {
  if (typeof type === 'string') {
    writeScalar(writer.tag(number, wireTypes[type]), type, value);
    return;
  }
  writer.tag(number, WireType.LengthDelimited).fork();
  write(writer, type, value as Record<string, unknown>);
  writer.join();
}

function writeScalar(writer: BinaryWriter, type: Scalar, value: unknown): void {
  writer[type](value as never);
}
