/** The clipboard. */
import type { Notice } from './notices.js';

/** Copies `text` and says so; where the browser forbids it, selects `shown`, which shows the same text. */
export async function copy(
  text: string,
  shown: HTMLElement | null,
  tell: (notice: Notice) => void,
): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
    tell({ tone: 'info', key: 'status.copied' });
  } catch {
    if (shown instanceof HTMLInputElement) shown.select();
    else if (shown !== null) getSelection()?.selectAllChildren(shown);
    tell({ tone: 'info', key: 'status.copyByHand' });
  }
}
