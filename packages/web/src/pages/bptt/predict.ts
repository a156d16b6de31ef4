/** Questions whose answers the page knows because it computed them; made from what is on the screen and a number. */
import type { Unrolled } from '@hw5/core/homework';
import { largest, rowsOf } from './numbers.js';

interface Choice {
  readonly kind: 'vanish' | 'shape' | 'largest' | 'future';
  /** Facts of the question's words. */
  readonly facts: Readonly<Record<string, string | number>>;
  /** What may be answered, as words of the dictionary or as text that needs no translation. */
  readonly options: readonly Option[];
  readonly answer: number;
}

interface Estimate {
  readonly kind: 'entry' | 'count';
  readonly facts: Readonly<Record<string, string | number>>;
  readonly answer: number;
  /** Beyond this distance an answer is worth nothing; within a twentieth of it, it is right. 0: it must be exact. */
  readonly range: number;
}

export type Question = Choice | Estimate;
export type Option =
  | { readonly key: `option.${'none' | 'first' | 'same' | 'all' | 'zero'}` }
  | { readonly text: string };

const kinds = ['vanish', 'shape', 'count', 'largest', 'entry', 'future'] as const;

/** The nth question about these numbers. */
export function questionAt(unrolled: Unrolled, n: number): Question {
  const round = Math.floor(n / kinds.length);
  switch (kinds[n % kinds.length]!) {
    case 'vanish':
      return vanish(unrolled);
    case 'shape':
      return shape(unrolled, round);
    case 'count':
      return count(unrolled);
    case 'largest':
      return strongest(unrolled);
    case 'entry':
      return entry(unrolled, round);
    case 'future':
      return future();
  }
}

/** What an answer is worth, in [0, 1]. */
export function worthOf(question: Question, answer: number): number {
  if (!('range' in question)) return answer === question.answer ? 1 : 0;
  const apart = Math.abs(answer - question.answer);
  if (apart === 0) return 1;
  if (question.range === 0 || !Number.isFinite(apart)) return 0;
  const tolerated = question.range / 20;
  return apart <= tolerated ? 1 : Math.max(0, 1 - apart / question.range);
}

function factsOf({ derivation }: Unrolled): Record<string, string | number> {
  return { wrt: derivation.wrt, steps: derivation.steps };
}

/** With h_0 = 0 the terms of k = 1 are zero for W_hh, and only for W_hh. */
function vanish(unrolled: Unrolled): Question {
  const { paths } = unrolled.derivation;
  const first = Math.min(...paths.map(({ k }) => k));
  const sets: readonly ((path: { readonly t: number; readonly k: number }) => boolean)[] = [
    () => false,
    ({ k }) => k === first,
    ({ t, k }) => t === k,
    () => true,
  ];
  const answer = sets.findIndex((isGone) => paths.every((path) => isGone(path) === (path.norm === 0)));
  if (answer < 0) return count(unrolled);
  const options: Option[] = [
    { key: 'option.none' },
    { key: 'option.first' },
    { key: 'option.same' },
    { key: 'option.all' },
  ];
  return { kind: 'vanish', facts: factsOf(unrolled), options, answer };
}

function count(unrolled: Unrolled): Estimate {
  return { kind: 'count', facts: factsOf(unrolled), answer: unrolled.derivation.paths.length, range: 0 };
}

function shape({ edges }: Unrolled, round: number): Choice {
  const sizes = edges.flatMap(({ from, to, jacobian }) => {
    if (jacobian === null) return [];
    const rows = rowsOf(jacobian);
    return [{ from, to, rows: rows.length, columns: rows[0]?.length ?? 0 }];
  });
  const telling = sizes.filter(({ rows, columns }) => rows !== columns);
  const list = telling.length > 0 ? telling : sizes;
  const chosen = list[(7 * round + 3) % Math.max(1, list.length)];
  if (chosen === undefined) return future();
  const { rows, columns } = chosen;
  const texts = [
    ...new Set([`${columns}×${rows}`, `${rows}×${columns}`, `${rows}×${rows}`, `${columns}×${columns}`]),
  ];
  return {
    kind: 'shape',
    facts: { to: chosen.to, from: chosen.from },
    options: texts.map((text) => ({ text })),
    answer: texts.indexOf(`${rows}×${columns}`),
  };
}

function strongest(unrolled: Unrolled): Choice {
  const paths = [...unrolled.derivation.paths].sort((a, b) => b.norm - a.norm);
  const shown = paths.slice(0, 6).sort((a, b) => a.t - b.t || a.k - b.k);
  return {
    kind: 'largest',
    facts: factsOf(unrolled),
    options: shown.map(({ t, k }) => ({ text: `(t, k) = (${t}, ${k})` })),
    answer: shown.indexOf(paths[0]!),
  };
}

function entry(unrolled: Unrolled, round: number): Estimate {
  const rows = rowsOf(unrolled.derivation.gradient);
  const columns = rows[0]?.length ?? 1;
  const at = (5 * round + 2) % (rows.length * columns);
  const [row, column] = [Math.floor(at / columns), at % columns];
  return {
    kind: 'entry',
    facts: { ...factsOf(unrolled), row: row + 1, column: column + 1 },
    answer: rows[row]![column]!,
    range: largest(rows),
  };
}

/** dJ_1/dh_2: an earlier loss does not see a later state. */
function future(): Choice {
  return {
    kind: 'future',
    facts: {},
    options: [{ key: 'option.zero' }, { text: 'g_o[1] W_yh W_hh' }, { text: 'W_hh^T W_yh^T g_o[1]' }],
    answer: 0,
  };
}
