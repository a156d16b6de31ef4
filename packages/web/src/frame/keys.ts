/** The keyboard map. Off while somebody types, in a dialog, or when the key belongs to the focused control. */
import type { Frame } from './frame.js';
import type { Transport } from './page.js';
import { bigStep, seekBy } from './seek.js';

const TYPING =
  'input:not([type="range"], [type="checkbox"], [type="radio"]), textarea, select, [contenteditable]';
/** Controls for which Space already means something. */
const PRESSABLE = 'button, summary, a, label, input, [role="button"], [role="slider"]';
/** Controls for which arrows, Home and End already mean something. */
const STEPPED =
  'input, select, textarea, summary, [role="slider"], [role="grid"], [role="tablist"], [role="listbox"], [tabindex="0"]';

export function listenToKeys(target: Document, frame: Frame): void {
  target.addEventListener('keydown', (event) => {
    if (event.isComposing || event.defaultPrevented) return;
    // The dialog itself, not helpOpen: a dialog's close event comes some time after it has closed.
    if (target.querySelector('dialog[open]') !== null) return;
    const focused = event.target instanceof Element ? event.target : null;
    if (focused?.closest(TYPING)) return;
    if (act(frame, event, focused)) event.preventDefault();
  });
}

/** Does what a key means; false when it means nothing here. */
function act(frame: Frame, event: KeyboardEvent, focused: Element | null): boolean {
  const page = frame.page.peek();
  const { key } = event;
  if (event.ctrlKey || event.metaKey) {
    if (event.altKey || letterOf(event) !== 'z' || page === null) return false;
    if (event.shiftKey) page.context.settings.redo();
    else page.context.settings.undo();
    return true;
  }
  if (event.altKey) return false;
  const transport = page?.instance.transport;
  const track = ['ArrowLeft', 'ArrowRight', 'Home', 'End'].includes(key);
  if (track) {
    return transport !== undefined && focused?.closest(STEPPED) == null && seek(transport, event);
  }
  if (event.repeat) return false;
  if (key === '?' || key === '؟') {
    frame.helpOpen.value = true;
    return true;
  }
  if (page === null) return false;
  if (key === 'Escape') {
    if (page.context.pin.peek() === null) return false;
    page.context.pin.value = null;
    return true;
  }
  const letter = letterOf(event);
  const own = page.instance.keys?.find(
    (binding) => binding.key === key || binding.key.toLowerCase() === letter,
  );
  if (own !== undefined) {
    own.run();
    return true;
  }
  const section = sectionOf(key);
  if (section !== undefined) return jump(section);
  if (transport === undefined) return false;
  if (key === ' ') {
    if (focused?.closest(PRESSABLE)) return false;
    if (transport.play.enabled.peek()) transport.play.toggle();
    return true;
  }
  if (letter === 'r' && transport.rewind?.enabled.peek()) transport.rewind.act();
  else if (letter === 'n' && transport.newSeed !== undefined) transport.newSeed();
  else return false;
  return true;
}

/** Steps along the axis as it is drawn: the time axis runs left to right in every language. */
function seek({ track }: Transport, { key, shiftKey }: KeyboardEvent): boolean {
  const last = track.length.peek() - 1;
  if (last < 1) return false;
  if (key === 'Home') track.seek(0, false);
  else if (key === 'End') track.seek(last, false);
  else seekBy(track, (key === 'ArrowLeft' ? -1 : 1) * (shiftKey ? bigStep(track) : 1));
  return true;
}

/** 1 ... 9, also in Persian digits. */
function sectionOf(key: string): number | undefined {
  if (/^[1-9]$/.test(key)) return Number(key);
  if (/^[۱-۹]$/.test(key)) return key.charCodeAt(0) - '۰'.charCodeAt(0);
  return undefined;
}

/** Brings the nth heading of the page into view and gives it the focus. */
function jump(section: number): boolean {
  const heading = document.querySelectorAll<HTMLElement>('main h2')[section - 1];
  if (heading === undefined) return false;
  heading.tabIndex = -1;
  heading.focus({ preventScroll: true });
  const calm = matchMedia('(prefers-reduced-motion: reduce)').matches;
  heading.scrollIntoView({ behavior: calm ? 'auto' : 'smooth', block: 'start' });
  return true;
}

/** The Latin letter of a key: what it types, or, on a Persian or other layout, what its place types on a Latin one. */
function letterOf({ key, code }: KeyboardEvent): string {
  return /^[a-z]$/i.test(key) ? key.toLowerCase() : code.replace(/^Key/, '').toLowerCase();
}
