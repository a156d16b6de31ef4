/** What is said about a run. */
import type { TrainSummary } from '@hw5/core';
import type { I18n } from '../../i18n/index.js';
import type { Notice } from '../notices.js';
import type { RunControl, RunState } from './run-control.js';

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
