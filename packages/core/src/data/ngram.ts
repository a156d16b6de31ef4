/**
 * What counting alone achieves: character n-grams, the bar that a trained model has to clear.
 * Source: Witten & Bell 1991, interpolated as in Chen & Goodman 1998.
 */
import { ArgumentError, DataError } from '../errors.js';

export interface BaselineOptions {
  /** Share of the text, from its end, that is tested on, in (0, 0.5]. Defaults to 0.1, as runs do. */
  readonly validationFraction?: number;
  /** Longest n, in [1, 5]. Defaults to 3. */
  readonly order?: number;
}

export interface Baselines {
  /** ln V, guessing among all V characters, nats per character. */
  readonly chance: number;
  /** Mean -ln P of the tested part, nats per character, of n = 1 .. order. */
  readonly losses: readonly number[];
  /** Characters that were counted, and that were tested. */
  readonly counted: number;
  readonly tested: number;
}

/** More characters are neither counted nor tested: counts of a page, not of a library. */
const MOST_COUNTED = 1_000_000;
const MOST_TESTED = 100_000;

interface Context {
  total: number;
  readonly next: Map<string, number>;
}

/**
 * P_n(c | h) = (count(h c) + T(h) P_{n-1}(c | h')) / (count(h) + T(h)), T(h) different characters seen behind h, h' = h
 * without its first character, P_0 = 1/V.
 * @throws DataError for a text of fewer than 20 characters, ArgumentError for options out of range
 */
export function baselines(text: string, options: BaselineOptions = {}): Baselines {
  const { validationFraction = 0.1, order = 3 } = options;
  if (!(validationFraction > 0 && validationFraction <= 0.5)) {
    throw new ArgumentError(`baselines: validationFraction must be in (0, 0.5], got ${validationFraction}`);
  }
  if (!(Number.isInteger(order) && order >= 1 && order <= 5)) {
    throw new ArgumentError(`baselines: order must be a whole number in [1, 5], got ${order}`);
  }
  const characters = [...text];
  if (characters.length < 20) {
    throw new DataError(`baselines: the text must have at least 20 characters, got ${characters.length}`);
  }
  const V = new Set(characters).size;
  const cut = characters.length - Math.max(1, Math.floor(characters.length * validationFraction));
  const counted = Math.min(cut, MOST_COUNTED);
  const from = cut - counted;
  const tables = Array.from({ length: order }, (_, n) => count(characters, from, cut, n));
  const end = Math.min(characters.length, cut + MOST_TESTED);
  const sums = new Float64Array(order);
  for (let t = cut; t < end; t += 1) {
    let p = 1 / V;
    for (let n = 0; n < order; n += 1) {
      const context = tables[n]!.get(characters.slice(t - n, t).join(''));
      if (context !== undefined) {
        const kinds = context.next.size;
        p = ((context.next.get(characters[t]!) ?? 0) + kinds * p) / (context.total + kinds);
      }
      sums[n] = sums[n]! - Math.log(p);
    }
  }
  const tested = end - cut;
  return { chance: Math.log(V), losses: Array.from(sums, (sum) => sum / tested), counted, tested };
}

/** What follows each context of n characters in [from, to). */
function count(characters: readonly string[], from: number, to: number, n: number): Map<string, Context> {
  const table = new Map<string, Context>();
  for (let t = from + n; t < to; t += 1) {
    const history = characters.slice(t - n, t).join('');
    let context = table.get(history);
    if (context === undefined) {
      context = { total: 0, next: new Map() };
      table.set(history, context);
    }
    context.total += 1;
    context.next.set(characters[t]!, (context.next.get(characters[t]!) ?? 0) + 1);
  }
  return table;
}
