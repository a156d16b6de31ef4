/** The settings of the page about attention; the numbers are those of question 3. */
import { choice, matrix, number, vector } from '../../state/rows.js';

/** Most keys and entries: what still fits a by-hand table and a picture. */
export const MOST_KEYS = 8;
export const MOST_ENTRIES = 4;
const LIMIT = 1000;

const shape = { maxRows: MOST_KEYS, maxColumns: MOST_ENTRIES, limit: LIMIT };

export const table = {
  keys: matrix(
    'keys',
    [
      [1, 2, 3],
      [2, 2, 1],
      [0, 1, -1],
      [0, -2, -4],
    ],
    { ...shape, flag: '--keys' },
  ),
  values: matrix(
    'values',
    [
      [6, 1, -2],
      [6, -1, 2],
      [6, 1, 0],
      [6, 1, 2],
    ],
    { ...shape, flag: '--values' },
  ),
  query: vector('query', [3, -1, -1], { maxLength: MOST_ENTRIES, limit: LIMIT, flag: '--query' }),
  target: vector('target', [6, -1, 2], { maxLength: MOST_ENTRIES, limit: LIMIT }),
  mode: choice(
    // `mode` is the frame's own.
    'choose',
    'argmax',
    ['argmax', 'softmax', 'sparsemax', 'entmax15', 'straight-through', 'gumbel'],
    '--mode',
  ),
  temperature: number('temperature', 1, { min: 0.01, max: 100, whole: false, flag: '--temperature' }),
  ties: choice('ties', 'first', ['first', 'all'], '--ties'),
  seed: number('seed', 0, { min: 0, max: Number.MAX_SAFE_INTEGER, flag: '--seed' }),
  axes: choice('axes', '1-2', ['1-2', '1-3', '2-3', '1-4', '2-4', '3-4']),
  turned: number('turned', 1, { min: 1, max: MOST_KEYS }),
  epsilon: number('epsilon', 0.01, { min: 1e-6, max: 1, whole: false }),
  samples: number('samples', 1000, { min: 10, max: 50_000 }),
  step: number('step', MOST_KEYS + 2, { min: 0, max: MOST_KEYS + 2 }),
} as const;

export type AttentionTable = typeof table;
