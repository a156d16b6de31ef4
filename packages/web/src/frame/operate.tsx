/** A link in the story that operates the figure, brings it into view and flashes what changed. */
import type { ComponentChildren } from 'preact';

interface OperateProps {
  readonly act: () => void;
  /** Id of the element that changes. Defaults to the whole figure. */
  readonly target?: string;
  readonly children: ComponentChildren;
}

export function Operate({ act, target = 'figure', children }: OperateProps) {
  return (
    <button
      type="button"
      class="link operate"
      onClick={() => {
        act();
        show(target);
      }}
    >
      {children}
    </button>
  );
}

const FLASH_MS = 900;

/** Scrolls an element into view and outlines it for a moment; without motion for those who asked for none. */
export function show(target: string): void {
  const element = document.getElementById(target);
  const calm = matchMedia('(prefers-reduced-motion: reduce)').matches;
  element?.scrollIntoView({ behavior: calm ? 'auto' : 'smooth', block: 'nearest' });
  element?.animate?.([{ outline: '3px solid var(--focus)' }, { outline: '3px solid transparent' }], {
    duration: calm ? 0 : FLASH_MS,
  });
}
