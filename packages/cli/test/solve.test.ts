import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { questionNames, questions, solutionLatex, solve } from '@hw5/core/homework';
import { Ansis } from 'ansis';
import { describe, expect, test } from 'vitest';
import { solutionHtml } from '../src/homework/html.js';
import { inlineMath, plainMath } from '../src/homework/plain-math.js';
import { solutionText } from '../src/homework/text.js';
import { columns } from '../src/homework/wrap.js';
import { folder, hw5 } from './cli.js';

const style = new Ansis(0);
/** Commands are printed whole, so that they can be copied. */
const command = /^ +\W*\$ (npx )?hw5/;
const languages = ['en', 'fa'] as const;

describe('solve --format text', () => {
  test('q3a: every product written out, the choice, and where the key is silent', async () => {
    const { code, stdout } = await hw5(['solve', 'q3a'], { cwd: folder() });
    expect(code).toBe(0);
    expect(stdout).toContain(`
      k_0ᵀ q = 1 × 3 + 2 × (−1) + 3 × (−1)       = 3 − 2 − 3 = −2
      k_1ᵀ q = 2 × 3 + 2 × (−1) + 1 × (−1)       = 6 − 2 − 1 = 3
      k_2ᵀ q = 0 × 3 + 1 × (−1) + (−1) × (−1)    = 0 − 1 + 1 = 0
      k_3ᵀ q = 0 × 3 + (−2) × (−1) + (−4) × (−1) = 0 + 2 + 4 = 6
`);
    expect(stdout).toContain('output = values[3] = [6, 1, 2]');
    expect(stdout).toContain('T = 4 : (6, 0.4840, 1.4606)');
  });

  test('2b in Persian: prose right to left, formulas left to right, each in its own isolate', async () => {
    const { code, stdout } = await hw5(['solve', '۲ب', '--lang', 'fa'], { cwd: folder() });
    expect(code).toBe(0);
    expect(stdout).toContain('\u2067پاسخ\u2069');
    expect(stdout).toContain('\u2066g_h⁽ᵗ⁾(i) = ∂J_t/∂h_i = (W_hhᵀ)ᵗ⁻ⁱ W_yhᵀ g_{o_t} ∈ ℝ⁴  (i ≤ t)\u2069');
  });

  test.each(questionNames)('%s fits every width, closes its isolates and leaves no markup', (name) => {
    for (const language of languages) {
      for (const width of [40, 80, 200]) {
        for (const line of solutionText(solve(name), language, { style, columns: width }).split('\n')) {
          let depth = 0;
          for (const sign of line.match(/[\u2066\u2067\u2069]/g) ?? []) {
            depth += sign === '\u2069' ? -1 : 1;
            expect(depth).toBeGreaterThanOrEqual(0);
          }
          expect(depth, line).toBe(0);
          const longest = Math.max(...line.trim().split(/\s+/).map(columns));
          if (!command.test(line) && longest < 20)
            expect(columns(line), line).toBeLessThanOrEqual(Math.min(width, 96));
          if (!command.test(line)) expect(line).not.toMatch(/\\|\$|`|undefined/);
        }
      }
    }
  });

  test('all of it in less than two seconds', async () => {
    const times: number[] = [];
    for (const language of [...languages, 'en']) {
      const began = performance.now();
      expect((await hw5(['solve', 'all', '--lang', language], { cwd: folder() })).code).toBe(0);
      times.push(performance.now() - began);
    }
    expect(Math.min(...times)).toBeLessThan(2000);
  });
});

describe('solve --format json', () => {
  test.each([['--json'], ['--format', 'json']])('q3 %s %s', async (...format) => {
    const { code, stdout } = await hw5(['solve', 'q3', ...format.filter(Boolean)], { cwd: folder() });
    expect(code).toBe(0);
    const solution = JSON.parse(stdout);
    expect(solution).toMatchObject({
      question: 'q3',
      scores: [-2, 3, 0, 6],
      index: 3,
      output: [6, 1, 2],
      ties: [3],
    });
    expect(solution.products).toEqual([
      [3, -2, -3],
      [6, -2, -1],
      [0, -1, 1],
      [0, 2, 4],
    ]);
    expect(solution.softmaxWeights.reduce((a: number, b: number) => a + b)).toBeCloseTo(1, 12);
  });

  test.each(questionNames)('%s is one line of what the library gives', async (name) => {
    const { stdout } = await hw5(['solve', name, '--json'], { cwd: folder() });
    expect(stdout.trimEnd()).not.toContain('\n');
    expect(JSON.parse(stdout)).toEqual(solve(name));
  });
});

describe('solve --format html', () => {
  test.each(languages)('%s: one file, no request, maths as MathML, direction set', (language) => {
    const html = solutionHtml(solve('all'), language);
    expect(html).toContain(`<html lang="${language}" dir="${language === 'fa' ? 'rtl' : 'ltr'}">`);
    expect(html).not.toMatch(/<(?:script|link|img|iframe)\b|\bsrc=|url\(|@import/);
    expect([...html.matchAll(/href="([^"]*)"/g)].every(([, target]) => target!.startsWith('#'))).toBe(true);
    const maths = html.match(/<math /g)!.length;
    expect(maths).toBeGreaterThan(200);
    expect(html.match(/<math dir="ltr" /g)).toHaveLength(maths);
    expect(html).not.toContain('katex-error');
    for (const { id } of questions) expect(html).toContain(`<article id="${id}">`);
    const open = (tag: string): number => html.match(new RegExp(`<${tag}[ >]`, 'g'))?.length ?? 0;
    const closed = (tag: string): number => html.match(new RegExp(`</${tag}>`, 'g'))?.length ?? 0;
    for (const tag of ['div', 'section', 'article', 'ul', 'ol', 'li', 'p', 'span', 'math'])
      expect(closed(tag), tag).toBe(open(tag));
  });

  test('--out writes the file and says nothing', async () => {
    const cwd = folder();
    const result = await hw5(['solve', 'q2', '--lang', 'fa', '--format', 'html', '--out', 'q2.html'], {
      cwd,
    });
    expect(result).toMatchObject({ code: 0, stdout: '', stderr: '' });
    expect(readFileSync(join(cwd, 'q2.html'), 'utf8')).toBe(`${solutionHtml(solve('q2'), 'fa')}\n`);
  });
});

describe('solve --format latex', () => {
  test.each(languages)('%s: balanced, and nothing of the markup is left', (language) => {
    const latex = solutionLatex(solve('all'), language);
    const bare = latex.replace(/\\[\\{}$%&#_]/g, '');
    let depth = 0;
    for (const brace of bare.match(/[{}]/g)!) {
      depth += brace === '{' ? 1 : -1;
      expect(depth).toBeGreaterThanOrEqual(0);
    }
    expect(depth).toBe(0);
    expect(latex).not.toContain('`hw5');
    const environments = (word: string): string[] =>
      [...latex.matchAll(new RegExp(`\\\\${word}\\{(\\w+)\\}`, 'g'))].map((m) => m[1]!).sort();
    expect(environments('begin')).toEqual(environments('end'));
  });

  test.for([
    ['en', 'pdflatex'],
    ['en', 'xelatex'],
    ['fa', 'xelatex'],
  ] as const)('%s compiles with %s', async ([language, engine], context) => {
    const cwd = folder();
    expect(
      (await hw5(['solve', 'all', '--lang', language, '--format', 'latex', '--out', 'all.tex'], { cwd }))
        .code,
    ).toBe(0);
    const needed = language === 'fa' ? 'xepersian.sty' : 'amsmath.sty';
    const installed =
      spawnSync(engine, ['--version']).status === 0 && spawnSync('kpsewhich', [needed]).status === 0;
    if (!installed) context.skip(`needs ${engine} with ${needed}; the structure is checked above`);
    mkdirSync(join(cwd, 'pdf'));
    const run = spawnSync(
      engine,
      ['-interaction=nonstopmode', '-halt-on-error', '-output-directory=pdf', 'all.tex'],
      { cwd, encoding: 'utf8' },
    );
    expect(run.status, run.stdout.slice(-2000)).toBe(0);
    expect(existsSync(join(cwd, 'pdf/all.pdf'))).toBe(true);
    expect(readFileSync(join(cwd, 'pdf/all.log'), 'utf8')).not.toContain('Missing character');
  });
});

describe('formulas as plain text', () => {
  test.each([
    [String.raw`\frac{\partial J_t}{\partial o_t}`, '∂J_t/∂o_t'],
    [String.raw`(W_{hh}^{\top})^{t-i} W_{yh}^{\top} g_{o_t}`, '(W_hhᵀ)ᵗ⁻ⁱ W_yhᵀ g_{o_t}'],
    [String.raw`\sum_{i=1}^{2} y_{t,i} \log \hat{y}_{t,i}`, 'Σ_{i=1..2} y_{t,i} log ŷ_{t,i}'],
    [String.raw`\frac{u u^{\top}}{\sum_i u_i}`, '(u uᵀ)/(Σ_i u_i)'],
    [String.raw`\begin{bmatrix} 0 & 1 \\ 0 & 0 \end{bmatrix}`, '[0 1; 0 0]'],
    [String.raw`q = \begin{bmatrix} 3 \\ -1 \end{bmatrix} \in \mathbb{R}^{4 \times 3}`, 'q = [3, −1] ∈ ℝ⁴ˣ³'],
    [String.raw`x, \quad \sqrt{3} \le 2`, 'x,  √3 ≤ 2'],
  ])('%s', (tex, text) => {
    expect(inlineMath(tex)).toBe(text);
  });

  test('aligned lines stand below each other', () => {
    expect(plainMath(String.raw`\begin{aligned} a &= 1 \\ b + c &= -2 \end{aligned}`)).toEqual([
      'a     = 1',
      'b + c = −2',
    ]);
  });

  test('an unknown command is an error, not a hole', () => {
    expect(() => plainMath('\\unknown x')).toThrow('does not know \\unknown');
  });
});

const commands = questions.flatMap(({ experiments }) => experiments.map(({ command }) => command));

test('training experiments are named as the command knows them; tests of their own run them', () => {
  const trained = commands.filter((command) => command.startsWith('experiment'));
  expect(trained.length).toBeGreaterThan(3);
  for (const command of trained) expect(command).toMatch(/^experiment (?:mood|future|leak|chain|argmax)$/);
});

/** Everything but training, which takes its time. */
const quick = commands.filter((command) => !/^(?:train|experiment) /.test(command));

test.each([...new Set(quick)])('the experiment runs: hw5 %s', async (command) => {
  const args = [...command.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, word]) => quoted ?? word!);
  const { code, stdout, stderr } = await hw5(args, { cwd: folder() });
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout.length).toBeGreaterThan(50);
});
