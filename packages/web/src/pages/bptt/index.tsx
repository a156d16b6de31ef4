/** The page `bptt`: backpropagation through time, as graph, algebra and numbers at once. */
import { batch, computed, effect, signal } from '@preact/signals';
import type { ComponentType } from 'preact';
import { errorNotice } from '../../frame/notices.js';
import { definePage } from '../../frame/page.js';
import { type App, AppProvider } from './app.js';
import { createBench } from './bench.js';
import { type BpttKey, en } from './en.js';
import { fa } from './fa.js';
import { type Focus, readFocus, writeFocus } from './focus.js';
import { litBy } from './lit.js';
import { questionAt } from './predict.js';
import { commandOf } from './request.js';
import { table } from './table.js';
import { createTransport } from './transport.js';
import { proveAll } from './views/check.js';
import { Controls } from './views/controls.js';
import { Figure } from './views/figure.js';
import { Story } from './views/story.js';
import './bptt.css';

/** The pointer rests when it has stayed for this long, ms. */
const REST = 120;

export const page = definePage<typeof table, BpttKey>({
  table,
  dictionaries: { en, fa },
  modes: ['predict', 'prove'],
  create(context) {
    const { settings, i18n, sessions, notice, mode, pin, proof } = context;
    const bench = createBench(settings, sessions, (error) => {
      notice.value = errorNotice(error);
    });
    const hover = signal<Focus | null>(null);
    const answered = signal<number | null>(null);
    const pinned = computed(() => readFocus(settings.get('focus')));
    const question = computed(() => {
      const unrolled = bench.unrolled.value;
      const isAsked = mode.value === 'predict' && settings.get('view') === 'paths';
      return isAsked && unrolled !== null ? questionAt(unrolled, settings.get('question')) : null;
    });
    const lineCount = computed(() => bench.unrolled.value?.lines.length ?? 0);
    const shownLines = computed(() => Math.min(lineCount.value, settings.get('line') + 1));
    const newest = computed((): Focus | null =>
      shownLines.value < lineCount.value ? { kind: 'line', line: shownLines.value - 1 } : null,
    );
    // Followed as texts: pointing at the same thing again changes nothing.
    const focused = computed(() => JSON.stringify(hover.value ?? pinned.value ?? newest.value));
    const lit = computed(() => litBy(JSON.parse(focused.value) as Focus | null, bench.unrolled.value));
    const chosen = computed(() => {
      const unrolled = bench.unrolled.value;
      if (unrolled === null) return 'null';
      const { paths, steps } = unrolled.derivation;
      const wanted = lit.value.path ?? (pinned.value?.kind === 'path' ? pinned.value : null);
      const has = (t: number, k: number): boolean => paths.some((each) => each.t === t && each.k === k);
      if (wanted !== null && has(wanted.t, wanted.k)) return JSON.stringify({ t: wanted.t, k: wanted.k });
      const longest = paths.filter(({ t, norm }) => t === steps && norm > 0).sort((a, b) => a.k - b.k)[0];
      return longest === undefined ? 'null' : JSON.stringify({ t: longest.t, k: longest.k });
    });
    const path = computed(() => JSON.parse(chosen.value) as { t: number; k: number } | null);
    const rested = signal(path.peek());
    let resting: ReturnType<typeof setTimeout> | undefined;
    const app: App = {
      context,
      bench,
      hover,
      pinned,
      lit,
      path,
      restedPath: rested,
      pin(focus) {
        const text = writeFocus(focus);
        pin.value = pin.peek() === text ? null : text;
      },
      question,
      answered,
      hidden: computed(() => question.value !== null && answered.value === null),
      shownLines,
    };
    if (settings.get('focus') !== '') pin.value = settings.get('focus');
    const transport = createTransport(app, lineCount);
    const stops = [
      effect(() => {
        const now = path.value;
        clearTimeout(resting);
        resting = setTimeout(
          () => {
            rested.value = now;
          },
          hover.peek() === null ? 0 : REST,
        );
      }),
      // The pin and its setting are one: Esc takes both away, an address or undo bring both back.
      effect(() => {
        const text = pin.value ?? '';
        if (settings.signal('focus').peek() !== text) settings.set('focus', text);
      }),
      effect(() => {
        const text = settings.get('focus');
        if ((pin.peek() ?? '') !== text) pin.value = text === '' ? null : text;
      }),
      effect(() => {
        // A new question, or the same about other numbers.
        void question.value;
        answered.value = null;
      }),
      effect(() => {
        void bench.request.value;
        const isProving = mode.value === 'prove';
        batch(() => {
          proof.value = null;
        });
        if (isProving) proveAll(bench, context).catch(() => undefined);
      }),
    ];
    const within = (Part: ComponentType) => () => (
      <AppProvider value={app}>
        <Part />
      </AppProvider>
    );
    return {
      Story: within(Story),
      Figure: within(Figure),
      Controls: within(Controls),
      transport,
      status: () => statusText(app),
      command: () => commandOf(settings.all()),
      keys: [
        {
          key: 'h',
          help: () => i18n.t('keys.start'),
          run: () => settings.set('start', settings.get('start') === 'zero' ? 'drawn' : 'zero'),
        },
        { key: 'v', help: () => i18n.t('keys.view'), run: () => nextView(app) },
        { key: 'p', help: () => i18n.t('keys.path'), run: () => nextPath(app) },
      ],
      help: () =>
        (['path', 'immediate', 'slice', 'share', 'truncation', 'clip', 'vcurve', 'strip'] as const).map(
          (name) => ({
            term: i18n.t(`help.${name}`),
            meaning: i18n.t(`help.${name}.meaning`),
          }),
        ),
      dispose() {
        clearTimeout(resting);
        for (const stop of stops) stop();
        transport.dispose();
        bench.dispose();
      },
    };
  },
});

function statusText({ bench, context }: App): string {
  const { t, format } = context.i18n;
  const unrolled = bench.unrolled.value;
  if (bench.refusal.value !== null) return t('status.refused');
  if (unrolled === null) return t('status.computing');
  const { wrt, steps, lossValue, paths, checks } = unrolled.derivation;
  const worst = Math.max(...checks.rows.map(({ relative }) => relative));
  return t('status.done', {
    wrt,
    steps,
    paths: paths.length,
    loss: format.value.decimal(lossValue, 4),
    error: worst.toExponential(0),
  });
}

function nextView({ context: { settings } }: App): void {
  const { options } = table.view;
  settings.set('view', options[(options.indexOf(settings.get('view')) + 1) % options.length]!);
}

/** The paths in turn, from the longest. */
function nextPath({ bench, path, pin }: App): void {
  const all = bench.unrolled.peek()?.derivation.paths ?? [];
  const order = [...all].sort((a, b) => b.t - a.t || a.k - b.k);
  const now = path.peek();
  const at = order.findIndex(({ t, k }) => t === now?.t && k === now.k);
  const next = order[(at + 1) % order.length];
  if (next !== undefined) pin({ kind: 'path', t: next.t, k: next.k });
}
