/** All paths of a long sequence as a map: t upwards, k to the right; the arrow keys move the path that is pinned. */
import { useMemo } from 'preact/hooks';
import { useApp } from '../app.js';
import type { Focus } from '../focus.js';
import { shadePaths } from '../heat-cells.js';
import { scientific } from '../numbers.js';
import { arrows, depthOf, PathScale } from './path-scale.js';

/** Longest side of the map, px. */
const MAP = 330;

export function PathMap() {
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
      <PathScale most={most} />
    </div>
  );
}
