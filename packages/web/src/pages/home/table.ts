/** The settings of the first page: the question that is open, and what was typed into the router. */
import { choice, line } from '../../state/rows.js';
import type { Values as ValuesOf } from '../../state/table.js';

export const questionIds = ['q1a', 'q1b', 'q1c', 'q2a', 'q2b', 'q2c', 'q2d', 'q3a', 'q3b', 'q4'] as const;
export type QuestionId = (typeof questionIds)[number];

/** Longest text in the router, characters: what still fits an address. */
export const LONGEST_TEXT = 2000;

export const table = {
  question: choice('q', 'none', ['none', ...questionIds]),
  text: line('text', '', LONGEST_TEXT),
} as const;

export type HomeTable = typeof table;
export type Values = ValuesOf<HomeTable>;
