/** Both readers on sentences that neither has seen, over training time. */
import { LinePlot } from '../../charts/line-plot.js';
import { FigureCard } from '../../frame/figure-card.js';
import { Legend } from '../../frame/legend.js';
import type { TaggingModel } from './model.js';

export function LearningFigure({ model }: { readonly model: TaggingModel }) {
  const { t } = model.context.i18n;
  const { one, both } = model.labs;
  // Read, so that the curves follow the runs.
  const drawn = one.curve.value + both.curve.value;
  const shares = (lab: typeof one, metric: string) =>
    lab.history.counted.map(({ step, metrics }) => [step, metrics[metric] ?? Number.NaN] as const);
  const sentences = { one: shares(one, 'sentences'), both: shares(both, 'sentences') };
  const tokens = { one: shares(one, 'accuracy'), both: shares(both, 'accuracy') };
  const nothing = drawn === 0 || sentences.both.length + sentences.one.length === 0;
  const summary = nothing
    ? t('curve.empty')
    : t('learning.summary', {
        one: sentences.one.at(-1)?.[1] ?? Number.NaN,
        both: sentences.both.at(-1)?.[1] ?? Number.NaN,
      });
  const plot = (points: typeof sentences, label: string) => (
    <LinePlot
      label={`${label}: ${summary}`}
      height={210}
      series={[
        { name: 'one', points: points.one, color: 'series-2', dash: 'dashed', dots: true },
        { name: 'both', points: points.both, color: 'output', dots: true },
      ]}
      x={{ label: t('curve.step') }}
      y={{ label, domain: [0, 1] }}
    />
  );
  return (
    <FigureCard
      id="curves"
      title={t('learning.title')}
      name="learning"
      honest="computed"
      summary={summary}
      legend={
        <Legend
          items={[
            { name: t('reader.one'), color: 'series-2', dash: 'dashed' },
            { name: t('reader.both'), color: 'output' },
          ]}
        />
      }
      table={() => ({
        columns: [
          t('curve.step'),
          ...(['one', 'both'] as const).flatMap((reader) => [
            `${t(`reader.${reader}`)}: ${t('learning.tokens')}`,
            `${t(`reader.${reader}`)}: ${t('learning.sentences')}`,
          ]),
        ],
        rows: tokens.both.map(([step, share], n) => [
          step,
          tokens.one[n]?.[1] ?? Number.NaN,
          sentences.one[n]?.[1] ?? Number.NaN,
          share,
          sentences.both[n]?.[1] ?? Number.NaN,
        ]),
      })}
    >
      {nothing ? (
        <p class="remark">{summary}</p>
      ) : (
        <>
          <div class="curves">
            {plot(tokens, t('learning.tokens'))}
            {plot(sentences, t('learning.sentences'))}
          </div>
          <p class="remark">{summary}</p>
        </>
      )}
    </FigureCard>
  );
}
