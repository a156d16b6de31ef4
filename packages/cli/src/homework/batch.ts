/** `hw5 check --batch`: marks for a class, one record an answer, then totals and what went wrong how often. */
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { rename } from 'node:fs/promises';
import { finished } from 'node:stream/promises';
import type { Language } from '@hw5/core/homework';
import { type ClassSummary, type Grade, GradeBook, gradeAnswer, type StudentRow } from '@hw5/core/homework';
import Papa from 'papaparse';
import { fileError } from '../errors.js';
import { err } from '../terminal.js';
import { plainProse } from './plain-math.js';
import { type BadRow, type Submission, submissions } from './submissions.js';

/** One answer, marked; texts are in the language that was asked for. */
export interface MarkedAnswer {
  readonly line: number;
  readonly student: string;
  readonly question: string;
  readonly marks: number;
  readonly of: number;
  readonly correct: boolean;
  readonly code: string;
  readonly understood: string;
  readonly feedback: string;
  readonly review: boolean;
}

export interface BatchResult {
  readonly students: readonly StudentRow[];
  readonly summary: ClassSummary;
  readonly badRows: readonly BadRow[];
}

/** @param onAnswer - hears of every answer as soon as it is marked */
export async function markBatch(
  file: string,
  lang: Language,
  onAnswer: (answer: MarkedAnswer) => void | Promise<void>,
): Promise<BatchResult> {
  const book = new GradeBook();
  const badRows: BadRow[] = [];
  let count = 0;
  for await (const row of submissions(file)) {
    if ('problem' in row) {
      badRows.push(row);
      continue;
    }
    const grade = gradeAnswer(row.question, row.answer);
    book.add(row.student, grade);
    await onAnswer(marked(row, grade, lang));
    count += 1;
    if (err.isTTY && count % 100 === 0) err.write(`\r${count}`);
  }
  if (err.isTTY && count >= 100) err.write('\r\u001b[K');
  return { students: book.students(), summary: book.summary(), badRows };
}

const words = {
  fa: { right: 'درست است.', empty: 'پاسخی نیست.', unreadable: 'خوانده نشد:' },
  en: { right: 'Right.', empty: 'No answer.', unreadable: 'It could not be read:' },
} as const;

function marked({ line, student }: Submission, grade: Grade, lang: Language): MarkedAnswer {
  const { question, marks, of, code, verdict, problem, review } = grade;
  const said = [verdict?.mistake, verdict?.counterExample, verdict?.remark]
    .filter((text) => text !== null && text !== undefined)
    .map((text) => plainProse(text[lang]));
  if (problem !== null) said.push(`${words[lang].unreadable} ${problem}`);
  else if (code === 'empty') said.push(words[lang].empty);
  else if (code === 'right') said.unshift(words[lang].right);
  return {
    line,
    student,
    question,
    marks,
    of,
    correct: verdict?.correct ?? false,
    code,
    understood: verdict?.understood ?? '',
    feedback: said.join(' '),
    review,
  };
}

/** Writes records as CSV (which spreadsheets open) or as JSON lines, by the file's name; whole or not at all. */
export function openRecords(path: string): {
  write(answer: MarkedAnswer): Promise<void>;
  close(result: BatchResult): Promise<void>;
} {
  const csv = /\.csv$/i.test(path);
  const part = `${path}.part`;
  const stream = createWriteStream(part);
  const done = finished(stream).catch((error: unknown) => {
    throw fileError('out', path, error);
  });
  done.catch(() => {});
  const put = async (text: string): Promise<void> => {
    if (!stream.write(text)) await Promise.race([once(stream, 'drain'), done]);
  };
  const titles = [
    'line',
    'student',
    'question',
    'marks',
    'of',
    'correct',
    'code',
    'understood',
    'feedback',
    'review',
  ];
  if (csv) stream.write(`\ufeff${titles.join(',')}\r\n`);
  return {
    async write(answer) {
      // What a student wrote must not run as a formula of a spreadsheet.
      const row = (): string => `${Papa.unparse([answer], { header: false, escapeFormulae: true })}\r\n`;
      await put(csv ? row() : `${JSON.stringify(answer)}\n`);
    },
    async close(result) {
      if (!csv) await put(`${JSON.stringify({ done: true, ...result })}\n`);
      stream.end();
      await done;
      await rename(part, path).catch((error: unknown) => {
        throw fileError('out', path, error);
      });
    },
  };
}
