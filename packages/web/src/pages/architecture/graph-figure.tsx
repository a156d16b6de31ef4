/** The unrolled graph, as the engine has it: what y_t sees lights up, and what it must not see is struck out. */
import { useRef } from 'preact/hooks';
import { type TokenName, useTokens } from '../../charts/tokens.js';
import { useWidth } from '../../charts/width.js';
import { FigureCard } from '../../frame/figure-card.js';
import { Legend } from '../../frame/legend.js';
import { named, type Placed, place } from './layout.js';
import type { ArchitectureModel } from './model.js';
import { stages } from './shape-strip.js';

const ROW = 74;
const EDGE = 34;
/** Narrowest column, px: a finger finds its node. */
const NARROW = 46;

const hueOf = (layer: string): TokenName => {
  if (layer === 'x') return 'input';
  if (layer === 'y') return 'output';
  return layer === 'c' ? 'attention' : 'hidden';
};

export function GraphFigure({ model }: { readonly model: ArchitectureModel }) {
  const { i18n, settings } = model.context;
  const { t } = i18n;
  const look = model.look.value;
  if (look === null) return null;
  const secret = model.secret.value;
  const at = model.at.value;
  const row = look.paths[at - 1] ?? [];
  const seen = row.flatMap((path, s) => (path === null ? [] : [s + 1]));
  const leaks = look.leaks.includes(at);
  const summary = secret
    ? t('graph.secret')
    : t(leaks ? 'graph.leak' : 'graph.summary', {
        y: named('y', at),
        first: named('x', seen[0] ?? 0),
        last: named('x', seen.at(-1) ?? 0),
        next: named('x', at + 1),
      });
  return (
    <FigureCard
      id="section-graph"
      title={t('graph.title')}
      name="architecture"
      honest="computed"
      summary={summary}
      legend={
        <Legend
          items={[
            { name: t('graph.input'), color: 'input' },
            { name: t('graph.hidden'), color: 'hidden' },
            { name: t('graph.output'), color: 'output' },
          ]}
        />
      }
      table={() => ({
        columns: [t('graph.from'), t('graph.to')],
        rows: look.edges.map(([from, to]) => [from, to]),
      })}
    >
      <p class={leaks && !secret ? 'problem' : ''}>{summary}</p>
      <Drawing model={model} seen={secret ? null : new Set(look.cones[at - 1])} leaks={leaks && !secret} />
      <p class="strip" dir="ltr">
        {stages(settings.all()).map(({ name, shape }, index) => (
          <span key={name}>
            {index > 0 && ' → '}
            <span class={`stage ${name}`}>
              <bdi>{t(`stage.${name}`)}</bdi> <code>{shape}</code>
            </span>
          </span>
        ))}
      </p>
    </FigureCard>
  );
}

interface DrawingProps {
  readonly model: ArchitectureModel;
  /** What the chosen output depends on; null: that is a secret. */
  readonly seen: ReadonlySet<string> | null;
  readonly leaks: boolean;
}

function Drawing({ model, seen, leaks }: DrawingProps) {
  const { i18n, settings } = model.context;
  const { t } = i18n;
  const tokens = useTokens();
  const frame = useRef<HTMLDivElement>(null);
  const space = useWidth(frame);
  const look = model.look.value;
  if (look === null) return <div ref={frame} />;
  const { nodes, columns, rows } = place(look.nodes);
  const width = Math.max(space, columns * NARROW);
  const height = rows * ROW;
  const slot = width / columns;
  const x = (node: Placed): number => (node.column + 0.5) * slot;
  const y = (node: Placed): number => height - EDGE - node.row * ROW;
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const lit = (id: string): boolean => seen?.has(id) === true;
  const chosen = `y ${model.at.value}`;
  const target = leaks ? `x ${model.at.value + 1}` : undefined;
  return (
    <div ref={frame} class="chart graph" dir="ltr">
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset cannot stand for a drawing */}
      <svg width={width} height={height} role="group" aria-label={t('graph.title')} font-family={tokens.font}>
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
        {nodes.map((node) => {
          const { id, layer, step } = node;
          const isOutput = layer === 'y';
          const bright = seen === null || lit(id);
          const name = nodes.some((other) => other.layer === layer && other.step > 1)
            ? named(layer.replace(/1$/, ''), step)
            : layer.replace(/1$/, '');
          const choose = (): void => settings.set('at', step);
          return (
            <g
              key={id}
              {...(isOutput
                ? {
                    role: 'button',
                    tabindex: 0,
                    class: 'pickable',
                    'aria-pressed': id === chosen,
                    'aria-label': t('graph.choose', { y: named('y', step) }),
                    onClick: choose,
                    onKeyDown: (event: KeyboardEvent) => {
                      if (event.key !== 'Enter' && event.key !== ' ') return;
                      event.preventDefault();
                      choose();
                    },
                  }
                : {})}
            >
              {isOutput && (
                <rect x={x(node) - 22} y={y(node) - 26} width="44" height="52" fill="transparent" />
              )}
              <circle
                cx={x(node)}
                cy={y(node)}
                r="16"
                fill={bright ? tokens[hueOf(layer)] : tokens.card}
                stroke={id === chosen ? tokens.focus : tokens[hueOf(layer)]}
                stroke-width={id === chosen ? 3.5 : 1.5}
              />
              <text
                x={x(node)}
                y={y(node) + 4.5}
                text-anchor="middle"
                font-size="13"
                fill={bright ? tokens.card : tokens.text}
              >
                {name}
              </text>
              {id === target && (
                <path
                  d={`M${x(node) - 20} ${y(node) + 20}L${x(node) + 20} ${y(node) - 20}`}
                  stroke={tokens.danger}
                  stroke-width="4"
                />
              )}
            </g>
          );
        })}
      </svg>
    </div>
  );
}

/** A line from rim to rim; past nodes of its own column it bows aside. */
function edgePath(x1: number, y1: number, x2: number, y2: number): string {
  if (x1 === x2 && Math.abs(y2 - y1) > 1.5 * ROW) {
    const side = Math.sign(y1 - y2) * 13;
    return `M${x1 + side} ${y1 - side}Q${x1 + 2.6 * side} ${(y1 + y2) / 2} ${x2 + side} ${y2 + side}`;
  }
  const length = Math.hypot(x2 - x1, y2 - y1);
  const [dx, dy] = [(17 * (x2 - x1)) / length, (17 * (y2 - y1)) / length];
  return `M${x1 + dx} ${y1 + dy}L${x2 - dx} ${y2 - dy}`;
}
