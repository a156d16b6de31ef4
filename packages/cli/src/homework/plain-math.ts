/**
 * LaTeX as one or more lines of plain Unicode, for terminals: `\frac{\partial J_t}{\partial o_t}` becomes
 * `∂J_t/∂o_t`. Knows the commands that the question bank uses and refuses others, so that none is lost unseen.
 */
import { segments } from '@hw5/core/homework';

/** A space that stays: it stands for \\quad and for the padding of aligned lines until the text is done. */
const KEPT = '\u00a0';
const WIDE = KEPT + KEPT;

const SYMBOLS: Readonly<Record<string, string>> = {
  partial: '∂',
  psi: 'ψ',
  sigma: 'σ',
  delta: 'δ',
  alpha: 'α',
  varepsilon: 'ε',
  in: '∈',
  times: '×',
  cdot: '·',
  cdots: '⋯',
  odot: '⊙',
  dots: '…',
  le: '≤',
  sim: '∼',
  to: '→',
  mapsto: '↦',
  Rightarrow: '⇒',
  approx: '≈',
  infty: '∞',
  mid: '|',
  top: 'ᵀ',
  log: 'log',
  exp: 'exp',
  tanh: 'tanh',
  ln: 'ln',
  quad: WIDE,
  ',': ' ',
  ';': ' ',
  '{': '{',
  '}': '}',
};

const SUPERSCRIPTS: Readonly<Record<string, string>> = {
  '0': '⁰',
  '1': '¹',
  '2': '²',
  '3': '³',
  '4': '⁴',
  '5': '⁵',
  '6': '⁶',
  '7': '⁷',
  '8': '⁸',
  '9': '⁹',
  '+': '⁺',
  '−': '⁻',
  '(': '⁽',
  ')': '⁾',
  '×': 'ˣ',
  ᵀ: 'ᵀ',
  i: 'ⁱ',
  t: 'ᵗ',
  k: 'ᵏ',
  ' ': '',
};

/** All lines of a formula. @throws Error for a command that is not known */
export function plainMath(tex: string): string[] {
  return new Converter(tex)
    .all()
    .split('\n')
    .map((line) => line.replaceAll(KEPT, ' ').trimEnd());
}

/** A formula inside a sentence: always one line. */
export function inlineMath(tex: string): string {
  return plainMath(tex).join('; ');
}

/** Marked-up prose without its markup. */
export function plainProse(marked: string): string {
  return segments(marked)
    .map(({ kind, text }) => (kind === 'math' ? inlineMath(text) : text))
    .join('');
}

class Converter {
  readonly #tokens: readonly string[];
  #next = 0;

  constructor(tex: string) {
    this.#tokens = tex.match(/\\[a-zA-Z]+|\\.|\s+|[^\\]/gu) ?? [];
  }

  all(): string {
    return tidy(this.#until(() => false));
  }

  /** Everything up to a token that `ends` accepts, which stays unread. */
  #until(ends: (token: string) => boolean): string {
    let line = '';
    for (
      let token = this.#tokens[this.#next];
      token !== undefined && !ends(token);
      token = this.#tokens[this.#next]
    ) {
      this.#next += 1;
      line += this.#one(token);
    }
    return line;
  }

  #one(token: string): string {
    if (token === '{') return this.#closeGroup();
    if (token === '_') return subscript(this.#argument());
    if (token === '^') return superscript(this.#argument());
    if (token === '-') return '−';
    if (/^\s/.test(token)) return ' ';
    if (!token.startsWith('\\')) return token;
    const name = token.slice(1);
    switch (name) {
      case 'frac':
        return `${operand(this.#argument())}/${operand(this.#argument())}`;
      case 'hat':
        return `${this.#argument()}\u0302`.normalize('NFC');
      case 'sqrt':
        return `√${operand(this.#argument())}`;
      case 'mathbb':
        return this.#argument().replace('R', 'ℝ');
      case 'text':
      case 'operatorname':
        return this.#argument().replaceAll('−', '-');
      case 'sum':
        return this.#series('Σ');
      case 'prod':
        return this.#series('Π');
      case 'left':
      case 'right':
        return '';
      case 'begin':
        return this.#environment(this.#argument());
      default: {
        const symbol = SYMBOLS[name];
        if (symbol === undefined) throw new Error(`internal: plainMath does not know ${token}`);
        return symbol;
      }
    }
  }

  /** `{...}` or a single token. */
  #argument(): string {
    while (/^\s+$/.test(this.#tokens[this.#next] ?? '')) this.#next += 1;
    const token = this.#tokens[this.#next] ?? '';
    this.#next += 1;
    return token === '{' ? tidy(this.#closeGroup()) : this.#one(token);
  }

  #closeGroup(): string {
    const inside = this.#until((token) => token === '}');
    this.#next += 1;
    return inside;
  }

  /** `Σ_{i=1..t}` from `\sum_{i=1}^{t}`. */
  #series(sign: string): string {
    let range = '';
    for (
      let token = this.#tokens[this.#next];
      token === '_' || token === '^';
      token = this.#tokens[this.#next]
    ) {
      this.#next += 1;
      range += token === '_' ? this.#argument() : `..${this.#argument()}`;
    }
    return `${sign}${subscript(range)}`;
  }

  #environment(name: string): string {
    const rows: string[][] = [[]];
    const ends = (token: string): boolean => token === '&' || token === '\\\\' || token === '\\end';
    for (;;) {
      rows.at(-1)!.push(tidy(this.#until(ends)));
      const token = this.#tokens[this.#next];
      this.#next += 1;
      if (token === '\\\\') rows.push([]);
      if (token === '\\end' || token === undefined) break;
    }
    this.#argument();
    return name === 'aligned' ? alignedRows(rows) : bracketed(rows);
  }
}

/** A column as `[1, 2, 3]`, a matrix as `[0 1; 0 0]`. */
function bracketed(rows: readonly (readonly string[])[]): string {
  if (rows.every((row) => row.length === 1)) return `[${rows.flat().join(', ')}]`;
  return `[${rows.map((row) => row.join(' ')).join('; ')}]`;
}

/** Lines whose `&` stand below each other. */
function alignedRows(rows: readonly (readonly string[])[]): string {
  const columns = Math.max(...rows.map((row) => row.length));
  const widths = Array.from({ length: columns }, (_, c) =>
    Math.max(...rows.map((row) => [...(row[c] ?? '')].length)),
  );
  return rows
    .map((row) =>
      row
        .map((cell, c) => cell + KEPT.repeat(widths[c]! - [...cell].length))
        .filter((cell) => cell !== '')
        .join(KEPT),
    )
    .join('\n');
}

function subscript(content: string): string {
  return /^[\p{L}\d]*$/u.test(content) ? `_${content}` : `_{${content}}`;
}

function superscript(content: string): string {
  const raised = [...content].map((character) => SUPERSCRIPTS[character]);
  return raised.includes(undefined) ? `^(${content})` : raised.join('');
}

/** Part of a fraction: in parentheses when it is more than one factor. */
function operand(content: string): string {
  let depth = 0;
  for (const character of content) {
    if ('([{'.includes(character)) depth += 1;
    if (')]}'.includes(character)) depth -= 1;
    if (depth === 0 && /[\s+−×·/]/.test(character)) return `(${content})`;
  }
  return content;
}

/** Single spaces, none behind ∂, inside brackets, and beside spaces that stay. */
function tidy(text: string): string {
  return text
    .replace(/ {2,}/g, ' ')
    .replace(/∂ /g, '∂')
    .replace(/([([{]) +/g, '$1')
    .replace(/ +([)\]},])/g, '$1')
    .replace(/ *(\u00a0{2,}) */g, '$1')
    .replace(/^[ ]+|[ ]+$/g, '');
}
