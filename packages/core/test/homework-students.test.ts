/**
 * Answers as students hand them in, written down before anyone looked at how the checker treats them: Persian digits,
 * LaTeX, code, prose. Of the first 60, 43 were judged rightly then and one wrongly; of another 40, after what the first
 * had taught, 23 rightly and two wrongly. The rest could not be read.
 */
import { describe, expect, it, test } from 'vitest';
import { ArgumentError } from '../src/errors.js';
import { check } from '../src/homework/check/check.js';

const right: readonly (readonly [question: string, answer: string])[] = [
  ['q2a', 'ŷ_t − y_t'],
  ['q2a', '\\frac{\\partial J_t}{\\partial o_t} = \\hat{y}_t - y_t'],
  ['q2a', 'g_o = softmax(W_yh h_t) - y_t'],
  ['q2a', 'np.exp(o) / np.sum(np.exp(o)) - y'],
  ['q2a', '(diag(ŷ_t) − ŷ_t ŷ_tᵀ)(−y_t ⊘ ŷ_t)'],
  ['q2a', '\\hat{y}_{t,i} - y_{t,i}'],
  ['q2a', 'y_hat[t] - y[t]'],
  ['q2a', "\\left(-\\sum_{i=1}^{2} y_{t,i}\\cdot\\frac{1}{\\hat y_{t,i}}\\right)\\times\\sigma'(o_t)"],
  ['q2b', '(W_hhᵀ)^(t−i) W_yhᵀ g_o'],
  ['q2b', '\\left(W_{hh}^{\\top}\\right)^{t-i} W_{yh}^{\\top}\\, g_{o_t}'],
  ['q2b', 'matrix_power(W_hh.T, t - i) @ W_yh.T @ g_o'],
  ['q2b', 'np.linalg.matrix_power(W_hh, t-i).T @ W_yh.T @ (y_hat - y)'],
  ['q2b', 'g_{o_t} \\times W_{yh} \\times W_{hh}^{t-i}'],
  ['q2b', "\\prod_{k=i+1}^{t}\\left(W_{hh}^T\\,\\mathrm{diag}(\\psi'(z_k))\\right) W_{yh}^T g_{o_t}"],
  ['q2b', '\\begin{cases} (W_{hh}^T)^{t-i} W_{yh}^T g_{o_t} & i \\le t \\\\ 0 & i > t \\end{cases}'],
  ['q2b', "(W_hh')^(t-i) * W_yh' * g_o , برای i ≤ t"],
  ['q2b', 'dJ_t/dh_i = (g_o^T W_yh W_hh^{t-i})^T'],
  ['q2c', 'Σ_{i=۱}^{t} g_h(i) h_{i−۱}ᵀ'],
  ['q2c', 'sum(np.outer(g_h[i], h[i-1]) for i in range(1, t+1))'],
  ['q2c', "\\sum_{i=1}^{t} \\psi'(z_i) * g_h(i) \\cdot h_{i-1}"],
  ['q2c', '\\sum_{j=0}^{t-1} g_h(j+1) h_j^\\top'],
  ['q2c', 'g_h(1) h_0^T + g_h(2) h_1^T + ... + g_h(t) h_{t-1}^T'],
  ['q2c', '∑_{i=1}^t g_h(i) ⊗ h_{i-1}'],
  ['q2c', "\\sum_{i=1}^{t} \\mathrm{diag}\\left(\\psi'(z_i)\\right) g_{h_t}(i)\\, h_{i-1}^{\\top}"],
  ['q2d', 'gW_hh,۱ + gW_hh,۲ + gW_hh,۳'],
  ['q2d', '\\frac{\\partial J}{\\partial W_{hh}}=\\sum_{t=1}^{3}\\sum_{i=1}^{t} g_{h_t}(i) h_{i-1}^T'],
  ['q2d', 'sum(gW_hh[t] for t in range(1, 4))'],
  ['q2d', '\\sum_{t=1}^{T} gW_{hh,t}'],
  ['q1a', 'گزینه‌های ب و ج، چون خروجی یک برچسب است'],
  ['q1b', 'یک‌طرفه، چون y_t فقط به x_1 تا x_t وابسته است (ج)'],
  ['q1c', 'P(y_t | y_1, ..., y_{t-1})'],
  ['q3a', '\\begin{bmatrix} 6 \\\\ 1 \\\\ 2 \\end{bmatrix}'],
  ['q3a', 'خروجی = (۶، ۱، ۲)'],
  ['q3a', 'values[3] = [6 1 2]ᵀ'],
  ['q2a', 'p_t - y_t, p_t = softmax(o_t)'],
  ['q2a', '\\sigma(o_t) - y_t'],
  ['q2a', 'torch.softmax(o, dim=0) - y'],
  ['q2a', '\\hat{\\mathbf{y}}_t - \\mathbf{y}_t'],
  ['q2a', '\\operatorname{diag}(\\hat y_t)(-y_t/\\hat y_t) - \\hat y_t \\hat y_t^\\top (-y_t / \\hat y_t)'],
  ['q2a', 'ŷ_t·sum(y_t) − y_t'],
  ['q2b', 'W_{hh}^{T^{(t-i)}} W_{yh}^T g_{o_t}'],
  ['q2b', '((W_hh)^T)^{t-i} * (W_yh)^T * g_{o,t}'],
  ['q2b', 'np.dot(np.linalg.matrix_power(W_hh.T, t-i), np.dot(W_yh.T, g_o))'],
  ['q2b', 'اگر i ≤ t باشد (W_hh^T)^(t-i) W_yh^T g_o و در غیر این صورت صفر'],
  ['q2b', 'g_oᵀ W_yh W_hh^(t−i)'],
  ['q2b', '(\\mathbf{W}_{hh}^{\\top})^{t-i}\\mathbf{W}_{yh}^{\\top}\\mathbf{g}_{o_t}'],
  ['q2b', '\\prod_{k=i+1}^{t} W_{hh}^T W_{yh}^T g_{o_t}'],
  ['q2c', 'Σᵢ₌₁ᵗ g_h(i) h_{i-1}ᵀ'],
  ['q2c', '\\sum_{i \\le t} g_h(i) h_{i-1}^T'],
  ['q2c', 'sum_{i=1..t} g_h(i) h_{i-1}^T'],
  ['q2c', '\\sum\\limits_{i=1}^{t} g_{h}^{(t)}(i)\\, h_{i-1}^{\\intercal}'],
  ['q2c', 'np.sum([np.outer(g_h[i], h[i-1]) for i in range(1, t+1)], axis=0)'],
  ['q2d', 'ΣgW_hh,t برای t از ۱ تا ۳'],
  ['q2d', '\\sum_t gW_{hh,t}'],
  ['q2d', 'gW_{hh,1} + ... + gW_{hh,3}'],
  ['q1a', 'دو گزینه ب و ج صحیح است.'],
  ['q1b', 'گزینه (ج) صحیح است زیرا اخلاق گربه به آینده وابسته نیست'],
  ['q1c', '(c) because an RNN LM predicts the next word given the previous ones'],
  ['q3a', 'output = values[3] = [6, 1, 2]ᵀ since the max score is 6'],
];

const wrong: readonly (readonly [question: string, answer: string])[] = [
  ['q2a', 'y_t - softmax(o_t)'],
  ['q2a', '-\\frac{y_t}{\\hat{y}_t}'],
  ['q2a', '(ŷ_t − y_t) ⊙ ŷ_t ⊙ (۱ − ŷ_t)'],
  ['q2a', 'ŷ_t - 1'],
  ['q2a', '-sum(y * log(y_hat))'],
  ['q2b', 'W_hh^(t-i) W_yh g_o'],
  ['q2b', '(W_hhᵀ)^(i−t) W_yhᵀ g_o'],
  ['q2b', 'g_o W_yh W_hh^{t-i+۱}'],
  ['q2b', '(t-i) W_hh^T W_yh^T g_o'],
  ['q2b', 'W_{yh}^T (W_{hh}^T)^{t-i} g_{o_t}'],
  ['q2b', 'W_yh.T @ g_o'],
  ['q2b', '\\sum_{k=i}^{t} (W_{hh}^T)^{k-i} W_{yh}^T g_{o_t}'],
  ['q2b', '(W_hhᵀ)^(t−i) W_yhᵀ (y_t − ŷ_t)'],
  ['q2c', '\\sum_{i=1}^{t} g_h(i) h_i^\\top'],
  ['q2c', 'g_h(t) h_{t-1}ᵀ'],
  ['q2c', 'sum(np.dot(g_h[i], h[i-1]) for i in range(1, t+1))'],
  ['q2c', '\\sum_{i=1}^{t-1} g_h(i) h_{i-1}^T'],
  ['q2c', '\\frac{1}{t}\\sum_{i=1}^{t} g_h(i) h_{i-1}^T'],
  ['q2c', 'Σ_{i=۱}^{t} g_h(i) x_iᵀ'],
  ['q2c', 'sum(np.outer(g_h[i], h[i-1]) for i in range(1, t))'],
  ['q2d', 'gW_{hh,3}'],
  ['q2d', '\\prod_{t=1}^{3} gW_{hh,t}'],
  ['q2d', 'sum(gW_hh[t] for t in range(3))'],
  ['q1a', 'همه'],
  ['q1c', 'P(y_t|y_1,…,y_t)'],
  ['q3a', '[6, -1, 2]'],
  ['q2a', 'yₜ − ŷₜ'],
  ['q2a', '\\hat{y}_t(1-\\hat{y}_t)'],
  ['q2b', '(W_hh^T)^{t-i-1} W_yh^T g_o'],
  ['q2b', '(W_hx^T)^{t-i} W_yh^T g_o'],
  ['q2b', 'W_hh * W_yh * g_o'],
  ['q2b', '(W_{hh}^T)^{t+i} W_{yh}^T g_{o_t}'],
  ['q2c', '\\sum_{i=1}^t \\delta_i h_{i-1}^T'],
  ['q2c', '\\sum_{i=1}^{t} h_{i-1}^T g_h(i)'],
  ['q2c', '\\sum_{i=1}^{t} \\psi(z_i) g_h(i) h_{i-1}^T'],
  ['q2c', '\\sum_{i=1}^{t} g_o h_{i-1}^T'],
  ['q2d', 'gW_1*gW_2*gW_3'],
  ['q2d', '(gW_hh,1 + gW_hh,2 + gW_hh,3)/3'],
];

test.each(right)('%s: %s is right', (question, answer) => {
  expect(check(question, answer)).toMatchObject({ correct: true, code: null });
});

test.each(wrong)('%s: %s is wrong', (question, answer) => {
  expect(check(question, answer)).toMatchObject({ correct: false, code: expect.any(String) });
});

test.each([
  ['q2a', '-\\log \\hat{y}_t'],
  ['q2b', 'W_hh^T W_hh^T ... W_hh^T W_yh^T g_o'],
  ['q2c', "torch.einsum('ti,tj->ij', g_h, h_prev)"],
])('%s: %s is refused, not misjudged', (question, answer) => {
  expect(() => check(question, answer)).toThrow(ArgumentError);
});

describe('code', () => {
  it.each([
    ['q2b', 'np.linalg.matrix_power(W_hh.T, t - i).dot(W_yh.T.dot(g_o))', true],
    ['q2b', 'np.matmul(np.transpose(W_yh), g_o)', false],
    ['q2c', "sum([np.outer(np.multiply(psi'(z[i]), g_h[i]), h[i-1]) for i in range(1, t + 1)])", true],
    ['q2c', 'sum(g_h[i] @ h[i-1].T for i in 1..t)', true],
    ['q2c', 'sum(np.dot(g_h[i], h[i-1]) for i in range(1, t + 1))', false],
    ['q2d', 'gW_hh[1] + gW_hh[2] + gW_hh[3]', true],
  ])('%s: %s', (question, answer, correct) => {
    expect(check(question, answer).correct).toBe(correct);
  });
});

describe('columns in a row', () => {
  it.each([
    ["sum_{i=1}^{t} psi'(z_i) * g_h(i) · h_{i-1}", true],
    ["sum_{i=1}^{t} g_h(i) psi'(z_i) h_{i-1}", true],
    ["sum_{i=1}^{t} (psi'(z_i) ⊙ g_h(i)) · h_{i-1}", true],
    ["sum_{i=1}^{t} psi'(z_i) * g_h(i) · h_i", false],
    ["sum_{i=1}^{t} psi'(z_i) ⊙ g_h(i) ⊙ h_{i-1}", false],
    ["sum_{i=1}^{t} psi'(z_{i-1}) * g_h(i) · h_{i-1}", false],
  ])('%s', (answer, correct) => {
    expect(check('q2c', answer).correct).toBe(correct);
  });
});

describe('dots', () => {
  it.each([
    ['q2c', 'g_h(t) h_{t-1}^T + ... + g_h(1) h_0^T', true],
    ['q2c', "\\psi'(z_1) g_h(1) h_0^T + \\dots + \\psi'(z_t) g_h(t) h_{t-1}^T", true],
    ['q2c', 'g_h(1) h_1^T + g_h(2) h_2^T + … + g_h(t) h_t^T', false],
    ['q2c', 'g_h(1) h_0^T + ⋯ + g_h(t-1) h_{t-2}^T', false],
    ['q2d', 'gW_{hh,1} + \\cdots + gW_{hh,T}', true],
  ])('%s: %s', (question, answer, correct) => {
    expect(check(question, answer).correct).toBe(correct);
  });

  it.each([
    ['... + g_h(t) h_{t-1}^T', 'must stand between'],
    ['g_h(1) h_0^T + ... + g_h(t) x_t^T', 'must differ in their steps alone'],
    ['g_h(1) h_0^T + ... + g_h(1) h_0^T', 'must differ, got the same'],
    ['g_h(1) h_0^T + g_h(3) h_2^T + ... + g_h(t) h_{t-1}^T', 'must grow by one'],
  ])('refuses %s', (answer, words) => {
    expect(() => check('q2c', answer)).toThrow(words);
  });
});

test('the place inside a fraction is the one that was typed', () => {
  const answer = '\\frac{y_t}{\\frac{1}{\\hat{y}_t + q_t}}';
  expect.assertions(2);
  try {
    check('q2a', answer);
  } catch (error) {
    expect(error).toBeInstanceOf(ArgumentError);
    expect((error as ArgumentError).details.column).toBe(answer.indexOf('q_t') + 1);
  }
});

test('an index letter is a number, and a multiple of the right answer is called one', () => {
  expect(check('q2c', '\\frac{1}{t} \\sum_{i=1}^{t} g_h(i) h_{i-1}^T').code).toBe('wrong-factor');
  expect(check('q2d', '\\frac{1}{T} \\sum_{t=1}^{T} gW_{hh,t}').code).toBe('wrong-factor');
  expect(() => check('q2c', 'k g_h(t) h_{t-1}^T')).toThrow(
    'an index letter must be t, N or run in a sum, got k',
  );
});

test('prose that takes an option back is not guessed at', () => {
  expect(() => check('q1b', 'یک‌طرفه، ولی گزینهٔ د نه')).toThrow('must name options among');
});
