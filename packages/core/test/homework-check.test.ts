import { describe, expect, it, test } from 'vitest';
import { nearestName, questionName, questionNames, solve } from '../src/homework/bank/solve.js';
import { check, checkable } from '../src/homework/check/check.js';
import { parseMatrix, parseVector } from '../src/homework/notation.js';

describe('solve', () => {
  it('finds one part, one question with its parts, and everything', () => {
    const parts = (name: string): string[] =>
      solve(name).groups.flatMap(({ questions }) => questions.map(({ id }) => id));
    expect(parts('q2b')).toEqual(['q2b']);
    expect(parts('q2')).toEqual(['q2a', 'q2b', 'q2c', 'q2d']);
    expect(parts('all')).toHaveLength(10);
    for (const name of questionNames) expect(parts(name).length).toBeGreaterThan(0);
  });

  it('puts the hand calculation beside q3 and q3a only', () => {
    for (const name of ['q3', 'q3a']) {
      expect(solve(name)).toMatchObject({ scores: [-2, 3, 0, 6], index: 3, output: [6, 1, 2], ties: [3] });
    }
    expect(solve('q3b').scores).toBeUndefined();
  });

  it.each([
    ['2b', 'q2b'],
    ['Q2B', 'q2b'],
    ['۲ب', 'q2b'],
    ['پرسش ۱ الف', 'q1a'],
    ['q3 (a)', 'q3a'],
    ['۴', 'q4'],
    ['ALL', 'all'],
    ['q5', undefined],
  ])('%s is %s', (text, name) => {
    expect(questionName(text)).toBe(name);
  });

  it('names the nearest question', () => {
    expect(() => solve('q2e')).toThrow('got "q2e"; try q2');
    expect(nearestName('al')).toBe('all');
    expect(nearestName('qq3b')).toBe('q3b');
    expect(nearestName('x'.repeat(1_000_000))).toBeTypeOf('string');
  });

  it('survives structured cloning and JSON', () => {
    expect(JSON.parse(JSON.stringify(structuredClone(solve('all'))))).toEqual(solve('all'));
  });
});

describe('check', () => {
  it.each([
    ['q1a', 'ب، ج'],
    ['q1a', 'b,c'],
    ['q1a', '2,3'],
    ['q1a', '۲ و ۳'],
    ['q1a', 'گزینه‌های ب و ج'],
    ['q1a', 'c b'],
    ['q1a', 'BC'],
    ['q1a', '(ب) (ج)'],
    ['q1a', 'options b and c'],
    ['q1a', '«ج» و «ب»'],
    ['1a', 'b;c'],
    ['q1b', 'ج'],
    ['q1b', 'c'],
    ['q1b', '3'],
    ['q1b', '۳'],
    ['q1b', 'گزینهٔ ج'],
    ['q1b', 'C.'],
    ['q1c', 'ج'],
    ['q1c', 'P(y_t | y_1, ..., y_{t-1})'],
    ['q1c', '$P(y_t \\mid y_1, y_2, \\dots, y_{t-1})$'],
    ['q1c', 'P(yt|y1,y2,…,yt-1)'],
    ['q3a', '[6,1,2]'],
    ['q3a', '6 1 2'],
    ['q3a', '۶ ۱ ۲'],
    ['q3a', '[۶، ۱، ۲]'],
    ['q3a', '[6; 1; 2]'],
    ['q3a', '[[6],[1],[2]]'],
    ['q3a', '(6, 1, 2)^T'],
    ['q3a', '[6 1 2]ᵀ'],
    ['q3a', "[6, 1, 2]'"],
    ['q3a', '\\begin{bmatrix} 6 \\\\ 1 \\\\ 2 \\end{bmatrix}'],
    ['q3a', 'output = [6.0, 1.00, 2]'],
    ['q3a', 'values[3] = [6, 1, 2]'],
    ['q3a', '6\n1\n2'],
    ['q3a', '٦ ١ ٢'],
  ])('%s: %s is right', (question, answer) => {
    expect(check(question, answer)).toMatchObject({
      correct: true,
      code: null,
      mistake: null,
      counterExample: null,
    });
  });

  it.each([
    ['q1a', 'a', 'option-a'],
    ['q1a', 'آ، ب، ج', 'option-a'],
    ['q1a', 'الف', 'option-a'],
    ['q1a', 'b', 'missed-c'],
    ['q1a', 'ج', 'missed-b'],
    ['q1b', 'آ', 'option-a'],
    ['q1b', '2', 'option-b'],
    ['q1b', 'د', 'option-d'],
    ['q1b', 'ج، د', 'option-d'],
    ['q1c', 'a', 'option-a'],
    ['q1c', 'P(y_1)', 'option-b'],
    ['q1c', 'P(y_t | y_1, ..., y_t)', 'option-d'],
    ['q3a', '[6, 0.905, 1.994]', 'softmax-mixture'],
    ['q3a', '6 1 0', 'index-from-one'],
    ['q3a', '6,-1,2', 'sign-slip'],
    ['q3a', '6,−1,2', 'sign-slip'],
    ['q3a', '6 1 -2', 'least-similar'],
    ['q3a', '0 -2 -4', 'key-returned'],
    ['q3a', '-2 3 0 6', 'scores-returned'],
    ['q3a', '۳', 'index-returned'],
    ['q3a', '42 1 22', 'scores-as-weights'],
    ['q3a', '6 .5 .5', 'plain-mean'],
    ['q3a', '6 1 3', 'not-a-value'],
    ['q3a', '6 1', 'wrong-length'],
  ])('%s: %s is wrong: %s', (question, answer, code) => {
    const verdict = check(question, answer);
    expect(verdict).toMatchObject({ correct: false, code });
    for (const text of [verdict.mistake, verdict.counterExample]) {
      expect(text!.fa).toMatch(/[ا-ی]/);
      expect(text!.en).toMatch(/[a-z]/);
    }
  });

  it.each([
    ['q1a', 'e', 'check: answer to q1a must name options among a (آ), b (ب), c (ج), got "e" (character 1)'],
    ['q1a', 'b, d', 'got "d" (character 4)'],
    ['q1b', '', 'check: answer to q1b must name an option, got ""'],
    ['q1b', 'c, 5', 'got "5" (character 4)'],
    [
      'q3a',
      '6, one, 2',
      'check: answer to q3a: entries must be finite numbers, got "one" in row 1, entry 2 (character 4)',
    ],
    ['q3a', '', 'check: answer to q3a: must hold numbers, got ""'],
    ['q3a', '6 1; 2 3', 'must be one row or one column, got 2 rows of 2, 2 numbers'],
    ['q3a', '1e999', 'got "1e999" in row 1, entry 1'],
    ['q7', '1', 'got "q7"'],
  ])('%s: %j cannot be read', (question, answer, message) => {
    expect(() => check(question, answer)).toThrow(message);
  });

  test('a million characters are refused at once; ten thousand awkward ones are read in a moment', () => {
    expect(() => check('q1a', 'b'.repeat(1_000_000))).toThrow(
      'must have at most 10000 characters, got 1000000',
    );
    const began = performance.now();
    const awkward = [
      `]${' '.repeat(9_999)}`,
      ']'.repeat(10_000),
      '6 '.repeat(5_000),
      '\\'.repeat(10_000),
      'y_{'.repeat(3_333),
      ' '.repeat(2_000),
      'Σ '.repeat(1_000),
      'گزینه ب '.repeat(250),
    ];
    for (const question of checkable) {
      for (const text of awkward) {
        let outcome: string;
        try {
          outcome = String(check(question, text).correct);
        } catch (error) {
          outcome = (error as Error).message;
        }
        expect(outcome.length).toBeLessThan(300);
        expect(outcome).not.toBe('true');
      }
    }
    expect(performance.now() - began).toBeLessThan(20_000);
  });
});

describe('numbers as people type them', () => {
  it.each([
    [
      '1,2,3; 2,2,1',
      [
        [1, 2, 3],
        [2, 2, 1],
      ],
    ],
    [
      '[[1, 2], [3, 4]]',
      [
        [1, 2],
        [3, 4],
      ],
    ],
    [
      '1 2\n3 4\n',
      [
        [1, 2],
        [3, 4],
      ],
    ],
    [
      '۱،۲؛ −۳٫۵،۴',
      [
        [1, 2],
        [-3.5, 4],
      ],
    ],
    [
      '(1,2);(3,4);',
      [
        [1, 2],
        [3, 4],
      ],
    ],
    ['1e3,.5,-2.', [[1000, 0.5, -2]]],
  ])('%j', (text, rows) => {
    expect(parseMatrix(text, 'test')).toEqual(rows);
  });

  it('reads a million characters in a moment', () => {
    const began = performance.now();
    expect(parseMatrix('6 '.repeat(500_000), 'test')[0]).toHaveLength(500_000);
    expect(() => parseMatrix(`]${' '.repeat(999_999)}`, 'test')).toThrow('must hold numbers');
    expect(() => parseMatrix(']'.repeat(1_000_000), 'test')).toThrow('must hold numbers');
    expect(() => parseMatrix('1'.repeat(1_000_001), 'test')).toThrow(
      'at most 1000000 characters, got 1000001',
    );
    expect(performance.now() - began).toBeLessThan(5000);
  });

  it('points at the place', () => {
    expect(() => parseMatrix('1,2;3,4x', '--keys')).toThrow(
      '--keys: entries must be finite numbers, got "4x" in row 2, entry 2 (character 7)',
    );
    expect(() => parseMatrix('1,0x10', '--keys')).toThrow('got "0x10" in row 1, entry 2 (character 3)');
    expect(() => parseMatrix(' ; ', '--keys')).toThrow('--keys: must hold numbers, got " ; "');
    expect(() => parseVector('(1, q)^T', '--query')).toThrow('got "q" in row 1, entry 2 (character 5)');
  });
});
