/** A task: an endless, seeded supply of examples whose right answers are known because we made them. */
import { ArgumentError, DataError } from '../../errors.js';
import { RandomStream } from '../../random.js';

export type Split = 'train' | 'validation';

export interface Task<Example, Options extends object> {
  readonly name: string;
  /** Which model learns it. */
  readonly kind: 'classify' | 'classify-series' | 'tag' | 'seq2seq' | 'regress';
  /** One line for a list of tasks. */
  readonly summary: string;
  readonly defaults: Options;
  /** One example; everything random is drawn from `random`. */
  example(random: RandomStream, options: Options): Example;
  /** What decides to which part an example belongs. Left out where values are continuous and never meet again. */
  key?(example: Example): string;
}

export interface TakeOptions<Options> {
  readonly count: number;
  readonly seed: number;
  /** Defaults to `'train'`. */
  readonly split?: Split;
  readonly options?: Partial<Options>;
}

/** One key in this many belongs to validation. */
const VALIDATION_SHARE = 8;
/** Draws in a row that may fall into the other part before the space of examples counts as too small. */
const MAX_DRAWS = 10_000;

/**
 * `count` examples. Same seed, split and options: same examples, and fewer are a prefix of more. Where the task has a
 * key, no key of the training part is in the validation part, whatever the seeds and counts.
 * @throws DataError when the options leave no examples for this part
 */
export function take<E, O extends object>(task: Task<E, O>, request: TakeOptions<O>): E[] {
  const { count, seed, split = 'train' } = request;
  if (!Number.isSafeInteger(count) || count < 0) {
    throw new ArgumentError(`${task.name}: count must be a whole number >= 0, got ${count}`);
  }
  const options = { ...task.defaults, ...request.options };
  const random = new RandomStream(seed, `task.${task.name}.${split}`);
  const examples: E[] = [];
  for (let drawn = 0; examples.length < count; drawn += 1) {
    const example = task.example(random, options);
    if (task.key === undefined || partOf(task.key(example)) === split) {
      examples.push(example);
      drawn = 0;
    } else if (drawn > MAX_DRAWS) {
      throw new DataError(
        `${task.name}: options must leave examples for ${split}, got none in ${MAX_DRAWS} draws`,
      );
    }
  }
  return examples;
}

/** The part that a key belongs to, by its hash: FNV-1a 32 over UTF-16 units, mixed by MurmurHash3's finaliser. */
export function partOf(key: string): Split {
  let hash = 0x811c9dc5;
  for (let i = 0; i < key.length; i += 1) hash = Math.imul(hash ^ key.charCodeAt(i), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0) % VALIDATION_SHARE === 0 ? 'validation' : 'train';
}

/** One of `items`, each as likely. */
export function pick<T>(random: RandomStream, items: readonly T[]): T {
  return items[random.integer(items.length)]!;
}

/** A whole number in [low, high]. @throws ArgumentError when there is none */
export function between(random: RandomStream, low: number, high: number): number {
  if (!(Number.isSafeInteger(low) && Number.isSafeInteger(high) && low <= high)) {
    throw new ArgumentError(`task: a range must be of whole numbers from low to high, got ${low} to ${high}`);
  }
  return low + random.integer(high - low + 1);
}

/** True with probability `p`. */
export function chance(random: RandomStream, p: number): boolean {
  return random.uniform() < p;
}
