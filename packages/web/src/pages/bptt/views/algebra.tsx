/** The derivation, line by line as the scrubber reveals it. A line lights its values; a symbol lights its own. */
import { computed } from '@preact/signals';
import { useEffect, useMemo, useRef } from 'preact/hooks';
import { type App, useApp } from '../app.js';
import type { Focus } from '../focus.js';
import { Formula, type MarkedSymbol, symbolAt } from '../formula.js';

type Line = NonNullable<App['bench']['unrolled']['value']>['lines'][number];

/** How far one press scrolls a formula that is wider than the page, px: about a symbol with its index. */
const SCROLL = 48;

export function Algebra() {
  const { bench, context, shownLines, lit } = useApp();
  const { t } = context.i18n;
  const list = useRef<HTMLOListElement>(null);
  const unrolled = bench.unrolled.value;
  const count = shownLines.value;
  const isLit = useMemo(() => symbolLight(lit), [lit]);
  // While it is revealed, the newest line stays in sight.
  useEffect(() => {
    if (unrolled === null || count >= unrolled.lines.length) return;
    const box = list.current;
    const newest = box?.children[count - 1] as HTMLElement | undefined;
    if (box !== null && newest !== undefined)
      box.scrollTop = newest.offsetTop - box.offsetTop - box.clientHeight / 2;
  }, [count, unrolled]);
  if (unrolled === null) return null;
  return (
    <>
      <ol
        class="algebra"
        ref={list}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be scrollable without a mouse
        tabIndex={0}
        aria-label={t('algebra.title')}
      >
        {unrolled.lines.slice(0, count).map((line, at) => (
          <LineItem
            key={`${line.kind} ${line.text}`}
            line={line}
            at={at}
            isNewest={at === count - 1 && count < unrolled.lines.length}
            isLit={isLit}
          />
        ))}
      </ol>
      <Follow list={list} />
    </>
  );
}

/** Is a symbol lit? Whoever reads it follows what is lit. */
function symbolLight(lit: App['lit']): (symbol: MarkedSymbol) => boolean {
  return ({ name, index }) => {
    const light = lit.value;
    if (index === '') return light.parameters.has(name);
    if (/^-?\d+$/.test(index)) return light.nodes.has(`${name}[${index}]`);
    return light.path === null && [...light.nodes].some((id) => id.startsWith(`${name}[`));
  };
}

/** The line of the path that is followed comes into sight, unless the pointer is what follows lines here. */
function Follow({ list }: { readonly list: { readonly current: HTMLOListElement | null } }) {
  const { lit } = useApp();
  const { path } = lit.value;
  useEffect(() => {
    const box = list.current;
    const line = path === null ? null : box?.querySelector<HTMLElement>('.line.pinned');
    if (box === null || line === null || line === undefined || box.matches(':hover')) return;
    const top = line.offsetTop - box.offsetTop;
    if (top < box.scrollTop || top + line.offsetHeight > box.scrollTop + box.clientHeight)
      box.scrollTop = top - (box.clientHeight - line.offsetHeight) / 2;
  }, [path?.t, path?.k]);
  return null;
}

interface LineProps {
  readonly line: Line;
  readonly at: number;
  readonly isNewest: boolean;
  readonly isLit: (symbol: MarkedSymbol) => boolean;
}

/** Drawn again when it is lit or pinned itself, not when another line is. */
function LineItem({ line, at, isNewest, isLit }: LineProps) {
  const { bench, context, hover, pin, pinned, lit, path, hidden, shownLines } = useApp();
  const { t, language, format } = context.i18n;
  const focus = useMemo(
    (): Focus => (line.path === undefined ? { kind: 'line', line: at } : { kind: 'path', ...line.path }),
    [line, at],
  );
  const isPinned = useMemo(
    () => computed(() => pinned.value !== null && JSON.stringify(pinned.value) === JSON.stringify(focus)),
    [focus],
  ).value;
  const isOnPath = useMemo(
    () =>
      computed(() => {
        const followed = lit.value.path;
        return followed !== null && line.path?.t === followed.t && line.path.k === followed.k;
      }),
    [line],
  ).value;
  // One stop for the tab key; the arrow keys go from line to line.
  const isStop = useMemo(() => {
    const stop = (): number => stopOf(bench, pinned.value);
    return computed(() => at === (stop() < shownLines.value ? stop() : 0));
  }, [at]).value;
  const focusOf = (symbol: MarkedSymbol): Focus => {
    if (symbol.index === '') return { kind: 'parameter', name: symbol.name };
    const step = path.peek()?.t ?? bench.unrolled.peek()?.derivation.steps ?? 1;
    const [, letter, offset] = /^([a-z]?)([+-]?\d+)?$/.exec(symbol.index) ?? [];
    return { kind: 'node', id: `${symbol.name}[${(letter ? step : 0) + Number(offset ?? 0)}]` };
  };
  const point = (): void => {
    hover.value = focus;
  };
  const leave = (): void => {
    hover.value = null;
  };
  return (
    <li class={`line ${isPinned || isOnPath ? 'pinned' : ''} ${isNewest ? 'newest' : ''}`}>
      <button
        type="button"
        class="line-number"
        tabIndex={isStop ? 0 : -1}
        aria-pressed={isPinned}
        aria-label={t('algebra.line', { line: at + 1 })}
        onKeyDown={(event) => {
          const own = event.currentTarget.closest('li');
          const next = { ArrowDown: own?.nextElementSibling, ArrowUp: own?.previousElementSibling }[
            event.key
          ];
          const formula = own?.querySelector('.line-formula');
          const sideways = { ArrowLeft: -SCROLL, ArrowRight: SCROLL }[event.key];
          if (sideways !== undefined && formula && formula.scrollWidth > formula.clientWidth) {
            formula.scrollBy({ left: sideways });
            event.stopPropagation();
            event.preventDefault();
          }
          if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return;
          event.preventDefault();
          next?.querySelector('button')?.focus();
        }}
        onPointerEnter={point}
        onPointerLeave={leave}
        onFocus={point}
        onBlur={leave}
        onClick={() => pin(focus)}
      >
        {format.value.integer(at + 1)}
      </button>
      {/* biome-ignore lint/a11y/noStaticElementInteractions lint/a11y/useKeyWithClickEvents: the graph's nodes are the keyboard's way to the same */}
      <div
        class="line-formula"
        onPointerOver={(event) => {
          const symbol = symbolAt(event.target);
          hover.value = symbol === null ? focus : focusOf(symbol);
        }}
        onPointerLeave={leave}
        onClick={(event) => {
          const symbol = symbolAt(event.target);
          pin(symbol === null ? focus : focusOf(symbol));
        }}
      >
        {/* Wider than a phone, it is scrolled by the arrow keys on its line's button, or on itself after a tap. */}
        <Formula latex={line.marked} isLit={isLit} tabIndex={-1} />
      </div>
      <p class="line-caption">
        {line.caption[language.value]}
        {line.shape !== '' && !hidden.value && <bdi class="shape">{line.shape}</bdi>}
      </p>
    </li>
  );
}

/** The line that is pinned, or the first. */
function stopOf(bench: App['bench'], focus: Focus | null): number {
  if (focus?.kind === 'line') return focus.line;
  if (focus?.kind !== 'path') return 0;
  const lines = bench.unrolled.value?.lines ?? [];
  return Math.max(
    0,
    lines.findIndex(({ path }) => path?.t === focus.t && path.k === focus.k),
  );
}
