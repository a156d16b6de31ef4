// ONNX files for onnxruntime-web, written with onnx-buf's schema.
import { create, toBinary } from '@bufbuild/protobuf';
import {
  AttributeProto_AttributeType as AttributeType,
  TensorProto_DataType as DataType,
  ModelProtoSchema,
} from 'onnx-buf';

const attribute = ([name, value]) => {
  if (Array.isArray(value)) return { name, type: AttributeType.INTS, ints: value.map(BigInt) };
  if (Number.isInteger(value)) return { name, type: AttributeType.INT, i: BigInt(value) };
  return { name, type: AttributeType.STRING, s: new TextEncoder().encode(value) };
};

/** A node: `node('MatMul', ['x', 'w'], ['y'], { axis: 1 }, 'com.microsoft')`. */
export const node = (opType, input, output, attributes = {}, domain = '') => ({
  opType,
  input,
  output,
  domain,
  attribute: Object.entries(attributes).map(attribute),
});

const initializer = ([name, { shape, data }]) => {
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  const dataType = { Float32Array: DataType.FLOAT, BigInt64Array: DataType.INT64 }[data.constructor.name];
  return { name, dims: shape.map(BigInt), dataType, rawData: bytes };
};

const port = (name, shape, elemType) => ({
  name,
  type: {
    value: {
      case: 'tensorType',
      value: {
        elemType,
        shape: { dim: shape.map((size) => ({ value: { case: 'dimValue', value: BigInt(size) } })) },
      },
    },
  },
});

/** A model's bytes: `inputs` and `outputs` are float shapes by name, `constants` are `{ shape, data }` by name. */
export function onnxModel({ nodes, constants, inputs, outputs }) {
  const ports = (shapes) => Object.entries(shapes).map(([name, shape]) => port(name, shape, DataType.FLOAT));
  return toBinary(
    ModelProtoSchema,
    create(ModelProtoSchema, {
      irVersion: 10n,
      opsetImport: [
        { domain: '', version: 23n },
        { domain: 'com.microsoft', version: 1n },
      ],
      graph: {
        name: 'bench',
        node: nodes,
        initializer: Object.entries(constants).map(initializer),
        input: ports(inputs),
        output: ports(outputs),
      },
    }),
  );
}
