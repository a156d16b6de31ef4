/** How far the learner has come. */
import type { HomeModel } from './model.js';
import { questionIds } from './table.js';

export function Controls({ model }: { readonly model: HomeModel }) {
  const { t, language } = model.context.i18n;
  const marks = model.progress.marks.value;
  const right = questionIds.filter((id) => marks[id] === 'right').length;
  // The notebook of question 4 has no answer to check.
  const all = questionIds.length - 1;
  return (
    <section class="card" aria-labelledby="progress-title">
      <h2 id="progress-title">{t('progress.title')}</h2>
      <p>{t('progress.count', { right, all })}</p>
      <progress max={all} value={right} aria-label={t('progress.title')} />
      <ul class="progress-list">
        {questionIds.map((id) => (
          <li key={id}>
            <button type="button" class="link" onClick={() => model.open(id)}>
              <bdi>{model.question(id)?.label[language.value] ?? id.slice(1)}</bdi>
            </button>{' '}
            <span class={marks[id] ?? 'muted'}>{t(`mark.${marks[id] ?? 'none'}`)}</span>
          </li>
        ))}
      </ul>
      <p class="small">{t('progress.device')}</p>
      <button
        type="button"
        disabled={Object.keys(marks).length === 0}
        onClick={() => model.progress.forget()}
      >
        {t('progress.forget')}
      </button>
    </section>
  );
}
