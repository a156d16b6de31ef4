/** A class's marks for people: students, questions, and what went wrong how often. */
import type { Language, Slip } from '@hw5/core/homework';
import { table } from '../report/table.js';
import { printable, type Terminal } from '../terminal.js';
import type { BatchResult } from './batch.js';
import { plainProse } from './plain-math.js';
import { isolated } from './wrap.js';

const words = {
  fa: {
    student: 'دانشجو',
    total: 'جمع',
    question: 'پرسش',
    answers: 'پاسخ‌ها',
    right: 'درست',
    mean: 'میانگین',
    of: 'از',
    count: 'تعداد',
    mistake: 'اشتباه',
    empty: 'بی‌پاسخ',
    unreadable: 'خوانده نشد',
    line: (students: number, mean: number, median: number, of: number) =>
      `${students} دانشجو؛ میانگین ${mean} و میانه ${median} از ${of}`,
    review: (count: number) => `${count} پاسخ را کسی باید ببیند (ستون review)`,
    repeated: (count: number) => `${count} پاسخ دوباره فرستاده شده بود؛ آخرین آن‌ها به حساب آمد`,
    bad: (line: number, problem: string) => `سطر ${line}: ${problem}`,
  },
  en: {
    student: 'student',
    total: 'total',
    question: 'question',
    answers: 'answers',
    right: 'right',
    mean: 'mean',
    of: 'of',
    count: 'count',
    mistake: 'mistake',
    empty: 'no answer',
    unreadable: 'could not be read',
    line: (students: number, mean: number, median: number, of: number) =>
      `${students} students; mean ${mean}, median ${median} of ${of}`,
    review: (count: number) => `${count} answers are for a person to look at (review)`,
    repeated: (count: number) => `${count} answers were handed in again; the last one counts`,
    bad: (line: number, problem: string) => `line ${line}: ${problem}`,
  },
} as const;

/** Columns of the longest bar of the histogram. */
const BAR = 20;
const MAX_BAD_ROWS = 20;

/** @param withStudents - false when the marks go to a file */
export function batchText(
  result: BatchResult,
  lang: Language,
  terminal: Terminal,
  withStudents: boolean,
): string {
  const { students, summary, badRows } = result;
  const say = words[lang];
  const { style } = terminal;
  const blocks: string[] = [];
  const ids = summary.questions.map(({ question }) => question);
  if (withStudents) {
    blocks.push(
      table(
        [{ title: say.student }, ...[...ids, say.total].map((title) => ({ title, align: 'right' as const }))],
        students.map(({ student, parts, total }) => [
          printable(student),
          ...ids.map((id) => String(parts[id] ?? '')),
          String(total),
        ]),
        style,
      ),
    );
  }
  blocks.push(
    table(
      [
        { title: say.question },
        ...[say.answers, say.right, say.mean, say.of].map((title) => ({ title, align: 'right' as const })),
      ],
      summary.questions.map(({ question, answers, right, mean, of }) =>
        [question, answers, right, mean, of].map(String),
      ),
      style,
    ),
  );
  const slips = summary.questions.flatMap(({ question, mistakes }) =>
    mistakes.map((slip) => ({ question, ...slip })),
  );
  const most = Math.max(1, ...slips.map(({ count }) => count));
  if (slips.length > 0) {
    blocks.push(
      table(
        [
          { title: say.question },
          { title: say.count, align: 'right' },
          { title: '' },
          { title: say.mistake },
        ],
        slips.map((slip) => [
          slip.question,
          String(slip.count),
          '█'.repeat(Math.max(1, Math.round((BAR * slip.count) / most))),
          isolated(slipText(slip, lang), lang),
        ]),
        style,
      ),
    );
  }
  const { mean, median, of, review, repeated } = summary;
  const notes = [say.line(summary.students, mean, median, of)];
  if (review > 0) notes.push(say.review(review));
  if (repeated > 0) notes.push(say.repeated(repeated));
  for (const { line, problem } of badRows.slice(0, MAX_BAD_ROWS))
    notes.push(say.bad(line, printable(problem)));
  if (badRows.length > MAX_BAD_ROWS) notes.push(`... ${badRows.length - MAX_BAD_ROWS}`);
  blocks.push(notes.map((note) => isolated(note, lang)).join('\n'));
  return blocks.join('\n\n');
}

function slipText({ code, text }: Slip, lang: Language): string {
  if (text !== null) return plainProse(text[lang]);
  return code === 'empty' ? words[lang].empty : words[lang].unreadable;
}
