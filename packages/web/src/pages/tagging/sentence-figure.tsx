/** The sentence with the tags that both readers give, and where they differ. */

import { readingDirection } from '../../examples/direction.js';
import { Field } from '../../frame/field.js';
import { FigureCard } from '../../frame/figure-card.js';
import type { TaggingModel } from './model.js';
import { apart, confidences } from './places.js';
import { samples } from './table.js';

export function SentenceFigure({ model }: { readonly model: TaggingModel }) {
  const { i18n, settings, isLocked } = model.context;
  const { t, format } = i18n;
  const { said } = model;
  if (said === undefined) {
    return (
      <section class="card" id="sentence">
        <p class="remark">{t('look.waiting')}</p>
      </section>
    );
  }
  const { one, both } = said;
  const tokens = both.tokens ?? [];
  const { at, secret } = model;
  const sure = { one: confidences(one), both: confidences(both) };
  const differ = tokens.filter((_, n) => one.tags?.[n] !== both.tags?.[n]).length;
  const step = model.labs.both.shown?.step ?? 0;
  const summary = secret
    ? t('predict.hidden')
    : t('sentence.summary', { step, differ, count: tokens.length });
  const hidden = (n: number): boolean => secret && n === at;
  return (
    <FigureCard
      id="sentence"
      title={t('sentence.title')}
      name="tags"
      honest="computed"
      summary={summary}
      table={() => ({
        columns: [t('sentence.token'), t('reader.one'), 'P', t('reader.both'), 'P'],
        rows: tokens.map((token, n) =>
          hidden(n)
            ? [`${n + 1} ${token}`, '?', Number.NaN, '?', Number.NaN]
            : [
                `${n + 1} ${token}`,
                one.tags?.[n] ?? '',
                sure.one[n] ?? Number.NaN,
                both.tags?.[n] ?? '',
                sure.both[n] ?? Number.NaN,
              ],
        ),
      })}
    >
      <Field name="input" />
      {!isLocked('input') && model.labs.both.source.value?.kind !== 'table' && (
        <fieldset class="tokens">
          <legend class="hidden">{t('sentence.samples')}</legend>
          {samples[settings.get('task')].map((text) => (
            <button
              key={text}
              type="button"
              class="sample"
              aria-pressed={text === model.text}
              onClick={() => {
                model.chosen.value = null;
                settings.set('input', text);
              }}
            >
              <bdi>{text}</bdi>
            </button>
          ))}
        </fieldset>
      )}
      <ol class="tagged" dir={readingDirection(model.text)} aria-label={t('sentence.title')}>
        {tokens.map((token, n) => {
          const distance = apart(one.tagProbabilities?.[n] ?? [], both.tagProbabilities?.[n] ?? []);
          return (
            <li key={n}>
              <button
                type="button"
                aria-pressed={n === at}
                onClick={() => {
                  model.chosen.value = n;
                }}
              >
                <bdi class="token">{token}</bdi>
                <bdi
                  class={hidden(n) ? 'tag' : `tag one${one.tags?.[n] === both.tags?.[n] ? '' : ' differs'}`}
                >
                  {hidden(n) ? '?' : one.tags?.[n]}
                </bdi>
                <bdi class="tag both">{hidden(n) ? '?' : both.tags?.[n]}</bdi>
                {!hidden(n) && distance > 0.2 && (
                  <span class="apart" title={t('sentence.apart')}>
                    ≠ {format.value.decimal(distance, 2)}
                  </span>
                )}
              </button>
            </li>
          );
        })}
      </ol>
      <p class="remark">{t('sentence.rows')}</p>
      <p class="remark">{summary}</p>
    </FigureCard>
  );
}
