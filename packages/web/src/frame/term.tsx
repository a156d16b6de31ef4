/** A term of the field with its card: both languages' names and the meaning, on hover, focus and tap. Esc closes it. */
import type { ComponentChildren } from 'preact';
import { useId, useRef, useState } from 'preact/hooks';
import { glossary, type TermId } from '../i18n/glossary.js';
import { useFrame } from './context.js';

interface TermProps {
  readonly id: TermId;
  /** Defaults to the term's name in the current language. */
  readonly children?: ComponentChildren;
}

/** Distance of the card from the window's edge and from the word, px. */
const MARGIN = 8;

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
            if (element !== null && word.current !== null) place(element, word.current);
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

/** Below the word, or above it where there is no room; always inside the window. */
function place(card: HTMLElement, word: HTMLElement): void {
  const at = word.getBoundingClientRect();
  const { offsetWidth: width, offsetHeight: height } = card;
  const left = Math.min(Math.max(MARGIN, at.left), innerWidth - width - MARGIN);
  const below = at.bottom + MARGIN;
  const top = below + height < innerHeight - MARGIN ? below : Math.max(MARGIN, at.top - height - MARGIN);
  card.style.left = `${left}px`;
  card.style.top = `${top}px`;
}
