/**
 * Formulas drawn in short turns: what is there already is copied, the rest waits for its turn when many come at once, so that
 * a page with dozens of them never stands still.
 */
import type { KatexOptions } from 'katex';

type Katex = typeof import('katex').default;

/** `\\htmlData` names symbols, so that a page finds them again; everything else that reaches outside a formula is refused. */
const OPTIONS: KatexOptions = {
  throwOnError: false,
  trust: ({ command }) => command === '\\htmlData',
  strict: (code: string) => (code === 'htmlExtension' ? 'ignore' : 'warn'),
};

/** What one turn may take, ms: the rest of a frame is for layout and for the page. */
const TURN = 8;
/** Drawn formulas that are kept; a page has some dozens. */
const MOST_KEPT = 600;

interface Job {
  readonly tex: string;
  readonly display: boolean;
}

/** By formula, the one used longest ago first. */
const kept = new Map<string, DocumentFragment>();
const waiting = new Map<HTMLElement, Job>();
/** Until when the present turn may draw. */
let turnEnds = 0;
let isAwaited = false;
const turns = new MessageChannel();

/** Draws `tex` into `element`: at once where there is time, else in one of the next turns, when the element is still there. */
export function draw(katex: Katex, element: HTMLElement, tex: string, display: boolean): void {
  waiting.delete(element);
  const job = { tex, display };
  if (waiting.size === 0 && (kept.has(keyOf(job)) || hasTime())) {
    put(katex, element, job);
    return;
  }
  waiting.set(element, job);
  takeTurns(katex);
}

/** The element is gone. */
export function forget(element: HTMLElement): void {
  waiting.delete(element);
}

/** A turn begins with the first formula of a task. */
function hasTime(): boolean {
  const now = performance.now();
  if (turnEnds === 0) {
    turnEnds = now + TURN;
    queueMicrotask(() => {
      // Effects of one render run in one task: what is over by then belongs to the next turn.
      turnEnds = 0;
    });
  }
  return now < turnEnds;
}

function takeTurns(katex: Katex): void {
  if (isAwaited) return;
  isAwaited = true;
  turns.port1.onmessage = () => {
    isAwaited = false;
    const end = performance.now() + TURN;
    for (const [element, job] of waiting) {
      waiting.delete(element);
      put(katex, element, job);
      if (performance.now() >= end) break;
    }
    if (waiting.size > 0) takeTurns(katex);
  };
  turns.port2.postMessage(null);
}

const keyOf = ({ tex, display }: Job): string => `${display ? 'display' : 'inline'} ${tex}`;

function put(katex: Katex, element: HTMLElement, job: Job): void {
  const key = keyOf(job);
  let drawn = kept.get(key);
  if (drawn === undefined) {
    const place = document.createElement('span');
    katex.render(job.tex, place, { ...OPTIONS, displayMode: job.display });
    drawn = document.createDocumentFragment();
    drawn.append(...place.childNodes);
    if (kept.size >= MOST_KEPT) kept.delete(kept.keys().next().value ?? '');
  } else kept.delete(key);
  kept.set(key, drawn);
  element.replaceChildren(drawn.cloneNode(true));
}
