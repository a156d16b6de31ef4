/** Keeps the browser's address and the frame's settings the same, in both directions. */
import { effect } from '@preact/signals';
import type { Frame } from './frame.js';
import { PREFIX } from './packed.js';

/** Safari refuses more than 100 changes of the address in 30 s. */
const DELAY = 400;

/**
 * Writes the address when settings change: a new entry of the browser's history for a commit or another page, the same
 * entry while something is dragged. Going back and forth reads it.
 */
export function followAddress(frame: Frame): void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let entry: object | null = null;
  let commits = 0;
  let read = true;

  const committed = (): number =>
    frame.settings.commits.peek() + (frame.page.peek()?.context.settings.commits.peek() ?? 0);

  const write = (push: boolean): void => {
    const page = frame.page.peek();
    if (page === null) return;
    const hash = location.hash.startsWith(PREFIX) ? frame.hash : location.hash;
    const address = location.pathname + frame.queryOf(page.entry) + hash;
    if (address === location.pathname + location.search + location.hash) return;
    if (push) history.pushState(null, '', address);
    else history.replaceState(null, '', address);
  };

  effect(() => {
    const page = frame.page.value;
    if (page === null) return;
    // Followed: what the address is made of.
    void [frame.queryOf(page.entry), frame.hash];
    if (page.entry !== entry) {
      const first = entry === null;
      entry = page.entry;
      commits = committed();
      clearTimeout(timer);
      // The address that was opened, or gone back to, stays as it is until a setting changes.
      if (!first && !read) write(true);
      read = false;
      return;
    }
    if (read) {
      read = false;
      commits = committed();
      return;
    }
    clearTimeout(timer);
    timer = setTimeout(() => {
      const now = committed();
      write(now !== commits);
      commits = now;
    }, DELAY);
  });

  addEventListener('popstate', () => {
    clearTimeout(timer);
    read = true;
    void frame.visit(location.search, location.hash);
  });
}
