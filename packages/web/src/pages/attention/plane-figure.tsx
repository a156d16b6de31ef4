/** Query and keys as arrows in a plane; each can be dragged or moved by arrow keys. */
import type { SVGAttributes } from 'preact';
import { useRef } from 'preact/hooks';
import { FigureCard } from '../../frame/figure-card.js';
import type { AttentionModel } from './model.js';
import { mathNumber, subscript } from './numbers.js';
import { fromPlane, gridLines, inPlane, keyStep, reach, snapped } from './plane.js';
import { pointIn } from './pointer.js';

/** Half the drawing's width and height, in its own units. */
const HALF = 180;

const direction: Readonly<Record<string, readonly [number, number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, 1],
  ArrowDown: [0, -1],
};

export function PlaneFigure({ model }: { readonly model: AttentionModel }) {
  const { i18n, settings, isLocked } = model.context;
  const { t } = i18n;
  const svg = useRef<SVGSVGElement>(null);
  /** The plane stays as large as it is while something is dragged, or it would run away from the pointer. */
  const held = useRef<number | null>(null);
  const keys = settings.get('keys');
  const query = settings.get('query');
  const axes = model.axes.value;
  const size = held.current ?? reach([query, ...keys], axes);
  const toScreen = ([x, y]: readonly [number, number]) => [(x / size) * HALF, (-y / size) * HALF] as const;
  const secret = model.secret.value;
  const weights = secret ? keys.map(() => 0) : (model.computed.value?.report.weights ?? keys.map(() => 0));

  const move = (which: number | 'query', to: readonly [number, number]): void => {
    const clamped = to.map((entry) => Math.min(1000, Math.max(-1000, snapped(entry, size)))) as [
      number,
      number,
    ];
    if (which === 'query') settings.preview('query', fromPlane(query, axes, clamped));
    else settings.preview('keys', keys.with(which, fromPlane(keys[which] ?? [], axes, clamped)));
  };

  const handle = (which: number | 'query'): SVGAttributes<SVGGElement> => {
    const locked = isLocked(which === 'query' ? 'query' : 'keys');
    const vector = which === 'query' ? query : (keys[which] ?? []);
    const place = inPlane(vector, axes);
    const name = which === 'query' ? 'q' : `k${subscript(which + 1)}`;
    return {
      role: 'slider',
      tabindex: locked ? -1 : 0,
      'aria-label': t(which === 'query' ? 'plane.query' : 'plane.key', { name }),
      'aria-valuenow': place[0],
      'aria-valuemin': -1000,
      'aria-valuemax': 1000,
      'aria-valuetext': `(${vector.map((entry) => mathNumber(entry)).join(', ')})`,
      'aria-disabled': locked,
      onPointerDown: (event) => {
        if (locked) return;
        held.current = size;
        event.currentTarget.setPointerCapture(event.pointerId);
        // Scrolling would move what is held from under the pointer.
        event.currentTarget.focus({ preventScroll: true });
        event.preventDefault();
      },
      onPointerMove: (event) => {
        if (held.current === null || svg.current === null) return;
        const { x, y } = pointIn(svg.current, event);
        move(which, [(x / HALF) * size, axes[0] === axes[1] ? 0 : (-y / HALF) * size]);
      },
      onPointerUp: () => {
        held.current = null;
        settings.commit();
      },
      onLostPointerCapture: () => {
        held.current = null;
        settings.commit();
      },
      onKeyDown: (event) => {
        if (locked) return;
        const step = keyStep(size, event.shiftKey);
        const by = direction[event.key];
        if (by === undefined) return;
        event.preventDefault();
        event.stopPropagation();
        move(which, [place[0] + step * by[0], place[1] + (axes[0] === axes[1] ? 0 : step * by[1])]);
        settings.commit();
      },
    };
  };

  const [x, y] = axes;
  return (
    <FigureCard
      id="section-plane"
      title={t('plane.title')}
      name="query-and-keys"
      honest="computed"
      summary={t('plane.summary', { count: keys.length })}
      table={() => ({
        columns: [t('twin.name'), ...query.map((_, d) => `x${subscript(d + 1)}`)],
        rows: [['q', ...query], ...keys.map((key, i) => [`k${subscript(i + 1)}`, ...key])],
      })}
    >
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset cannot draw */}
      <svg
        ref={svg}
        class="plane"
        viewBox={`${-HALF - 20} ${-HALF - 20} ${2 * HALF + 40} ${2 * HALF + 40}`}
        role="group"
        aria-label={t('plane.summary', { count: keys.length })}
        direction="ltr"
      >
        {gridLines(size).map((at) => {
          const [place] = toScreen([at, 0]);
          return (
            <g key={at} class={at === 0 ? 'axis' : 'grid'}>
              <line x1={place} x2={place} y1={-HALF} y2={HALF} />
              <line x1={-HALF} x2={HALF} y1={-place} y2={-place} />
              {at !== 0 && (
                <>
                  <text x={place} y={HALF + 14} text-anchor="middle">
                    {mathNumber(at)}
                  </text>
                  <text x={-HALF - 4} y={-place + 4} text-anchor="end">
                    {mathNumber(at)}
                  </text>
                </>
              )}
            </g>
          );
        })}
        <text class="axis-name" x={HALF + 4} y={-8} text-anchor="end">
          {`x${subscript(x + 1)}`}
        </text>
        {x !== y && (
          <text class="axis-name" x={10} y={-HALF}>
            {`x${subscript(y + 1)}`}
          </text>
        )}
        {keys.map((key, i) => (
          <g key={i} {...handle(i)} class={`arrow key ${weights[i]! > 0 ? 'chosen' : ''}`}>
            <Arrow
              to={toScreen(inPlane(key, axes))}
              name={`k${subscript(i + 1)}`}
              width={2 + 4 * weights[i]!}
            />
          </g>
        ))}
        <g {...handle('query')} class="arrow query">
          <Arrow to={toScreen(inPlane(query, axes))} name="q" width={3.5} />
        </g>
      </svg>
      <p class="remark">{t('plane.hint')}</p>
    </FigureCard>
  );
}

function Arrow({
  to: [x, y],
  name,
  width,
}: {
  readonly to: readonly [number, number];
  readonly name: string;
  readonly width: number;
}) {
  const length = Math.hypot(x, y);
  const [ux, uy] = length < 1e-9 ? [0, 0] : [x / length, y / length];
  const head = 11;
  const tip = `${x},${y}`;
  const left = `${x - head * ux - head * 0.5 * uy},${y - head * uy + head * 0.5 * ux}`;
  const right = `${x - head * ux + head * 0.5 * uy},${y - head * uy - head * 0.5 * ux}`;
  // The name stands beyond the tip, where no other arrow of the same direction hides it.
  const [labelX, labelY] = length < 1e-9 ? [10, -10] : [x + 15 * ux, y + 15 * uy];
  return (
    <>
      {/* What can be caught: larger than what is drawn. */}
      <circle class="grip" cx={x} cy={y} r={22} />
      <line x1={0} y1={0} x2={x - ux * head * 0.8} y2={y - uy * head * 0.8} stroke-width={width} />
      {length < 1e-9 ? (
        <circle r={4} class="head" />
      ) : (
        <polygon class="head" points={`${tip} ${left} ${right}`} />
      )}
      <text x={labelX} y={labelY + 5} text-anchor="middle">
        {name}
      </text>
    </>
  );
}
