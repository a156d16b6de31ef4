/** The line, how tokens are chosen, and the model. */
import { Field } from '../../frame/field.js';
import { saveFile } from '../../frame/files.js';
import type { LanguageModel } from './model.js';

export function Controls({ model }: { readonly model: LanguageModel }) {
  const { t } = model.context.i18n;
  const corpus = model.corpus.value;
  const unknown = model.unknown.value;
  return (
    <section class="card language-model-controls" aria-labelledby="language-model-controls">
      <h2 id="language-model-controls">{t('controls.title')}</h2>
      <Field name="text" />
      {unknown.length > 0 && (
        <p class="problem" role="status">
          {t('controls.unknown', { characters: unknown.slice(0, 12).join(' ') })}
        </p>
      )}
      <Field name="corpus" />
      <Field name="index" />
      <Field name="context" />
      <h3>{t('controls.sampling')}</h3>
      <Field name="temperature" />
      <Field name="topK" />
      <Field name="topP" />
      <Field name="sampleSeed" />
      <h3>{t('controls.model')}</h3>
      <Field name="hidden" />
      <Field name="steps" />
      <Field name="seed" />
      <button
        type="button"
        disabled={corpus === null}
        onClick={() => {
          if (corpus !== null) saveFile(`panbeh-${corpus.language}.txt`, 'text/plain', [corpus.text]);
        }}
      >
        {t('controls.save')}
      </button>
    </section>
  );
}
