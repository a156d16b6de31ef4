/** Longer sequences: how much of a state is still heard after many steps, in three cells from one seed. */

import type { Influence } from '@hw5/core/homework';
import { useRef } from 'preact/hooks';
import { useWidth } from '../../../charts/width.js';
import { FigureCard } from '../../../frame/figure-card.js';
import { Prose } from '../../../frame/prose.js';
import { useApp } from '../app.js';
import { memoryCells } from '../bench.js';
import { Formula } from '../formula.js';
import { shadePaths } from '../heat-cells.js';
import { scientific } from '../numbers.js';
import { Panel } from './panel.js';

const SIZE = 216;
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
          <Panel id="bptt-maps" title={t('memory.maps')}>
            <div class="heat-maps">
              {memoryCells.map((cell) => (
                <HeatMap key={cell} influence={found[cell]} title={t(`memory.${cell}`)} />
              ))}
            </div>
            <p class="scale-ends" dir="ltr">
              <span>{scientific(1e-6)}</span>
              <span class="scale full-scale" aria-hidden="true" />
              <span>1</span>
              <span class="muted">{t('memory.scale')}</span>
            </p>
          </Panel>
          <Panel id="bptt-eigenvalues" title={t('memory.eigenvalues')}>
            <p class="small">{t('memory.eigenvaluesHelp')}</p>
            <div class="heat-maps">
              {memoryCells.map((cell) => (
                <Eigenvalues key={cell} influence={found[cell]} title={t(`memory.${cell}`)} />
              ))}
            </div>
          </Panel>
          <Panel id="bptt-open" title={t('memory.open')}>
            <p class="small">{t('memory.openHelp')}</p>
            <Openness found={found} />
          </Panel>
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

type Found = NonNullable<ReturnType<typeof useApp>['bench']['influences']['value']>;

/** The state that carries the memory: an LSTM's c, else h. */
function memoryOf({ states }: Influence): Influence['states'][number] {
  return states.find(({ name }) => name === 'c') ?? states[0]!;
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

/** t upwards, k to the right; colour is the logarithm of the gain. */
function HeatMap({ influence, title }: { readonly influence: Influence; readonly title: string }) {
  const { context } = useApp();
  const { t } = context.i18n;
  const { steps } = influence;
  const { gains } = memoryOf(influence);
  const cell = SIZE / (steps + 1);
  return (
    <figure class="heat-map" dir="ltr">
      <figcaption>{title}</figcaption>
      <svg
        viewBox={`-26 -4 ${SIZE + 32} ${SIZE + 28}`}
        role="img"
        aria-label={t('memory.map', { cell: title, steps, gain: scientific(gains[steps]![0]!) })}
      >
        {shadePaths(
          gains.flatMap((row, at) =>
            row.map((gain, k) => ({
              x: k * cell,
              y: (steps - at) * cell,
              share: 1 + Math.log10(Math.max(gain, 1e-30)) / 6,
            })),
          ),
          cell,
        ).map(({ share, path }) => (
          <path key={share} class="gain" d={path} style={{ '--share': String(share) }} />
        ))}
        <text class="map-axis" x={SIZE / 2} y={SIZE + 20}>
          k
        </text>
        <text class="map-axis" x={-14} y={SIZE / 2}>
          t
        </text>
      </svg>
    </figure>
  );
}

function Eigenvalues({ influence, title }: { readonly influence: Influence; readonly title: string }) {
  const { context } = useApp();
  const { t } = context.i18n;
  const reach = Math.max(1.25, ...influence.matrices.map(({ radius }) => radius * 1.1));
  const at = (value: number): number => (value / reach) * (SIZE / 2);
  return (
    <figure class="heat-map" dir="ltr">
      <figcaption>{title}</figcaption>
      <svg
        viewBox={`${-SIZE / 2 - 6} ${-SIZE / 2 - 6} ${SIZE + 12} ${SIZE + 12}`}
        role="img"
        aria-label={t('memory.spectrum', {
          cell: title,
          matrices: influence.matrices.map(({ name }) => name).join(', '),
          radius: (influence.matrices[0]?.radius ?? 0).toFixed(2),
        })}
      >
        <line class="axis-line" x1={-SIZE / 2} x2={SIZE / 2} y1={0} y2={0} />
        <line class="axis-line" y1={-SIZE / 2} y2={SIZE / 2} x1={0} x2={0} />
        <circle class="unit" r={at(1)} />
        {influence.matrices.flatMap(({ name, eigenvalues }) =>
          eigenvalues.map(({ re, im }) => (
            <circle key={`${name} ${re} ${im}`} class="eigenvalue" cx={at(re)} cy={-at(im)} r={4}>
              <title>{`${name}: ${re.toFixed(3)} ${im < 0 ? '\u2212' : '+'} ${Math.abs(im).toFixed(3)}i`}</title>
            </circle>
          )),
        )}
      </svg>
    </figure>
  );
}

/** One strip per activation: a cell per step, dark where it is saturated. */
function Openness({ found }: { readonly found: Found }) {
  const { context } = useApp();
  const { t } = context.i18n;
  return (
    <div class="openness" dir="ltr">
      {memoryCells.flatMap((cell) =>
        found[cell].saturation.map(({ name, activation, openness }) => (
          <div class="open-row" key={`${cell} ${name}`}>
            <span class="open-name">{`${t(`memory.${cell}`)} ${name}`}</span>
            <span
              class="open-strip"
              role="img"
              aria-label={t('memory.openRow', {
                name,
                activation,
                mean: (openness.reduce((sum, x) => sum + x, 0) / openness.length).toFixed(2),
              })}
            >
              {openness.map((share, i) => (
                <i key={i} style={{ '--share': String(share) }} title={`t=${i + 1}: ${share.toFixed(3)}`} />
              ))}
            </span>
            <span class="open-mean">
              {(openness.reduce((sum, x) => sum + x, 0) / openness.length).toFixed(2)}
            </span>
          </div>
        )),
      )}
    </div>
  );
}
