/** The beam's answers, best first: what they share is grey; each has its score. */
import { FigureCard } from '../../frame/figure-card.js';
import { ScrollBox } from '../../frame/scroll-box.js';
import { sharedPrefix } from './beams.js';
import type { Seq2SeqModel } from './model.js';
import { visible } from './tokens.js';

export function BeamsFigure({ model }: { readonly model: Seq2SeqModel }) {
  const { t, format } = model.context.i18n;
  const answers = model.answers?.answers;
  if (answers === undefined || model.secret) return null;
  const rows = answers.map(({ steps }) => steps.map(({ token }) => visible(token)));
  const summary = t('beams.summary', { count: answers.length, best: answers[0]?.output ?? '' });
  return (
    <FigureCard
      id="beams"
      title={t('beams.title')}
      name="beams"
      honest="computed"
      summary={summary}
      table={() => ({
        columns: [t('beams.answer'), 'ln P', 'P'],
        rows: answers.map(({ output, logProbability }) => [output, logProbability, Math.exp(logProbability)]),
      })}
    >
      <p class="remark">{t('beams.lead')}</p>
      <ScrollBox class="scroll-x" label={t('beams.list')}>
        <table class="beams" dir="ltr">
          <thead>
            <tr>
              <th scope="col">{t('beams.answer')}</th>
              <th scope="col">ln P</th>
              <th scope="col">P</th>
            </tr>
          </thead>
          <tbody>
            {answers.map(({ logProbability, ended }, n) => {
              const shared = sharedPrefix(rows, n);
              return (
                <tr key={n} class={n === model.chosen.value ? 'chosen' : ''}>
                  <td>
                    <button
                      type="button"
                      class="beam"
                      aria-pressed={n === model.chosen.value}
                      onClick={() => model.choose(n)}
                    >
                      <bdi dir="ltr">
                        <span class="shared">{rows[n]!.slice(0, shared).join('')}</span>
                        <span class="branch">{rows[n]!.slice(shared).join('')}</span>
                        {!ended && '…'}
                      </bdi>
                    </button>
                  </td>
                  <td>{format.value.decimal(logProbability, 3)}</td>
                  <td>{format.value.precise(Number(Math.exp(logProbability).toPrecision(3)))}</td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </ScrollBox>
    </FigureCard>
  );
}
