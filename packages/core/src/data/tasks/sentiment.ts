/**
 * Sentiment by grammar, in English and Persian: praise and blame with negation and contrast, so that the words alone do not
 * decide. "The film was not bad, but the ending was slow" is negative: after a contrast, its second half counts.
 */
import type { RandomStream } from '../../random.js';
import type { LabelledText } from '../examples.js';
import { chance, pick, type Task } from './task.js';

export interface SentimentOptions {
  readonly languages: readonly ('en' | 'fa')[];
  /** Chance that a clause is negated. */
  readonly negation: number;
  /** Chance that two clauses are contrasted. */
  readonly contrast: number;
}

interface Lexicon {
  readonly subjects: readonly string[];
  readonly positive: readonly string[];
  readonly negative: readonly string[];
  readonly degrees: readonly string[];
  clause(subject: string, adjective: string, negated: boolean): string;
  /** The second clause counts. */
  readonly contrasts: readonly ((first: string, second: string) => string)[];
}

export const lexicons: Readonly<Record<'en' | 'fa', Lexicon>> = {
  en: {
    subjects: [
      'the film',
      'the ending',
      'the food',
      'the hotel',
      'the music',
      'the service',
      'this book',
      'the story',
      'our room',
      'the teacher',
      'the concert',
      'my phone',
    ],
    positive: [
      'good',
      'great',
      'lovely',
      'brilliant',
      'charming',
      'fresh',
      'clever',
      'warm',
      'beautiful',
      'delightful',
    ],
    negative: ['bad', 'awful', 'boring', 'slow', 'dull', 'cold', 'noisy', 'ugly', 'disappointing', 'stale'],
    degrees: ['very', 'really', 'rather', 'so'],
    clause: (subject, adjective, negated) => `${subject} was ${negated ? 'not ' : ''}${adjective}`,
    contrasts: [
      (first, second) => `${first}, but ${second}`,
      (first, second) => `although ${first}, ${second}`,
      (first, second) => `${first}; however ${second}`,
    ],
  },
  fa: {
    subjects: [
      'فیلم',
      'پایان فیلم',
      'غذا',
      'هتل',
      'موسیقی',
      'خدمات',
      'این کتاب',
      'داستان',
      'اتاق ما',
      'استاد',
      'کنسرت',
      'گوشی من',
    ],
    positive: ['خوب', 'عالی', 'دوست‌داشتنی', 'درخشان', 'دلنشین', 'تازه', 'هوشمندانه', 'گرم', 'زیبا', 'لذت‌بخش'],
    negative: ['بد', 'افتضاح', 'خسته‌کننده', 'کند', 'کسالت‌آور', 'سرد', 'شلوغ', 'زشت', 'ناامیدکننده', 'کهنه'],
    degrees: ['خیلی', 'واقعا', 'نسبتا', 'بسیار'],
    clause: (subject, adjective, negated) => `${subject} ${adjective} ${negated ? 'نبود' : 'بود'}`,
    contrasts: [
      (first, second) => `${first}، اما ${second}`,
      (first, second) => `${first}، ولی ${second}`,
      (first, second) => `با اینکه ${first}، ${second}`,
    ],
  },
};

export const sentiment: Task<LabelledText, SentimentOptions> = {
  name: 'sentiment',
  kind: 'classify',
  summary: 'praise or blame, with negation and contrast, in English and Persian',
  defaults: { languages: ['en', 'fa'], negation: 0.3, contrast: 0.5 },
  example(random, { languages, negation, contrast }) {
    const lexicon = lexicons[pick(random, languages)];
    const positive = chance(random, 0.5);
    const label = positive ? 'positive' : 'negative';
    const decisive = clause(random, lexicon, positive, negation);
    if (!chance(random, contrast)) return { text: decisive, label };
    // The first half may agree with the second: that there is a contrast must not give the answer away.
    const first = clause(random, lexicon, chance(random, 0.5), negation);
    return { text: pick(random, lexicon.contrasts)(first, decisive), label };
  },
  key: ({ text }) => text,
};

function clause(random: RandomStream, lexicon: Lexicon, positive: boolean, negation: number): string {
  const negated = chance(random, negation);
  const adjective = pick(random, positive === negated ? lexicon.negative : lexicon.positive);
  const degree = chance(random, 0.4) ? `${pick(random, lexicon.degrees)} ` : '';
  return lexicon.clause(pick(random, lexicon.subjects), degree + adjective, negated);
}
