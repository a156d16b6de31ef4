/** All paths (t, k): a triangle to pick from, each path's share of the gradient, and what truncation leaves out. */
import { useMemo, useRef } from 'preact/hooks';
import { useApp } from '../app.js';
import type { Focus } from '../focus.js';
import { shadePaths } from '../heat-cells.js';
import { scientific, shown } from '../numbers.js';

/** Beyond this many steps there is a map instead of buttons. */
const READABLE = 8;

export function Triangle() {
  const steps = useApp().bench.unrolled.value?.derivation.steps ?? 0;
  if (steps === 0) return null;
  return steps > READABLE ? <PathMap /> : <PathTable />;
}

function PathTable() {
  const { bench, context, hover, pin, path, pinned, hidden } = useApp();
  const { t } = context.i18n;
  const grid = useRef<HTMLTableElement>(null);
  const unrolled = bench.unrolled.value;
  if (unrolled === null) return null;
  const { derivation } = unrolled;
  const { paths, steps } = derivation;
  const window = context.settings.get('window');
  const most = Math.max(...paths.map(({ norm }) => norm), Number.MIN_VALUE);
  const rows = [...new Set(paths.map((each) => each.t))].sort((a, b) => b - a);
  const columns = [...new Set(paths.map((each) => each.k))].sort((a, b) => a - b);
  const chosen = path.value;
  const isPinned = (at: number, k: number): boolean => {
    const focus = pinned.value;
    return focus?.kind === 'path' && focus.t === at && focus.k === k;
  };
  const move = (event: KeyboardEvent, at: number, k: number): void => {
    const [dt, dk] = arrows[event.key] ?? [];
    if (dt === undefined || dk === undefined) return;
    event.preventDefault();
    grid.current?.querySelector<HTMLElement>(`[data-path="${at + dt} ${k + dk}"]`)?.focus();
  };
  return (
    <div class="triangle-box" dir="ltr">
      <table class="triangle" ref={grid} aria-label={t('paths.grid')}>
        <tbody>
          {rows.map((at) => (
            <tr key={at}>
              <th scope="row">{`t=${at}`}</th>
              {columns.map((k) => {
                const found = paths.find((each) => each.t === at && each.k === k);
                if (found === undefined) return <td key={k} class="future" aria-label={t('paths.future')} />;
                const isCut = window > 0 && at - k >= window;
                const isChosen = chosen !== null && chosen.t === at && chosen.k === k;
                const share = depthOf(found.norm, most);
                return (
                  <td key={k}>
                    <button
                      type="button"
                      data-path={`${at} ${k}`}
                      class={`path-cell ${isChosen ? 'chosen' : ''} ${isCut ? 'cut' : ''} ${hidden.value ? 'unknown' : ''}`}
                      style={{ '--share': String(hidden.value ? 0 : share) }}
                      tabIndex={isChosen || (chosen === null && at === steps && k === columns[0]) ? 0 : -1}
                      aria-pressed={isPinned(at, k)}
                      aria-label={t('paths.cell', {
                        t: at,
                        k,
                        norm: hidden.value ? '?' : found.norm === 0 ? '0' : compact(found.norm),
                      })}
                      onPointerEnter={() => {
                        hover.value = { kind: 'path', t: at, k };
                      }}
                      onPointerLeave={() => {
                        hover.value = null;
                      }}
                      onFocus={() => {
                        hover.value = { kind: 'path', t: at, k };
                      }}
                      onBlur={() => {
                        hover.value = null;
                      }}
                      onClick={() => pin({ kind: 'path', t: at, k })}
                      onKeyDown={(event) => move(event, at, k)}
                    >
                      {hidden.value ? '?' : found.norm === 0 ? '0' : compact(found.norm)}
                    </button>
                  </td>
                );
              })}
            </tr>
          ))}
          <tr class="k-names">
            <td />
            {columns.map((k) => (
              <th key={k}>{`k=${k}`}</th>
            ))}
          </tr>
        </tbody>
      </table>
      <TriangleLegend most={most} />
    </div>
  );
}

function TriangleLegend({ most }: { readonly most: number }) {
  const { bench, context, hidden } = useApp();
  const { t, format } = context.i18n;
  const derivation = bench.unrolled.value?.derivation;
  return (
    <>
      <p class="scale-ends">
        <span>{hidden.value ? '?' : scientific(most * 10 ** -DECADES)}</span>
        <span class="scale gradient-scale" aria-hidden="true" />
        <span>{hidden.value ? '?' : scientific(most)}</span>
        <span class="muted">{t('paths.scale')}</span>
      </p>
      <p class="small" dir="auto">
        {t('paths.count', {
          count: derivation?.paths.length ?? 0,
          steps: format.value.integer(derivation?.steps ?? 0),
        })}
      </p>
    </>
  );
}

/** Depth of colour: the logarithm of a norm over six decades; only exactly 0 has none. */
const DECADES = 6;

function depthOf(norm: number, most: number): number {
  return norm === 0 ? 0 : Math.max(0.06, 1 + Math.log10(norm / most) / DECADES);
}

/** Longest side of the map, px. */
const MAP = 330;

/** All paths of a long sequence: t upwards, k to the right; the arrow keys move the path that is pinned. */
function PathMap() {
  const { bench, context, hover, pin, path, hidden } = useApp();
  const { t } = context.i18n;
  const unrolled = bench.unrolled.value;
  const window = context.settings.get('window');
  const paths = unrolled?.derivation.paths ?? [];
  const steps = unrolled?.derivation.steps ?? 1;
  const most = paths.reduce((largest, { norm }) => Math.max(largest, norm), Number.MIN_VALUE);
  const first = Math.min(1, ...paths.map(({ k }) => k));
  const cell = MAP / steps;
  const place = (at: number, k: number) => ({ x: (k - first) * cell, y: (steps - at) * cell });
  const isSecret = hidden.value;
  // Drawn once for these numbers: pointing at a cell draws only its frame.
  const cells = useMemo(
    () =>
      [false, true].flatMap((cut) =>
        shadePaths(
          paths
            .filter(({ t: at, k }) => (window > 0 && at - k >= window) === cut)
            .map(({ t: at, k, norm }) => ({ ...place(at, k), share: isSecret ? 0 : depthOf(norm, most) })),
          cell,
        ).map(({ share, path: d }) => (
          <path
            key={`${cut} ${share}`}
            class={cut ? 'gain cut' : 'gain'}
            d={d}
            style={{ '--share': String(share) }}
          />
        )),
      ),
    [unrolled, window, isSecret],
  );
  const at = (event: PointerEvent | MouseEvent): Focus | null => {
    const box = (event.currentTarget as SVGElement).getBoundingClientRect();
    const k = first + Math.floor(((event.clientX - box.left) / box.width) * steps);
    const row = steps - Math.floor(((event.clientY - box.top) / box.height) * steps);
    const found = paths.some((each) => each.t === row && each.k === k);
    return found ? { kind: 'path', t: row, k } : null;
  };
  const chosen = path.value;
  const norm = paths.find((each) => each.t === chosen?.t && each.k === chosen.k)?.norm ?? 0;
  const label = t('paths.cell', {
    t: chosen?.t ?? steps,
    k: chosen?.k ?? first,
    norm: isSecret ? '?' : scientific(norm),
  });
  return (
    <div class="triangle-box dense" dir="ltr">
      {/* biome-ignore lint/a11y/useSemanticElements: two numbers at once, moved by the arrow keys */}
      <svg
        class="path-map"
        viewBox={`0 0 ${MAP} ${MAP}`}
        width={MAP}
        height={MAP}
        role="group"
        aria-label={`${t('paths.grid')}. ${label}`}
        tabindex={0}
        onPointerMove={(event) => {
          hover.value = at(event);
        }}
        onPointerLeave={() => {
          hover.value = null;
        }}
        onClick={(event) => {
          const focus = at(event);
          if (focus !== null) pin(focus);
        }}
        onKeyDown={(event) => {
          const [dt, dk] = arrows[event.key] ?? [];
          if (dt === undefined || dk === undefined || chosen === null) return;
          event.preventDefault();
          const next = { t: chosen.t + dt, k: chosen.k + dk };
          if (paths.some((each) => each.t === next.t && each.k === next.k)) pin({ kind: 'path', ...next });
        }}
      >
        {cells}
        {chosen !== null && <rect class="chosen" {...place(chosen.t, chosen.k)} width={cell} height={cell} />}
      </svg>
      <p class="small">{label}</p>
      <TriangleLegend most={most} />
    </div>
  );
}

const arrows: Readonly<Record<string, readonly [dt: number, dk: number]>> = {
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
  ArrowUp: [1, 0],
  ArrowDown: [-1, 0],
};

function compact(norm: number): string {
  return norm >= 1e-3 && norm < 1e3 ? shown(norm, 3) : scientific(norm);
}

/** A part needs this share of the bar to hold its name. */
const LEGIBLE = 0.14;

/** Shares add up to 1; those that pull against the sum stand left of the line. */
export function Shares() {
  const { bench, context, hover, pin, path, hidden } = useApp();
  const { t, format } = context.i18n;
  const unrolled = bench.unrolled.value;
  if (unrolled === null || unrolled.shares.length === 0 || unrolled.shares.length > 45) return null;
  if (hidden.value) return <p class="small">{t('predict.hidden')}</p>;
  const { shares } = unrolled;
  const chosen = path.value;
  const against = shares.filter(({ share }) => share < 0);
  const along = shares.filter(({ share }) => share >= 0);
  const left = against.reduce((sum, { share }) => sum - share, 0);
  const right = along.reduce((sum, { share }) => sum + share, 0);
  const bar = (list: typeof shares) =>
    list.map(({ t: at, k, share }) => (
      <button
        key={`${at} ${k}`}
        type="button"
        class={`share ${share < 0 ? 'against' : ''} ${chosen?.t === at && chosen.k === k ? 'chosen' : ''}`}
        style={{ flexGrow: String(Math.abs(share)) }}
        title={`(${at}, ${k}) ${(share * 100).toFixed(1)} %`}
        aria-label={t('shares.one', { path: `${at},${k}`, percent: format.value.decimal(share * 100, 1) })}
        onPointerEnter={() => {
          hover.value = { kind: 'path', t: at, k };
        }}
        onPointerLeave={() => {
          hover.value = null;
        }}
        onClick={() => pin({ kind: 'path', t: at, k })}
      >
        {Math.abs(share) > LEGIBLE * (left + right) ? `${at},${k}` : ''}
      </button>
    ));
  return (
    <div class="shares">
      <h3>{t('shares.title')}</h3>
      <div class="share-bar" dir="ltr">
        <div class="side against-side" style={{ flexGrow: String(left) }}>
          {bar(against)}
        </div>
        <div class="side along-side" style={{ flexGrow: String(right) }}>
          {bar(along)}
        </div>
      </div>
      <p class="small">{t('shares.help')}</p>
    </div>
  );
}

export function TruncationControl() {
  const { bench, context, hidden } = useApp();
  const { t, format } = context.i18n;
  const { settings } = context;
  const unrolled = bench.unrolled.value;
  if (unrolled === null || unrolled.truncations.length < 2 || context.isHidden('window')) return null;
  const { steps } = unrolled.derivation;
  const window = settings.get('window') === 0 ? steps : Math.min(settings.get('window'), steps);
  const { bias } = unrolled.truncations[window - 1]!;
  return (
    <div class="truncation">
      <label for="bptt-window">{t('window.label')}</label>
      <input
        id="bptt-window"
        type="range"
        min={1}
        max={steps}
        step={1}
        value={window}
        dir="ltr"
        disabled={context.isLocked('window')}
        aria-valuetext={t('window.text', { window, steps })}
        onInput={(event) => settings.preview('window', windowOf(event.currentTarget.value, steps))}
        onChange={() => settings.commit()}
      />
      <p class="small" aria-live="polite">
        {window === steps
          ? t('window.all', { steps })
          : t('window.bias', { window, percent: hidden.value ? '?' : format.value.decimal(bias * 100, 2) })}
      </p>
    </div>
  );
}

function windowOf(text: string, steps: number): number {
  const window = Number(text);
  return window >= steps ? 0 : window;
}
