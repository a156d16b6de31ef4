/** What each output sees of each input, how far away, and the earliest moment at which it may be emitted. */
import { useRef } from 'preact/hooks';
import { useTokens } from '../../charts/tokens.js';
import { useWidth } from '../../charts/width.js';
import { FigureCard } from '../../frame/figure-card.js';
import { named } from './layout.js';
import type { ArchitectureModel } from './model.js';

const CELL = 34;
const LEFT = 44;
const TOP = 26;

export function RulerFigure({ model }: { readonly model: ArchitectureModel }) {
  const { i18n } = model.context;
  const { t } = i18n;
  const look = model.look.value;
  if (look === null || model.secret.value) return null;
  const { paths, earliest } = look;
  const at = model.at.value;
  const longest = Math.max(0, ...paths.flat().map((path) => path ?? 0));
  const summary = t('ruler.summary', {
    y: named('y', at),
    last: named('x', earliest[at - 1] ?? 0),
    longest,
  });
  return (
    <FigureCard
      id="section-ruler"
      title={t('ruler.title')}
      name="earliest"
      honest="computed"
      summary={summary}
      table={() => ({
        columns: ['y', ...(paths[0] ?? []).map((_, s) => named('x', s + 1)), t('ruler.earliest')],
        rows: paths.map((row, index) => [
          named('y', index + 1),
          ...row.map((path) => (path === null ? '–' : path)),
          earliest[index] ?? 0,
        ]),
      })}
    >
      <p>{t('ruler.how')}</p>
      <Matrix model={model} label={summary} />
      <p>{summary}</p>
    </FigureCard>
  );
}

function Matrix({ model, label }: { readonly model: ArchitectureModel; readonly label: string }) {
  const tokens = useTokens();
  const { integer } = model.context.i18n.format.value;
  const frame = useRef<HTMLDivElement>(null);
  const space = useWidth(frame);
  const look = model.look.value;
  const inputs = look?.paths[0]?.length ?? 1;
  const cell = Math.min(64, Math.max(CELL, (space - LEFT - 40) / inputs));
  if (look === null) return <div ref={frame} />;
  const width = LEFT + inputs * cell + 40;
  const height = TOP + look.paths.length * CELL + 8;
  return (
    <div ref={frame} class="chart" dir="ltr">
      <svg
        width={width}
        height={height}
        role="img"
        aria-label={label}
        font-family={tokens.font}
        font-size="13"
      >
        {Array.from({ length: inputs }, (_, s) => (
          <text key={s} x={LEFT + (s + 0.5) * cell} y={TOP - 9} text-anchor="middle" fill={tokens.input}>
            {named('x', s + 1)}
          </text>
        ))}
        {look.paths.map((row, index) => {
          const top = TOP + index * CELL;
          const last = look.earliest[index] ?? 0;
          const leak = look.leaks.includes(index + 1);
          const isChosen = model.at.value === index + 1;
          return (
            <g key={index}>
              <text
                x={LEFT - 12}
                y={top + CELL / 2 + 5}
                text-anchor="end"
                fill={tokens.output}
                font-weight={isChosen ? 700 : 400}
              >
                {named('y', index + 1)}
              </text>
              {row.map((path, s) => (
                <g key={s}>
                  <rect
                    x={LEFT + s * cell + 1}
                    y={top + 1}
                    width={cell - 2}
                    height={CELL - 2}
                    rx="4"
                    fill={
                      path === null ? tokens.sunken : leak && s === index + 1 ? tokens.danger : tokens.input
                    }
                    opacity={path === null || isChosen ? 1 : 0.75}
                  />
                  {path !== null && (
                    <text
                      x={LEFT + (s + 0.5) * cell}
                      y={top + CELL / 2 + 5}
                      text-anchor="middle"
                      fill={tokens.card}
                    >
                      {integer(path)}
                    </text>
                  )}
                </g>
              ))}
              <path
                d={`M${LEFT + last * cell} ${top + 2}v${CELL - 4}m3 ${-(CELL - 4) / 2 - 6}l9 6l-9 6z`}
                stroke={tokens.output}
                fill={tokens.output}
                stroke-width="3"
              />
            </g>
          );
        })}
      </svg>
    </div>
  );
}
