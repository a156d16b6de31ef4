/** The curves of the chosen runs, each in its own colour. */
import { LinePlot } from '../../../charts/line-plot.js';
import { FigureCard } from '../../../frame/figure-card.js';
import { Legend } from '../../../frame/legend.js';
import { curveOf } from '../compare.js';
import type { RunsModel } from '../model.js';
import { timeOf } from '../words.js';
import { colorName } from './runs-table.js';

/** Runs of one colour are told apart by their dashes. */
const dashes = ['solid', 'dashed', 'dotted'] as const;

export function Curves({ model }: { readonly model: RunsModel }) {
  const { i18n, settings } = model.context;
  const { t, format } = i18n;
  const measure = settings.get('measure');
  const runs = model.shown.value;
  if (runs.length === 0) return null;
  const series = runs.map((run, at) => {
    const earlier = runs.slice(0, at).filter((other) => other.color === run.color).length;
    return {
      name: t('curves.run', { seed: String(run.config.seed), time: timeOf(run.changed, i18n) }),
      points: curveOf(run, measure),
      color: colorName(run),
      dash: dashes[earlier % dashes.length] ?? 'solid',
      dots: measure === 'validation',
    };
  });
  const ends = series.flatMap(({ points }) => points.at(-1)?.[1] ?? []);
  const title = `${t('curves.title')}: ${t(`setting.measure.${measure}`)}`;
  return (
    <FigureCard
      id="section-curves"
      title={title}
      name={`runs-${measure}`}
      honest="computed"
      summary={t('curves.summary', {
        count: ends.length,
        loss: format.value.decimal(ends.length === 0 ? undefined : Math.min(...ends), 3),
      })}
      legend={<Legend items={series} />}
      table={() => ({
        columns: [t('table.seed'), t('table.hash'), t('curves.step'), t('curves.loss')],
        rows: runs.flatMap((run) =>
          curveOf(run, measure).map(([step, loss]) => [String(run.config.seed), run.hash, step, loss]),
        ),
      })}
    >
      {ends.length === 0 ? (
        <p>{t('curves.none')}</p>
      ) : (
        <LinePlot
          label={title}
          series={series}
          x={{ label: t('curves.step') }}
          y={{ label: t('curves.loss') }}
          height={300}
        />
      )}
    </FigureCard>
  );
}
