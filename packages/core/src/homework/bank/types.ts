/**
 * What the question bank holds. Prose is bilingual and marked up lightly: `$...$` is LaTeX, `` `...` `` is code,
 * the rest is plain text. `tex` is a displayed formula without delimiters.
 */

/** The same sentence in Persian and in English. */
export interface Bilingual {
  readonly fa: string;
  readonly en: string;
}

export type QuestionId = 'q1a' | 'q1b' | 'q1c' | 'q2a' | 'q2b' | 'q2c' | 'q2d' | 'q3a' | 'q3b' | 'q4';

export type GroupId = 'q1' | 'q2' | 'q3' | 'q4';

/** A thought, and the formula that says it; either may stand alone in print, the words never do. */
export interface Step {
  readonly text: Bilingual;
  readonly tex?: string;
}

/** One option of a multiple-choice question. */
export interface Option {
  readonly id: 'a' | 'b' | 'c' | 'd';
  /** The homework's own letter. */
  readonly letter: 'آ' | 'ب' | 'ج' | 'د';
  readonly text: Bilingual;
  readonly correct: boolean;
  /** Why it is right, or the misconception that makes it look right. */
  readonly reason: Bilingual;
  /** For a wrong option: a case in which it fails, with numbers. */
  readonly counterExample?: Bilingual;
}

/** A likely wrong answer to a question that asks for a formula or a number. */
export interface Mistake {
  /** Stable name, e.g. `scalar-sum`. */
  readonly id: string;
  readonly text: Bilingual;
  /** The wrong answer itself. */
  readonly tex?: string;
  readonly counterExample: Bilingual;
}

/** A command that shows the answer at work. */
export interface Experiment {
  /** Arguments of `hw5`, as typed in a shell. */
  readonly command: string;
  readonly shows: Bilingual;
}

export interface Question {
  readonly id: QuestionId;
  /** How the homework names it, e.g. `۲ (ب)`. */
  readonly label: Bilingual;
  readonly title: Bilingual;
  /** The question; in Persian the homework's own words. */
  readonly prompt: Bilingual;
  /** Formulas of the question. */
  readonly given: readonly string[];
  readonly options: readonly Option[];
  /** What the answer key says. */
  readonly key: Step;
  /** The exact answer. */
  readonly answer: Step;
  /** How to get there. */
  readonly steps: readonly Step[];
  readonly mistakes: readonly Mistake[];
  /** Where the key is inexact, or silent. */
  readonly remarks: readonly Step[];
  readonly experiments: readonly Experiment[];
}

/** Questions that share their marks and their setting. */
export interface QuestionGroup {
  readonly id: GroupId;
  readonly title: Bilingual;
  /** Marks of all its parts together, of 100. */
  readonly marks: number;
  readonly setting: Step;
  readonly questions: readonly Question[];
}
