/** The settings that every run on examples has; each page adds its own and its defaults. */
import { type ChoiceRow, choice, type LineRow, line, type NumberRow, number } from '../state/rows.js';

export type Cell = 'rnn' | 'gru' | 'lstm';

/** What a run on examples is made with, as a page's settings hold it. */
export interface TrainingValues {
  readonly task: string;
  readonly examples: number;
  readonly cell: Cell;
  readonly hidden: number;
  readonly embed: number;
  readonly batch: number;
  readonly learningRate: number;
  readonly clip: number;
  readonly steps: number;
  readonly evaluateEvery: number;
  readonly seed: number;
  readonly lookEvery: number;
}

interface TrainingRows {
  readonly examples: NumberRow;
  readonly cell: ChoiceRow<Cell>;
  readonly hidden: NumberRow;
  readonly embed: NumberRow;
  readonly batch: NumberRow;
  readonly learningRate: NumberRow;
  readonly clip: NumberRow;
  readonly steps: NumberRow;
  readonly evaluateEvery: NumberRow;
  readonly seed: NumberRow;
  readonly lookEvery: NumberRow;
  readonly run: LineRow;
}

/** Ranges are wide enough for experiments that hurt. Flags are the command line's. */
export function trainingRows(usual: {
  readonly cell: Cell;
  readonly examples: number;
  readonly hidden: number;
  readonly embed: number;
  readonly steps: number;
  readonly evaluateEvery: number;
  readonly lookEvery: number;
}): TrainingRows {
  return {
    examples: number('data.examples', usual.examples, { min: 1, max: 100_000, flag: '--examples' }),
    cell: choice<Cell>('model.cell', usual.cell, ['rnn', 'gru', 'lstm'], '--cell'),
    hidden: number('model.hidden', usual.hidden, { min: 1, max: 1024, flag: '--hidden' }),
    embed: number('model.embed', usual.embed, { min: 1, max: 1024, flag: '--embed' }),
    batch: number('train.batch', 32, { min: 1, max: 1024, flag: '--batch' }),
    learningRate: number('train.lr', 0.005, { min: 1e-7, max: 10, whole: false, flag: '--lr' }),
    clip: number('train.clip', 1, { min: 0, max: 1e6, whole: false, flag: '--clip' }),
    steps: number('train.steps', usual.steps, { min: 1, max: 1_000_000, flag: '--steps' }),
    evaluateEvery: number('train.eval', usual.evaluateEvery, {
      min: 0,
      max: 1_000_000,
      flag: '--eval-every',
    }),
    seed: number('seed', 0, { min: 0, max: Number.MAX_SAFE_INTEGER, flag: '--seed' }),
    lookEvery: number('look.every', usual.lookEvery, { min: 0, max: 1_000_000 }),
    // A run kept on this device that is to be gone on with.
    run: line('run', '', 40),
  };
}
