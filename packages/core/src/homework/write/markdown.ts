/** A worked solution as Markdown: formulas between dollar signs, readable as it is and by what renders Markdown with maths. */
import type { Solution } from '../bank/solve.js';
import type { Bilingual, Mistake, Option, Question, QuestionGroup, Step } from '../bank/types.js';
import type { Language } from './markup.js';
import { wordsIn } from './words.js';

export function solutionMarkdown({ groups }: Solution, language: Language): string {
  return `${groups.map((group) => groupMarkdown(group, language)).join('\n\n')}\n`;
}

function groupMarkdown({ id, title, marks, setting, questions }: QuestionGroup, language: Language): string {
  const words = wordsIn[language];
  const number = words.number(Number(id.slice(1)));
  return [
    `# ${words.question(number)}: ${title[language]} (${words.marks(marks)})`,
    step(setting, language),
    ...questions.map((question) => questionMarkdown(question, language)),
  ].join('\n\n');
}

function questionMarkdown(question: Question, language: Language): string {
  const words = wordsIn[language];
  const section = (name: string, parts: readonly string[]): string[] =>
    parts.length === 0 ? [] : [`### ${name}`, ...parts];
  const points = (parts: readonly string[]): string[] => parts.map((part) => item('-', part));
  return [
    `## ${question.label[language]} ${question.title[language]}`,
    question.prompt[language],
    ...question.given.map(formula),
    ...section(words.options, points(question.options.map((option) => optionMarkdown(option, language)))),
    ...section(words.answer, [step(question.answer, language)]),
    ...section(
      words.steps,
      question.steps.map((part, at) => item(`${at + 1}.`, step(part, language))),
    ),
    ...section(
      words.mistakes,
      points(question.mistakes.map((mistake) => mistakeMarkdown(mistake, language))),
    ),
    ...section(words.key, [step(question.key, language)]),
    ...section(words.remarks, points(question.remarks.map((part) => step(part, language)))),
    ...section(
      words.experiments,
      question.experiments.map(({ command, shows }) => `- \`hw5 ${command}\`: ${shows[language]}`),
    ),
  ].join('\n\n');
}

function optionMarkdown(
  { id, letter, text, correct, reason, counterExample }: Option,
  language: Language,
): string {
  return [
    `${correct ? '✓' : '✗'} ${language === 'fa' ? letter : id}) ${text[language]}`,
    reason[language],
    ...(counterExample === undefined ? [] : [counter(counterExample, language)]),
  ].join('\n\n');
}

function mistakeMarkdown({ text, tex, counterExample }: Mistake, language: Language): string {
  return [
    text[language],
    ...(tex === undefined ? [] : [formula(tex)]),
    counter(counterExample, language),
  ].join('\n\n');
}

function counter(text: Bilingual, language: Language): string {
  return `*${wordsIn[language].counterExample}* ${text[language]}`;
}

function step({ text, tex }: Step, language: Language): string {
  return text[language] + (tex === undefined ? '' : `\n\n${formula(tex)}`);
}

function formula(tex: string): string {
  return `$$\n${tex}\n$$`;
}

/** A list item; what follows its first paragraph stands under it. */
function item(mark: string, text: string): string {
  const indent = ' '.repeat(mark.length + 1);
  return `${mark} ${text.replaceAll('\n', `\n${indent}`).replaceAll(`\n${indent}\n`, '\n\n')}`;
}
