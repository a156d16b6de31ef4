/** Operators that act on each entry by itself, with broadcasting. */
import { DataError } from '../../errors.js';
import { sameShape } from '../../shape.js';
import { broadcastShape, type ElementType, expand, isFloat, make, type Value } from '../value.js';
import { activations } from './activations.js';
import { type Operator, required, requiredFloat } from './operator.js';

function mapEntries(value: Value, f: (x: number) => number, type: ElementType = value.type): Value {
  const result = make(type, value.shape);
  for (let i = 0; i < value.data.length; i += 1) result.data[i] = f(value.data[i]!);
  return result;
}

function combine(
  op: string,
  a: Value,
  b: Value,
  f: (x: number, y: number) => number,
  type: ElementType = a.type,
): Value {
  if (a.type !== b.type) throw new DataError(`${op}: inputs must have one type, got ${a.type} and ${b.type}`);
  const shape = broadcastShape(op, a.shape, b.shape);
  const result = make(type, shape);
  const { data } = result;
  // A single entry needs no copy of its own size; neither does an equal shape.
  const x = a.data.length === 1 || sameShape(a.shape, shape) ? a.data : expand(a, shape).data;
  const y = b.data.length === 1 || sameShape(b.shape, shape) ? b.data : expand(b, shape).data;
  const [stepX, stepY] = [x.length === 1 ? 0 : 1, y.length === 1 ? 0 : 1];
  for (let i = 0; i < data.length; i += 1) data[i] = f(x[i * stepX]!, y[i * stepY]!);
  return result;
}

const unary =
  (f: (x: number) => number): Operator =>
  (call, inputs) => [mapEntries(required(call, inputs, 0), f)];

const unaryFloat =
  (f: (x: number) => number): Operator =>
  (call, inputs) => [mapEntries(requiredFloat(call, inputs, 0), f)];

/** A function of the attributes alpha and beta. */
const activation =
  (name: string): Operator =>
  (call, inputs) => {
    const { alpha, beta, of } = activations.get(name.toLowerCase())!;
    return [
      mapEntries(
        requiredFloat(call, inputs, 0),
        of(call.attributes.float('alpha', alpha ?? 0), call.attributes.float('beta', beta ?? 0)),
      ),
    ];
  };

const binary =
  (f: (x: number, y: number) => number): Operator =>
  (call, inputs) => [combine(call.op, required(call, inputs, 0), required(call, inputs, 1), f)];

const comparison =
  (f: (x: number, y: number) => boolean): Operator =>
  (call, inputs) => [
    combine(call.op, required(call, inputs, 0), required(call, inputs, 1), (x, y) => Number(f(x, y)), 'bool'),
  ];

const variadic =
  (f: (x: number, y: number) => number): Operator =>
  (call, inputs) => {
    let result = required(call, inputs, 0);
    for (let i = 1; i < inputs.length; i += 1)
      result = combine(call.op, result, required(call, inputs, i), f);
    return [result];
  };

const add = (x: number, y: number): number => x + y;
const larger = (x: number, y: number): number => (x > y || Number.isNaN(x) ? x : y);
const smaller = (x: number, y: number): number => (x < y || Number.isNaN(x) ? x : y);

/** Integers are cut towards zero; division by the integer zero is refused. */
const div: Operator = (call, inputs) => {
  const [a, b] = [required(call, inputs, 0), required(call, inputs, 1)];
  if (isFloat(a.type)) return [combine(call.op, a, b, (x, y) => x / y)];
  if (b.data.includes(0)) throw new DataError('Div: an integer divisor must not be 0, got 0');
  return [combine(call.op, a, b, (x, y) => Math.trunc(x / y))];
};

/** x - y floor(x / y), which has the divisor's sign; infinite divisors included, as in Python. */
function floorMod(x: number, y: number): number {
  const rest = x % y;
  if (rest === 0) return y < 0 || Object.is(y, -0) ? -0 : 0;
  return rest < 0 === y < 0 ? rest : rest + y;
}

/** The result has the divisor's sign, or the dividend's with `fmod`. */
const mod: Operator = (call, inputs) => {
  const [a, b] = [required(call, inputs, 0), required(call, inputs, 1)];
  if (!isFloat(a.type) && b.data.includes(0))
    throw new DataError('Mod: an integer divisor must not be 0, got 0');
  const fmod = call.attributes.int('fmod', 0) !== 0;
  return [combine(call.op, a, b, fmod ? (x, y) => x % y : floorMod)];
};

/** The exponent may be of another type than the base. */
const pow: Operator = (call, inputs) => {
  const [base, exponent] = [required(call, inputs, 0), required(call, inputs, 1)];
  return [combine(call.op, base, { ...exponent, type: base.type }, (x, y) => x ** y)];
};

const mean: Operator = (call, inputs) => {
  const [total] = variadic(add)(call, inputs);
  return [mapEntries(total!, (x) => x / inputs.length)];
};

const clip: Operator = (call, inputs) => {
  const x = required(call, inputs, 0);
  const low = inputs[1]?.data[0] ?? call.attributes.float('min', Number.NEGATIVE_INFINITY);
  const high = inputs[2]?.data[0] ?? call.attributes.float('max', Number.POSITIVE_INFINITY);
  return [mapEntries(x, (v) => smaller(larger(v, low), high))];
};

const where: Operator = (call, inputs) => {
  const [condition, a, b] = [0, 1, 2].map((index) => required(call, inputs, index)) as [Value, Value, Value];
  if (a.type !== b.type) throw new DataError(`Where: inputs must have one type, got ${a.type} and ${b.type}`);
  const shape = broadcastShape(call.op, condition.shape, a.shape, b.shape);
  const result = make(a.type, shape);
  const [c, x, y] = [condition, a, b].map((value) => expand(value, shape).data);
  for (let i = 0; i < result.data.length; i += 1) result.data[i] = c![i] ? x![i]! : y![i]!;
  return [result];
};

const prelu: Operator = (call, inputs) => [
  combine(call.op, requiredFloat(call, inputs, 0), required(call, inputs, 1), (x, slope) =>
    x < 0 ? slope * x : x,
  ),
];

const gelu: Operator = (call, inputs) => {
  const tanhForm = call.attributes.string('approximate', 'none') === 'tanh';
  return [
    mapEntries(requiredFloat(call, inputs, 0), (x) =>
      tanhForm
        ? 0.5 * x * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x ** 3)))
        : 0.5 * x * (1 + erf(x / Math.SQRT2)),
    ),
  ];
};

/**
 * erf(x) to about 1e-15: its Taylor series below 3, beyond it the continued fraction of erfc.
 * Source: Abramowitz & Stegun 7.1.6 and 7.1.14.
 */
export function erf(x: number): number {
  const z = Math.abs(x);
  if (Number.isNaN(x)) return x;
  if (z > 6) return Math.sign(x);
  const gauss = Math.exp(-z * z) / Math.sqrt(Math.PI);
  if (z < 3) {
    let [term, total] = [2 * z, 0];
    for (let n = 1; term > 1e-17 * total; n += 1) {
      total += term;
      term *= (2 * z * z) / (2 * n + 1);
    }
    return Math.sign(x) * total * gauss;
  }
  let fraction = z;
  for (let n = 60; n > 0; n -= 1) fraction = z + n / 2 / fraction;
  return Math.sign(x) * (1 - gauss / fraction);
}

export const elementwise: Readonly<Record<string, Operator>> = {
  Abs: unary(Math.abs),
  Neg: unary((x) => -x),
  Sign: unary(Math.sign),
  Floor: unaryFloat(Math.floor),
  Ceil: unaryFloat(Math.ceil),
  Round: unaryFloat((x) => {
    const nearest = Math.round(x);
    return nearest - x === 0.5 && nearest % 2 !== 0 ? nearest - 1 : nearest;
  }),
  Exp: unaryFloat(Math.exp),
  Log: unaryFloat(Math.log),
  Sqrt: unaryFloat(Math.sqrt),
  Reciprocal: unaryFloat((x) => 1 / x),
  Sin: unaryFloat(Math.sin),
  Cos: unaryFloat(Math.cos),
  Erf: unaryFloat(erf),
  Gelu: gelu,
  ...Object.fromEntries(
    [
      ...['Relu', 'Tanh', 'Sigmoid', 'LeakyRelu', 'ThresholdedRelu', 'HardSigmoid', 'Elu', 'Softsign'],
      'Softplus',
    ].map((name) => [name, activation(name)]),
  ),
  PRelu: prelu,
  Clip: clip,
  Add: binary(add),
  Sub: binary((x, y) => x - y),
  Mul: binary((x, y) => x * y),
  Div: div,
  Mod: mod,
  Pow: pow,
  Max: variadic(larger),
  Min: variadic(smaller),
  Sum: variadic(add),
  Mean: mean,
  Equal: comparison((x, y) => x === y),
  Greater: comparison((x, y) => x > y),
  GreaterOrEqual: comparison((x, y) => x >= y),
  Less: comparison((x, y) => x < y),
  LessOrEqual: comparison((x, y) => x <= y),
  And: comparison((x, y) => x !== 0 && y !== 0),
  Or: comparison((x, y) => x !== 0 || y !== 0),
  Xor: comparison((x, y) => (x !== 0) !== (y !== 0)),
  Not: (call, inputs) => [mapEntries(required(call, inputs, 0), (x) => Number(x === 0))],
  IsNaN: (call, inputs) => [mapEntries(required(call, inputs, 0), (x) => Number(Number.isNaN(x)), 'bool')],
  Where: where,
};
