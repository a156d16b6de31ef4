/** The loss along one score for each way to choose: a staircase, a slope, a slope with flat ends. */

import { LinePlot } from '../../charts/line-plot.js';
import type { TokenName } from '../../charts/tokens.js';
import { Field } from '../../frame/field.js';
import { FigureCard } from '../../frame/figure-card.js';
import { Legend } from '../../frame/legend.js';
import { ScrollBox } from '../../frame/scroll-box.js';
import type { AttentionModel } from './model.js';
import { mathNumber, subscript } from './numbers.js';

type Dash = 'solid' | 'dashed' | 'dotted';

const looks: Readonly<Record<string, { readonly color: TokenName; readonly dash: Dash }>> = {
  argmax: { color: 'text', dash: 'solid' },
  softmax: { color: 'series-1', dash: 'dashed' },
  sparsemax: { color: 'series-2', dash: 'dotted' },
  entmax15: { color: 'series-3', dash: 'solid' },
};

const lookOf = (mode: string) => looks[mode] ?? { color: 'muted' as const, dash: 'solid' as const };

export function WhyFigure({ model }: { readonly model: AttentionModel }) {
  const { t } = model.context.i18n;
  const result = model.computed.value;
  if (result === null || model.secret.value) return null;
  const { sweep, nudged } = result;
  const key = sweep.index + 1;
  return (
    <FigureCard
      id="section-why"
      title={t('why.title')}
      name="loss-along-a-score"
      honest="computed"
      summary={t('why.summary', { key, tie: sweep.tie ?? '–' })}
      legend={<Legend items={sweep.modes.map(({ mode }) => ({ name: mode, ...lookOf(mode) }))} />}
      table={() => ({
        columns: [`s${subscript(key)}`, ...sweep.modes.map(({ mode }) => `J ${mode}`)],
        rows: sweep.scores.map((score, n) => [
          score,
          ...sweep.modes.map(({ loss }) => loss[n] ?? Number.NaN),
        ]),
      })}
    >
      <div class="fields">
        <Field name="turned" />
        <Field name="epsilon" />
      </div>
      <LinePlot
        label={t('why.summary', { key, tie: sweep.tie ?? '–' })}
        series={sweep.modes.map(({ mode, loss }) => ({
          name: mode,
          points: sweep.scores.map((score, n) => [score, loss[n] ?? Number.NaN] as const),
          stepped: mode === 'argmax',
          ...lookOf(mode),
        }))}
        x={{ label: t('why.axis', { key: subscript(key) }), format: (value) => mathNumber(value, 3) }}
        y={{ label: t('why.loss'), format: (value) => mathNumber(value, 3) }}
        marker={sweep.score}
      />
      <ScrollBox class="scroll-x" label={t('why.nudged')}>
        <table class="slopes" dir="ltr">
          <caption>
            <bdi>{t('why.nudge', { epsilon: mathNumber(model.context.settings.get('epsilon')) })}</bdi>
          </caption>
          <thead>
            <tr>
              <td />
              {nudged.map(({ mode }) => (
                <th key={mode} scope="col">
                  {mode}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            <tr>
              <th scope="row">
                <bdi>{t('why.nudged')}</bdi>
              </th>
              {nudged.map(({ mode, change }) => (
                <td key={mode} class={change === 0 ? 'still' : ''}>
                  {mathNumber(change / model.context.settings.get('epsilon'))}
                </td>
              ))}
            </tr>
            <tr>
              <th scope="row">
                <bdi>{t('why.slope')}</bdi> ∂J/∂s{subscript(key)}
              </th>
              {nudged.map(({ mode, slope }) => (
                <td key={mode} class="hue-gradient">
                  {mathNumber(slope)}
                </td>
              ))}
            </tr>
          </tbody>
        </table>
      </ScrollBox>
      {nudged[0]?.change === 0 && <p class="remark">{`argmax: ${t('why.none')}`}</p>}
    </FigureCard>
  );
}
