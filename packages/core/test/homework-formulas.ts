/** Right and wrong answers to question 2: hand-written formulas, each in many spellings. */

/** A way to write the same formula. */
type Spelling = (formula: string) => string;

const persian = (digits: string): string =>
  digits.replace(/\d/g, (d) => String.fromCharCode(0x6f0 + Number(d)));
const braces: Spelling = (f) => f.replace(/_(hh|yh|hx)\b/g, '_{$1}').replace(/_([ti])\b/g, '_{$1}');
const primes: Spelling = (f) => f.replaceAll('^T', "'");
const letter: Spelling = (f) => f.replaceAll('^T', 'ᵀ');
const tight: Spelling = (f) => f.replace(/\bW_/g, 'W').replace(/\bg_o\b/g, 'go');
const latex: Spelling = (f) =>
  braces(f)
    .replaceAll('^T', '^{\\top}')
    .replace(/\^\((.*?)\)/g, '^{$1}')
    .replace(/\bsum_/g, '\\sum_')
    .replace(/\bprod_/g, '\\prod_')
    .replace(/\bpsi\b/g, '\\psi')
    .replace(/\byhat_(\w|\{\w\})/g, '\\hat{y}_$1');
const unicode: Spelling = (f) =>
  f
    .replace(/\bsum_/g, '∑_')
    .replace(/\bprod_/g, '∏_')
    .replace(/\bpsi\b/g, 'ψ')
    .replace(/\byhat\b|\byhat(?=_)/g, 'ŷ')
    .replaceAll(' - ', ' − ')
    .replaceAll('^T', '⊤');
const spellings: readonly Spelling[] = [
  (f) => f,
  persian,
  braces,
  primes,
  letter,
  tight,
  latex,
  unicode,
  (f) => ` \u2067${f}\u2069 `,
  (f) => `$${latex(f)}$`,
];

const leftSides: Readonly<Record<string, string>> = {
  q2a: 'dJ_t/do_t = ',
  q2b: '\\frac{\\partial J_t}{\\partial h_i} = ',
  q2c: 'gW_{hh,t} = ',
  q2d: '∂J/∂W_hh = ',
};

const right: Readonly<Record<string, readonly string[]>> = {
  q2a: [
    'yhat_t - y_t',
    '-y_t + yhat_t',
    '-(y_t - yhat_t)',
    'yhat_t * sum(y_t) - y_t',
    '(diag(yhat_t) - yhat_t yhat_t^T) (-y_t / yhat_t)',
    '(diag(yhat_t) - outer(yhat_t, yhat_t))^T (-y_t / yhat_t)',
    'yhat_t^T - y_t^T',
    'J_softmax^T (-y_t / yhat_t)',
  ],
  q2b: [
    '(W_hh^T)^(t-i) W_yh^T g_o',
    '(W_hh^(t-i))^T W_yh^T g_o',
    'g_o W_yh W_hh^(t-i)',
    'g_o^T W_yh W_hh^(t-i)',
    'g_o * W_yh * W_hh^(t-i)',
    '(W_hh^T)^(t-i) * W_yh^T * g_o',
    '(W_yh W_hh^(t-i))^T g_o',
    '(prod_{k=i+1}^{t} W_hh^T) W_yh^T g_o',
    "(prod_{k=i+1}^{t} (W_hh^T diag(psi'(z_k)))) W_yh^T g_o",
    '(W_hh^T)^(t-i) W_yh^T (yhat_t - y_t)',
  ],
  q2c: [
    'sum_{i=1}^{t} outer(g_h(i), h_{i-1})',
    'sum_{i=1}^{t} g_h(i) h_{i-1}^T',
    'sum_{k=1}^{t} g_h(k) h_{k-1}^T',
    'sum_{i=1}^{t} g_h(i) · h_{i-1}',
    'sum_{i=1}^{t} h_{i-1} g_h(i)^T',
    "sum_{i=1}^{t} (psi'(z_i) * g_h(i)) h_{i-1}^T",
    "sum_{i=1}^{t} diag(psi'(z_i)) g_h(i) h_{i-1}^T",
    'sum_{i=0}^{t-1} g_h(i+1) h_i^T',
    'sum_{i=1}^{t} (h_{i-1} g_h(i)^T)^T',
    '(sum_{i=1}^{t-1} g_h(i) h_{i-1}^T) + g_h(t) h_{t-1}^T',
  ],
  q2d: [
    'sum_{t=1}^{3} gW_t',
    'sum_{t=1}^{T} gW_t',
    'sum_{k=1}^{3} gW_k',
    'gW_1 + gW_2 + gW_3',
    'sum_{t=1}^{3} sum_{i=1}^{t} g_h(i) h_{i-1}^T',
    'sum_{i=1}^{3} outer(delta_i, h_{i-1})',
    'gW_3 + sum_{t=1}^{2} gW_t',
    'sum_{t=0}^{2} gW_{t+1}',
  ],
};

const wrong: Readonly<Record<string, readonly (readonly [formula: string, code: string])[]>> = {
  q2a: [
    ['y_t - yhat_t', 'sign'],
    ['-y_t / yhat_t', 'no-softmax-jacobian'],
    ['-y_t * (1 - yhat_t)', 'elementwise-sigmoid'],
    ['yhat_t + y_t', 'wrong-value'],
    ['yhat_t', 'wrong-value'],
    ['yhat_t - 1', 'wrong-value'],
    ['(diag(yhat_t) - yhat_t yhat_t^T) (y_t / yhat_t)', 'sign'],
    ['sum(yhat_t - y_t)', 'wrong-size'],
    ['2 (yhat_t - y_t)', 'wrong-factor'],
  ],
  q2b: [
    ['W_hh^(t-i) W_yh^T g_o', 'missing-transpose'],
    ['(W_hh^T)^(t-i) W_yh g_o', 'missing-transpose'],
    ['W_hh^(t-i) W_yh g_o', 'missing-transpose'],
    ['(W_hh^T)^(t-i+1) W_yh^T g_o', 'power-off-by-one'],
    ['(W_hh^T)^(t-i-1) W_yh^T g_o', 'power-off-by-one'],
    ['(W_hh^T)^(i-t) W_yh^T g_o', 'future-not-zero'],
    ['-(W_hh^T)^(t-i) W_yh^T g_o', 'sign'],
    ['W_yh^T (W_hh^T)^(t-i) g_o', 'factor-order'],
    ['W_yh^T g_o', 'last-step-only'],
    ['g_o W_hh^(t-i) W_yh', 'factor-order'],
    ['(prod_{k=i}^{t} W_hh^T) W_yh^T g_o', 'power-off-by-one'],
    ["(prod_{k=i+1}^{t} (diag(psi'(z_k)) W_hh^T)) W_yh^T g_o", 'activation-inconsistent'],
    ["(W_hh^T)^(t-i) diag(psi'(z_t)) W_yh^T g_o", 'activation-inconsistent'],
    ['(sum_{k=i+1}^{t} W_hh^T) W_yh^T g_o', 'product-for-sum'],
  ],
  q2c: [
    ['sum_{i=1}^{t} outer(g_h(i), h_i)', 'wrong-state'],
    ['sum_{i=1}^{t} g_h(i) h_i^T', 'wrong-state'],
    ['g_h(t) h_{t-1}^T', 'last-path-only'],
    ['g_h(i) h_{i-1}^T', 'last-path-only'],
    ['sum_{i=1}^{t} g_h(i)^T h_{i-1}', 'inner-product'],
    ['sum_{i=1}^{t} g_h(i) ⊙ h_{i-1}', 'entrywise-product'],
    ['-sum_{i=1}^{t} g_h(i) h_{i-1}^T', 'sign'],
    ['prod_{i=1}^{t} g_h(i) h_{i-1}^T', 'product-for-sum'],
    ['sum_{i=1}^{t-1} g_h(i) h_{i-1}^T', 'wrong-range'],
    ['sum_{i=1}^{t} g_h(t) h_{i-1}^T', 'wrong-value'],
    ['sum_{i=1}^{t} g_h(i) h_{i-2}^T', 'wrong-state'],
    ['sum_{i=1}^{t} g_h(i) z_{i-1}^T', 'wrong-value'],
    ["sum_{i=1}^{t} (psi'(z_t) * g_h(i)) h_{i-1}^T", 'activation-inconsistent'],
  ],
  q2d: [
    ['gW_3', 'sum-over-time-forgotten'],
    ['gW_t', 'sum-over-time-forgotten'],
    ['sum_{t=1}^{2} gW_t', 'wrong-range'],
    ['sum_{t=2}^{3} sum_{i=1}^{t} g_h(i) h_i^T', 'wrong-value'],
    ['prod_{t=1}^{3} gW_t', 'product-for-sum'],
    ['-sum_{t=1}^{3} gW_t', 'sign'],
    ['gW_1 + gW_2', 'wrong-value'],
    ['gW_1 + gW_2 - gW_3', 'wrong-value'],
    ['3 gW_3', 'wrong-value'],
    ['sum_{t=1}^{3} outer(g_h(t), h_{t-1})', 'delta-not-accumulated'],
  ],
};

/** Right as they stand; respelling them proves nothing more. */
const rightByHand: readonly (readonly [question: string, answer: string])[] = [
  ['q2a', 'yhat - y'],
  ['q2a', 'softmax(o_t) - y_t'],
  ['q2a', 'σ(o_t) - y_t'],
  ['q2a', 'ŷ_{t,i} - y_{t,i}'],
  ['q2a', 'ŷ − y'],
  ['q2a', "σ'(o_t) (-y_t / yhat_t)"],
  ['q2a', "(-sum_i y_i / yhat_i) σ'(o_t)"],
  ['q2a', "(-sum_{i=1}^{2} y_{t,i} * 1/yhat_{t,i}) × σ'(o_t)"],
  ['q2a', "\\left(-\\sum_{i=1}^{2} y_{t,i} \\cdot \\frac{1}{\\hat{y}_{t,i}}\\right) \\times \\sigma'(o_t)"],
  ['q2a', '(yhat - y).T'],
  ['q2a', '(-y_t / yhat_t) J_softmax'],
  ['q2a', '(-y_t^T / yhat_t^T) (diag(yhat_t) - yhat_t yhat_t^T)'],
  ['q2b', 'g_{o_t} × W_{yh} × W_{hh}^{t-i}'],
  ['q2b', 'g_{o_t} W_yh W_hh^(t-i), i <= t'],
  ['q2b', '(W_hh^T)^(t-i) W_yh^T g_o for i <= t, 0 for i > t'],
  ['q2b', '(W_hh^T)^(t-i) W_yh^T g_o if i ≤ t; 0 otherwise'],
  ['q2b', '(W_hh^T)^(t-i) W_yh^T g_o اگر i ≤ t، ۰ وگرنه'],
  [
    'q2b',
    '\\begin{cases} (W_{hh}^{\\top})^{t-i} W_{yh}^{\\top} g_{o_t} & i \\le t \\\\ 0 & i > t \\end{cases}',
  ],
  ['q2b', '(W_hh^T)^(t-k) W_yh^T g_o'],
  ['q2b', 'prod_{k=i+1}^{t} W_hh^T W_yh^T g_o'],
  ['q2b', "prod_{k=i+1}^{t} (W_hh^T diag(psi'(z_k))) W_yh^T g_o"],
  ['q2b', '∏_{k=i+1}^t (W_hh^T D_k) W_yh^T g_{o_t}'],
  ['q2b', 'g_o W_yh I W_hh^(t-i)'],
  ['q2b', '(W_hh.T)^(t-i) W_yh.T g_o'],
  ['q2b', '(W_hh.T)**(t-i) @ W_yh.T @ g_o'],
  ['q2b', "(Whh')^{t-i} * Wyh' * g_o"],
  ['q2c', 'sum_{i=1}^{t} g_{h_t}(i) × h_{i-1}'],
  ['q2c', '\\sum_{i=1}^{t} g_{h_t}(i) \\cdot h_{i-1}'],
  ['q2c', 'sum_{i=1}^t g_{h_t} h_{i-1}^T'],
  ['q2c', 'sum_{i=1}^t g_h(i) * h_{i-1}'],
  ['q2c', 'sum_{i=1}^t g_z(i) h_{i-1}^T'],
  ['q2c', "sum_{i=1}^t psi'(z_i) g_h(i) h_{i-1}^T"],
  ['q2c', "sum_{i=1}^t psi'(z_i) * g_h(i) * h_{i-1}^T"],
  ['q2c', 'sum_{i=1}^t g_{h_i} h_{i-1}^T'],
  ['q2c', 'sum_{i=2}^t g_h(i) h_{i-1}^T'],
  ['q2c', '∑_{i=1}^{t} g_h^{(t)}(i) h_{i-1}^⊤'],
  ['q2c', 'sum_{i=1}^{t} ((1 - h_i^2) * g_h(i)) h_{i-1}^T'],
  ['q2c', 'sum_{i=1}^{t} (W_hh^T)^(t-i) W_yh^T g_o h_{i-1}^T'],
  ['q2d', '\\sum_{t=1}^{T} gW_{hh,t}'],
  ['q2d', '\\sum_{t=1}^{t=3} gW_{hh,t}'],
  ['q2d', '∑_{t=1}^3 gW_{hh,t}'],
  ['q2d', 'sum_{t=1}^{۳} gW_hh,t'],
  ['q2d', 'sum_{t=1}^3 gW_hh(t)'],
  ['q2d', 'gW_{hh,1} + gW_{hh,2} + gW_{hh,3}'],
];

const wrongByHand: readonly (readonly [question: string, answer: string, code: string])[] = [
  ['q2a', 'yhat_t - y_{t-1}', 'wrong-value'],
  ['q2a', 'sigmoid(o_t) - y_t', 'wrong-value'],
  ['q2a', 'o_t - y_t', 'wrong-value'],
  ['q2a', "σ'(o_t)", 'wrong-size'],
  ['q2a', 'yhat_t * y_t', 'wrong-value'],
  ['q2b', 'g_o W_yh^T W_hh^(t-i)', 'missing-transpose'],
  ['q2b', 'g_o W_yh (W_hh^T)^(t-i)', 'missing-transpose'],
  ['q2b', 'g_o^T W_yh W_hh^(t-i+1)', 'power-off-by-one'],
  ['q2b', '(W_hh^T)^t W_yh^T g_o', 'wrong-value'],
  ['q2b', '(W_hh^T)^(t-i) W_yh^T y_t', 'wrong-value'],
  ['q2b', "(prod_{k=i}^{t} (W_hh^T diag(psi'(z_k)))) W_yh^T g_o", 'wrong-range'],
  ['q2c', 'sum_{i=1}^{t} g_h(i) * h_i', 'wrong-state'],
  ['q2c', 'sum_{i=1}^{t} g_h(i) · h_i', 'wrong-state'],
  ['q2b', '(W_hh^T)^(t-i) W_yh^T g_o for i >= t', 'future-not-zero'],
  ['q2b', '(W_hh^T)^(t-i) W_yh^T g_o for i <= t, W_yh^T g_o for i > t', 'future-not-zero'],
  ['q2b', '0', 'wrong-size'],
  ['q2b', 'W_hh g_o', 'shape-conflict'],
  ['q2c', 'sum_{i=1}^{t} g_h(i)', 'wrong-size'],
  ['q2c', 'sum_{i=1}^{t} g_h(i) x_i^T', 'wrong-size'],
  ['q2d', 'sum_{t=1}^{3} g_h(t)', 'wrong-size'],
  ['q2a', 'yhat_t - h_t', 'shape-conflict'],
];

/** Spellings of an answer, without those that come out the same. */
function spelled(question: string, formula: string): string[] {
  const all = spellings.map((spell) => spell(formula));
  return [...new Set([...all, leftSides[question]! + formula])];
}

export const rightAnswers: readonly (readonly [question: string, answer: string])[] = [
  ...Object.entries(right).flatMap(([question, formulas]) =>
    formulas.flatMap((formula) => spelled(question, formula).map((answer) => [question, answer] as const)),
  ),
  ...rightByHand,
];

export const wrongAnswers: readonly (readonly [question: string, answer: string, code: string])[] = [
  ...Object.entries(wrong).flatMap(([question, formulas]) =>
    formulas.flatMap(([formula, code]) =>
      spelled(question, formula).map((answer) => [question, answer, code] as const),
    ),
  ),
  ...wrongByHand,
];
