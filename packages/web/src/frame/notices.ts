/** What the status line says: a message with its facts, kept apart from any language until it is drawn. */
import type { ErrorCode, ErrorDetails } from '@hw5/core';
import type { FrameKey, I18n } from '../i18n/index.js';
import type { Problem } from '../state/rows.js';
import type { Refusal } from './files.js';

/** The button beside a message. */
export interface NoticeAction<K extends string = never> {
  readonly key: K | FrameKey;
  readonly facts?: Readonly<Record<string, string | number>>;
  act(): void;
}

/** A message of the frame, or of a page with keys `K`. */
export interface Notice<K extends string = never> {
  readonly tone: 'info' | 'error';
  readonly key: K | FrameKey;
  readonly facts?: Readonly<Record<string, string | number>>;
  /** Facts that are sizes in bytes. */
  readonly bytes?: Readonly<Record<string, number>>;
  /** Facts that are times in seconds. */
  readonly seconds?: Readonly<Record<string, number>>;
  /** A message inside the message, as `{problem}`. */
  readonly problem?: Problem;
  /** The program's own sentence with what was expected and got; always English, shown beside the message. */
  readonly technical?: string;
  readonly action?: NoticeAction<K>;
}

/** The sentence of a notice in the current language. */
export function noticeText<K extends string>(notice: Notice<K>, { t, format }: I18n<K>): string {
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

/** A thrown error as a notice: the lab's sentence for its kind, and the program's own words beside it. */
export function errorNotice(error: unknown): Notice {
  const technical = error instanceof Error ? error.message : String(error);
  const { step, tensor, needed, got, character } = detailsOf(error);
  const tone = 'error';
  switch (codeOf(error)) {
    case 'DIVERGED':
      if (typeof step === 'number' && typeof tensor === 'string') {
        return { tone, key: 'error.diverged', facts: { step, tensor }, technical };
      }
      return { tone, key: 'error.divergedPlain', technical };
    case 'DATA':
      if (typeof needed === 'number' && typeof got === 'number') {
        return { tone, key: 'error.shortText', facts: { needed, got }, technical };
      }
      if (typeof character === 'string') {
        return { tone, key: 'error.prompt', facts: { got: character }, technical };
      }
      return { tone, key: 'error.data', technical };
    case 'CHECKPOINT':
      return { tone, key: 'error.checkpoint', technical };
    case 'ARGUMENT':
    case 'SHAPE':
      return { tone, key: 'error.argument', technical };
    case 'OUT_OF_MEMORY':
      return { tone, key: 'error.memory', technical };
    case 'KERNEL':
      return { tone, key: 'error.kernel', technical };
    case 'SESSION_LOST':
      return { tone, key: 'error.lostFresh', technical };
    case 'INTERNAL':
      return { tone, key: 'error.internal', technical };
    default:
      return { tone, key: 'error.unknown', technical };
  }
}
