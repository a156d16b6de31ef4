/** A text is typed or pasted, a question or an answer in either language; the page finds where it belongs. */
import { useSignal } from '@preact/signals';
import { useId } from 'preact/hooks';
import { OutcomeView } from '../../frame/answers/outcome.js';
import { show } from '../../frame/operate.js';
import { PageLink } from '../../frame/page-link.js';
import type { HomeModel } from './model.js';
import { proofs } from './proofs.js';
import { LONGEST_TEXT } from './table.js';

export function Router({ model }: { readonly model: HomeModel }) {
  const { i18n, settings, isLocked } = model.context;
  const { t } = i18n;
  const id = useId();
  const typing = useSignal(false);
  return (
    <section class="card" id="router" aria-labelledby={`${id}-title`}>
      <h2 id={`${id}-title`}>{t('router.title')}</h2>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void model.route();
        }}
      >
        <label for={id} class="small">
          {t('router.label')}
        </label>
        <textarea
          id={id}
          rows={3}
          dir="auto"
          maxLength={LONGEST_TEXT}
          disabled={isLocked('text')}
          value={settings.get('text')}
          onInput={(event) => {
            typing.value = true;
            settings.preview('text', event.currentTarget.value);
          }}
          onBlur={() => settings.commit()}
          onKeyDown={(event) => {
            if (event.key !== 'Enter' || event.shiftKey) return;
            event.preventDefault();
            void model.route();
          }}
        />
        <div class="row">
          <button type="submit" class="primary" disabled={settings.get('text').trim() === ''}>
            {t('router.go')}
          </button>
          <button type="button" disabled={settings.get('text') === ''} onClick={() => model.clear()}>
            {t('router.clear')}
          </button>
        </div>
      </form>
      <div aria-live="polite">
        <Found model={model} />
      </div>
    </section>
  );
}

function Found({ model }: { readonly model: HomeModel }) {
  const { i18n, mode } = model.context;
  const { t, format, language } = i18n;
  const found = model.found.value;
  if (found === null) return null;
  if (found.kind === 'nothing') return <p>{t('router.nothing')}</p>;
  return (
    <>
      <p>{t(found.kind === 'question' ? 'router.question' : 'router.answer')}</p>
      <ol class="found">
        {found.readings.map(({ question: id, share, words, verdict }) => {
          const question = model.question(id);
          if (question === undefined) return null;
          return (
            <li key={id}>
              <button
                type="button"
                class="link operate"
                onClick={() => {
                  model.open(id);
                  // The card unfolds first.
                  requestAnimationFrame(() => show(`question-${id}`));
                }}
              >
                <bdi>{question.label[language.value]}</bdi> {question.title[language.value]}
              </button>{' '}
              {share < 1 && (
                <span class="badge">{t('router.share', { percent: format.value.integer(share * 100) })}</span>
              )}{' '}
              <PageLink target={proofs[id]}>{t('card.proof')}</PageLink>
              {words.length > 0 && found.kind === 'question' && (
                <p class="small">
                  {t('router.words')}{' '}
                  {words.slice(0, 8).map((word, index) => (
                    <span key={word}>
                      {index > 0 && ' · '}
                      <bdi>{word}</bdi>
                    </span>
                  ))}
                </p>
              )}
              {verdict !== undefined && <OutcomeView outcome={{ verdict }} />}
            </li>
          );
        })}
      </ol>
      {found.problem !== null && <OutcomeView outcome={{ problem: found.problem }} />}
      {mode.value === 'predict' && found.kind === 'question' && <p class="small">{t('card.secret')}</p>}
    </>
  );
}
