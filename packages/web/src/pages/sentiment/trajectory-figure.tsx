/** The score along the sentence: the readout applied to each prefix, which training only ever did at the end. */
import { LinePlot } from '../../charts/line-plot.js';
import { FigureCard } from '../../frame/figure-card.js';
import { Legend } from '../../frame/legend.js';
import type { SentimentModel } from './model.js';
import { className } from './sentence-figure.js';

export function TrajectoryFigure({ model }: { readonly model: SentimentModel }) {
  const { t } = model.context.i18n;
  const { look } = model;
  if (look === undefined || model.secret) return null;
  const { tokens, prefixes, label } = look;
  const points = prefixes.map((score, at) => [at + 1, score] as const);
  const last = points.at(-1);
  const turns = prefixes.filter((score, at) => at > 0 && score >= 0.5 !== prefixes[at - 1]! >= 0.5).length;
  const summary = t('trajectory.summary', { turns, label: className(label, t) });
  return (
    <FigureCard
      id="trajectory"
      title={t('trajectory.title')}
      name="trajectory"
      honest="computed"
      summary={summary}
      legend={
        <Legend
          items={[
            { name: t('trajectory.prefix'), color: 'output', dash: 'dashed' },
            { name: t('trajectory.end'), color: 'output' },
          ]}
        />
      }
      table={() => ({
        columns: [t('trajectory.token'), `P(${className(label, t)})`],
        rows: prefixes.map((score, at) => [`${at + 1} ${tokens[at]}`, score]),
      })}
    >
      <LinePlot
        label={summary}
        height={220}
        series={[
          { name: 'prefixes', points, color: 'output', dash: 'dashed', dots: true },
          ...(last === undefined
            ? []
            : [{ name: 'end', points: [last], color: 'output' as const, dots: true }]),
        ]}
        x={{
          label: t('trajectory.axis'),
          domain: [0.5, Math.max(2, tokens.length) + 0.5],
          format: (value) => (Number.isInteger(value) ? (tokens[value - 1] ?? '') : ''),
        }}
        y={{ label: `P(${className(label, t)})`, domain: [0, 1] }}
      />
      <p class="remark">{summary}</p>
      <p class="remark">{t('trajectory.note')}</p>
    </FigureCard>
  );
}
