/** How a run stands, in one sentence. */
import type { I18n } from '../../i18n/index.js';
import type { Key } from './en.js';
import type { Lab } from './lab.js';

export function statusText(lab: Lab, { t }: I18n<Key>): string {
  const step = lab.step.value;
  switch (lab.phase.value) {
    case 'opening':
      return t('status.opening');
    case 'ready':
      return t('status.ready', { parameters: lab.run.value?.parameters ?? 0 });
    case 'training':
      return t('status.training');
    case 'pausing':
      return t('status.pausing');
    case 'paused':
    case 'done':
      return t('status.paused', { step });
    default:
      return '';
  }
}
