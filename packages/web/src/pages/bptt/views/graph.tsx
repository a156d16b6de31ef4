/** The unrolled network, drawn from the graph that the engine computed: values, gradients, and the path that is followed. */
import { computed, type ReadonlySignal } from '@preact/signals';
import { useMemo, useRef } from 'preact/hooks';
import { ScrollBox } from '../../../frame/scroll-box.js';
import { useApp } from '../app.js';
import type { Focus } from '../focus.js';
import { type Drawn, layOut, NODE, neighbour, type Placed } from '../graph-layout.js';
import { edgeId } from '../lit.js';
import { largest, rowsOf } from '../numbers.js';
import { plain, spelled } from '../spell.js';

/** A longer network is no picture any more. */
const MOST_STEPS = 12;

const ARROWS = new Set(['ArrowLeft', 'ArrowRight', 'ArrowUp', 'ArrowDown']);
type Arrow = 'ArrowLeft' | 'ArrowRight' | 'ArrowUp' | 'ArrowDown';

export function Graph() {
  const { bench, context } = useApp();
  const unrolled = bench.unrolled.value;
  if (unrolled === null) return null;
  if (unrolled.derivation.steps > MOST_STEPS)
    return <p class="small">{context.i18n.t('graph.long', { steps: MOST_STEPS })}</p>;
  return (
    <ScrollBox class="graph-box" label={context.i18n.t('graph.box')}>
      <Drawing unrolled={unrolled} />
    </ScrollBox>
  );
}

/** A fact of the signals that one mark depends on: the mark is drawn again when it changes, and not with every other one. */
function useFact<T>(fact: () => T, inputs: readonly unknown[]): T {
  return useMemo(() => computed(fact), inputs).value;
}

function Drawing({ unrolled }: { readonly unrolled: Unrolled }) {
  const { lit, hover, pin, pinned, path, context } = useApp();
  const { t, format } = context.i18n;
  const svg = useRef<SVGSVGElement>(null);
  const layout = useMemo(() => layOut(unrolled), [unrolled]);
  const isAnythingLit = useFact(() => lit.value.nodes.size > 0 || lit.value.edges.size > 0, []);
  const strength = useMemo(() => computed(() => strengths(unrolled, path.value)), [unrolled]);
  const first = layout.nodes[0]?.id ?? '';
  const current = useFact(() => (pinned.value?.kind === 'node' ? pinned.value.id : first), [first]);
  const point = (event: Event): void => {
    hover.value = focusAt(event.target);
  };
  const leave = (): void => {
    hover.value = null;
  };
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset cannot stand around a drawing
    <svg
      ref={svg}
      class={`graph ${isAnythingLit ? 'has-lit' : ''}`}
      width={layout.width}
      height={layout.height}
      viewBox={`0 0 ${layout.width} ${layout.height}`}
      role="group"
      aria-label={t('graph.summary', { steps: unrolled.derivation.steps, nodes: layout.nodes.length })}
      direction="ltr"
      onPointerOver={point}
      onPointerLeave={leave}
      onFocusIn={point}
      onFocusOut={leave}
      onClick={(event) => {
        const focus = focusAt(event.target);
        if (focus?.kind === 'node') pin(focus);
      }}
      onKeyDown={(event) => {
        const focus = focusAt(event.target);
        if (focus?.kind !== 'node') return;
        if (event.key === 'Enter' || event.key === ' ') pin(focus);
        else if (ARROWS.has(event.key)) {
          const next = neighbour(layout, focus.id, event.key as Arrow);
          svg.current?.querySelector<SVGGElement>(`[data-node="${CSS.escape(next)}"]`)?.focus();
        } else return;
        event.preventDefault();
      }}
    >
      <Arrowheads />
      {layout.columns.slice(1).map((x, i) => (
        <text key={x} class="step-label" x={x} y={layout.height - 8}>
          {isolated(t('graph.step', { step: format.value.integer(i + 1) }))}
        </text>
      ))}
      {layout.edges.map((drawn) => (
        <EdgeMark
          key={edgeId(drawn.edge)}
          drawn={drawn}
          strength={strength}
          isShort={layout.columns.length <= 5}
        />
      ))}
      {layout.nodes.map((place) => (
        <NodeMark key={place.id} place={place} unrolled={unrolled} isCurrent={place.id === current} />
      ))}
    </svg>
  );
}

/** What an element of the drawing stands for. */
function focusAt(target: EventTarget | null): Focus | null {
  const mark = target instanceof Element ? target.closest<SVGElement>('[data-node], [data-parameter]') : null;
  const { node, parameter } = mark?.dataset ?? {};
  if (node !== undefined) return { kind: 'node', id: node };
  return parameter === undefined ? null : { kind: 'parameter', name: parameter };
}

function Arrowheads() {
  return (
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
  );
}

interface EdgeMarkProps {
  readonly drawn: Drawn;
  /** Width of the wire behind a node of the followed path. */
  readonly strength: ReadonlySignal<(id: string) => number>;
  /** Few steps: every label has room. */
  readonly isShort: boolean;
}

function EdgeMark({ drawn: { edge, path: d, labelX, labelY }, strength, isShort }: EdgeMarkProps) {
  const { lit } = useApp();
  const isLit = useFact(() => lit.value.edges.has(edgeId(edge)), [edge]);
  const width = useFact(
    () => (lit.value.path !== null && lit.value.edges.has(edgeId(edge)) ? strength.value(edge.from) : null),
    [edge, strength],
  );
  const [label] = edge.parameters.filter((name) => name !== '');
  const isNamed = useFact(() => label !== undefined && lit.value.parameters.has(label), [label]);
  return (
    <g class={`edge ${isLit ? 'lit' : ''} ${width === null ? '' : 'on-path'}`}>
      {width !== null && <path class="glow" d={d} />}
      <path
        class="wire"
        d={d}
        {...(width === null
          ? { 'marker-end': 'url(#bptt-forward)' }
          : { 'marker-start': 'url(#bptt-backward)', style: { strokeWidth: `${width}px` } })}
      />
      {label !== undefined && (isShort || isLit) && (
        <g class={`edge-label ${isNamed ? 'lit' : ''}`} data-parameter={label}>
          <Label name={label} x={labelX} y={labelY} />
        </g>
      )}
    </g>
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
  readonly unrolled: Unrolled;
  /** The one that the tab key stops at. */
  readonly isCurrent: boolean;
}

function NodeMark({ place, unrolled, isCurrent }: NodeMarkProps) {
  const { context, lit, pinned } = useApp();
  const { t } = context.i18n;
  const { node, x, y, id } = place;
  const isLit = useFact(() => lit.value.nodes.has(id), [id]);
  const isPinned = useFact(() => pinned.value?.kind === 'node' && pinned.value.id === id, [id]);
  const [left, top] = [x - NODE.width / 2, y - NODE.height / 2];
  const values = useMemo(() => rowsOf(node.value).flat(), [node]);
  return (
    // biome-ignore lint/a11y/useSemanticElements: a button cannot stand in a drawing
    <g
      class={`node ${node.role} ${isLit ? 'lit' : ''} ${isPinned ? 'pinned' : ''}`}
      data-node={id}
      role="button"
      tabindex={isCurrent ? 0 : -1}
      aria-pressed={isPinned}
      aria-label={t('graph.node', { name: plain(node.name, node.step), role: t(`role.${node.role}`) })}
    >
      <rect class="box" x={left} y={top} width={NODE.width} height={NODE.height} rx={9} />
      <Label name={node.name} step={node.step} x={x} y={top + 15} />
      <Strip values={values} x={left + 7} y={top + 22} width={NODE.width - 14} />
      {node.role !== 'loss' && <GradientStrip place={place} unrolled={unrolled} />}
    </g>
  );
}

/** What all losses send back to a node, or the loss of the path that is followed. */
function GradientStrip({ place, unrolled }: Omit<NodeMarkProps, 'isCurrent'>) {
  const { lit, hidden } = useApp();
  // As text: the same path is no reason to draw anything.
  const path = useFact(() => JSON.stringify(lit.value.path), []);
  const gradient = useMemo(
    () => gradientOf(unrolled, place, JSON.parse(path) as PathName),
    [unrolled, place, path],
  );
  if (hidden.value || gradient === null) return null;
  const { x, y } = place;
  return (
    <Strip
      values={gradient}
      x={x - NODE.width / 2 + 7}
      y={y - NODE.height / 2 + 34}
      width={NODE.width - 14}
      isGradient
    />
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
