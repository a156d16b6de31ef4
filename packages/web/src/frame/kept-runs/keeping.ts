/** Keeps each run on this device whenever training pauses, and brings back the one that the address names. */
import { effect, type Signal, untracked } from '@preact/signals';
import { isRunId, type RunStore, runStore } from '../../frame/kept-runs/store.js';
import type { Notice } from '../../frame/notices.js';
import type { Settings } from '../../state/settings.js';
import type { Key } from './en.js';
import type { KeptLab, Lab } from './lab.js';
import type { table } from './table.js';

export interface KeepingOptions {
  readonly lab: Lab;
  readonly settings: Settings<typeof table>;
  readonly notice: Signal<Notice<Key> | null>;
  /** Gives the page its first text when there is no run to bring back. */
  readonly loadText: () => Promise<void>;
  /** Defaults to this browser's. */
  readonly store?: RunStore;
}

/** A pause gives a hash first and a sample soon after: both are kept at once, ms. */
const SETTLED = 400;

/** @returns a function that ends it */
export function keepRuns({
  lab,
  settings,
  notice,
  loadText,
  store = runStore(),
}: KeepingOptions): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let saving: Promise<void> = Promise.resolve();
  let isRefused = false;

  const keep = async (): Promise<void> => {
    clearTimeout(timer);
    const kept = await lab.toKeep();
    if (kept === undefined) return;
    try {
      await store.put(kept.run, kept.files);
    } catch (error) {
      // A browser that keeps nothing (private windows, no room) says so once; the run itself goes on.
      if (isRefused) return;
      isRefused = true;
      const technical = error instanceof Error ? error.message : String(error);
      notice.value = { tone: 'error', key: 'keep.refused', technical };
    }
  };

  const resume = async (id: string): Promise<void> => {
    await saving;
    if (lab.isTraining) {
      // What trains is kept before another run takes its place.
      lab.pause();
      await lab.prepare();
      await keep();
    }
    const [run, files] = isRunId(id)
      ? await Promise.all([store.get(id), store.files(id)]).catch(() => [undefined, undefined])
      : [undefined, undefined];
    if (run === undefined || files === undefined) {
      notice.value = { tone: 'error', key: 'keep.unknown', facts: { id } };
      settings.set('run', '');
      if (lab.source.value === null) await loadText();
      return;
    }
    await lab.resume({ run, files } as KeptLab);
    settings.adopt({ steps: run.steps });
  };

  const stops = [
    effect(() => {
      const hash = lab.hash.value;
      void lab.samples.value;
      clearTimeout(timer);
      if (hash === null || untracked(() => lab.step.value) === 0) return;
      timer = setTimeout(() => {
        saving = keep();
      }, SETTLED);
    }),
    effect(() => {
      const id = settings.get('run');
      if (id === '' || id === lab.id.peek()) return;
      void untracked(() => resume(id));
    }),
    // A new run on the page: the address no longer names a kept one.
    effect(() => {
      if (lab.phase.value !== 'ready') return;
      untracked(() => {
        if (settings.get('run') !== '') settings.set('run', '');
      });
    }),
  ];
  if (settings.peek('run') === '') void loadText();
  return () => {
    clearTimeout(timer);
    for (const stop of stops) stop();
  };
}
