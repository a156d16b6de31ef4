/**
 * Runs that were made in this browser, kept on the device in IndexedDB: nothing of them leaves it. What a table shows lies
 * apart from the files, so that a list of runs does not read their weights.
 */
import type { RunFacts } from '@hw5/core';
import { type DBSchema, type IDBPDatabase, openDB } from 'idb';
import type { Columns, Counted } from '../training/history.js';

/** Pages whose runs are kept. */
export const keptPages = ['train', 'sentiment', 'tagging', 'seq2seq'] as const;
export type KeptPage = (typeof keptPages)[number];

/** What the table of runs shows of one. */
export interface KeptRun {
  readonly id: string;
  /** The page that made it and goes on with it. */
  readonly page: KeptPage;
  /** When it was kept last, ms since 1970. */
  readonly changed: number;
  /** The run that it was forked from, and where. */
  readonly parent?: { readonly id: string; readonly step: number };
  /** 1 ... `COLORS`: the run's own colour in every comparison. */
  readonly color: number;
  readonly config: RunFacts['config'];
  /** Name of the text, the table or the generated task that it learns from. */
  readonly text: string;
  readonly step: number;
  /** Steps that it was to do in all. */
  readonly steps: number;
  /** Empty for a run whose page was closed while it trained. */
  readonly hash: string;
  readonly loss: number | undefined;
  readonly validation: number | undefined;
  /** Of a character model. */
  readonly vocabularySize?: number;
  /** [step, training loss, validation loss or null], thinned. */
  readonly curve: readonly (readonly [number, number, number | null])[];
  /** The newest sample, or what it said last. */
  readonly sample: string;
  /** Bytes on the device, about. */
  readonly size: number;
}

/** What brings a run back as it was. `S`: its source, `G`: what the page gathered, as plain data. */
export interface KeptFiles<S = unknown, G = unknown> {
  readonly id: string;
  readonly checkpoint: Uint8Array;
  readonly source: S;
  readonly columns: Columns;
  /** What validations counted; older runs have none. */
  readonly counted?: readonly Counted[];
  readonly gathered: G;
}

interface Schema extends DBSchema {
  runs: { key: string; value: KeptRun };
  files: { key: string; value: KeptFiles };
}

/** How many colours runs are told apart by. */
export const COLORS = 6;

/** More runs than this, or more bytes, and the oldest go. */
export const MOST_RUNS = 60;
export const MOST_BYTES = 200_000_000;

export interface StoreLimits {
  readonly runs: number;
  readonly bytes: number;
}

/** Ids go into addresses: short, and nothing that needs escaping. */
export const isRunId = (id: string): id is string => /^[a-z0-9-]{1,40}$/.test(id);

/** Names a run on this device; not part of what the run computes. */
export function newRunId(): string {
  const [random = 0] = crypto.getRandomValues(new Uint32Array(1));
  return `${Date.now().toString(36)}-${random.toString(36)}`;
}

export class RunStore {
  readonly #database: Promise<IDBPDatabase<Schema>>;
  readonly #limits: StoreLimits;

  constructor(name = 'hw5-runs', limits: StoreLimits = { runs: MOST_RUNS, bytes: MOST_BYTES }) {
    this.#limits = limits;
    this.#database = openDB<Schema>(name, 1, {
      upgrade: (database) => {
        database.createObjectStore('runs', { keyPath: 'id' });
        database.createObjectStore('files', { keyPath: 'id' });
      },
    });
    // Whoever asks later is told; nobody has asked yet.
    this.#database.catch(() => undefined);
  }

  /** Newest first. */
  async list(): Promise<readonly KeptRun[]> {
    const runs = await (await this.#database).getAll('runs');
    return runs.map(withPage).sort((a, b) => b.changed - a.changed);
  }

  async get(id: string): Promise<KeptRun | undefined> {
    const run = await (await this.#database).get('runs', id);
    return run && withPage(run);
  }

  async files(id: string): Promise<KeptFiles | undefined> {
    return (await this.#database).get('files', id);
  }

  /**
   * Keeps a run, or its newer state; a run keeps its colour, a new one gets the one that is used least. The oldest others go
   * when there are too many.
   * @returns how many went
   */
  async put(run: Omit<KeptRun, 'color'>, files: KeptFiles): Promise<number> {
    const transaction = (await this.#database).transaction(['runs', 'files'], 'readwrite');
    const runs = transaction.objectStore('runs');
    const others = (await runs.getAll()).filter(({ id }) => id !== run.id);
    const color = (await runs.get(run.id))?.color ?? leastUsed(others.map((other) => other.color));
    const gone = overflowing(others, run.size, this.#limits);
    await Promise.all([
      runs.put({ ...run, color }),
      transaction.objectStore('files').put(files),
      ...gone.flatMap((id) => [runs.delete(id), transaction.objectStore('files').delete(id)]),
      transaction.done,
    ]);
    return gone.length;
  }

  async recolor(id: string, color: number): Promise<void> {
    const transaction = (await this.#database).transaction('runs', 'readwrite');
    const run = await transaction.store.get(id);
    if (run !== undefined) await transaction.store.put({ ...run, color });
    await transaction.done;
  }

  /** @returns the run, so that deleting can be undone by `restore` */
  async delete(id: string): Promise<{ run: KeptRun; files: KeptFiles } | undefined> {
    const transaction = (await this.#database).transaction(['runs', 'files'], 'readwrite');
    const run = await transaction.objectStore('runs').get(id);
    const files = await transaction.objectStore('files').get(id);
    await Promise.all([
      transaction.objectStore('runs').delete(id),
      transaction.objectStore('files').delete(id),
      transaction.done,
    ]);
    return run === undefined || files === undefined ? undefined : { run, files };
  }

  async restore({ run, files }: { run: KeptRun; files: KeptFiles }): Promise<void> {
    const transaction = (await this.#database).transaction(['runs', 'files'], 'readwrite');
    await Promise.all([
      transaction.objectStore('runs').put(run),
      transaction.objectStore('files').put(files),
      transaction.done,
    ]);
  }
}

/** Runs that were kept before other pages kept theirs are the training page's. */
const withPage = (run: KeptRun): KeptRun => ({ ...run, page: run.page ?? 'train' });

/** The colour that fewest runs have, the first of several. */
export function leastUsed(used: readonly number[]): number {
  const counts = Array.from({ length: COLORS }, (_, at) => used.filter((color) => color === at + 1).length);
  return counts.indexOf(Math.min(...counts)) + 1;
}

/** Ids of the oldest runs that must go so that one of `size` bytes fits in beside the others. */
export function overflowing(
  others: readonly Pick<KeptRun, 'id' | 'changed' | 'size'>[],
  size: number,
  limits: StoreLimits,
): readonly string[] {
  const gone: string[] = [];
  let count = others.length + 1;
  let bytes = others.reduce((sum, other) => sum + other.size, size);
  for (const { id, size: freed } of [...others].sort((a, b) => a.changed - b.changed)) {
    if (count <= limits.runs && bytes <= limits.bytes) break;
    gone.push(id);
    count -= 1;
    bytes -= freed;
  }
  return gone;
}

let shared: RunStore | undefined;

/** The store of this browser, opened on first use. */
export function runStore(): RunStore {
  shared ??= new RunStore();
  return shared;
}
