/** Marks: what an answer earns of its part, and what a class did. */
import { describe, expect, it, test } from 'vitest';
import { GradeBook } from '../src/homework/grade/class.js';
import { gradable, gradeAnswer } from '../src/homework/grade/grade.js';
import { marksOf } from '../src/homework/grade/marks.js';

test('the parts of a question share its marks', () => {
  const parts = ['q1a', 'q1b', 'q1c', 'q2a', 'q2b', 'q2c', 'q2d', 'q3a', 'q3b'];
  expect(parts.map(marksOf)).toEqual([5, 5, 5, 5, 5, 5, 5, 10, 10]);
  expect(parts.map(gradable)).toEqual(parts);
  expect(['۲ج', 'سوال ۱ الف', 'q4', 'q2', 'x'].map(gradable)).toEqual([
    'q2c',
    'q1a',
    undefined,
    undefined,
    undefined,
  ]);
});

describe('marks of an answer', () => {
  it.each([
    ['q1a', 'b, c', 5, 'right'],
    ['q1a', 'b', 2.5, 'missed-c'],
    ['q1a', 'همه', 2.5, 'option-a'],
    ['q1a', 'a', 0, 'option-a'],
    ['q1b', 'c, d', 0, 'option-d'],
    ['q2b', '(W_hh^T)^(t-i) W_yh^T g_o', 5, 'right'],
    ['q2b', 'W_hh^(t-i) W_yh^T g_o', 2.5, 'missing-transpose'],
    ['q2b', 'h_t', 0, 'wrong-value'],
    ['q2b', 'W_hh g_o', 0, 'shape-conflict'],
    ['q2c', 'sum_{i=1}^{t}\n g_h(i) h_{i-1}^T', 5, 'right'],
    ['q3a', '6 1 2', 10, 'right'],
    ['q3a', '6 1 0', 5, 'index-from-one'],
    ['q3a', '1 2 3', 0, 'not-a-value'],
    ['q3a', 'scores: -2, 3, 0, 6; index: 3; output: 6, 1, 2', 10, 'right'],
    ['q3a', 'scores: -2, 3, 1, 6; index: 3; output: 6, 1, 2', 6.67, 'wrong-scores'],
    ['q3a', 'امتیازها: -2، 3، 0، 6', 5, 'output-missing'],
    ['q3b', 'Its gradient is zero, and queries and keys cannot be learned.', 10, 'right'],
    ['q3b', 'argmax مشتق‌پذیر نیست.', 5, 'missing-queries-and-keys-stay'],
    ['q3b', 'Nothing can be trained.', 0, 'nothing-learns'],
    ['q3b', 'Keys and queries still learn.', 0, 'queries-and-keys-learn'],
    ['q2a', ' ', 0, 'empty'],
    ['q2a', 'what?', 0, 'unreadable'],
  ])('%s: %j earns %d (%s)', (question, answer, marks, code) => {
    const grade = gradeAnswer(question, answer);
    expect(grade).toMatchObject({ question, marks, code, of: marksOf(question) });
    expect(grade.verdict?.correct ?? false).toBe(code === 'right');
    expect(grade.review).toBe(question === 'q3b' || code === 'unreadable');
    expect(grade.problem).toEqual(code === 'unreadable' ? expect.stringContaining('column') : null);
  });

  it('is the same whenever it is asked', () => {
    const first = gradeAnswer('q2d', 'gW_3');
    for (let n = 0; n < 6000; n += 1) gradeAnswer('q1b', `${n} c`);
    expect(gradeAnswer('q2d', 'gW_3')).toEqual(first);
  });
});

test('a class: totals, means, medians and slips; the last of two answers counts', () => {
  const book = new GradeBook();
  const add = (student: string, question: string, answer: string): void =>
    book.add(student, gradeAnswer(question, answer));
  add('1', 'q2d', 'gW_3');
  add('1', 'q1a', 'b');
  add('1', 'q1a', 'b, c');
  add('2', 'q2d', 'gW_2');
  add('3', 'q2d', 'sum_{t=1}^{3} gW_t');
  expect(book.students()).toEqual([
    { student: '1', parts: { q1a: 5, q2d: 2.5 }, total: 7.5, review: 0 },
    { student: '2', parts: { q2d: 2.5 }, total: 2.5, review: 0 },
    { student: '3', parts: { q2d: 5 }, total: 5, review: 0 },
  ]);
  const summary = book.summary();
  expect(summary).toMatchObject({
    students: 3,
    answers: 4,
    repeated: 1,
    of: 10,
    mean: 5,
    median: 5,
    lowest: 2.5,
  });
  expect(summary.questions).toMatchObject([
    { question: 'q1a', answers: 1, right: 1, mean: 5, mistakes: [] },
    {
      question: 'q2d',
      answers: 3,
      right: 1,
      mean: 3.33,
      mistakes: [{ code: 'sum-over-time-forgotten', count: 2 }],
    },
  ]);
});

test('a class of nobody', () => {
  expect(new GradeBook().summary()).toMatchObject({
    students: 0,
    answers: 0,
    mean: 0,
    median: 0,
    questions: [],
  });
});
