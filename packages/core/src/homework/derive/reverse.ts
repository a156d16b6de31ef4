/**
 * Reverse mode, symbolically. Going backwards through `u[t] = f(...)`, the gradient g_u[t] = dJ/du[t] is pulled
 * through every operation to the symbols that f reads; what arrives at a symbol from all its readers adds up. The
 * result is a recurrence of its own (for a plain RNN: the recursion for delta) and one term per parameter and step.
 */
import { InternalError } from '../../errors.js';
import type { MatrixShape } from './dimension.js';
import type { Model } from './model.js';
import type { Term } from './term.js';
import * as make from './term.js';

/** What reaches a symbol at step t from one reader. */
export interface Contribution {
  /** The reader: a defined name, or `loss`. */
  readonly via: string;
  /** The reader stands this many steps later; there is nothing from beyond the last step. */
  readonly lag: number;
  readonly term: Term;
}

/** dJ/dsymbol[t] as a sum of contributions. */
export interface Adjoint {
  readonly name: string;
  readonly shape: MatrixShape;
  readonly contributions: readonly Contribution[];
}

/** The immediate terms of one parameter at step t: dJ/dW is their sum over t. */
export interface ParameterGradient {
  readonly name: string;
  readonly shape: MatrixShape;
  readonly contributions: readonly Contribution[];
}

export interface Gradients {
  /** For everything with a time index, last computed first: the order of the backward sweep within a step. */
  readonly adjoints: readonly Adjoint[];
  readonly parameters: readonly ParameterGradient[];
}

export interface ReverseOptions {
  /** Take every activation's derivative for 1, as the homework's key does. Defaults to false. */
  readonly ignoreActivations?: boolean;
  /** Stop at the probabilities of a cross-entropy, instead of going through softmax at once. Defaults to false. */
  readonly separateSoftmax?: boolean;
}

/** g_u[t + offset], the gradient of a defined name. */
export function gradientSymbol(model: Model, name: string, offset = 0): Term {
  return make.atStep(`${model.gradientPrefix}${name}`, offset, model.shapes.get(name)!);
}

export function differentiate(model: Model, options: ReverseOptions = {}): Gradients {
  const indexed = new Map<string, Contribution[]>();
  const plain = new Map<string, Contribution[]>();
  const collect =
    (via: string) =>
    (symbol: Extract<Term, { kind: 'symbol' }>, term: Term): void => {
      if (make.isZero(term)) return;
      const lag = symbol.index === undefined ? 0 : -symbol.index.constant;
      const target = symbol.index === undefined ? plain : indexed;
      const list = target.get(symbol.name) ?? [];
      target.set(symbol.name, list);
      const same = list.findIndex((other) => other.via === via && other.lag === lag);
      const arrived = make.shift(term, lag);
      if (same < 0) list.push({ via, lag, term: arrived });
      else list[same] = { via, lag, term: make.add(list[same]!.term, arrived) };
    };
  const { ignoreActivations: ignore = false, separateSoftmax: separate = false } = options;
  const context = { model, ignore, separate };
  pull(model.loss, make.number(1), undefined, context, collect('loss'));
  for (const { name, term } of [...model.definitions].reverse()) {
    pull(term, gradientSymbol(model, name), make.atStep(name, 0, term.shape), context, collect(name));
  }
  const withShape = (name: string, contributions: readonly Contribution[]): Adjoint => ({
    name,
    shape: model.shapes.get(name)!,
    contributions,
  });
  const order = [...model.definitions.map(({ name }) => name)].reverse();
  order.push(...model.system.inputs, ...model.system.targets);
  return {
    adjoints: order.map((name) => withShape(name, indexed.get(name) ?? [])),
    parameters: model.system.parameters.map((name) => withShape(name, plain.get(name) ?? [])),
  };
}

interface Context {
  readonly model: Model;
  readonly ignore: boolean;
  readonly separate: boolean;
}

type Emit = (symbol: Extract<Term, { kind: 'symbol' }>, term: Term) => void;

/** Send `gradient`, that of `term`, to the symbols below it. `output` is a name for the whole term, if it has one. */
function pull(term: Term, gradient: Term, output: Term | undefined, context: Context, emit: Emit): void {
  const into = (part: Term, g: Term): void => pull(part, g, undefined, context, emit);
  switch (term.kind) {
    case 'number':
    case 'ones':
    case 'zeros':
    case 'identity':
      return;
    case 'symbol':
      emit(term, gradient);
      return;
    case 'add':
      into(term.left, gradient);
      into(term.right, gradient);
      return;
    case 'subtract':
      into(term.left, gradient);
      into(term.right, make.negate(gradient));
      return;
    case 'negate':
      into(term.of, make.negate(gradient));
      return;
    case 'transpose':
      into(term.of, make.transpose(gradient));
      return;
    case 'spread':
      into(term.of, make.sum(gradient));
      return;
    case 'sum':
      into(term.of, make.spread(gradient, term.of.shape));
      return;
    case 'product':
      into(term.left, make.product(gradient, make.transpose(term.right)));
      into(term.right, make.product(make.transpose(term.left), gradient));
      return;
    case 'scale':
      into(term.left, make.inner(term.right, gradient));
      into(term.right, make.scale(term.left, gradient));
      return;
    case 'entrywise':
      into(term.left, make.entrywise(term.right, gradient));
      into(term.right, make.entrywise(term.left, gradient));
      return;
    case 'divide':
      into(term.left, make.divide(gradient, term.right));
      into(
        term.right,
        make.negate(make.divide(make.entrywise(term.left, gradient), make.power(term.right, 2))),
      );
      return;
    case 'power':
      into(term.of, make.entrywise(powerSlope(term), gradient));
      return;
    case 'apply':
      into(term.of, context.ignore ? gradient : make.entrywise(slope(term, output ?? term), gradient));
      return;
    case 'softmax':
      into(term.of, make.product(softmaxJacobian(output ?? term), gradient));
      return;
    case 'diag':
      into(
        term.of,
        make.product(make.entrywise(make.identity(term.shape), gradient), make.ones(term.of.shape)),
      );
      return;
    case 'crossEntropy':
      pullCrossEntropy(term, gradient, context, into);
      return;
    case 'squaredError': {
      const difference = make.scale(gradient, make.subtract(term.left, term.right));
      into(term.left, difference);
      into(term.right, make.negate(difference));
      return;
    }
    default:
      throw new InternalError(`derive: a recurrence must have no ${term.kind}`);
  }
}

/**
 * J = -y^T log p gives -y / p; with p = softmax(o) the softmax's Jacobian is taken in at once:
 * (diag(p) - p p^T)(-y / p) = p sum(y) - y, which needs no division.
 */
function pullCrossEntropy(
  term: Extract<Term, { kind: 'crossEntropy' }>,
  gradient: Term,
  context: Context,
  into: (part: Term, gradient: Term) => void,
): void {
  const { left: p, right: y } = term;
  const logits = context.separate ? undefined : logitsBehind(context.model, p);
  if (logits === undefined) into(p, make.negate(make.scale(gradient, make.divide(y, p))));
  else into(logits, make.scale(gradient, make.subtract(make.scale(make.sum(y), p), y)));
  into(y, make.negate(make.scale(gradient, make.apply('log', p))));
}

/** o, where `term` is softmax(o) or a name of this step that stands for it. */
export function logitsBehind(model: Model, term: Term): Term | undefined {
  if (term.kind === 'softmax') return term.of;
  if (term.kind !== 'symbol' || term.index?.constant !== 0) return undefined;
  const definition = model.definitions.find(({ name }) => name === term.name)?.term;
  return definition?.kind === 'softmax' ? definition.of : undefined;
}

/** diag(p) - p p^T */
export function softmaxJacobian(p: Term): Term {
  return make.subtract(make.diag(p), make.product(p, make.transpose(p)));
}

/** n x^(n-1) */
export function powerSlope(term: Extract<Term, { kind: 'power' }>): Term {
  const n = term.exponent.constant;
  return make.scale(make.number(n), make.power(term.of, n - 1));
}

/** The derivative of an activation, by its value `y` where that is shorter: 1 - y^2 for tanh. */
export function slope(term: Extract<Term, { kind: 'apply' }>, y: Term): Term {
  const one = make.ones(term.shape);
  switch (term.fn) {
    case 'tanh':
      return make.subtract(one, make.power(y, 2));
    case 'sigmoid':
      return make.entrywise(y, make.subtract(one, y));
    case 'exp':
      return y;
    case 'log':
      return make.power(term.of, -1);
    case 'sqrt':
      return make.scale(make.number(0.5), make.power(y, -1));
    default:
      return make.apply(term.fn, term.of, 1);
  }
}
