/** Edits of attention rows as the address writes them: `3:place:5 4:power:2 5:argmax`, tokens and places counted from 1. */
import type { StepEdit, TextAnswer } from '@hw5/core';
import { latinNumber } from '../../i18n/digits.js';

/** What an edit must look like, for those who wrote another. */
export const EDIT_FORMS = '3:place:5, 3:power:2, 3:argmax';
/** Rows that can be edited at once. */
const MOST = 40;
/** Sharpest and flattest power. */
export const SHARPEST = 16;

/** `undefined` for a text that is no list of edits. */
export function parseEdits(text: string): readonly StepEdit[] | undefined {
  const words = text.split(/\s+/).filter((word) => word !== '');
  const edits = words.map(parseEdit);
  const found = edits.filter((edit): edit is StepEdit => edit !== undefined);
  const rows = new Set(found.map(({ step }) => step));
  return found.length === words.length && rows.size === found.length && found.length <= MOST
    ? found.sort((a, b) => a.step - b.step)
    : undefined;
}

function parseEdit(word: string): StepEdit | undefined {
  const [row = '', kind, value = '', ...rest] = word.split(':');
  const step = wholeFrom1(row);
  if (step === undefined || rest.length > 0) return undefined;
  if (kind === 'argmax' && value === '') return { step, kind };
  if (kind === 'place') {
    const place = wholeFrom1(value);
    return place === undefined ? undefined : { step, kind, place };
  }
  const factor = /^[\d.]+$/.test(latinNumber(value)) ? Number(latinNumber(value)) : Number.NaN;
  return kind === 'power' && factor >= 1 / SHARPEST && factor <= SHARPEST
    ? { step, kind, factor }
    : undefined;
}

/** The index of what is counted from 1. */
function wholeFrom1(text: string): number | undefined {
  const latin = latinNumber(text);
  return /^[1-9]\d{0,3}$/.test(latin) ? Number(latin) - 1 : undefined;
}

export const formatEdits = (edits: readonly StepEdit[]): string => edits.map(formatEdit).join(' ');

function formatEdit(edit: StepEdit): string {
  const row = edit.step + 1;
  if (edit.kind === 'argmax') return `${row}:argmax`;
  return edit.kind === 'place' ? `${row}:place:${edit.place + 1}` : `${row}:power:${edit.factor}`;
}

/** `edits` with this one in place of any other of its row; a power of 1 is no edit. */
export function withEdit(edits: readonly StepEdit[], edit: StepEdit): readonly StepEdit[] {
  const others = edits.filter(({ step }) => step !== edit.step);
  const all = edit.kind === 'power' && edit.factor === 1 ? others : [...others, edit];
  return all.sort((a, b) => a.step - b.step);
}

/** The edits that an answer over `places` source tokens has rows and columns for. */
export function possible(
  edits: readonly StepEdit[],
  { steps }: TextAnswer,
  places: number,
): readonly StepEdit[] {
  return edits.filter((edit) => edit.step < steps.length && (edit.kind !== 'place' || edit.place < places));
}

/** First place where two answers write something else; their common length where one only goes on. */
export function partsAt(a: TextAnswer, b: TextAnswer): number {
  const shorter = Math.min(a.steps.length, b.steps.length);
  for (let at = 0; at < shorter; at += 1) if (a.steps[at]!.token !== b.steps[at]!.token) return at;
  return shorter;
}
