/** What a right answer leaves open. */
import type { Bilingual } from '../../bank/types.js';

export const remarks: Readonly<Record<string, Bilingual>> = {
  row: {
    fa: 'به شکل سطری است، مانند کلید؛ شکل ستونی ترانهادهٔ آن است.',
    en: 'This is the row form, as in the key; the column form is its transpose.',
  },
  numerator: {
    fa: 'این ترانهادهٔ گرادیان است (چیدمان صورت)؛ گرادیانی که شکل $W_{hh}$ را دارد ترانهادهٔ آن است.',
    en: "This is the transposed gradient (numerator layout); the one of $W_{hh}$'s shape is its transpose.",
  },
  outer: {
    fa: 'ضرب دو بردار مانند کلید نوشته و به صورت ضرب خارجی $g_h(i) h_{i-1}^{\\top}$ خوانده شد.',
    en: 'The product of two vectors is written as in the key and was read as the outer product $g_h(i) h_{i-1}^{\\top}$.',
  },
  'scalar-sum': {
    fa: 'این شکل ساده‌شدهٔ کلید است و پذیرفته می‌شود، ولی ابعادش نمی‌خوانند: یک عدد ضرب در ژاکوبی. شکل دقیق $\\hat{y}_t - y_t$ است.',
    en: "This is the key's simplified form and is accepted, but its shapes do not fit: a number times a Jacobian. The exact form is $\\hat{y}_t - y_t$.",
  },
  'zero-start': {
    fa: 'با $h_0 = 0$ درست است؛ در حالت کلی جملهٔ $i = 1$ هم هست.',
    en: 'Right when $h_0 = 0$; in general the term $i = 1$ is there as well.',
  },
};
