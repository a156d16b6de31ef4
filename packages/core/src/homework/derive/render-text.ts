/** A derivation for a terminal, in English or Persian. */

import type { CheckMethod, Derivation, DerivationStep, Numbers, StepKind } from './derivation.js';
import { wrapFormulas } from './formulas-in-text.js';

export type Language = 'en' | 'fa';

/** How a terminal marks parts of the text; plain where it cannot. */
export interface Marks {
  readonly heading: (text: string) => string;
  readonly quiet: (text: string) => string;
  readonly good: (text: string) => string;
  readonly bad: (text: string) => string;
}

const same = (text: string): string => text;
const plainMarks: Marks = { heading: same, quiet: same, good: same, bad: same };

interface Words {
  readonly title: (wrt: string) => string;
  readonly assumed: string;
  readonly sizes: string;
  readonly derivation: string;
  readonly simplified: string;
  readonly simplifiedNote: (error: string) => string;
  readonly key: string;
  readonly keyColumns: readonly [key: string, exact: string, problem: string];
  readonly fits: string;
  readonly cost: string;
  readonly sweep: (count: number, order: string) => string;
  readonly perPath: (count: number, order: string) => string;
  readonly numbers: (seed: number) => string;
  readonly gradient: string;
  readonly paths: string;
  readonly zeroPath: string;
  readonly checks: string;
  readonly methods: Readonly<Record<CheckMethod, string>>;
  readonly checkColumns: readonly [absolute: string, relative: string];
  readonly ok: string;
  readonly failed: string;
  readonly curve: string;
  readonly kinks: (count: number) => string;
  /** Keep a formula left to right. */
  readonly formula: (text: string) => string;
}

const words: Readonly<Record<Language, Words>> = {
  en: {
    title: (wrt) => `dJ/d${wrt} by backpropagation through time`,
    assumed: 'assumed readout',
    sizes: 'sizes',
    derivation: 'derivation',
    simplified: "simplified: every activation's derivative taken for 1, as the homework's key does",
    simplifiedNote: (error) => `off by ${error} of the largest entry of the exact gradient`,
    key: "the homework's key beside the exact result",
    keyColumns: ['key', 'exact', 'shapes'],
    fits: 'fit',
    cost: 'cost',
    sweep: (count, order) => `one backward sweep: ${count} multiplications, ${order}`,
    perPath: (count, order) => `every loss followed back on its own: ${count} multiplications, ${order}`,
    numbers: (seed) => `numbers (what was not given is drawn with seed ${seed})`,
    gradient: 'gradient',
    paths: 'contribution of each path (t: step of the loss, k: step of the parameter), Euclidean norm',
    zeroPath: 'zero',
    checks: 'checks against the symbolic gradient',
    methods: { reverse: 'tape, f64 kernel', forward: 'dual numbers', differences: 'five-point differences' },
    checkColumns: ['max abs', 'max rel'],
    ok: 'ok',
    failed: 'FAILED',
    curve: 'central differences: relative error by step size',
    kinks: (count) => `${count} argument(s) of relu lie at the kink; differences step over it`,
    formula: same,
  },
  fa: {
    title: (wrt) => `\u2066dJ/d${wrt}\u2069 با پس‌انتشار در زمان`,
    assumed: 'لایهٔ خروجی فرض‌شده',
    sizes: 'اندازه‌ها',
    derivation: 'استخراج گام به گام',
    simplified: 'شکل ساده‌شده: مشتق هر تابع فعال‌سازی ۱ گرفته شده است، مانند پاسخنامهٔ تمرین',
    simplifiedNote: (error) => `خطا نسبت به بزرگ‌ترین درایهٔ گرادیان دقیق: \u2066${error}\u2069`,
    key: 'پاسخنامهٔ تمرین در کنار حاصل دقیق',
    keyColumns: ['پاسخنامه', 'دقیق', 'ابعاد'],
    fits: 'سازگار',
    cost: 'هزینهٔ محاسبه',
    sweep: (count, order) => `یک پیمایش رو به عقب: \u2066${count}\u2069 ضرب، \u2066${order}\u2069`,
    perPath: (count, order) => `دنبال کردن جداگانهٔ هر هزینه: \u2066${count}\u2069 ضرب، \u2066${order}\u2069`,
    numbers: (seed) => `عددها (آنچه داده نشده با بذر \u2066${seed}\u2069 تولید شده است)`,
    gradient: 'گرادیان',
    paths: 'سهم هر مسیر (t: گام هزینه، k: گام پارامتر)، نُرم اقلیدسی',
    zeroPath: 'صفر',
    checks: 'مقایسه با گرادیان نمادین',
    methods: { reverse: 'نوار مشتق‌گیری، هستهٔ f64', forward: 'عددهای دوگان', differences: 'تفاضل پنج‌نقطه‌ای' },
    checkColumns: ['بیشینهٔ مطلق', 'بیشینهٔ نسبی'],
    ok: 'درست',
    failed: 'نادرست',
    curve: 'تفاضل مرکزی: خطای نسبی بر حسب اندازهٔ گام',
    kinks: (count) => `\u2066${count}\u2069 ورودی relu نزدیک شکستگی است و تفاضل از روی آن می‌گذرد`,
    formula: (text) => `\u2066${text}\u2069`,
  },
};

/** The whole derivation, line by line. */
export function derivationText(
  derivation: Derivation,
  language: Language = 'en',
  marks: Marks = plainMarks,
): string[] {
  const text = words[language];
  const { heading } = marks;
  return [
    heading(text.title(derivation.wrt)),
    ...(derivation.assumed === '' ? [] : [`${text.assumed}: ${text.formula(derivation.assumed)}`]),
    `${text.sizes}: ${text.formula(sizes(derivation))}`,
    '',
    heading(text.derivation),
    ...stepLines(derivation.derivation, language, marks),
    '',
    ...simplifiedLines(derivation, text, language, marks),
    heading(text.cost),
    `  ${text.sweep(derivation.complexity.sweep, derivation.complexity.sweepOrder)}`,
    `  ${text.perPath(derivation.complexity.perPath, derivation.complexity.perPathOrder)}`,
    '',
    heading(text.numbers(derivation.seed)),
    ...valueLines(derivation, text),
    `  ${text.formula(`J = ${short(derivation.lossValue)}`)}`,
    '',
    `${heading(text.gradient)} ${text.formula(`dJ/d${derivation.wrt}`)}`,
    ...numbers(derivation.gradient).map((line) => `  ${text.formula(line)}`),
    '',
    heading(text.paths),
    ...pathLines(derivation, text, marks),
    '',
    heading(text.checks),
    ...checkLines(derivation, text, marks),
    '',
    heading(text.curve),
    ...curveLines(derivation, text, marks),
  ];
}

function sizes({ shapes }: Derivation): string {
  return shapes
    .map(
      ({ name, letters, rows, columns }) =>
        `${name} ${letters}${letters === 'scalar' ? '' : ` ${columns === 1 && !letters.includes(',') ? rows : `${rows}×${columns}`}`}`,
    )
    .join(', ');
}

function stepLines(steps: readonly DerivationStep[], language: Language, marks: Marks): string[] {
  const { formula } = words[language];
  let before: { kind: StepKind; caption: string } | undefined;
  return steps.flatMap(({ kind, text, shape, caption }) => {
    const said = language === 'fa' ? wrapFormulas(caption.fa, formula) : caption.en;
    // A path's line says its steps itself.
    const repeated = kind === before?.kind && (kind === 'path' || before.caption === said);
    before = { kind, caption: said };
    const line = `    ${formula(text)}${shape === '' || kind === 'path' ? '' : `   ${marks.quiet(formula(shape))}`}`;
    return repeated ? [line] : [marks.quiet(`  ${said}`), line];
  });
}

function simplifiedLines(
  { simplified }: Derivation,
  text: Words,
  language: Language,
  marks: Marks,
): string[] {
  if (simplified.relativeError === 0 && simplified.key.length === 0) return [];
  const [keyWord, exactWord, shapesWord] = text.keyColumns;
  const key = simplified.key.flatMap(({ part, key: formula, exact, fits, problem, note }) => [
    `  ${part}  ${keyWord}: ${text.formula(formula)}   ${shapesWord}: ${fits ? marks.good(text.fits) : marks.bad(text.formula(problem))}`,
    `      ${exactWord}: ${text.formula(exact)}`,
    marks.quiet(`      ${language === 'fa' ? wrapFormulas(note.fa, text.formula) : note.en}`),
  ]);
  return [
    marks.heading(text.simplified),
    ...simplified.equations.map((line) => `  ${text.formula(line)}`),
    `  ${text.simplifiedNote(`${short(100 * simplified.relativeError)} %`)}`,
    '',
    ...(key.length === 0 ? [] : [marks.heading(text.key), ...key, '']),
  ];
}

function valueLines({ values }: Derivation, text: Words): string[] {
  return Object.entries(values).flatMap(([name, value]) => {
    const shown = JSON.stringify(value);
    return [`  ${text.formula(`${name} = ${shown.length > 200 ? `${shown.slice(0, 197)}...` : shown}`)}`];
  });
}

function pathLines({ paths }: Derivation, text: Words, marks: Marks): string[] {
  const largest = Math.max(...paths.map(({ norm }) => norm), Number.MIN_VALUE);
  const lines = paths.slice(0, 36).map(({ t, k, norm }) => {
    const bar = '█'.repeat(Math.round((24 * norm) / largest));
    return `  ${text.formula(`t=${t} k=${k}  ${norm === 0 ? text.zeroPath.padEnd(10) : short(norm).padEnd(10)} ${marks.good(bar)}`)}`;
  });
  return paths.length > 36 ? [...lines, `  ${marks.quiet(`... ${paths.length - 36}`)}`] : lines;
}

function checkLines({ checks }: Derivation, text: Words, marks: Marks): string[] {
  const width = Math.max(...Object.values(text.methods).map((name) => name.length));
  const [absolute, relative] = text.checkColumns;
  return [
    ...checks.rows.map(
      (row) =>
        `  ${text.methods[row.method].padEnd(width)}  ${absolute} ${text.formula(row.absolute.toExponential(1))}  ${relative} ${text.formula(row.relative.toExponential(1))}  ${
          row.passed ? marks.good(text.ok) : marks.bad(text.failed)
        } ${marks.quiet(text.formula(`< ${row.tolerance.toExponential(0)}`))}`,
    ),
    ...(checks.kinks > 0 ? [`  ${text.kinks(checks.kinks)}`] : []),
  ];
}

/** The V: bars by the logarithm of the error, from 1e-14 to 1. */
function curveLines({ checks }: Derivation, text: Words, marks: Marks): string[] {
  const bar = (error: number): string =>
    '▪'.repeat(Math.max(1, Math.min(14, Math.round(14 + Math.log10(Math.max(error, 1e-14))))));
  return checks.curve.map(({ epsilon, f32, f64 }) => {
    const cell = (error: number): string =>
      `${error.toExponential(1).padEnd(8)} ${marks.quiet(bar(error).padEnd(14))}`;
    return `  ${text.formula(`${epsilon.toExponential(0).padEnd(5)}  f32 ${cell(f32)}  f64 ${cell(f64)}`.trimEnd())}`;
  });
}

/** Rows of a matrix with aligned columns; a vector in one line. */
export function numbers(value: Numbers): string[] {
  if (typeof value === 'number') return [short(value)];
  const rows = (Array.isArray(value[0]) ? value : [value]) as readonly (readonly number[])[];
  const cells = rows.map((row) => row.map(short));
  const width = Math.max(...cells.flat().map((cell) => cell.length));
  return cells.map((row) => `[${row.map((cell) => cell.padStart(width)).join('  ')}]`);
}

function short(value: number): string {
  return value === 0
    ? '0'
    : Math.abs(value) < 1e-4 || Math.abs(value) >= 1e6
      ? value.toExponential(3)
      : String(Number(value.toPrecision(6)));
}
