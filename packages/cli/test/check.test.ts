import { expect, test } from 'vitest';
import { folder, hw5, lastLine } from './cli.js';

const run = (...args: string[]) => hw5(['check', ...args], { cwd: folder() });

test.each([
  ['q1a', 'ب، ج'],
  ['q1b', 'c'],
  ['q1c', '۳'],
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
