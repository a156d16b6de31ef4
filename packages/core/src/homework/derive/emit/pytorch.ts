/** A PyTorch program: the forward pass as written, and autograd. */
import { nested } from '../matrix.js';
import { codeOf, type Dialect, identifier } from './dialect.js';
import { heading, type ProgramInput } from './programs.js';
import { group, pythonOperators, valueLines } from './python.js';

const dialect: Dialect = {
  ...pythonOperators,
  ones: (rows, columns) => `torch.ones(${rows}, ${columns})`,
  zeros: (rows, columns) => `torch.zeros(${rows}, ${columns})`,
  identity: (size) => `torch.eye(${size})`,
  product: (a, b, toScalar) =>
    toScalar ? `(${group(a)} @ ${group(b)}).squeeze()` : `${group(a)} @ ${group(b)}`,
  sum: (a) => `torch.sum(${a})`,
  diag: (a) => `torch.diagflat(${a})`,
  softmax: (a) => `torch.softmax(${a}, dim=0)`,
  apply: (fn, a) => `torch.${fn}(${a})`,
  step: (a) => `(${group(a)} > 0).to(torch.float64)`,
  crossEntropy: (p, y) => `-torch.sum(${group(y)} * torch.log(${p}))`,
  squaredError: (a, b) => `0.5 * torch.sum((${a} - ${group(b)}) ** 2)`,
};

export function pytorchProgram(input: ProgramInput): string {
  const { model, variable, steps, lossSteps, activation, gradient } = input;
  const code = (term: Parameters<typeof codeOf>[0]): string => codeOf(term, dialect, activation);
  const leaf = `${identifier(variable.name)}${variable.step === undefined ? '' : `[${variable.step}]`}`;
  const expected = nested(gradient, model.shapes.get(variable.name)!);
  const lines = [
    ...heading(input, '#'),
    'import json',
    '',
    'import torch',
    '',
    'torch.set_default_dtype(torch.float64)',
    '',
    `T = ${steps}`,
    `loss_steps = [${lossSteps.join(', ')}]`,
    ...valueLines(input, (rows, name, step) => {
      const wanted = name === variable.name && step === variable.step;
      return `torch.tensor(${rows}, dtype=torch.float64${wanted ? ', requires_grad=True' : ''})`;
    }),
    '',
    `J = torch.zeros(()) + 0 * torch.sum(${leaf})`,
    'for t in range(1, T + 1):',
    ...model.written.map(({ name, term }) => `    ${identifier(name)}[t] = ${code(term)}`),
    '    if t in loss_steps:',
    `        J = J + ${group(code(model.writtenLoss))}`,
    '',
    'J.backward()',
    `expected = torch.tensor(${JSON.stringify(expected)}, dtype=torch.float64)`,
    `found = ${leaf}.grad.reshape(expected.shape)`,
    'assert torch.allclose(found, expected, rtol=1e-9, atol=1e-12), "the gradient must be the derived one"',
    'print(json.dumps({"loss": J.item(), "gradient": found.tolist()}))',
  ];
  return `${lines.join('\n')}\n`;
}
