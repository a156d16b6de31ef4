/** The text that the model is asked about. */
import { Field } from '../../frame/field.js';
import type { Seq2SeqModel } from './model.js';
import { samples } from './table.js';

export function Ask({ model }: { readonly model: Seq2SeqModel }) {
  const { i18n, settings, isLocked } = model.context;
  const { t } = i18n;
  return (
    <section class="card" aria-labelledby="ask-title" id="ask">
      <h2 id="ask-title">{t('ask.title')}</h2>
      <Field name="input" />
      {!isLocked('input') && model.lab.source.value?.kind !== 'table' && (
        <fieldset class="tokens">
          <legend class="hidden">{t('ask.samples')}</legend>
          {samples[settings.get('task')].map((text) => (
            <button
              key={text}
              type="button"
              aria-pressed={text === model.text}
              onClick={() => model.askFor(text)}
            >
              <bdi>{text}</bdi>
            </button>
          ))}
        </fieldset>
      )}
    </section>
  );
}
