/** A term of the field with its card: both languages' names and the meaning, on hover, focus and tap. Esc closes it. */
import type { ComponentChildren } from 'preact';
import { useId, useRef, useState } from 'preact/hooks';
import { glossary, type TermId } from '../i18n/glossary.js';
import { placeCard } from './card.js';
import { useFrame } from './context.js';

interface TermProps {
  readonly id: TermId;
  /** Defaults to the term's name in the current language. */
  readonly children?: ComponentChildren;
}

export function Term({ id, children }: TermProps) {
  const { settings } = useFrame();
  const language = settings.get('language');
  const [open, setOpen] = useState(false);
  const word = useRef<HTMLButtonElement>(null);
  const card = useId();
  const { name, meaning } = glossary[id];
  const other = language === 'en' ? 'fa' : 'en';
  return (
    <>
      <button
        ref={word}
        type="button"
        class="term"
        aria-expanded={open}
        aria-describedby={open ? card : undefined}
        onClick={() => setOpen(true)}
        onPointerEnter={(event) => event.pointerType === 'mouse' && setOpen(true)}
        onPointerLeave={(event) => event.pointerType === 'mouse' && setOpen(false)}
        onFocus={() => setOpen(true)}
        onBlur={() => setOpen(false)}
        onKeyDown={(event) => {
          if (event.key !== 'Escape' || !open) return;
          event.preventDefault();
          setOpen(false);
        }}
      >
        {children ?? name[language]}
      </button>
      {open && (
        <span
          id={card}
          role="tooltip"
          class="term-card"
          ref={(element) => {
            if (element !== null && word.current !== null) placeCard(element, word.current);
          }}
        >
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
