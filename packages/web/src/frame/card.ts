/** Where a card beside a word or a number stands. */

/** Distance of the card from the window's edge and from the word, px. */
const MARGIN = 8;

/** Below the word, or above it where there is no room; always inside the window. */
export function placeCard(card: HTMLElement, word: HTMLElement): void {
  const at = word.getBoundingClientRect();
  const { offsetWidth: width, offsetHeight: height } = card;
  const left = Math.min(Math.max(MARGIN, at.left), innerWidth - width - MARGIN);
  const below = at.bottom + MARGIN;
  const top = below + height < innerHeight - MARGIN ? below : Math.max(MARGIN, at.top - height - MARGIN);
  card.style.left = `${left}px`;
  card.style.top = `${top}px`;
}
