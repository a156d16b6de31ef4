/** A NumPy program: the forward pass and the derived backward sweep, formula by formula. */
import { isScalar, type MatrixShape } from '../dimension.js';
import { nested } from '../matrix.js';
import type { Contribution } from '../reverse.js';
import { codeOf, type Dialect, identifier } from './dialect.js';
import { heading, type ProgramInput } from './programs.js';
import { group, pythonOperators, valueLines } from './python.js';

const dialect: Dialect = {
  ...pythonOperators,
  ones: (rows, columns) => `np.ones((${rows}, ${columns}))`,
  zeros: (rows, columns) => `np.zeros((${rows}, ${columns}))`,
  identity: (size) => `np.eye(${size})`,
  product: (a, b, toScalar) =>
    toScalar ? `(${group(a)} @ ${group(b)}).item()` : `${group(a)} @ ${group(b)}`,
  sum: (a) => `np.sum(${a})`,
  diag: (a) => `np.diagflat(${a})`,
  softmax: (a) => `softmax(${a})`,
  apply: (fn, a) => `${fn === 'sigmoid' || fn === 'relu' ? fn : `np.${fn}`}(${a})`,
  step: (a) => `(${group(a)} > 0).astype(float)`,
  crossEntropy: (p, y) => `-np.sum(${group(y)} * np.log(${p}))`,
  squaredError: (a, b) => `0.5 * np.sum((${a} - ${group(b)}) ** 2)`,
};

const helpers = [
  'def sigmoid(x):',
  '    return 1 / (1 + np.exp(-x))',
  '',
  '',
  'def relu(x):',
  '    return np.maximum(x, 0)',
  '',
  '',
  'def softmax(x):',
  '    e = np.exp(x - np.max(x))',
  '    return e / np.sum(e)',
];

export function numpyProgram(input: ProgramInput): string {
  const { model, relevant, variable, steps, lossSteps, activation, gradient } = input;
  const g = (name: string): string => identifier(`${model.gradientPrefix}${name}`);
  const zero = (shape: MatrixShape): string =>
    isScalar(shape) ? '0.0' : dialect.zeros(shape.rows.size, shape.columns.size);
  const code = (term: Parameters<typeof codeOf>[0]): string => codeOf(term, dialect, activation);
  const added = (target: string, { via, lag, term }: Contribution): string[] => {
    const reader = lag === 0 ? 't' : `t + ${lag}`;
    const condition = via === 'loss' ? `${reader} in loss_steps` : lag === 0 ? undefined : `${reader} <= T`;
    const line = `${target} = ${target} + ${group(code(term))}`;
    return condition === undefined ? [line] : [`if ${condition}:`, `    ${line}`];
  };
  const own = variable.step === undefined ? relevant.variable : [];
  const lines = [
    ...heading(input, '#'),
    'import json',
    '',
    'import numpy as np',
    '',
    '',
    ...helpers,
    '',
    '',
    `T = ${steps}`,
    `loss_steps = [${lossSteps.join(', ')}]`,
    ...valueLines(input, (rows, name) =>
      isScalar(model.shapes.get(name)!) ? `float(${rows})` : `np.array(${rows}, dtype=np.float64)`,
    ),
    '',
    '# forward',
    'J = 0.0',
    'for t in range(1, T + 1):',
    ...model.definitions.map(({ name, term }) => `    ${identifier(name)}[t] = ${code(term)}`),
    '    if t in loss_steps:',
    `        J = J + ${group(code(model.loss))}`,
    '',
    '# backward: g_u[t] is dJ/du[t]',
    `gradient = ${zero(model.shapes.get(variable.name)!)}`,
    ...relevant.adjoints.map(({ name }) => `${g(name)} = {}`),
    'for t in range(T, 0, -1):',
    ...relevant.adjoints.flatMap(({ name, shape, contributions }) =>
      [`${g(name)}[t] = ${zero(shape)}`, ...contributions.flatMap((one) => added(`${g(name)}[t]`, one))].map(
        (line) => `    ${line}`,
      ),
    ),
    ...own.flatMap((one) => added('gradient', one)).map((line) => `    ${line}`),
    ...(relevant.adjoints.length === 0 && own.length === 0 ? ['    pass'] : []),
    ...atOneStep(input, g, (one) => added('gradient', one)),
    '',
    `expected = np.array(${JSON.stringify(nested(gradient, model.shapes.get(variable.name)!))})`,
    'found = np.asarray(gradient).reshape(expected.shape)',
    'assert np.allclose(found, expected, rtol=1e-9, atol=1e-12), "the gradient must be the derived one"',
    'print(json.dumps({"loss": float(J), "gradient": found.tolist()}))',
  ];
  return `${lines.join('\n')}\n`;
}

/** The gradient of a state or an input at one step. */
function atOneStep(
  { variable, relevant, steps }: ProgramInput,
  g: (name: string) => string,
  added: (one: Contribution) => string[],
): string[] {
  const { name, step } = variable;
  if (step === undefined || relevant.variable.length === 0) return [];
  if (step >= 1) return [`gradient = ${g(name)}[${step}]`];
  const reached = relevant.variable.filter(({ lag }) => step + lag >= 1 && step + lag <= steps);
  return [`t = ${step}`, ...reached.flatMap(added)];
}
