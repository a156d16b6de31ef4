/** What all pages share: which page is open, the frame's own settings, the workers, and the life of pages. */
import { computed, type ReadonlySignal, type Signal, signal } from '@preact/signals';
import { createI18n, type I18n } from '../i18n/index.js';
import type { PageEntry } from '../pages/registry.js';
import { frameTable, type Mode, modes } from '../state/frame-table.js';
import { Settings } from '../state/settings.js';
import type { Table } from '../state/table.js';
import {
  changedParameters,
  pageOf,
  readUrl,
  type UrlProblem,
  unknownParameters,
  versionProblem,
  writeUrl,
} from '../state/url.js';
import type { Notice } from './notices.js';
import { joinQuery, type OwnData, type Packed, PREFIX, unpack } from './packed.js';
import type { PageContext, PageDefinition, PageInstance, Proof } from './page.js';
import { Pins } from './pins/pins.js';
import { Score } from './score.js';
import { SessionPool } from './sessions.js';

/** A page that has been created. */
export interface OpenPage {
  readonly entry: PageEntry;
  readonly definition: PageDefinition;
  readonly context: PageContext<Table, string>;
  readonly instance: PageInstance;
  /** Parameters of its address that this version does not know: kept, never used. */
  readonly unknown: readonly (readonly [string, string])[];
}

export interface FrameOptions {
  readonly pages: readonly [PageEntry, ...PageEntry[]];
  /** The query that the lab was opened with. */
  readonly search: string;
  readonly systemIsDark: ReadonlySignal<boolean>;
  /** Whether the browser's tab is on the screen. */
  readonly tabVisible: ReadonlySignal<boolean>;
}

export class Frame {
  readonly pages: FrameOptions['pages'];
  readonly settings: Settings<typeof frameTable>;
  readonly i18n: I18n;
  readonly page: Signal<OpenPage | null> = signal<OpenPage | null>(null);
  /** The page that is on its way; equal to `page` once it is there. */
  readonly wanted: Signal<PageEntry>;
  /** Why the wanted page is not there; goes before what the open page says. */
  readonly notice: Signal<Notice | null> = signal<Notice | null>(null);
  readonly helpOpen: Signal<boolean> = signal(false);
  readonly shade: ReadonlySignal<'light' | 'dark'>;
  /** The mode as the open page offers it. */
  readonly mode: ReadonlySignal<Mode>;
  readonly sessions: SessionPool;
  readonly pins = new Pins();
  readonly #tabVisible: ReadonlySignal<boolean>;
  /** What a link brought behind `#`, and to which page. */
  readonly #brought = signal<{
    readonly entry: PageEntry;
    readonly own: OwnData;
    readonly hash: string;
  } | null>(null);
  /** Settings of pages that were open before. */
  readonly #remembered = new Map<string, Settings<Table>>();
  /** Busy pages that are not on the screen. */
  readonly #kept = new Map<string, OpenPage>();

  constructor({ pages, search, systemIsDark, tabVisible }: FrameOptions) {
    this.pages = pages;
    this.#tabVisible = tabVisible;
    this.settings = new Settings(frameTable, readUrl(frameTable, search).values);
    this.i18n = createI18n(this.settings.signal('language'), undefined, this.settings.signal('latinDigits'));
    this.wanted = signal(this.#entryOf(search) ?? pages[0]);
    this.shade = computed(() => {
      const theme = this.settings.get('theme');
      return theme === 'auto' ? (systemIsDark.value ? 'dark' : 'light') : theme;
    });
    this.mode = computed(() => {
      const mode = this.settings.get('mode');
      return this.modesOf(this.page.value).includes(mode) ? mode : 'explore';
    });
    this.sessions = new SessionPool({
      onRestart: () => {
        this.tell({ tone: 'info', key: 'status.restarted' });
      },
    });
  }

  modesOf(page: OpenPage | null): readonly Mode[] {
    const offered = page?.definition.modes ?? [];
    return modes.filter((mode) => mode === 'explore' || offered.includes(mode));
  }

  /** The query that leads to a page as it was left, or, for the open page, as it is now. Follows all settings. */
  queryOf(entry: PageEntry): string {
    const open = this.page.value;
    const isOpen = open !== null && open.entry === entry;
    const settings = isOpen ? open.context.settings : this.#remembered.get(entry.id);
    const own = settings === undefined ? [] : changedParameters(settings.table, settings.all());
    const unknown = isOpen ? open.unknown : [];
    const frame = changedParameters(frameTable, this.settings.all());
    if (entry === this.pages[0] && own.length + frame.length + unknown.length === 0) return '';
    return writeUrl(entry.id, own, frame, unknown);
  }

  /**
   * The part of the open page's address behind `#`: what the page was opened with, while the page holds it. What replaces it
   * is not put into the address by itself.
   */
  get hash(): string {
    const brought = this.#brought.value;
    const page = this.page.value;
    if (brought === null || page?.entry !== brought.entry) return '';
    const own = page.instance.own?.();
    return own?.text === brought.own.text && own.name === brought.own.name ? brought.hash : '';
  }

  /**
   * Opens the page that a query means, with the settings that it gives, and hands it what stands behind `#`; for the first
   * load and the browser's back.
   */
  async visit(address: string, hash = ''): Promise<void> {
    const packed = hash.startsWith(PREFIX) ? await unpack(hash).catch((error: unknown) => String(error)) : {};
    const isRead = typeof packed !== 'string';
    await this.#visit(isRead && packed.values !== undefined ? joinQuery(address, packed.values) : address);
    if (typeof packed === 'string') {
      this.tell({ tone: 'error', key: 'status.badPacked', technical: packed });
    } else this.#bring(packed, hash);
  }

  #bring({ own }: Packed, hash: string): void {
    const page = this.page.peek();
    if (own === undefined || page === null) return;
    const { entry, instance } = page;
    if (instance.bring === undefined) {
      this.tell({ tone: 'error', key: 'status.noUseForOwn', facts: { name: own.name } });
      return;
    }
    this.#brought.value = { entry, own, hash };
    const has = instance.own?.();
    if (has?.text === own.text && has.name === own.name) return;
    instance.bring(own);
    this.tell({ tone: 'info', key: 'status.brought', facts: { name: own.name } });
  }

  async #visit(search: string): Promise<void> {
    const entry = this.#entryOf(search);
    if (entry === undefined) {
      const name = (new URLSearchParams(search).get('p') ?? '').slice(0, 40);
      await this.show(this.pages[0]);
      this.tell({ tone: 'error', key: 'status.unknownPage', facts: { name } });
      return;
    }
    const frame = readUrl(frameTable, search);
    this.settings.restore(frame.values);
    await this.show(entry, search, frame.problems);
  }

  /** Opens a page, as it was left unless `search` says how. */
  async show(entry: PageEntry, search?: string, problems: readonly UrlProblem[] = []): Promise<void> {
    this.wanted.value = entry;
    this.notice.value = null;
    let definition: PageDefinition;
    try {
      definition = (await entry.load()).page;
    } catch (error) {
      if (this.wanted.peek() !== entry) return;
      const technical = error instanceof Error ? error.message : String(error);
      const action = { key: 'error.action.reload' as const, act: () => globalThis.location.reload() };
      this.notice.value = { tone: 'error', key: 'status.loadFailed', technical, action };
      return;
    }
    // Somebody has chosen another page meanwhile.
    if (this.wanted.peek() !== entry) return;
    const given = search === undefined ? undefined : readUrl(definition.table, search);
    const isLocked = (name: string): boolean => this.settings.peek('lock').includes(name);
    const settings =
      this.#remembered.get(entry.id) ?? new Settings(definition.table, given?.values, isLocked);
    if (given !== undefined) settings.restore(given.values);
    this.#remembered.set(entry.id, settings);
    const before = this.page.peek();
    if (before?.entry !== entry) this.#leave(before);
    const unknown = search === undefined ? [] : unknownParameters([definition.table, frameTable], search);
    const kept = before?.entry === entry ? before : this.#kept.get(entry.id);
    this.#kept.delete(entry.id);
    this.page.value =
      kept === undefined ? this.#create(entry, definition, settings, unknown) : { ...kept, unknown };
    const notice = addressNotice(search ?? '', [...(given?.problems ?? []), ...problems], unknown);
    if (notice !== null) this.tell(notice);
  }

  /** Says something in the open page's status line. */
  tell(notice: Notice): void {
    const page = this.page.peek();
    if (page !== null) page.context.notice.value = notice;
  }

  /** Ends all pages and workers. */
  async close(): Promise<void> {
    this.page.peek()?.instance.dispose();
    for (const { instance } of this.#kept.values()) instance.dispose();
    await this.sessions.close();
  }

  #entryOf(search: string): PageEntry | undefined {
    const ids = this.pages.map(({ id }) => id);
    const id = pageOf(search, ids, this.pages[0].id);
    return this.pages.find((entry) => entry.id === id);
  }

  #create(
    entry: PageEntry,
    definition: PageDefinition,
    settings: Settings<Table>,
    unknown: OpenPage['unknown'],
  ): OpenPage {
    const i18n = createI18n<string>(
      this.settings.signal('language'),
      definition.dictionaries,
      this.settings.signal('latinDigits'),
    );
    const notice = signal<Notice<string> | null>(null);
    const context: PageContext<Table, string> = {
      settings,
      i18n,
      sessions: this.sessions,
      notice,
      pins: {
        add: (number) => {
          const query = this.queryOf(entry) || writeUrl(entry.id);
          this.pins.add({ ...number, title: i18n.t('page.title'), query });
          const facts = { label: number.label, value: i18n.format.peek().precise(number.value) };
          const action = { key: 'error.action.undo' as const, act: () => this.pins.undo() };
          notice.value = { tone: 'info', key: 'pins.pinned', facts, action };
        },
      },
      mode: this.mode,
      shade: this.shade,
      pin: signal<string | null>(null),
      proof: signal<Proof<string> | null>(null),
      score: new Score(),
      tabVisible: this.#tabVisible,
      visible: computed(() => this.#tabVisible.value && this.page.value?.entry === entry),
      isLocked: (name) => this.settings.get('lock').includes(name),
      isHidden: (name) => this.settings.get('hide').includes(name),
    };
    return { entry, definition, context, instance: definition.create(context), unknown };
  }

  #leave(page: OpenPage | null): void {
    if (page === null) return;
    page.context.pin.value = null;
    page.context.settings.commit();
    if (page.instance.busy?.peek() === true) this.#kept.set(page.entry.id, page);
    else page.instance.dispose();
  }
}

function addressNotice(
  search: string,
  problems: readonly UrlProblem[],
  unknown: OpenPage['unknown'],
): Notice | null {
  const problem = versionProblem(search) ?? problems[0];
  if (problem !== undefined) {
    const facts = { name: problem.path };
    return { tone: 'error', key: 'status.badUrl', facts, problem: problem.problem };
  }
  if (unknown.length === 0) return null;
  const names = unknown.map(([name]) => name.slice(0, 40)).join(', ');
  return { tone: 'error', key: 'status.unknownUrl', facts: { names: names.slice(0, 200) } };
}
