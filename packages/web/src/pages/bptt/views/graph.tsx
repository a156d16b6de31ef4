/** The unrolled network, drawn from the graph that the engine computed: values, gradients, and the path that is followed. */
import { useRef } from 'preact/hooks';
import { ScrollBox } from '../../../frame/scroll-box.js';
import { useApp } from '../app.js';
import { layOut, NODE, neighbour, type Placed } from '../graph-layout.js';
import { edgeId } from '../lit.js';
import { largest, rowsOf } from '../numbers.js';
import { plain, spelled } from '../spell.js';

/** A longer network is no picture any more. */
const MOST_STEPS = 12;

const ARROWS = new Set(['ArrowLeft', 'ArrowRight', 'ArrowUp', 'ArrowDown']);
type Arrow = 'ArrowLeft' | 'ArrowRight' | 'ArrowUp' | 'ArrowDown';

export function Graph() {
  const { bench, lit, hover, pin, pinned, path, context, hidden } = useApp();
  const { t, format } = context.i18n;
  const svg = useRef<SVGSVGElement>(null);
  const unrolled = bench.unrolled.value;
  if (unrolled === null) return null;
  if (unrolled.derivation.steps > MOST_STEPS)
    return <p class="small">{t('graph.long', { steps: MOST_STEPS })}</p>;
  const layout = layOut(unrolled);
  const light = lit.value;
  const isAnythingLit = light.nodes.size > 0 || light.edges.size > 0;
  const focus = pinned.value;
  const current = focus?.kind === 'node' ? focus.id : (layout.nodes[0]?.id ?? '');
  const strength = strengths(unrolled, path.value);

  const move = (event: KeyboardEvent, id: string): void => {
    if (!ARROWS.has(event.key)) return;
    event.preventDefault();
    const next = neighbour(layout, id, event.key as Arrow);
    svg.current?.querySelector<SVGGElement>(`[data-node="${CSS.escape(next)}"]`)?.focus();
  };

  return (
    <ScrollBox class="graph-box" label={t('graph.box')}>
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset cannot stand around a drawing */}
      <svg
        ref={svg}
        class={`graph ${isAnythingLit ? 'has-lit' : ''}`}
        width={layout.width}
        height={layout.height}
        viewBox={`0 0 ${layout.width} ${layout.height}`}
        role="group"
        aria-label={t('graph.summary', { steps: unrolled.derivation.steps, nodes: layout.nodes.length })}
        direction="ltr"
      >
        <defs>
          <marker
            id="bptt-forward"
            viewBox="0 0 8 8"
            refX="7"
            refY="4"
            markerWidth="6"
            markerHeight="6"
            orient="auto"
          >
            <path class="arrow" d="M0 0L8 4L0 8z" />
          </marker>
          <marker
            id="bptt-backward"
            viewBox="0 0 8 8"
            refX="1"
            refY="4"
            markerWidth="13"
            markerHeight="13"
            orient="auto"
            markerUnits="userSpaceOnUse"
          >
            <path class="arrow backward" d="M8 0L0 4L8 8z" />
          </marker>
        </defs>
        {layout.columns.slice(1).map((x, i) => (
          <text key={x} class="step-label" x={x} y={layout.height - 8}>
            {isolated(t('graph.step', { step: format.value.integer(i + 1) }))}
          </text>
        ))}
        {layout.edges.map(({ edge, path: d, labelX, labelY }) => {
          const isLit = light.edges.has(edgeId(edge));
          const onPath = isLit && light.path !== null;
          const [label] = edge.parameters.filter((name) => name !== '');
          return (
            <g key={edgeId(edge)} class={`edge ${isLit ? 'lit' : ''} ${onPath ? 'on-path' : ''}`}>
              {onPath && <path class="glow" d={d} />}
              <path
                class="wire"
                d={d}
                {...(onPath
                  ? {
                      'marker-start': 'url(#bptt-backward)',
                      style: { strokeWidth: `${strength(edge.from)}px` },
                    }
                  : { 'marker-end': 'url(#bptt-forward)' })}
              />
              {label !== undefined && (layout.columns.length <= 5 || isLit) && (
                <g
                  class={`edge-label ${light.parameters.has(label) ? 'lit' : ''}`}
                  onPointerEnter={() => {
                    hover.value = { kind: 'parameter', name: label };
                  }}
                  onPointerLeave={() => {
                    hover.value = null;
                  }}
                >
                  <Label name={label} x={labelX} y={labelY} />
                </g>
              )}
            </g>
          );
        })}
        {layout.nodes.map((place) => (
          <NodeMark
            key={place.id}
            place={place}
            isLit={light.nodes.has(place.id)}
            isCurrent={place.id === current}
            isPinned={focus?.kind === 'node' && focus.id === place.id}
            gradient={hidden.value ? null : gradientOf(unrolled, place, light.path)}
            onHover={(on) => {
              hover.value = on ? { kind: 'node', id: place.id } : null;
            }}
            onPin={() => pin({ kind: 'node', id: place.id })}
            onKey={(event) => move(event, place.id)}
          />
        ))}
      </svg>
    </ScrollBox>
  );
}

type Unrolled = NonNullable<ReturnType<typeof useApp>['bench']['unrolled']['value']>;
type PathName = { readonly t: number; readonly k: number } | null;

/** What the loss of the followed path sends back to a node; without a path, what all losses send. */
function gradientOf({ paths }: Unrolled, { id, node }: Placed, path: PathName): readonly number[] | null {
  if (path === null) return node.gradient === null ? null : rowsOf(node.gradient).flat();
  const along = paths.find(({ t, k }) => t === path.t && k === path.k);
  const station = along?.stations.find((candidate) => candidate.id === id);
  return station === undefined ? null : rowsOf(station.gradient).flat();
}

/** Width of the wire behind a node: the logarithm of what arrives there. */
function strengths({ paths }: Unrolled, path: PathName): (id: string) => number {
  const along = paths.find(({ t, k }) => t === path?.t && k === path?.k);
  const norms = new Map(along?.stations.map(({ id, norm }) => [id, norm] as const));
  const most = Math.max(...norms.values(), Number.MIN_VALUE);
  return (id) => {
    const norm = norms.get(id) ?? most;
    return 1.5 + 4 * Math.max(0, 1 + Math.log10(Math.max(norm / most, 1e-3)) / 3);
  };
}

/** Words in a drawing that runs left to right keep their own direction. */
const isolated = (text: string): string => `\u2068${text}\u2069`;

interface NodeMarkProps {
  readonly place: Placed;
  readonly isLit: boolean;
  readonly isCurrent: boolean;
  readonly isPinned: boolean;
  readonly gradient: readonly number[] | null;
  readonly onHover: (on: boolean) => void;
  readonly onPin: () => void;
  readonly onKey: (event: KeyboardEvent) => void;
}

function NodeMark({ place, isLit, isCurrent, isPinned, gradient, onHover, onPin, onKey }: NodeMarkProps) {
  const { context } = useApp();
  const { t } = context.i18n;
  const { node, x, y, id } = place;
  const [left, top] = [x - NODE.width / 2, y - NODE.height / 2];
  const values = rowsOf(node.value).flat();
  return (
    // biome-ignore lint/a11y/useSemanticElements: a button cannot stand in a drawing
    <g
      class={`node ${node.role} ${isLit ? 'lit' : ''} ${isPinned ? 'pinned' : ''}`}
      data-node={id}
      role="button"
      tabindex={isCurrent ? 0 : -1}
      aria-pressed={isPinned}
      aria-label={t('graph.node', { name: plain(node.name, node.step), role: t(`role.${node.role}`) })}
      onPointerEnter={() => onHover(true)}
      onPointerLeave={() => onHover(false)}
      onFocus={() => onHover(true)}
      onBlur={() => onHover(false)}
      onClick={onPin}
      onKeyDown={(event) => {
        if (event.key === 'Enter' || event.key === ' ') {
          event.preventDefault();
          onPin();
        } else onKey(event);
      }}
    >
      <rect class="box" x={left} y={top} width={NODE.width} height={NODE.height} rx={9} />
      <Label name={node.name} step={node.step} x={x} y={top + 15} />
      <Strip values={values} x={left + 7} y={top + 22} width={NODE.width - 14} />
      {gradient !== null && node.role !== 'loss' && (
        <Strip values={gradient} x={left + 7} y={top + 34} width={NODE.width - 14} isGradient />
      )}
    </g>
  );
}

interface StripProps {
  readonly values: readonly number[];
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly isGradient?: boolean;
}

/** A cell per entry: hue is the sign, depth the magnitude; a bar up or down from the middle says the same. */
function Strip({ values, x, y, width, isGradient = false }: StripProps) {
  const most = isGradient ? largest([values]) : Math.max(1, largest([values]));
  const cell = width / values.length;
  const height = 10;
  return (
    <g class={isGradient ? 'strip gradient' : 'strip'}>
      <rect class="strip-back" x={x} y={y} width={width} height={height} rx={1.5} />
      {values.map((value, i) => {
        const share = most === 0 || !Number.isFinite(value) ? 0 : Math.min(1, Math.abs(value) / most);
        const tall = (share * height) / 2;
        return (
          <rect
            key={i}
            class={value < 0 ? 'bar negative' : 'bar'}
            x={x + i * cell + 0.5}
            y={value < 0 ? y + height / 2 : y + height / 2 - tall}
            width={Math.max(1, cell - 1)}
            height={Math.max(share === 0 ? 0 : 0.8, tall)}
          />
        );
      })}
    </g>
  );
}

interface LabelProps {
  readonly name: string;
  readonly step?: number;
  readonly x: number;
  readonly y: number;
}

function Label({ name, step, x, y }: LabelProps) {
  const { base, sub } = spelled(name, step);
  return (
    <text class="symbol" x={x} y={y}>
      {base}
      {sub !== '' && (
        <tspan class="sub" dy="4">
          {sub}
        </tspan>
      )}
    </text>
  );
}
