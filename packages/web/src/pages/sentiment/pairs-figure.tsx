/** Sentences that differ in one thing, in both languages: does the model hear the difference? */
import { FigureCard } from '../../frame/figure-card.js';
import type { SentimentModel } from './model.js';
import { className } from './sentence-figure.js';
import { pairs } from './table.js';

export function PairsFigure({ model }: { readonly model: SentimentModel }) {
  const { i18n, settings, isLocked } = model.context;
  const { t, format } = i18n;
  const { look } = model;
  if (model.secret) return null;
  if (look?.pairs.length === 0) return <p class="card remark">{t('pairs.only')}</p>;
  const judged = pairs.flatMap((pair, n) =>
    pair.sentences.map(([text, label], at) => {
      const score = look?.pairs[n]?.[at] ?? Number.NaN;
      const said = Number.isNaN(score) ? '' : score >= 0.5 ? 'positive' : 'negative';
      return { pair, at, text, label, score, right: said === label };
    }),
  );
  const right = judged.filter((row) => row.right).length;
  const summary = t('pairs.summary', { right, count: judged.length, step: model.lab.shown?.step ?? 0 });
  return (
    <FigureCard
      id="pairs"
      title={t('pairs.title')}
      name="minimal-pairs"
      honest="computed"
      summary={summary}
      table={() => ({
        columns: [t('sentence.text'), t('pairs.rule'), `P(${className('positive', t)})`],
        rows: judged.map(({ text, label, score }) => [text, className(label, t), score]),
      })}
    >
      <p class="remark">{summary}</p>
      <ul class="pairs">
        {judged.map(({ pair, at, text, label, score, right: isRight }) => (
          <li key={text} class={at === 0 ? 'first' : ''}>
            {at === 0 && <strong class="kind">{t(`pairs.${pair.id}`)}</strong>}
            <span class={isRight ? 'mark-right' : 'mark-wrong'} aria-hidden="true">
              {Number.isNaN(score) ? '–' : isRight ? '✓' : '✗'}
            </span>
            <button
              type="button"
              class="link"
              disabled={isLocked('input')}
              onClick={() => settings.set('input', text)}
            >
              <bdi>{text}</bdi>
            </button>
            <span class="bar" dir="ltr">
              <svg viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">
                <rect class="frame" width="100" height="10" />
                <rect class="fill" width={Number.isNaN(score) ? 0 : 100 * score} height="10" />
              </svg>
            </span>
            <span class="number">
              {format.value.decimal(score, 2)}
              <span class="hidden">
                {' '}
                {t(isRight ? 'pairs.right' : 'pairs.wrong', { label: className(label, t) })}
              </span>
            </span>
          </li>
        ))}
      </ul>
    </FigureCard>
  );
}
