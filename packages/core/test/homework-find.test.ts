/** Typed and pasted texts find their question; answers find the question that they answer. */
import { describe, expect, it, test } from 'vitest';
import { questions } from '../src/homework/bank/groups.js';
import { findQuestions } from '../src/homework/find/find.js';
import { interpret } from '../src/homework/find/interpret.js';
import { wordsOf } from '../src/homework/find/words.js';
import { segments } from '../src/homework/write/markup.js';
import { solutionFormats, writeSolution } from '../src/homework/write/write.js';

const best = (text: string): string | undefined => findQuestions(text)[0]?.question;

describe('words', () => {
  it.each([
    ['\\frac{\\partial J_t}{\\partial W_{hh}}', 'd(j_t)/d(w_hh)'],
    ['∂J_t/∂W_hh', 'd(j_t)/d(w_hh)'],
    ['dJ_t/dW_hh', 'd(j_t)/d(w_hh)'],
    ['W_{hh}', 'w_hh'],
    ['دسته‌بندی‌ها', 'دسته بند'],
    ['keys', 'key'],
  ])('%s', (text, words) => {
    expect(wordsOf(text).join(' ').startsWith(words)).toBe(true);
  });

  test('digits and letters of both scripts meet', () => {
    expect(wordsOf('۳ كليد')).toEqual(wordsOf('3 کلید'));
  });
});

describe('questions', () => {
  it.each(questions.flatMap(({ id, prompt }) => [[id, prompt.fa] as const, [id, prompt.en] as const]))(
    '%s is found by its own words: %s',
    (id, prompt) => {
      expect(best(prompt)).toBe(id);
      const { kind, readings } = interpret(prompt);
      expect(kind).toBe('question');
      expect(readings[0]?.question).toBe(id);
    },
  );

  it.each([
    ['which tasks are many to one, speech recognition or sentiment?', 'q1a'],
    ['تشخیص جنسیت از گفتار با RNN چند به یک', 'q1a'],
    ['should I use a bidirectional rnn for the cat and the weather', 'q1b'],
    ['اخلاق پنبه و آب و هوا', 'q1b'],
    ['what does a language model estimate at step t?', 'q1c'],
    ['مدل زبانی در گام t چه چیزی را تخمین می‌زند', 'q1c'],
    ['dJ_t/do_t', 'q2a'],
    ['∂J_t/∂h_i', 'q2b'],
    ['how do I get dJ_t/dW_hh?', 'q2c'],
    ['\\frac{\\partial J}{\\partial W_{hh}} چیست؟', 'q2d'],
    ['output of argmax attention for this query', 'q3a'],
    ['can the queries and keys be improved by training with argmax?', 'q3b'],
    ['نوت‌بوک را کامل کنید', 'q4'],
    ['bidirectionl netwrok wether', 'q1b'],
  ])('%s', (text, id) => {
    expect(best(text)).toBe(id);
  });

  it.each([
    ['2b', ['q2b']],
    ['۲ب', ['q2b']],
    ['پرسش ۳', ['q3a', 'q3b']],
    ['q1', ['q1a', 'q1b', 'q1c']],
  ])('by name: %s', (text, ids) => {
    const found = interpret(text);
    expect(found.kind).toBe('question');
    expect(found.readings.map(({ question }) => question)).toEqual(ids);
  });

  it.each(['', '   ', 'pizza', 'سیب زمینی سرخ کرده'])('nothing is found in %j', (text) => {
    expect(interpret(text)).toMatchObject({ kind: 'nothing', readings: [] });
  });
});

describe('answers', () => {
  it.each([
    ['2b: (W_hh^T)^(t-i) W_yh^T g_o', 'q2b', true],
    ['۱ج) د', 'q1c', false],
    ['q3a = 6, 1, 2', 'q3a', true],
    ['۳ الف: (۶، ۱، ۲)', 'q3a', true],
    ['6 -1 2', 'q3a', false],
    ['ŷ_t − y_t', 'q2a', true],
    ['g_{o_t} \\times W_{yh} \\times W_{hh}^{t-i}', 'q2b', true],
    ['Σ_{i=۱}^{t} g_h(i) h_{i−۱}ᵀ', 'q2c', true],
    ['\\sum_{t=1}^{T} gW_{hh,t}', 'q2d', true],
    ['P(y_t | y_1, ..., y_{t-1})', 'q1c', true],
    ['Unidirectional, since y_t depends only on x_1..x_t and not on x_{t+1}..x_30', 'q1b', true],
    ['دوطرفه، زیرا پیش‌بینی روز t بر اساس اطلاعات بیشتری انجام می‌شود', 'q1b', false],
    ['argmax is not differentiable, so queries and keys cannot learn.', 'q3b', true],
    ['گرادیان از argmax نمی‌گذرد و پرس‌وجو و کلیدها یاد نمی‌گیرند.', 'q3b', true],
  ])('%s', (text, id, correct) => {
    const found = interpret(text);
    expect(found.kind).toBe('answer');
    expect(found.readings[0]?.question).toBe(id);
    expect(found.readings[0]?.verdict?.correct).toBe(correct);
  });

  test('letters alone may answer three questions', () => {
    expect(
      interpret('b,c')
        .readings.map(({ question }) => question)
        .sort(),
    ).toEqual(['q1a', 'q1b', 'q1c']);
  });

  test('a named answer that cannot be read says why', () => {
    const found = interpret('3a: six');
    expect(found).toMatchObject({ kind: 'answer', readings: [{ question: 'q3a' }] });
    expect(found.problem).toContain('must be');
  });

  test('a numbered question is a question', () => {
    expect(interpret('2c) find dJ_t/dW_hh in terms of g_h')).toMatchObject({
      kind: 'question',
      readings: [{ question: 'q2c' }],
    });
  });

  test('too long a text is refused with its length', () => {
    expect(() => interpret('x'.repeat(10_001))).toThrow('got 10001');
  });
});

describe('documents', () => {
  it.each(solutionFormats)('%s holds what the bank says, in the language asked for', (format) => {
    const text = writeSolution('q2b', format, 'fa');
    const question = questions.find(({ id }) => id === 'q2b')!;
    expect(text).toContain('W_{hh}');
    for (const { kind, text: piece } of segments(question.prompt.fa)) {
      if (kind === 'math' && format !== 'json') expect(text).toContain(piece);
    }
    if (format === 'json') expect(JSON.parse(text)).toMatchObject({ question: 'q2b' });
  });

  test('Markdown has every option with its reason', () => {
    const text = writeSolution('q1a', 'markdown', 'en');
    for (const { text: said, reason } of questions[0]!.options) {
      expect(text).toContain(said.en);
      expect(text).toContain(reason.en);
    }
  });

  test('an unknown question is refused', () => {
    expect(() => writeSolution('q9', 'markdown', 'en')).toThrow('got "q9"');
  });
});
