/** What a class did: every student's total, how often each question was right, and which slips were made. */
import type { Bilingual } from '../bank/types.js';
import { checkable } from '../check/check.js';
import type { Grade } from './grade.js';
import { marksOf } from './marks.js';

export interface StudentRow {
  readonly student: string;
  /** Marks by question; a question that was not handed in is missing. */
  readonly parts: Readonly<Record<string, number>>;
  readonly total: number;
  /** Answers that a person should look at. */
  readonly review: number;
}

export interface QuestionRow {
  readonly question: string;
  readonly of: number;
  readonly answers: number;
  readonly right: number;
  /** Mean marks of those who answered. */
  readonly mean: number;
  /** How often each code other than `right` occurred, most frequent first. */
  readonly mistakes: readonly Slip[];
}

export interface Slip {
  readonly code: string;
  readonly count: number;
  /** In words; null for an answer that is empty or cannot be read. */
  readonly text: Bilingual | null;
}

export interface ClassSummary {
  readonly students: number;
  readonly answers: number;
  /** Answers that came after another one of the same student to the same question; the last one counts. */
  readonly repeated: number;
  readonly review: number;
  /** The marks of the questions that were handed in by anyone. */
  readonly of: number;
  readonly mean: number;
  readonly median: number;
  readonly lowest: number;
  readonly highest: number;
  readonly questions: readonly QuestionRow[];
}

export class GradeBook {
  readonly #students = new Map<string, Map<string, Grade>>();
  #repeated = 0;

  add(student: string, grade: Grade): void {
    let parts = this.#students.get(student);
    if (parts === undefined) {
      parts = new Map();
      this.#students.set(student, parts);
    }
    if (parts.has(grade.question)) this.#repeated += 1;
    parts.set(grade.question, grade);
  }

  /** In the order in which they first occurred. */
  students(): StudentRow[] {
    return [...this.#students].map(([student, parts]) => {
      const grades = [...parts.values()].sort((a, b) => (a.question < b.question ? -1 : 1));
      return {
        student,
        parts: Object.fromEntries(grades.map(({ question, marks }) => [question, marks])),
        total: rounded(grades.reduce((sum, { marks }) => sum + marks, 0)),
        review: grades.filter(({ review }) => review).length,
      };
    });
  }

  summary(): ClassSummary {
    const rows = this.students();
    const grades = [...this.#students.values()].flatMap((parts) => [...parts.values()]);
    const questions = checkable
      .map((question) => ({ question, own: grades.filter((grade) => grade.question === question) }))
      .filter(({ own }) => own.length > 0)
      .map(({ question, own }) => questionRow(question, own));
    const totals = rows.map(({ total }) => total).sort((a, b) => a - b);
    const middle = totals.length / 2;
    return {
      students: rows.length,
      answers: grades.length,
      repeated: this.#repeated,
      review: grades.filter(({ review }) => review).length,
      of: questions.reduce((sum, { of }) => sum + of, 0),
      mean: mean(totals),
      median: mean([totals[Math.ceil(middle) - 1] ?? 0, totals[Math.floor(middle)] ?? 0]),
      lowest: totals[0] ?? 0,
      highest: totals.at(-1) ?? 0,
      questions,
    };
  }
}

function questionRow(question: string, own: readonly Grade[]): QuestionRow {
  const slips = new Map<string, Slip>();
  for (const { code, verdict } of own) {
    if (code === 'right') continue;
    slips.set(code, { code, count: (slips.get(code)?.count ?? 0) + 1, text: verdict?.mistake ?? null });
  }
  return {
    question,
    of: marksOf(question),
    answers: own.length,
    right: own.filter(({ code }) => code === 'right').length,
    mean: mean(own.map(({ marks }) => marks)),
    mistakes: [...slips.values()].sort((a, b) => b.count - a.count || (a.code < b.code ? -1 : 1)),
  };
}

function mean(values: readonly number[]): number {
  return values.length === 0 ? 0 : rounded(values.reduce((sum, value) => sum + value, 0) / values.length);
}

/** To hundredths, as marks are. */
function rounded(value: number): number {
  return Math.round(value * 100) / 100;
}
