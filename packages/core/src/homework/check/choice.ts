/** Reads and judges answers to multiple-choice questions. */
import { ArgumentError } from '../../errors.js';
import type { Option, Question } from '../bank/types.js';
import { normalizeNotation, quoted } from '../notation.js';
import type { Verdict } from './verdict.js';

const LETTERS: Readonly<Record<string, number>> = {
  a: 0,
  b: 1,
  c: 2,
  d: 3,
  آ: 0,
  ا: 0,
  أ: 0,
  ب: 1,
  ج: 2,
  د: 3,
  '1': 0,
  '2': 1,
  '3': 2,
  '4': 3,
};

/** Words that people write around their choice. */
const FILLER =
  /^(?:و|and|both|only|the|options?|answers?|is|are|correct|right|گزینه|گزینه‌ی|گزینهٔ|گزینه‌های|گزینه\u200cها|پاسخ|هم|هر|دو|فقط|تنها|مورد|موارد|صحیح|درست|است|هستند|می‌باشد|می‌باشند)$/;

const EVERYTHING =
  /^\s*(?:(?:همهٔ?|همه‌ی|هر)\s*(?:موارد|گزینه‌?\s?ها|سه|چهار)?(?:\s+مورد|\s+گزینه)?|all(?:\s+(?:three|four|options|of\s+(?:them|the\s+above)))?)[\s.]*$/i;
/** What stands behind it are reasons. */
const REASON = /\s*(?:\bbecause\b|\bsince\b|\bas\b|چون|زیرا|چرا\s?که|به\s+دلیل|[:—])/i;
/** An option that is named as one: `گزینهٔ ج`, `options b and c`, `(ج)`. */
const NAMED =
  /(?:گزینه(?:\s?ی|‌ی|ٔ|‌?\s?های)?|options?|answers?)(?=[\s(«])((?:[a-dآابجد1-4](?![\p{L}\p{M}\d])|و(?!\p{L})|and\b|[\s,()«»])+)|\(([a-dآابجد1-4])\)/giu;
/** Says that something named is not meant. */
const DENIED = /(?<!\p{L})(?:not|except|n't|نه|نیست|نادرست|غلط|به\s?جز|غیر)(?!\p{L})/iu;

/**
 * Options named by letter in either script or by number: `ب، ج`, `b,c`, `2 و 3`, `bc`, `همه`; with reasons behind them
 * (`ج، چون ...`) or around them (`... (ج)`); a formula as the question writes it works too.
 * @throws ArgumentError that names the first word that is no option
 */
export function parseChoice(question: Question, text: string): Option[] {
  const { options } = question;
  const formula = options.find((option) => isFormulaOf(option, text));
  if (formula !== undefined) return [formula];
  // Long blanks would keep the patterns busy.
  const source = normalizeNotation(text)
    .replace(/\s{50,}/g, ' ')
    .toLowerCase()
    .replace(/الف/g, 'آ ');
  if (EVERYTHING.test(source)) return [...options];
  try {
    return lettersIn(question, source);
  } catch (error) {
    // Prose: the letters before the reasons, else those that are called options.
    const reason = REASON.exec(source)?.index ?? 0;
    const claim = reason === 0 ? source : source.slice(0, reason);
    const named = [...source.matchAll(NAMED)].map(([, list, one]) => list ?? one).join(' ');
    for (const part of [source.slice(0, reason), DENIED.test(claim) ? '' : named]) {
      if (part.trim() === '') continue;
      try {
        return lettersIn(question, part);
      } catch {}
    }
    throw error;
  }
}

/** Every word a letter or number of an option, or filler. */
function lettersIn(question: Question, source: string): Option[] {
  const { options } = question;
  const chosen = new Set<Option>();
  for (const match of source.matchAll(/[^\s,;.()[\]:/+&«»"'|-]+/g)) {
    const word = match[0];
    if (FILLER.test(word)) continue;
    const letters = [...word];
    const picked = letters.map((letter) => options[LETTERS[letter] ?? -1]);
    const at = picked.indexOf(undefined);
    if (at >= 0) {
      const names = options.map(({ id, letter }) => `${id} (${letter})`).join(', ');
      throw new ArgumentError(
        `check: answer to ${question.id} must name options among ${names}, got ${quoted(word)}` +
          ` (character ${match.index + 1})`,
        { character: match.index + 1 },
      );
    }
    for (const option of picked) chosen.add(option!);
  }
  if (chosen.size === 0) {
    throw new ArgumentError(`check: answer to ${question.id} must name an option, got ${quoted(source)}`);
  }
  return options.filter((option) => chosen.has(option));
}

/** `P(y_t | y_1, ..., y_{t-1})` in any usual spelling. */
function isFormulaOf(option: Option, text: string): boolean {
  const condensed = (formula: string): string =>
    formula
      .replace(/\\mid/g, '|')
      .replace(/\\[lc]?dots|…/g, '')
      .replace(/y_?\{?2\}?,/g, '')
      .replace(/[\s$,._{}\\]/g, '');
  return option.text.en.startsWith('$') && condensed(option.text.en) === condensed(normalizeNotation(text));
}

export function judgeChoice(question: Question, text: string): Verdict {
  const chosen = parseChoice(question, text);
  const wrong = chosen.find((option) => !option.correct);
  const missed = question.options.find((option) => option.correct && !chosen.includes(option));
  const correct = wrong === undefined && missed === undefined;
  const base = { question: question.id, correct, understood: chosen.map(({ id }) => id).join(', ') };
  if (wrong !== undefined) {
    return {
      ...base,
      code: `option-${wrong.id}`,
      mistake: prefixed(wrong, wrong.reason),
      counterExample: wrong.counterExample ?? null,
    };
  }
  if (missed !== undefined) {
    return {
      ...base,
      code: `missed-${missed.id}`,
      mistake: {
        fa: `گزینهٔ ${missed.letter} هم درست است.`,
        en: `Option ${missed.id} is right as well.`,
      },
      counterExample: prefixed(missed, missed.reason),
    };
  }
  return { ...base, code: null, mistake: null, counterExample: null };
}

function prefixed({ id, letter }: Option, { fa, en }: Option['reason']): Option['reason'] {
  return { fa: `گزینهٔ ${letter}: ${fa}`, en: `Option ${id}: ${en}` };
}
