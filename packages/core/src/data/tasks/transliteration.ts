/**
 * Made-up names in Latin and in Persian letters, by the table below. To Persian every answer is determined: each sound has one
 * spelling at its place in the word. Back it is not: short vowels (a, e, o) are not written inside a word, و is v, u or a last o,
 * ی is y or i, ه is h or a last e. A model can only learn which reading is likelier.
 *
 * | sound | Persian | as well |     | vowel | first in a word | inside | last |
 * | --- | --- | --- | --- | --- | --- | --- | --- |
 * | b p j ch kh d | ب پ ج چ خ د | | | a | ا | | never |
 * | r zh sh f k g | ر ژ ش ف ک گ | | | e | ا | | ه |
 * | l m n v y | ل م ن و ی | | | o | ا | | و |
 * | t | ت | ط | | aa | آ | ا | ا |
 * | z | ز | ذ ض ظ | | i | ای | ی | ی |
 * | s | س | ص ث | | u | او | و | و |
 * | gh | ق | غ | | | | | |
 * | h | ه | ح | | | | | |
 */
import type { RandomStream } from '../../random.js';
import type { TextPair } from '../examples.js';
import { between, chance, pick, type Task } from './task.js';

export interface TransliterationOptions {
  /** `'persian'`: Latin letters are read and Persian ones written; `'latin'`: the other way. */
  readonly to: 'persian' | 'latin';
  /** Spell t, z, s, gh and h with any of their letters instead of the commonest. To Persian the answer is then ambiguous. */
  readonly homophones: boolean;
  /** Syllables of a name, before an ending such as -pur. */
  readonly minSyllables: number;
  readonly maxSyllables: number;
}

export interface NamePair extends TextPair {
  /** The name in the commonest letters, whatever the pair says. */
  readonly plain: string;
}

/** Spellings of a consonant, the commonest first. */
const consonants: Readonly<Record<string, string>> = {
  b: 'ب',
  p: 'پ',
  t: 'تط',
  j: 'ج',
  ch: 'چ',
  kh: 'خ',
  d: 'د',
  r: 'ر',
  z: 'زذضظ',
  zh: 'ژ',
  s: 'سصث',
  sh: 'ش',
  gh: 'قغ',
  f: 'ف',
  k: 'ک',
  g: 'گ',
  l: 'ل',
  m: 'م',
  n: 'ن',
  v: 'و',
  h: 'هح',
  y: 'ی',
};

/** Spellings of a vowel: first in a word, inside it, last. */
const vowels: Readonly<Record<string, readonly [first: string, inside: string, last: string]>> = {
  a: ['ا', '', ''],
  e: ['ا', '', 'ه'],
  o: ['ا', '', 'و'],
  aa: ['آ', 'ا', 'ا'],
  i: ['ای', 'ی', 'ی'],
  u: ['او', 'و', 'و'],
};

/** Sounds in the order of how often they are drawn: those of Persian names, about. */
const onsets = 'm r n b s d h f sh k z j p kh t l gh g v y ch zh'.split(' ');
const codas = 'r n m d sh l b f z s k j h gh t kh'.split(' ');
const nuclei = 'aa a e i o u'.split(' ');
const lastNuclei = 'aa i e u o'.split(' ');
const endings = ['i', 'p u r', 'z aa d e', 'n e zh aa d', 'f a r d', 'm a n d', 'd u s t'].map((sounds) =>
  sounds.split(' '),
);

const isVowel = (sound: string): boolean => sound in vowels;

/** One of the sounds; the first is about twice as likely as one in the middle. */
function draw(random: RandomStream, sounds: readonly string[]): string {
  return sounds[Math.min(random.integer(sounds.length), random.integer(sounds.length))]!;
}

/** True where two sounds side by side would read as another one in Latin letters: s, h as sh. */
const isMisread = (before: string | undefined, after: string): boolean =>
  before !== undefined && `${before}${after}` in consonants;

function soundsOf(random: RandomStream, { minSyllables, maxSyllables }: TransliterationOptions): string[] {
  const sounds: string[] = [];
  const consonant = (from: readonly string[]): void => {
    let next = draw(random, from);
    while (isMisread(sounds.at(-1), next)) next = draw(random, from);
    sounds.push(next);
  };
  const syllables = between(random, minSyllables, maxSyllables);
  for (let n = 1; n <= syllables; n += 1) {
    const isLast = n === syllables;
    if (n > 1 || chance(random, 0.8)) consonant(onsets);
    const isClosed = chance(random, isLast ? 0.6 : 0.4);
    sounds.push(draw(random, isLast && !isClosed ? lastNuclei : nuclei));
    if (isClosed) consonant(codas);
  }
  if (chance(random, 0.25)) {
    const last = sounds.at(-1)!;
    const fitting = endings.filter(
      ([first]) => !(isVowel(last) && isVowel(first!)) && !isMisread(last, first!),
    );
    sounds.push(...pick(random, fitting));
  }
  return sounds;
}

function spell(sounds: readonly string[], choose: (letters: string) => string): string {
  return sounds
    .map((sound, at) => {
      const [first, inside, last] = vowels[sound] ?? [];
      if (first === undefined) return choose(consonants[sound]!);
      return at === 0 ? first : at === sounds.length - 1 ? last! : inside!;
    })
    .join('');
}

export const transliteration: Task<NamePair, TransliterationOptions> = {
  name: 'transliteration',
  kind: 'seq2seq',
  summary: 'made-up names from Latin to Persian letters',
  defaults: { to: 'persian', homophones: false, minSyllables: 1, maxSyllables: 3 },
  example(random, options) {
    const sounds = soundsOf(random, options);
    const plain = spell(sounds, (letters) => letters[0]!);
    const persian = options.homophones ? spell(sounds, (letters) => pick(random, [...letters])) : plain;
    const latin = sounds.join('');
    const [source, target] = options.to === 'persian' ? [latin, persian] : [persian, latin];
    return { source, target, plain };
  },
  // By the plain spelling, so that no name of validation was seen, whatever its vowels or letters.
  key: ({ plain }) => plain,
};

/** The way back: several readings fit most names, so that no model can be right always. */
export const romanization: Task<NamePair, TransliterationOptions> = {
  ...transliteration,
  name: 'romanization',
  summary: 'made-up names from Persian to Latin letters, short vowels guessed',
  defaults: { ...transliteration.defaults, to: 'latin', homophones: true },
};
