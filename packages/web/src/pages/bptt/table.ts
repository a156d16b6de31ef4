/** The page's settings: which recurrence, which gradient of it, what is looked at. */
import { choice, line, number, toggle } from '../../state/rows.js';
import type { Values as ValuesOf } from '../../state/table.js';

export const views = ['paths', 'slices', 'check', 'hunt', 'memory'] as const;
export type View = (typeof views)[number];

export const recurrences = ['homework', 'small', 'bias', 'gru', 'lstm', 'own'] as const;
export type RecurrenceName = (typeof recurrences)[number];

/** Position of the scrubber at which every line is shown. */
export const ALL_LINES = 999;
const MOST_CHARACTERS = 4000;

export const table = {
  view: choice('view', 'paths', views),
  recurrence: choice('cell', 'homework', recurrences),
  own: line('cell.own', '', MOST_CHARACTERS),
  loss: line('loss', '', 500, '--loss'),
  wrt: line('wrt', '', 40, '--wrt'),
  steps: number('T', 3, { min: 1, max: 60, flag: '--steps' }),
  at: choice('at', 'each', ['each', 'last'], '--at'),
  start: choice('h0', 'zero', ['zero', 'drawn'], '--start'),
  activation: choice('psi', 'tanh', ['tanh', 'sigmoid', 'relu', 'identity'], '--activation'),
  layout: choice('layout', 'shape', ['shape', 'numerator', 'denominator'], '--layout'),
  inputs: number('size.x', 0, { min: 0, max: 8 }),
  hidden: number('size.h', 0, { min: 0, max: 8 }),
  outputs: number('size.y', 0, { min: 0, max: 8 }),
  seed: number('seed', 0, { min: 0, max: Number.MAX_SAFE_INTEGER, flag: '--seed' }),
  changes: line('set', '', MOST_CHARACTERS),
  focus: line('focus', '', 60),
  line: number('line', ALL_LINES, { min: 0, max: ALL_LINES }),
  window: number('window', 0, { min: 0, max: 60 }),
  /** Of which value; empty: the first state. */
  sliceOf: line('slice.of', '', 40),
  /** 0: the last step. */
  sliceStep: number('slice.t', 0, { min: 0, max: 60 }),
  /** Step of the one use of the parameter that is looked at; 0: all of them. */
  sliceUse: number('slice.k', 0, { min: 0, max: 60 }),
  sliceBy: choice('slice.by', 'value', ['value', 'parameter']),
  slice: number('slice.at', 1, { min: 1, max: 4096 }),
  digits: number('digits', 2, { min: 1, max: 6 }),
  epsilon: number('eps', -5, { min: -12, max: -1, whole: false }),
  precision: choice('fd', 'f64', ['f64', 'f32']),
  level: number('hunt.level', 1, { min: 1, max: 3 }),
  hunt: number('hunt.seed', 0, { min: 0, max: Number.MAX_SAFE_INTEGER }),
  question: number('question', 0, { min: 0, max: 9999 }),
  radius: number('radius', 1, { min: 0.1, max: 3, whole: false }),
  gate: number('gate', 1, { min: -4, max: 6, whole: false }),
  units: number('units', 8, { min: 2, max: 16 }),
  clip: toggle('clip', false),
  clipNorm: number('clip.norm', 1, { min: 0.01, max: 100, whole: false }),
  horizon: number('horizon', 30, { min: 2, max: 60 }),
} as const;

export type Values = ValuesOf<typeof table>;
export type SettingName = keyof typeof table;
