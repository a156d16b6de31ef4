/** Forward and backward pass of the chosen mode, each with the weights that it uses, and the gradients beside finite differences. */
import { ScrollBox } from '../../frame/scroll-box.js';
import type { AttentionModel } from './model.js';
import { mathNumber, subscript } from './numbers.js';

export function Passes({ model }: { readonly model: AttentionModel }) {
  const { t } = model.context.i18n;
  const result = model.computed.value;
  if (result === null || model.secret.value) return null;
  const { report, gradients } = result;
  const { analytic, numeric } = gradients;
  const apart = report.weights.some((weight, i) => weight !== report.backwardWeights[i]);
  const rows: readonly (readonly [string, readonly number[], readonly number[]])[] = [
    ...analytic.scores.map((a, i) => [`∂J/∂s${subscript(i + 1)}`, [a], [numeric.scores[i]!]] as const),
    ['∂J/∂q', analytic.query, numeric.query],
    ...analytic.keys.map((row, i) => [`∂J/∂k${subscript(i + 1)}`, row, numeric.keys[i]!] as const),
    ...analytic.values.map((row, i) => [`∂J/∂v${subscript(i + 1)}`, row, numeric.values[i]!] as const),
  ];
  return (
    <>
      <div class="passes" dir="ltr">
        <Arrow kind="forward" label={t('passes.forward')} weights={report.weights} />
        <Arrow
          kind="backward"
          label={t('passes.backward')}
          weights={backwardOf(report.mode, report.backwardWeights)}
        />
      </div>
      {report.mode === 'argmax' && <p class="remark">{t('passes.argmax')}</p>}
      {apart && <p class="remark strong">{t('passes.notTheGradient')}</p>}
      <ScrollBox class="scroll-x" label={t('passes.table')}>
        <table class="gradients" dir="ltr">
          <caption>
            <bdi>
              {t('passes.caption', {
                loss: mathNumber(gradients.loss),
                epsilon: mathNumber(gradients.epsilon),
              })}
            </bdi>
          </caption>
          <thead>
            <tr>
              <td />
              <th scope="col">
                <bdi>{t('passes.analytic')}</bdi>
              </th>
              <th scope="col">
                <bdi>{t('passes.numeric')}</bdi>
              </th>
              <th scope="col">
                <bdi>{t('passes.agree')}</bdi>
              </th>
            </tr>
          </thead>
          <tbody>
            {rows.map(([name, a, n]) => {
              const worst = Math.max(
                ...a.map((entry, d) => Math.abs(entry - n[d]!) / Math.max(1, Math.abs(entry))),
              );
              return (
                <tr key={name}>
                  <th scope="row">{name}</th>
                  <td class="hue-gradient">{vector(a)}</td>
                  <td>{vector(n)}</td>
                  <td class={worst < 1e-6 ? 'right' : 'wrong'}>
                    {worst < 1e-6 ? '✓' : '✗'} <small>{mathNumber(worst, 2)}</small>
                  </td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </ScrollBox>
    </>
  );
}

/** An argmax has no backward weights: nothing flows to the scores. */
const backwardOf = (mode: string, weights: readonly number[]): readonly number[] | null =>
  mode === 'argmax' ? null : weights;

const vector = (entries: readonly number[]): string =>
  entries.length === 1
    ? mathNumber(entries[0]!)
    : `(${entries.map((entry) => mathNumber(entry)).join(', ')})`;

function Arrow({
  kind,
  label,
  weights,
}: {
  readonly kind: 'forward' | 'backward';
  readonly label: string;
  readonly weights: readonly number[] | null;
}) {
  return (
    <div class={`pass ${kind}`}>
      <span class="direction" aria-hidden="true">
        {kind === 'forward' ? 's → p → o' : 's ← p ← o'}
      </span>
      <bdi class="name">{label}</bdi>
      <span class="weights">
        {weights === null ? '0' : `p = (${weights.map((weight) => mathNumber(weight, 3)).join(', ')})`}
      </span>
    </div>
  );
}
