/** The sentence as words that can be moved, dropped and negated, and what the model says to it. */

import { readingDirection } from '../../examples/direction.js';
import { Field } from '../../frame/field.js';
import { FigureCard } from '../../frame/figure-card.js';
import type { SentimentModel } from './model.js';
import { samples } from './table.js';
import { dropped, moved, negated } from './words.js';

export function SentenceFigure({ model }: { readonly model: SentimentModel }) {
  const { i18n, settings, isLocked } = model.context;
  const { t, format } = i18n;
  const { look, secret } = model;
  if (look === undefined) {
    return (
      <section class="card">
        <p class="remark">{t('look.waiting')}</p>
      </section>
    );
  }
  const { tokens, label, labels, said, score } = look;
  const at = Math.min(model.chosen.value, tokens.length - 1);
  const turned = negated(tokens, at);
  const shown = {
    said: className(said, t),
    score,
    label: className(label, t),
    step: model.lab.shown?.step ?? 0,
  };
  const summary = secret ? t('predict.hidden') : t('sentence.summary', shown);
  const locked = isLocked('input');
  const word = tokens[at] ?? '';
  return (
    <FigureCard
      id="sentence"
      title={t('sentence.title')}
      name="sentence"
      honest="computed"
      summary={summary}
      table={() => ({
        columns: [t('sentence.text'), `P(${className(label, t)})`],
        rows: [[tokens.join(' '), secret ? Number.NaN : score]],
      })}
    >
      <Field name="input" />
      {!locked && model.lab.source.value?.kind !== 'table' && (
        <fieldset class="tokens">
          <legend class="hidden">{t('sentence.samples')}</legend>
          {samples.map((text) => (
            <button
              key={text}
              type="button"
              class="sample"
              aria-pressed={text === model.text}
              onClick={() => settings.set('input', text)}
            >
              <bdi>{text}</bdi>
            </button>
          ))}
        </fieldset>
      )}
      <fieldset class="tokens words" dir={readingDirection(model.text)}>
        <legend class="hidden">{t('sentence.words')}</legend>
        {tokens.map((token, n) => (
          <button
            key={n}
            type="button"
            aria-pressed={n === at}
            onClick={() => {
              model.chosen.value = n;
            }}
          >
            <bdi>{token}</bdi>
          </button>
        ))}
      </fieldset>
      {!locked && (
        <div class="row word-tools">
          <button
            type="button"
            disabled={at === 0}
            onClick={() => {
              model.say(moved(tokens, at, -1));
              model.chosen.value = at - 1;
            }}
          >
            {t('sentence.earlier')}
          </button>
          <button
            type="button"
            disabled={at >= tokens.length - 1}
            onClick={() => {
              model.say(moved(tokens, at, 1));
              model.chosen.value = at + 1;
            }}
          >
            {t('sentence.later')}
          </button>
          <button type="button" disabled={tokens.length < 2} onClick={() => model.say(dropped(tokens, at))}>
            {t('sentence.drop', { word })}
          </button>
          <button
            type="button"
            disabled={turned === undefined}
            onClick={() => turned !== undefined && model.say(turned)}
          >
            {t('sentence.negate')}
          </button>
        </div>
      )}
      {secret ? (
        <fieldset class="tokens guess">
          <legend>{t('predict.question')}</legend>
          {labels.map((name) => (
            <button key={name} type="button" class="primary" onClick={() => model.commitGuess(name)}>
              <bdi>{className(name, t)}</bdi>
            </button>
          ))}
        </fieldset>
      ) : (
        <>
          <p class="verdict">
            <bdi class="said" data-testid="said">
              {className(said, t)}
            </bdi>{' '}
            <bdi data-testid="score" dir="ltr">
              P = {format.value.decimal(score, 4)}
            </bdi>
          </p>
          <p class="remark">{summary}</p>
          {model.context.mode.value === 'predict' && model.guess.value !== null && (
            <p role="status">{t(model.guess.value.right ? 'predict.right' : 'predict.wrong')}</p>
          )}
        </>
      )}
    </FigureCard>
  );
}

/** The two classes of the generated task in the page's language; those of a table as they are. */
export function className(label: string, t: SentimentModel['context']['i18n']['t']): string {
  return label === 'positive' || label === 'negative' ? t(`class.${label}`) : label;
}
