/** The notebook as a file. Numbers keep every digit. Pure functions. */
import { csvOf } from '../../charts/export.js';
import { texNumber } from '../../math/tex-number.js';
import type { Pin } from './pins.js';

export const formats = ['csv', 'json', 'latex', 'markdown'] as const;
export type NotebookFormat = (typeof formats)[number];

export const fileOf: Readonly<Record<NotebookFormat, { readonly name: string; readonly type: string }>> = {
  csv: { name: 'notebook.csv', type: 'text/csv' },
  json: { name: 'notebook.json', type: 'application/json' },
  latex: { name: 'notebook.tex', type: 'application/x-tex' },
  markdown: { name: 'notebook.md', type: 'text/markdown' },
};

/** @param site the lab's address, before the query */
export function writeNotebook(pins: readonly Pin[], format: NotebookFormat, site: string): string {
  const rows = pins.map((pin) => ({ ...pin, link: site + pin.query }));
  switch (format) {
    case 'csv':
      return csvOf({
        columns: ['label', 'value', 'formula', 'page', 'link'],
        rows: rows.map(({ label, value, formula = '', title, link }) => [label, value, formula, title, link]),
      });
    case 'json':
      return `${JSON.stringify(
        rows.map(({ label, value, formula, title, link }) => ({ label, value, formula, page: title, link })),
        null,
        2,
      )}\n`;
    case 'latex':
      return [
        '\\begin{tabular}{lrll}',
        '\\hline',
        ...rows.map(
          ({ label, value, formula, title, link }) =>
            `${latexText(label)} & $${texNumber(value)}$ & ${formula === undefined ? '' : `$${formula}$`} & \\href{${latexAddress(link)}}{${latexText(title)}} \\\\`,
        ),
        '\\hline',
        '\\end{tabular}',
        '',
      ].join('\n');
    case 'markdown':
      return [
        '| | | | |',
        '|---|---:|---|---|',
        ...rows.map(
          ({ label, value, formula, title, link }) =>
            `| ${markdownText(label)} | ${value} | ${formula === undefined ? '' : `$${formula.replaceAll('|', '\\vert ')}$`} | [${markdownText(title)}](<${link}>) |`,
        ),
        '',
      ].join('\n');
    default:
      format satisfies never;
      throw new Error(`internal: format must be one of ${formats.join(', ')}, got ${String(format)}`);
  }
}

const latexNames: Readonly<Record<string, string>> = {
  '\\': '\\textbackslash{}',
  '~': '\\textasciitilde{}',
  '^': '\\textasciicircum{}',
};

const latexText = (text: string): string =>
  text.replaceAll(/[\\~^]|[&%$#_{}]/g, (sign) => latexNames[sign] ?? `\\${sign}`).replaceAll(/\s+/g, ' ');

/** In the argument of `\href` the percent sign and the number sign are read as text. */
const latexAddress = (link: string): string =>
  encodeURI(decodeURI(link)).replaceAll('%', '\\%').replaceAll('#', '\\#').replaceAll('&', '\\&');

const markdownText = (text: string): string =>
  text.replaceAll(/[\\`*_[\]<>|]/g, (sign) => `\\${sign}`).replaceAll(/\s+/g, ' ');
