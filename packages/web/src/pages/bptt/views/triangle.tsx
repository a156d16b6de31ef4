/** All paths (t, k) of a short sequence: a triangle to pick from. */
import { useRef } from 'preact/hooks';
import { useApp } from '../app.js';
import { scientific, shown } from '../numbers.js';
import { PathMap } from './path-map.js';
import { arrows, depthOf, PathScale } from './path-scale.js';

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
      <PathScale most={most} />
    </div>
  );
}

function compact(norm: number): string {
  return norm >= 1e-3 && norm < 1e3 ? shown(norm, 3) : scientific(norm);
}
