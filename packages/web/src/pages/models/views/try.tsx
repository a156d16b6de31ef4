/** A language model that came in writes at once. */
import { Field } from '../../../frame/field.js';
import { ScrollBox } from '../../../frame/scroll-box.js';
import type { ModelsModel } from '../model.js';

export function Try({ model }: { readonly model: ModelsModel }) {
  const { t } = model.context.i18n;
  const facts = model.taken.value?.facts;
  const writes = facts?.task === 'char-lm';
  const text = model.text.value;
  return (
    <section class="card" aria-labelledby="try-title">
      <h2 id="try-title">{t('try.title')}</h2>
      {facts !== undefined && !writes ? (
        <p>{t('try.notText')}</p>
      ) : (
        <form
          onSubmit={(event) => {
            event.preventDefault();
            void model.try();
          }}
        >
          <div class="fields">
            <Field name="prompt" />
            <Field name="temperature" />
            <Field name="length" />
            <Field name="seed" />
          </div>
          <button type="submit" disabled={!writes || model.busy.value}>
            {t('try.run')}
          </button>
          <ScrollBox class="written" label={t('try.output')} dir="auto" testId="tried">
            {text === '' ? <span class="muted">{t('try.none')}</span> : text}
          </ScrollBox>
        </form>
      )}
    </section>
  );
}
