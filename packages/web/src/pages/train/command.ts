/** The terminal's twin of the page's run. */
import { shellWord } from '../../frame/shell-word.js';
import { format, namesOf } from '../../state/table.js';
import { table, type Values } from './table.js';

/**
 * `npx hw5 train char-lm ...` that reproduces the run: every flag is written, so that the command means the same
 * after a default changes.
 *
 * @param dataFile the text's file name; `undefined` for the text that ships with the program
 */
export function trainCommand(values: Values, dataFile: string | undefined): string {
  const words = ['npx hw5 train char-lm'];
  if (dataFile !== undefined) words.push('--data', shellWord(dataFile));
  for (const name of namesOf(table)) {
    const { flag } = table[name];
    const text = format(table, name, values[name]);
    if (flag !== undefined && text !== '') words.push(flag, shellWord(text));
  }
  return words.join(' ');
}
