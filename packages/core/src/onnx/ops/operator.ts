/** What an operator is, and the checks that all share. */
import { DataError } from '../../errors.js';
import type { Attributes } from '../attributes.js';
import type { Numerics } from '../numerics.js';
import { isFloat, type Value } from '../value.js';

/** A node at run time. */
export interface Call {
  /** The operator's name. */
  readonly op: string;
  readonly attributes: Attributes;
  /** Version of the standard operator set that the file asks for. */
  readonly opset: number;
  readonly outputs: number;
  readonly numerics: Numerics;
}

/** Inputs that the node leaves out are undefined; outputs nobody names may be left out. */
export type Operator = (call: Call, inputs: readonly (Value | undefined)[]) => readonly (Value | undefined)[];

/** Input `index`. @throws DataError when the node leaves it out */
export function required(call: Call, inputs: readonly (Value | undefined)[], index: number): Value {
  const value = inputs[index];
  if (value === undefined) throw new DataError(`${call.op}: input ${index} must be there, got none`);
  return value;
}

/** Input `index`, of floating-point type. */
export function requiredFloat(call: Call, inputs: readonly (Value | undefined)[], index: number): Value {
  const value = required(call, inputs, index);
  if (isFloat(value.type)) return value;
  throw new DataError(`${call.op}: input ${index} must be of a floating-point type, got ${value.type}`);
}

/** Whole numbers that are given as an input, or in older operator sets as an attribute. */
export function wholeNumbers(
  call: Call,
  inputs: readonly (Value | undefined)[],
  index: number,
  attribute: string,
): readonly number[] | undefined {
  return inputs[index] === undefined ? call.attributes.ints(attribute) : [...inputs[index].data];
}
