/** The keyboard map. Off while somebody types, in a dialog, or when the key belongs to the focused control. */
import type { Signal } from '@preact/signals';
import type { Commands } from './app.js';

const TYPING = 'input:not([type="range"]), textarea, select, [contenteditable]';
/** Controls for which Space already means something. */
const PRESSABLE = 'button, summary, a, label, [role="button"]';

export function listenToKeys(target: Document, commands: Commands, helpOpen: Signal<boolean>): void {
  target.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.repeat) return;
    // The dialog itself, not helpOpen: a dialog's close event comes some time after it has closed.
    if (target.querySelector('dialog[open]') !== null || event.defaultPrevented) return;
    const focused = event.target instanceof Element ? event.target : null;
    if (focused?.closest(TYPING)) return;
    if (event.key === ' ') {
      if (focused?.closest(PRESSABLE)) return;
      commands.togglePlay();
    } else if (letterOf(event) === 'r') commands.rewind();
    else if (letterOf(event) === 's') commands.sample();
    else if (event.key === '?' || event.key === '؟') helpOpen.value = true;
    else return;
    event.preventDefault();
  });
}

/** The Latin letter of a key: what it types, or, on a Persian or other layout, what its place types on a Latin one. */
function letterOf({ key, code }: KeyboardEvent): string {
  return /^[a-z]$/i.test(key) ? key.toLowerCase() : code.replace(/^Key/, '').toLowerCase();
}
