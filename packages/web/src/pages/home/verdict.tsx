/** What the checker says to an answer: right or where it is wrong, and a case in which it fails. */
import type { Verdict } from '@hw5/core/homework';
import { Said } from '../../frame/said.js';
import type { HomeModel, Outcome } from './model.js';

export function OutcomeView({ model, outcome }: { readonly model: HomeModel; readonly outcome: Outcome }) {
  const { t } = model.context.i18n;
  if ('verdict' in outcome) return <VerdictView model={model} verdict={outcome.verdict} />;
  return (
    <div class="verdict wrong" role="status">
      <p>
        <strong>{t('verdict.unread')}</strong>
      </p>
      <p lang="en" dir="ltr">
        <code>{outcome.problem}</code>
      </p>
    </div>
  );
}

function VerdictView({ model, verdict }: { readonly model: HomeModel; readonly verdict: Verdict }) {
  const { t } = model.context.i18n;
  const { correct, understood, mistake, counterExample, remark, place } = verdict;
  return (
    <div class={correct ? 'verdict right' : 'verdict wrong'} role="status">
      <p>
        <strong>
          <span aria-hidden="true">{correct ? '✓ ' : '✗ '}</span>
          {t(correct ? 'verdict.right' : 'verdict.wrong')}
        </strong>{' '}
        {understood !== '' && (
          <span class="muted">
            {t('verdict.understood')} <bdi dir="ltr">{understood}</bdi>
          </span>
        )}
      </p>
      {mistake !== null && (
        <p>
          <Said text={mistake} />
        </p>
      )}
      {place !== undefined && (
        <pre class="place" dir="ltr">
          {place}
        </pre>
      )}
      {counterExample !== null && (
        <p>
          <em>{t('verdict.example')}</em> <Said text={counterExample} />
        </p>
      )}
      {remark !== undefined && (
        <p class="small">
          <Said text={remark} />
        </p>
      )}
    </div>
  );
}
