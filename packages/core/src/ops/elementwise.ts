/** Operations on each entry. Binary ones broadcast suffixes: `[T, B, H] + [H]`, `x * scalar`. */
import { ArgumentError } from '../errors.js';
import { broadcastSuffix, type Shape } from '../shape.js';
import { record } from '../tape.js';
import { allocate, type Tensor } from '../tensor.js';

/** Codes of kernel-wasm's elementwise.rs. */
const UNARY = { neg: 0, exp: 1, log: 2, sigmoid: 3, tanh: 4, relu: 5, sqrt: 6, square: 7 } as const;
const BINARY = { add: 0, sub: 1, mul: 2, div: 3 } as const;

function unary<S extends Shape>(op: keyof typeof UNARY, x: Tensor<S>): Tensor<S> {
  expectReal(op, x);
  const { kernel } = x;
  const code = UNARY[op];
  const y = allocate(op, x.shape, 'real');
  kernel.check(op, kernel.calls.unary_forward(y.offset, x.offset, x.size, code));
  record(op, [x], [y], (grads) => {
    const dy = grads.of(y)!;
    grads.assign(x, (dx) =>
      kernel.check(op, kernel.calls.unary_backward(dx.offset, dy.offset, x.offset, y.offset, x.size, code)),
    );
  });
  return y;
}

/** y = -x */
export function neg<S extends Shape>(x: Tensor<S>): Tensor<S> {
  return unary('neg', x);
}

/** y = e^x */
export function exp<S extends Shape>(x: Tensor<S>): Tensor<S> {
  return unary('exp', x);
}

/** y = ln x */
export function log<S extends Shape>(x: Tensor<S>): Tensor<S> {
  return unary('log', x);
}

/** y = 1 / (1 + e^-x) */
export function sigmoid<S extends Shape>(x: Tensor<S>): Tensor<S> {
  return unary('sigmoid', x);
}

/** y = tanh x */
export function tanh<S extends Shape>(x: Tensor<S>): Tensor<S> {
  return unary('tanh', x);
}

/** y = max(x, 0); the gradient at 0 is 0 */
export function relu<S extends Shape>(x: Tensor<S>): Tensor<S> {
  return unary('relu', x);
}

/** y = sqrt x */
export function sqrt<S extends Shape>(x: Tensor<S>): Tensor<S> {
  return unary('sqrt', x);
}

/** y = x^2 */
export function square<S extends Shape>(x: Tensor<S>): Tensor<S> {
  return unary('square', x);
}

function binary(op: keyof typeof BINARY, a: Tensor, b: Tensor): Tensor {
  expectReal(op, a);
  expectReal(op, b);
  sameKernel(op, a, b);
  const { kernel } = a;
  const code = BINARY[op];
  const y = allocate(op, broadcastSuffix(op, a.shape, b.shape), 'real');
  kernel.check(op, kernel.calls.binary_forward(y.offset, a.offset, b.offset, a.size, b.size, code));
  record(op, [a, b], [y], (grads) => {
    const dy = grads.of(y)!;
    const into = (da: number, db: number): void =>
      kernel.check(
        op,
        kernel.calls.binary_backward(da, db, dy.offset, a.offset, b.offset, a.size, b.size, code),
      );
    if (grads.wants(a)) grads.assign(a, (da) => into(da.offset, 0));
    if (grads.wants(b)) grads.assign(b, (db) => into(0, db.offset));
  });
  return y;
}

/** The longer of two shapes of which one is a suffix of the other. */
export type Broadcast<A extends Shape, B extends Shape> = A extends readonly [...infer _, ...B] ? A : B;

/** y = a + b */
export function add<A extends Shape, B extends Shape>(a: Tensor<A>, b: Tensor<B>): Tensor<Broadcast<A, B>> {
  return binary('add', a, b) as Tensor<Broadcast<A, B>>;
}

/** y = a - b */
export function sub<A extends Shape, B extends Shape>(a: Tensor<A>, b: Tensor<B>): Tensor<Broadcast<A, B>> {
  return binary('sub', a, b) as Tensor<Broadcast<A, B>>;
}

/** y = a b, entry by entry */
export function mul<A extends Shape, B extends Shape>(a: Tensor<A>, b: Tensor<B>): Tensor<Broadcast<A, B>> {
  return binary('mul', a, b) as Tensor<Broadcast<A, B>>;
}

/** y = a / b, entry by entry */
export function div<A extends Shape, B extends Shape>(a: Tensor<A>, b: Tensor<B>): Tensor<Broadcast<A, B>> {
  return binary('div', a, b) as Tensor<Broadcast<A, B>>;
}

/** y = factor x */
export function scale<S extends Shape>(x: Tensor<S>, factor: number): Tensor<S> {
  expectReal('scale', x);
  const { kernel } = x;
  const y = allocate('scale', x.shape, 'real');
  kernel.check('scale', kernel.calls.scale(y.offset, x.offset, x.size, factor));
  record('scale', [x], [y], (grads) => {
    const dy = grads.of(y)!;
    grads.assign(x, (dx) => kernel.check('scale', kernel.calls.scale(dx.offset, dy.offset, x.size, factor)));
  });
  return y;
}

/** Throws ArgumentError for a tensor of ids. */
export function expectReal(op: string, x: Tensor): void {
  if (x.dtype !== 'real') throw new ArgumentError(`${op}: tensor must hold reals, got ${x.dtype}`);
}

/** Throws ArgumentError for tensors of different kernels (f32 beside f64). */
export function sameKernel(op: string, ...tensors: readonly (Tensor | undefined)[]): void {
  const first = tensors.find((t) => t !== undefined);
  for (const t of tensors) {
    if (t !== undefined && t.kernel !== first!.kernel) {
      throw new ArgumentError(
        `${op}: tensors must belong to one kernel, got ${first!.kernel.variant} and ${t.kernel.variant}`,
      );
    }
  }
}
