/** The norm of the whole gradient over the length of the sequence, before and after clipping. */
import type { Influence } from '@hw5/core/homework';
import { LinePlot, type Series } from '../../../charts/line-plot.js';
import type { TokenName } from '../../../charts/tokens.js';
import { Field } from '../../../frame/field.js';
import { FigureCard } from '../../../frame/figure-card.js';
import { Legend } from '../../../frame/legend.js';
import { Prose } from '../../../frame/prose.js';
import { useApp } from '../app.js';
import { type MemoryCell, memoryCells } from '../bench.js';
import { clipFactor, clipTable, type Found, normAt } from '../clip.js';
import { scientific } from '../numbers.js';

const colors: Readonly<Record<MemoryCell, TokenName>> = {
  homework: 'series-2',
  gru: 'series-3',
  lstm: 'series-1',
};

export function ClipFigure({ found }: { readonly found: Found }) {
  const { context } = useApp();
  const { t } = context.i18n;
  const { settings } = context;
  const isClipped = settings.get('clip');
  const threshold = settings.get('clipNorm');
  const c = isClipped ? threshold : 0;
  const { steps } = found.homework;
  const lastOf = (cell: MemoryCell): number => found[cell].gradientNorms.at(-1)!.norm;
  const after = (norm: number): number => norm * clipFactor(norm, c);
  const series = memoryCells.flatMap((cell): Series[] => {
    const norms = found[cell].gradientNorms;
    const name = t(`memory.${cell}`);
    const own = { name, color: colors[cell], points: norms.map(({ t: at, norm }) => [at, norm] as const) };
    if (!isClipped) return [own];
    return [
      { ...own, dash: 'dashed' },
      {
        ...own,
        name: t('clip.clipped', { cell: name }),
        points: norms.map(({ t: at, norm }) => [at, after(norm)]),
      },
    ];
  });
  const summary = t(isClipped ? 'clip.summary.clipped' : 'clip.summary', {
    steps,
    norm: scientific(threshold),
    rnn: scientific(lastOf('homework')),
    gru: scientific(lastOf('gru')),
    lstm: scientific(lastOf('lstm')),
  });
  return (
    <FigureCard
      id="bptt-clip"
      title={t('clip.title')}
      name="bptt-gradient-norm"
      honest="computed"
      summary={summary}
      table={() => clipTable(found, threshold, (cell) => t(`memory.${cell}`))}
      legend={
        <Legend
          items={[
            ...memoryCells.map((cell) => ({ name: t(`memory.${cell}`), color: colors[cell] })),
            ...(isClipped ? [{ name: t('clip.before'), color: 'muted', dash: 'dashed' } as const] : []),
          ]}
        />
      }
    >
      <p class="small">
        <Prose text={t('clip.intro')} />
      </p>
      <ClipControls />
      <LinePlot
        series={series}
        label={summary}
        x={{ label: t('clip.x'), domain: [1, Math.max(2, steps)] }}
        y={{ label: t('clip.y'), kind: 'log', format: scientific }}
        height={280}
        {...(isClipped
          ? {
              bands: [
                {
                  from: threshold,
                  to: Number.MAX_VALUE,
                  label: t('clip.above', { norm: scientific(threshold) }),
                },
              ],
            }
          : {})}
      />
      <ul class="clip-rows">
        {memoryCells.map((cell) => {
          const { t: at, norm: before } = longestOf(found[cell]);
          return (
            <li key={cell}>
              {t(isClipped ? 'clip.row' : 'clip.row.free', {
                cell: t(`memory.${cell}`),
                steps: at,
                before: scientific(before),
                after: scientific(after(before)),
                factor: scientific(clipFactor(before, c)),
              })}
            </li>
          );
        })}
      </ul>
    </FigureCard>
  );
}

/** The length at which the gradient is longest. */
function longestOf({ gradientNorms }: Influence): Influence['gradientNorms'][number] {
  return gradientNorms.reduce((most, one) => (one.norm > most.norm ? one : most));
}

/** A norm from a hundredth to a hundred, on a slider of its powers of ten. */
function ClipControls() {
  const { context } = useApp();
  const { t } = context.i18n;
  const { settings } = context;
  const norm = settings.get('clipNorm');
  return (
    <div class="sliders">
      <Field name="clip" />
      {!context.isHidden('clipNorm') && (
        <div class="slider">
          <label for="bptt-clip-norm">{t('clip.norm')}</label>
          <input
            id="bptt-clip-norm"
            type="range"
            dir="ltr"
            min={-2}
            max={2}
            step={0.1}
            value={Math.log10(norm)}
            disabled={context.isLocked('clipNorm') || !settings.get('clip')}
            aria-valuetext={scientific(norm)}
            onInput={(event) => settings.preview('clipNorm', normAt(Number(event.currentTarget.value)))}
            onChange={() => settings.commit()}
          />
          <output dir="ltr">{scientific(norm)}</output>
        </div>
      )}
    </div>
  );
}
