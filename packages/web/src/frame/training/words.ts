/** What is said about a run. */
import type { TrainSummary } from '@hw5/core';
import type { I18n } from '../../i18n/index.js';
import { errorNotice, type Notice, type NoticeAction } from '../notices.js';
import type { RunControl } from './run-control.js';
import type { RunState } from './run-options.js';

export type EndReason = 'pause' | 'hidden' | 'stop' | 'replace';

export function doneNotice({ step, valLoss }: TrainSummary, time: number): Notice {
  const seconds = { time };
  if (valLoss === undefined) {
    return { tone: 'info', key: 'status.doneNoValidation', facts: { step }, seconds };
  }
  return { tone: 'info', key: 'status.done', facts: { step, validation: valLoss }, seconds };
}

export function endNotice(reason: EndReason, step: number): Notice {
  const key = reason === 'stop' ? 'status.stopped' : reason === 'hidden' ? 'status.hidden' : 'status.paused';
  return { tone: 'info', key, facts: { step } };
}

/** What went wrong; a run that diverged can be rewound. */
export function failureNotice(error: unknown, rewind: NoticeAction): Notice {
  const notice = errorNotice(error);
  const diverged = notice.key === 'error.diverged' || notice.key === 'error.divergedPlain';
  return diverged ? { ...notice, action: rewind } : notice;
}

/** The worker has died. @param step of the checkpoint in memory, if there is one: `act` goes on from there */
export function lostNotice(error: unknown, step: number | undefined, act: () => void): Notice {
  const technical = error instanceof Error ? error.message : String(error);
  if (step === undefined) {
    return {
      tone: 'error',
      key: 'error.lostFresh',
      technical,
      action: { key: 'error.action.restartFresh', act },
    };
  }
  const facts = { step };
  return {
    tone: 'error',
    key: 'error.lost',
    facts,
    technical,
    action: { key: 'error.action.restart', facts, act },
  };
}

/** How a run stands, in one sentence. */
export function runStatus<F extends RunState & { readonly parameters: number }, S>(
  { phase, run, step }: RunControl<F, S>,
  { t }: I18n,
): string {
  switch (phase.value) {
    case 'opening':
      return t('status.opening');
    case 'ready':
      return t('status.ready', { parameters: run.value?.parameters ?? 0 });
    case 'training':
      return t('status.training');
    case 'pausing':
      return t('status.pausing');
    case 'paused':
    case 'done':
      return t('status.paused', { step: step.value });
    default:
      return '';
  }
}
