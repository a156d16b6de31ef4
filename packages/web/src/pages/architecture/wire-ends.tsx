/** The ends of wires that can be carried to another node, by pointer and by arrow keys. */
import { useTokens } from '../../charts/tokens.js';
import { holdOf } from './edges.js';
import { named, type Placed } from './layout.js';
import type { ArchitectureModel } from './model.js';
import { carriedBy, isMovable, putDown, type Wire } from './wires.js';

interface WireEndsProps {
  readonly model: ArchitectureModel;
  readonly nodes: readonly Placed[];
  readonly x: (node: Placed) => number;
  readonly y: (node: Placed) => number;
  readonly onPress: (wire: Wire) => void;
}

type End = { readonly from: Placed; readonly to: Placed };

export function WireEnds({ model, nodes, x, y, onPress }: WireEndsProps) {
  const { i18n, settings } = model.context;
  const { t } = i18n;
  const tokens = useTokens();
  const look = model.look.value;
  if (look === null) return null;
  const values = settings.all();
  const isAligned = values.shape === 'aligned';
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const ends = look.edges.flatMap(([from, to]): End[] => {
    const [a, b] = [byId.get(from), byId.get(to)];
    return a !== undefined && b !== undefined && isMovable(values, { from: a, to: b })
      ? [{ from: a, to: b }]
      : [];
  });
  // Where many wires leave one state there is one end to take hold of; an aligned wire is known by its output.
  const keyOf = ({ from, to }: End): string => (isAligned ? to.id : from.id);
  const held = [...new Map(ends.map((end) => [keyOf(end), end])).entries()];
  const stop = held.find(([, { to }]) => to.id === `y ${model.at.value}` && isAligned) ?? held.at(-1);
  return (
    <>
      {held.map(([key, end]) => {
        const { from, to } = end;
        const [cx, cy] = holdOf(x(from), y(from), x(to), y(to));
        const facts = {
          to: named(to.layer.replace(/1$/, ''), to.step),
          from: named(from.layer.replace(/1$/, ''), from.step),
        };
        return (
          <g
            key={key}
            class="wire-end"
            data-wire={`${from.id} ${to.id}`}
            role="slider"
            tabindex={key === stop?.[0] ? 0 : -1}
            aria-label={t('graph.wire', facts)}
            aria-valuemin={1}
            aria-valuemax={values.inputs}
            aria-valuenow={from.step}
            aria-valuetext={isAligned ? t('graph.reads', facts) : t(`setting.readout.${values.readout}`)}
            onPointerDown={(event) => {
              event.currentTarget.ownerSVGElement?.setPointerCapture(event.pointerId);
              onPress(end);
            }}
            onKeyDown={(event) => {
              const now = settings.all();
              const onto = carriedBy(event.key, now, end, nodes);
              if (onto === undefined) return;
              event.preventDefault();
              event.stopPropagation();
              const change = putDown(now, end, onto, now.inputs);
              if (change !== null) settings.adopt(change);
            }}
          >
            <circle cx={cx} cy={cy} r="20" fill="transparent" />
            <circle cx={cx} cy={cy} r="5.5" fill={tokens.card} stroke={tokens.accent} stroke-width="2" />
          </g>
        );
      })}
    </>
  );
}
