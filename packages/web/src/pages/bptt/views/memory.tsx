/** Longer sequences: how much of a state is still heard after many steps, in three cells from one seed. */
import { useRef } from 'preact/hooks';
import { useWidth } from '../../../charts/width.js';
import { FigureCard } from '../../../frame/figure-card.js';
import { Prose } from '../../../frame/prose.js';
import { useApp } from '../app.js';
import { memoryCells } from '../bench.js';
import { type Found, memoryOf } from '../clip.js';
import { Formula } from '../formula.js';
import { scientific } from '../numbers.js';
import { ClipFigure } from './clip.js';
import { GainMaps, OpennessFigure, Spectra } from './memory-maps.js';
import { Panel } from './panel.js';

const PLOT = { height: 300, left: 52, right: 16, top: 14, bottom: 44 } as const;
const LOWEST = -12;
const HIGHEST = 3;

export function MemoryView() {
  const { bench, context } = useApp();
  const { t } = context.i18n;
  const found = bench.influences.value;
  return (
    <>
      <Panel id="bptt-memory" title={t('memory.title')}>
        <p class="small">
          <Prose text={t('memory.intro')} />
        </p>
        <MemoryControls />
      </Panel>
      {found === null ? (
        <div class="card curve-place" aria-busy="true" />
      ) : (
        <>
          <GainPlot found={found} />
          <ClipFigure found={found} />
          <GainMaps found={found} />
          <Spectra found={found} />
          <OpennessFigure found={found} />
        </>
      )}
    </>
  );
}

function MemoryControls() {
  const { context } = useApp();
  const { t } = context.i18n;
  const { settings } = context;
  const slider = (name: 'radius' | 'gate' | 'horizon' | 'units', min: number, max: number, step: number) =>
    context.isHidden(name) ? null : (
      <div class="slider">
        <label for={`bptt-${name}`}>{t(`memory.${name}`)}</label>
        <input
          id={`bptt-${name}`}
          type="range"
          dir="ltr"
          min={min}
          max={max}
          step={step}
          value={settings.get(name)}
          disabled={context.isLocked(name)}
          onInput={(event) => settings.preview(name, Number(event.currentTarget.value))}
          onChange={() => settings.commit()}
        />
        <output dir="ltr">{settings.get(name)}</output>
      </div>
    );
  return (
    <div class="sliders">
      {slider('radius', 0.1, 3, 0.05)}
      {slider('gate', -4, 6, 0.25)}
      {slider('horizon', 2, 60, 1)}
      {slider('units', 2, 16, 1)}
    </div>
  );
}

/** From the last step back: the gain over the distance. */
function GainPlot({ found }: { readonly found: Found }) {
  const { context } = useApp();
  const { t, format } = context.i18n;
  const steps = found.homework.steps;
  const frame = useRef<HTMLDivElement>(null);
  const width = useWidth(frame);
  const x = (distance: number): number => PLOT.left + (distance / steps) * (width - PLOT.left - PLOT.right);
  const y = (gain: number): number => {
    const exponent = Math.min(HIGHEST, Math.max(LOWEST, Math.log10(Math.max(gain, 1e-300))));
    return PLOT.top + ((HIGHEST - exponent) / (HIGHEST - LOWEST)) * (PLOT.height - PLOT.top - PLOT.bottom);
  };
  const path = (gains: readonly (readonly number[])[]): string =>
    (gains[steps] ?? [])
      .map((gain, k) => ({ distance: steps - k, gain }))
      .reverse()
      .map(({ distance, gain }, i) => `${i === 0 ? 'M' : 'L'}${x(distance).toFixed(1)} ${y(gain).toFixed(1)}`)
      .join('');
  const ticks = [0, Math.round(steps / 3), Math.round((2 * steps) / 3), steps];
  const last = (cell: (typeof memoryCells)[number]): number => memoryOf(found[cell]).gains[steps]?.[0] ?? 0;
  const gainsAt = (distance: number): number[] =>
    memoryCells.map((cell) => memoryOf(found[cell]).gains[steps]![steps - distance]!);
  const summary = t('memory.summary', {
    steps,
    rnn: scientific(last('homework')),
    gru: scientific(last('gru')),
    lstm: scientific(last('lstm')),
  });
  return (
    <FigureCard
      id="bptt-gains"
      title={t('memory.gains')}
      name="bptt-memory"
      honest="computed"
      summary={summary}
      table={() => ({
        columns: ['t - k', ...memoryCells.map((cell) => t(`memory.${cell}`))],
        rows: Array.from({ length: steps + 1 }, (_, distance) => [distance, ...gainsAt(distance)]),
      })}
    >
      <div class="curve" dir="ltr" ref={frame}>
        <svg width={width} height={PLOT.height} role="img" aria-label={summary}>
          {[-12, -9, -6, -3, 0, 3].map((exponent) => (
            <g key={exponent} class="tick vertical">
              <line x1={PLOT.left} x2={width - PLOT.right} y1={y(10 ** exponent)} y2={y(10 ** exponent)} />
              <text x={PLOT.left - 8} y={y(10 ** exponent) + 4}>
                {`1e${exponent}`.replace('-', '\u2212')}
              </text>
            </g>
          ))}
          {ticks.map((distance) => (
            <g key={distance} class="tick">
              <line x1={x(distance)} x2={x(distance)} y1={PLOT.top} y2={PLOT.height - PLOT.bottom} />
              <text x={x(distance)} y={PLOT.height - PLOT.bottom + 18}>
                {format.value.integer(distance)}
              </text>
            </g>
          ))}
          <text class="axis" x={(PLOT.left + width - PLOT.right) / 2} y={PLOT.height - 6}>
            {t('memory.distance')}
          </text>
          {memoryCells.map((cell) => {
            const memory = memoryOf(found[cell]);
            return (
              <g key={cell} class={`cell-${cell}`}>
                {memory.direct.length > 0 && <path class="direct" d={path(memory.direct)} />}
                <path class="whole" d={path(memory.gains)} />
              </g>
            );
          })}
        </svg>
        <div class="curve-legend">
          {memoryCells.map((cell) => (
            <span key={cell} class={`key-${cell}`}>
              {t(`memory.${cell}`)} <Formula latex={gainLatex(memoryOf(found[cell]).name)} />
            </span>
          ))}
          <span class="key-direct">{t('memory.direct')}</span>
        </div>
      </div>
    </FigureCard>
  );
}

const gainLatex = (name: string): string => `\\lVert \\partial ${name}_T / \\partial ${name}_{T-d} \\rVert`;
