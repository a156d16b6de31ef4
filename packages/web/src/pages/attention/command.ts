/** The terminal's twin of the page. */
import { format, initialValues, namesOf, same, type Values } from '../../state/table.js';
import { type AttentionTable, table } from './table.js';

/** `npx hw5 attend ...` with the flags that differ from question 3. */
export function attendCommand(values: Values<AttentionTable>): string {
  const initial = initialValues(table);
  const words = namesOf(table).flatMap((name) => {
    const { flag } = table[name] as { readonly flag?: string };
    if (flag === undefined || same(table, name, values[name], initial[name])) return [];
    // Vectors with commas, as the command line writes them; they hold nothing that a shell would read.
    const text = format(table, name, values[name]).replaceAll('; ', ';').replaceAll(' ', ',');
    return [flag, /[;]/.test(text) ? `"${text}"` : text];
  });
  return ['npx hw5 attend', ...words].join(' ');
}
