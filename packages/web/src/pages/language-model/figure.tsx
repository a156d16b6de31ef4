/** The figure's parts in reading order; in Prove, the checks and the experiment first. */
import { ExperimentCard } from '../../frame/experiments/experiment-card.js';
import { BarsFigure } from './bars-figure.js';
import { FuturesFigure } from './futures-figure.js';
import { LineFigure } from './line-figure.js';
import type { LanguageModel } from './model.js';
import { WrongAnswers } from './wrong-answers.js';

export function Figure({ model }: { readonly model: LanguageModel }) {
  const { t } = model.context.i18n;
  const { step, phase } = model.control;
  const steps = model.context.settings.get('steps');
  const training = phase.value === 'training' || phase.value === 'opening' || phase.value === 'pausing';
  return (
    <div class="language-model" aria-busy={training}>
      {model.context.mode.value === 'prove' && <Prove model={model} />}
      {training && (
        <p class="training" role="status">
          <progress max={steps} value={step.value} aria-label={t('training.label')} />{' '}
          {t('training.progress', { step: step.value, steps })}
        </p>
      )}
      <LineFigure model={model} />
      <BarsFigure model={model} />
      <FuturesFigure model={model} />
      <WrongAnswers model={model} />
    </div>
  );
}

function Prove({ model }: { readonly model: LanguageModel }) {
  const { t, format } = model.context.i18n;
  const { precise } = format.value;
  const claims = model.claims.value;
  return (
    <>
      <section class="card" id="section-proof" aria-labelledby="proof-title">
        <h2 id="proof-title">{t('proof.title')}</h2>
        <p>{t('proof.lead')}</p>
        <button
          type="button"
          class="primary"
          disabled={model.proving.value || model.next.value === null}
          onClick={() => void model.prove()}
        >
          {t('proof.run')}
        </button>
        {claims !== null && (
          <ul class="findings" aria-live="polite">
            {claims.map(({ key, facts, holds }) => (
              <li key={key} class={holds ? 'right' : 'wrong'}>
                <span aria-hidden="true">{holds ? '✓ ' : '✗ '}</span>
                {t(
                  key,
                  Object.fromEntries(Object.entries(facts).map(([name, value]) => [name, precise(value)])),
                )}
              </li>
            ))}
          </ul>
        )}
      </section>
      <ExperimentCard trial={model.trial} title={t('prove.chain')} lead={t('prove.chain.lead')} />
    </>
  );
}
