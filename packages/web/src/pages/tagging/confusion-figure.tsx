/** Which tags are taken for which, by either reader, on the validation part. */
import { HeatMap } from '../../charts/heat-map.js';
import { FigureCard } from '../../frame/figure-card.js';
import { ScaleLegend } from '../../frame/legend.js';
import { ScrollBox } from '../../frame/scroll-box.js';
import type { TaggingModel } from './model.js';

const scale = { kind: 'unit', limit: 1, hue: 'output' } as const;

export function ConfusionFigure({ model }: { readonly model: TaggingModel }) {
  const { t, format } = model.context.i18n;
  const reports = model.reports.value;
  const labels = reports?.both.labels ?? [];
  const errors = (reader: 'one' | 'both'): number => {
    const counts = reports?.[reader].confusion ?? [];
    return counts.reduce((sum, row, i) => sum + row.reduce((s, n, j) => s + (i === j ? 0 : n), 0), 0);
  };
  const summary =
    reports === null
      ? t('confusion.lead')
      : t('confusion.summary', { one: errors('one'), both: errors('both'), count: reports.both.examples });
  return (
    <FigureCard
      id="confusion"
      title={t('confusion.title')}
      name="confusion"
      honest="computed"
      summary={summary}
      legend={<ScaleLegend scale={scale} />}
      table={() => ({
        columns: [t('confusion.row'), ...labels],
        rows: (['one', 'both'] as const).flatMap((reader) =>
          (reports?.[reader].confusion ?? []).map((row, i) => [
            `${t(`reader.${reader}`)}: ${labels[i]}`,
            ...row,
          ]),
        ),
      })}
    >
      <p class="remark">{t('confusion.lead')}</p>
      <button
        type="button"
        disabled={model.labs.both.run.value === null}
        onClick={() => void model.measure()}
      >
        {t('confusion.measure')}
      </button>
      {reports !== null &&
        (['one', 'both'] as const).map((reader) => (
          <div key={reader}>
            <h3>{t(`reader.${reader}`)}</h3>
            <ScrollBox class="scroll-x" label={t(`reader.${reader}`)}>
              <div class="confusion">
                <HeatMap
                  values={(reports[reader].confusion ?? []).map((row) => {
                    const sum = row.reduce((total, count) => total + count, 0);
                    return row.map((count) => (sum === 0 ? 0 : count / sum));
                  })}
                  scale={scale}
                  label={summary}
                  rowLabels={labels}
                  columnLabels={labels}
                  format={(share) => (share === 0 ? '' : format.value.decimal(share, 2))}
                />
              </div>
            </ScrollBox>
          </div>
        ))}
      {reports !== null && <p class="remark">{summary}</p>}
    </FigureCard>
  );
}
