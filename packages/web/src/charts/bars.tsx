/** Values as bars from a common zero line. With `onChange` each bar is a slider for mouse, finger and keyboard. */
import { useRef } from 'preact/hooks';
import { useFrame } from '../frame/context.js';
import { axis } from './axis.js';
import { type TokenName, useTokens } from './tokens.js';
import { useWidth } from './width.js';

export interface Bar {
  readonly label: string;
  readonly value: number;
  /** Defaults to `output`. */
  readonly color?: TokenName;
}

export interface BarsProps {
  readonly bars: readonly Bar[];
  /** What is shown, for those who do not see it. */
  readonly label: string;
  /** Ends of the value axis; must hold 0. */
  readonly domain: readonly [number, number];
  /** Height, px. Defaults to 220. */
  readonly height?: number;
  /** A number above its bar. Defaults to the language's form with up to four digits. */
  readonly format?: (value: number) => string;
  /** `dragging` = more will follow. */
  readonly onChange?: (index: number, value: number, dragging: boolean) => void;
  /** Step of the arrow keys. Defaults to a hundredth of the domain. */
  readonly step?: number;
  readonly selected?: number | null;
  readonly onSelect?: (index: number) => void;
}

const TOP = 22;
const BOTTOM = 26;

export function Bars(props: BarsProps) {
  const { bars, label, domain, height = 220, onChange, selected, onSelect } = props;
  const tokens = useTokens();
  const { i18n } = useFrame();
  const format = props.format ?? i18n.format.value.fact;
  const frame = useRef<HTMLDivElement>(null);
  const width = useWidth(frame);
  const ys = axis('linear', domain, [height - BOTTOM, TOP], 4);
  const slot = width / Math.max(1, bars.length);
  const thick = Math.min(72, slot * 0.7);
  const [low, high] = domain;
  const step = props.step ?? (high - low) / 100;
  const clamp = (value: number): number => Math.min(high, Math.max(low, value));
  const interactive = onChange !== undefined || onSelect !== undefined;
  return (
    <div ref={frame} class="chart bars" dir="ltr">
      <svg
        width={width}
        height={height}
        role={interactive ? 'group' : 'img'}
        aria-label={label}
        font-family={tokens.font}
      >
        <path d={`M0 ${ys.at(0)}H${width}`} stroke={tokens.muted} />
        {bars.map(({ label: name, value, color = 'output' }, index) => {
          const x = (index + 0.5) * slot;
          // What is not known (yet) has a label and no height.
          const end = Number.isFinite(value) ? clamp(value) : 0;
          const [top, bottom] = [ys.at(0), ys.at(end)].sort((a, b) => a - b) as [number, number];
          const drag = (event: PointerEvent, dragging: boolean): void => {
            const svg = (event.currentTarget as SVGElement).ownerSVGElement?.getBoundingClientRect();
            if (svg !== undefined) onChange?.(index, clamp(ys.value(event.clientY - svg.top)), dragging);
          };
          return (
            <g
              key={index}
              {...(onChange === undefined
                ? {}
                : {
                    role: 'slider',
                    tabindex: 0,
                    'aria-label': name,
                    'aria-valuemin': low,
                    'aria-valuemax': high,
                    'aria-valuenow': value,
                    'aria-valuetext': format(value),
                    'aria-orientation': 'vertical',
                    class: 'draggable',
                    onPointerDown: (event: PointerEvent) => {
                      (event.currentTarget as Element).setPointerCapture(event.pointerId);
                      drag(event, true);
                    },
                    onPointerMove: (event: PointerEvent) => event.buttons > 0 && drag(event, true),
                    onPointerUp: (event: PointerEvent) => drag(event, false),
                    onKeyDown: (event: KeyboardEvent) => {
                      const next = keyed(event, value, step, domain);
                      if (next === undefined) return;
                      event.preventDefault();
                      onChange(index, next, false);
                    },
                  })}
              {...(onChange !== undefined || onSelect === undefined
                ? {}
                : {
                    role: 'button',
                    tabindex: 0,
                    'aria-pressed': selected === index,
                    class: 'cell',
                    onClick: () => onSelect(index),
                    onKeyDown: (event: KeyboardEvent) => {
                      if (event.key !== 'Enter' && event.key !== ' ') return;
                      event.preventDefault();
                      onSelect(index);
                    },
                  })}
            >
              <rect x={x - slot / 2} y={TOP} width={slot} height={height - TOP - BOTTOM} fill="transparent" />
              <rect
                x={x - thick / 2}
                y={top}
                width={thick}
                height={Math.max(1, bottom - top)}
                rx="3"
                fill={tokens[color]}
                stroke={selected === index ? tokens.focus : 'none'}
                stroke-width="3"
              />
              <text
                x={x}
                y={value < 0 ? bottom + 15 : top - 6}
                text-anchor="middle"
                font-size="12"
                fill={tokens.text}
              >
                {format(value)}
              </text>
              <text x={x} y={height - 7} text-anchor="middle" font-size="13" fill={tokens.muted}>
                {name}
              </text>
            </g>
          );
        })}
      </svg>
    </div>
  );
}

/** The value after a key, or `undefined` for keys that change nothing. Ten steps with Page Up and Page Down. */
function keyed(
  { key }: KeyboardEvent,
  value: number,
  step: number,
  [low, high]: readonly [number, number],
): number | undefined {
  const steps: Readonly<Record<string, number>> = {
    ArrowUp: 1,
    ArrowRight: 1,
    ArrowDown: -1,
    ArrowLeft: -1,
    PageUp: 10,
    PageDown: -10,
  };
  if (key === 'Home') return low;
  if (key === 'End') return high;
  const by = steps[key];
  if (by === undefined) return undefined;
  // On the grid of steps, so that keys reach round numbers.
  return Math.min(high, Math.max(low, Number((Math.round(value / step + by) * step).toPrecision(12))));
}
