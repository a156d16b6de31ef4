/** The calculator's headings, in both languages. */
import type { Language } from '@hw5/core/homework';

export interface AttendWords {
  readonly title: string;
  readonly given: string;
  readonly similarity: string;
  readonly weights: string;
  readonly columns: {
    readonly key: string;
    readonly score: string;
    readonly noise: string;
    readonly weight: string;
    readonly backward: string;
    readonly value: string;
    readonly temperature: string;
    readonly output: string;
    readonly slope: string;
  };
  readonly output: string;
  readonly ties: Readonly<Record<'first' | 'all', string>>;
  readonly weightJacobian: string;
  readonly jacobian: string;
  readonly flat: string;
  readonly kink: string;
  readonly straightThrough: string;
  readonly sweep: string;
}

export const attendWords: Readonly<Record<Language, AttendWords>> = {
  en: {
    title: 'Attention by hand',
    given: 'Given',
    similarity: 'Similarity of each key to the query',
    weights: 'Weights',
    columns: {
      key: 'key',
      score: 'score',
      noise: 'noise',
      weight: 'weight',
      backward: 'backward',
      value: 'value',
      temperature: 'T',
      output: 'output',
      slope: 'largest slope',
    },
    output: 'Output',
    ties: {
      first: 'Several keys share the largest score; the first of them counts.',
      all: 'Several keys share the largest score; they share the weight.',
    },
    weightJacobian: 'Jacobian of the weights, row i, column j: dp_i/ds_j',
    jacobian: 'Jacobian of the output, row d, column j: do_d/ds_j',
    flat: 'All zeros: no gradient reaches the scores, so neither the query nor the keys can learn from it.',
    kink: 'At exactly these scores the weights jump or have a kink, and no derivative exists; the one shown holds nearby.',
    straightThrough:
      'The forward pass is the hard choice; the Jacobians are those of softmax, which the backward pass uses.',
    sweep: 'Temperature sweep',
  },
  fa: {
    title: 'توجه با دست',
    given: 'داده‌ها',
    similarity: 'شباهت هر کلید به پرس‌وجو',
    weights: 'وزن‌ها',
    columns: {
      key: 'key',
      score: 'score',
      noise: 'noise',
      weight: 'weight',
      backward: 'backward',
      value: 'value',
      temperature: 'T',
      output: 'output',
      slope: 'largest slope',
    },
    output: 'خروجی',
    ties: {
      first: 'بیشترین امتیاز میان چند کلید مشترک است؛ نخستین آن‌ها برگزیده می‌شود.',
      all: 'بیشترین امتیاز میان چند کلید مشترک است؛ وزن میان آن‌ها تقسیم می‌شود.',
    },
    weightJacobian: 'ژاکوبی وزن‌ها؛ سطر i و ستون j برابر dp_i/ds_j است',
    jacobian: 'ژاکوبی خروجی؛ سطر d و ستون j برابر do_d/ds_j است',
    flat: 'همه صفرند: هیچ گرادیانی به امتیازها نمی‌رسد، پس پرس‌وجو و کلیدها از این راه یاد نمی‌گیرند.',
    kink: 'درست در این امتیازها وزن‌ها می‌پرند یا می‌شکنند و مشتق ندارند؛ آنچه آمده برای نزدیکی این نقطه است.',
    straightThrough: 'در رفت انتخاب سخت به کار می‌رود؛ ژاکوبی‌ها از softmax‌اند که در برگشت به کار می‌رود.',
    sweep: 'پیمایش دما',
  },
};
