/** The terminal's twin of a page's run. */
import { shellWord } from '../frame/shell-word.js';
import { format, namesOf, type Table, type Values } from '../state/table.js';
import type { ExamplesSource } from './source.js';

/** `npx hw5 train KIND ...` that makes the same weights: every flag is written, so that it holds after a default changes. */
export function examplesCommand<T extends Table>(
  kind: 'classify' | 'tag' | 'seq2seq',
  table: T,
  values: Values<T>,
  source: ExamplesSource | null,
): string {
  const own = source?.kind === 'table' ? source : undefined;
  const words = [`npx hw5 train ${kind}`];
  if (own !== undefined) words.push('--data', shellWord(own.name));
  for (const name of namesOf(table)) {
    const { flag, kind: form } = table[name]!;
    if (flag === undefined) continue;
    if (own !== undefined && (flag === '--task' || flag === '--examples')) continue;
    if (form === 'toggle') words.push(values[name] === true ? flag : flag.replace('--', '--no-'));
    else words.push(flag, shellWord(format(table, name, values[name])));
  }
  return words.join(' ');
}
