/** The text to learn from: the sample, one's own, or a file. */
import { useEffect, useRef, useState } from 'preact/hooks';
import { ScrollBox } from '../../../frame/scroll-box.js';
import { useApp } from '../app.js';
import { OWN_TEXT_NAME } from '../commands.js';

/** Characters of the preview: enough to see what it is, little enough to lay out at once. */
const PREVIEW = 1200;

/** Typing is taken over after this pause, ms. */
const TYPING_PAUSE = 500;

export function TextCard() {
  const { i18n, lab, commands } = useApp();
  const { t, format } = i18n;
  const text = lab.source.value;
  const run = lab.run.value;
  const [own, setOwn] = useState('');
  const [writing, setWriting] = useState(false);
  const chooser = useRef<HTMLInputElement>(null);
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  // A text that was dropped, brought by a link or kept is there to be changed, too.
  useEffect(() => {
    if (text?.kind === 'own') setOwn(text.content);
  }, [text]);
  const kind = writing ? 'own' : (text?.kind ?? 'sample');

  const type = (content: string): void => {
    setOwn(content);
    clearTimeout(timer.current);
    timer.current = setTimeout(() => commands.useText('own', OWN_TEXT_NAME, content), TYPING_PAUSE);
  };

  return (
    <section class="card" aria-labelledby="text-title">
      <h2 id="text-title">{t('text.title')}</h2>
      <fieldset class="segments">
        <legend class="hidden">{t('text.source')}</legend>
        <label>
          <input
            type="radio"
            name="text-source"
            checked={kind === 'sample'}
            onChange={() => {
              clearTimeout(timer.current);
              setWriting(false);
              void commands.loadSampleText();
            }}
          />
          <span>{t('text.sample')}</span>
        </label>
        <label>
          <input
            type="radio"
            name="text-source"
            checked={kind === 'own'}
            onChange={() => {
              setWriting(true);
              if (own !== '') commands.useText('own', OWN_TEXT_NAME, own);
            }}
          />
          <span>{t('text.own')}</span>
        </label>
      </fieldset>
      <button type="button" onClick={() => chooser.current?.click()}>
        {t('text.file')}
      </button>
      <input
        ref={chooser}
        type="file"
        class="hidden"
        tabIndex={-1}
        aria-label={t('text.file')}
        data-testid="text-file"
        onChange={(event) => {
          const files = [...(event.currentTarget.files ?? [])];
          event.currentTarget.value = '';
          setWriting(false);
          if (files.length > 0) void commands.takeFiles(files);
        }}
      />
      <p class="small">{t('text.drop')}</p>
      {kind === 'own' ? (
        <textarea
          class="text-field"
          rows={8}
          dir="auto"
          spellcheck={false}
          aria-label={t('text.field')}
          placeholder={t('text.field')}
          value={own}
          onInput={(event) => type(event.currentTarget.value)}
        />
      ) : (
        <ScrollBox class="preview" label={t('text.preview')} dir="auto">
          {text === null ? t('text.loading') : text.content.slice(0, PREVIEW)}
        </ScrollBox>
      )}
      <p class="small facts">
        {text !== null && (
          <>
            <bdi>{text.kind === 'own' ? '' : text.name}</bdi>{' '}
          </>
        )}
        {run?.trainable &&
          !lab.stale.value &&
          t('text.facts', {
            characters: format.value.integer(run.trainCharacters + run.validationCharacters),
            vocabulary: run.vocabulary.length,
            steps: format.value.integer(run.stepsPerEpoch),
          })}
      </p>
    </section>
  );
}
