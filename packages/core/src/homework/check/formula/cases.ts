/** Answers in pieces: what holds for i <= t, for i > t, otherwise. */
import { type Rewritten, sliced } from './rewrite.js';

/** For which i a piece is meant; `here` is i = t, `past` is i < t. */
export type Range = 'all' | 'upToNow' | 'past' | 'here' | 'future' | 'notPast' | 'otherwise';

/** `i <= t` in its spellings, with the word before it. */
const CONDITION =
  /[,;(]?\s*(?:\b(?:for|if|when|where)\b|اگر|برای|وقتی)?\s*\b([it])\s*(<=|>=|≤|≥|==|<|>|=|\\leq?(?![a-z])|\\geq?(?![a-z]))\s*([it])(?![\p{L}\d_])\s*\)?/gu;
const OTHERWISE = /[,;]?\s*(?:(?<!\p{L})و\s+)?(?:\b(?:otherwise|else)\b|در غیر این ?صورت|وگرنه)/gu;

/** Cut at the conditions: `a for i <= t, 0 for i > t`. */
export function cases(whole: Rewritten): { part: Rewritten; range: Range }[] {
  const marks = [
    ...[...whole.text.matchAll(CONDITION)].map((m) => ({
      start: m.index,
      end: m.index + m[0].length,
      range: rangeOf(m[1]!, m[2]!, m[3]!),
    })),
    ...[...whole.text.matchAll(OTHERWISE)].map((m) => ({
      start: m.index,
      end: m.index + m[0].length,
      range: 'otherwise' as const,
    })),
  ].sort((a, b) => a.start - b.start);
  if (marks.length === 0) return [{ part: whole, range: 'all' }];
  const pieces: { part: Rewritten; range: Range }[] = [];
  if (!/[\p{L}\d]/u.test(whole.text.slice(0, marks[0]!.start))) {
    // `if i <= t: a, otherwise b`: the conditions stand before what they are about.
    for (const [at, { end, range }] of marks.entries()) {
      const part = trimmed(sliced(whole, end, marks[at + 1]?.start ?? whole.text.length));
      if (/[\p{L}\d]/u.test(part.text)) pieces.push({ part, range });
    }
    return pieces.length === 0 ? [{ part: whole, range: 'all' }] : pieces;
  }
  let from = 0;
  for (const { start, end, range } of marks) {
    // `0 for i > t` and `for i > t: 0` both occur; only the first is read, the second is refused as empty.
    const gap = /^(?:\s|,|;|،|؛|\\\\|\band\b|و)*/u.exec(whole.text.slice(from, start))![0].length;
    const part = sliced(whole, Math.min(from + gap, start), start);
    if (part.text.trim() !== '') pieces.push({ part: trimmed(part), range });
    from = end;
  }
  const rest = whole.text.slice(from);
  if (/[\p{L}\d]/u.test(rest))
    pieces.push({ part: trimmed(sliced(whole, from, whole.text.length)), range: 'otherwise' });
  return pieces.length === 0 ? [{ part: whole, range: 'all' }] : pieces;
}

function trimmed(part: Rewritten): Rewritten {
  const head = /^(?:\s|,|;|،|؛|:|\\\\)*/u.exec(part.text)![0].length;
  const tail = /(?:\s|,|;|،|؛|\\\\)*$/u.exec(part.text)![0].length;
  return sliced(part, head, Math.max(head, part.text.length - tail));
}

function rangeOf(left: string, sign: string, right: string): Range {
  if (left === right) return 'all';
  const plain = sign.startsWith('\\') ? (sign.includes('l') && !sign.includes('g') ? '<=' : '>=') : sign;
  const flip: Readonly<Record<string, string>> = {
    '<=': '>=',
    '≤': '>=',
    '>=': '<=',
    '≥': '<=',
    '<': '>',
    '>': '<',
  };
  const of = left === 'i' ? plain : (flip[plain] ?? plain);
  if (of === '<=' || of === '≤') return 'upToNow';
  if (of === '>=' || of === '≥') return 'notPast';
  return of === '<' ? 'past' : of === '>' ? 'future' : 'here';
}
