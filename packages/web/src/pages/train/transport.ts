/** The bar drives training; its slider goes through the samples, that is, through training time. */
import { computed } from '@preact/signals';
import type { Transport } from '../../frame/page.js';
import type { App } from './app.js';

export function createTransport({ lab, commands, settings, i18n, pinned }: App): Transport {
  const { t } = i18n;
  const running = computed(() => lab.phase.value === 'training' || lab.phase.value === 'pausing');
  const newest = computed(() => lab.samples.value.length - 1);
  const position = computed(() => Math.max(0, Math.min(pinned.value ?? newest.value, newest.value)));
  const isMade = computed(() => !['opening', 'empty'].includes(lab.phase.value));
  return {
    label: () => t('transport.label'),
    play: {
      running,
      enabled: computed(() => isMade.value && lab.phase.value !== 'pausing'),
      label: () => {
        if (running.value) return t('transport.pause');
        return t(lab.step.value > 0 ? 'transport.resume' : 'transport.start');
      },
      toggle: () => commands.togglePlay(),
    },
    stop: { enabled: computed(() => lab.phase.value === 'training'), act: () => lab.pause('stop') },
    rewind: { enabled: isMade, hint: () => t('transport.rewindHint'), act: () => commands.rewind() },
    newSeed: () => {
      settings.set('seed', (settings.get('seed') + 1) % 2 ** 53);
      commands.rewind();
    },
    track: {
      label: () => t('sample.slider'),
      length: computed(() => lab.samples.value.length),
      position,
      seek: (index) => {
        pinned.value = index >= newest.peek() ? null : Math.max(0, index);
      },
      text: () => {
        const sample = lab.samples.value[position.value];
        if (sample === undefined) return '';
        const facts = { step: sample.step, index: position.value + 1, count: lab.samples.value.length };
        return t('sample.position', facts);
      },
    },
  };
}
