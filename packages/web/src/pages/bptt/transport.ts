/** The bar reveals the derivation, a line at a time. */
import { computed, type ReadonlySignal } from '@preact/signals';
import { createPlayer, type Player } from '../../frame/player.js';
import type { App } from './app.js';
import { ALL_LINES } from './table.js';

/** Time for a line to be read, ms. */
const PACE = 1600;

const stages = [
  ['forward', 'tick.forward'],
  ['jacobian', 'tick.jacobian'],
  ['recursion', 'tick.recursion'],
  ['path', 'tick.paths'],
] as const;

export function createTransport(
  { context, shownLines, bench }: App,
  lineCount: ReadonlySignal<number>,
): Player {
  const { settings, i18n, visible } = context;
  const { t } = i18n;
  const position = computed(() => Math.max(0, shownLines.value - 1));
  return createPlayer({
    i18n,
    visible,
    interval: PACE,
    label: () => t('transport.label'),
    newSeed: () => settings.set('seed', (settings.get('seed') + 1) % 2 ** 53),
    track: {
      label: () => t('transport.lines'),
      length: lineCount,
      position,
      seek: (line, dragging) => {
        settings.preview('line', line >= lineCount.peek() - 1 ? ALL_LINES : Math.max(0, line));
        settings.preview('view', 'paths');
        if (!dragging) settings.commit();
      },
      text: () =>
        lineCount.value === 0
          ? ''
          : t('transport.position', { line: position.value + 1, lines: lineCount.value }),
      ticks: () => {
        const lines = bench.unrolled.value?.lines ?? [];
        return stages.flatMap(([kind, key]) => {
          const at = lines.findIndex((line) => line.kind === kind);
          return at < 0 ? [] : [{ at, label: t(key) }];
        });
      },
    },
  });
}
