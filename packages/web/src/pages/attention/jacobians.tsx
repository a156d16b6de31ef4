/** dp/ds of each way to choose: nothing for argmax, diag(p) - p p^T for softmax, a support's for sparsemax. */
import { largest } from '../../charts/color.js';
import { HeatMap } from '../../charts/heat-map.js';
import { FigureCard } from '../../frame/figure-card.js';
import { ScaleLegend } from '../../frame/legend.js';
import { Tex } from '../../math/tex.js';
import type { AttentionModel } from './model.js';
import { mathNumber, subscript } from './numbers.js';

const formulas: Readonly<Record<string, string>> = {
  argmax: 'J = 0',
  softmax: 'J = \\tfrac{1}{T}\\bigl(\\mathrm{diag}(p) - p\\,p^{\\top}\\bigr)',
  sparsemax: 'J = \\tfrac{1}{T}\\bigl(\\mathrm{diag}(u) - u\\,u^{\\top}/|u|_1\\bigr),\\; u_i = [p_i > 0]',
  entmax15: 'J = \\tfrac{1}{T}\\bigl(\\mathrm{diag}(u) - u\\,u^{\\top}/|u|_1\\bigr),\\; u_i = \\sqrt{p_i}',
};

export function Jacobians({ model }: { readonly model: AttentionModel }) {
  const { t } = model.context.i18n;
  const result = model.computed.value;
  if (result === null || model.secret.value) return null;
  const scale = {
    kind: 'signed',
    limit: largest(result.compared.flatMap(({ weightJacobian }) => weightJacobian.flat())),
  } as const;
  const { keys } = result.report;
  const scores = keys.map((_, j) => `s${subscript(j + 1)}`);
  const weights = keys.map((_, i) => `p${subscript(i + 1)}`);
  return (
    <FigureCard
      id="section-jacobian"
      title={t('jacobian.title')}
      name="jacobians"
      honest="computed"
      summary={t('jacobian.legend', { largest: mathNumber(scale.limit, 3) })}
      legend={<ScaleLegend scale={scale} />}
      table={() => ({
        columns: [t('twin.mode'), t('twin.name'), ...scores],
        rows: result.compared.flatMap(({ mode, weightJacobian }) =>
          weightJacobian.map((row, i) => [mode, weights[i] ?? '', ...row]),
        ),
      })}
      latex={() =>
        result.compared
          .map(({ mode, weightJacobian }) => {
            const rows = weightJacobian.map((row) =>
              row.map((entry) => Number(entry.toPrecision(4))).join(' & '),
            );
            return `% ${mode}\n\\[ ${formulas[mode] ?? ''} = \\begin{pmatrix} ${rows.join(' \\\\ ')} \\end{pmatrix} \\]\n`;
          })
          .join('\n')
      }
    >
      <div class="jacobians">
        {result.compared.map(({ mode, weightJacobian, differentiable }) => (
          <div key={mode}>
            <p class="caption">
              <bdi>{mode}</bdi> <Tex tex={formulas[mode] ?? ''} />
            </p>
            <HeatMap
              values={weightJacobian}
              scale={scale}
              label={t('jacobian.caption', { mode })}
              rowLabels={weights}
              columnLabels={scores}
              format={(value) => mathNumber(value, 2)}
            />
            {!differentiable && <p class="remark">{t('jacobian.kink')}</p>}
          </div>
        ))}
      </div>
    </FigureCard>
  );
}
