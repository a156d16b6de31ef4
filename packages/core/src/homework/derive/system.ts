/**
 * What the names of a recurrence are: states, values of one step, inputs, targets, parameters. Equations come out in
 * the order in which one step computes them.
 */
import { descendants, type Equation, type Expr, linearText } from './expression.js';
import { hasLetters } from './linear.js';
import { parseEquations, parseExpression } from './parse.js';
import { type Place, refuse, type Source } from './place.js';

export interface System {
  /** In the order of computation within a step. */
  readonly equations: readonly Equation[];
  /** J_t, a scalar. */
  readonly loss: Expr;
  /** Defined names that a later step reads. */
  readonly states: readonly string[];
  readonly inputs: readonly string[];
  readonly targets: readonly string[];
  readonly parameters: readonly string[];
  /** How far back each state is read: 1 for h[t-1]. */
  readonly lags: Readonly<Record<string, number>>;
  /** The readout that was added because the loss needs o[t] and no equation defines it. */
  readonly assumed: string | undefined;
}

export interface SystemOptions {
  /** Names that the caller knows something about (sizes, values): they may be inputs under any name. */
  readonly declared?: ReadonlySet<string>;
}

const MAX_LAG = 8;
const MAX_EQUATIONS = 40;
const inputNames = new Set(['x', 'u', 'e']);
const targetNames = new Set(['y', 'd', 'target']);

/** @throws ArgumentError that points at an unknown symbol, a cycle, a look into the future */
export function readSystem(cell: string, loss: string, options: SystemOptions = {}): System {
  const declared = options.declared ?? new Set();
  const source: Source = { label: 'cell', text: cell };
  const written = parseEquations(source);
  const lossExpr = parseExpression({ label: 'loss', text: loss });
  const assumed = readout(written, lossExpr);
  const equations =
    assumed === undefined ? written : [...written, ...parseEquations({ label: 'readout', text: assumed })];
  const defined = new Map<string, Equation>();
  for (const equation of equations) {
    if (defined.has(equation.name))
      refuse(equation.at, `${equation.name}[t] must have one equation, got a second one`);
    defined.set(equation.name, equation);
  }
  if (equations.length > MAX_EQUATIONS) {
    refuse(
      equations[MAX_EQUATIONS]!.at,
      `a cell must have at most ${MAX_EQUATIONS} equations, got ${equations.length}`,
    );
  }
  // Without a prototype: a state may be called `constructor`.
  const lags: Record<string, number> = Object.create(null) as Record<string, number>;
  const inputs = new Set<string>();
  const targets = new Set<string>();
  const parameters = new Set<string>();
  const asTargets = new Set(secondArguments(lossExpr));
  const visit = (expr: Expr, inLoss: boolean): void => {
    for (const part of descendants(expr)) {
      if (part.kind === 'series')
        refuse(part.at, 'a recurrence must be written without sums over an index; use sum(...) or W x');
      if (part.kind === 'call' && part.primes > 0)
        refuse(part.at, `a recurrence must use functions themselves, got a derivative of ${part.fn}`);
      if (part.kind === 'power' && hasLetters(part.exponent))
        refuse(part.at, `an exponent of a recurrence must be a number, got ${linearText(part.exponent)}`);
      if (part.kind !== 'symbol') continue;
      const { name, index, at } = part;
      if (index === undefined) {
        if (defined.has(name)) refuse(at, `${name} must have a time index such as ${name}[t-1], got none`);
        parameters.add(name);
        continue;
      }
      const lag = -index.constant;
      if (!hasLetters(index) || index.factors.t !== 1) {
        refuse(at, `a time index must be t or t minus a whole number, got ${linearText(index)}`);
      }
      if (lag < 0) refuse(at, `a step must not look into the future, got ${name}[${linearText(index)}]`);
      if (lag > MAX_LAG) refuse(at, `a step must look back at most ${MAX_LAG} steps, got ${lag}`);
      if (defined.has(name)) lags[name] = Math.max(lags[name] ?? 0, lag);
      else if (lag > 0) refuse(at, unknown(name, `${name}[t] has no equation`));
      else if (inLoss && (asTargets.has(part) || targetNames.has(name))) targets.add(name);
      else if (inputNames.has(name) || declared.has(name)) (inLoss ? targets : inputs).add(name);
      else
        refuse(
          at,
          unknown(
            name,
            inLoss ? 'no equation defines it' : `no equation defines it and it is no input such as x[t]`,
          ),
        );
    }
  };
  for (const { value } of equations) visit(value, false);
  visit(lossExpr, true);
  for (const name of parameters) {
    if (inputs.has(name) || targets.has(name))
      refuse(placeOf(name, equations, lossExpr), `${name} must have a time index everywhere or nowhere`);
  }
  return {
    equations: inOrder(equations, defined),
    loss: lossExpr,
    states: [...defined.keys()].filter((name) => (lags[name] ?? 0) > 0),
    inputs: [...inputs],
    targets: [...targets].filter((name) => !inputs.has(name)),
    parameters: [...parameters],
    lags,
    assumed,
  };
}

function unknown(name: string, why: string): string {
  return `a symbol must be known, got ${name}[t]: ${why}; add an equation for it, or give its size to make it an input`;
}

/** `o[t] = W_yh h[t]`, the homework's readout, when the loss reads o and nothing defines it. */
function readout(equations: readonly Equation[], loss: Expr): string | undefined {
  const names = equations.map(({ name }) => name);
  const wanted = [...descendants(loss)].some(
    (part) => part.kind === 'symbol' && part.name === 'o' && part.index !== undefined,
  );
  if (!wanted || names.includes('o')) return undefined;
  return `o[t] = W_yh ${names.includes('h') ? 'h' : names.at(-1)!}[t]`;
}

/** Symbols that stand as the second argument of a loss function: the targets. */
function secondArguments(loss: Expr): Expr[] {
  return [...descendants(loss)].flatMap((part) =>
    part.kind === 'call' &&
    (part.fn === 'cross_entropy' || part.fn === 'squared_error') &&
    part.args[1] !== undefined
      ? [part.args[1]]
      : [],
  );
}

function placeOf(name: string, equations: readonly Equation[], loss: Expr): Place {
  for (const expr of [...equations.map(({ value }) => value), loss]) {
    for (const part of descendants(expr)) if (part.kind === 'symbol' && part.name === name) return part.at;
  }
  return loss.at;
}

/** Depth first over what an equation reads at the same step. */
function inOrder(equations: readonly Equation[], defined: ReadonlyMap<string, Equation>): Equation[] {
  const done = new Set<string>();
  const open = new Set<string>();
  const ordered: Equation[] = [];
  const visit = (equation: Equation): void => {
    if (done.has(equation.name)) return;
    open.add(equation.name);
    for (const part of descendants(equation.value)) {
      if (part.kind !== 'symbol' || part.index === undefined || part.index.constant !== 0) continue;
      const next = defined.get(part.name);
      if (next === undefined) continue;
      if (open.has(part.name) && !done.has(part.name)) {
        refuse(
          part.at,
          `${part.name}[t] must not depend on itself within a step; the step before is ${part.name}[t-1] or ${part.name}_{t-1}`,
        );
      }
      visit(next);
    }
    done.add(equation.name);
    ordered.push(equation);
  };
  for (const equation of equations) visit(equation);
  return ordered;
}
