/** How far the model carries what it learned: exact matches by source length, also beyond training. */
import { LinePlot } from '../../charts/line-plot.js';
import { FigureCard } from '../../frame/figure-card.js';
import { Legend } from '../../frame/legend.js';
import type { Seq2SeqModel } from './model.js';
import { trainedLengths } from './table.js';

export function LengthsFigure({ model }: { readonly model: Seq2SeqModel }) {
  const { i18n, settings } = model.context;
  const { t } = i18n;
  const measured = model.lengths.value;
  const [least, most] = trainedLengths[settings.get('task')] ?? [0, 0];
  if (most === 0 || model.lab.source.value?.kind === 'table') {
    return <p class="remark card">{t('lengths.only')}</p>;
  }
  const points = measured?.points.map(({ length, exactMatch }) => [length, exactMatch] as const) ?? [];
  const summary =
    measured === null
      ? t('lengths.lead', { least, most })
      : t('lengths.summary', { step: measured.step, least, most });
  return (
    <FigureCard
      id="lengths"
      title={t('lengths.title')}
      name="lengths"
      honest="computed"
      summary={summary}
      legend={
        <Legend
          items={[
            { name: t('lengths.inside'), color: 'output' },
            { name: t('lengths.beyond'), color: 'danger', dash: 'dashed' },
          ]}
        />
      }
      table={() => ({ columns: [t('lengths.axis'), t('metric')], rows: points.map((point) => [...point]) })}
    >
      <p class="remark">{t('lengths.lead', { least, most })}</p>
      <button
        type="button"
        disabled={model.measuring.value || model.lab.run.value === null}
        onClick={() => void model.measureLengths()}
      >
        {t(model.measuring.value ? 'lengths.measuring' : 'lengths.measure')}
      </button>
      {measured !== null && (
        <>
          <LinePlot
            label={summary}
            height={210}
            series={[
              {
                name: 'inside',
                points: points.filter(([length]) => length >= least && length <= most),
                color: 'output',
                dots: true,
              },
              {
                name: 'beyond',
                points: points.filter(([length]) => length >= most),
                color: 'danger',
                dash: 'dashed',
                dots: true,
              },
              {
                name: 'below',
                points: points.filter(([length]) => length <= least),
                color: 'danger',
                dash: 'dashed',
                dots: true,
              },
            ]}
            x={{ label: t('lengths.axis') }}
            y={{ label: t('metric'), domain: [0, 1] }}
          />
          <p class="remark">{summary}</p>
        </>
      )}
    </FigureCard>
  );
}
