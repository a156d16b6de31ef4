/** The handout's look: light and dark by the reader's wish, logical sides for both directions, and paper. */
export const stylesheet = `:root {
  --paper: #fbfaf7; --sheet: #ffffff; --ink: #1c1d21; --soft: #5a5d66; --line: #dedbd2;
  --accent: #1f5f8b; --right: #1d7a46; --wrong: #b3372f; --answer: #eef6f0; --key: #f6f1e4; --code: #f1efe9;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #16171a; --sheet: #1e2024; --ink: #e7e6e2; --soft: #a5a8b0; --line: #363941;
    --accent: #86bfe6; --right: #7fd3a1; --wrong: #f0938a; --answer: #1d2c24; --key: #2b2820; --code: #292b31;
  }
}
* { box-sizing: border-box; }
html { background: var(--paper); color: var(--ink); scroll-padding-top: 1rem; }
body { margin: 0 auto; max-width: 52rem; padding: 2rem 1.25rem 4rem; line-height: 1.7;
  font-family: system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', sans-serif; }
:lang(fa) body { line-height: 1.95; font-family: Vazirmatn, 'Vazirmatn Variable', Vazir, 'Segoe UI', Tahoma,
  'Noto Naskh Arabic', 'Geeza Pro', 'DejaVu Sans', sans-serif; }
h1 { font-size: 1.9rem; line-height: 1.3; margin: 0 0 1.25rem; }
h2 { font-size: 1.4rem; line-height: 1.4; margin: 3.5rem 0 0.75rem; padding-block-end: 0.4rem; border-block-end: 2px solid var(--line);
  display: flex; flex-wrap: wrap; gap: 0.25rem 0.75rem; align-items: baseline; justify-content: space-between; }
h3 { font-size: 1.15rem; line-height: 1.5; margin: 0 0 0.5rem; }
h4 { font-size: 0.95rem; margin: 0 0 0.4rem; color: var(--accent); }
p { margin: 0.4rem 0; }
a { color: var(--accent); }
.subject, .marks { color: var(--soft); font-size: 0.95rem; font-weight: 400; margin: 0; }
.label { color: var(--soft); font-variant-numeric: tabular-nums; }
nav ul { list-style: none; margin: 0; padding: 0; display: grid; gap: 0.1rem 1.5rem; grid-template-columns: repeat(auto-fill, minmax(17rem, 1fr)); }
nav li { margin: 0; }
nav a { display: block; padding-block: 0.3rem; text-decoration: none; }
nav a:hover { text-decoration: underline; }
article { background: var(--sheet); border: 1px solid var(--line); border-radius: 10px; margin: 1.5rem 0; padding: 1.25rem 1.4rem; }
article > section { margin-block-start: 1.4rem; }
.prompt { color: var(--soft); }
.answer { background: var(--answer); border-inline-start: 4px solid var(--right); border-radius: 6px; padding: 0.8rem 1rem; }
.key { background: var(--key); border-inline-start: 4px solid var(--line); border-radius: 6px; padding: 0.8rem 1rem; }
ul, ol { margin: 0; padding-inline-start: 1.4rem; }
:lang(fa) ol { list-style-type: persian; }
li { margin-block: 0.6rem; }
.options ul { list-style: none; padding: 0; }
.options li { border-block-start: 1px solid var(--line); padding-block: 0.6rem 0; }
.options li:first-child { border: 0; padding: 0; }
.mark { font-weight: 700; }
.right { color: var(--right); }
.wrong { color: var(--wrong); }
.counter { color: var(--soft); border-inline-start: 3px solid var(--line); padding-inline-start: 0.8rem; }
.counter b { color: var(--wrong); font-weight: 600; }
.formula { direction: ltr; unicode-bidi: isolate; overflow-x: auto; overflow-y: hidden; padding-block: 0.45rem; }
.formula:focus-visible, a:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
.katex, .formulas { direction: ltr; unicode-bidi: isolate; }
math { direction: ltr; font-family: 'STIX Two Math', 'Latin Modern Math', 'Cambria Math', 'Noto Sans Math', math; font-size: 1.06em; }
mtable[columnalign^='right'] mtd { padding-inline: 0; }
mtable[columnalign^='right'] mtd:nth-child(odd) { text-align: right; }
mtable[columnalign^='right'] mtd:nth-child(even) { text-align: left; }
pre, code { direction: ltr; unicode-bidi: isolate; font-family: ui-monospace, 'Cascadia Code', Menlo, Consolas, 'DejaVu Sans Mono', monospace; font-size: 0.88em; background: var(--code); border-radius: 5px; }
code { padding: 0.1em 0.35em; }
pre { margin: 0.4rem 0 0.2rem; padding: 0.55rem 0.8rem; overflow-x: auto; text-align: left; }
pre code { padding: 0; background: none; font-size: 1em; }
.experiments ul { list-style: none; padding: 0; }
@media (max-width: 34rem) {
  body { padding: 1.25rem 0.75rem 3rem; }
  article { padding: 1rem 0.9rem; }
  h1 { font-size: 1.5rem; }
}
@media print {
  :root { --paper: #fff; --sheet: #fff; --ink: #000; --soft: #444; --line: #bbb; --accent: #000; --right: #000; --wrong: #000;
    --answer: #fff; --key: #fff; --code: #fff; }
  body { max-width: none; padding: 0; font-size: 10.5pt; line-height: 1.5; }
  nav { display: none; }
  article { border: 0; padding: 0; }
  h2, h3, h4 { break-after: avoid; }
  li, .formula, .answer, .key { break-inside: avoid; }
  .formula { overflow: visible; }
}
`;
