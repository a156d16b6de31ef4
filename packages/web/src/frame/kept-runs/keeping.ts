/** Keeps each run on this device whenever training pauses, and brings back the one that the address names. */
import { effect, type ReadonlySignal, type Signal, untracked } from '@preact/signals';
import type { Notice } from '../notices.js';
import type { KeptWork } from './pack.js';
import { isRunId, type KeptPage, type RunStore, runStore } from './store.js';

/** A page's run that can be kept. */
export interface Keepable {
  /** Names the run on this device. */
  readonly id: Signal<string>;
  readonly hash: ReadonlySignal<string | null>;
  readonly step: ReadonlySignal<number>;
  readonly phase: ReadonlySignal<string>;
  readonly isTraining: boolean;
  pause(): void;
  prepare(): Promise<void>;
  /** What there is to keep: most often one run. */
  toKeep(): Promise<readonly KeptWork[]>;
  /** Brings back what was kept. */
  resume(kept: readonly KeptWork[]): Promise<void>;
}

/** The settings that keeping needs of a page's table. */
interface KeepingSettings {
  get(name: 'run'): string;
  peek(name: 'run'): string;
  set(name: 'run', id: string): void;
  adopt(values: { readonly steps: number }): void;
}

export interface KeepingOptions {
  /** Only runs of this page are brought back. */
  readonly page: KeptPage;
  readonly lab: Keepable;
  readonly settings: KeepingSettings;
  readonly tell: (notice: Notice) => void;
  /** Reads signals of what the page gathers about a run: it is kept again when they change. */
  readonly gathered: () => unknown;
  /** The page's first run, when there is none to bring back. */
  readonly begin: () => unknown;
  /** Ids of the runs that are brought back with one, the lab's own first. Defaults to that one alone. */
  readonly together?: (id: string) => readonly string[];
  /** Defaults to this browser's. */
  readonly store?: RunStore;
}

/** A pause gives a hash first and a sample soon after: both are kept at once, ms. */
const SETTLED = 400;

/** @returns a function that ends it */
export function keepRuns({
  page,
  lab,
  settings,
  tell,
  gathered,
  begin,
  together = (id) => [id],
  store = runStore(),
}: KeepingOptions): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let saving: Promise<void> = Promise.resolve();
  let isRefused = false;

  const keep = async (): Promise<void> => {
    clearTimeout(timer);
    const kept = await lab.toKeep();
    try {
      for (const { run, files } of kept) await store.put(run, files);
    } catch (error) {
      // A browser that keeps nothing (private windows, no room) says so once; the run itself goes on.
      if (isRefused) return;
      isRefused = true;
      const technical = error instanceof Error ? error.message : String(error);
      tell({ tone: 'error', key: 'keep.refused', technical });
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
    const named = together(id).filter((one) => isRunId(one));
    const found = await Promise.all(named.map(find)).then(
      (all) => all.filter((one) => one !== undefined),
      () => [],
    );
    const [first] = found;
    if (first === undefined) {
      tell({ tone: 'error', key: 'keep.unknown', facts: { id } });
      settings.set('run', '');
      await begin();
      return;
    }
    await lab.resume(found);
    settings.adopt({ steps: first.run.steps });
  };

  const find = async (id: string): Promise<KeptWork | undefined> => {
    const [run, files] = await Promise.all([store.get(id), store.files(id)]);
    return run?.page === page && files !== undefined ? { run, files } : undefined;
  };

  const stops = [
    effect(() => {
      const hash = lab.hash.value;
      gathered();
      clearTimeout(timer);
      if (hash === null || untracked(() => lab.step.value) === 0) return;
      timer = setTimeout(() => {
        saving = keep();
      }, SETTLED);
    }),
    effect(() => {
      const id = settings.get('run');
      if (id === '' || together(id)[0] === lab.id.peek()) return;
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
  if (settings.peek('run') === '') void begin();
  return () => {
    clearTimeout(timer);
    for (const stop of stops) stop();
  };
}
