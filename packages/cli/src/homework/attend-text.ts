/** The attention calculator's report for a terminal: every product written out, then weights, output, slopes. */
import type { AttendReport, Language } from '@hw5/core/homework';
import { plain } from '../report/format.js';
import { attendWords } from './attend-words.js';
import type { Sheet } from './text.js';
import { columns, isolated } from './wrap.js';

/** More keys than this: their Jacobian among the weights is left to --json. */
const WIDEST_JACOBIAN = 8;

export function attendText(report: AttendReport, language: Language, { style }: Sheet): string {
  const words = attendWords[language];
  const { keys, values, query, scores, weights, output, index, ties, tiePolicy } = report;
  const prose = (text: string): string => isolated(text, language);
  const heading = (text: string): string => style.bold(prose(text));
  const formulas = (lines: readonly string[]): string[] =>
    lines.map((line) => `  ${isolated(line, 'en', language)}`);
  const hand = aligned(keys.map((key, i) => handLine(key, query, i, scores[i]!)));
  const chosen = `o = ${hardChoice(report) ? `values[${index}]` : 'sum_i p_i values[i]'} = ${vector(output)}`;
  return [
    style.bold(prose(`${words.title} (${report.mode}, T = ${plain(report.temperature)})`)),
    '',
    heading(words.given),
    ...formulas([`q = ${vector(query)}`]),
    ...formulas(
      aligned(
        keys.map((key, i) => [`keys[${i}] = ${vector(key)}`, `values[${i}] = ${vector(values[i]!)}`]),
        '   ',
      ),
    ),
    '',
    heading(words.similarity),
    ...formulas(hand).map((line, i) => (weights[i]! > 0 && hardChoice(report) ? style.green(line) : line)),
    '',
    heading(words.weights),
    ...formulas(weightTable(report, words.columns)),
    ...(ties.length > 1 && hardChoice(report) ? [`  ${prose(words.ties[tiePolicy])}`] : []),
    '',
    `${heading(words.output)}  ${style.bold(isolated(chosen, 'en', language))}`,
    '',
    ...(keys.length <= WIDEST_JACOBIAN
      ? [heading(words.weightJacobian), ...formulas(grid(report.weightJacobian)), '']
      : []),
    heading(words.jacobian),
    ...formulas(
      keys.length <= 2 * WIDEST_JACOBIAN ? grid(report.jacobian) : [`${output.length} x ${keys.length}`],
    ),
    ...notes(report, language).map((note) => `  ${prose(note)}`),
    ...(report.sweep.length === 0
      ? []
      : ['', heading(words.sweep), ...formulas(sweepTable(report, words.columns))]),
  ].join('\n');
}

const hardChoice = ({ mode, tiePolicy, ties }: AttendReport): boolean =>
  (mode === 'argmax' || mode === 'straight-through') && (tiePolicy === 'first' || ties.length === 1);

function notes(report: AttendReport, language: Language): string[] {
  const words = attendWords[language];
  return [
    ...(report.mode === 'straight-through' ? [words.straightThrough] : []),
    ...(report.jacobian.flat().every((slope) => slope === 0) ? [words.flat] : []),
    ...(report.differentiable || report.mode === 'straight-through' ? [] : [words.kink]),
  ];
}

/** `keys[0] . q`, `1×3 + 2×(−1)`, `3 − 2`, `1`: each part equals the next. */
function handLine(key: readonly number[], query: readonly number[], i: number, score: number): string[] {
  const factor = (value: number): string => (value < 0 ? `(${number(value)})` : number(value));
  const products = key.map((value, d) => `${factor(value)}×${factor(query[d]!)}`);
  const terms = key.map((value, d) => value * query[d]!);
  const added = terms.map((term, d) =>
    d === 0 ? number(term) : term < 0 ? `− ${plain(-term)}` : `+ ${plain(term)}`,
  );
  return [`keys[${i}]·q`, products.join(' + '), added.join(' '), number(score)];
}

interface Titles {
  readonly [name: string]: string;
}

function weightTable(report: AttendReport, titles: Titles): string[] {
  const { scores, noise, weights, backwardWeights, values, mode } = report;
  const rows = scores.map((score, i) => [
    String(i),
    number(score),
    ...(noise === null ? [] : [number(noise[i]!)]),
    number(weights[i]!),
    ...(mode === 'straight-through' ? [number(backwardWeights[i]!)] : []),
    vector(values[i]!),
  ]);
  const header = [
    titles.key!,
    titles.score!,
    ...(noise === null ? [] : [titles.noise!]),
    titles.weight!,
    ...(mode === 'straight-through' ? [titles.backward!] : []),
    titles.value!,
  ];
  return aligned([header, ...rows], '   ');
}

/** In straight-through only the backward pass feels the temperature, so its weights stand alone. */
function sweepTable({ sweep, mode }: AttendReport, titles: Titles): string[] {
  const soft = mode !== 'straight-through';
  const rows = sweep.map((row) => [
    plain(row.temperature),
    vector(row.weights),
    ...(soft ? [vector(row.output)] : []),
    number(row.slope),
  ]);
  const header = [
    titles.temperature!,
    soft ? titles.weight! : titles.backward!,
    ...(soft ? [titles.output!] : []),
    titles.slope!,
  ];
  return aligned([header, ...rows], '   ');
}

function grid(matrix: readonly (readonly number[])[]): string[] {
  const cells = matrix.map((row) => row.map(number));
  const width = Math.max(...cells.flat().map(columns));
  return cells.map((row) => `[ ${row.map((cell) => cell.padStart(width)).join('  ')} ]`);
}

/** Join the parts so that they stand below each other. */
function aligned(rows: readonly (readonly string[])[], separator = ' = '): string[] {
  const widths = (rows[0] ?? []).map((_, c) => Math.max(...rows.map((row) => columns(row[c] ?? ''))));
  return rows.map((row) =>
    row
      .map((part, c) => part.padEnd(widths[c]!))
      .join(separator)
      .trimEnd(),
  );
}

function vector(values: readonly number[]): string {
  return `[${values.map(number).join(', ')}]`;
}

/** A number with a real minus sign, and neither negative zero nor rounding dust. */
function number(value: number): string {
  if (Math.abs(value) < 1e-12) return '0';
  return value < 0 ? `−${plain(-value)}` : plain(value);
}
