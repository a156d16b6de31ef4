/**
 * Keeps each run on this device whenever training pauses, and now and then while it trains. Brings back the run that the
 * address names, or after a reload the one that the tab held, and offers one that has the page's settings.
 */
import { effect, type ReadonlySignal, type Signal, untracked } from '@preact/signals';
import type { Notice } from '../notices.js';
import type { KeptWork } from './pack.js';
import { isRunId, type KeptPage, type KeptRun, type RunStore, runStore } from './store.js';

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
  /** Whether a kept run has the settings of the page: only such a one comes back by itself or is offered. Defaults to never. */
  readonly fits?: (run: KeptRun) => boolean;
  /** Defaults to this browser's. */
  readonly store?: RunStore;
}

/** A pause gives a hash first and a sample soon after: both are kept at once, ms. */
const SETTLED = 400;

/** While it trains a run is kept after this long for the first time, and then this often, ms. */
const FIRST = 2000;
const EVERY = 10_000;
/** Keeping takes at most this share of the time: large models are kept more rarely. */
const SHARE = 0.05;

/** True until a page with runs has been opened, in a document that is there by a reload. */
let isReloaded =
  (performance.getEntriesByType('navigation')[0] as PerformanceNavigationTiming | undefined)?.type ===
  'reload';

/** @returns a function that ends it */
export function keepRuns({
  page,
  lab,
  settings,
  tell,
  gathered,
  begin,
  together = (id) => [id],
  fits = () => false,
  store = runStore(),
}: KeepingOptions): () => void {
  const tab = new TabRun(page);
  let timer: ReturnType<typeof setTimeout> | undefined;
  let often: ReturnType<typeof setTimeout> | undefined;
  let saving: Promise<void> = Promise.resolve();
  let isRefused = false;

  const keep = async (): Promise<void> => {
    clearTimeout(timer);
    const kept = await lab.toKeep();
    try {
      for (const { run, files } of kept) await store.put(run, files);
      if (kept.length > 0) tab.hold(lab.id.peek());
    } catch (error) {
      // A browser that keeps nothing (private windows, no room) says so once; the run itself goes on.
      if (isRefused) return;
      isRefused = true;
      const technical = error instanceof Error ? error.message : String(error);
      tell({ tone: 'error', key: 'keep.refused', technical });
    }
  };

  const keepOften = async (): Promise<void> => {
    const began = performance.now();
    saving = keep();
    await saving;
    const took = performance.now() - began;
    clearTimeout(often);
    if (lab.isTraining) often = setTimeout(() => void keepOften(), Math.max(EVERY, took / SHARE));
  };

  /** The run of this tab after a reload; else a new one, and an offer of the newest that has the page's settings. */
  const beginOrReopen = async (): Promise<void> => {
    const held = isReloaded ? tab.held() : '';
    isReloaded = false;
    const begun = held === '' ? begin() : undefined;
    const fitting = (await store.list().catch(() => [])).filter((run) => run.page === page && fits(run));
    if (held !== '') {
      const found = fitting.some(({ id }) => together(held).includes(id)) ? await findAll(held) : [];
      if (found[0] !== undefined) {
        await lab.resume(found);
        tell({ tone: 'info', key: 'keep.reopened', facts: { step: found[0].run.step } });
        return;
      }
    }
    await (begun ?? begin());
    const [newest] = fitting;
    if (newest === undefined || lab.step.peek() > 0 || lab.isTraining) return;
    const { step, text, id } = newest;
    const action = { key: 'keep.goOn' as const, facts: { step }, act: () => settings.set('run', id) };
    tell({ tone: 'info', key: 'keep.offer', facts: { step, text }, action });
  };

  const resume = async (id: string): Promise<void> => {
    await saving;
    if (lab.isTraining) {
      // What trains is kept before another run takes its place.
      lab.pause();
      await lab.prepare();
      await keep();
    }
    const found = await findAll(id);
    const [first] = found;
    if (first === undefined) {
      tell({ tone: 'error', key: 'keep.unknown', facts: { id } });
      settings.set('run', '');
      await begin();
      return;
    }
    // Before the run is there: nobody types into the form yet.
    settings.adopt({ steps: first.run.steps });
    await lab.resume(found);
  };

  const findAll = (id: string): Promise<readonly KeptWork[]> =>
    Promise.all(
      together(id)
        .filter((one) => isRunId(one))
        .map(find),
    ).then(
      (all) => all.filter((one) => one !== undefined),
      () => [],
    );

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
      clearTimeout(often);
      if (lab.phase.value === 'training') often = setTimeout(() => void keepOften(), FIRST);
    }),
    effect(() => {
      const id = settings.get('run');
      if (id === '' || together(id)[0] === lab.id.peek()) return;
      void untracked(() => resume(id));
    }),
    // A new run on the page: neither the address nor the tab means a kept one any more.
    effect(() => {
      if (lab.phase.value !== 'ready') return;
      tab.hold('');
      untracked(() => {
        if (settings.get('run') !== '') settings.set('run', '');
      });
    }),
  ];
  if (settings.peek('run') === '') void untracked(beginOrReopen);
  return () => {
    clearTimeout(timer);
    clearTimeout(often);
    for (const stop of stops) stop();
  };
}

/** Which run a tab holds, remembered over a reload. A browser without storage remembers none. */
class TabRun {
  readonly #key: string;

  constructor(page: KeptPage) {
    this.#key = `hw5.run.${page}`;
  }

  /** @param id empty = none */
  hold(id: string): void {
    try {
      sessionStorage.setItem(this.#key, id);
    } catch {
      // A reload then begins anew, and the kept run is offered.
    }
  }

  held(): string {
    try {
      return sessionStorage.getItem(this.#key) ?? '';
    } catch {
      return '';
    }
  }
}
