/** What the checker says to an answer: right or where it is wrong, and a case in which it fails. */
import type { Verdict } from '@hw5/core/homework';
import { useFrame } from '../context.js';
import { Said } from '../said.js';

/** What the checker made of an answer; `problem`: it could not be read, in the program's own words. */
export type Outcome = { readonly verdict: Verdict } | { readonly problem: string };

/** The checker's verdict; an answer that it cannot read is an outcome, too. Other errors are thrown on. */
export async function outcomeOf(check: () => Promise<Verdict>): Promise<Outcome> {
  try {
    return { verdict: await check() };
  } catch (error) {
    const unreadable =
      error instanceof Error && 'code' in error && /^(?:ARGUMENT|SHAPE)$/.test(String(error.code));
    if (!unreadable) throw error;
    return { problem: error.message };
  }
}

export function OutcomeView({ outcome }: { readonly outcome: Outcome }) {
  const { t } = useFrame().i18n;
  if ('verdict' in outcome) return <VerdictView verdict={outcome.verdict} />;
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

function VerdictView({ verdict }: { readonly verdict: Verdict }) {
  const { t } = useFrame().i18n;
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
