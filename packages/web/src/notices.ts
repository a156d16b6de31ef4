/** What the status line says: a message with its facts, kept apart from any language until it is drawn. */
import type { ErrorCode, ErrorDetails } from '@hw5/core';
import type { Refusal } from './files.js';
import type { I18n, MessageKey } from './i18n/index.js';
import type { Problem } from './state.js';

/** What the button beside a message does. */
export type NoticeAction = 'recover' | 'rewind' | 'undo';

export interface Notice {
  readonly tone: 'info' | 'error';
  readonly key: MessageKey;
  readonly facts?: Readonly<Record<string, string | number>>;
  /** Facts that are sizes in bytes. */
  readonly bytes?: Readonly<Record<string, number>>;
  /** Facts that are times in seconds. */
  readonly seconds?: Readonly<Record<string, number>>;
  /** A message inside the message, as `{problem}`. */
  readonly problem?: Problem;
  /** The program's own sentence with what was expected and got; always English, shown beside the message. */
  readonly technical?: string;
  readonly action?: { readonly kind: NoticeAction; readonly step?: number };
}

/** The sentence of a notice in the current language. */
export function noticeText(notice: Notice, { t, format }: I18n): string {
  const facts: Record<string, string | number> = { ...notice.facts };
  for (const [name, count] of Object.entries(notice.bytes ?? {})) facts[name] = format.value.bytes(count);
  for (const [name, time] of Object.entries(notice.seconds ?? {})) facts[name] = format.value.duration(time);
  if (notice.problem !== undefined) facts.problem = t(notice.problem.key, notice.problem.facts);
  return t(notice.key, facts);
}

export function refusalNotice(refusal: Refusal): Notice {
  return { tone: 'error', ...refusal };
}

const codeOf = (error: unknown): ErrorCode | undefined =>
  error instanceof Error && 'code' in error ? (error.code as ErrorCode) : undefined;

const detailsOf = (error: unknown): ErrorDetails =>
  error instanceof Error && 'details' in error ? (error.details as ErrorDetails) : {};

export const isLost = (error: unknown): boolean => codeOf(error) === 'SESSION_LOST';
export const isAborted = (error: unknown): boolean => codeOf(error) === 'ABORTED';
export const isCheckpointError = (error: unknown): boolean => codeOf(error) === 'CHECKPOINT';

/** A thrown error as a notice: the page's sentence for its kind, and the program's own words beside it. */
export function errorNotice(error: unknown): Notice {
  const technical = error instanceof Error ? error.message : String(error);
  const details = detailsOf(error);
  const { step, tensor, needed, got, character } = details;
  switch (codeOf(error)) {
    case 'DIVERGED':
      if (typeof step === 'number' && typeof tensor === 'string') {
        return { tone: 'error', key: 'error.diverged', facts: { step, tensor }, technical };
      }
      return { tone: 'error', key: 'error.divergedPlain', technical };
    case 'DATA':
      if (typeof needed === 'number' && typeof got === 'number') {
        return { tone: 'error', key: 'error.shortText', facts: { needed, got }, technical };
      }
      if (typeof character === 'string') {
        return { tone: 'error', key: 'error.prompt', facts: { got: character }, technical };
      }
      return { tone: 'error', key: 'error.data', technical };
    case 'CHECKPOINT':
      return { tone: 'error', key: 'error.checkpoint', technical };
    case 'ARGUMENT':
    case 'SHAPE':
      return { tone: 'error', key: 'error.argument', technical };
    case 'OUT_OF_MEMORY':
      return { tone: 'error', key: 'error.memory', technical };
    case 'KERNEL':
      return { tone: 'error', key: 'error.kernel', technical };
    case 'SESSION_LOST':
      return { tone: 'error', key: 'error.lostFresh', technical, action: { kind: 'recover' } };
    case 'INTERNAL':
      return { tone: 'error', key: 'error.internal', technical };
    default:
      return { tone: 'error', key: 'error.unknown', technical };
  }
}
