/** Loading and running an ONNX model. */
import { ArgumentError, DataError, Hw5Error } from '../errors.js';
import { currentKernel } from '../kernel/load.js';
import { checkSizes, formatShape, type Shape } from '../shape.js';
import type { Tensor } from '../tensor.js';
import { Attributes } from './attributes.js';
import { Numerics } from './numerics.js';
import { operators } from './ops/index.js';
import type { Call } from './ops/operator.js';
import { decode } from './protobuf.js';
import { type GraphProto, type ModelProto, modelProto, type ValueInfoProto } from './schema.js';
import { elementType, readTensor } from './tensor-proto.js';
import { asValue, type ElementType, type Value } from './value.js';

/** A graph's input or output. */
export interface OnnxPort {
  readonly name: string;
  readonly type: ElementType;
  /** Sizes; a name where the size is free, null where the file says nothing. Undefined when the rank is unknown. */
  readonly shape: readonly (number | string | null)[] | undefined;
}

/** An array for or from a model: int64 as BigInt64Array, bool as bytes 0 and 1. */
export interface OnnxArray {
  readonly shape: Shape;
  readonly data: ArrayLike<number> | BigInt64Array;
}

export interface OnnxResult extends OnnxArray {
  readonly type: ElementType;
  readonly data: Float32Array | Float64Array | Int32Array | BigInt64Array | Uint8Array;
}

interface Step {
  readonly name: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly call: Call;
  readonly run: NonNullable<ReturnType<(typeof operators)['get']>>;
  /** Values that no later step reads. */
  readonly last: readonly string[];
}

export class OnnxModel {
  readonly inputs: readonly OnnxPort[];
  readonly outputs: readonly OnnxPort[];
  /** The program that wrote the file. */
  readonly producer: string;
  /** Version of the standard operator set. */
  readonly opset: number;
  readonly #weights: ReadonlyMap<string, Value>;
  readonly #steps: readonly Step[];
  readonly #numerics: Numerics;

  /** @internal Use {@link loadOnnx}. */
  constructor(model: ModelProto, graph: GraphProto) {
    this.producer = model.producer_name ?? '';
    this.opset = model.opset_import.find(({ domain = '' }) => isStandard(domain))?.version ?? 1;
    this.#weights = new Map(graph.initializer.map((proto) => [proto.name ?? '', readTensor(proto)]));
    // Before IR version 4 a weight was listed among the inputs, too.
    this.inputs = graph.input.filter(({ name = '' }) => !this.#weights.has(name)).map(portOf);
    this.outputs = graph.output.map(portOf);
    this.#numerics = new Numerics(currentKernel(), this.#weights.values());
    this.#steps = planOf(
      graph,
      this.opset,
      this.#numerics,
      new Set([...this.#weights.keys(), ...names(this.inputs)]),
    );
  }

  /** Names, types and shapes of all weights. */
  get weights(): ReadonlyMap<string, { readonly type: ElementType; readonly shape: Shape }> {
    return this.#weights;
  }

  /** Number of weights. */
  get parameterCount(): number {
    return [...this.#weights.values()].reduce((sum, { data }) => sum + data.length, 0);
  }

  /**
   * Compute the outputs.
   * @param feeds - an array or a Tensor for each input, by name
   * @throws ArgumentError for a missing or unknown input, ShapeError or DataError when one does not fit
   */
  run(feeds: Readonly<Record<string, OnnxArray | Tensor>>): Record<string, OnnxResult> {
    const values = new Map<string, Value>(this.#weights);
    for (const port of this.inputs) values.set(port.name, fed(port, feeds[port.name]));
    const unknown = Object.keys(feeds).find((name) => !names(this.inputs).includes(name));
    if (unknown !== undefined) {
      throw new ArgumentError(
        `onnx: inputs must be among ${names(this.inputs).join(', ')}, got ${JSON.stringify(unknown)}`,
      );
    }
    for (const step of this.#steps) {
      const inputs = step.inputs.map((name) => (name === '' ? undefined : values.get(name)));
      const outputs = running(step, () => step.run(step.call, inputs));
      for (const [i, name] of step.outputs.entries()) {
        const value = outputs[i];
        if (name === '') continue;
        if (value === undefined)
          throw new DataError(`${step.call.op}: output ${i} must not be asked for, got ${name}`);
        values.set(name, value);
      }
      for (const name of step.last) values.delete(name);
    }
    return Object.fromEntries(this.outputs.map(({ name }) => [name, resultOf(values.get(name)!)]));
  }

  /** Give back the weights that were copied into kernel memory; a later run copies them again. */
  dispose(): void {
    this.#numerics.dispose();
  }
}

/**
 * Read an ONNX file. Awaited `init()` first: the model runs on the kernel that is current now.
 *
 * Graphs of float32 (or float64) in the standard operator set, inference only, without control flow. float16 weights
 * are widened and computed in float32.
 * @throws DataError naming what is damaged, or every operator that is not known
 */
export function loadOnnx(bytes: Uint8Array): OnnxModel {
  let model: ModelProto;
  try {
    model = decode(modelProto, bytes);
  } catch (error) {
    throw new DataError(
      `onnx: the file must be an ONNX model, got: ${error instanceof Error ? error.message : error}`,
    );
  }
  if (model.graph === undefined || model.graph.output.length === 0) {
    throw new DataError('onnx: the file must hold a graph with outputs, got none');
  }
  return new OnnxModel(model, model.graph);
}

const isStandard = (domain: string): boolean => domain === '' || domain === 'ai.onnx';
const names = (ports: readonly OnnxPort[]): string[] => ports.map(({ name }) => name);

function portOf({ name = '', type }: ValueInfoProto): OnnxPort {
  const tensor = type?.tensor_type;
  return {
    name,
    type: elementType(tensor?.elem_type, `input or output ${JSON.stringify(name)}`),
    shape: tensor?.shape?.dim.map(({ dim_value, dim_param }) => dim_value ?? dim_param ?? null),
  };
}

/** The steps in the file's order, which must be one in which they can run. */
function planOf(graph: GraphProto, opset: number, numerics: Numerics, known: Set<string>): Step[] {
  const unknown = new Set(
    graph.node
      .filter(({ op_type = '', domain = '' }) => !isStandard(domain) || !operators.has(op_type))
      .map(({ op_type = '', domain = '' }) => (isStandard(domain) ? op_type : `${domain}.${op_type}`)),
  );
  if (unknown.size > 0) {
    throw new DataError(`onnx: operators must be known, got ${[...unknown].sort().join(', ')}`);
  }
  const results = new Set(graph.output.map(({ name = '' }) => name));
  const lastUse = new Map<string, number>();
  for (const [at, node] of graph.node.entries()) {
    for (const name of node.input) {
      if (name !== '' && !known.has(name)) {
        throw new DataError(
          `${node.op_type}: inputs must be made by an earlier node, got ${JSON.stringify(name)}`,
        );
      }
      lastUse.set(name, at);
    }
    for (const name of node.output) {
      known.add(name);
      lastUse.set(name, at);
    }
  }
  const missing = [...results].find((name) => !known.has(name));
  if (missing !== undefined)
    throw new DataError(`onnx: output ${JSON.stringify(missing)} must be made by a node`);
  return graph.node.map((node, at) => ({
    name: node.name ?? '',
    inputs: node.input,
    outputs: node.output,
    call: {
      op: node.op_type ?? '',
      attributes: new Attributes(node),
      opset,
      outputs: node.output.findLastIndex((name) => name !== '') + 1,
      numerics,
    },
    run: operators.get(node.op_type ?? '')!,
    last: [...new Set([...node.input, ...node.output])].filter(
      (name) => lastUse.get(name) === at && !results.has(name),
    ),
  }));
}

/** Errors say which node of the graph they come from. */
function running<T>(step: Step, run: () => T): T {
  try {
    return run();
  } catch (error) {
    if (error instanceof Hw5Error && step.name !== '')
      error.message += ` (node ${JSON.stringify(step.name)})`;
    throw error;
  }
}

function fed(port: OnnxPort, feed: OnnxArray | Tensor | undefined): Value {
  const { name, type, shape } = port;
  if (feed === undefined)
    throw new ArgumentError(`onnx: input ${JSON.stringify(name)} must be given, got none`);
  checkSizes('onnx', feed.shape);
  const fits =
    shape === undefined ||
    (shape.length === feed.shape.length &&
      shape.every((n, i) => typeof n !== 'number' || n === feed.shape[i]));
  if (!fits) {
    throw new DataError(
      `onnx: input ${JSON.stringify(name)} must be [${shape.map((n) => n ?? '?').join(', ')}], got ${formatShape(feed.shape)}`,
    );
  }
  const { data } = feed;
  const entries = data instanceof BigInt64Array ? Float64Array.from(data, Number) : data;
  if (type !== 'float32' && type !== 'float64') {
    const at = Array.prototype.findIndex.call(entries, (entry: number) => !Number.isSafeInteger(entry));
    if (at >= 0)
      throw new DataError(
        `onnx: input ${JSON.stringify(name)} must hold whole numbers, got ${entries[at]} at ${at}`,
      );
  }
  return asValue(type, feed.shape, entries);
}

function resultOf({ type, shape, data }: Value): OnnxResult {
  return { type, shape, data: type === 'int64' ? BigInt64Array.from(data, BigInt) : data };
}
