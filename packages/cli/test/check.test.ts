import { expect, test } from 'vitest';
import { folder, hw5, lastLine } from './cli.js';

const run = (...args: string[]) => hw5(['check', ...args], { cwd: folder() });

test.each([
  ['q1a', 'ب، ج'],
  ['q1b', 'c'],
  ['q1c', '۳'],
  ['q2a', 'ŷ_t - y_t'],
  ['q2b', "(W_hh')^(t-i) W_yh' g_o"],
  ['q2c', 'sum_{i=۱}^{t} outer(g_h(i), h_{i-۱})'],
  ['q2d', '\\sum_{t=1}^{3} gW_{hh,t}'],
  ['q3a', '۶ ۱ ۲'],
])('%s: %s is right', async (question, answer) => {
  const { code, stdout } = await run(question, '--answer', answer, '--json');
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({ question, correct: true, mistake: null, counterExample: null });
});

test('a wrong answer: the likely mistake and a counter-example, without markup, in the language asked for', async () => {
  const { code, stdout } = await run('q3a', '--answer', '6 1 0', '--json');
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toEqual({
    question: 'q3a',
    understood: '[6, 1, 0]',
    correct: false,
    code: 'index-from-one',
    mistake: 'Counting from one: taking index 3 for the third key.',
    counterExample: 'The third key scores 0, less than the 6 of the fourth.',
  });
  const persian = JSON.parse((await run('q1b', '--answer', 'آ', '--json', '--lang', 'fa')).stdout);
  expect(persian).toMatchObject({ correct: false, code: 'option-a' });
  expect(persian.counterExample).toContain('y_t = 0.6 x_t + 0.3 x_{t−1} + 0.1 x_{t−2}');
});

test('for people', async () => {
  const { stdout } = await run('q1a', '--answer', 'b');
  expect(stdout).toMatch(/^✗ not right\n {2}the answer was read as b\n\n {2}Option c is right as well\./);
  expect((await run('q1a', '--answer', 'ج ب', '--lang', 'fa')).stdout).toContain('✓ \u2067درست است\u2069');
  expect((await run('q1a', '--answer', 'c,b', '--lang', 'fa')).stdout).toContain('\u2067ب، ج\u2069');
});

test('a formula: how it was read, the slip, and where it fails in numbers', async () => {
  const args = ['q2b', '--answer', 'W_hh^(t-i) * W_yh^T * g_o'];
  const verdict = JSON.parse((await run(...args, '--json')).stdout);
  expect(verdict).toMatchObject({
    correct: false,
    code: 'missing-transpose',
    understood: 'W_hh^(t-i) W_yh^T g_o[t]',
    mistake: 'Leaving out the transpose in column form.',
  });
  expect(verdict.counterExample).toMatch(
    /^With sizes h: 4, x: 3, y: 2, T = 3, t = 2, i = 1, seed 17: entry 1 must be -?[\d.]+, not -?[\d.]+\.$/,
  );
  const persian = (await run(...args, '--lang', 'fa')).stdout;
  expect(persian).toContain('درست نیست');
  expect(persian).toContain('فراموش کردن ترانهاده');
});

test('a right formula with a remark, and shapes that do not fit with the place', async () => {
  const key = JSON.parse((await run('q2b', '--answer', 'g_o W_yh W_hh^(t-i)', '--json')).stdout);
  expect(key).toMatchObject({ correct: true, remark: expect.stringContaining('row form') });
  expect((await run('q2b', '--answer', 'g_o W_yh W_hh^(t-i)')).stdout).toContain('row form');
  const misfit = await run('q2b', '--answer', 'W_hh g_o');
  expect(misfit.code).toBe(0);
  expect(misfit.stdout).toContain('The shapes do not fit');
  expect(misfit.stdout).toMatch(/ {4}W_hh g_o\n {4} {5}\^\^\^\n/);
});

test('a formula that cannot be read: the line and a caret', async () => {
  const { code, stderr } = await run('q2b', '--answer', '(W_hh g_o');
  expect(code).toBe(1);
  expect(stderr).toContain('(W_hh g_o\n  ^\n');
  expect(stderr).toContain('"(" must be closed by ")"');
  expect(stderr).not.toContain('    at ');
});

test.each([
  [['q9', '--answer', 'x'], 'USAGE', 'question: must be one of q1a'],
  [['q1a'], 'USAGE', '--answer'],
  [
    ['q1a', '--answer', 'z'],
    'ARGUMENT',
    'check: answer to q1a must name options among a (آ), b (ب), c (ج), got "z" (character 1)',
  ],
  [['q3a', '--answer', '6 1 two'], 'ARGUMENT', 'got "two" in row 1, entry 3 (character 5)'],
])('%j is refused', async (args, code, message) => {
  const refused = await run(...args, '--json');
  expect(refused.code).toBe(1);
  expect(lastLine(refused).error).toMatchObject({ code });
  expect(lastLine(refused).error?.message).toContain(message);
});
