/** A model's text as an indented block, safe to print. */
import { printable, type Terminal } from '../terminal.js';

/** Longest block, lines: a sample is a glimpse. */
const maxLines = 12;

export function sampleBlock(title: string, text: string, terminal: Terminal): string {
  const { style } = terminal;
  const lines = printable(text)
    .replace(/^\n+|\s+$/g, '')
    .split('\n')
    .slice(0, maxLines);
  return [style.bold(title), ...lines.map((line) => `${style.dim('│')} ${line}`)].join('\n');
}
