/** A task by its properties, and some tasks that many people know. */
import { ArgumentError } from '../../errors.js';
import type { Bilingual } from '../bank/types.js';

export interface Task {
  /** One vector, or a sequence x_1 ... x_T. */
  readonly inputs: 'one' | 'sequence';
  /** One answer, one for each input, a shorter sequence in the inputs' order, or a sequence of any length. */
  readonly outputs: 'one' | 'each' | 'monotone' | 'free';
  /** What y_t depends on: x_t alone, x_1 ... x_t, up to `ahead` steps more, or all of the input. */
  readonly needs: 'now' | 'past' | 'ahead' | 'all';
  /** For `needs: 'ahead'`: how many steps. */
  readonly ahead?: number;
  /** How many later inputs y_t may wait for; `'all'` when the whole input is there before an answer is wanted. */
  readonly delay: number | 'all';
  /** An output depends on the outputs before it: the words of a sentence do, labels of frames hardly. */
  readonly feedback: boolean;
  /** The answer at t is the next input, x_{t+1}: a language model. */
  readonly predictsNext?: boolean;
  /** Hundreds of steps between what belongs together. */
  readonly long?: boolean;
}

export interface KnownTask {
  readonly id: string;
  readonly name: Bilingual;
  readonly task: Task;
}

export const knownTasks: readonly KnownTask[] = [
  {
    id: 'sentiment',
    name: { fa: 'دسته‌بندی احساسات', en: 'sentiment classification' },
    task: { inputs: 'sequence', outputs: 'one', needs: 'all', delay: 'all', feedback: false },
  },
  {
    id: 'gender',
    name: { fa: 'تشخیص جنسیت از گفتار', en: "the speaker's gender from speech" },
    task: { inputs: 'sequence', outputs: 'one', needs: 'all', delay: 'all', feedback: false },
  },
  {
    id: 'speech',
    name: { fa: 'تشخیص گفتار', en: 'speech recognition' },
    task: { inputs: 'sequence', outputs: 'monotone', needs: 'all', delay: 'all', feedback: false },
  },
  {
    id: 'live-captions',
    name: { fa: 'زیرنویس زندهٔ گفتار', en: 'live captions' },
    task: { inputs: 'sequence', outputs: 'monotone', needs: 'past', delay: 0, feedback: false },
  },
  {
    id: 'cat-mood',
    name: { fa: 'اخلاق پنبه از روی آب و هوا', en: "the cat's mood by the weather" },
    task: { inputs: 'sequence', outputs: 'each', needs: 'past', delay: 0, feedback: false },
  },
  {
    id: 'language-model',
    name: { fa: 'مدل زبانی', en: 'a language model' },
    task: {
      inputs: 'sequence',
      outputs: 'each',
      needs: 'past',
      delay: 0,
      feedback: false,
      predictsNext: true,
    },
  },
  {
    id: 'tagging',
    name: { fa: 'برچسب‌زنی واژه‌های یک جمله', en: 'tagging the words of a sentence' },
    task: { inputs: 'sequence', outputs: 'each', needs: 'all', delay: 'all', feedback: false },
  },
  {
    id: 'frame-labels',
    name: { fa: 'برچسب زدن به قاب‌های صدا، با دو قاب تأخیر', en: 'labels of sound frames, two frames later' },
    task: { inputs: 'sequence', outputs: 'each', needs: 'ahead', ahead: 2, delay: 2, feedback: false },
  },
  {
    id: 'anomaly',
    name: { fa: 'هشدار ناهنجاری در لحظه', en: 'an anomaly score at every moment' },
    task: { inputs: 'sequence', outputs: 'each', needs: 'past', delay: 0, feedback: false },
  },
  {
    id: 'translation',
    name: { fa: 'ترجمه', en: 'translation' },
    task: { inputs: 'sequence', outputs: 'free', needs: 'all', delay: 'all', feedback: true, long: true },
  },
  {
    id: 'captioning',
    name: { fa: 'شرح نوشتن برای تصویر', en: 'captioning an image' },
    task: { inputs: 'one', outputs: 'free', needs: 'all', delay: 'all', feedback: true },
  },
];

/**
 * A task as it is, or the known one of that name.
 * @throws ArgumentError for an unknown name
 */
export function taskOf(task: Task | string): Task {
  if (typeof task !== 'string') return task;
  const known = knownTasks.find(({ id }) => id === task);
  if (known !== undefined) return known.task;
  const names = knownTasks.map(({ id }) => id).join(', ');
  throw new ArgumentError(`task: must be one of ${names}, got ${JSON.stringify(task.slice(0, 40))}`);
}
