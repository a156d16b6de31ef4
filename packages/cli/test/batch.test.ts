/** `hw5 check --batch`: files as teachers have them, rows that are broken, and what comes out. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, test } from 'vitest';
import { type BatchResult, type MarkedAnswer, markBatch, openRecords } from '../src/homework/batch.js';
import { folder, hw5, lastLine } from './cli.js';

async function marked(name: string, content: string): Promise<BatchResult & { answers: MarkedAnswer[] }> {
  const file = join(folder(), name);
  writeFileSync(file, content);
  const answers: MarkedAnswer[] = [];
  const result = await markBatch(file, 'en', (answer) => void answers.push(answer));
  return { ...result, answers };
}

test('a row for each answer, with a byte order mark, Persian titles and digits', async () => {
  const csv =
    '\ufeffشماره دانشجویی,سؤال,پاسخ\r\n۴۰۰۱,۱ الف,ب و ج\r\n4001,q2c,"sum_{i=1}^{t}\r\n g_h(i) h_i^T"\r\n4002,q3a,6 1 2\r\n';
  const { answers, students, badRows } = await marked('class.csv', csv);
  expect(answers).toMatchObject([
    { line: 2, student: '4001', question: 'q1a', marks: 5, of: 5, correct: true, code: 'right' },
    { line: 3, student: '4001', question: 'q2c', marks: 2.5, correct: false, code: 'wrong-state' },
    { line: 5, student: '4002', question: 'q3a', marks: 10 },
  ]);
  expect(answers.map(({ feedback }) => feedback !== '')).toEqual([true, true, true]);
  expect(students).toMatchObject([
    { student: '4001', total: 7.5 },
    { student: '4002', total: 10 },
  ]);
  expect(badRows).toEqual([]);
});

test('a column for each question, separated by semicolons', async () => {
  const csv = 'name;q1b;پاسخ ۲ د;comment\nSara;c;gW_1 + gW_2 + gW_3;fine\nAli;d;;\n';
  expect((await marked('wide.csv', csv)).students).toMatchObject([
    { student: 'Sara', parts: { q1b: 5, q2d: 5 }, total: 10 },
    { student: 'Ali', parts: { q1b: 0, q2d: 0 }, total: 0 },
  ]);
});

test('JSON lines, rows and columns mixed', async () => {
  const rows = [
    { id: 7, question: 'q3a', answer: [6, 1, 2] },
    { id: 7, q1c: 'ج', q2a: 'ŷ_t - y_t' },
  ];
  const { students, summary } = await marked('a.jsonl', rows.map((row) => JSON.stringify(row)).join('\n'));
  expect(students).toMatchObject([{ student: '7', total: 20 }]);
  expect(summary.of).toBe(20);
});

test('a broken row is told and stops nothing', async () => {
  const csv = [
    'student,question,answer',
    '1,q1b,"c',
    '2,q1b,c',
    ',q1b,c',
    '3,q9,c',
    '4,q1b,c,c',
    '5,q1b',
    '6,q2a,((((',
    '7,q1b,"c"',
    `8,q1b,${'x'.repeat(300_000)}`,
  ].join('\n');
  const { students, badRows } = await marked('class.csv', csv);
  expect(students.map(({ student }) => student)).toEqual(['2', '6', '7']);
  expect(badRows).toMatchObject([
    { line: 2, problem: expect.stringContaining('quotation mark') },
    { line: 4, problem: expect.stringContaining('name its student') },
    { line: 5, problem: expect.stringContaining('got q9') },
    { line: 6, problem: expect.stringContaining('at most 3 cells') },
    { line: 7, problem: expect.stringContaining('must have an answer') },
    { line: 10, problem: expect.stringContaining('at most 200000 characters') },
  ]);
  const json = await marked('class.jsonl', '{"id":1,"q1b":"c"}\n{\n[1]\n{"id":2,"q1b":"c"}\n');
  expect(json.summary.students).toBe(2);
  expect(json.badRows).toMatchObject([{ line: 2 }, { line: 3 }]);
});

test('ten thousand rows', async () => {
  const answers = ['yhat_t - y_t', 'y_t - yhat_t', '-y_t / yhat_t', '((', ''];
  const rows = Array.from({ length: 10_000 }, (_, n) => `${n},q2a,${answers[n % 5]}`);
  const { summary, students } = await marked('class.csv', `student,question,answer\n${rows.join('\n')}`);
  expect(students).toHaveLength(10_000);
  expect(summary).toMatchObject({ answers: 10_000, review: 2000, mean: 2 });
  expect(summary.questions[0]!.mistakes.map(({ count }) => count)).toEqual([2000, 2000, 2000, 2000]);
});

it.each([
  ['missing', undefined, 'path must exist'],
  ['empty', '', 'must have a first row'],
  ['with titles of something else', 'a,b\n1,2\n', 'must name a student column'],
  ['without students', 'question,answer\nq1a,b\n', 'must name a student column'],
])('refuses a file that is %s', async (_, content, words) => {
  const file = join(folder(), 'class.csv');
  if (content !== undefined) writeFileSync(file, content);
  await expect(markBatch(file, 'en', () => {})).rejects.toThrow(words);
});

test('records: a spreadsheet must not run what a student wrote, JSON lines end with the totals', async () => {
  const cwd = folder();
  const { answers, ...result } = await marked(
    'class.csv',
    'student,question,answer\n=1+1,q2a,y_t - yhat_t\n',
  );
  const read = async (name: string): Promise<string> => {
    const records = openRecords(join(cwd, name));
    for (const answer of answers) await records.write(answer);
    await records.close(result);
    return readFileSync(join(cwd, name), 'utf8');
  };
  const csv = await read('marks.csv');
  expect(csv.startsWith('\ufeffline,student,question,marks')).toBe(true);
  expect(csv).toContain(`\r\n2,"'=1+1",q2a,2.5,5,false,sign,`);
  const lines = (await read('marks.jsonl'))
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(lines).toMatchObject([
    { student: '=1+1', marks: 2.5 },
    { done: true, summary: { mean: 2.5 } },
  ]);
});

test('for people, in Persian, and for programs', async () => {
  const cwd = folder();
  writeFileSync(
    join(cwd, 'a.csv'),
    'student,question,answer\n1,q2a,y_t - yhat_t\n2,q2a,y_t - yhat_t\n3,q5,x\n',
  );
  const text = await hw5(['check', '--batch', 'a.csv', '--out', 'm.csv', '--lang', 'fa'], { cwd });
  expect(text.code).toBe(1);
  expect(text.stdout).toMatch(/q2a +2 +█+ +\u2067علامت وارونه/);
  expect(text.stdout).toContain('2 دانشجو؛ میانگین 2.5 و میانه 2.5 از 5');
  expect(text.stdout).toContain('سطر 4: a question must be one that hw5 checks, got q5');
  const json = await hw5(['check', '--batch', 'a.csv', '--json'], { cwd });
  expect(json.code).toBe(1);
  expect(lastLine(json)).toMatchObject({ done: true, students: [{ total: 2.5 }, { total: 2.5 }] });
});

it.each([
  [['--batch', 'a.csv', 'q1a'], 'must stand without a question'],
  [['q1a', '--answer', 'b', '--out', 'x.csv'], 'must come with --batch'],
  [['q1a'], 'option --answer <text> must be given'],
])('refuses %j', async (args, words) => {
  const { code, stdout } = await hw5(['check', ...args, '--json'], { cwd: folder() });
  expect(code).toBe(1);
  expect(JSON.parse(stdout).error).toMatchObject({ code: 'USAGE', message: expect.stringContaining(words) });
});
