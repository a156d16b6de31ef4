/** The gate blocks of both sides, and lines between the same ones. */
import { useTokens } from '../../../charts/tokens.js';
import { gateMap } from '../gates.js';
import type { ModelsModel } from '../model.js';

const BLOCK = 56;
const HEIGHT = 34;
const GAP = 46;
const LEFT = 62;

interface GateMapProps {
  readonly model: ModelsModel;
  readonly gates: { readonly here: string; readonly file: string };
}

export function GateMap({ model, gates }: GateMapProps) {
  const { t } = model.context.i18n;
  const tokens = useTokens();
  const { here, file, links } = gateMap(gates);
  if (links.length < 2) return null;
  const centre = (at: number): number => LEFT + (at + 0.5) * BLOCK;
  const row = (names: readonly string[], y: number, title: string) => (
    <g>
      <text x={LEFT - 8} y={y + HEIGHT / 2 + 4} text-anchor="end" font-size="12" fill={tokens.muted}>
        {title}
      </text>
      {names.map((name, at) => (
        <g key={name}>
          <rect
            x={LEFT + at * BLOCK + 1}
            y={y}
            width={BLOCK - 2}
            height={HEIGHT}
            rx="5"
            fill={tokens.sunken}
            stroke={tokens.hidden}
          />
          <text x={centre(at)} y={y + HEIGHT / 2 + 5} text-anchor="middle" font-size="15" fill={tokens.text}>
            {name}
          </text>
        </g>
      ))}
    </g>
  );
  return (
    <div class="chart" dir="ltr">
      <svg
        width={LEFT + here.length * BLOCK + 4}
        height={2 * HEIGHT + GAP + 2}
        role="img"
        aria-label={t('gates.label', gates)}
        font-family={tokens.font}
      >
        {row(here, 1, t('gates.here'))}
        {row(file, HEIGHT + GAP, t('gates.file'))}
        {links.map((link) => (
          <path
            key={link.here}
            d={`M${centre(link.here)} ${HEIGHT + 3}C${centre(link.here)} ${HEIGHT + GAP / 2} ${centre(link.file)} ${HEIGHT + GAP / 2} ${centre(link.file)} ${HEIGHT + GAP - 2}`}
            fill="none"
            stroke={link.here === link.file ? tokens.muted : tokens.accent}
            stroke-width={link.here === link.file ? 1.5 : 2.5}
          />
        ))}
      </svg>
    </div>
  );
}
