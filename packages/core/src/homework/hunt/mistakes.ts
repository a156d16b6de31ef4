/** Mistakes that people make in these derivations, as changes of one line. */
import type { Bilingual } from '../bank/types.js';
import type { Model } from '../derive/model.js';
import type { Relevant } from '../derive/relevant.js';
import { type Contribution, logitsBehind } from '../derive/reverse.js';
import type { Term } from '../derive/term.js';
import * as make from '../derive/term.js';
import { termText } from '../derive/text.js';
import type { Line } from './lines.js';

export type HuntMistake =
  | 'missing-transpose'
  | 'slope-left-out'
  | 'wrong-state'
  | 'future-forgotten'
  | 'reader-forgotten'
  | 'softmax-jacobian-missing'
  | 'sign'
  | 'outer-turned'
  | 'sum-over-time-forgotten'
  | 'sum-starts-late';

export const huntMistakes: Readonly<Record<HuntMistake, Bilingual>> = {
  'missing-transpose': {
    en: 'A transpose is missing: going back, a gradient passes the transposed matrix.',
    fa: 'یک ترانهاده کم است: در راه بازگشت، گرادیان از ترانهادهٔ ماتریس می‌گذرد.',
  },
  'slope-left-out': {
    en: "The activation's derivative is left out.",
    fa: 'مشتق تابع فعال‌سازی جا افتاده است.',
  },
  'wrong-state': {
    en: 'The state of step t stands where that of step t-1 belongs: a weight is multiplied by what enters the step.',
    fa: 'حالت گام t به جای حالت گام t-1 آمده است: وزن در چیزی ضرب می‌شود که به گام وارد می‌شود.',
  },
  'future-forgotten': {
    en: 'What comes back from step t+1 is forgotten: only the path through the loss of the same step is left.',
    fa: 'آنچه از گام t+1 برمی‌گردد فراموش شده است: تنها مسیر هزینهٔ همان گام مانده است.',
  },
  'reader-forgotten': {
    en: 'One of the places that read this value is forgotten; the gradients of all of them add up.',
    fa: 'یکی از جاهایی که این مقدار را می‌خوانند فراموش شده است؛ گرادیان همهٔ آن‌ها جمع می‌شود.',
  },
  'softmax-jacobian-missing': {
    en: "The softmax's Jacobian is missing: -y/yhat is the gradient of yhat, not of o.",
    fa: 'ژاکوبی softmax جا افتاده است: -y/yhat گرادیان yhat است، نه گرادیان o.',
  },
  sign: { en: 'The sign is turned round.', fa: 'علامت وارونه است.' },
  'outer-turned': {
    en: "The outer product is turned round: the gradient has the matrix's own shape, with the output's gradient on the left.",
    fa: 'ضرب خارجی وارونه است: گرادیان هم‌شکل خود ماتریس است و گرادیانِ خروجی سمت چپ می‌ایستد.',
  },
  'sum-over-time-forgotten': {
    en: 'The sum over time is forgotten: the parameter is used at every step.',
    fa: 'مجموع روی زمان فراموش شده است: پارامتر در همهٔ گام‌ها به کار رفته است.',
  },
  'sum-starts-late': {
    en: 'The sum over time begins at the second step.',
    fa: 'مجموع روی زمان از گام دوم آغاز شده است.',
  },
};

export interface Planted {
  readonly mistake: HuntMistake;
  readonly line: Line;
}

/**
 * Every way to spoil a line.
 * @param ignoring - the same derivation with every activation's derivative taken for 1
 */
export function plantings(line: Line, model: Model, ignoring: Relevant): Planted[] {
  if (line.kind === 'total') {
    return [
      { mistake: 'sum-over-time-forgotten', line: { ...line, from: line.to } },
      { mistake: 'sum-starts-late', line: { ...line, from: 2 } },
    ];
  }
  const { contributions } = line;
  const planted: Planted[] = [];
  const plant = (mistake: HuntMistake, changed: readonly Contribution[]): void => {
    planted.push({ mistake, line: { ...line, contributions: changed } });
  };
  const replace = (mistake: HuntMistake, change: (part: Term) => Term | undefined): void => {
    for (const [at, contribution] of contributions.entries()) {
      for (const term of variants(contribution.term, change)) {
        plant(mistake, contributions.with(at, { ...contribution, term }));
      }
    }
  };
  replace('missing-transpose', (part) =>
    part.kind === 'transpose' && part.of.kind === 'symbol' && isSquare(part.of) ? part.of : undefined,
  );
  const flat =
    line.kind === 'immediate'
      ? ignoring.variable
      : (ignoring.adjoints.find(({ name }) => name === line.name)?.contributions ?? []);
  const text = (list: readonly Contribution[]): string => list.map(({ term }) => termText(term)).join(' ');
  if (flat.length === contributions.length && text(flat) !== text(contributions))
    plant('slope-left-out', flat);
  const later = contributions.filter(({ lag }) => lag > 0);
  const now = contributions.filter(({ lag }) => lag === 0);
  if (later.length > 0 && now.length > 0) plant('future-forgotten', now);
  if (contributions.length > 2 || later.length === 0) {
    for (const gone of contributions.length > 1 ? contributions : []) {
      plant(
        'reader-forgotten',
        contributions.filter((other) => other !== gone),
      );
    }
  }
  if (line.kind === 'immediate') {
    replace('wrong-state', (part) =>
      part.kind === 'symbol' && part.index?.constant === -1 ? make.shift(part, 1) : undefined,
    );
    for (const [at, contribution] of contributions.entries()) {
      const { term } = contribution;
      if (isSquare(term)) {
        plant('outer-turned', contributions.with(at, { ...contribution, term: make.transpose(term) }));
      }
    }
  }
  for (const [at, contribution] of contributions.entries()) {
    if (contribution.via !== 'loss') continue;
    const { term: whole } = contribution;
    const turned = whole.kind === 'subtract' ? make.subtract(whole.right, whole.left) : make.negate(whole);
    plant('sign', contributions.with(at, { ...contribution, term: turned }));
    const { loss } = model;
    if (loss.kind !== 'crossEntropy' || logitsBehind(model, loss.left) === undefined) continue;
    const term = make.negate(make.divide(loss.right, loss.left));
    plant('softmax-jacobian-missing', contributions.with(at, { ...contribution, term }));
  }
  return planted;
}

function isSquare({ shape: { rows, columns } }: Term): boolean {
  return rows.size > 1 && rows.letter === columns.letter;
}

/** Copies of the term with one part changed, each in another place. */
function* variants(term: Term, change: (part: Term) => Term | undefined): Generator<Term> {
  const changed = change(term);
  if (changed !== undefined) yield changed;
  for (const part of new Set(make.parts(term))) {
    for (const variant of variants(part, change)) {
      yield make.rebuild(term, (other) => (other === part ? variant : other));
    }
  }
}
