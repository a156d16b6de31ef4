/** What colours and lines mean, with the ends of scales in numbers. */
import { colorOf, type Scale } from '../charts/color.js';
import { type TokenName, useTokens } from '../charts/tokens.js';
import { useFrame } from './context.js';

export interface LegendItem {
  readonly name: string;
  readonly color: TokenName;
  readonly dash?: 'solid' | 'dashed' | 'dotted';
}

export function Legend({ items }: { readonly items: readonly LegendItem[] }) {
  const tokens = useTokens();
  const dashes = { solid: undefined, dashed: '7 5', dotted: '2 4' } as const;
  return (
    <ul class="legend">
      {items.map(({ name, color, dash = 'solid' }) => (
        <li key={name}>
          <svg width="24" height="10" aria-hidden="true">
            <path d="M0 5h24" stroke={tokens[color]} stroke-width="3" stroke-dasharray={dashes[dash]} />
          </svg>
          {name}
        </li>
      ))}
    </ul>
  );
}

const STOPS = 9;

/** The strip of a colour scale with the numbers of its ends. */
export function ScaleLegend({ scale }: { readonly scale: Scale }) {
  const tokens = useTokens();
  const { precise } = useFrame().i18n.format.value;
  const low = scale.kind === 'signed' ? -scale.limit : scale.kind === 'log' ? scale.floor : 0;
  const valueAt = (share: number): number =>
    scale.kind === 'log' ? low * (scale.limit / low) ** share : low + (scale.limit - low) * share;
  return (
    <p class="scale-legend" dir="ltr">
      <bdi>{precise(low)}</bdi>
      <svg width={STOPS * 12} height="14" aria-hidden="true">
        {Array.from({ length: STOPS }, (_, index) => (
          <rect
            key={index}
            x={index * 12}
            width="12"
            height="14"
            fill={colorOf(valueAt(index / (STOPS - 1)), scale, tokens)}
            stroke={tokens.line}
          />
        ))}
      </svg>
      <bdi>{precise(scale.limit)}</bdi>
    </p>
  );
}
