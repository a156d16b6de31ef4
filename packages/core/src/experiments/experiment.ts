/** What an experiment is and what it answers: plain data that crosses a worker's boundary. Types only. */
import type { Bilingual } from '../homework/bank/types.js';

export type ExperimentName = 'mood' | 'future' | 'leak' | 'chain' | 'argmax';

export interface ExperimentOptions {
  /** How many seeds, from 2 to 50. Defaults to 5. */
  readonly seeds?: number;
  /** The first seed; the others follow it. Defaults to 0. */
  readonly firstSeed?: number;
}

/** One quantity, once per seed. */
export interface Measured {
  readonly name: Bilingual;
  readonly values: readonly number[];
  readonly mean: number;
  /** Standard deviation over seeds (n - 1). */
  readonly spread: number;
}

/** A sentence that follows from the numbers by a rule, and whether it came out as expected. */
export interface Finding {
  readonly holds: boolean;
  readonly text: Bilingual;
}

/** A curve over training steps: mean and spread over seeds. */
export interface Curve {
  readonly name: Bilingual;
  readonly points: readonly { readonly x: number; readonly mean: number; readonly spread: number }[];
}

export interface ExperimentResult {
  readonly name: ExperimentName;
  readonly question: Bilingual;
  /** What the rows measure, with its unit. */
  readonly metric: Bilingual;
  readonly seeds: readonly number[];
  readonly rows: readonly Measured[];
  readonly findings: readonly Finding[];
  readonly curves: readonly Curve[];
  /** A second table, such as bias and variance of estimators. */
  readonly table?: ExperimentTable;
}

export interface ExperimentTable {
  readonly title: Bilingual;
  readonly columns: readonly Bilingual[];
  readonly rows: readonly { readonly name: Bilingual; readonly values: readonly number[] }[];
}

/** Work, told step by step: yields the share that is done, in [0, 1], and returns what came out. */
export type Work<T> = Generator<number, T>;

export interface Experiment {
  readonly name: ExperimentName;
  readonly question: Bilingual;
  /** Defaults to `'f32'`. */
  readonly precision?: 'f32' | 'f64';
  run(seeds: readonly number[]): Work<ExperimentResult>;
}
