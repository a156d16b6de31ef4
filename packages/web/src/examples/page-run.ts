/** What a page with a run on examples does besides drawing: it prepares, asks, pauses, replays, opens files. */
import type { RunRequest } from '@hw5/core';
import { computed, effect, type Signal, signal, untracked } from '@preact/signals';
import { readHanded, saveFile } from '../frame/files.js';
import { type Keepable, keepRuns } from '../frame/kept-runs/keeping.js';
import type { KeptRun } from '../frame/kept-runs/store.js';
import { errorNotice, refusalNotice } from '../frame/notices.js';
import type { OwnData } from '../frame/packed.js';
import type { PageContext, Track, Transport } from '../frame/page.js';
import { createRunTransport, pauseWhileHidden } from '../frame/training/transport.js';
import type { Table } from '../state/table.js';
import type { ExamplesKey } from './en.js';
import { type ExamplesLab, hasWork } from './lab.js';
import type { TrainingValues } from './rows.js';
import { generated, tableSource } from './source.js';

/** A model is made, and a changed question asked, this long after the last change, ms. */
const DELAY = 350;

export interface PageRun {
  readonly transport: Transport;
  /** Steps that a replay has done; `null` = none is under way. */
  readonly replaying: Signal<number | null>;
  restart(): void;
  replay(): Promise<void>;
  download(): Promise<void>;
  open(files: readonly File[]): Promise<void>;
  /** The person's own table, for links that take it along. */
  own(): OwnData | null;
  bring(data: OwnData): void;
  useGenerated(): void;
  dispose(): void;
}

export interface PageRunOptions<V extends TrainingValues, L> {
  readonly lab: ExamplesLab<V, L>;
  /** The request that made the run, for replaying it. */
  readonly request: () => RunRequest;
  /** What is kept on the device: the lab's run unless something else is said; `null` when another page run sees to it. */
  readonly keep?: { readonly lab: Keepable; readonly together?: (id: string) => readonly string[] } | null;
}

export function createPageRun<V extends TrainingValues, L>(
  context: PageContext<Table, ExamplesKey>,
  { lab, request, keep = { lab } }: PageRunOptions<V, L>,
): PageRun {
  const { settings, i18n, notice, sessions, tabVisible, proof } = context;
  const replaying = signal<number | null>(null);
  const key = computed(() => JSON.stringify(request()));
  const asked = computed(lab.question);

  let preparing: ReturnType<typeof setTimeout> | undefined;
  let asking: ReturnType<typeof setTimeout> | undefined;
  let known: string | undefined;
  const prepare = (): void => {
    // A kept run is on its way.
    if (lab.run.peek() === null && settings.peek('run') !== '') return;
    void lab.prepare();
  };
  const stops = [
    effect(() => {
      void key.value;
      clearTimeout(preparing);
      preparing = setTimeout(prepare, DELAY);
    }),
    effect(() => {
      const text = asked.value;
      if (known === undefined || known === text) {
        known = text;
        return;
      }
      known = text;
      clearTimeout(asking);
      asking = setTimeout(() => void lab.askAnew(), DELAY);
    }),
    // A new model is asked before it has learned anything: that is where the story begins.
    effect(() => {
      if (lab.phase.value === 'ready') untracked(() => void lab.look());
    }),
    // A proof is about the weights that it was made for.
    effect(() => {
      void lab.curve.value;
      proof.value = null;
    }),
    pauseWhileHidden(lab, tabVisible),
  ];
  if (keep === null) prepare();
  else {
    const keeping = keepRuns({
      ...keep,
      page: lab.page,
      settings: settings as unknown as Parameters<typeof keepRuns>[0]['settings'],
      tell: (said) => {
        notice.value = said;
      },
      gathered: () => lab.looks.value,
      fits: (run) => hasSettings(run, request()),
      begin: () => keep.lab.prepare(),
    });
    stops.push(keeping);
  }

  const mayStart = (): boolean => {
    const wrong = Object.keys(settings.drafts.value);
    if (wrong.length === 0) return true;
    const names = wrong.map((name) => i18n.t(`setting.${name}` as ExamplesKey)).join(', ');
    notice.value = { tone: 'error', key: 'problem.form', facts: { names } };
    return false;
  };
  const useTable = (name: string, text: string): Promise<void> => {
    lab.give(tableSource(name, text));
    return lab.step.peek() > 0 ? lab.rewind() : lab.prepare();
  };
  const transport = createRunTransport(lab, {
    i18n,
    track: trackOf(context, lab),
    mayStart,
    onStart: () => {
      lab.pinned.value = null;
    },
    nextSeed: () => settings.set('seed', ((settings.get('seed') as number) + 1) % 2 ** 53),
  });

  return {
    transport,
    replaying,
    restart() {
      if (!mayStart()) return;
      void lab.rewind();
    },
    async replay() {
      const hash = lab.hash.peek();
      const steps = lab.step.peek();
      if (hash === null || steps === 0 || replaying.peek() !== null) {
        notice.value = { tone: 'error', key: 'replay.needsSteps' };
        return;
      }
      replaying.value = 0;
      const made = lab.run.peek()!;
      try {
        const session = await sessions.open();
        try {
          await session.createRun(request());
          const summary = await session.train({
            steps,
            onReports: (reports) => {
              replaying.value = reports.at(-1)!.step;
            },
          });
          const { seed } = made.config;
          proof.value =
            summary.hash === hash
              ? { passed: true, key: 'replay.passed', facts: { steps, seed, hash } }
              : { passed: false, key: 'replay.failed', facts: { steps, got: summary.hash, hash } };
        } finally {
          await session.close();
        }
      } catch (error) {
        notice.value = errorNotice(error);
      } finally {
        replaying.value = null;
      }
    },
    async download() {
      const bytes = await lab.checkpoint();
      if (bytes === undefined) return;
      const name = `${lab.run.peek()?.task}-step-${lab.step.peek()}.safetensors`;
      saveFile(name, 'application/octet-stream', [bytes as Uint8Array<ArrayBuffer>]);
    },
    async open(files) {
      const [file, ...others] = files;
      if (file === undefined) return;
      if (others.length > 0) {
        notice.value = { tone: 'error', key: 'error.manyFiles', facts: { got: files.length } };
        return;
      }
      const handed = await readHanded(file);
      if (handed.kind === 'refused') notice.value = refusalNotice(handed.refusal);
      else if (handed.kind === 'checkpoint') await lab.load(handed.bytes);
      else await useTable(handed.name, handed.text);
    },
    own() {
      const source = lab.source.value;
      return source?.kind === 'table' ? { name: source.name, text: source.table.table } : null;
    },
    bring: ({ name, text }) => void useTable(name, text),
    useGenerated() {
      lab.give(generated);
      void (lab.step.peek() > 0 ? lab.rewind() : lab.prepare());
    },
    dispose() {
      clearTimeout(preparing);
      clearTimeout(asking);
      for (const stop of stops) stop();
      void lab.close();
    },
  };
}

/** The bar goes through the looks: training time. */
function trackOf<V extends TrainingValues, L>(
  { i18n }: PageContext<Table, ExamplesKey>,
  lab: ExamplesLab<V, L>,
): Track {
  const newest = computed(() => lab.looks.value.length - 1);
  const position = computed(() => Math.max(0, Math.min(lab.pinned.value ?? newest.value, newest.value)));
  return {
    label: () => i18n.t('look.track'),
    length: computed(() => lab.looks.value.length),
    position,
    seek: (index) => {
      lab.pinned.value = index >= newest.peek() ? null : Math.max(0, index);
    },
    text: () => {
      const look = lab.looks.value[position.value];
      if (look === undefined) return '';
      const facts = { step: look.step, index: position.value + 1, count: lab.looks.value.length };
      return i18n.t(look.exact ? 'look.at' : 'look.about', facts);
    },
  };
}

/** Whether a kept run is of the request's settings and learns from a generated task: a table is not known before it is given. */
function hasSettings({ config, text }: KeptRun, { data, config: wanted = {} }: RunRequest): boolean {
  if (typeof data !== 'object' || !('task' in data) || data.task !== text) return false;
  const has = config as unknown as Readonly<Record<string, unknown>>;
  return Object.entries(wanted).every(([name, value]) => JSON.stringify(has[name]) === JSON.stringify(value));
}

export const isBusy = <V extends TrainingValues, L>(lab: ExamplesLab<V, L>) => computed(() => hasWork(lab));
