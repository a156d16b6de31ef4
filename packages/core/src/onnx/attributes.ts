/** A node's attributes, read with a type and a default. */
import { DataError } from '../errors.js';
import { type AttributeProto, AttributeType, type NodeProto } from './schema.js';
import { readTensor } from './tensor-proto.js';
import type { Value } from './value.js';

const text = new TextDecoder();

export class Attributes {
  readonly #node: NodeProto;
  readonly #byName: ReadonlyMap<string, AttributeProto>;

  constructor(node: NodeProto) {
    this.#node = node;
    this.#byName = new Map(node.attribute.map((attribute) => [attribute.name ?? '', attribute]));
  }

  has(name: string): boolean {
    return this.#byName.has(name);
  }

  int<D extends number | undefined>(name: string, fallback: D): number | D {
    return this.#get(name, AttributeType.int)?.i ?? (this.has(name) ? 0 : fallback);
  }

  float<D extends number | undefined>(name: string, fallback: D): number | D {
    return this.#get(name, AttributeType.float)?.f ?? (this.has(name) ? 0 : fallback);
  }

  string(name: string, fallback: string): string {
    const attribute = this.#get(name, AttributeType.string);
    return attribute === undefined ? fallback : text.decode(attribute.s ?? new Uint8Array());
  }

  ints(name: string): readonly number[] | undefined {
    return this.#get(name, AttributeType.ints)?.ints;
  }

  floats(name: string): readonly number[] | undefined {
    return this.#get(name, AttributeType.floats)?.floats;
  }

  strings(name: string): readonly string[] | undefined {
    return this.#get(name, AttributeType.strings)?.strings.map((bytes) => text.decode(bytes));
  }

  tensor(name: string): Value | undefined {
    const proto = this.#get(name, AttributeType.tensor)?.t;
    return proto === undefined ? undefined : readTensor(proto);
  }

  #get(name: string, type: number): AttributeProto | undefined {
    const attribute = this.#byName.get(name);
    // Files older than IR version 3 name no type.
    if (attribute?.type === undefined || attribute.type === type) return attribute;
    throw new DataError(
      `${this.#node.op_type}: attribute ${name} must be of type ${type}, got type ${attribute.type}`,
    );
  }
}
