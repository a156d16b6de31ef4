/** What can be changed besides dragging. */
import { Field } from '../../frame/field.js';
import type { AttentionModel } from './model.js';
import { presets } from './presets.js';

export function Controls({ model }: { readonly model: AttentionModel }) {
  const { i18n, settings, isLocked } = model.context;
  const { t } = i18n;
  const mode = settings.get('mode');
  const fixed = isLocked('keys') || isLocked('values') || isLocked('query');
  return (
    <section class="card" aria-labelledby="attention-controls">
      <h2 id="attention-controls">{t('controls.title')}</h2>
      {!fixed && (
        <fieldset class="presets">
          <legend>{t('controls.presets')}</legend>
          {presets.map(({ id, values }) => (
            <button key={id} type="button" onClick={() => settings.adopt(values)}>
              {t(`preset.${id}`)}
            </button>
          ))}
        </fieldset>
      )}
      <Field name="mode" />
      {mode !== 'argmax' && <Field name="temperature" />}
      {(mode === 'argmax' || mode === 'straight-through') && <Field name="ties" />}
      <Field name="query" />
      <Field name="keys" />
      <Field name="values" />
      <Field name="target" />
      {settings.get('query').length > 2 && <Field name="axes" />}
      <Field name="seed" />
    </section>
  );
}
