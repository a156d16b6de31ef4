/** The slider goes through the samples, that is, through training time. */
import { computed } from '@preact/signals';
import type { Track } from '../../frame/page.js';
import type { App } from './app.js';

export function createTrack({ lab, i18n, pinned }: Omit<App, 'commands' | 'counting' | 'looks'>): Track {
  const { t } = i18n;
  const newest = computed(() => lab.samples.value.length - 1);
  const position = computed(() => Math.max(0, Math.min(pinned.value ?? newest.value, newest.value)));
  return {
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
  };
}
