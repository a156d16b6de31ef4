/**
 * Reverse-mode differentiation over coarse operations. An operation on a tensor that asks for gradients leaves a
 * node `{ op, inputs, outputs, backward }`; `backward(loss)` walks the nodes from the last made to the first.
 *
 * Accumulation rule, as in the kernel: gradients of parameters add up (`+=`), gradients of activations are written
 * (`=`) by their first consumer and added to by the others. Gradients exist first order only.
 */
import { ArgumentError, InternalError, ShapeError } from './errors.js';
import { formatShape, type Shape, sameShape } from './shape.js';
import { allocate, full, keep, type Tensor, zeros } from './tensor.js';

export interface TapeNode {
  /** Order of creation: a consumer's is larger than its producers'. */
  readonly id: number;
  readonly op: string;
  readonly inputs: readonly Tensor[];
  readonly outputs: readonly Tensor[];
  /** Turns the outputs' gradients into the inputs'; undefined once used, since it may destroy what it saved. */
  backward: ((grads: Gradients) => void) | undefined;
}

let nextId = 0;
let recording = true;

/** Would an operation on these tensors be recorded? */
export function records(inputs: readonly (Tensor | undefined)[]): boolean {
  return recording && inputs.some((input) => input?.requiresGrad === true);
}

/** Leave a node for an operation, when one of its inputs asks for gradients. Outputs then ask for them too. */
export function record(
  op: string,
  inputs: readonly (Tensor | undefined)[],
  outputs: readonly Tensor[],
  backward: (grads: Gradients) => void,
): void {
  if (!records(inputs)) return;
  const node: TapeNode = {
    id: nextId,
    op,
    inputs: inputs.filter((input) => input !== undefined),
    outputs,
    backward,
  };
  nextId += 1;
  for (const output of outputs) {
    output.requiresGrad = true;
    output.node = node;
  }
}

/** Run `fn` without recording: operations keep only what inference needs. */
export function noGrad<T>(fn: () => T): T {
  const before = recording;
  recording = false;
  try {
    return fn();
  } finally {
    recording = before;
  }
}

/** The gradients of one backward pass, as a node's backward sees them. */
export class Gradients {
  readonly #of = new Map<Tensor, Tensor>();
  readonly #leaves: ReadonlySet<Tensor> | undefined;

  /** @param leaves - the only leaves whose gradients are asked for; all when left out */
  constructor(leaves?: ReadonlySet<Tensor>) {
    this.#leaves = leaves;
  }

  /** The gradient that reached this output; undefined when nothing depends on it. */
  of<S extends Shape>(output: Tensor<S>): Tensor<S> | undefined {
    return this.#of.get(output as Tensor) as Tensor<S> | undefined;
  }

  /** Does anybody ask for this input's gradient? */
  wants(input: Tensor | undefined): input is Tensor {
    return input?.requiresGrad === true && this.#keeps(input);
  }

  /** For kernels that add (`+=`): the buffer that holds the sum so far. */
  accumulator(input: Tensor): Tensor {
    return this.#sum(input) ?? this.#put(input, zeros(input.shape));
  }

  /** For kernels that write (`=`): `write` fills a buffer of the input's shape, which joins the sum so far. */
  assign(input: Tensor, write: (target: Tensor) => void): void {
    const target = allocate('grad', input.shape, 'real');
    write(target);
    const sum = this.#sum(input);
    if (sum === undefined) this.#put(input, target);
    else addInto(sum, target);
  }

  /** As {@link assign} for one kernel call that writes several gradients: offsets in order, 0 for those nobody wants. */
  assignAll(inputs: readonly (Tensor | undefined)[], write: (offsets: readonly number[]) => void): void {
    const nest = (at: number, offsets: readonly number[]): void => {
      if (at === inputs.length) {
        write(offsets);
        return;
      }
      const input = inputs[at];
      if (this.wants(input)) this.assign(input, (target) => nest(at + 1, [...offsets, target.offset]));
      else nest(at + 1, [...offsets, 0]);
    };
    nest(0, []);
  }

  /** Start the pass with the gradient of the root. */
  seed(root: Tensor, gradient: Tensor): void {
    if (!sameShape(root.shape, gradient.shape)) {
      throw new ShapeError(
        `backward: gradient must be ${formatShape(root.shape)}, got ${formatShape(gradient.shape)}`,
      );
    }
    this.#of.set(root, gradient);
  }

  /** Activations, and the leaves asked for. */
  #keeps(input: Tensor): boolean {
    return input.node !== undefined || this.#leaves === undefined || this.#leaves.has(input);
  }

  #isWantedLeaf(input: Tensor): boolean {
    return input.node === undefined && this.#keeps(input);
  }

  #sum(input: Tensor): Tensor | undefined {
    return this.#isWantedLeaf(input) ? input.grad : this.#of.get(input);
  }

  #put(input: Tensor, gradient: Tensor): Tensor {
    if (!sameShape(input.shape, gradient.shape)) {
      throw new InternalError(
        `grad: shape must be ${formatShape(input.shape)}, got ${formatShape(gradient.shape)}`,
      );
    }
    if (!this.#isWantedLeaf(input)) {
      this.#of.set(input, gradient);
      return gradient;
    }
    // A leaf's gradient lives as long as the leaf: it may not die with the scope of this backward pass.
    const scoped = gradient.storage.region.scoped && gradient.storage.region !== input.storage.region;
    input.grad = scoped ? keep(gradient) : gradient;
    return input.grad;
  }
}

/**
 * Leave dL/dx in `x.grad` of every leaf x that `loss` depends on; gradients add to what is there.
 * @param loss - a scalar, or any tensor together with `gradient` of its shape
 * @throws ArgumentError when `loss` was not recorded, or its graph was walked before (what it saved is gone)
 */
export function backward(loss: Tensor, gradient?: Tensor): void {
  walk(loss, gradient);
}

function walk(loss: Tensor, gradient?: Tensor, leaves?: ReadonlySet<Tensor>): void {
  if (loss.node === undefined) {
    throw new ArgumentError('backward: loss must depend on a tensor that asks for gradients, got none');
  }
  if (gradient === undefined && loss.size !== 1) {
    throw new ShapeError(`backward: loss must be a scalar, got ${formatShape(loss.shape)}`);
  }
  noGrad(() => {
    const grads = new Gradients(leaves);
    grads.seed(loss, gradient ?? full(loss.shape, 1));
    for (const node of reachable(loss.node!)) {
      if (node.backward === undefined) {
        throw new ArgumentError(`backward: ${node.op} must be walked once, got a second walk`);
      }
      if (node.outputs.some((output) => grads.of(output) !== undefined)) node.backward(grads);
      node.backward = undefined;
    }
  });
}

/** df/dx of a function of tensors to a scalar: a function that gives one gradient per tensor. */
export function grad<const I extends readonly Tensor[]>(f: (...inputs: I) => Tensor): (...inputs: I) => I;
/**
 * dL/dx for the given leaves, as new tensors, leaving `.grad` of all leaves alone.
 * @returns one gradient per tensor in `wrt`, zeros where the loss does not depend on it
 */
export function grad(loss: Tensor, wrt: readonly Tensor[]): Tensor[];
export function grad(
  of: Tensor | ((...inputs: never[]) => Tensor),
  wrt: readonly Tensor[] = [],
): Tensor[] | ((...inputs: readonly Tensor[]) => readonly Tensor[]) {
  return typeof of === 'function' ? (...inputs) => gradientsAt(of, inputs) : gradients(of, wrt);
}

function gradientsAt(f: (...inputs: never[]) => Tensor, inputs: readonly Tensor[]): Tensor[] {
  const leaves = inputs.map((input) => {
    const leaf = input.detach();
    leaf.requiresGrad = true;
    return leaf;
  });
  const value = f(...(leaves as never[]));
  return value.node === undefined ? leaves.map((leaf) => zeros(leaf.shape)) : gradients(value, leaves);
}

function gradients(loss: Tensor, wrt: readonly Tensor[]): Tensor[] {
  const before = wrt.map((leaf) => leaf.grad);
  for (const leaf of wrt) leaf.grad = undefined;
  try {
    walk(loss, undefined, new Set(wrt));
    return wrt.map((leaf) => leaf.grad ?? zeros(leaf.shape));
  } finally {
    for (const [i, leaf] of wrt.entries()) leaf.grad = before[i];
  }
}

/** Nodes that `root` depends on, consumers first. */
function reachable(root: TapeNode): TapeNode[] {
  const seen = new Set<TapeNode>([root]);
  const waiting = [root];
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    for (const input of node.inputs) {
      if (input.node !== undefined && !seen.has(input.node)) {
        seen.add(input.node);
        waiting.push(input.node);
      }
    }
  }
  return [...seen].sort((a, b) => b.id - a.id);
}

function addInto(sum: Tensor, term: Tensor): void {
  const { kernel } = sum;
  kernel.check('grad', kernel.calls.add_scaled(sum.offset, term.offset, sum.size, 1));
}
