/** A model's text as an indented block that fits the terminal, safe to print. */
import { printable, type Terminal } from '../terminal.js';

/** Longest block, lines: a sample is a glimpse. */
const maxLines = 12;

/** Widest line, characters: beyond this reading gets hard. */
const maxColumns = 100;

export function sampleBlock(title: string, text: string, terminal: Terminal): string {
  const { style } = terminal;
  const width = Math.max(20, Math.min(maxColumns, terminal.columns) - 2);
  const lines = printable(text)
    .replace(/^\n+|\s+$/g, '')
    .split('\n')
    .flatMap((line) => wrap(line, width))
    .slice(0, maxLines);
  return [style.bold(title), ...lines.map((line) => `${style.dim('│')} ${line}`)].join('\n');
}

/** Break a line into pieces of at most `width` characters, at the last space where there is one. */
export function wrap(line: string, width: number): string[] {
  const characters = [...line];
  const pieces: string[] = [];
  while (characters.length > width) {
    const space = characters.lastIndexOf(' ', width);
    const end = space > 0 ? space : width;
    pieces.push(characters.splice(0, end).join(''));
    if (characters[0] === ' ') characters.shift();
  }
  return [...pieces, characters.join('')];
}
