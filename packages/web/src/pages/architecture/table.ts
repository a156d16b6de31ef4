/** The settings of the page about architectures: a task, a socket, and the choices inside it. */
import { choice, line, number, toggle } from '../../state/rows.js';
import type { Values as ValuesOf } from '../../state/table.js';

/** The tasks that core knows, in the order of the cards. */
export const tasks = [
  'sentiment',
  'gender',
  'speech',
  'live-captions',
  'cat-mood',
  'language-model',
  'tagging',
  'frame-labels',
  'anomaly',
  'translation',
  'captioning',
] as const;
export type TaskId = (typeof tasks)[number];

export const sockets = ['many-to-one', 'one-to-many', 'aligned', 'encoder-decoder'] as const;
export type Socket = (typeof sockets)[number];

export const MOST_STEPS = 12;

export const table = {
  task: choice('task', 'cat-mood', tasks),
  shape: choice('shape', 'aligned', sockets),
  bidirectional: toggle('both', false),
  readout: choice('readout', 'last', ['last', 'mean', 'max', 'attention']),
  loss: choice('loss', 'each', ['each', 'last', 'masked', 'ctc']),
  /** Steps that have a loss where it is masked: `1,4`. */
  mask: line('mask', '', 40),
  wait: number('wait', 0, { min: 0, max: 5 }),
  inputs: number('T', 6, { min: 1, max: MOST_STEPS }),
  outputs: number('S', 4, { min: 1, max: MOST_STEPS }),
  at: number('at', 3, { min: 1, max: MOST_STEPS }),
} as const;

export type ArchitectureTable = typeof table;
export type Values = ValuesOf<ArchitectureTable>;
