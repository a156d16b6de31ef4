import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Derivation } from '@hw5/core/homework';
import katex from 'katex';
import { expect, test } from 'vitest';
import { folder, hw5, lastLine } from './cli.js';

const rnn = 'h[t] = tanh(W_hh h[t-1] + W_hx x[t] + b)';

async function derived(...args: string[]): Promise<Derivation> {
  const { code, stdout, stderr } = await hw5(['derive', '--json', ...args], { cwd: folder() });
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return JSON.parse(stdout) as Derivation;
}

test('without arguments it derives question 2 and checks it', async () => {
  const { code, stdout, stderr } = await hw5(['derive'], { cwd: folder() });
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).toContain('dJ/dW_hh = sum_{t=1}^{3} g_z[t] h[t-1]^T   [H, H] = 4×4');
  expect(stdout).toContain("dh[t]/dh[t-1] = diag(psi'(z[t])) W_hh");
  expect(stdout).toContain('2b  key: g_o[t] W_yh W_hh^(t-i)');
  expect(stdout).not.toContain('FAILED');
});

test('the contract: --cell, --loss, --wrt, --steps; the readout is assumed', async () => {
  const loss = 'cross_entropy(softmax(o[t]), y[t])';
  const result = await derived('--cell', rnn, '--loss', loss, '--wrt', 'W_hh', '--steps', '3');
  expect(result).toMatchObject({ cell: rnn, loss, wrt: 'W_hh', steps: 3, assumed: 'o[t] = W_yh h[t]' });
  expect(result.checks.passed).toBe(true);
  expect(result.gradient).toHaveLength(4);
  expect(result.paths).toHaveLength(6);
});

test('sizes, values, the last step, layouts and Persian', async () => {
  const cwd = folder();
  const values = { W_hh: [[0.5]], W_hx: [[1]], b: [0], x: [[1], [2]], W_yh: [[2]], y: [[0], [1]] };
  writeFileSync(join(cwd, 'v.json'), JSON.stringify(values));
  const sizes = ['--size', 'h=1', '--size', 'x=1', '--size', 'y=1'];
  const rest = [
    '--cell',
    rnn,
    '--loss',
    'squared_error(o[t], y[t])',
    '--steps',
    '2',
    '--at',
    'last',
    '--values',
    'v.json',
  ];
  const { stdout } = await hw5(['derive', ...rest, ...sizes, '--json'], { cwd });
  const { gradient, lossValue } = JSON.parse(stdout) as { gradient: number[]; lossValue: number };
  const h1 = Math.tanh(1);
  const h2 = Math.tanh(0.5 * h1 + 2);
  expect(lossValue).toBeCloseTo(0.5 * (2 * h2 - 1) ** 2, 12);
  expect(gradient[0]).toBeCloseTo((2 * h2 - 1) * 2 * (1 - h2 ** 2) * h1, 12);
  const numerator = await derived('--layout', 'numerator', '--wrt', 'W_hx');
  expect(numerator.gradient).toHaveLength(3);
  const persian = await hw5(['derive', '--lang', 'fa'], { cwd });
  expect(persian.stdout).toContain('ژاکوبی محلی');
});

test('--format latex is a document, --emit is a program', async () => {
  const cwd = folder();
  expect((await hw5(['derive', '--format', 'latex'], { cwd })).stdout).toMatch(
    /^\\documentclass[\s\S]*\\end\{document\}\n$/,
  );
  expect((await hw5(['derive', '--emit', 'ts'], { cwd })).stdout).toContain("from '@hw5/core';");
  expect((await hw5(['derive', '--emit', 'numpy'], { cwd })).stdout).toContain('g_z[t] @ h[t - 1].T');
  expect((await hw5(['derive', '--emit', 'pytorch'], { cwd })).stdout).toContain('J.backward()');
});

test.each([
  [[]],
  [['--layout', 'numerator', '--at', 'last']],
  [['--layout', 'denominator', '--wrt', 'x[2]']],
  [
    [
      '--cell',
      'c[t] = σ(U_f h[t-1]) * c[t-1] + tanh(U_g h[t-1] + W_g x[t]); h[t] = α tanh(c[t])',
      '--wrt',
      'U_f',
    ],
  ],
  [
    [
      '--cell',
      'h[t] = (1 - alpha) h[t-1] / (2 + sum(h[t-1]^2)) + x̂ * φ(W_in x[t])',
      '--wrt',
      'W_in',
      '--loss',
      'squared_error(o[t], y[t])',
    ],
  ],
  [
    [
      '--cell',
      'A[t] = 0.9 A[t-1] + h[t-1] x[t]^T; h[t] = softmax(A[t] x[t] + b_out)',
      '--wrt',
      'b_out',
      '--steps',
      '2',
    ],
  ],
])('every formula of %j is LaTeX that KaTeX accepts', async (args) => {
  const { derivation, simplified, vectorised, perPath } = await derived(...args);
  const formulas = [
    ...derivation.map(({ latex }) => latex),
    ...simplified.latex,
    vectorised.latex,
    perPath.latex,
  ];
  for (const formula of formulas) {
    expect(
      () => katex.renderToString(formula, { throwOnError: true, strict: 'error' }),
      formula,
    ).not.toThrow();
  }
});

/** Arguments, the error's code, words of the message, and the caret's column where there is one. */
const bad: readonly (readonly [args: readonly string[], code: string, words: string, column?: number])[] = [
  [['--cell', 'h[t] = tanh(W_hh h[t-1]'], 'ARGUMENT', '"(" must be closed', 12],
  [['--cell', 'h[t] = tanh(W h[t-1] + q[t])'], 'ARGUMENT', 'a symbol must be known, got q[t]', 24],
  [['--cell', 'h[t] = W h[t-1] / 0'], 'ARGUMENT', 'a divisor must not be zero', 19],
  [['--cell', rnn, '--size', 'W_hh=4x3'], 'SHAPE', 'h[t] needs a vector [3] here, got a vector [4]', 13],
  [['--cell', rnn, '--wrt', 'V'], 'ARGUMENT', 'the variable must be a parameter', 1],
  [['--size', 'h=0'], 'ARGUMENT', 'size: h must be from 1 to 64, got 0'],
  [['--size', 'h'], 'USAGE', '--size: must be name=n'],
  [['--size', 'q=3'], 'ARGUMENT', 'size: names must be among'],
  [['--steps', '0'], 'USAGE', '--steps: must be a whole number of at least 1'],
  [['--values', 'nope.json'], 'FILE', 'values: path must exist'],
  [['--values', 'bad.json'], 'DATA', 'values: file must be JSON'],
  [['--values', 'short.json'], 'SHAPE', 'values: W_hh must be [H, H] = 4×4, got 1 rows'],
  [['--values', 'text.json'], 'ARGUMENT', 'values: entries of W_yh must be finite numbers, got "a"'],
  [['--layout', 'odd'], 'USAGE', '--layout: must be one of shape, numerator, denominator'],
];

const refusals = bad.map(([args, code, words, column]) => ({ args, code, words, column }));

test.each(refusals)('$args is refused: $code', async ({ args, code, words, column }) => {
  const cwd = folder();
  writeFileSync(join(cwd, 'bad.json'), '{');
  writeFileSync(join(cwd, 'short.json'), '{"W_hh": [[1]]}');
  writeFileSync(join(cwd, 'text.json'), '{"W_yh": [[1, 2, 3, "a"], [1, 2, 3, 4]]}');
  const asText = await hw5(['derive', ...args], { cwd });
  expect(asText.code).toBe(1);
  expect(asText.stdout).toBe('');
  expect(asText.stderr).toContain(words);
  expect(asText.stderr).not.toContain('    at ');
  const lines = asText.stderr.trimEnd().split('\n');
  expect(lines).toHaveLength(column === undefined ? 1 : 3);
  if (column !== undefined) expect(lines[1]!.indexOf('^')).toBe(2 + column - 1);
  const asJson = lastLine(await hw5(['derive', ...args, '--json'], { cwd }));
  expect(asJson.error?.code).toBe(code);
  expect(asJson.error?.message).toContain(words);
});

test('--set changes single entries and --start draws the first state', async () => {
  const { values } = await derived('--set', 'W_hh(1,2)=0.5', '--set', 'x[2](3)=-0.25', '--start', 'drawn');
  expect((values.W_hh as number[][])[0]![1]).toBe(0.5);
  expect((values.x as number[][])[1]![2]).toBe(-0.25);
  expect(values['h[0]']).not.toContain(0);
  const wrong = await hw5(['derive', '--set', 'W_hh=2'], { cwd: folder() });
  expect(wrong.code).toBe(1);
  expect(wrong.stderr).toContain('--set: must be name(row,column)=number or name[step](row)=number');
});
