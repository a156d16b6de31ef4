/** The runs of this device on the page: listed, chosen, opened again, deleted and brought back. */
import { computed, effect, type ReadonlySignal, type Signal, signal } from '@preact/signals';
import { saveFile } from '../../frame/files.js';
import { COLORS, type KeptRun, type RunStore, runStore } from '../../frame/kept-runs/store.js';
import type { PageContext } from '../../frame/page.js';
import { ordered, shownRuns } from './compare.js';
import type { Key } from './en.js';
import { Rests } from './rests.js';
import { MOST_CHOSEN, type table } from './table.js';

export class RunsModel {
  readonly context: PageContext<typeof table, Key>;
  /** `null` until they are read. */
  readonly runs: Signal<readonly KeptRun[] | null> = signal<readonly KeptRun[] | null>(null);
  readonly listed: ReadonlySignal<readonly KeptRun[]>;
  readonly shown: ReadonlySignal<readonly KeptRun[]>;
  readonly rests: Rests;
  readonly #store: RunStore;
  readonly #stop: () => void;

  constructor(context: PageContext<typeof table, Key>, store: RunStore = runStore()) {
    this.context = context;
    this.#store = store;
    const { settings, visible } = context;
    this.listed = computed(() => ordered(this.runs.value ?? [], settings.get('order')));
    this.shown = computed(() => shownRuns(this.runs.value ?? [], settings.get('chosen'), MOST_CHOSEN));
    this.rests = new Rests(this.shown, store, context);
    // Another tab may have trained meanwhile.
    this.#stop = effect(() => {
      if (visible.value) void this.refresh();
    });
  }

  refresh(): Promise<void> {
    return this.#guard(async () => {
      this.runs.value = await this.#store.list();
    });
  }

  /** Puts a run among the compared ones, or takes it out; the one chosen first makes room. */
  toggle(id: string): void {
    const { settings } = this.context;
    const now = this.shown.peek().map((run) => run.id);
    const next = now.includes(id) ? now.filter((other) => other !== id) : [...now, id];
    settings.set('chosen', next.slice(-MOST_CHOSEN));
  }

  async recolor({ id, color }: KeptRun): Promise<void> {
    await this.#guard(() => this.#store.recolor(id, (color % COLORS) + 1));
    await this.refresh();
  }

  async delete({ id, config: { seed } }: KeptRun): Promise<void> {
    await this.#guard(async () => {
      const deleted = await this.#store.delete(id);
      await this.refresh();
      if (deleted === undefined) return;
      const act = async (): Promise<void> => {
        await this.#guard(() => this.#store.restore(deleted));
        await this.refresh();
        this.context.notice.value = { tone: 'info', key: 'status.back', facts: { seed: String(seed) } };
      };
      this.context.notice.value = {
        tone: 'info',
        key: 'status.deleted',
        facts: { seed: String(seed) },
        action: { key: 'error.action.undo', act: () => void act() },
      };
    });
  }

  async download({ id, page, step }: KeptRun): Promise<void> {
    await this.#guard(async () => {
      const files = await this.#store.files(id);
      if (files === undefined) this.context.notice.value = { tone: 'error', key: 'status.missing' };
      else {
        const parts = [files.checkpoint as Uint8Array<ArrayBuffer>];
        saveFile(
          `${page === 'train' ? 'char-lm' : page}-step-${step}.safetensors`,
          'application/octet-stream',
          parts,
        );
      }
    });
  }

  dispose(): void {
    this.#stop();
    this.rests.dispose();
  }

  async #guard(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      this.runs.value ??= [];
      const technical = error instanceof Error ? error.message : String(error);
      this.context.notice.value = { tone: 'error', key: 'status.refused', technical };
    }
  }
}
