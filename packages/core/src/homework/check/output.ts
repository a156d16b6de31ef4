/** Reads and judges the answer to question 3a: the output, with the scores and the index before it or without. */

import { mix } from '../attention/attend.js';
import { attendByHand } from '../attention/by-hand.js';
import { q3a } from '../bank/q3a.js';
import type { Bilingual, Mistake } from '../bank/types.js';
import { parseVector } from '../notation.js';
import type { Verdict } from './verdict.js';

const byHand = attendByHand();
const { keys, values, scores } = byHand;

/** What each likely slip would have produced, by the mistake's id, and how exactly it must be met. */
const slips: readonly (readonly [id: string, result: readonly number[], tolerance: number])[] = [
  ['softmax-mixture', byHand.softmaxOutput, 0.02],
  ['index-from-one', values[2]!, 0],
  ['sign-slip', values[1]!, 0],
  ['least-similar', values[0]!, 0],
  ['key-returned', keys[3]!, 0],
  ['scores-returned', scores, 0],
  ['index-returned', [byHand.index], 0],
  ['scores-as-weights', mix(values, scores), 0],
  ['plain-mean', mix(values, [0.25, 0.25, 0.25, 0.25]), 0.01],
];

const lengthExample = {
  fa: 'هر مقدار سه درایه دارد، مثلاً $v_3 = (6, 1, 2)$، و خروجی خود یکی از مقدارهاست.',
  en: 'Every value has three entries, such as $v_3 = (6, 1, 2)$, and the output is one of the values.',
};

/** What stands behind it are reasons. */
const REASON = /\s(?:because|since|as the|چون|زیرا)\s/i;
const LABEL =
  /(?<![\p{L}\d])(scores?|dot products?|similarit(?:y|ies)|امتیازها|امتیاز|شباهت[\s‌]?ها|ضرب[\s‌]?های داخلی|index|argmax|اندیس|شمارهٔ کلید|output|result|o|values?\s*\[\s*[3۳]\s*\]|خروجی)\s*[=:]/giu;
const partOf = (label: string): Part =>
  /^(?:score|dot|simil|امتیاز|شباهت|ضرب)/i.test(label)
    ? 'scores'
    : /^(?:index|argmax|اندیس|شمارهٔ)/i.test(label)
      ? 'index'
      : 'output';

type Part = 'scores' | 'index' | 'output';
const truths: Readonly<Record<Part, readonly number[]>> = {
  scores,
  index: [byHand.index],
  output: byHand.output,
};
const names: Readonly<Record<Part, Bilingual>> = {
  scores: { fa: 'امتیازها', en: 'the scores' },
  index: { fa: 'اندیس', en: 'the index' },
  output: { fa: 'خروجی', en: 'the output' },
};

/** `[6, 1, 2]`, or `scores: -2, 3, 0, 6; index: 3; output: 6, 1, 2` with any of the three. */
export function judgeOutput(typed: string): Verdict {
  const text = typed.slice(0, REASON.exec(typed)?.index ?? typed.length);
  const labels = [...text.matchAll(LABEL)];
  if (labels.length === 0) return judgeVector(text);
  const parts = labels.flatMap((match, at) => {
    const start = match.index + match[0].length;
    const end = labels[at + 1]?.index ?? text.length;
    // `output = values[3] = [6, 1, 2]`: two names of one part.
    if (at + 1 < labels.length && text.slice(start, end).trim() === '') return [];
    // Blanks in front keep the places of errors.
    return [{ part: partOf(match[1]!), own: ' '.repeat(start) + text.slice(start, end) }];
  });
  const judged = parts.map(({ part, own }) => ({
    part,
    verdict: part === 'output' ? judgeVector(own) : judgeNumbers(part, own),
  }));
  const understood = judged.map(({ part, verdict }) => `${part} ${verdict.understood}`).join('; ');
  const shown = Object.fromEntries(judged.map(({ part, verdict }) => [part, verdict.correct]));
  const base = {
    question: 'q3a',
    parts: shown,
    understood: judged.length === 1 ? judged[0]!.verdict.understood : understood,
  };
  const wrong = judged.find(({ verdict }) => !verdict.correct);
  if (wrong === undefined && !('output' in shown)) {
    return {
      ...base,
      parts: { ...shown, output: false },
      correct: false,
      code: 'output-missing',
      ...outputMissing,
    };
  }
  return { ...(wrong ?? judged[0]!).verdict, ...base };
}

const outputMissing: Pick<Verdict, 'mistake' | 'counterExample'> = {
  mistake: { fa: 'خروجی نوشته نشده است.', en: 'The output is not there.' },
  counterExample: lengthExample,
};

function judgeNumbers(part: Part, text: string): Verdict {
  const answer = parseVector(text, 'check: answer to q3a');
  const truth = truths[part];
  const base = { question: 'q3a', understood: `[${answer.join(', ')}]` };
  if (near(answer, truth, 1e-9)) {
    return { ...base, correct: true, code: null, mistake: null, counterExample: null };
  }
  const counted = part === 'index' && near(answer, [byHand.index + 1], 0);
  const mistake = counted ? q3a.mistakes.find(({ id }) => id === 'index-from-one') : undefined;
  const at = Math.max(
    0,
    truth.findIndex((entry, i) => !(Math.abs(entry - answer[i]!) <= 1e-9)),
  );
  return {
    ...base,
    correct: false,
    code: counted ? 'index-from-one' : `wrong-${part}`,
    mistake: mistake?.text ?? {
      fa: `${names[part].fa} درست نیست.`,
      en: `${names[part].en.replace(/^t/, 'T')} ${part === 'scores' ? 'are' : 'is'} not right.`,
    },
    counterExample:
      part === 'index'
        ? {
            fa: `بزرگ‌ترین امتیاز $${scores[byHand.index]}$ است و شمارش از صفر آغاز می‌شود.`,
            en: `The largest score is $${scores[byHand.index]}$, and counting begins at zero.`,
          }
        : {
            fa: `$k_${at} \\cdot q = ${byHand.products[at]!.join(' + ').replaceAll('+ -', '- ')} = ${truth[at]}$.`,
            en: `$k_${at} \\cdot q = ${byHand.products[at]!.join(' + ').replaceAll('+ -', '- ')} = ${truth[at]}$.`,
          },
  };
}

function judgeVector(text: string): Verdict {
  const answer = parseVector(text, 'check: answer to q3a');
  const understood = `[${answer.join(', ')}]`;
  const base = { question: 'q3a', understood };
  if (near(answer, byHand.output, 1e-9)) {
    return { ...base, correct: true, code: null, mistake: null, counterExample: null };
  }
  const slip = slips.find(([, result, tolerance]) => near(answer, result, tolerance));
  const mistake = q3a.mistakes.find(({ id }) => id === slip?.[0]) ?? unexplained(answer);
  return {
    ...base,
    correct: false,
    code: mistake.id,
    mistake: mistake.text,
    counterExample: mistake.counterExample,
  };
}

/** A wrong answer that no known slip produces. */
function unexplained(answer: readonly number[]): Mistake {
  const { output } = byHand;
  if (answer.length !== output.length) {
    return {
      id: 'wrong-length',
      text: {
        fa: `خروجی باید ${output.length} درایه داشته باشد؛ پاسخ شما ${answer.length} درایه دارد.`,
        en: `The output must have ${output.length} entries; the answer has ${answer.length}.`,
      },
      counterExample: lengthExample,
    };
  }
  const at = answer.findIndex((entry, d) => Math.abs(entry - output[d]!) > 1e-9);
  return {
    id: 'not-a-value',
    text: {
      fa: `این بردار هیچ‌یک از چهار مقدار نیست؛ argmax همیشه یکی از آن‌ها را بی‌تغییر برمی‌گرداند.`,
      en: 'This vector is none of the four values; argmax always returns one of them unchanged.',
    },
    counterExample: {
      fa: `درایهٔ ${at + 1} باید $${output[at]}$ باشد، نه $${answer[at]}$.`,
      en: `Entry ${at + 1} must be $${output[at]}$, not $${answer[at]}$.`,
    },
  };
}

function near(a: readonly number[], b: readonly number[], tolerance: number): boolean {
  return a.length === b.length && a.every((entry, i) => Math.abs(entry - b[i]!) <= tolerance);
}
