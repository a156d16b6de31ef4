/**
 * Text to tokens. Ordinary notation in many spellings comes out as one: Persian and Arabic digits, Greek letters,
 * `\tanh` as in LaTeX, `⊙`, `.*`, a real minus sign, superscript T, subscripts as `_t`, `_{t-1}` or small letters.
 */
import { type Place, quoted, refuse, type Source } from './place.js';

export type TokenKind = 'number' | 'name' | 'op' | 'end';

export interface Token {
  readonly kind: TokenKind;
  /** Canonical: an operator, a name without its subscript, digits. */
  readonly text: string;
  /** What stood in a name's subscript, without braces. */
  readonly subscript: string | undefined;
  readonly at: Place;
  /** Does white space stand before it? */
  readonly spaced: boolean;
}

/** Longest text that is read, characters. A homework answer has a few hundred. */
export const MAX_LENGTH = 20_000;
/** Most tokens: later passes recurse over chains such as a + b + c, whose depth is their length. */
const MAX_TOKENS = 2000;

const operators: Readonly<Record<string, string>> = {
  '.*': '*',
  '**': '^',
  '+': '+',
  '-': '-',
  '−': '-',
  '–': '-',
  '*': '*',
  '⊙': '*',
  '∘': '*',
  '@': '@',
  '·': '@',
  '⋅': '@',
  '×': '@',
  '/': '/',
  '÷': '/',
  '⊘': '/',
  '⊗': '⊗',
  '^': '^',
  ',': ',',
  '،': ',',
  ';': ';',
  '؛': ';',
  '=': '=',
  '(': '(',
  ')': ')',
  '[': '[',
  ']': ']',
  '{': '{',
  '}': '}',
  "'": "'",
  '’': "'",
  '′': "'",
  ᵀ: 'ᵀ',
  '⊤': 'ᵀ',
};

/** LaTeX commands that are operators; every other `\name` is the name. */
const commands: Readonly<Record<string, string>> = {
  odot: '*',
  circ: '*',
  cdot: '@',
  times: '@',
  otimes: '⊗',
  oslash: '/',
  top: 'ᵀ',
};

const raised = 'ₐₑₒₓₕₖₗₘₙₚₛₜᵢⱼ₀₁₂₃₄₅₆₇₈₉₊₋';
const plain = 'aeoxhklmnpstij0123456789+-';

const NUMBER = /^(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?/;
// A capital-T superscript is a letter to Unicode: it may not be swallowed by a name.
const NAME = /^(?:(?![ₐ-ₜᵢⱼᵀ])\p{L})(?:(?![ₐ-ₜᵢⱼᵀ])[\p{L}\p{M}\p{Nd}])*/u;
const UNBRACED = /^(?:(?![ₐ-ₜᵢⱼᵀ])[\p{L}\p{Nd}_])+/u;

/** Digits of every script that Persian users write, as ASCII; the length stays the same. */
export function asciiDigits(text: string): string {
  return text.replace(/[۰-۹٠-٩٫]/g, (digit) =>
    digit === '٫' ? '.' : String((digit.charCodeAt(0) - (digit >= '۰' ? 0x6f0 : 0x660)) % 10),
  );
}

/** @throws ArgumentError that points at the first character that no formula has */
export function tokenize(source: Source): Token[] {
  if (source.text.length > MAX_LENGTH) {
    refuse(
      { source: { label: source.label, text: source.text.slice(0, 80) }, start: 0, end: 1 },
      `text must have at most ${MAX_LENGTH} characters, got ${source.text.length}`,
    );
  }
  const text = asciiDigits(source.text);
  const tokens: Token[] = [];
  let depth = 0;
  let spaced = false;
  let at = 0;
  const push = (kind: TokenKind, value: string, end: number, subscript?: string): void => {
    const place = { source, start: at, end };
    if (tokens.length >= MAX_TOKENS) refuse(place, `text must have at most ${MAX_TOKENS} symbols, got more`);
    tokens.push({ kind, text: value, subscript, at: place, spaced });
    spaced = false;
    at = end;
  };
  while (at < text.length) {
    const rest = text.slice(at);
    const char = text[at]!;
    if (char === '\n' && depth <= 0) {
      push('op', ';', at + 1);
      continue;
    }
    // Direction marks and isolates are what a Persian text editor leaves around a formula.
    if (/[\s\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]/.test(char)) {
      spaced = true;
      at += 1;
      continue;
    }
    const number = NUMBER.exec(rest)?.[0];
    if (number !== undefined) {
      push('number', number, at + number.length);
      continue;
    }
    const backslash = char === '\\' ? 1 : 0;
    const name = NAME.exec(rest.slice(backslash))?.[0];
    if (name !== undefined) {
      const command = backslash === 1 && Object.hasOwn(commands, name) ? commands[name] : undefined;
      if (command !== undefined) push('op', command, at + 1 + name.length);
      else pushName(name, at + backslash + name.length);
      continue;
    }
    if (rest.startsWith('∑') || rest.startsWith('∏')) {
      pushName(char === '∑' ? 'sum' : 'prod', at + 1);
      continue;
    }
    const two = rest.slice(0, 2);
    const op = Object.hasOwn(operators, two) ? two : char;
    if (!Object.hasOwn(operators, op)) {
      const shown = String.fromCodePoint(text.codePointAt(at)!);
      refuse(
        { source, start: at, end: at + shown.length },
        `text must be a formula, got the character ${quoted(shown)}`,
      );
    }
    const canonical = operators[op]!;
    if ('([{'.includes(canonical)) depth += 1;
    if (')]}'.includes(canonical)) depth -= 1;
    push('op', canonical, at + op.length);
  }
  push('end', '', text.length);
  return tokens;

  /** A name together with the subscript behind it. */
  function pushName(name: string, end: number): void {
    const behind = text.slice(end);
    if (behind.startsWith('_{')) {
      const close = text.indexOf('}', end);
      if (close < 0)
        refuse({ source, start: end + 1, end: end + 2 }, '"{" must be closed, got the end of the text');
      push('name', name, close + 1, text.slice(end + 2, close).trim());
      return;
    }
    if (behind.startsWith('_')) {
      const subscript = UNBRACED.exec(behind.slice(1))?.[0];
      if (subscript === undefined) {
        refuse(
          { source, start: end, end: end + 1 },
          `"_" must be followed by a subscript, got ${quoted(behind.slice(1, 9))}`,
        );
      }
      push('name', name, end + 1 + subscript.length, subscript);
      return;
    }
    let small = '';
    while (behind.length > small.length && raised.includes(behind[small.length]!))
      small += behind[small.length];
    const subscript = [...small].map((letter) => plain[raised.indexOf(letter)]).join('');
    push('name', name, end + small.length, small === '' ? undefined : subscript);
  }
}
