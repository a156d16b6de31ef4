/** What the table and the curves show. */
import { Field } from '../../../frame/field.js';
import type { RunsModel } from '../model.js';

export function Controls({ model }: { readonly model: RunsModel }) {
  const { t } = model.context.i18n;
  return (
    <section class="card" aria-labelledby="settings-title">
      <h2 id="settings-title">{t('settings.title')}</h2>
      <div class="fields wide-choices">
        <Field name="order" />
        <Field name="measure" />
      </div>
    </section>
  );
}
