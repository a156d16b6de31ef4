/** Likely slips: formulas that people write instead, and changes that would make an answer right. */
import { questionById } from '../../bank/solve.js';
import type { Bilingual } from '../../bank/types.js';
import { descendants, type Expr, type Linear } from '../../derive/expression.js';
import { changed, variants } from './change.js';

const r = String.raw;

/** Wrong formulas by question, each with the name of the slip. */
export const wrongForms: Readonly<Record<string, readonly (readonly [id: string, formula: string])[]>> = {
  q2a: [
    ['no-softmax-jacobian', '-y_t / yhat_t'],
    ['no-softmax-jacobian', 'y_t / yhat_t'],
    ['elementwise-sigmoid', '-y_t * (1 - yhat_t)'],
    ['elementwise-sigmoid', '(yhat_t - y_t) * yhat_t * (1 - yhat_t)'],
    ['sign', 'y_t - yhat_t'],
  ],
  q2b: [
    ['missing-transpose', 'W_hh^(t-i) W_yh^T g_o'],
    ['power-off-by-one', '(W_hh^T)^(t-i+1) W_yh^T g_o'],
    ['last-step-only', 'W_yh^T g_o'],
    ['last-step-only', 'W_hh^T W_yh^T g_o'],
  ],
  q2c: [
    ['wrong-state', 'sum_{i=1}^{t} outer(g_h(i), h_i)'],
    ['wrong-state', 'sum_{i=1}^{t} outer(g_z(i), h_i)'],
    ['last-path-only', 'outer(g_h(t), h_{t-1})'],
    ['last-path-only', 'outer(g_z(t), h_{t-1})'],
    ['inner-product', 'sum_{i=1}^{t} inner(g_h(i), h_{i-1})'],
    ['entrywise-product', 'sum_{i=1}^{t} g_h(i) ⊙ h_{i-1}'],
  ],
  q2d: [
    ['sum-over-time-forgotten', 'gW_3'],
    ['sum-over-time-forgotten', 'gW_2'],
    ['sum-over-time-forgotten', 'gW_1'],
    ['delta-not-accumulated', "sum_{i=1}^{3} outer(psi'(z_i) * (W_yh^T (yhat_i - y_i)), h_{i-1})"],
    ['delta-not-accumulated', 'sum_{i=1}^{3} outer(W_yh^T (yhat_i - y_i), h_{i-1})'],
  ],
};

const words: Readonly<Record<string, Bilingual>> = {
  'missing-transpose': {
    fa: 'یک ترانهاده کم یا زیاد است.',
    en: 'A transpose is missing, or one too many.',
  },
  'activation-inconsistent': {
    fa: r`$\psi'$ در بخشی از پاسخ نگه داشته شده و در بخشی کنار گذاشته شده است؛ یا همه جا بیاید یا هیچ جا.`,
    en: r`$\psi'$ is kept in one place and left out, or misplaced, in another; it must be kept everywhere or nowhere.`,
  },
  'wrong-state': {
    fa: 'گام یکی از نمادها یکی جابه‌جاست.',
    en: 'The step of a symbol is off by one.',
  },
  'power-off-by-one': { fa: 'توان یکی جابه‌جاست.', en: 'The power is off by one.' },
  'future-not-zero': {
    fa: r`علامت توان یا بازهٔ $i$ وارونه است: برای $i > t$ مشتق صفر است و برای $i \le t$ توان $t - i$.`,
    en: r`The sign of the power or the range of $i$ is turned round: for $i > t$ the derivative is zero, for $i \le t$ the power is $t - i$.`,
  },
  sign: { fa: 'علامت وارونه است.', en: 'The sign is turned round.' },
  'factor-order': { fa: 'ترتیب عامل‌ها نادرست است.', en: 'The factors are in the wrong order.' },
  'product-for-sum': {
    fa: 'ضرب به جای جمع: سهم مسیرها جمع می‌شود.',
    en: 'A product in place of a sum: the shares of the paths add up.',
  },
  'wrong-range': {
    fa: 'حدود مجموع یا حاصل‌ضرب نادرست است.',
    en: 'The limits of the sum or product are wrong.',
  },
  'last-path-only': {
    fa: 'مجموع روی مسیرها فراموش شده است.',
    en: 'The sum over the paths is forgotten: one path only.',
  },
  'last-step-only': {
    fa: r`توان $t - i$ از $W_{hh}^{\top}$ فراموش شده است: تنها برای یک $i$ درست است.`,
    en: r`The power $t - i$ of $W_{hh}^{\top}$ is forgotten: it is right for one $i$ only.`,
  },
  'sum-over-time-forgotten': {
    fa: r`مجموع روی $t$ فراموش شده است.`,
    en: r`The sum over $t$ is forgotten.`,
  },
  'entrywise-product': {
    fa: 'ضرب درایه به درایه به جای ضرب خارجی.',
    en: 'A product entry by entry in place of the outer product.',
  },
  'wrong-factor': { fa: 'یک عدد در پاسخ ضرب شده است.', en: 'The answer is multiplied by a number.' },
  'wrong-size': { fa: 'اندازهٔ پاسخ درست نیست.', en: 'The answer has the wrong size.' },
  'wrong-value': { fa: 'عددهای پاسخ درست نیستند.', en: 'The numbers are not those of the gradient.' },
};

/** The bank's words where it knows the slip, else ours. */
export function wordsOf(question: string, id: string): Bilingual {
  const known = questionById.get(question)?.mistakes.find((mistake) => mistake.id === id);
  return known?.text ?? words[id]!;
}

const moved = (linear: Linear, by: number): Linear => ({ ...linear, constant: linear.constant + by });

/** Changed answers with the name of the slip that the change mends; likelier slips first. */
export function* repairs(question: string, expr: Expr): Generator<readonly [id: string, expr: Expr]> {
  yield ['sign', { kind: 'negate', of: expr, at: expr.at }];
  const weights = (part: Expr): boolean => part.kind === 'symbol' && part.name.startsWith('W_');
  for (const toggled of [/^W_/, /^W_hh/, /^W_yh/]) {
    yield [
      'missing-transpose',
      changed(expr, (part) =>
        part.kind === 'symbol' && toggled.test(part.name)
          ? { kind: 'transpose', of: part, at: part.at }
          : part,
      ),
    ];
  }
  for (const one of variants(expr, (part) =>
    weights(part) || (part.kind === 'symbol' && !weights(part))
      ? [{ kind: 'transpose', of: part, at: part.at }]
      : [],
  )) {
    yield ['missing-transpose', one];
  }
  for (const by of [1, -1]) {
    for (const one of variants(expr, (part) =>
      part.kind === 'power' ? [{ ...part, exponent: moved(part.exponent, by) }] : [],
    )) {
      yield ['power-off-by-one', one];
    }
  }
  for (const one of variants(expr, (part) =>
    part.kind === 'power'
      ? [
          {
            ...part,
            exponent: {
              factors: Object.fromEntries(Object.entries(part.exponent.factors).map(([l, f]) => [l, -f])),
              constant: -part.exponent.constant,
            },
          },
        ]
      : [],
  )) {
    yield ['future-not-zero', one];
  }
  if (question !== 'q2a') {
    for (const by of [-1, 1]) {
      for (const one of variants(expr, (part) =>
        part.kind === 'symbol' && part.index !== undefined ? [{ ...part, index: moved(part.index, by) }] : [],
      )) {
        yield ['wrong-state', one];
      }
    }
  }
  for (const one of variants(expr, (part) =>
    part.kind === 'series' ? [{ ...part, op: part.op === 'sum' ? 'product' : 'sum' }] : [],
  )) {
    yield ['product-for-sum', one];
  }
  const ends: readonly (readonly [number, number])[] = [
    [1, 0],
    [-1, 0],
    [2, 0],
    [0, 1],
    [0, -1],
    [1, 1],
    [-1, -1],
  ];
  for (const [low, high] of ends) {
    for (const one of variants(expr, (part) =>
      part.kind === 'series' ? [{ ...part, from: moved(part.from, low), to: moved(part.to, high) }] : [],
    )) {
      yield ['wrong-range', one];
    }
  }
  for (const one of variants(expr, (part) =>
    part.kind === 'binary' && (part.op === '@' || part.op === '*') ? orders(part) : [],
  )) {
    yield ['factor-order', one];
  }
  const letter = (name: string): Linear => ({ factors: { [name]: 1 }, constant: 0 });
  const one: Linear = { factors: {}, constant: 1 };
  const summed = (index: string, to: Linear, body: Expr): Expr => ({
    kind: 'series',
    op: 'sum',
    index,
    from: one,
    to,
    body,
    at: expr.at,
  });
  if (question === 'q2c' && hasFree(expr, 'i')) yield ['last-path-only', summed('i', letter('t'), expr)];
  if (question === 'q2d' && hasFree(expr, 't')) {
    yield ['sum-over-time-forgotten', summed('t', letter('N'), expr)];
  }
  if (question === 'q2d' && hasFree(expr, 'i')) {
    yield ['sum-over-time-forgotten', summed('t', letter('N'), summed('i', letter('t'), expr))];
  }
}

/** Does a symbol's step use the letter without a sum that gives it a value? */
function hasFree(expr: Expr, letter: string): boolean {
  const bound = [...descendants(expr)].filter((part) => part.kind === 'series' && part.index === letter);
  const inside = new Set(bound.flatMap((part) => [...descendants(part)]));
  return [...descendants(expr)].some(
    (part) => part.kind === 'symbol' && !inside.has(part) && (part.index?.factors[letter] ?? 0) !== 0,
  );
}

/** The same factors in other orders; at most four. */
function orders(part: Expr): Expr[] {
  const factors: Expr[] = [];
  const flatten = (node: Expr): void => {
    if (node.kind === 'binary' && (node.op === '@' || node.op === '*')) {
      flatten(node.left);
      flatten(node.right);
    } else factors.push(node);
  };
  flatten(part);
  if (factors.length > 4) return [];
  const permuted = (rest: readonly Expr[]): Expr[][] =>
    rest.length <= 1
      ? [[...rest]]
      : rest.flatMap((first, at) => permuted(rest.toSpliced(at, 1)).map((tail) => [first, ...tail]));
  return permuted(factors).map((list) =>
    list.reduce((left, right) => ({ kind: 'binary', op: '@', left, right, at: part.at })),
  );
}
