/** The derivation, line by line as the scrubber reveals it. A line lights its values; a symbol lights its own. */
import { useCallback, useEffect, useRef } from 'preact/hooks';
import { useApp } from '../app.js';
import type { Focus } from '../focus.js';
import { Formula, type MarkedSymbol, symbolAt } from '../formula.js';

export function Algebra() {
  const { bench, context, shownLines, hover, pin, pinned, lit, path, hidden } = useApp();
  const { t, language, format } = context.i18n;
  const list = useRef<HTMLOListElement>(null);
  const unrolled = bench.unrolled.value;
  const count = shownLines.value;
  const light = lit.value;
  const isLit = useCallback(
    ({ name, index }: MarkedSymbol) => {
      if (index === '') return light.parameters.has(name);
      if (/^-?\d+$/.test(index)) return light.nodes.has(`${name}[${index}]`);
      return light.path === null && [...light.nodes].some((id) => id.startsWith(`${name}[`));
    },
    [light],
  );
  // While it is revealed, the newest line stays in sight.
  useEffect(() => {
    if (unrolled === null || count >= unrolled.lines.length) return;
    const box = list.current;
    const newest = box?.children[count - 1] as HTMLElement | undefined;
    if (box !== null && newest !== undefined)
      box.scrollTop = newest.offsetTop - box.offsetTop - box.clientHeight / 2;
  }, [count, unrolled]);
  // The line of the path that is followed comes into sight, unless the pointer is what follows lines here.
  useEffect(() => {
    const box = list.current;
    const line = light.path === null ? null : box?.querySelector<HTMLElement>('.line.pinned');
    if (box === null || line === null || line === undefined || box.matches(':hover')) return;
    const top = line.offsetTop - box.offsetTop;
    if (top < box.scrollTop || top + line.offsetHeight > box.scrollTop + box.clientHeight)
      box.scrollTop = top - (box.clientHeight - line.offsetHeight) / 2;
  }, [light.path?.t, light.path?.k]);
  if (unrolled === null) return null;
  const step = path.value?.t ?? unrolled.derivation.steps;
  const focusOf = (symbol: MarkedSymbol): Focus => {
    if (symbol.index === '') return { kind: 'parameter', name: symbol.name };
    const [, letter, offset] = /^([a-z]?)([+-]?\d+)?$/.exec(symbol.index) ?? [];
    return { kind: 'node', id: `${symbol.name}[${(letter ? step : 0) + Number(offset ?? 0)}]` };
  };
  // One stop for the tab key; the arrow keys go from line to line.
  const stop = Math.max(
    0,
    unrolled.lines.slice(0, count).findIndex((line, i) => {
      const focus = pinned.value;
      if (focus?.kind === 'line') return focus.line === i;
      return focus?.kind === 'path' && line.path?.t === focus.t && line.path.k === focus.k;
    }),
  );
  const isNewest = (i: number): boolean => i === count - 1 && count < unrolled.lines.length;
  return (
    <ol
      class="algebra"
      ref={list}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be scrollable without a mouse
      tabIndex={0}
      aria-label={t('algebra.title')}
    >
      {unrolled.lines.slice(0, count).map((line, i) => {
        const focus: Focus =
          line.path === undefined ? { kind: 'line', line: i } : { kind: 'path', ...line.path };
        const isPinned = pinned.value !== null && same(pinned.value, focus);
        const isOnPath = light.path !== null && line.path?.t === light.path.t && line.path.k === light.path.k;
        return (
          <li
            key={`${line.kind} ${line.text}`}
            class={`line ${isPinned || isOnPath ? 'pinned' : ''} ${isNewest(i) ? 'newest' : ''}`}
          >
            <button
              type="button"
              class="line-number"
              tabIndex={i === stop ? 0 : -1}
              aria-pressed={isPinned}
              aria-label={t('algebra.line', { line: i + 1 })}
              onKeyDown={(event) => {
                const along = { ArrowDown: 1, ArrowUp: -1 }[event.key];
                if (along === undefined) return;
                event.preventDefault();
                const next = Math.min(count - 1, Math.max(0, i + along));
                list.current?.children[next]?.querySelector('button')?.focus();
              }}
              onPointerEnter={() => {
                hover.value = focus;
              }}
              onPointerLeave={() => {
                hover.value = null;
              }}
              onFocus={() => {
                hover.value = focus;
              }}
              onBlur={() => {
                hover.value = null;
              }}
              onClick={() => pin(focus)}
            >
              {format.value.integer(i + 1)}
            </button>
            {/* biome-ignore lint/a11y/noStaticElementInteractions lint/a11y/useKeyWithClickEvents: the graph's nodes are the keyboard's way to the same */}
            <div
              class="line-formula"
              onPointerOver={(event) => {
                const symbol = symbolAt(event.target);
                hover.value = symbol === null ? focus : focusOf(symbol);
              }}
              onPointerLeave={() => {
                hover.value = null;
              }}
              onClick={(event) => {
                const symbol = symbolAt(event.target);
                pin(symbol === null ? focus : focusOf(symbol));
              }}
            >
              <Formula latex={line.marked} isLit={isLit} />
            </div>
            <p class="line-caption">
              {line.caption[language.value]}
              {line.shape !== '' && !hidden.value && <bdi class="shape">{line.shape}</bdi>}
            </p>
          </li>
        );
      })}
    </ol>
  );
}

function same(a: Focus, b: Focus): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
