/** The unrolled graph as a drawing whose wires and losses can be moved. */
import { useSignal } from '@preact/signals';
import { useRef } from 'preact/hooks';
import { type TokenName, type Tokens, useTokens } from '../../charts/tokens.js';
import { useWidth } from '../../charts/width.js';
import { edgePath, ROW } from './edges.js';
import { named, type Placed, place } from './layout.js';
import { LossMarks } from './loss-marks.js';
import { withLoss } from './loss-steps.js';
import type { ArchitectureModel } from './model.js';
import { WireEnds } from './wire-ends.js';
import { putDown, type Wire } from './wires.js';

const EDGE = 34;
/** Narrowest column, px: a finger finds its node. */
const NARROW = 46;
/** A wire's end that is let go this near to a node, px, is put down on it. */
const NEAR = 40;

const hueOf = (layer: string): TokenName => {
  if (layer === 'x') return 'input';
  if (layer === 'y') return 'output';
  if (layer === 'J') return 'gradient';
  return layer === 'c' ? 'attention' : 'hidden';
};

interface DrawingProps {
  readonly model: ArchitectureModel;
  /** What the chosen output depends on; null: that is a secret. */
  readonly seen: ReadonlySet<string> | null;
  readonly leaks: boolean;
}

type Values = ReturnType<ArchitectureModel['context']['settings']['all']>;

/** What the pointer carries: a wire's end, or the presence of losses that it passes over. */
type Carried =
  | {
      readonly kind: 'wire';
      readonly wire: Wire;
      readonly before: Values;
      readonly x: number;
      readonly y: number;
    }
  | { readonly kind: 'loss'; readonly isThere: boolean; readonly last: number };

export function Drawing({ model, seen, leaks }: DrawingProps) {
  const { i18n, settings, isLocked } = model.context;
  const { t } = i18n;
  const tokens = useTokens();
  const frame = useRef<HTMLDivElement>(null);
  const space = useWidth(frame);
  const carried = useSignal<Carried | null>(null);
  const look = model.look.value;
  if (look === null) return <div ref={frame} />;
  const { nodes, columns, rows } = place(look.nodes);
  const width = Math.max(space, columns * NARROW);
  const height = rows * ROW;
  const slot = width / columns;
  const x = (node: Pick<Placed, 'column'>): number => (node.column + 0.5) * slot;
  const y = (node: Pick<Placed, 'row'>): number => height - EDGE - node.row * ROW;
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const chosen = `y ${model.at.value}`;
  const lit = (id: string): boolean => seen?.has(id) === true || id === `J ${model.at.value}`;
  const target = leaks ? `x ${model.at.value + 1}` : undefined;
  const values = settings.all();
  const areLossesFree = values.shape === 'aligned' && values.loss !== 'ctc';
  const lossRow = nodes.find(({ layer }) => layer === 'J')?.row ?? rows - 1;

  const preview = (change: Partial<Values> | null): void => {
    for (const [name, value] of Object.entries(change ?? {}))
      settings.preview(name as keyof Values, value as never);
  };
  const carry = (event: PointerEvent): void => {
    const now = carried.peek();
    if (now === null) return;
    const box = (event.currentTarget as Element).getBoundingClientRect();
    const [px, py] = [event.clientX - box.left, event.clientY - box.top];
    if (now.kind === 'loss') {
      const step = Math.floor(px / slot) + 1;
      if (Math.abs(py - y({ row: lossRow })) > NEAR || step < 1 || step > values.inputs) return;
      // A fast pointer leaves steps out on its way.
      const way = step > now.last ? 1 : -1;
      for (let passed = now.last; passed !== step + way; passed += way)
        preview(withLoss(settings.all(), passed, now.isThere));
      carried.value = { ...now, last: step };
      return;
    }
    carried.value = { ...now, x: px, y: py };
    const near = nodes
      .map((node) => ({ node, apart: Math.hypot(x(node) - px, y(node) - py) }))
      .sort((a, b) => a.apart - b.apart)[0];
    const { readout, wait } = now.before;
    const onto = near !== undefined && near.apart < NEAR ? near.node : undefined;
    // Off every node, what was there before is there again.
    preview((onto && putDown(now.before, now.wire, onto, values.inputs)) ?? { readout, wait });
  };
  const letGo = (): void => {
    carried.value = null;
    settings.commit();
  };

  return (
    <div ref={frame} class="chart graph" dir="ltr">
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset cannot stand for a drawing */}
      <svg
        width={width}
        height={height}
        role="group"
        aria-label={t('graph.title')}
        font-family={tokens.font}
        onPointerMove={carry}
        onPointerUp={letGo}
        onPointerCancel={letGo}
      >
        <Arrows tokens={tokens} />
        {[false, true].map((bright) =>
          look.edges
            .filter(([from, to]) => (lit(from) && lit(to)) === bright)
            .map(([from, to]) => {
              const [a, b] = [byId.get(from), byId.get(to)];
              if (a === undefined || b === undefined) return null;
              return (
                <path
                  key={`${from} ${to}`}
                  d={edgePath(x(a), y(a), x(b), y(b))}
                  fill="none"
                  stroke={bright ? tokens.accent : tokens.line}
                  stroke-width={bright ? 2 : 1.2}
                  marker-end={`url(#arrow-${bright ? 'accent' : 'line'})`}
                />
              );
            }),
        )}
        {nodes
          .filter(({ layer }) => layer !== 'J' || !areLossesFree)
          .map((node) => (
            <NodeMark
              key={node.id}
              node={node}
              x={x(node)}
              y={y(node)}
              name={
                nodes.some((other) => other.layer === node.layer && other.step > 1)
                  ? named(node.layer.replace(/1$/, ''), node.step)
                  : node.layer.replace(/1$/, '')
              }
              isBright={seen === null || lit(node.id)}
              isChosen={node.id === chosen}
              isLeaking={node.id === target}
              onChoose={() => settings.set('at', node.step)}
              tokens={tokens}
              label={t('graph.choose', { y: named('y', node.step) })}
            />
          ))}
        {areLossesFree && (
          <LossMarks
            model={model}
            xOf={(step) => (step - 0.5) * slot}
            y={y({ row: lossRow })}
            onPress={(isThere, step) => {
              carried.value = { kind: 'loss', isThere, last: step };
            }}
          />
        )}
        {!isLocked(values.shape === 'aligned' ? 'wait' : 'readout') && (
          <WireEnds
            model={model}
            nodes={nodes}
            x={x}
            y={y}
            onPress={(wire) => {
              carried.value = {
                kind: 'wire',
                wire,
                before: settings.all(),
                x: x(byId.get(wire.from.id)!),
                y: y(byId.get(wire.from.id)!),
              };
            }}
          />
        )}
        {carried.value?.kind === 'wire' && (
          <path
            d={`M${carried.value.x} ${carried.value.y}L${x(byId.get(carried.value.wire.to.id) ?? { column: 0 })} ${y(byId.get(carried.value.wire.to.id) ?? { row: 0 })}`}
            stroke={tokens.focus}
            stroke-width="2"
            stroke-dasharray="5 5"
            pointer-events="none"
          />
        )}
      </svg>
    </div>
  );
}

function Arrows({ tokens }: { readonly tokens: Tokens }) {
  return (
    <defs>
      {(['line', 'accent'] as const).map((color) => (
        <marker
          key={color}
          id={`arrow-${color}`}
          viewBox="0 0 8 8"
          refX="7"
          refY="4"
          markerWidth="6"
          markerHeight="6"
          orient="auto"
        >
          <path d="M0 0L8 4L0 8Z" fill={tokens[color]} />
        </marker>
      ))}
    </defs>
  );
}

interface NodeProps {
  readonly node: Placed;
  readonly x: number;
  readonly y: number;
  readonly name: string;
  readonly label: string;
  readonly isBright: boolean;
  readonly isChosen: boolean;
  /** It is the answer that the chosen output must not see. */
  readonly isLeaking: boolean;
  readonly onChoose: () => void;
  readonly tokens: Tokens;
}

/** A layer at a step; outputs can be chosen. */
function NodeMark({ node, x, y, name, label, isBright, isChosen, isLeaking, onChoose, tokens }: NodeProps) {
  const isOutput = node.layer === 'y';
  const hue = tokens[hueOf(node.layer)];
  return (
    <g
      {...(isOutput
        ? {
            role: 'button',
            tabindex: 0,
            class: 'pickable',
            'aria-pressed': isChosen,
            'aria-label': label,
            onClick: onChoose,
            onKeyDown: (event: KeyboardEvent) => {
              if (event.key !== 'Enter' && event.key !== ' ') return;
              event.preventDefault();
              onChoose();
            },
          }
        : {})}
    >
      {isOutput && <rect x={x - 22} y={y - 22} width="44" height="44" fill="transparent" />}
      <circle
        cx={x}
        cy={y}
        r="16"
        fill={isBright ? hue : tokens.card}
        stroke={isChosen ? tokens.focus : hue}
        stroke-width={isChosen ? 3.5 : 1.5}
      />
      <text x={x} y={y + 4.5} text-anchor="middle" font-size="13" fill={isBright ? tokens.card : tokens.text}>
        {name}
      </text>
      {isLeaking && (
        <path d={`M${x - 20} ${y + 20}L${x + 20} ${y - 20}`} stroke={tokens.danger} stroke-width="4" />
      )}
    </g>
  );
}
