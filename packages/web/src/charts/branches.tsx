/**
 * Ways that a text may go on, as a tree: a box for each token at its place in time, from left to right whatever the language,
 * and a line from the token before it. One way is lit. How a box ended is told by its outline, not by colour alone.
 */
import { useEffect, useId, useRef } from 'preact/hooks';
import type { Tokens } from './tokens.js';
import { useTokens } from './tokens.js';

export interface BranchNode {
  /** Index of the node before it, smaller than its own; -1 for none. */
  readonly parent: number;
  readonly column: number;
  readonly row: number;
  /** The token, as it can be seen. */
  readonly label: string;
  /** A short number below it. */
  readonly value: string;
  /** `on`: it goes on; `end`: it ends here; `off`: it was given up; `forced`: somebody wanted it. */
  readonly kind: 'on' | 'end' | 'off' | 'forced';
  /** All of it in words. */
  readonly description: string;
}

export interface BranchesProps {
  readonly nodes: readonly BranchNode[];
  /** Indices of the way that is lit. */
  readonly lit: readonly number[];
  readonly selected: number;
  readonly onSelect: (index: number) => void;
  readonly label: string;
}

const WIDTH = 46;
const HEIGHT = 44;
const COLUMN = 66;
const ROW = 50;
const MARGIN = 4;

export function Branches({ nodes, lit, selected, onSelect, label }: BranchesProps) {
  const tokens = useTokens();
  const id = useId();
  const frame = useRef<HTMLDivElement>(null);
  const onWay = new Set(lit);
  const columns = Math.max(0, ...nodes.map(({ column }) => column)) + 1;
  const rows = Math.max(0, ...nodes.map(({ row }) => row)) + 1;
  const x = (column: number): number => MARGIN + column * COLUMN;
  const y = (row: number): number => MARGIN + row * ROW;
  const column = nodes[selected]?.column;
  useEffect(() => {
    // Scrolls the drawing alone, so that what was selected elsewhere is seen here.
    const box = frame.current?.parentElement;
    if (box == null || column === undefined) return;
    const left = x(column);
    if (left < box.scrollLeft || left + WIDTH > box.scrollLeft + box.clientWidth) {
      box.scrollLeft = left - box.clientWidth / 2;
    }
  }, [column]);
  const move = (event: KeyboardEvent): void => {
    const next = movedTo(event.key, selected, nodes, onWay);
    if (next === undefined) return;
    event.preventDefault();
    onSelect(next);
    document.getElementById(`${id}-${next}`)?.focus();
  };
  const edge = ({ parent, ...to }: BranchNode): string => {
    const from = nodes[parent]!;
    const [ax, ay] = [x(from.column) + WIDTH, y(from.row) + HEIGHT / 2];
    const [bx, by] = [x(to.column), y(to.row) + HEIGHT / 2];
    const bend = (bx - ax) / 2;
    return `M${ax} ${ay}C${ax + bend} ${ay} ${bx - bend} ${by} ${bx} ${by}`;
  };
  return (
    <div ref={frame} class="chart branches-chart" dir="ltr">
      <svg
        width={columns * COLUMN - (COLUMN - WIDTH) + 2 * MARGIN}
        height={rows * ROW - (ROW - HEIGHT) + 2 * MARGIN}
        // biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: the drawing is the tree that its boxes are items of
        role="tree"
        aria-label={label}
        font-family={tokens.font}
      >
        <g fill="none">
          {nodes.map((node, index) =>
            node.parent < 0 ? null : (
              <path
                key={index}
                d={edge(node)}
                stroke={onWay.has(index) ? tokens.output : node.kind === 'off' ? tokens.line : tokens.muted}
                stroke-width={onWay.has(index) ? 3 : 1.5}
                stroke-dasharray={node.kind === 'off' ? '4 4' : undefined}
              />
            ),
          )}
        </g>
        {nodes.map((node, index) => (
          <g
            key={index}
            id={`${id}-${index}`}
            role="treeitem"
            aria-level={node.column + 1}
            aria-selected={index === selected}
            aria-label={`${node.label} ${node.value}: ${node.description}`}
            tabindex={index === selected ? 0 : -1}
            class="cell"
            data-kind={node.kind}
            data-lit={onWay.has(index) ? '' : undefined}
            onClick={() => onSelect(index)}
            onKeyDown={move}
          >
            <title>{node.description}</title>
            <Box
              node={node}
              x={x(node.column)}
              y={y(node.row)}
              isLit={onWay.has(index)}
              isSelected={index === selected}
              tokens={tokens}
            />
          </g>
        ))}
      </svg>
    </div>
  );
}

interface BoxProps {
  readonly node: BranchNode;
  readonly x: number;
  readonly y: number;
  readonly isLit: boolean;
  readonly isSelected: boolean;
  readonly tokens: Tokens;
}

function Box({ node: { kind, label, value }, x, y, isLit, isSelected, tokens }: BoxProps) {
  const strokes = { on: tokens.output, end: tokens.output, off: tokens.muted, forced: tokens.marker };
  const middle = x + WIDTH / 2;
  return (
    <>
      {kind === 'end' && (
        <rect
          x={x - 3}
          y={y - 3}
          width={WIDTH + 6}
          height={HEIGHT + 6}
          rx="10"
          fill="none"
          stroke={tokens.output}
        />
      )}
      <rect
        x={x}
        y={y}
        width={WIDTH}
        height={HEIGHT}
        rx="7"
        fill={isLit ? tokens.sunken : tokens.card}
        stroke={isSelected ? tokens.focus : strokes[kind]}
        stroke-width={isSelected ? 3 : isLit ? 2.5 : 1.25}
        stroke-dasharray={kind === 'off' ? '4 3' : undefined}
      />
      <text
        x={middle}
        y={y + 19}
        text-anchor="middle"
        font-size="15"
        font-weight={isLit ? 700 : 400}
        fill={kind === 'off' ? tokens.muted : tokens.text}
      >
        {label}
      </text>{' '}
      <text x={middle} y={y + 36} text-anchor="middle" font-size="11.5" fill={tokens.muted}>
        {value}
      </text>
    </>
  );
}

/**
 * Where an arrow key leads: left to the token before, right to one behind (the lit one, else the first), up and down within
 * the column; `undefined` for other keys and where nothing is.
 */
export function movedTo(
  key: string,
  selected: number,
  nodes: readonly BranchNode[],
  lit: ReadonlySet<number>,
): number | undefined {
  const node = nodes[selected];
  if (node === undefined) return undefined;
  if (key === 'ArrowLeft') return node.parent < 0 ? undefined : node.parent;
  if (key === 'ArrowRight') {
    const children = [...nodes.keys()].filter((index) => nodes[index]!.parent === selected);
    return children.find((index) => lit.has(index)) ?? children[0];
  }
  if (key !== 'ArrowUp' && key !== 'ArrowDown') return undefined;
  const column = [...nodes.keys()]
    .filter((index) => nodes[index]!.column === node.column)
    .sort((a, b) => nodes[a]!.row - nodes[b]!.row);
  return column[column.indexOf(selected) + (key === 'ArrowUp' ? -1 : 1)];
}
