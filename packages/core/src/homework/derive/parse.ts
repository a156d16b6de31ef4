/**
 * Tokens to expressions, by recursive descent. From loosest to tightest:
 *
 *     sum      a + b, a - b, -a
 *     entries  a * b, a ⊙ b, a .* b, a / b        entry by entry, left to right
 *     product  A b, A @ b, A · b, a ⊗ b            the matrix product, written by standing side by side; a b^T
 *     postfix  A^T, A', a^2, W^(t-i)
 *     operand  numbers, names with indices, calls, parentheses
 *
 * So `W h * r` is `(W h) * r`. What two readers could read in two ways is refused: `a / b c`, `x^2^3`.
 */
import type { Equation, Expr, Linear } from './expression.js';
import { functionNamed, functionNames } from './functions.js';
import { hasLetters, readLinear } from './linear.js';
import { type Place, quoted, refuse, type Source, span } from './place.js';
import { type Token, tokenize } from './token.js';

export interface NotationOptions {
  /** Letters that index time. Defaults to `['t']`; answers use more: `['t', 'i', 'k', 'T']`. */
  readonly indices?: readonly string[];
  /** Read `h_0`, `x(2)` as time indices instead of parts of the name. Defaults to false. */
  readonly numericSubscripts?: boolean;
}

/** Deepest nesting of parentheses, calls and signs. */
const MAX_DEPTH = 60;

/** One expression that fills the whole text. @throws ArgumentError that points at the place */
export function parseExpression(source: Source, options: NotationOptions = {}): Expr {
  const parser = new Parser(source, options);
  const value = parser.sum();
  parser.skipSeparators();
  parser.expectEnd();
  return value;
}

/** `name[t] = expression`, one per line or separated by semicolons. @throws ArgumentError that points at the place */
export function parseEquations(source: Source, options: NotationOptions = {}): Equation[] {
  const parser = new Parser(source, options);
  const equations: Equation[] = [];
  parser.skipSeparators();
  while (!parser.ended) {
    equations.push(parser.equation());
    if (!parser.ended) parser.expectSeparator();
    parser.skipSeparators();
  }
  if (equations.length === 0) {
    refuse(
      { source, start: 0, end: 1 },
      'there must be an equation such as h[t] = tanh(W_hh h[t-1]), got an empty text',
    );
  }
  return equations;
}

class Parser {
  readonly #tokens: readonly Token[];
  readonly #source: Source;
  readonly #indices: readonly string[];
  readonly #numeric: boolean;
  /** Letters of the sums that surround the current place. */
  readonly #running: string[] = [];
  #next = 0;
  #depth = 0;

  constructor(source: Source, { indices = ['t'], numericSubscripts = false }: NotationOptions) {
    this.#source = source;
    this.#tokens = tokenize(source);
    this.#indices = indices;
    this.#numeric = numericSubscripts;
  }

  get #token(): Token {
    return this.#tokens[this.#next]!;
  }

  get ended(): boolean {
    return this.#token.kind === 'end';
  }

  skipSeparators(): void {
    while (this.#is(';')) this.#next += 1;
  }

  expectSeparator(): void {
    if (!this.#is(';')) this.#unexpected('an operator or the end of the equation');
  }

  expectEnd(): void {
    if (!this.ended) this.#unexpected('an operator or the end');
  }

  equation(): Equation {
    const left = this.#operand();
    const { at } = left;
    if (
      left.kind !== 'symbol' ||
      left.index === undefined ||
      left.index.constant !== 0 ||
      !hasLetters(left.index)
    ) {
      refuse(at, 'the left side must be a name with the index t, such as h[t]');
    }
    if (!this.#is('=')) this.#unexpected('"="');
    this.#next += 1;
    const value = this.sum();
    if (this.#is('=')) refuse(this.#token.at, 'an equation must have one "=", got a second one');
    return { name: left.name, at, value };
  }

  sum(): Expr {
    return this.#nested(() => {
      let left = this.#signed();
      while (this.#is('+') || this.#is('-')) {
        const op = this.#take().text as '+' | '-';
        const right = this.#entries();
        left = { kind: 'binary', op, left, right, at: span(left.at, right.at) };
      }
      return left;
    });
  }

  #signed(): Expr {
    if (!this.#is('-') && !this.#is('+')) return this.#entries();
    const sign = this.#take();
    const of = this.#entries();
    return sign.text === '+' ? of : { kind: 'negate', of, at: span(sign.at, of.at) };
  }

  #entries(): Expr {
    let left = this.#product();
    while (this.#is('*') || this.#is('/')) {
      const op = this.#take().text as '*' | '/';
      const right = this.#product();
      const bare = right.kind === 'binary' && right.op === '@' && right.grouped !== true;
      if (op === '/' && bare) {
        refuse(right.at, 'a divisor of several factors must stand in parentheses: a / (b c) or (a / b) c');
      }
      left = { kind: 'binary', op, left, right, at: span(left.at, right.at) };
    }
    return left;
  }

  #product(): Expr {
    let left = this.#postfix();
    for (;;) {
      const outer = this.#is('⊗');
      const explicit = outer || this.#is('@');
      if (explicit) this.#next += 1;
      else if (!this.#startsOperand()) return left;
      else if (this.#token.kind === 'number') {
        refuse(
          this.#token.at,
          `a number must stand before what it multiplies, got ${quoted(this.#token.text)} behind it`,
        );
      }
      const right = explicit && this.#is('-') ? this.#nested(() => this.#signedFactor()) : this.#postfix();
      const at = span(left.at, right.at);
      left = outer
        ? { kind: 'call', fn: 'outer', primes: 0, args: [left, right], at }
        : { kind: 'binary', op: '@', left, right, at };
    }
  }

  #signedFactor(): Expr {
    const sign = this.#take();
    const of = this.#postfix();
    return { kind: 'negate', of, at: span(sign.at, of.at), grouped: true };
  }

  #postfix(): Expr {
    let base = this.#operand();
    let raised = false;
    for (;;) {
      if (this.#is("'") || this.#is('ᵀ')) {
        base = { kind: 'transpose', of: base, at: span(base.at, this.#take().at) };
      } else if (this.#is('^')) {
        const caret = this.#take();
        const exponent = this.#exponent();
        if (exponent === 'transpose') {
          base = { kind: 'transpose', of: base, at: span(base.at, this.#previous) };
          continue;
        }
        if (raised) refuse(caret.at, 'a power of a power must have parentheses: (x^2)^3 or x^6');
        raised = true;
        base = { kind: 'power', base, exponent, at: span(base.at, this.#previous) };
      } else return base;
    }
  }

  #exponent(): Linear | 'transpose' {
    const first = this.#token;
    if (this.#is('ᵀ')) {
      this.#next += 1;
      return 'transpose';
    }
    const wrapped = this.#is('(') || this.#is('{');
    const text = wrapped ? this.#textUntil(first.text === '(' ? ')' : '}') : this.#oneTokenExponent();
    if (/^[Tᵀ]$/.test(text) && !this.#letters.includes('T')) return 'transpose';
    // A capital T is the transpose even where T is also the number of steps: W^(T) would be the power.
    if (!wrapped && text === 'T') return 'transpose';
    const linear = readLinear(text, this.#letters);
    if (linear === undefined) {
      refuse(span(first.at, this.#previous), `an exponent must be T or a whole number, got ${quoted(text)}`);
    }
    return linear;
  }

  #oneTokenExponent(): string {
    const sign = this.#is('-') ? this.#take().text : '';
    if (this.#token.kind !== 'number' && this.#token.kind !== 'name') this.#unexpected('an exponent');
    return sign + this.#take().text;
  }

  #operand(): Expr {
    const token = this.#token;
    if (token.kind === 'number') {
      this.#next += 1;
      return { kind: 'number', value: Number(token.text), at: token.at };
    }
    if (token.kind === 'name') return this.#named();
    if (this.#is('(') || this.#is('{')) {
      const open = this.#take();
      const inside = this.sum();
      this.#close(open, open.text === '(' ? ')' : '}');
      return { ...inside, at: span(open.at, this.#previous), grouped: true };
    }
    return this.#unexpected('a name, a number or "("');
  }

  /** A name: a call, a sum over an index, or a symbol with or without a time index. */
  #named(): Expr {
    const token = this.#take();
    const subscript = token.subscript;
    if (subscript?.includes('=') && (token.text === 'sum' || token.text === 'prod'))
      return this.#series(token);
    const fn = functionNamed(subscript === undefined ? token.text : `${token.text}_${subscript}`);
    if (fn !== undefined) return this.#call(token, fn);
    let { name, index } = this.#subscripted(token);
    if (this.#is('[') || this.#opensTime()) {
      const open = this.#token;
      const text = this.#textUntil(open.text === '[' ? ']' : ')');
      const linear = readLinear(text, this.#letters);
      if (linear === undefined) {
        const letters = this.#letters.join(', ');
        refuse(
          span(open.at, this.#previous),
          `an index must be a whole-number expression of ${letters} such as t-1, got ${quoted(text)}`,
        );
      }
      if (index !== undefined) refuse(open.at, `${name} must have one time index, got two`);
      index = linear;
    } else if (this.#is('(') && !this.#token.spaced && index === undefined && /^\p{Ll}/u.test(name)) {
      refuse(
        token.at,
        `a function must be one of ${functionNames.join(', ')}, got ${quoted(name)}; for a product write ${name} @ (...)`,
      );
    }
    return { kind: 'symbol', name, index, at: span(token.at, this.#previous) };
  }

  /** Does `(` behind this name hold a time index, as in `g(t-1)`? */
  #opensTime(): boolean {
    if (!this.#is('(') || this.#token.spaced) return false;
    let text = '';
    for (let i = this.#next + 1; i < this.#tokens.length; i += 1) {
      const { kind, text: piece, subscript } = this.#tokens[i]!;
      if (piece === ')' && kind === 'op') break;
      if (subscript !== undefined || kind === 'end' || text.length > 20) return false;
      text += piece;
    }
    const linear = readLinear(text, this.#letters);
    return linear !== undefined && (hasLetters(linear) || this.#numeric);
  }

  /** `h_t`, `h_{t-1}`, `g_{h,t}` have an index; `W_hh`, `b_{out}` are longer names. */
  #subscripted({ text, subscript, at }: Token): { name: string; index: Linear | undefined } {
    if (subscript === undefined) return { name: text, index: undefined };
    const cut = Math.max(subscript.lastIndexOf(','), subscript.lastIndexOf('_'));
    const last = subscript.slice(cut + 1);
    const linear = readLinear(last, this.#letters);
    const index = linear !== undefined && (hasLetters(linear) || this.#numeric) ? linear : undefined;
    const rest = index === undefined ? subscript : subscript.slice(0, Math.max(cut, 0));
    const tail = rest.replace(/[\s,_]+/g, '_');
    if (!/^[\p{L}\p{M}\p{Nd}_]*$/u.test(tail)) {
      refuse(
        at,
        `a subscript must be letters, digits or a time index such as {t-1}, got ${quoted(subscript)}`,
      );
    }
    return { name: tail === '' ? text : `${text}_${tail}`, index };
  }

  #call(token: Token, fn: string): Expr {
    let primes = 0;
    while (this.#is("'")) {
      this.#next += 1;
      primes += 1;
    }
    if (!this.#is('(')) {
      refuse(token.at, `${token.text} is a function and must be followed by "(", got ${this.#shown()}`);
    }
    const open = this.#take();
    const args = [this.sum()];
    while (this.#is(',')) {
      this.#next += 1;
      args.push(this.sum());
    }
    this.#close(open, ')');
    return { kind: 'call', fn, primes, args, at: span(token.at, this.#previous) };
  }

  #series(token: Token): Expr {
    const [letter = '', from = ''] = token.subscript!.split('=').map((part) => part.trim());
    const low = readLinear(from, this.#letters);
    if (!/^\p{L}$/u.test(letter) || low === undefined) {
      refuse(token.at, `a sum must run over a letter from a whole number, got ${quoted(token.subscript!)}`);
    }
    if (!this.#is('^')) this.#unexpected('"^" and where the sum ends');
    this.#next += 1;
    const first = this.#token;
    const wrapped = this.#is('(') || this.#is('{');
    const text = wrapped ? this.#textUntil(first.text === '(' ? ')' : '}') : this.#oneTokenExponent();
    const high = readLinear(text.includes('=') ? text.slice(text.indexOf('=') + 1) : text, this.#letters);
    if (high === undefined) refuse(first.at, `a sum must end at a whole number, got ${quoted(text)}`);
    this.#running.push(letter);
    const body = this.#nested(() => this.#entries());
    this.#running.pop();
    const op = token.text === 'sum' ? 'sum' : 'product';
    return { kind: 'series', op, index: letter, from: low, to: high, body, at: span(token.at, body.at) };
  }

  get #letters(): readonly string[] {
    return this.#running.length === 0 ? this.#indices : [...this.#indices, ...this.#running];
  }

  get #previous(): Place {
    return this.#tokens[this.#next - 1]!.at;
  }

  #is(op: string): boolean {
    return this.#token.kind === 'op' && this.#token.text === op;
  }

  #startsOperand(): boolean {
    return this.#token.kind === 'number' || this.#token.kind === 'name' || this.#is('(');
  }

  #take(): Token {
    const token = this.#token;
    this.#next += 1;
    return token;
  }

  /** The text inside a bracket that is the current token; stands behind the closing one afterwards. */
  #textUntil(close: string): string {
    const open = this.#take();
    let text = '';
    while (!this.#is(close)) {
      if (this.ended) this.#close(open, close);
      const { text: piece, subscript } = this.#take();
      text += subscript === undefined ? piece : `${piece}_${subscript}`;
    }
    this.#next += 1;
    return text;
  }

  #close(open: Token, close: string): void {
    if (this.#is(close)) {
      this.#next += 1;
      return;
    }
    if (this.ended || this.#is('=') || this.#is(';')) {
      refuse(open.at, `"${open.text}" must be closed by "${close}", got ${this.#shown()}`);
    }
    this.#unexpected(`an operator or "${close}"`);
  }

  #nested<T>(parse: () => T): T {
    this.#depth += 1;
    if (this.#depth > MAX_DEPTH)
      refuse(this.#token.at, `nesting must be at most ${MAX_DEPTH} deep, got more`);
    const value = parse();
    this.#depth -= 1;
    return value;
  }

  #shown(): string {
    if (this.ended) return 'the end of the text';
    const { source, start, end } = this.#token.at;
    const text = source.text.slice(start, end);
    return text === '\n' ? 'the end of the line' : quoted(text);
  }

  #unexpected(wanted: string): never {
    const { at } = this.#token;
    const closing = this.#is(')') || this.#is(']') || this.#is('}');
    const hint = closing && this.#depth <= 1 ? '; no bracket is open here' : '';
    return refuse({ ...at, source: this.#source }, `${wanted} must stand here, got ${this.#shown()}${hint}`);
  }
}
