/** Three answers to «which word did it?» side by side: they need not agree. */

import { largest } from '../../charts/color.js';
import { HeatMap } from '../../charts/heat-map.js';
import { FigureCard } from '../../frame/figure-card.js';
import { ScaleLegend } from '../../frame/legend.js';
import type { SentimentModel } from './model.js';

const scale = { kind: 'signed', limit: 1 } as const;
const shares = (values: readonly number[]): readonly number[] => {
  const most = largest(values);
  return values.map((value) => value / most);
};

export function WhyFigure({ model }: { readonly model: SentimentModel }) {
  const { t } = model.context.i18n;
  const { look } = model;
  if (look === undefined || model.secret) return null;
  const { tokens, weights, contributions, occlusion } = look;
  const columns = [
    ...(weights === undefined ? [] : [{ sign: 'p', values: weights }]),
    { sign: 'g·x', values: contributions },
    { sign: 'Δ', values: tokens.map((_, n) => occlusion[n] ?? 0) },
  ];
  const drawn = columns.map(({ values }) => shares(values));
  const top = (values: readonly number[]): string => {
    const sizes = values.map(Math.abs);
    return tokens[sizes.indexOf(Math.max(...sizes))] ?? '';
  };
  const facts = { gradient: top(contributions), occlusion: top(occlusion) };
  const summary =
    weights === undefined ? t('why.summary', facts) : t('why.summaryPool', { ...facts, pool: top(weights) });
  return (
    <FigureCard
      id="why"
      title={t('why.title')}
      name="attribution"
      honest="computed"
      summary={summary}
      legend={<ScaleLegend scale={scale} />}
      table={() => ({
        columns: [t('trajectory.token'), ...columns.map(({ sign }) => sign)],
        rows: tokens.map((token, n) => [`${n + 1} ${token}`, ...columns.map(({ values }) => values[n] ?? 0)]),
      })}
    >
      <HeatMap
        values={tokens.map((_, n) => drawn.map((column) => column[n] ?? 0))}
        scale={scale}
        label={summary}
        rowLabels={tokens}
        columnLabels={columns.map(({ sign }) => sign)}
        largestCell={84}
      />
      <dl class="signs">
        {weights !== undefined && (
          <>
            <dt dir="ltr">p</dt>
            <dd>{t('why.pool')}</dd>
          </>
        )}
        <dt dir="ltr">g·x</dt>
        <dd>{t('why.gradient')}</dd>
        <dt dir="ltr">Δ</dt>
        <dd>{t('why.occlusion')}</dd>
      </dl>
      <p class="remark">{summary}</p>
      <p class="remark">{weights === undefined ? t('why.noPool') : t('why.note')}</p>
    </FigureCard>
  );
}
