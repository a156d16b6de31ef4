/** Means as bars from zero, one below the other, with one standard deviation and a dot for each seed. */
import type { Bilingual } from '@hw5/core/homework';
import { useRef } from 'preact/hooks';
import { useFrame } from '../frame/context.js';
import { type TokenName, useTokens } from './tokens.js';
import { useWidth } from './width.js';

export interface MeasuredBarsProps {
  readonly rows: readonly {
    readonly name: Bilingual;
    readonly values: readonly number[];
    readonly mean: number;
    readonly spread: number;
  }[];
  readonly label: string;
}

const ROW = 58;
const BAR = 20;
const NAME = 24;
/** Room for the number behind a bar. */
const VALUE = 86;
const colors: readonly TokenName[] = ['series-1', 'series-2', 'series-3', 'series-4', 'series-5', 'series-6'];

export function MeasuredBars({ rows, label }: MeasuredBarsProps) {
  const tokens = useTokens();
  const { i18n, settings } = useFrame();
  const words = settings.get('language');
  const { precise } = i18n.format.value;
  const frame = useRef<HTMLDivElement>(null);
  const width = useWidth(frame);
  const most = Math.max(...rows.flatMap(({ values, mean, spread }) => [...values, mean + spread]), 0);
  const at = (value: number): number => (most === 0 ? 0 : (Math.max(0, value) / most) * (width - VALUE));
  const short = (value: number): string => precise(Number(value.toPrecision(3)));
  return (
    <div ref={frame} class="chart" dir="ltr">
      <svg
        width={width}
        height={rows.length * ROW + 4}
        role="img"
        aria-label={label}
        font-family={tokens.font}
      >
        {rows.map(({ name, values, mean, spread }, index) => {
          const top = index * ROW + NAME;
          const middle = top + BAR / 2;
          const color = tokens[colors[index % colors.length]!];
          return (
            <g key={name.en}>
              <text
                x={0}
                y={top - 7}
                font-size="13"
                fill={tokens.text}
                direction={words === 'fa' ? 'rtl' : 'ltr'}
                text-anchor={words === 'fa' ? 'end' : 'start'}
              >
                {name[words]}
              </text>
              <rect
                x={0}
                y={top}
                width={Math.max(1, at(mean))}
                height={BAR}
                rx="3"
                fill={color}
                opacity="0.75"
              />
              <path
                d={`M${at(mean - spread)} ${middle}H${at(mean + spread)}M${at(mean - spread)} ${middle - 6}v12M${at(mean + spread)} ${middle - 6}v12`}
                stroke={tokens.text}
                stroke-width="1.5"
                fill="none"
              />
              {values.map((value, seed) => (
                <circle key={seed} cx={at(value)} cy={top + BAR + 5} r="3" fill={color} />
              ))}
              <text
                x={at(Math.max(mean + spread, ...values)) + 8}
                y={middle + 5}
                font-size="13"
                fill={tokens.text}
              >
                {short(mean)} ± {short(spread)}
              </text>
            </g>
          );
        })}
        <path d={`M0.5 0V${rows.length * ROW}`} stroke={tokens.muted} />
      </svg>
    </div>
  );
}
