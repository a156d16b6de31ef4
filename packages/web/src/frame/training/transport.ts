/** A bar that trains: play, pause, stop, rewind to the same first weights. */
import { computed, effect, type ReadonlySignal } from '@preact/signals';
import type { I18n } from '../../i18n/index.js';
import type { Track, Transport } from '../page.js';
import type { RunControl } from './run-control.js';
import type { RunState } from './run-options.js';

export interface RunTransportOptions {
  readonly i18n: I18n;
  /** What the slider goes through, e.g. looks at the run in training time. */
  readonly track: Track;
  /** Said before training begins: false, with a notice, when it must not. Defaults to always. */
  readonly mayStart?: () => boolean;
  /** Called when training starts or a run is replaced, e.g. to follow the newest again. */
  readonly onStart?: () => void;
  /** Key N: changes the seed; the run is rewound with it. */
  readonly nextSeed?: () => void;
}

export function createRunTransport<F extends RunState, S>(
  control: RunControl<F, S>,
  { i18n: { t }, track, mayStart = () => true, onStart = () => undefined, nextSeed }: RunTransportOptions,
): Transport {
  const { phase } = control;
  const running = computed(() => phase.value === 'training' || phase.value === 'pausing');
  const isMade = computed(() => phase.value !== 'opening' && phase.value !== 'empty');
  const rewind = (): void => {
    if (!mayStart()) return;
    onStart();
    void control.rewind();
  };
  const seeding =
    nextSeed === undefined
      ? {}
      : {
          newSeed: () => {
            nextSeed();
            rewind();
          },
        };
  return {
    label: () => t('transport.training'),
    play: {
      running,
      enabled: computed(() => isMade.value && phase.value !== 'pausing'),
      label: () => {
        if (running.value) return t('transport.pause');
        return t(control.step.value > 0 ? 'transport.resume' : 'transport.start');
      },
      toggle: () => {
        if (phase.peek() === 'training') control.pause();
        else if (phase.peek() === 'lost') void control.recover();
        else if (mayStart()) {
          onStart();
          void control.play();
        }
      },
    },
    stop: { enabled: computed(() => phase.value === 'training'), act: () => control.pause('stop') },
    rewind: { enabled: isMade, hint: () => t('transport.rewindHint'), act: rewind },
    ...seeding,
    track,
  };
}

/** Stops at the step in flight when the tab is hidden, if wanted, and goes on from it when the tab is shown again. */
export function pauseWhileHidden<F extends RunState, S>(
  control: RunControl<F, S>,
  tabVisible: ReadonlySignal<boolean>,
  isWanted: () => boolean = () => true,
): () => void {
  let paused = false;
  return effect(() => {
    const visible = tabVisible.value;
    if (!visible && isWanted() && control.phase.peek() === 'training') {
      paused = true;
      control.pause('hidden');
    } else if (visible && paused) {
      paused = false;
      void control.play();
    }
  });
}
