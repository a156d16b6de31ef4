/** The pages of the lab, in the order of the menu. The first one opens when the address names none. */
import type { PageDefinition } from '../frame/page.js';
import type { Language } from '../i18n/index.js';

export interface PageEntry {
  /** Its name in the address (`p=`) and of its folder. */
  readonly id: string;
  /** What the menu calls it. */
  readonly name: Readonly<Record<Language, string>>;
  /** Loads the page, a chunk of its own. */
  load(): Promise<{ readonly page: PageDefinition }>;
}

export const pages: readonly [PageEntry, ...PageEntry[]] = [
  {
    id: 'home',
    name: { en: 'Start: the questions', fa: 'آغاز: پرسش‌ها' },
    load: () => import('./home/index.js'),
  },
  {
    id: 'architecture',
    name: { en: 'Choosing an architecture', fa: 'انتخاب معماری' },
    load: () => import('./architecture/index.js'),
  },
  {
    id: 'language-model',
    name: { en: 'What a language model estimates', fa: 'آنچه مدل زبانی تخمین می‌زند' },
    load: () => import('./language-model/index.js'),
  },
  {
    id: 'bptt',
    name: { en: 'Backpropagation through time', fa: 'پس‌انتشار در زمان' },
    load: () => import('./bptt/index.js'),
  },
  {
    id: 'attention',
    name: { en: 'Argmax attention (question 3)', fa: 'توجه با argmax (پرسش ۳)' },
    load: () => import('./attention/index.js'),
  },
  {
    id: 'train',
    name: { en: 'Train a character model', fa: 'آموزش مدل نویسه‌ای' },
    load: () => import('./train/index.js'),
  },
  {
    id: 'seq2seq',
    name: { en: 'Sequence to sequence', fa: 'دنباله به دنباله' },
    load: () => import('./seq2seq/index.js'),
  },
  {
    id: 'sentiment',
    name: { en: 'Sentiment', fa: 'احساس متن' },
    load: () => import('./sentiment/index.js'),
  },
  {
    id: 'tagging',
    name: { en: 'Tagging', fa: 'برچسب‌زنی' },
    load: () => import('./tagging/index.js'),
  },
  {
    id: 'models',
    name: { en: 'Models in and out', fa: 'درون‌برد و برون‌برد مدل' },
    load: () => import('./models/index.js'),
  },
  {
    id: 'runs',
    name: { en: 'Runs', fa: 'اجراها' },
    load: () => import('./runs/index.js'),
  },
];
