/** One model on the page: taken in, described, tried, and written in the formats of others. All of it in a worker. */
import type { Receipt, RunFacts, Session } from '@hw5/core';
import { effect, type Signal, signal } from '@preact/signals';
import { saveFile } from '../../frame/files.js';
import { type KeptRun, type RunStore, runStore } from '../../frame/kept-runs/store.js';
import { errorNotice, isLost, refusalNotice } from '../../frame/notices.js';
import type { PageContext } from '../../frame/page.js';
import type { Key } from './en.js';
import { type GivenModel, type GivenVocabulary, isCheckpoint, isRefusal, readGiven } from './given.js';
import type { table } from './table.js';

/** A model as it came in. */
export interface Taken {
  readonly name: string;
  /** `checkpoint`: a run with optimiser and position, made here. */
  readonly kind: 'file' | 'checkpoint';
  /** Of a file that was made elsewhere. */
  readonly receipt: Receipt | undefined;
  /** The run that it became, if it did. */
  readonly facts: RunFacts | undefined;
}

export interface Written {
  readonly receipt: Receipt;
  readonly files: ReadonlyMap<string, Uint8Array>;
}

/** What the worker's model came from, so that it can be had again. */
interface Origin {
  readonly model: GivenModel;
  readonly vocabulary: GivenVocabulary | undefined;
}

export class ModelsModel {
  readonly context: PageContext<typeof table, Key>;
  readonly taken: Signal<Taken | null> = signal<Taken | null>(null);
  readonly vocabulary: Signal<GivenVocabulary | null> = signal<GivenVocabulary | null>(null);
  readonly written: Signal<Written | null> = signal<Written | null>(null);
  /** What the model wrote when it was tried. */
  readonly text: Signal<string> = signal('');
  readonly busy: Signal<boolean> = signal(false);
  /** Runs of this browser that can be written. */
  readonly kept: Signal<readonly KeptRun[]> = signal<readonly KeptRun[]>([]);
  readonly #store: RunStore;
  readonly #stops: readonly (() => void)[];
  #session: Promise<Session> | undefined;
  #origin: Origin | undefined;
  #queue: Promise<unknown> = Promise.resolve();
  #closed = false;

  constructor(context: PageContext<typeof table, Key>, store: RunStore = runStore()) {
    this.context = context;
    this.#store = store;
    this.#stops = [
      effect(() => {
        if (!context.visible.value) return;
        // Without a store the list is empty, and files can be taken all the same.
        void store.list().then(
          (runs) => {
            this.kept.value = runs;
          },
          () => undefined,
        );
      }),
      effect(() => {
        context.settings.get('format');
        this.written.value = null;
        context.proof.value = null;
      }),
    ];
  }

  /** A model, a vocabulary, or both; a vocabulary alone belongs to the model that is there. */
  take(files: readonly File[]): Promise<void> {
    return this.#work(async () => {
      const given = await readGiven(files);
      if (isRefusal(given)) {
        this.context.notice.value = refusalNotice(given);
        return;
      }
      const model = given.model ?? this.#origin?.model;
      if (model === undefined) {
        this.vocabulary.value = given.vocabulary ?? null;
        this.context.notice.value = {
          tone: 'info',
          key: 'status.vocabulary',
          facts: { name: given.vocabulary?.name ?? '' },
        };
        return;
      }
      if (given.model === undefined && isCheckpoint(model.bytes)) {
        this.context.notice.value = {
          tone: 'error',
          key: 'status.ownVocabulary',
          facts: { name: model.name },
        };
        return;
      }
      // A vocabulary that was given before any model waits for it.
      const waiting = this.#origin === undefined ? (this.vocabulary.value ?? undefined) : undefined;
      await this.#receive(model, given.vocabulary ?? waiting);
    });
  }

  /** The checkpoint of a run that this browser kept. */
  takeKept(id: string): Promise<void> {
    return this.#work(async () => {
      const [run, files] = await Promise.all([this.#store.get(id), this.#store.files(id)]);
      if (run === undefined || files === undefined) {
        this.context.notice.value = { tone: 'error', key: 'status.missing' };
        return;
      }
      const name = `char-lm-step-${run.step}.safetensors`;
      await this.#receive({ name, bytes: files.checkpoint }, undefined);
    });
  }

  write(): Promise<void> {
    return this.#work(async () => {
      const session = await this.#open();
      const { settings, proof } = this.context;
      const written = await session.exportRun(settings.peek('format'));
      this.written.value = written;
      proof.value = null;
    });
  }

  save(name: string): void {
    const bytes = this.written.value?.files.get(name);
    if (bytes === undefined) return;
    saveFile(name, 'application/octet-stream', [bytes as Uint8Array<ArrayBuffer>]);
  }

  /** Lets the model write. */
  try(): Promise<void> {
    return this.#work(async () => {
      const session = await this.#open();
      this.text.value = '';
      const text = await session.generate({
        ...this.#generation(),
        onText: (piece) => {
          this.text.value += piece;
        },
      });
      this.text.value = text;
    });
  }

  /** Writes the model, reads the file into another worker, and compares what both write to the same seed. */
  prove(): Promise<void> {
    return this.#work(async () => {
      const { proof, sessions, settings } = this.context;
      proof.value = null;
      const format = settings.peek('format');
      const session = await this.#open();
      const written = await session.exportRun(format);
      this.written.value = written;
      const [name, file] =
        [...written.files].find(([file]) => /^model\.(safetensors|onnx|npz|keras\.npz)$/.test(file)) ?? [];
      if (name === undefined || file === undefined) {
        proof.value = { passed: false, key: 'proof.none', facts: { format } };
        return;
      }
      const vocabulary = vocabularyIn(written.files);
      const options = { length: 200, temperature: 0.8, seed: settings.peek('seed') };
      const [here, there] = await Promise.all([
        session.generate(options),
        sessions.ask(
          async (other) => {
            const { facts } = await other.importModel({ file, vocabulary });
            return facts === undefined ? undefined : other.generate(options);
          },
          { precision: 'f32' },
        ),
      ]);
      if (there === undefined) proof.value = { passed: false, key: 'proof.none', facts: { format } };
      else {
        const passed = here === there;
        const at = [...here].findIndex((character, index) => character !== [...there][index]);
        proof.value = passed
          ? { passed, key: 'proof.same', facts: { name, characters: [...here].length } }
          : { passed, key: 'proof.other', facts: { name, at: at + 1 } };
      }
    });
  }

  dispose(): void {
    this.#closed = true;
    for (const stop of this.#stops) stop();
    void this.#session?.then((session) => session.close()).catch(() => undefined);
  }

  async #receive(model: GivenModel, vocabulary: GivenVocabulary | undefined): Promise<void> {
    const session = await this.#open();
    const taken = isCheckpoint(model.bytes)
      ? {
          name: model.name,
          kind: 'checkpoint' as const,
          receipt: undefined,
          facts: await session.loadRun(model.bytes),
        }
      : {
          name: model.name,
          kind: 'file' as const,
          ...(await session.importModel({ file: model.bytes, vocabulary: vocabulary?.tokens })),
        };
    this.#origin = { model, vocabulary };
    this.vocabulary.value = vocabulary ?? null;
    this.taken.value = taken;
    this.written.value = null;
    this.text.value = '';
    this.context.proof.value = null;
    this.context.notice.value = {
      tone: 'info',
      key: taken.facts === undefined ? 'status.described' : 'status.taken',
      facts: { name: model.name },
    };
  }

  #generation(): { prompt?: string; length: number; temperature: number; seed: number } {
    const { prompt, length, temperature, seed } = this.context.settings.all();
    return { ...(prompt === '' ? {} : { prompt }), length, temperature, seed };
  }

  #open(): Promise<Session> {
    this.#session ??= this.context.sessions.open();
    this.#session.catch(() => {
      this.#session = undefined;
    });
    return this.#session;
  }

  /** One thing after the other; errors become the status line, and what was there stays. */
  #work(work: () => Promise<void>): Promise<void> {
    const done = this.#queue.then(async () => {
      this.busy.value = true;
      try {
        await work();
      } catch (error) {
        if (!this.#closed) this.#fail(error);
      } finally {
        this.busy.value = false;
      }
    });
    this.#queue = done;
    return done;
  }

  #fail(error: unknown): void {
    const { notice } = this.context;
    if (!isLost(error)) {
      const said = errorNotice(error);
      // The frame's sentence for bad data speaks of texts.
      const isFile =
        said.key === 'error.data' || said.key === 'error.checkpoint' || said.key === 'error.argument';
      notice.value = isFile ? { ...said, key: 'status.refused' } : said;
      return;
    }
    this.#session = undefined;
    this.taken.value = null;
    this.written.value = null;
    const origin = this.#origin;
    const act = (): void => {
      if (origin !== undefined) void this.#work(() => this.#receive(origin.model, origin.vocabulary));
    };
    const technical = error instanceof Error ? error.message : String(error);
    const lost = { tone: 'error', key: 'status.lost', technical } as const;
    notice.value = origin === undefined ? lost : { ...lost, action: { key: 'action.again', act } };
  }
}

/** The vocabulary that lies beside an exported language model. */
function vocabularyIn(files: ReadonlyMap<string, Uint8Array>): readonly string[] | undefined {
  const bytes = files.get('vocabulary.json');
  return bytes === undefined ? undefined : (JSON.parse(new TextDecoder().decode(bytes)) as string[]);
}
