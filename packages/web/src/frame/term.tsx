/** A term of the field with its card: both languages' names and the meaning, on hover, focus and tap. Esc closes it. */
import type { ComponentChildren } from 'preact';
import { glossary, type TermId } from '../i18n/glossary.js';
import { useCard } from './card.js';
import { useFrame } from './context.js';

interface TermProps {
  readonly id: TermId;
  /** Defaults to the term's name in the current language. */
  readonly children?: ComponentChildren;
}

export function Term({ id, children }: TermProps) {
  const { settings } = useFrame();
  const language = settings.get('language');
  const { open, show, word, card } = useCard();
  const { name, meaning } = glossary[id];
  const other = language === 'en' ? 'fa' : 'en';
  return (
    <>
      <button type="button" class="term" aria-expanded={open} onClick={show} {...word}>
        {children ?? name[language]}
      </button>
      {open && (
        <span {...card}>
          <strong>{name[language]}</strong>
          {name[other] !== name[language] && (
            <bdi class="other-name" lang={other}>
              {name[other]}
            </bdi>
          )}
          <span>{meaning[language]}</span>
        </span>
      )}
    </>
  );
}
