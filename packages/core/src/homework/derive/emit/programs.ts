/** The same computation as programs in three languages, with the numbers in them: each prints the loss and the gradient. */
import type { Numbers, Programs } from '../derivation.js';
import type { Activation } from '../functions.js';
import type { Matrix } from '../matrix.js';
import type { Model } from '../model.js';
import type { Relevant } from '../relevant.js';
import type { Variable } from '../sweep.js';
import { numpyProgram } from './numpy.js';
import { pytorchProgram } from './pytorch.js';
import { typescriptProgram } from './typescript.js';

export interface ProgramInput {
  readonly model: Model;
  readonly relevant: Relevant;
  readonly variable: Variable;
  readonly steps: number;
  readonly lossSteps: readonly number[];
  readonly activation: Activation;
  readonly values: Readonly<Record<string, Numbers | readonly Numbers[]>>;
  /** What the program must find, in the variable's own shape. */
  readonly gradient: Matrix;
}

export function emitPrograms(input: ProgramInput): Programs {
  return { ts: typescriptProgram(input), numpy: numpyProgram(input), pytorch: pytorchProgram(input) };
}

/** The recurrence and the loss as comment lines. */
export function heading({ model, variable, steps, lossSteps }: ProgramInput, mark: string): string[] {
  const { system } = model;
  const source = system.equations[0]!.at.source.text.split(/[\n;؛]/).map((line) =>
    line.replace(/\s+/g, ' ').trim(),
  );
  const wrt = variable.step === undefined ? variable.name : `${variable.name}[${variable.step}]`;
  const lines = [
    `dJ/d${wrt} of a recurrence over ${steps} step(s), loss at step(s) ${lossSteps.join(', ')}:`,
    ...source.filter((line) => line !== '').map((line) => `  ${line}`),
    ...(system.assumed === undefined ? [] : [`  ${system.assumed}`]),
    `  J[t] = ${system.loss.at.source.text.trim().replace(/\s+/g, ' ')}`,
    'Vectors are columns; sequences are tables by step, so that h[t - 1] reads as on paper.',
  ];
  return lines.map((line) => `${mark} ${line}`);
}

/** Names of states, and the steps before the first one that they have values for. */
export function initialSteps({ model }: ProgramInput): { name: string; steps: number[] }[] {
  const { states, lags } = model.system;
  return states.map((name) => ({ name, steps: Array.from({ length: lags[name]! }, (_, k) => -k) }));
}
