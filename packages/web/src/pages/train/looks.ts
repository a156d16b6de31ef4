/** Looks into the run as it was at a moment of its training: gates, expectations, what they rest on, similar states. */
import type { GateRecord, NextTokens, Session, TextConnectivity, TextSearch } from '@hw5/core';
import { computed, effect, type ReadonlySignal, type Signal, signal } from '@preact/signals';
import { errorNotice, type Notice } from '../../frame/notices.js';
import type { PageContext } from '../../frame/page.js';
import { type Moment, nearest } from '../../frame/training/moments.js';
import type { Key } from './en.js';
import { firstLine } from './gate-rows.js';
import type { Lab } from './lab.js';
import { LONGEST_SENTENCE, type table } from './table.js';

/** Characters of the text in which similar states are looked for. */
const EXCERPT = 500;

export interface Look {
  /** Steps that the checkpoint had done: exact. */
  readonly step: number;
  readonly gates: GateRecord;
  readonly next: NextTokens;
  readonly connectivity: TextConnectivity;
}

interface Question {
  readonly moment: Moment;
  readonly text: string;
  readonly at: number;
  readonly layer: number;
}

interface SearchQuestion {
  readonly moment: Moment;
  readonly text: string;
  readonly from: number;
  readonly to: number;
  readonly threshold: number;
}

/** Everything that is shown about one moment and one place of the sentence. */
export async function lookAt(session: Session, { moment, text, at, layer }: Question): Promise<Look> {
  const run = await session.loadCharLM(moment.bytes);
  const [gates, next, connectivity] = await Promise.all([
    session.gates(text, { layer: Math.min(layer, run.config.numLayers - 1) }),
    session.nextTokens(text, { top: 6 }),
    session.connectivity(text, { at }),
  ]);
  return { step: run.step, gates, next, connectivity };
}

export async function findStates(session: Session, question: SearchQuestion): Promise<TextSearch> {
  const { moment, text, from, to, threshold } = question;
  await session.loadCharLM(moment.bytes);
  return session.searchStates(text, { from, to, threshold, limit: 8 });
}

type Context = Pick<PageContext<typeof table, Key>, 'settings' | 'sessions' | 'visible'>;

export class Looks {
  readonly look: Signal<Look | null> = signal<Look | null>(null);
  readonly found: Signal<TextSearch | null> = signal<TextSearch | null>(null);
  /** Why there is no look. */
  readonly problem: Signal<Notice | null> = signal<Notice | null>(null);
  readonly hovered: Signal<number | null> = signal<number | null>(null);
  /** The moment that is looked at: the pinned sample's, else the newest. */
  readonly moment: ReadonlySignal<Moment | undefined>;
  readonly sentence: ReadonlySignal<string>;
  readonly excerpt: ReadonlySignal<string>;
  /** The chosen place, one that has a next character. */
  readonly at: ReadonlySignal<number>;
  /** The range whose states are looked for, inside the excerpt. */
  readonly range: ReadonlySignal<{ readonly from: number; readonly to: number }>;
  readonly #stops: readonly (() => void)[];

  constructor(lab: Lab, pinned: ReadonlySignal<number | null>, { settings, sessions, visible }: Context) {
    this.moment = computed(() => {
      const moments = lab.moments.all.value;
      const index = pinned.value;
      const step = index === null ? undefined : lab.samples.value[index]?.step;
      return step === undefined ? moments.at(-1) : nearest(moments, step);
    });
    const content = computed(() => lab.source.value?.content ?? '');
    this.sentence = computed(() => settings.get('lookText') || firstLine(content.value, LONGEST_SENTENCE));
    this.excerpt = computed(() => [...content.value.slice(0, 2 * EXCERPT)].slice(0, EXCERPT).join(''));
    this.at = computed(() => clamp(settings.get('lookAt'), 0, [...this.sentence.value].length - 2));
    this.range = computed(() => {
      const length = [...this.excerpt.value].length;
      const from = clamp(settings.get('searchFrom'), 0, length - 1);
      return { from, to: clamp(settings.get('searchTo'), from + 1, length) };
    });
    const ask = sessions.newest(lookAt, { precision: 'f32' });
    const search = sessions.newest(findStates, { precision: 'f32' });
    const show = <T>(target: Signal<T | null>, answer: Promise<T | undefined>): void => {
      answer.then(
        (found) => {
          if (found === undefined) return;
          target.value = found;
          this.problem.value = null;
        },
        (error: unknown) => {
          this.problem.value = errorNotice(error);
        },
      );
    };
    const wanted = (): Moment | undefined =>
      settings.get('lookOpen') && visible.value && lab.run.value?.config.cell !== 'transformer'
        ? this.moment.value
        : undefined;
    this.#stops = [
      effect(() => {
        const moment = wanted();
        const [text, layer] = [this.sentence.value, settings.get('lookLayer')];
        const place = this.hovered.value ?? this.at.value;
        const at = clamp(place, 0, [...text].length - 2);
        if (moment !== undefined && text !== '') show(this.look, ask({ moment, text, at, layer }));
      }),
      effect(() => {
        const moment = wanted();
        const text = this.excerpt.value;
        const question = { text, ...this.range.value, threshold: settings.get('searchThreshold') };
        if (moment !== undefined && text !== '') show(this.found, search({ moment, ...question }));
      }),
      // Another run has nothing of the one before.
      effect(() => {
        if (lab.moments.all.value.length > 0) return;
        this.look.value = null;
        this.found.value = null;
      }),
    ];
  }

  dispose(): void {
    for (const stop of this.#stops) stop();
  }
}

const clamp = (value: number, low: number, high: number): number => Math.max(low, Math.min(high, value));
