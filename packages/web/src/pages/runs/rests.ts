/** What the chosen runs rest on: one sentence, one place, up to three runs, each asked in a worker as it was kept. */
import type { Session, TextConnectivity } from '@hw5/core';
import { computed, effect, type ReadonlySignal, type Signal, signal } from '@preact/signals';
import type { KeptFiles, KeptRun, RunStore } from '../../frame/kept-runs/store.js';
import { errorNotice, type Notice } from '../../frame/notices.js';
import type { PageContext } from '../../frame/page.js';
import { firstLine } from '../train/gate-rows.js';
import { LONGEST_SENTENCE } from '../train/table.js';
import type { Key } from './en.js';
import type { table } from './table.js';

/** Runs that are asked at once: more do not fit beside each other. */
export const MOST_ASKED = 3;

interface Question {
  readonly checkpoint: Uint8Array;
  readonly text: string;
  readonly at: number;
}

/** What a run said, or why it could not. */
export type Rest = TextConnectivity | { readonly problem: Notice<Key> };

export async function restOf(
  session: Session,
  { checkpoint, text, at }: Question,
): Promise<TextConnectivity> {
  await session.loadCharLM(checkpoint);
  return session.connectivity(text, { at });
}

type Context = Pick<PageContext<typeof table, Key>, 'settings' | 'sessions' | 'visible'>;

export class Rests {
  /** By the run's id and step; of a run that is not there yet nothing is known. */
  readonly found: Signal<ReadonlyMap<string, Rest>> = signal<ReadonlyMap<string, Rest>>(new Map());
  readonly hovered: Signal<number | null> = signal<number | null>(null);
  readonly runs: ReadonlySignal<readonly KeptRun[]>;
  readonly sentence: ReadonlySignal<string>;
  /** The place after which an expectation is asked for: one that has a next character. */
  readonly at: ReadonlySignal<number>;
  readonly #files: Signal<ReadonlyMap<string, KeptFiles>> = signal<ReadonlyMap<string, KeptFiles>>(new Map());
  readonly #stops: readonly (() => void)[];

  constructor(
    shown: ReadonlySignal<readonly KeptRun[]>,
    store: Pick<RunStore, 'files'>,
    { settings, sessions, visible }: Context,
  ) {
    this.runs = computed(() =>
      shown.value
        .filter(({ page, config }) => page === 'train' && config.cell !== 'transformer')
        .slice(0, MOST_ASKED),
    );
    this.sentence = computed(() => {
      const typed = settings.get('sentence');
      const [first] = this.runs.value;
      const source = first && (this.#files.value.get(keyOf(first))?.source as { content?: unknown } | null);
      return (
        typed || (typeof source?.content === 'string' ? firstLine(source.content, LONGEST_SENTENCE) : '')
      );
    });
    this.at = computed(() => {
      const last = [...this.sentence.value].length - 2;
      return Math.max(0, Math.min(this.hovered.value ?? settings.get('at'), last));
    });
    const asks = Array.from({ length: MOST_ASKED }, () => sessions.newest(restOf, { precision: 'f32' }));
    this.#stops = [
      effect(() => {
        if (visible.value) void this.#read(store, this.runs.value);
      }),
      effect(() => {
        const [text, at] = [this.sentence.value, this.at.value];
        if (!visible.value || [...text].length < 2) return;
        for (const [index, run] of this.runs.value.entries()) {
          const checkpoint = this.#files.value.get(keyOf(run))?.checkpoint;
          if (checkpoint === undefined) continue;
          asks[index]!({ checkpoint, text, at }).then(
            (rest) => rest !== undefined && this.#note(run, rest),
            (error: unknown) => this.#note(run, { problem: errorNotice(error) }),
          );
        }
      }),
    ];
  }

  of(run: KeptRun): Rest | undefined {
    return this.found.value.get(keyOf(run));
  }

  dispose(): void {
    for (const stop of this.#stops) stop();
  }

  /** The files of these runs and of no others: checkpoints are large. */
  async #read(store: Pick<RunStore, 'files'>, runs: readonly KeptRun[]): Promise<void> {
    const before = this.#files.peek();
    const entries = await Promise.all(
      runs.map(async (run) => {
        const key = keyOf(run);
        const files = before.get(key) ?? (await store.files(run.id).catch(() => undefined));
        if (files === undefined) this.#note(run, { problem: { tone: 'error', key: 'status.missing' } });
        return files === undefined ? [] : [[key, files] as const];
      }),
    );
    if (this.runs.peek() === runs) this.#files.value = new Map(entries.flat());
  }

  #note(run: KeptRun, rest: Rest): void {
    const there = this.runs.peek().map(keyOf);
    const others = [...this.found.peek()].filter(([key]) => there.includes(key) && key !== keyOf(run));
    this.found.value = new Map([...others, [keyOf(run), rest]]);
  }
}

/** A run that has trained on is asked anew. */
const keyOf = ({ id, step }: KeptRun): string => `${id} ${step}`;
