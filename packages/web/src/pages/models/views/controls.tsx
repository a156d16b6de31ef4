/** Prove: the model goes out in the chosen format and comes back. */
import type { ModelsModel } from '../model.js';

export function Controls({ model }: { readonly model: ModelsModel }) {
  const { i18n, mode } = model.context;
  const { t } = i18n;
  return (
    <section class="card" aria-labelledby="prove-title">
      <h2 id="prove-title">{t('prove.title')}</h2>
      <p>{t('prove.lead')}</p>
      <button
        type="button"
        class={mode.value === 'prove' ? 'primary' : undefined}
        disabled={model.taken.value?.facts?.task !== 'char-lm' || model.busy.value || mode.value !== 'prove'}
        onClick={() => void model.prove()}
      >
        {t('prove.run')}
      </button>
    </section>
  );
}
