/** An ONNX graph in the making: weights, inputs, nodes, outputs; values are named by strings. */
import type { Module } from '../../nn/module.js';
import type { Shape } from '../../shape.js';
import type { Tensor } from '../../tensor.js';
import { encode } from '../protobuf.js';
import {
  type AttributeProto,
  AttributeType,
  type GraphProto,
  modelProto,
  type NodeProto,
  type ValueInfoProto,
} from '../schema.js';
import { dataTypeCode, writeTensor } from '../tensor-proto.js';
import { asValue, type ElementType } from '../value.js';

/** Layer normalization exists from this operator set on; every runtime since 2022 knows it. */
const OPSET = 17;
const IR_VERSION = 8;

/** A whole number, a text, or lists of them; floats are given as `{ float }`. */
export type AttributeValue =
  | number
  | string
  | readonly number[]
  | readonly string[]
  | { readonly float: number };

/** Sizes; free ones by name. */
export type Sizes = readonly (number | string)[];

const utf8 = new TextEncoder();

export class GraphBuilder {
  /** The element type of all real weights: the kernel's. */
  readonly real: 'float32' | 'float64';
  readonly #nodes: NodeProto[] = [];
  readonly #weights = new Map<string, GraphProto['initializer'][number]>();
  readonly #inputs: ValueInfoProto[] = [];
  readonly #outputs: ValueInfoProto[] = [];
  #values = 0;

  constructor(real: 'float32' | 'float64') {
    this.real = real;
  }

  input(name: string, type: ElementType, sizes: Sizes): string {
    this.#inputs.push(port(name, type, sizes));
    return name;
  }

  /** Gives the value `from` a name to the outside. */
  output(name: string, from: string, type: ElementType, sizes: Sizes): void {
    this.#add('Identity', [from], [name], {});
    this.#outputs.push(port(name, type, sizes));
  }

  /** A weight of the model; one of the same name is shared. */
  weight(name: string, shape: Shape, data: ArrayLike<number>, type: ElementType = this.real): string {
    if (!this.#weights.has(name)) {
      this.#weights.set(
        name,
        writeTensor(name, asValue(type, shape, data)) as GraphProto['initializer'][number],
      );
    }
    return name;
  }

  /** A parameter of a module, as it is. */
  parameter(prefix: string, name: string, tensor: Tensor): string {
    return this.weight(`${prefix}.${name}`, tensor.shape, tensor.data);
  }

  /** Whole numbers, such as a shape or axes. */
  integers(...numbers: readonly number[]): string {
    return this.weight(`[${numbers.join(',')}]`, [numbers.length], numbers, 'int64');
  }

  /** A node with one output. */
  node(
    op: string,
    inputs: readonly string[],
    attributes: Readonly<Record<string, AttributeValue>> = {},
  ): string {
    return this.nodes(op, inputs, 1, attributes)[0]!;
  }

  /** A node with several outputs. An input that is left out is ''. */
  nodes(
    op: string,
    inputs: readonly string[],
    count: number,
    attributes: Readonly<Record<string, AttributeValue>> = {},
  ): string[] {
    const outputs = Array.from({ length: count }, () => {
      this.#values += 1;
      return `${op.toLowerCase()}_${this.#values}`;
    });
    this.#add(op, inputs, outputs, attributes);
    return outputs;
  }

  build(name: string): Uint8Array<ArrayBuffer> {
    return encode(modelProto, {
      ir_version: IR_VERSION,
      producer_name: 'hw5',
      opset_import: [{ domain: '', version: OPSET }],
      graph: {
        name,
        node: this.#nodes,
        initializer: [...this.#weights.values()],
        input: this.#inputs,
        output: this.#outputs,
      },
    });
  }

  #add(
    op: string,
    inputs: readonly string[],
    outputs: readonly string[],
    attributes: Readonly<Record<string, AttributeValue>>,
  ): void {
    const given = inputs.slice(0, inputs.findLastIndex((input) => input !== '') + 1);
    this.#nodes.push({
      input: given,
      output: [...outputs],
      name: `${op}_${this.#nodes.length}`,
      op_type: op,
      attribute: Object.entries(attributes).map(([key, value]) => attributeOf(key, value)),
    });
  }
}

/** The parameters of a module by their own names. */
export function parametersOf(module: Module): (name: string) => Tensor | undefined {
  const parameters = module.namedParameters();
  return (name) => parameters.get(name);
}

function port(name: string, type: ElementType, sizes: Sizes): ValueInfoProto {
  const dim = sizes.map((size) => (typeof size === 'number' ? { dim_value: size } : { dim_param: size }));
  return { name, type: { tensor_type: { elem_type: dataTypeCode(type), shape: { dim } } } };
}

function attributeOf(name: string, value: AttributeValue): AttributeProto {
  const empty = { name, floats: [], ints: [], strings: [] };
  if (typeof value === 'number') return { ...empty, type: AttributeType.int, i: value };
  if (typeof value === 'string') return { ...empty, type: AttributeType.string, s: utf8.encode(value) };
  if ('float' in value) return { ...empty, type: AttributeType.float, f: value.float };
  return value.every((entry) => typeof entry === 'number')
    ? { ...empty, type: AttributeType.ints, ints: [...value] }
    : { ...empty, type: AttributeType.strings, strings: value.map((text) => utf8.encode(String(text))) };
}
