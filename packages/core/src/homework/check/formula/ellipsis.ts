/** `a_1 + a_2 + ... + a_t` as the sum it stands for: what grows from the first term to the last grows by one each time. */
import { descendants, type Expr, type Linear } from '../../derive/expression.js';
import { refuse, type Source } from '../../derive/place.js';

const DOTS = /^\s*(?:\.\.\.|…|⋯|\\[lc]?dots)\s*$/;
const zero: Linear = { factors: {}, constant: 0 };

/** Letters for the running index; one that the terms do not use is taken. */
const running = ['n', 's', 'j', 'k'];

/**
 * @param read - a formula of its own; places are those of the whole text
 * @throws ArgumentError where the terms do not follow one rule
 */
export function withoutEllipsis(text: string, read: (source: Source) => Expr): Expr {
  const terms = termsOf(text);
  const dots = terms.findIndex(({ part }) => DOTS.test(part));
  if (dots < 0) return read({ label: 'answer', text });
  const blank = ({ start, part }: { start: number; part: string }): Source => ({
    label: 'answer',
    // Blanks around a term keep its place.
    text: `${' '.repeat(start)}${part}${' '.repeat(text.length - start - part.length)}`,
  });
  const place = { source: { label: 'answer', text }, start: terms[dots]!.start, end: text.length };
  const head = terms.slice(0, dots).map((term) => read(blank(term)));
  const tail = terms.slice(dots + 1).map((term) => read(blank(term)));
  const [first, last] = [head[0], tail.at(-1)];
  if (first === undefined || last === undefined) {
    return refuse(place, 'dots must stand between the first terms and the last one, got none on one side');
  }
  const growths: Linear[] = [];
  if (!aligned(first, last, (a, b) => void growths.push(difference(b, a)))) {
    return refuse(place, 'the terms around dots must differ in their steps alone, got different forms');
  }
  const grown = growths.find((linear) => !isZero(linear));
  if (grown === undefined) return refuse(place, 'the terms around dots must differ, got the same');
  // Terms may count down: letters stand for large numbers.
  const growth =
    Object.values(grown.factors).concat(grown.constant)[0]! > 0 ? grown : difference(zero, grown);
  const used = new Set(
    [...descendants(first)].flatMap((part) => (part.kind === 'series' ? [part.index] : [])),
  );
  const index = running.find((letter) => !used.has(letter) && !(letter in growth.factors));
  if (index === undefined) return refuse(place, 'the terms around dots must leave a letter for the sum');
  let steady = true;
  const at = (step: Linear): Expr =>
    merged(first, last, (a, b) => {
      const way = difference(b, a);
      if (isZero(way)) return a;
      const sign = isZero(difference(way, growth)) ? 1 : -1;
      if (sign < 0 && !isZero(sum(way, growth, 1))) steady = false;
      return sum(a, step, sign);
    });
  const body = at({ factors: { [index]: 1 }, constant: 0 });
  const steps = [
    ...head.map((term, n) => ({ term, step: { factors: {}, constant: n } })),
    ...tail.map((term, n) => ({
      term,
      step: sum(growth, { factors: {}, constant: n + 1 - tail.length }, 1),
    })),
  ];
  for (const { term, step } of steps) {
    const same = aligned(at(step), term, (a, b) => {
      if (!isZero(difference(a, b))) steady = false;
    });
    if (!same || !steady) {
      return refuse(term.at, 'the terms around dots must grow by one each time, got another step');
    }
  }
  return {
    kind: 'series',
    op: 'sum',
    index,
    from: zero,
    to: growth,
    body,
    at: { ...first.at, end: last.at.end },
  };
}

/** The text cut at its `+` signs outside brackets. */
function termsOf(text: string): { start: number; part: string }[] {
  const cuts = [-1];
  let depth = 0;
  for (let at = 0; at < text.length; at += 1) {
    if ('([{'.includes(text[at]!)) depth += 1;
    else if (')]}'.includes(text[at]!)) depth -= 1;
    else if (text[at] === '+' && depth === 0) cuts.push(at);
  }
  return [...cuts.slice(1), text.length].map((cut, n) => {
    const start = cuts[n]! + 1;
    return { start, part: text.slice(start, cut) };
  });
}

function sum(a: Linear, b: Linear, sign: 1 | -1): Linear {
  const factors: Record<string, number> = { ...a.factors };
  for (const [letter, factor] of Object.entries(b.factors)) {
    factors[letter] = (factors[letter] ?? 0) + sign * factor;
  }
  const kept = Object.entries(factors).filter(([, factor]) => factor !== 0);
  return { factors: Object.fromEntries(kept), constant: a.constant + sign * b.constant };
}

function difference(a: Linear, b: Linear): Linear {
  return sum(a, b, -1);
}

function isZero({ factors, constant }: Linear): boolean {
  return constant === 0 && Object.values(factors).every((factor) => factor === 0);
}

/** Have both one form? `visit` sees every pair of steps, exponents and limits. */
function aligned(a: Expr, b: Expr, visit: (a: Linear, b: Linear) => void): boolean {
  let same = true;
  const seen = (x: Linear, y: Linear): Linear => {
    visit(x, y);
    return x;
  };
  merged(a, b, seen, () => {
    same = false;
  });
  return same;
}

/** `a` with what `choose` makes of every pair of steps; `differ` hears where the forms part. */
function merged(
  a: Expr,
  b: Expr,
  choose: (a: Linear, b: Linear) => Linear,
  differ: () => void = () => {},
): Expr {
  const both = (one: Expr, other: Expr): Expr => merged(one, other, choose, differ);
  const step = (one: Linear | undefined, other: Linear | undefined): Linear | undefined => {
    if ((one === undefined) !== (other === undefined)) differ();
    return one && other && choose(one, other);
  };
  if (a.kind === 'number' && b.kind === 'number') {
    if (a.value !== b.value) differ();
  } else if (a.kind === 'symbol' && b.kind === 'symbol') {
    if (a.name !== b.name) differ();
    return { ...a, index: step(a.index, b.index) };
  } else if ((a.kind === 'negate' || a.kind === 'transpose') && b.kind === a.kind) {
    return { ...a, of: both(a.of, b.of) };
  } else if (a.kind === 'power' && b.kind === 'power') {
    return { ...a, base: both(a.base, b.base), exponent: choose(a.exponent, b.exponent) };
  } else if (a.kind === 'binary' && b.kind === 'binary' && a.op === b.op) {
    return { ...a, left: both(a.left, b.left), right: both(a.right, b.right) };
  } else if (a.kind === 'call' && b.kind === 'call' && a.fn === b.fn && a.args.length === b.args.length) {
    if (a.primes !== b.primes) differ();
    return { ...a, args: a.args.map((arg, n) => both(arg, b.args[n]!)) };
  } else if (a.kind === 'series' && b.kind === 'series' && a.op === b.op && a.index === b.index) {
    return { ...a, from: choose(a.from, b.from), to: choose(a.to, b.to), body: both(a.body, b.body) };
  } else differ();
  return a;
}
