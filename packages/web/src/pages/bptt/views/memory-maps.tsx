/** Every pair of steps, the eigenvalues behind them, and how open the activations are: three cells side by side. */
import type { Influence } from '@hw5/core/homework';
import { FigureCard } from '../../../frame/figure-card.js';
import { useApp } from '../app.js';
import { memoryCells } from '../bench.js';
import { type Found, memoryOf } from '../clip.js';
import { shadePaths } from '../heat-cells.js';
import { scientific } from '../numbers.js';

const SIZE = 216;
/** Room for a drawing's title, px. */
const TITLE = 20;

interface FoundProps {
  readonly found: Found;
}

export function GainMaps({ found }: FoundProps) {
  const { context } = useApp();
  const { t } = context.i18n;
  const { steps } = found.homework;
  return (
    <FigureCard
      id="bptt-maps"
      title={t('memory.maps')}
      name="bptt-gain-maps"
      honest="computed"
      summary={memoryCells.map((cell) => mapLabel(t, found[cell], t(`memory.${cell}`))).join('. ')}
      table={() => ({
        columns: ['t', 'k', ...memoryCells.map((cell) => t(`memory.${cell}`))],
        rows: Array.from({ length: steps + 1 }, (_, at) =>
          Array.from({ length: at + 1 }, (_each, k) => [
            at,
            k,
            ...memoryCells.map((cell) => memoryOf(found[cell]).gains[at]![k]!),
          ]),
        ).flat(),
      })}
    >
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
    </FigureCard>
  );
}

type Translate = ReturnType<typeof useApp>['context']['i18n']['t'];

function mapLabel(t: Translate, influence: Influence, cell: string): string {
  const gain = scientific(memoryOf(influence).gains[influence.steps]![0]!);
  return t('memory.map', { cell, steps: influence.steps, gain });
}

export function Spectra({ found }: FoundProps) {
  const { context } = useApp();
  const { t } = context.i18n;
  return (
    <FigureCard
      id="bptt-eigenvalues"
      title={t('memory.eigenvalues')}
      name="bptt-eigenvalues"
      honest="computed"
      summary={memoryCells.map((cell) => spectrumLabel(t, found[cell], t(`memory.${cell}`))).join('. ')}
      table={() => ({
        columns: ['cell', 'matrix', 'Re', 'Im', '|λ|'],
        rows: memoryCells.flatMap((cell) =>
          found[cell].matrices.flatMap(({ name, eigenvalues }) =>
            eigenvalues.map(({ re, im }) => [t(`memory.${cell}`), name, re, im, Math.hypot(re, im)]),
          ),
        ),
      })}
    >
      <p class="small">{t('memory.eigenvaluesHelp')}</p>
      <div class="heat-maps">
        {memoryCells.map((cell) => (
          <Eigenvalues key={cell} influence={found[cell]} title={t(`memory.${cell}`)} />
        ))}
      </div>
    </FigureCard>
  );
}

function spectrumLabel(t: Translate, { matrices }: Influence, cell: string): string {
  return t('memory.spectrum', {
    cell,
    matrices: matrices.map(({ name }) => name).join(', '),
    radius: (matrices[0]?.radius ?? 0).toFixed(2),
  });
}

export function OpennessFigure({ found }: FoundProps) {
  const { context } = useApp();
  const { t } = context.i18n;
  const rows = memoryCells.flatMap((cell) =>
    found[cell].saturation.map((each) => ({ ...each, cell: t(`memory.${cell}`) })),
  );
  return (
    <FigureCard
      id="bptt-open"
      title={t('memory.open')}
      name="bptt-openness"
      honest="computed"
      summary={rows
        .map(({ name, activation, openness }) =>
          t('memory.openRow', { name, activation, mean: meanOf(openness).toFixed(2) }),
        )
        .join('. ')}
      table={() => ({
        columns: ['cell', 'value', 'activation', 't', 'slope / steepest'],
        rows: rows.flatMap(({ cell, name, activation, openness }) =>
          openness.map((share, i) => [cell, name, activation, i + 1, share]),
        ),
      })}
    >
      <p class="small">{t('memory.openHelp')}</p>
      <div class="openness" dir="ltr">
        {rows.map(({ cell, name, activation, openness }) => {
          const mean = meanOf(openness).toFixed(2);
          return (
            <div class="open-row" key={`${cell} ${name}`}>
              <span class="open-name">{`${cell} ${name}`}</span>
              <Strip openness={openness} label={t('memory.openRow', { name, activation, mean })} />
              <span class="open-mean">{mean}</span>
            </div>
          );
        })}
      </div>
    </FigureCard>
  );
}

const meanOf = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

/** A cell per step, dark where the activation is open. */
function Strip({ openness, label }: { readonly openness: readonly number[]; readonly label: string }) {
  return (
    <svg
      class="open-strip"
      viewBox={`0 0 ${openness.length} 1`}
      preserveAspectRatio="none"
      role="img"
      aria-label={label}
    >
      {openness.map((share, i) => (
        <rect key={i} x={i} width={1} height={1} style={{ '--share': String(share) }}>
          <title>{`t=${i + 1}: ${share.toFixed(3)}`}</title>
        </rect>
      ))}
    </svg>
  );
}

interface DrawingProps {
  readonly influence: Influence;
  readonly title: string;
}

/** t upwards, k to the right; colour is the logarithm of the gain. */
function HeatMap({ influence, title }: DrawingProps) {
  const { context } = useApp();
  const { t } = context.i18n;
  const { steps } = influence;
  const { gains } = memoryOf(influence);
  const cell = SIZE / (steps + 1);
  return (
    <svg
      class="map"
      viewBox={`-26 ${-4 - TITLE} ${SIZE + 32} ${SIZE + 28 + TITLE}`}
      role="img"
      aria-label={mapLabel(t, influence, title)}
    >
      <text class="map-title" x={SIZE / 2} y={-8}>
        {title}
      </text>
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
  );
}

function Eigenvalues({ influence, title }: DrawingProps) {
  const { context } = useApp();
  const { t } = context.i18n;
  const reach = Math.max(1.25, ...influence.matrices.map(({ radius }) => radius * 1.1));
  const at = (value: number): number => (value / reach) * (SIZE / 2);
  return (
    <svg
      class="map"
      viewBox={`${-SIZE / 2 - 6} ${-SIZE / 2 - 6 - TITLE} ${SIZE + 12} ${SIZE + 12 + TITLE}`}
      role="img"
      aria-label={spectrumLabel(t, influence, title)}
    >
      <text class="map-title" y={-SIZE / 2 - 10}>
        {title}
      </text>
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
  );
}
