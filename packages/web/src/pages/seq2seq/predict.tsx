/** Predict: where does the model look while it writes one token? */
import type { Seq2SeqModel } from './model.js';
import { visible } from './tokens.js';

export function Predict({ model }: { readonly model: Seq2SeqModel }) {
  const { t } = model.context.i18n;
  const { answer, answers } = model;
  if (answer === undefined || answers === undefined) return null;
  const { place, worth } = model.guess.value;
  const { asked } = model;
  const row = answer.alignment[asked];
  const step = answer.steps[asked];
  if (row === undefined || step === undefined) return null;
  const best = row.indexOf(Math.max(...row));
  return (
    <section class="card" aria-labelledby="predict-title" id="predict">
      <h2 id="predict-title">{t('predict.title')}</h2>
      <p>{t('predict.question', { n: asked + 1, token: visible(step.token), output: answer.output })}</p>
      <fieldset class="tokens" dir="ltr">
        <legend class="hidden">{t('predict.places')}</legend>
        {answers.source.map((token, n) => (
          <button
            key={n}
            type="button"
            aria-pressed={n === place}
            aria-label={t('step.place', { n: n + 1, token: visible(token) })}
            disabled={worth !== null}
            onClick={() => {
              model.guess.value = { ...model.guess.value, place: n };
            }}
          >
            <bdi>{visible(token)}</bdi>
          </button>
        ))}
      </fieldset>
      {worth === null ? (
        <button type="button" class="primary" disabled={place === null} onClick={() => model.commitGuess()}>
          {t('predict.commit')}
        </button>
      ) : (
        <>
          <p role="status">
            {t('predict.result', {
              n: best + 1,
              token: visible(answers.source[best] ?? ''),
              weight: row[best] ?? 0,
              yours: row[place ?? 0] ?? 0,
            })}
          </p>
          <button type="button" onClick={() => model.nextGuess()}>
            {t('predict.again')}
          </button>
        </>
      )}
    </section>
  );
}
