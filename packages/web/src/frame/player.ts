/** Transport through positions that are there already: steps of a sequence or lines of a derivation. */
import { computed, effect, type ReadonlySignal, signal } from '@preact/signals';
import type { I18n } from '../i18n/index.js';
import type { Track, Transport } from './page.js';

export interface PlayerOptions {
  readonly i18n: I18n;
  readonly track: Track;
  /** The page's `visible`: playing stops when it is out of sight. */
  readonly visible: ReadonlySignal<boolean>;
  /** Name of the bar: what time it moves through. */
  label(): string;
  /** Time on one position, ms. Defaults to 900. */
  readonly interval?: number;
  /** Key R: back to the beginning. Defaults to the first position. */
  rewind?(): void;
  newSeed?(): void;
}

export interface Player extends Transport {
  /** Stops playing. */
  pause(): void;
  dispose(): void;
}

/** Plays through a track one position after the other; from the end it starts over. */
export function createPlayer(options: PlayerOptions): Player {
  const { i18n, track, visible, interval = 900 } = options;
  const running = signal(false);
  const last = (): number => track.length.peek() - 1;
  let timer: ReturnType<typeof setInterval> | undefined;

  const pause = (): void => {
    clearInterval(timer);
    timer = undefined;
    running.value = false;
  };
  const step = (): void => {
    if (track.position.peek() < last()) track.seek(track.position.peek() + 1, false);
    if (track.position.peek() >= last()) pause();
  };
  const play = (): void => {
    if (last() < 1) return;
    if (track.position.peek() >= last()) track.seek(0, false);
    else step();
    if (track.position.peek() >= last()) return;
    running.value = true;
    timer = setInterval(step, interval);
  };
  const stop = effect(() => {
    if (!visible.value) pause();
  });
  const rewind = (): void => {
    pause();
    if (options.rewind === undefined) track.seek(0, false);
    else options.rewind();
  };
  const { newSeed } = options;

  return {
    label: () => options.label(),
    play: {
      running,
      enabled: computed(() => track.length.value > 1),
      label: () => i18n.t(running.value ? 'transport.pause' : 'transport.play'),
      toggle: () => (running.peek() ? pause() : play()),
    },
    rewind: {
      enabled: computed(() => track.length.value > 1),
      hint: () => i18n.t('help.r'),
      act: rewind,
    },
    ...(newSeed === undefined
      ? {}
      : {
          newSeed: () => {
            pause();
            newSeed();
          },
        }),
    track: {
      ...track,
      seek: (position, dragging) => {
        pause();
        track.seek(position, dragging);
      },
    },
    pause,
    dispose: () => {
      pause();
      stop();
    },
  };
}
