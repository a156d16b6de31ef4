/** Answers to question 2: formulas in many spellings, right and wrong, and what cannot be read. */
import { describe, expect, it, test } from 'vitest';
import { ArgumentError, Hw5Error } from '../src/errors.js';
import { check } from '../src/homework/check/check.js';
import { refuseExcess, workOf } from '../src/homework/check/formula/fit.js';
import { readAnswer } from '../src/homework/check/formula/read.js';
import { randomNumbers } from './derive-cells.js';
import { rightAnswers, wrongAnswers } from './homework-formulas.js';

test('there are at least 300 different answers of each kind', () => {
  for (const answers of [rightAnswers, wrongAnswers]) {
    const different = new Set(answers.map(([question, answer]) => `${question} ${answer}`));
    expect(different.size).toBe(answers.length);
    expect(different.size).toBeGreaterThanOrEqual(300);
  }
});

test.each(['q2a', 'q2b', 'q2c', 'q2d'])('%s: right answers', (question) => {
  const judged = rightAnswers
    .filter(([id]) => id === question)
    .map(([, answer]) => ({ answer, ...check(question, answer) }));
  expect(judged.filter(({ correct }) => !correct)).toEqual([]);
  for (const verdict of judged) {
    expect(verdict).toMatchObject({ code: null, mistake: null, counterExample: null });
    expect(verdict.understood).not.toBe('');
  }
});

test.each(['q2a', 'q2b', 'q2c', 'q2d'])('%s: wrong answers, each with its slip', (question) => {
  for (const [id, answer, code] of wrongAnswers) {
    if (id !== question) continue;
    const verdict = check(question, answer);
    expect(verdict, answer).toMatchObject({ correct: false, code });
    expect(JSON.stringify(verdict.counterExample)).not.toContain('NaN');
    for (const text of [verdict.mistake, verdict.counterExample]) {
      expect(text?.fa, answer).toMatch(/[ا-ی]/);
      expect(text?.en, answer).toMatch(/[a-z]/);
    }
  }
});

describe('remarks', () => {
  it.each([
    ['q2a', "(-sum_i y_i / yhat_i) σ'(o_t)", 'shapes do not fit'],
    ['q2b', 'g_o W_yh W_hh^(t-i)', 'row form'],
    ['q2c', 'sum_{i=1}^{t} g_{h_t}(i) \\cdot h_{i-1}', 'outer product'],
    ['q2c', 'sum_{i=1}^{t} outer(h_{i-1}, g_h(i))', 'numerator layout'],
    ['q2c', 'sum_{i=2}^{t} g_h(i) h_{i-1}^T', 'h_0 = 0'],
  ])('%s: %s', (question, answer, words) => {
    const { correct, remark } = check(question, answer);
    expect(correct).toBe(true);
    expect(remark?.en).toContain(words);
    expect(remark?.fa).toMatch(/[ا-ی]/);
  });

  it('says nothing more about an answer in the usual form', () => {
    expect(check('q2b', '(W_hh^T)^(t-i) W_yh^T g_o')).not.toHaveProperty('remark');
  });
});

test('shapes that do not fit are shown at their place in what was typed', () => {
  const verdict = check('q2b', '\\frac{dJ_t}{dh_i} = W_{hh} g_{o_t}');
  expect(verdict.code).toBe('shape-conflict');
  expect(verdict.mistake?.en).toContain('columns of the left factor must match rows of the right one');
  expect(verdict.place).toBe(`\\frac{dJ_t}{dh_i} = W_{hh} g_{o_t}\n${' '.repeat(27)}${'^'.repeat(7)}`);
  expect(verdict.counterExample?.en).toContain('the answer has no value there');
});

test('a numeric counter-example names sizes, seed, place and both numbers', () => {
  expect(check('q2d', 'gW_1 + gW_2').counterExample?.en).toMatch(
    /^With sizes h: 4, x: 3, y: 2, T = 3, seed 17: entry \(1, 1\) must be -?[\d.]+, not -?[\d.]+\.$/,
  );
});

describe('what cannot be read is refused at its place', () => {
  it.each([
    ['q2a', '', 1, 'got the end of the text'],
    ['q2b', '(W_hh g_o', 1, '"(" must be closed by ")"'],
    ['q2b', 'W_hh g_o)', 9, 'no bracket is open here'],
    ['q2b', 'W_hh^{t-i g_o', 6, 'must be closed'],
    ['q2a', 'yhat_t - / y_t', 10, 'must stand here'],
    ['q2a', 'yhat_t / y_t o_t', 10, 'a divisor of several factors must stand in parentheses'],
    ['q2b', 'W_hh^2^3 g_o', 7, 'a power of a power must have parentheses'],
    ['q2b', 'W_hh^T Q g_o', 8, 'a symbol must be one of'],
    ['q2a', '\\hat{y}_t - q_t', 13, 'a symbol must be one of'],
    ['q2c', 'sum_{i=1}^{t} g_h h_{i-1}^T', 15, 'g_h must say its step'],
    ['q2c', 'sum_{i=1}^{t} g_h(j) h_{i-1}^T', 15, 'an index letter must be'],
    ['q2b', 'W_hh,t g_o', 5, 'must stand here'],
    ['q2a', 'yhat_t / 0', 10, 'a divisor must not be zero'],
    ['q2a', 'yhat_t / (y_t - y_t)', 10, 'a divisor must not be zero'],
    ['q2c', 'sum_{i=1}^{1000000} g_h(i) h_{i-1}^T', 1, 'must stay within 6 steps'],
    ['q2b', '(W_hh^T)^(t+99999) W_yh^T g_o', 1, 'must stay within 6 steps'],
    ['q2a', 'yhat_t $ y_t # 2', 14, 'got the character "#"'],
  ])('%s: %j at column %i: %s', (question, answer, column, words) => {
    let error: unknown;
    try {
      check(question, answer);
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toBeInstanceOf(ArgumentError);
    expect((error as ArgumentError).message).toContain(words);
    expect((error as ArgumentError).details).toMatchObject({ line: 1, column });
  });

  it('refuses a million characters', () => {
    for (const piece of ['(', 'y', ' ', 'y_t + ', 'sum_{i=1}^{t} ', '\\frac{', '{', '\\hat{y}', 'W_']) {
      const text = piece.repeat(Math.ceil(1e6 / piece.length));
      expect(() => check('q2a', text)).toThrow('must have at most 10000 characters');
    }
  });
});

describe('work is bounded', () => {
  it('counts operations, and refuses what takes too many', () => {
    const [answer] = readAnswer('q2d', 'sum_{t=1}^{3} sum_{i=1}^{t} g_h(i) h_{i-1}^T');
    expect(workOf(answer!.expr)).toBe(1 + 6 * (1 + 6 * 4));
    const nested = `${'sum_{i=1}^{t} '.repeat(5)} h_i`;
    expect(() => refuseExcess(readAnswer('q2c', nested)[0]!.expr)).toThrow(
      'must take at most 3000 operations',
    );
  });
});

test('never throws anything but a located refusal, whatever the text', () => {
  const random = randomNumbers(11);
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)]!;
  const pieces =
    "W_hh W_yh^T g_o g_h(i) h_{i-1} y_t yhat_t * + - / ^ ^T ' ( ) { } [ ] , = sum_{i=1}^{t} prod_{k=i+1}^{t} psi'(z_i) diag( outer( \\frac{ \\hat{y} 0 2 t-i if i<=t otherwise ; $ \\ _ σ'( softmax(o_t) ۳".split(
      ' ',
    );
  let read = 0;
  for (let round = 0; round < 1500; round += 1) {
    const question = pick(['q2a', 'q2b', 'q2c', 'q2d']);
    const [, base] = pick(rightAnswers);
    const cut = Math.floor(random() * base.length);
    const soup = Array.from({ length: 1 + Math.floor(random() * 4) }, () => pick(pieces)).join(' ');
    const text =
      random() < 0.3 ? soup : base.slice(0, cut) + soup + base.slice(cut + Math.floor(random() * 3));
    try {
      check(question, text);
      read += 1;
    } catch (error) {
      expect(error, `${question}: ${text}`).toBeInstanceOf(Hw5Error);
      const { code, details, message } = error as Hw5Error;
      expect(code, `${question}: ${text}: ${message}`).toBe('ARGUMENT');
      expect(details.column, `${question}: ${text}: ${message}`).toBeGreaterThan(0);
    }
  }
  expect(read).toBeGreaterThan(20);
});
