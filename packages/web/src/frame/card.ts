/** A card beside a word or a number, on hover, focus and tap. Esc closes it. */
import { useId, useRef, useState } from 'preact/hooks';

/** Distance of the card from the window's edge and from the word, px. */
const MARGIN = 8;

/** What the word and the card are given; the card is drawn while it is `open`. */
export function useCard() {
  const [open, setOpen] = useState(false);
  const word = useRef<HTMLButtonElement>(null);
  const id = useId();
  return {
    open,
    show: () => setOpen(true),
    word: {
      ref: word,
      'aria-describedby': open ? id : undefined,
      onPointerEnter: (event: PointerEvent) => event.pointerType === 'mouse' && setOpen(true),
      onPointerLeave: (event: PointerEvent) => event.pointerType === 'mouse' && setOpen(false),
      onFocus: () => setOpen(true),
      onBlur: () => setOpen(false),
      onKeyDown: (event: KeyboardEvent) => {
        if (event.key !== 'Escape' || !open) return;
        event.preventDefault();
        setOpen(false);
      },
    },
    card: {
      id,
      role: 'tooltip' as const,
      class: 'term-card',
      ref: (element: HTMLElement | null) => {
        if (element !== null && word.current !== null) place(element, word.current);
      },
    },
  };
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
