/** A prompt for the model, and how to draw from what it believes. */

import { Field } from '../../../frame/field.js';
import { ScrollBox } from '../../../frame/scroll-box.js';
import { useApp } from '../app.js';

export function Generate() {
  const { i18n, lab, settings } = useApp();
  const { t } = i18n;
  const writing = lab.writing.value;
  const written = lab.written.value;
  const ready = lab.run.value !== null && lab.phase.value !== 'lost';
  return (
    <section class="card" aria-labelledby="generate-title">
      <h2 id="generate-title">{t('generate.title')}</h2>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (writing) lab.stopGenerating();
          else void lab.generate();
        }}
      >
        <div class="fields">
          <Field name="prompt" />
          <Field name="temperature" />
          <Field name="length" />
          <Field name="topK" />
          <Field name="topP" />
          <Field name="sampleSeed" />
        </div>
        <button type="submit" disabled={!ready}>
          {t(writing ? 'generate.stop' : 'generate.run')}
        </button>
      </form>
      <ScrollBox class="written" label={t('generate.output')} busy={writing} testId="generated" dir="auto">
        {written === '' ? (
          <span class="muted">{t(ready ? 'generate.none' : 'generate.needsRun')}</span>
        ) : (
          <>
            <b>{settings.get('prompt')}</b>
            {written}
          </>
        )}
      </ScrollBox>
    </section>
  );
}
