/** A worked solution as a document. */
import { ArgumentError } from '../../errors.js';
import { solve } from '../bank/solve.js';
import { solutionLatex } from './latex.js';
import { solutionMarkdown } from './markdown.js';
import type { Language } from './markup.js';

export const solutionFormats = ['markdown', 'latex', 'json'] as const;
export type SolutionFormat = (typeof solutionFormats)[number];

/**
 * What {@link solve} gives, written down; JSON holds both languages.
 * @throws ArgumentError for an unknown question or format
 */
export function writeSolution(question: string, format: SolutionFormat, language: Language): string {
  const solution = solve(question);
  switch (format) {
    case 'markdown':
      return solutionMarkdown(solution, language);
    case 'latex':
      return solutionLatex(solution, language);
    case 'json':
      return JSON.stringify(solution, null, 2);
    default:
      throw new ArgumentError(
        `writeSolution: format must be one of ${solutionFormats.join(', ')}, got ${String(format satisfies never)}`,
      );
  }
}
