/**
 * The messages of an ONNX file that this importer and exporter use, by field number.
 * Source: onnx.proto3 of the ONNX project, IR version 10.
 */
import type { Message } from './protobuf.js';

const tensorProto = {
  dims: [1, 'int64', 'repeated'],
  data_type: [2, 'int32'],
  float_data: [4, 'float', 'repeated'],
  int32_data: [5, 'int32', 'repeated'],
  int64_data: [7, 'int64', 'repeated'],
  name: [8, 'string'],
  raw_data: [9, 'bytes'],
  double_data: [10, 'double', 'repeated'],
  data_location: [14, 'int32'],
} as const;

const attributeProto = {
  name: [1, 'string'],
  f: [2, 'float'],
  i: [3, 'int64'],
  s: [4, 'bytes'],
  t: [5, tensorProto as typeof tensorProto],
  floats: [7, 'float', 'repeated'],
  ints: [8, 'int64', 'repeated'],
  strings: [9, 'bytes', 'repeated'],
  type: [20, 'int32'],
} as const;

const nodeProto = {
  input: [1, 'string', 'repeated'],
  output: [2, 'string', 'repeated'],
  name: [3, 'string'],
  op_type: [4, 'string'],
  attribute: [5, attributeProto as typeof attributeProto, 'repeated'],
  domain: [7, 'string'],
} as const;

const dimensionProto = { dim_value: [1, 'int64'], dim_param: [2, 'string'] } as const;
const shapeProto = { dim: [1, dimensionProto as typeof dimensionProto, 'repeated'] } as const;
const tensorTypeProto = { elem_type: [1, 'int32'], shape: [2, shapeProto as typeof shapeProto] } as const;
const typeProto = { tensor_type: [1, tensorTypeProto as typeof tensorTypeProto] } as const;
const valueInfoProto = { name: [1, 'string'], type: [2, typeProto as typeof typeProto] } as const;

const graphProto = {
  node: [1, nodeProto as typeof nodeProto, 'repeated'],
  name: [2, 'string'],
  initializer: [5, tensorProto as typeof tensorProto, 'repeated'],
  input: [11, valueInfoProto as typeof valueInfoProto, 'repeated'],
  output: [12, valueInfoProto as typeof valueInfoProto, 'repeated'],
} as const;

const operatorSetProto = { domain: [1, 'string'], version: [2, 'int64'] } as const;

export const modelProto = {
  ir_version: [1, 'int64'],
  producer_name: [2, 'string'],
  producer_version: [3, 'string'],
  graph: [7, graphProto as typeof graphProto],
  opset_import: [8, operatorSetProto as typeof operatorSetProto, 'repeated'],
} as const;

export type ModelProto = Message<typeof modelProto>;
export type GraphProto = Message<typeof graphProto>;
export type NodeProto = Message<typeof nodeProto>;
export type AttributeProto = Message<typeof attributeProto>;
export type TensorProto = Message<typeof tensorProto>;
export type ValueInfoProto = Message<typeof valueInfoProto>;

/** TensorProto.DataType. */
export const DataType = {
  float: 1,
  uint8: 2,
  int8: 3,
  uint16: 4,
  int16: 5,
  int32: 6,
  int64: 7,
  string: 8,
  bool: 9,
  float16: 10,
  double: 11,
  bfloat16: 16,
} as const;

/** AttributeProto.AttributeType. */
export const AttributeType = {
  float: 1,
  int: 2,
  string: 3,
  tensor: 4,
  floats: 6,
  ints: 7,
  strings: 8,
} as const;
