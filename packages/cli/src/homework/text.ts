/**
 * A worked solution for a terminal. Persian prose stands in right-to-left isolates and formulas in left-to-right
 * ones (U+2067 and U+2066 to U+2069), line by line, so that terminals with and without bidi keep both readable.
 */
import type {
  Bilingual,
  Experiment,
  Mistake,
  Option,
  Question,
  QuestionGroup,
  Solution,
  Step,
} from '@hw5/core/homework';
import { type Language, segments, wordsIn } from '@hw5/core/homework';
import { type Style, self } from '../terminal.js';
import { inlineMath, plainMath } from './plain-math.js';
import { columns, isolated, NO_BREAK, type Piece, wrapped } from './wrap.js';

/** Widest line, columns: beyond this reading gets hard. */
const MAX_COLUMNS = 96;

/** Longest formula that stays on one line within prose, columns. */
const LONGEST_UNBROKEN = 24;

/** Where the text goes: its colours and its width. */
export interface Sheet {
  readonly style: Style;
  readonly columns: number;
}

export function solutionText(solution: Solution, language: Language, sheet: Sheet): string {
  return new Writer(language, sheet).solution(solution);
}

/** One marked-up sentence or more for a terminal, e.g. the checker's. */
export function proseText(marked: string, language: Language, sheet: Sheet, indent = 0): string {
  return new Writer(language, sheet).paragraph(marked, indent).join('\n');
}

class Writer {
  readonly #language: Language;
  readonly #style: Style;
  readonly #width: number;

  constructor(language: Language, sheet: Sheet) {
    this.#language = language;
    this.#style = sheet.style;
    this.#width = Math.max(40, Math.min(MAX_COLUMNS, sheet.columns));
  }

  solution({ groups }: Solution): string {
    return groups.map((group) => this.#group(group).join('\n')).join('\n\n');
  }

  #group({ title, marks, setting, questions, id }: QuestionGroup): string[] {
    const words = wordsIn[this.#language];
    const heading = `${words.question(words.number(Number(id.slice(1))))}: ${title[this.#language]} (${words.marks(marks)})`;
    return [
      ...this.#heading(heading, '═'),
      ...this.#step(setting, 0),
      ...questions.flatMap((question) => ['', ...this.#question(question)]),
    ];
  }

  #question(question: Question): string[] {
    const { label, title, prompt, given, options, answer, steps, mistakes, key, remarks, experiments } =
      question;
    const words = wordsIn[this.#language];
    const heading = `${label[this.#language]}  ${title[this.#language]}`;
    const section = (name: string, lines: readonly string[]): string[] =>
      lines.length === 0 ? [] : ['', this.#style.bold(isolated(name, this.#language)), ...lines];
    return [
      ...this.#heading(heading, '─'),
      ...this.paragraph(prompt[this.#language], 0),
      ...given.flatMap((tex) => this.#formula(tex, 4)),
      ...section(
        words.options,
        options.flatMap((option) => this.#option(option)),
      ),
      ...section(words.answer, this.#step(answer, 2)),
      ...section(
        words.steps,
        steps.flatMap((step, i) => this.#item(`${words.number(i + 1)}.`, step)),
      ),
      ...section(
        words.mistakes,
        mistakes.flatMap((mistake) => this.#mistake(mistake)),
      ),
      ...section(words.key, this.#step(key, 2)),
      ...section(
        words.remarks,
        remarks.flatMap((remark) => this.#item('•', remark)),
      ),
      ...section(
        words.experiments,
        experiments.flatMap((experiment) => this.#experiment(experiment)),
      ),
    ];
  }

  /** A heading with a rule below it. */
  #heading(text: string, rule: string): string[] {
    const lines = wrapped([{ formula: false, text }], this.#width, this.#language);
    const width = Math.max(...lines.map(columns));
    return [...lines.map((line) => this.#style.bold(line)), this.#style.dim(rule.repeat(width))];
  }

  #option({ id, letter, text, correct, reason, counterExample }: Option): string[] {
    const name = this.#language === 'fa' ? letter : id;
    const mark = correct ? this.#style.green('✓') : this.#style.red('✗');
    return [
      ...this.#bulleted(`${name})`, text[this.#language], mark),
      ...this.paragraph(reason[this.#language], 7),
      ...(counterExample === undefined ? [] : this.#counterExample(counterExample, 7)),
    ];
  }

  #mistake({ text, tex, counterExample }: Mistake): string[] {
    return [
      ...this.#bulleted('✗', text[this.#language]),
      ...(tex === undefined ? [] : this.#formula(tex, 6)),
      ...this.#counterExample(counterExample, 4),
    ];
  }

  #counterExample(text: Bilingual, indent: number): string[] {
    return this.paragraph(`${wordsIn[this.#language].counterExample} ${text[this.#language]}`, indent);
  }

  #experiment({ command, shows }: Experiment): string[] {
    return [
      `  ${this.#style.cyan(isolated(`$ ${self} ${command}`, 'en', this.#language))}`,
      ...this.paragraph(shows[this.#language], 4),
    ];
  }

  #item(bullet: string, { text, tex }: Step): string[] {
    return [
      ...this.#bulleted(bullet, text[this.#language]),
      ...(tex === undefined ? [] : this.#formula(tex, 6)),
    ];
  }

  #step({ text, tex }: Step, indent: number): string[] {
    return [
      ...this.paragraph(text[this.#language], indent),
      ...(tex === undefined ? [] : this.#formula(tex, indent + 4)),
    ];
  }

  /** A paragraph whose first line begins with a bullet, and with a one-column mark before that. */
  #bulleted(bullet: string, marked: string, mark?: string): string[] {
    const before = mark === undefined ? '  ' : `  ${mark} `;
    const indent = mark === undefined ? 2 : 4;
    const hanging = indent + columns(bullet) + 1;
    const lines = wrapped(this.#pieces(marked), this.#width - hanging, this.#language);
    return lines.map((line, i) =>
      i === 0 ? `${before}${isolated(bullet, this.#language)} ${line}` : `${' '.repeat(hanging)}${line}`,
    );
  }

  /** Prose wrapped to the width, `indent` columns from the left. */
  paragraph(marked: string, indent: number): string[] {
    return wrapped(this.#pieces(marked), this.#width - indent, this.#language).map(
      (line) => ' '.repeat(indent) + line,
    );
  }

  #pieces(marked: string): Piece[] {
    return segments(marked).map(({ kind, text }) => {
      if (kind === 'text') return { formula: false, text };
      const line = kind === 'math' ? inlineMath(text) : text;
      // A short formula is not torn apart at the end of a line.
      return {
        formula: true,
        text: columns(line) > LONGEST_UNBROKEN ? line : line.replaceAll(' ', NO_BREAK),
      };
    });
  }

  /** A displayed formula; lines that are too long go on below, further in. */
  #formula(tex: string, indent: number): string[] {
    return plainMath(tex).flatMap((line) =>
      folded(line, this.#width - indent).map(
        (part, i) => ' '.repeat(indent + (i > 0 ? 4 : 0)) + isolated(part, 'en', this.#language),
      ),
    );
  }
}

/** Break a formula outside of brackets: at a wide space where there is one, else before a relation or at a comma. */
function folded(line: string, width: number): string[] {
  if (columns(line) <= width) return [line];
  let depth = 0;
  const breaks = { wide: 0, relation: 0, space: 0, any: 0 };
  for (let at = 0; at < Math.min(width, line.length); at += 1) {
    const character = line[at]!;
    if ('([{'.includes(character)) depth += 1;
    if (')]}'.includes(character)) depth -= 1;
    if (character !== ' ') continue;
    breaks.any = at;
    if (depth > 0) continue;
    if (line[at + 1] === ' ') breaks.wide = at;
    if (/^ [=⇒→]|^, /.test(line.slice(at)) || line[at - 1] === ',') breaks.relation = at;
    breaks.space = at;
  }
  const at = [breaks.wide, breaks.relation, breaks.space, breaks.any].find((place) => place > width / 4);
  if (at === undefined) return [line];
  return [line.slice(0, at), ...folded(line.slice(at).trim(), width - 4)];
}
