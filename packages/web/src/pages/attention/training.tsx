/** The same retrieval task trained with each method from the same start. */
import type { ExperimentResult } from '@hw5/core';
import { LinePlot } from '../../charts/line-plot.js';
import type { TokenName } from '../../charts/tokens.js';
import { FigureCard } from '../../frame/figure-card.js';
import { Legend } from '../../frame/legend.js';
import type { AttentionModel } from './model.js';
import { mathNumber } from './numbers.js';

const colors: readonly TokenName[] = ['text', 'series-1', 'series-2', 'series-3', 'series-4', 'series-5'];
const dashes = ['solid', 'dashed', 'dotted'] as const;
const lookOf = (n: number) => ({ color: colors[n % colors.length]!, dash: dashes[n % dashes.length]! });

export function Training({ model }: { readonly model: AttentionModel }) {
  const { t, language } = model.context.i18n;
  if (model.secret.value) return null;
  const { share, result } = model.training.value;
  const words = language.value;
  return (
    <FigureCard
      id="section-training"
      title={t('training.title')}
      name="attention-training"
      honest="computed"
      summary={result === null ? t('training.lead') : t('training.summary')}
      legend={
        result !== null && (
          <Legend items={result.curves.map(({ name }, n) => ({ name: name[words], ...lookOf(n) }))} />
        )
      }
      table={() => ({
        columns: [t('training.axis'), ...(result?.curves.map(({ name }) => name[words]) ?? [])],
        rows: (result?.curves[0]?.points ?? []).map(({ x }, at) => [
          x,
          ...(result?.curves.map(({ points }) => points[at]?.mean ?? Number.NaN) ?? []),
        ]),
      })}
    >
      <p>{t('training.lead')}</p>
      <p>
        <button type="button" class="primary" disabled={share !== null} onClick={() => void model.train()}>
          {t('training.start')}
        </button>{' '}
        {share !== null && (
          <>
            <progress max={1} value={share} aria-label={t('training.start')} />{' '}
            {t('training.running', { percent: Math.round(share * 100) })}
          </>
        )}
      </p>
      {result !== null && <Results model={model} result={result} />}
    </FigureCard>
  );
}

function Results({ model, result }: { readonly model: AttentionModel; readonly result: ExperimentResult }) {
  const { t, language } = model.context.i18n;
  const words = language.value;
  return (
    <>
      <LinePlot
        label={t('training.summary')}
        series={result.curves.map(({ name, points }, n) => ({
          name: name.en,
          points: points.map(({ x, mean }) => [x, mean] as const),
          ...lookOf(n),
        }))}
        x={{ label: t('training.axis') }}
        y={{ label: t('training.loss') }}
      />
      <table class="results">
        <caption class="hidden">{t('training.table')}</caption>
        <thead>
          <tr>
            <th scope="col">{t('training.method')}</th>
            <th scope="col">{t('training.mean')}</th>
          </tr>
        </thead>
        <tbody>
          {result.rows.map(({ name, mean, spread, values }) => (
            <tr key={name.en}>
              <th scope="row">
                <bdi>{name[words]}</bdi>
              </th>
              <td>
                <bdi title={values.map((value) => mathNumber(value)).join(', ')}>
                  {mathNumber(mean, 3)} ± {mathNumber(spread, 2)}
                </bdi>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <ul class="findings">
        {result.findings.map(({ text, holds }) => (
          <li key={text.en} class={holds ? 'right' : 'wrong'}>
            {text[words]}
          </li>
        ))}
      </ul>
    </>
  );
}
