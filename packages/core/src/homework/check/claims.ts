/**
 * Reads the short essay of question 3b for what it claims, sentence by sentence. It recognises words, not thoughts: the
 * verdict says so, and a batch marks such answers for a person's eye.
 */

import { questionById } from '../bank/solve.js';
import type { Bilingual, Mistake } from '../bank/types.js';
import { normalizeNotation } from '../notation.js';
import type { Verdict } from './verdict.js';

interface Claim {
  readonly id: string;
  readonly name: Bilingual;
  readonly says: (sentence: string) => boolean;
}

const NOT =
  /\b(?:not|no|never|neither|nor|cannot|nothing|none|without|unable|impossible)\b|n't\b|(?:^|[\s‌])(?:نمی|ن(?=خواه|شو|کن|دار|یست)|خیر|هیچ|بدون)|ناپذیر|ناتوان/;
const LEARN =
  /\b(?:learn|improv|updat|train|adjust|optimi[sz])|یاد[\s‌]?(?:می|نمی|گیر|بگیر|نگیر)|یادگیری|بهبود|به[\s‌]?روز|آموزش|اصلاح|تغییر/;
const QUERY_OR_KEY =
  /\b(?:quer(?:y|ies)|keys?|scores?|q and k|q\/k)\b|\bq\b.*\bk\b|پرس[\s‌]?و[\s‌]?جو|کوئری|کلید|امتیاز|\bthey\b|\bthem\b|آن[\s‌]?ها/;
const REMEDY =
  /softmax|gumbel|straight|reinforce|sparsemax|entmax|soft attention|instead|replac|\bif\b|temperature|اگر|به[\s‌]?جای|جایگزین|سافت|دما|نرم/;
const SLOPE = /differentiab|مشتق[\s‌]?(?:نا)?[\s‌]?پذیر/;
const NO_FLOW =
  /(?:gradients?|derivatives?|slope|jacobian)\b.*(?:\bzero\b|\b0\b|vanish|undefined|\bstop|block|die|\bcut\b)|(?:zero|no|undefined)\s+(?:gradients?|derivatives?)|(?:گرادیان|مشتق|ژاکوبی).*(?:صفر|\b0\b|تعریف[\s‌]?نشده|متوقف|قطع|ندارد|ندارند|نمی[\s‌]?(?:رس|گذر|رو|گیر|یابد|تواند))/;

const claims: readonly Claim[] = [
  {
    id: 'no-gradient',
    name: { fa: 'از argmax گرادیانی نمی‌گذرد', en: 'no gradient passes an argmax' },
    says: (s) => (SLOPE.test(s) && NOT.test(s)) || /non-?\s?differentiab/.test(s) || NO_FLOW.test(s),
  },
  {
    id: 'queries-and-keys-stay',
    name: { fa: 'پرس‌وجوها و کلیدها یاد نمی‌گیرند', en: 'queries and keys do not learn' },
    says: (s) => QUERY_OR_KEY.test(s) && LEARN.test(s) && NOT.test(s),
  },
  {
    id: 'differentiable',
    name: { fa: 'argmax مشتق‌پذیر است', en: 'argmax is differentiable' },
    says: (s) => SLOPE.test(s) && !NOT.test(s) && !/non-?\s?differentiab/.test(s) && !REMEDY.test(s),
  },
  {
    id: 'queries-and-keys-learn',
    name: { fa: 'پرس‌وجوها و کلیدها یاد می‌گیرند', en: 'queries and keys do learn' },
    says: (s) =>
      QUERY_OR_KEY.test(s) &&
      LEARN.test(s) &&
      !NOT.test(s) &&
      !REMEDY.test(s) &&
      !/^.*\b(?:can|how)\b.*\?$/.test(s),
  },
  {
    id: 'nothing-learns',
    name: { fa: 'هیچ چیز یاد نمی‌گیرد', en: 'nothing learns' },
    says: (s) =>
      /\b(?:nothing|no (?:parameter|weight)s?)\b.*(?:learn|train|updat)|هیچ[\s‌](?:چیز|پارامتر|وزن).*(?:نمی)/.test(
        s,
      ),
  },
  {
    id: 'only-slower',
    name: { fa: 'یادگیری تنها کندتر می‌شود', en: 'learning only becomes slower' },
    says: (s) => /\b(?:only|just|merely)\b.*slow|(?:تنها|فقط).*کند/.test(s),
  },
];
const needed = ['no-gradient', 'queries-and-keys-stay'];

/** What the answer claims, by id. */
export function claimsIn(text: string): string[] {
  const sentences = normalizeNotation(text)
    .toLowerCase()
    .split(/[.!;\n]+|(?<=[?؟])/)
    .map((sentence) => sentence.trim());
  return claims.filter(({ says }) => sentences.some(says)).map(({ id }) => id);
}

const review: Bilingual = {
  fa: 'متن با واژه‌هایش سنجیده شد، نه با معنایش؛ بهتر است کسی آن را بخواند.',
  en: 'The text was judged by its words, not by its meaning; a person should read it.',
};

/** Right when it says that no gradient passes, that queries and keys do not learn, and nothing false beside. */
export function judgeClaims(text: string): Verdict {
  const found = claimsIn(text);
  const understood = claims
    .filter(({ id }) => found.includes(id))
    .map(({ name }) => name.en)
    .join('; ');
  const base = { question: 'q3b', understood, remark: review };
  const wrong = found.find((id) => !needed.includes(id));
  const missing = needed.find((id) => !found.includes(id));
  const slip = wrong ?? missing;
  if (slip === undefined) return { ...base, correct: true, code: null, mistake: null, counterExample: null };
  const { id, text: mistake, counterExample } = mistakeOf(slip, found.length === 0);
  return { ...base, correct: false, code: id, mistake, counterExample };
}

function mistakeOf(id: string, empty: boolean): Mistake {
  const known = questionById.get('q3b')!.mistakes.find((mistake) => mistake.id === id);
  if (known !== undefined) return known;
  const flat: Bilingual = {
    fa: 'در پرسش ۳ الف هر امتیاز را $0.1$ کم یا زیاد کنید: خروجی همان $(6, 1, 2)$ می‌ماند؛ پس گرادیان امتیازها، و با آن گرادیان پرس‌وجو و کلیدها، درست صفر است.',
    en: 'In question 3a, move any score by $0.1$: the output stays $(6, 1, 2)$. So the gradient of the scores, and with it that of the query and the keys, is exactly zero.',
  };
  if (empty) {
    return {
      id: 'no-claim-found',
      text: {
        fa: 'گفته نشده است که آیا گرادیان از argmax می‌گذرد و آیا پرس‌وجوها و کلیدها یاد می‌گیرند.',
        en: 'It does not say whether a gradient passes an argmax, nor whether queries and keys learn.',
      },
      counterExample: flat,
    };
  }
  const name = claims.find((claim) => claim.id === id)!.name;
  if (needed.includes(id)) {
    return {
      id: `missing-${id}`,
      text: { fa: `گفته نشده است که ${name.fa}.`, en: `It does not say that ${name.en}.` },
      counterExample: flat,
    };
  }
  return { id, text: { fa: `می‌گوید ${name.fa}.`, en: `It says that ${name.en}.` }, counterExample: flat };
}
