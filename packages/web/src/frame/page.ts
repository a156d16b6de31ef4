/**
 * The contract between the frame and its pages. A page is data (its table of settings, its words) and a factory; the
 * frame loads it on first use, reads and writes its address, places its parts, and drives its transport.
 */
import type { OpenSessionOptions, Session } from '@hw5/core';
import type { ReadonlySignal, Signal } from '@preact/signals';
import type { ComponentType } from 'preact';
import type { Dictionaries, I18n } from '../i18n/index.js';
import type { Mode } from '../state/frame-table.js';
import type { Settings } from '../state/settings.js';
import type { Table } from '../state/table.js';
import type { Notice } from './notices.js';
import type { OwnData } from './packed.js';
import type { PinnedNumber } from './pins/pins.js';
import type { Score } from './score.js';

/** A page as its module exports it. Make one with `definePage`, which keeps the types of table and words together. */
export interface PageDefinition<T extends Table = Table, K extends string = string> {
  /** The page's settings: address, form, undo, and what an instructor's link hides or locks. */
  readonly table: T;
  /** The page's words. `page.title` is its heading; `setting.NAME` and `setting.NAME.help` belong to each row with a field. */
  readonly dictionaries: Dictionaries<K | 'page.title'>;
  /** Modes that the page offers beside `explore`. Defaults to none. */
  readonly modes?: readonly Exclude<Mode, 'explore'>[];
  create(context: PageContext<T, K>): PageInstance;
}

/** What a page gets from the frame. */
export interface PageContext<T extends Table = Table, K extends string = string> {
  readonly settings: Settings<T>;
  readonly i18n: I18n<K>;
  readonly sessions: Sessions;
  /** What the status line says; `null` = the page's own `status()`. Set it from events, not while drawing. */
  readonly notice: Signal<Notice<K> | null>;
  readonly mode: ReadonlySignal<Mode>;
  /** `light` or `dark`, what is on the screen now: drawings read their colours anew when it changes. */
  readonly shade: ReadonlySignal<'light' | 'dark'>;
  /** The mark that is pinned (a name of the page's choice). Esc and leaving the page unpin. */
  readonly pin: Signal<string | null>;
  /** The notebook below every page. `<Pinnable>` and the tables of figures add to it. */
  readonly pins: { add(number: PinnedNumber): void };
  /** What Prove found; the frame shows it as a stamp. Set it to `null` when it no longer holds. */
  readonly proof: Signal<Proof<K> | null>;
  /** What Predict counted; the frame shows it. */
  readonly score: Score;
  /** Whether the browser's tab is on the screen. */
  readonly tabVisible: ReadonlySignal<boolean>;
  /** True while this page is on the screen and the tab is visible. Animations stop when it is false. */
  readonly visible: ReadonlySignal<boolean>;
  /** Whether an instructor's link keeps a setting as it is. */
  isLocked(name: string): boolean;
  /** Whether an instructor's link takes a setting out of sight. */
  isHidden(name: string): boolean;
}

export interface Proof<K extends string> {
  readonly passed: boolean;
  readonly key: K;
  readonly facts?: Readonly<Record<string, string | number>>;
}

/** Workers. Every promise settles; errors carry a `code` (see docs/errors.md). */
export interface Sessions {
  /**
   * Runs `work` with a worker of the lab's pool; for questions that leave no state in the session (derive, attend, solve,
   * check, gradcheck, experiment, ...). When the worker dies, `work` is run once more in a new one and the page says so.
   */
  ask<T>(work: (session: Session) => Promise<T>, options?: AskOptions): Promise<T>;
  /**
   * Like `ask` for what is dragged: while one question is worked on only the newest of those that follow is kept.
   * Give each figure its own. The promise is `undefined` for questions that a newer one replaced.
   */
  newest<A, T>(
    work: (session: Session, argument: A) => Promise<T>,
    options?: AskOptions,
  ): (argument: A) => Promise<T | undefined>;
  /** A worker of one's own, for runs that live in it. Who opens one closes it. */
  open(options?: OpenSessionOptions): Promise<Session>;
  /** Questions being worked on now. */
  readonly busy: ReadonlySignal<number>;
}

export interface AskOptions {
  /** Defaults to `'f64'`: questions are about exact numbers. */
  readonly precision?: 'f32' | 'f64';
}

export interface PageInstance {
  /** Left column: what is to be seen, with links that operate the figure (`<Operate>`). */
  readonly Story: ComponentType;
  readonly Figure: ComponentType;
  /** Right column; a bottom sheet on phones. */
  readonly Controls?: ComponentType;
  readonly transport?: Transport;
  /** How things stand, in a sentence, when there is no notice; announced to screen readers when it changes. */
  status?(): string;
  /** The CLI command that gives the same; reads signals. */
  command?(): string;
  /** Keys beyond the frame's own. */
  readonly keys?: readonly KeyBinding[];
  /** Words and marks for the help; `settings` of the table explain themselves. */
  help?(): readonly HelpEntry[];
  /** Files dropped on the page or text dropped as text. Without it nothing is taken. */
  take?(given: { readonly files: readonly File[]; readonly text: string }): void;
  /** The person's own text or table that the page holds, if any; reads signals. Links take it along on request (`#z=`). */
  own?(): OwnData | null;
  /** Takes what such a link brought. */
  bring?(data: OwnData): void;
  /** Something is computed that must not be lost: a page that is busy is kept when another is opened. */
  readonly busy?: ReadonlySignal<boolean>;
  /** Ends its workers, timers and effects. A page that is opened again is created anew. */
  dispose(): void;
}

export interface KeyBinding {
  /** `KeyboardEvent.key`, or a letter, which is found on every keyboard layout. */
  readonly key: string;
  /** What it does, in the current language. */
  help(): string;
  run(): void;
}

export interface HelpEntry {
  readonly term: string;
  readonly meaning: string;
}

/** What the bar at the bottom drives. All functions that give words read the language signal. */
export interface Transport {
  /** Name of the bar: what time it moves through. */
  label(): string;
  readonly play: {
    readonly running: ReadonlySignal<boolean>;
    readonly enabled: ReadonlySignal<boolean>;
    /** The button's word, e.g. Play, Pause, Go on. */
    label(): string;
    toggle(): void;
  };
  readonly stop?: { readonly enabled: ReadonlySignal<boolean>; act(): void };
  /** Back to the beginning, to the same first state (key R). */
  readonly rewind?: { readonly enabled: ReadonlySignal<boolean>; hint(): string; act(): void };
  /** The next seed (key N). */
  newSeed?(): void;
  readonly track: Track;
}

/** Positions 0 ... length - 1, drawn left to right in every language. */
export interface Track {
  /** The slider's name. */
  label(): string;
  readonly length: ReadonlySignal<number>;
  readonly position: ReadonlySignal<number>;
  /** `dragging` = more will follow: change without a step for undo. */
  seek(position: number, dragging: boolean): void;
  /** Where the slider stands, in words. */
  text(): string;
  /** Named marks on the slider, left to right. */
  ticks?(): readonly { readonly at: number; readonly label: string }[];
}

/** Keeps a definition's types together while it is written, and hands it to the frame, which needs only the general ones. */
export function definePage<T extends Table, K extends string>(
  definition: PageDefinition<T, K>,
): PageDefinition {
  return definition as unknown as PageDefinition;
}
