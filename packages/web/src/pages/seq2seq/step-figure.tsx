/** One step of the answer: what else the model might have written there. Pressing an alternative forces it. */
import { Bars } from '../../charts/bars.js';
import { FigureCard } from '../../frame/figure-card.js';
import type { Seq2SeqModel } from './model.js';
import { isMark, visible } from './tokens.js';

export function StepFigure({ model }: { readonly model: Seq2SeqModel }) {
  const { t, format } = model.context.i18n;
  const { answer } = model;
  if (answer === undefined || model.secret) return null;
  const at = Math.min(model.at.value, answer.steps.length - 1);
  const step = answer.steps[at];
  if (step === undefined) return null;
  const forced = model.context.settings.get('forced');
  const summary = t('step.summary', { n: at + 1, token: visible(step.token), probability: step.probability });
  return (
    <FigureCard
      id="steps"
      title={t('step.title')}
      name="alternatives"
      honest="computed"
      summary={summary}
      table={() => ({
        columns: [t('step.token'), 'P'],
        rows: step.top.map(([token, probability]) => [visible(token), probability]),
      })}
    >
      <p class="remark">{t('step.lead')}</p>
      <fieldset class="tokens" dir="ltr">
        <legend class="hidden">{t('step.choose')}</legend>
        {answer.steps.map(({ token, forced: wasForced }, n) => (
          <button
            key={n}
            type="button"
            class={wasForced ? 'forced' : ''}
            aria-pressed={n === at}
            aria-label={t('step.place', { n: n + 1, token: visible(token) })}
            onClick={() => model.seek(n)}
          >
            <bdi>{visible(token)}</bdi>
          </button>
        ))}
      </fieldset>
      <p>{summary}</p>
      <Bars
        label={summary}
        domain={[0, 1]}
        height={150}
        bars={step.top.map(([token, value]) => ({ label: visible(token), value }))}
        format={(value) => format.value.decimal(value, 3)}
      />
      <fieldset class="tokens">
        <legend class="hidden">{t('step.force')}</legend>
        <span class="muted">{t('step.force')}</span>
        {step.top
          .filter(([token]) => !isMark(token) && token !== step.token)
          .map(([token]) => (
            <button key={token} type="button" onClick={() => model.force(at, token)}>
              <bdi>{visible(token)}</bdi>
            </button>
          ))}
        {forced !== '' && (
          <button type="button" class="quiet" onClick={() => model.release()}>
            {t('step.release')}
          </button>
        )}
      </fieldset>
      {forced !== '' && <p class="remark">{t('step.forced', { tokens: forced })}</p>}
    </FigureCard>
  );
}
