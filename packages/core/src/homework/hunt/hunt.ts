/**
 * A bug hunt: a true derivation with one mistake planted in it. Both sides of every line are computed, so that the
 * planted line is known to be false (a mistake that changes no number of the result, such as a sum that leaves out
 * h[0] = 0, is not planted) and every other one to be true.
 */
import { ArgumentError, InternalError } from '../../errors.js';
import { loadKernel, withKernel } from '../../kernel/load.js';
import { RandomStream } from '../../random.js';
import type { Bilingual } from '../bank/types.js';
import { readModel } from '../derive/model.js';
import { relevantTo } from '../derive/relevant.js';
import { differentiate } from '../derive/reverse.js';
import { lossSteps, run } from '../derive/run.js';
import { makeValues } from '../derive/values.js';
import { equals, named, ofTerm, quotient, sumWritten, type Written, written } from '../derive/write.js';
import { huntCells } from './cells.js';
import { type Evidence, evidenceOf, measure, type WrittenLines } from './evidence.js';
import { type Deviation, judge, type Line, trueLines } from './lines.js';
import { type HuntMistake, huntMistakes, plantings } from './mistakes.js';

/** A planted line must be off by this share of its largest entry; a true one by rounding alone. */
const LEAST_DEVIATION = 1e-3;
const ROUNDING = 1e-12;
const STEPS = 3;

export interface HuntOptions {
  /** Which hunt; a whole number. Defaults to 0. */
  readonly seed?: number;
  /** 1: one layer; 2: two states or a gate; 3: LSTM and GRU. Defaults to 1. */
  readonly level?: number;
  /** The number of the line that is said to be wrong. */
  readonly answer?: number;
  /** Tell the mistake in any case. */
  readonly reveal?: boolean;
  /** Work the derivation out as it is written, mistake included, beside the true numbers. Defaults to false. */
  readonly evidence?: boolean;
}

export interface HuntLine {
  /** From 1. */
  readonly number: number;
  readonly text: string;
  readonly latex: string;
}

export interface HuntVerdict {
  readonly answer: number | null;
  readonly correct: boolean;
  /** How far the sides of the named line are apart, relative to its largest entry; null when none was named. */
  readonly deviation: number | null;
}

export interface HuntSolution {
  readonly line: number;
  readonly mistake: HuntMistake;
  readonly text: Bilingual;
  /** The line as it should be. */
  readonly right: { readonly text: string; readonly latex: string };
  readonly deviation: Deviation;
}

export interface Hunt {
  readonly seed: number;
  readonly level: number;
  /** The equations of the forward pass, which are given and true. */
  readonly given: readonly string[];
  readonly wrt: string;
  readonly steps: number;
  readonly lines: readonly HuntLine[];
  /** When a line was named. */
  readonly verdict: HuntVerdict | null;
  /** When the line was found, or on request. */
  readonly solution: HuntSolution | null;
  /** On request: what the lines as written lead to. */
  readonly evidence: Evidence | null;
}

/** @throws ArgumentError for a level or line that does not exist */
export async function hunt(options: HuntOptions = {}): Promise<Hunt> {
  const { seed = 0, level = 1, answer, reveal = false, evidence = false } = options;
  const cells = huntCells[level - 1];
  if (cells === undefined) {
    throw new ArgumentError(`hunt: level must be from 1 to ${huntCells.length}, got ${level}`);
  }
  const kernel = await loadKernel({ precision: 'f64' });
  const pick = withKernel(kernel, () => {
    const random = new RandomStream(seed, `hunt ${level}`);
    const numbers = Array.from({ length: 4000 }, () => random.uniform());
    return (): number => numbers.pop()!;
  });
  const oneOf = <T>(list: readonly T[]): T => list[Math.floor(pick() * list.length)]!;
  const { cell, loss, wrt } = oneOf(cells);
  const parameter = oneOf(wrt);
  const model = readModel(cell, loss, {}, new Set());
  const at = lossSteps('each', STEPS);
  const values = makeValues(model, STEPS, {}, pick);
  const trace = run(model.definitions, values, STEPS, { activation: 'tanh' });
  const gradients = differentiate(model);
  const variable = { name: parameter, step: undefined };
  const relevant = relevantTo(model, gradients, variable);
  const ignoring = relevantTo(model, differentiate(model, { ignoreActivations: true }), variable);
  const deviation = judge(model, gradients, trace, STEPS, at);
  const truth = trueLines(relevant, parameter, STEPS);
  const untrue = truth.find((line) => deviation(line).relative > ROUNDING);
  if (untrue !== undefined)
    throw new InternalError(`hunt: ${untrue.name} must hold before anything is planted`);
  const asWritten = (lines: readonly Line[]): WrittenLines => ({
    model,
    trace,
    gradients,
    lossSteps: at,
    lines,
  });
  // A false line that the result does not feel (a slope where h[0] = 0, say) cannot be traced back from it.
  const isFelt = (lines: readonly Line[]): boolean =>
    measure(asWritten(lines)).at(-1)!.worst > LEAST_DEVIATION;
  const possible = truth.flatMap((line, index) =>
    plantings(line, model, ignoring)
      .filter((planted) => deviation(planted.line).relative > LEAST_DEVIATION)
      .filter((planted) => isFelt(truth.with(index, planted.line)))
      .map((planted) => ({ ...planted, index })),
  );
  // Each kind of mistake is as likely as any other, however often it can be made.
  const kind = oneOf([...new Set(possible.map(({ mistake }) => mistake))]);
  const { index, line, mistake } = oneOf(possible.filter((planted) => planted.mistake === kind));
  const lines = truth.with(index, line);
  if (answer !== undefined && !(Number.isInteger(answer) && answer >= 1 && answer <= lines.length)) {
    throw new ArgumentError(`hunt: answer must be a line from 1 to ${lines.length}, got ${answer}`);
  }
  const asked = answer === undefined ? undefined : deviation(lines[answer - 1]!).relative;
  const correct = asked !== undefined && asked > LEAST_DEVIATION;
  const solution: HuntSolution = {
    line: index + 1,
    mistake,
    text: huntMistakes[mistake],
    right: lineWritten(truth[index]!),
    deviation: deviation(line),
  };
  return {
    seed,
    level,
    given: [...model.definitions, { name: 'J', term: model.loss }].map(
      ({ name, term }) => equals(named(name, 't'), ofTerm(term)).text,
    ),
    wrt: parameter,
    steps: STEPS,
    lines: lines.map((each, n) => ({ number: n + 1, ...lineWritten(each) })),
    verdict: answer === undefined ? null : { answer, correct, deviation: asked! },
    solution: correct || reveal ? solution : null,
    evidence: evidence ? evidenceOf(asWritten(lines), values) : null,
  };

  function lineWritten(each: Line): Written {
    if (each.kind === 'total') {
      const left = quotient(named('J'), named(each.name));
      if (each.from === each.to) return equals(left, named('G', String(each.to)));
      const limits = `sum_{t=${each.from}}^{${each.to}}`;
      return equals(left, written(`${limits} G[t]`, `\\${limits} G_{t}`));
    }
    const right = sumWritten(model, 'shape', each.contributions, model.shapes.get(each.name)!);
    if (each.kind === 'immediate') return equals(named('G', 't'), right);
    return equals(
      named(`${model.gradientPrefix}${each.name}`, 't'),
      quotient(named('J'), named(each.name, 't')),
      right,
    );
  }
}
