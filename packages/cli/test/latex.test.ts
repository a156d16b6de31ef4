/**
 * Every document that hw5 writes in LaTeX, compiled: `apt-get install texlive-xetex texlive-lang-arabic` gives what it
 * needs. Without XeLaTeX, what can be said of the text is tested; the names of the tests tell which of the two it was.
 */
import { execFile, execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  type DerivationRequest,
  derivationLatex,
  derive,
  questionGroups,
  solutionLatex,
  solve,
} from '@hw5/core/homework';
import { expect, test } from 'vitest';
import { folder } from './cli.js';

function hasXelatex(): boolean {
  try {
    execFileSync('xelatex', ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

const compiles = hasXelatex();
const verb = compiles ? 'compiles' : 'is balanced (xelatex, which would compile it, is not installed)';

function compiled(source: string): Promise<{ code: number; log: string }> {
  const cwd = folder();
  writeFileSync(join(cwd, 'document.tex'), source);
  return new Promise((resolve) => {
    const args = ['-interaction=nonstopmode', '-halt-on-error', 'document.tex'];
    execFile('xelatex', args, { cwd, maxBuffer: 1 << 26 }, (error, stdout) =>
      resolve({ code: error === null ? 0 : 1, log: stdout }),
    );
  });
}

async function expectDocument(source: string): Promise<void> {
  const words = source.replace(/\\[\\{}%]/g, '').replace(/%.*/g, '');
  expect(words.split('{').length).toBe(words.split('}').length);
  const begun = [...words.matchAll(/\\begin\{(\w+\*?)\}/g)].map(([, name]) => name).sort();
  expect([...words.matchAll(/\\end\{(\w+\*?)\}/g)].map(([, name]) => name).sort()).toEqual(begun);
  expect(source).toMatch(/\\documentclass[\s\S]*\\begin\{document\}[\s\S]*\\end\{document\}\n?$/);
  if (!compiles) return;
  const { code, log } = await compiled(source);
  expect(code, log.slice(-3000)).toBe(0);
  expect(log).toMatch(/Output written on document\.pdf \(\d+ pages?/);
  expect(log).not.toMatch(/Missing character|Undefined control sequence|LaTeX Warning: Reference/);
  // Wider than the line by more than a word's end: it would leave the page.
  const widths = [...log.matchAll(/Overfull \\hbox \(([\d.]+)pt/g)].map(([, width]) => Number(width));
  expect(widths.filter((width) => width > 30)).toEqual([]);
}

test.each(['en', 'fa'] as const)(
  `solve all in %s ${verb}`,
  async (language) => {
    expect(questionGroups).toHaveLength(4);
    await expectDocument(solutionLatex(solve('all'), language));
  },
  60_000,
);

const lstm =
  'i[t] = sigmoid(W_i x[t] + U_i h[t-1]); f[t] = sigmoid(W_f x[t] + U_f h[t-1]); g[t] = tanh(W_g x[t] + U_g h[t-1]); q[t] = sigmoid(W_q x[t] + U_q h[t-1]); c[t] = f[t] * c[t-1] + i[t] * g[t]; h[t] = q[t] * tanh(c[t])';
const requests: readonly (readonly [name: string, request: DerivationRequest])[] = [
  ['question 2', {}],
  ['an LSTM in numerator layout', { cell: lstm, wrt: 'U_f', layout: 'numerator' }],
  ['a first state in denominator layout', { cell: lstm, wrt: 'h[0]', layout: 'denominator', at: 'last' }],
  [
    'odd names and functions',
    {
      cell: 'lambda[t] = relu(W_{in,a} lambda[t-1] + alpha V x[t]) / (1 + beta^2); h[t] = exp(-lambda[t] * lambda[t])',
      loss: 'squared_error(h[t], y[t])',
      wrt: 'W_in_a',
      sizes: { lambda: 3 },
    },
  ],
];

test.each(requests)(
  `derive: %s ${verb}`,
  async (_, request) => {
    const derivation = await derive(request);
    for (const language of ['en', 'fa'] as const) await expectDocument(derivationLatex(derivation, language));
  },
  60_000,
);
