/** Reads and judges the answer to question 3a, a vector. */

import { mix } from '../attention/attend.js';
import { attendByHand } from '../attention/by-hand.js';
import { q3a } from '../bank/q3a.js';
import type { Mistake } from '../bank/types.js';
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

export function judgeOutput(text: string): Verdict {
  const prefix = /^\s*(?:output|o|values?\s*\[\s*[3۳]\s*\]|خروجی)\s*[=:]/i;
  const answer = parseVector(
    text.replace(prefix, (part) => ' '.repeat(part.length)),
    'check: answer to q3a',
  );
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

const lengthExample = {
  fa: 'هر مقدار سه درایه دارد، مثلاً $v_3 = (6, 1, 2)$، و خروجی خود یکی از مقدارهاست.',
  en: 'Every value has three entries, such as $v_3 = (6, 1, 2)$, and the output is one of the values.',
};

function near(a: readonly number[], b: readonly number[], tolerance: number): boolean {
  return a.length === b.length && a.every((entry, i) => Math.abs(entry - b[i]!) <= tolerance);
}
