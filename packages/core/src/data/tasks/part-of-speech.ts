/**
 * Parts of speech by grammar, in English and Persian. Some words have two parts of speech, and what follows decides:
 * "her book" and "saw her", "the light lamp" and "the light", «مرد» (a man, or died), «در» (a door, or in). Reading in both
 * directions can be right everywhere; reading in one cannot.
 */
import type { RandomStream } from '../../random.js';
import type { TaggedTokens } from '../examples.js';
import { chance, pick, type Task } from './task.js';

export interface PartOfSpeechOptions {
  readonly languages: readonly ('en' | 'fa')[];
}

export const tagNames = ['DET', 'ADJ', 'NOUN', 'PRON', 'VERB', 'AUX', 'ADP', 'ADV', 'PART', 'PUNCT'] as const;
export type Tag = (typeof tagNames)[number];

type Phrase = readonly (readonly [token: string, tag: Tag])[];
type Rule = (random: RandomStream) => Phrase;

const words = (tag: Tag, list: string): Rule => {
  const choices = list.split(' ');
  return (random) => [[pick(random, choices), tag]];
};
const sequence =
  (...rules: readonly Rule[]): Rule =>
  (random) =>
    rules.flatMap((rule) => rule(random));
const either =
  (...rules: readonly Rule[]): Rule =>
  (random) =>
    pick(random, rules)(random);
const maybe =
  (p: number, rule: Rule): Rule =>
  (random) =>
    chance(random, p) ? rule(random) : [];

function english(): Rule {
  const stop = words('PUNCT', '.');
  const noun = either(
    words('NOUN', 'cat lamp student garden letter river'),
    words('NOUN', 'book plant watch light can'),
  );
  const adjective = either(words('ADJ', 'old small green quiet'), words('ADJ', 'light'));
  const nounPhrase = sequence(words('DET', 'the a this her'), maybe(0.4, adjective), noun);
  const pronoun = words('PRON', 'she he they we');
  const auxiliary = words('AUX', 'will can must');
  const both = words('VERB', 'book plant watch light');
  const past = words('VERB', 'saw found kept painted');
  const object = either(nounPhrase, words('PRON', 'her'));
  const adverb = maybe(0.4, words('ADV', 'yesterday again today'));
  const place = maybe(0.3, sequence(words('ADP', 'in near behind'), nounPhrase));
  return either(
    sequence(nounPhrase, past, object, adverb, stop),
    sequence(pronoun, past, object, place, stop),
    sequence(pronoun, auxiliary, both, object, adverb, stop),
    sequence(nounPhrase, auxiliary, both, nounPhrase, place, stop),
  );
}

function persian(): Rule {
  const stop = words('PUNCT', '.');
  const noun = either(words('NOUN', 'گربه دانشجو کتاب نامه'), words('NOUN', 'مرد سیر در'));
  const nounPhrase = sequence(maybe(0.4, words('DET', 'این آن')), noun);
  const person = sequence(maybe(0.4, words('DET', 'این آن')), words('NOUN', 'گربه دانشجو مرد'));
  const object = sequence(either(nounPhrase, words('PRON', 'این آن او')), words('PART', 'را'));
  const place = sequence(words('ADP', 'در'), words('NOUN', 'خانه باغ شهر کوچه'));
  const again = maybe(0.4, words('ADV', 'باز دوباره'));
  return either(
    sequence(person, maybe(0.3, place), object, again, words('VERB', 'دید یافت نوشت بست'), stop),
    sequence(person, place, again, words('VERB', 'ماند خوابید مرد'), stop),
    sequence(person, again, words('VERB', 'آمد رفت مرد'), stop),
    sequence(person, words('ADJ', 'سیر آرام پیر'), words('AUX', 'بود نبود'), stop),
    sequence(
      maybe(0.4, words('DET', 'این آن')),
      words('NOUN', 'در'),
      words('ADJ', 'باز بسته'),
      words('AUX', 'بود نبود'),
      stop,
    ),
  );
}

const grammars = { en: english(), fa: persian() };

export const partOfSpeech: Task<TaggedTokens, PartOfSpeechOptions> = {
  name: 'part-of-speech',
  kind: 'tag',
  summary: 'parts of speech in English and Persian; what follows decides',
  defaults: { languages: ['en', 'fa'] },
  example(random, { languages }) {
    const phrase = grammars[pick(random, languages)](random);
    return { tokens: phrase.map(([token]) => token), tags: phrase.map(([, tag]) => tag) };
  },
  key: ({ tokens }) => tokens.join(' '),
};
