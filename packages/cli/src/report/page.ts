/** The frame of every page that hw5 writes: one file that loads nothing, runs nothing, and shows data as text. */
import { stylesheet } from '../homework/stylesheet.js';
import { escaped } from './svg.js';

export interface Page {
  readonly title: string;
  /** What kind of page it is, above the title. */
  readonly subject: string;
  /** Styles beyond the common ones. */
  readonly look: string;
  /** Articles, as HTML; empty ones are left out. */
  readonly sections: readonly string[];
}

const common = `article > h2 { margin-block-start: 0; }
table.facts th { text-align: start; padding-inline-end: 1.5rem; font-weight: 600; vertical-align: top; }
figure { margin: 1rem 0; overflow-x: auto; } figure svg { max-width: 100%; height: auto; border-radius: 6px; }
figcaption { color: var(--soft); font-size: 0.95rem; }
`;

export function pageHtml({ title, subject, look, sections }: Page): string {
  return [
    '<!doctype html>',
    '<html lang="en" dir="ltr">',
    '<head>',
    '<meta charset="utf-8">',
    `<meta http-equiv="content-security-policy" content="default-src 'none'; style-src 'unsafe-inline'">`,
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    '<meta name="color-scheme" content="light dark">',
    `<title>${escaped(title)}</title>`,
    `<style>\n${stylesheet}${common}${look}</style>`,
    '</head>',
    '<body>',
    `<header><p class="subject">${escaped(subject)}</p><h1>${escaped(title)}</h1></header>`,
    '<main>',
    ...sections.filter((html) => html !== ''),
    '</main>',
    '</body>',
    '</html>',
    '',
  ].join('\n');
}

export function section(title: string, body: string): string {
  return `<article><h2>${escaped(title)}</h2>\n${body}\n</article>`;
}

/** @param svg - as the drawings of report/svg.ts are */
export function figure(svg: string, caption: string): string {
  return `<figure>${svg}<figcaption>${escaped(caption)}</figcaption></figure>`;
}

/** Names and values in two columns. */
export function factTable(facts: readonly (readonly [name: string, value: string])[]): string {
  const rows = facts.map(
    ([name, value]) => `<tr><th scope="row">${escaped(name)}</th><td dir="auto">${escaped(value)}</td></tr>`,
  );
  return `<table class="facts"><tbody>${rows.join('\n')}</tbody></table>`;
}
