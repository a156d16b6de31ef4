/** Curves over one axis, straight or in steps; linear or logarithmic. Left to right in every language. */
import { useRef } from 'preact/hooks';
import { useFrame } from '../frame/context.js';
import { type Axis, axis, extent } from './axis.js';
import { type TokenName, type Tokens, useTokens } from './tokens.js';
import { useWidth } from './width.js';

export interface Series {
  readonly name: string;
  /** [x, y], x growing; a y that is not finite breaks the line. */
  readonly points: readonly (readonly [number, number])[];
  readonly color: TokenName;
  /** Tells curves apart without colour. */
  readonly dash?: 'solid' | 'dashed' | 'dotted';
  /** Holds each y until the next x. Defaults to false. */
  readonly stepped?: boolean;
  /** A mark on each point. Defaults to false. */
  readonly dots?: boolean;
}

export interface AxisOptions {
  readonly label: string;
  /** Defaults to `'linear'`. */
  readonly kind?: 'linear' | 'log';
  /** Defaults to what the points need. */
  readonly domain?: readonly [number, number];
  /** Defaults to the language's shortest form. */
  readonly format?: (value: number) => string;
}

export interface Band {
  readonly from: number;
  readonly to: number;
  readonly label: string;
}

export interface LinePlotProps {
  readonly series: readonly Series[];
  readonly x: AxisOptions;
  readonly y: AxisOptions;
  /** What is shown, for those who do not see it. */
  readonly label: string;
  /** Height, px. Defaults to 260. */
  readonly height?: number;
  /** Horizontal bands behind the curves. */
  readonly bands?: readonly Band[];
  /** A vertical line. */
  readonly marker?: number | undefined;
  /** Called with the x under the pointer when it is pressed or dragged. */
  readonly onPick?: (x: number) => void;
}

const LEFT = 56;
const RIGHT = 14;
const TOP = 10;
const BOTTOM = 44;
const dashes = { solid: undefined, dashed: '7 5', dotted: '2 4' } as const;

export function LinePlot({ series, x, y, label, height = 260, bands = [], marker, onPick }: LinePlotProps) {
  const tokens = useTokens();
  const { format } = useFrame().i18n;
  const frame = useRef<HTMLDivElement>(null);
  const width = useWidth(frame);
  const xs = scaleOf(
    x,
    series.flatMap(({ points }) => points.map(([value]) => value)),
    [LEFT, width - RIGHT],
    width / 90,
    0,
  );
  const ys = scaleOf(
    y,
    series.flatMap(({ points }) => points.map(([, value]) => value)),
    [height - BOTTOM, TOP],
    height / 48,
    0.06,
  );
  const bottom = height - BOTTOM;
  const numbers = (options: AxisOptions) =>
    options.format ?? ((value: number) => tickText(value, format.value.fact));
  const pick = (event: PointerEvent): void => {
    const left = (event.currentTarget as Element).getBoundingClientRect().left;
    onPick?.(xs.value(Math.min(width - RIGHT, Math.max(LEFT, event.clientX - left))));
  };
  return (
    <div ref={frame} class="chart line-plot" dir="ltr">
      <svg
        width={width}
        height={height}
        role="img"
        aria-label={label}
        font-family={tokens.font}
        {...(onPick === undefined
          ? {}
          : {
              class: 'pickable',
              onPointerDown: (event: PointerEvent) => {
                (event.currentTarget as Element).setPointerCapture(event.pointerId);
                pick(event);
              },
              onPointerMove: (event: PointerEvent) => event.buttons > 0 && pick(event),
            })}
      >
        {bands.map((band) => (
          <BandMark key={band.label} band={band} ys={ys} width={width} bottom={bottom} tokens={tokens} />
        ))}
        {ys.ticks.map((tick) => (
          <g key={tick}>
            <path d={`M${LEFT} ${ys.at(tick)}H${width - RIGHT}`} stroke={tokens.grid} />
            <text x={LEFT - 8} y={ys.at(tick) + 4} text-anchor="end" font-size="12" fill={tokens.muted}>
              {numbers(y)(tick)}
            </text>
          </g>
        ))}
        {xs.ticks.map((tick) => (
          <g key={tick}>
            <path d={`M${xs.at(tick)} ${bottom}v5`} stroke={tokens.muted} />
            <text x={xs.at(tick)} y={bottom + 19} text-anchor="middle" font-size="12" fill={tokens.muted}>
              {numbers(x)(tick)}
            </text>
          </g>
        ))}
        <path d={`M${LEFT} ${bottom}H${width - RIGHT}`} stroke={tokens.muted} />
        <text x={width - RIGHT} y={height - 6} text-anchor="end" font-size="12" fill={tokens.muted}>
          {x.label}
        </text>
        <text x={4} y={height - 6} font-size="12" fill={tokens.muted}>
          {y.label}
        </text>
        {series.map((one) => (
          <g key={one.name} stroke={tokens[one.color]} fill="none">
            <path
              d={pathOf(one, xs, ys)}
              stroke-width="2"
              stroke-linejoin="round"
              stroke-dasharray={dashes[one.dash ?? 'solid']}
            />
            {one.dots &&
              one.points
                .filter(([, value]) => isDrawable(value, y))
                .map(([at, value]) => (
                  <circle
                    key={at}
                    cx={xs.at(at)}
                    cy={ys.at(value)}
                    r="3.5"
                    fill={tokens[one.color]}
                    stroke="none"
                  />
                ))}
          </g>
        ))}
        {marker !== undefined && (
          <path d={`M${xs.at(marker)} ${TOP}V${bottom}`} stroke={tokens.marker} stroke-width="2" />
        )}
      </svg>
    </div>
  );
}

interface BandProps {
  readonly band: Band;
  readonly ys: Axis;
  readonly width: number;
  /** Where the axis is, px. */
  readonly bottom: number;
  readonly tokens: Tokens;
}

function BandMark({ band, ys, width, bottom, tokens }: BandProps) {
  const top = Math.max(TOP, ys.at(band.to));
  const end = Math.min(bottom, ys.at(band.from));
  if (!(end > top)) return null;
  return (
    <g>
      <rect
        x={LEFT}
        y={top}
        width={width - RIGHT - LEFT}
        height={end - top}
        fill={tokens.sunken}
        stroke={tokens.grid}
      />
      <text
        x={width - RIGHT - 6}
        y={Math.min(end - 5, top + 15)}
        text-anchor="end"
        font-size="12"
        fill={tokens.muted}
      >
        {band.label}
      </text>
    </g>
  );
}

const isDrawable = (value: number, { kind }: AxisOptions): boolean =>
  Number.isFinite(value) && (kind !== 'log' || value > 0);

function scaleOf(
  options: AxisOptions,
  values: readonly number[],
  range: readonly [number, number],
  ticks: number,
  margin: number,
): Axis {
  const kind = options.kind ?? 'linear';
  const drawable = values.filter((value) => isDrawable(value, options));
  const [low, high] = options.domain ?? extent(drawable, kind === 'log' ? 0 : margin);
  const domain =
    kind === 'log' && !(low > 0 && high > low)
      ? ([low > 0 ? low / 10 : 0.1, high > 0 ? high * 10 : 10] as const)
      : ([low, high] as const);
  return axis(kind, domain, range, ticks);
}

function pathOf({ points, stepped = false }: Series, xs: Axis, ys: Axis): string {
  let d = '';
  let pen = 'M';
  for (const [x, y] of points) {
    const at = ys.at(y);
    if (!Number.isFinite(at) || !Number.isFinite(y)) {
      pen = 'M';
      continue;
    }
    const [px, py] = [xs.at(x).toFixed(1), at.toFixed(1)];
    d += pen === 'L' && stepped ? `H${px}V${py}` : `${pen}${px} ${py}`;
    pen = 'L';
  }
  return d;
}

const superscripts: Readonly<Record<string, string>> = Object.fromEntries(
  [...'⁰¹²³⁴⁵⁶⁷⁸⁹'].map((character, digit) => [String(digit), character]).concat([['-', '⁻']]),
);

/** A tick in few characters: far from 1 as a power of ten. */
function tickText(value: number, plain: (value: number) => string): string {
  const power = Math.log10(Math.abs(value));
  if (value === 0 || (power > -4 && power < 5)) return plain(value);
  const exponent = Math.floor(power + 1e-9);
  const mantissa = Number((value / 10 ** exponent).toPrecision(3));
  const raised = `10${[...String(exponent)].map((character) => superscripts[character] ?? '').join('')}`;
  return mantissa === 1 ? raised : `${mantissa}·${raised}`;
}
