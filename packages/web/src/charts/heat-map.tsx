/**
 * A matrix as coloured cells with its numbers in them. The sign is readable without colour: by the number, or, where cells
 * are too small for it, by a bar that points up or down. Rows and columns never mirror.
 */
import { useId, useRef } from 'preact/hooks';
import type { Matrix } from '../state/rows.js';
import { colorOf, type Scale, textOn } from './color.js';
import { type Tokens, useTokens } from './tokens.js';
import { useWidth } from './width.js';

export interface CellPlace {
  readonly row: number;
  readonly column: number;
}

export interface HeatMapProps {
  readonly values: Matrix;
  readonly scale: Scale;
  /** What is shown, for those who do not see it. */
  readonly label: string;
  readonly rowLabels?: readonly string[];
  readonly columnLabels?: readonly string[];
  /** A number inside a cell. Defaults to two digits after the point. */
  readonly format?: (value: number) => string;
  readonly selected?: CellPlace | null;
  /** Makes cells selectable by mouse, touch and arrow keys. */
  readonly onSelect?: (place: CellPlace) => void;
  /** Called while the mouse is over a cell; `null` when it leaves. */
  readonly onHover?: (place: CellPlace | null) => void;
  /** Largest and smallest side of a cell, px. Default to 64 and 4. */
  readonly largestCell?: number;
  readonly smallestCell?: number;
}

/** A cell narrower than this many px per character shows no number. */
const CHARACTER = 7.5;
/** Cells smaller than this show no sign bar either. */
const SIGN_CELL = 9;
/** More cells than this are drawn without elements of their own. */
const MOST_CELLS = 2500;
const GAP = 2;
const LABEL_HEIGHT = 22;

const twoPlaces = (value: number): string => value.toFixed(2).replace('-', '−');

export function HeatMap(props: HeatMapProps) {
  const { values, rowLabels, columnLabels, largestCell = 64, smallestCell = 4, label } = props;
  const tokens = useTokens();
  const frame = useRef<HTMLDivElement>(null);
  const width = useWidth(frame);
  const columns = values[0]?.length ?? 0;
  const left =
    rowLabels === undefined ? 0 : 10 + 8 * Math.max(...rowLabels.map((text) => [...text].length), 1);
  const top = columnLabels === undefined ? 0 : LABEL_HEIGHT;
  const side = Math.max(smallestCell, Math.min(largestCell, (width - left) / Math.max(1, columns)));
  const height = Math.min(side, Math.max(smallestCell, 40));
  const isLarge = values.length * columns > MOST_CELLS;
  const isGrid = props.onSelect !== undefined && !isLarge;
  return (
    <div ref={frame} class="chart heat-map" dir="ltr">
      <svg
        width={left + side * columns}
        height={top + height * values.length}
        role={isGrid ? 'grid' : 'img'}
        aria-label={label}
        font-family={tokens.font}
      >
        {columnLabels?.map((text, column) => (
          <text
            key={`c${column}`}
            x={left + (column + 0.5) * side}
            y={top - 8}
            text-anchor="middle"
            font-size="12"
            fill={tokens.muted}
          >
            {text}
          </text>
        ))}
        {rowLabels?.map((text, row) => (
          <text
            key={`r${row}`}
            x={left - 8}
            y={top + (row + 0.5) * height + 4}
            text-anchor="end"
            font-size="12"
            fill={tokens.muted}
          >
            {text}
          </text>
        ))}
        {isLarge ? (
          <Levels {...props} tokens={tokens} left={left} top={top} side={side} height={height} />
        ) : (
          <Cells {...props} tokens={tokens} left={left} top={top} side={side} height={height} />
        )}
      </svg>
    </div>
  );
}

interface PartProps extends HeatMapProps {
  readonly tokens: Tokens;
  readonly left: number;
  readonly top: number;
  readonly side: number;
  readonly height: number;
}

function Cells(props: PartProps) {
  const { values, scale, tokens, left, top, side, height, selected, onSelect, onHover } = props;
  const { format = twoPlaces, rowLabels, columnLabels } = props;
  const id = useId();
  const gap = side < 12 || height < 12 ? 0 : GAP;
  const current = selected ?? { row: 0, column: 0 };
  const move = (event: KeyboardEvent): void => {
    const place = movedBy(event.key, current, values);
    if (place === undefined || onSelect === undefined) return;
    event.preventDefault();
    onSelect(place);
    document.getElementById(`${id}-${place.row}-${place.column}`)?.focus();
  };
  return (
    <>
      {values.map((cells, row) => (
        <g key={row} role={onSelect === undefined ? undefined : 'row'}>
          {cells.map((value, column) => {
            const fill = colorOf(value, scale, tokens);
            const isSelected = selected?.row === row && selected.column === column;
            const text = format(value);
            const place = { row, column };
            const x = left + column * side;
            const y = top + row * height;
            return (
              <g
                key={column}
                {...(onSelect === undefined
                  ? {}
                  : {
                      id: `${id}-${row}-${column}`,
                      role: 'gridcell',
                      'aria-selected': isSelected,
                      'aria-label': [rowLabels?.[row], columnLabels?.[column], text]
                        .filter(Boolean)
                        .join(' '),
                      tabindex: current.row === row && current.column === column ? 0 : -1,
                      class: 'cell',
                      onClick: () => onSelect(place),
                      onKeyDown: move,
                    })}
                {...(onHover === undefined
                  ? {}
                  : { onPointerEnter: () => onHover(place), onPointerLeave: () => onHover(null) })}
              >
                <rect
                  x={x}
                  y={y}
                  width={side - gap}
                  height={height - gap}
                  rx={gap === 0 ? 0 : 3}
                  fill={fill}
                  stroke={isSelected ? tokens.focus : gap === 0 ? 'none' : tokens.line}
                  stroke-width={isSelected ? 3 : 1}
                />
                {side - gap >= text.length * CHARACTER && height >= 16 ? (
                  <text
                    x={x + (side - gap) / 2}
                    y={y + (height - gap) / 2 + 4.5}
                    text-anchor="middle"
                    font-size="13"
                    fill={textOn(fill, tokens)}
                  >
                    {text}
                  </text>
                ) : (
                  scale.kind === 'signed' &&
                  Math.min(side, height) >= SIGN_CELL &&
                  value !== 0 && (
                    <path
                      d={signBar(value, x, y, side - gap, height - gap)}
                      stroke={textOn(fill, tokens)}
                      stroke-width="1.5"
                    />
                  )
                )}
              </g>
            );
          })}
        </g>
      ))}
    </>
  );
}

/** A plus or a minus in the middle of a cell. */
function signBar(value: number, x: number, y: number, width: number, height: number): string {
  const arm = Math.min(4, Math.min(width, height) / 4);
  const [cx, cy] = [x + width / 2, y + height / 2];
  const across = `M${cx - arm} ${cy}h${2 * arm}`;
  return value < 0 ? across : `${across}M${cx} ${cy - arm}v${2 * arm}`;
}

/** Steps of colour for matrices with too many cells for elements of their own. */
const LEVELS = 48;

/** One path per step of colour, negative and positive ones apart. */
function Levels(props: PartProps) {
  const { values, scale, tokens, left, top, side, height, selected, onSelect, onHover } = props;
  const { label, rowLabels, columnLabels, format = twoPlaces } = props;
  const paths = new Map<string, string>();
  for (const [row, cells] of values.entries()) {
    for (const [column, value] of cells.entries()) {
      const rounded = Math.round((value / scale.limit) * LEVELS) / LEVELS;
      const shown = scale.kind === 'log' ? value : rounded * scale.limit;
      const color = colorOf(shown, scale, tokens);
      const cell = `M${left + column * side} ${top + row * height}h${side}v${height}h${-side}z`;
      paths.set(color, (paths.get(color) ?? '') + cell);
    }
  }
  const placeOf = (event: MouseEvent): CellPlace | null => {
    const svg = (event.currentTarget as SVGElement).ownerSVGElement?.getBoundingClientRect();
    if (svg === undefined) return null;
    const row = Math.floor((event.clientY - svg.top - top) / height);
    const column = Math.floor((event.clientX - svg.left - left) / side);
    return values[row]?.[column] === undefined ? null : { row, column };
  };
  const columns = values[0]?.length ?? 0;
  const current = selected ?? { row: 0, column: 0 };
  return (
    <g
      {...(onSelect === undefined
        ? {}
        : {
            role: 'slider',
            tabindex: 0,
            'aria-label': label,
            'aria-valuemin': 1,
            'aria-valuemax': values.length * columns,
            'aria-valuenow': current.row * columns + current.column + 1,
            'aria-valuetext': `${rowLabels?.[current.row] ?? current.row + 1}, ${columnLabels?.[current.column] ?? current.column + 1}: ${format(values[current.row]?.[current.column] ?? Number.NaN)}`,
            class: 'cell',
            onClick: (event: MouseEvent) => {
              const place = placeOf(event);
              if (place !== null) onSelect(place);
            },
            onKeyDown: (event: KeyboardEvent) => {
              const place = movedBy(event.key, current, values);
              if (place === undefined) return;
              event.preventDefault();
              onSelect(place);
            },
          })}
      {...(onHover === undefined
        ? {}
        : {
            onPointerMove: (event: PointerEvent) => onHover(placeOf(event)),
            onPointerLeave: () => onHover(null),
          })}
    >
      {[...paths].map(([color, d]) => (
        <path key={color} d={d} fill={color} />
      ))}
      {selected != null && (
        <rect
          x={left + selected.column * side}
          y={top + selected.row * height}
          width={side}
          height={height}
          fill="none"
          stroke={tokens.focus}
          stroke-width="2"
        />
      )}
    </g>
  );
}

const arrows: Readonly<Record<string, readonly [rows: number, columns: number]>> = {
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
};

/** The cell that an arrow key leads to; `undefined` for other keys. */
function movedBy(key: string, { row, column }: CellPlace, values: Matrix): CellPlace | undefined {
  const step = arrows[key];
  if (step === undefined) return undefined;
  const within = (at: number, count: number): number => Math.min(count - 1, Math.max(0, at));
  return {
    row: within(row + step[0], values.length),
    column: within(column + step[1], values[0]?.length ?? 1),
  };
}
