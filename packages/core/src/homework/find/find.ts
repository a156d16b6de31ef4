/** Which question of the homework a text is about, by its words: rare ones count more than common ones. */
import { questions } from '../bank/groups.js';
import type { Bilingual, Question, QuestionId } from '../bank/types.js';
import { wordsOf } from './words.js';

/** A question, and how much of the text speaks of it. */
export interface Found {
  readonly question: QuestionId;
  /** Share of the text's weight that the question has as well, in [0, 1]. */
  readonly share: number;
  /** The words that they share, weightiest first. */
  readonly words: readonly string[];
}

/** A word of what is asked counts fully, one of the answer and its explanation less. */
const EXPLAINED = 0.5;
/** What shares less of its weight than this was found by chance. */
export const LEAST_SHARE = 0.15;

const both = ({ fa, en }: Bilingual): string => `${fa} ${en}`;

function asked({ title, prompt, given, options }: Question): string {
  return [both(title), both(prompt), ...given, ...options.map(({ text }) => both(text))].join(' ');
}

function explained({ answer, key, steps, mistakes, remarks, options }: Question): string {
  return [
    ...[answer, key, ...steps, ...remarks].map(({ text, tex = '' }) => `${both(text)} ${tex}`),
    ...mistakes.map(({ text, tex = '' }) => `${both(text)} ${tex}`),
    ...options.map(({ reason }) => both(reason)),
  ].join(' ');
}

interface Index {
  /** By question, in the bank's order: how much each word counts there. */
  readonly documents: readonly (readonly [QuestionId, ReadonlyMap<string, number>])[];
  /** How much a word tells: ln(1 + questions / questions that have it). */
  readonly weights: ReadonlyMap<string, number>;
}

let known: Index | undefined;

/** Made on first use: most sessions never search. */
function index(): Index {
  known ??= build();
  return known;
}

function build(): Index {
  const documents = questions.map((question) => {
    const counts = new Map(wordsOf(explained(question)).map((word) => [word, EXPLAINED]));
    for (const word of wordsOf(asked(question))) counts.set(word, 1);
    return [question.id, counts] as const;
  });
  const weights = new Map<string, number>();
  for (const word of new Set(documents.flatMap(([, counts]) => [...counts.keys()]))) {
    const holders = documents.filter(([, counts]) => counts.has(word)).length;
    weights.set(word, Math.log(1 + documents.length / holders));
  }
  return { documents, weights };
}

/** Questions that a text is about, likeliest first; none when nothing in it is known. */
export function findQuestions(text: string): Found[] {
  const { documents, weights } = index();
  const unknown = Math.log(1 + documents.length);
  const words = [...new Set(wordsOf(text))].map((word) =>
    weights.has(word) ? word : nearest(word, weights),
  );
  const whole = words.reduce((sum, word) => sum + (weights.get(word) ?? unknown), 0);
  if (whole === 0) return [];
  return documents
    .map(([question, counts]) => {
      const worth = (word: string): number => (counts.get(word) ?? 0) * (weights.get(word) ?? 0);
      const shared = words.filter((word) => counts.has(word)).sort((a, b) => worth(b) - worth(a));
      const share = shared.reduce((sum, word) => sum + worth(word), 0) / whole;
      return { question, share: Math.min(1, share), words: shared };
    })
    .filter(({ share }) => share >= LEAST_SHARE)
    .sort((a, b) => b.share - a.share);
}

/** Share of the weight of `words` that stands in `text`, in [0, 1]: how far one text speaks of another. */
export function overlap(text: string, words: string): number {
  const { weights, documents } = index();
  const unknown = Math.log(1 + documents.length);
  const has = new Set(wordsOf(text));
  const wanted = [...new Set(wordsOf(words))];
  const weight = (word: string): number => weights.get(word) ?? unknown;
  const whole = wanted.reduce((sum, word) => sum + weight(word), 0);
  if (whole === 0) return 0;
  return wanted.filter((word) => has.has(word)).reduce((sum, word) => sum + weight(word), 0) / whole;
}

/** Shortest word whose spelling is mended. */
const MENDED = 5;

/** The known word that one slip of the pen makes of this one, or the word itself. */
function nearest(word: string, weights: ReadonlyMap<string, number>): string {
  if (word.length < MENDED) return word;
  for (const candidate of weights.keys()) if (isOneSlip(word, candidate)) return candidate;
  return word;
}

/** One letter more, less or other, or two neighbours exchanged. */
function isOneSlip(a: string, b: string): boolean {
  const [short, long] = a.length <= b.length ? [a, b] : [b, a];
  if (long.length - short.length > 1) return false;
  let at = 0;
  while (at < short.length && short[at] === long[at]) at += 1;
  if (long.length > short.length) return short.slice(at) === long.slice(at + 1);
  const behind = short.slice(at + 1) === long.slice(at + 1);
  const exchanged = short[at] === long[at + 1] && short[at + 1] === long[at];
  return behind || (exchanged && short.slice(at + 2) === long.slice(at + 2));
}
