/** A named region that scrolls, reachable by keyboard so that the arrow keys can scroll it. */
import type { ComponentChildren } from 'preact';

interface ScrollBoxProps {
  readonly class: string;
  readonly label: string;
  /** `auto` takes the direction of the text inside. Defaults to the page's. */
  readonly dir?: 'auto';
  readonly busy?: boolean;
  readonly testId?: string;
  readonly children: ComponentChildren;
}

export function ScrollBox({ class: className, label, dir, busy, testId, children }: ScrollBoxProps) {
  return (
    <section
      class={className}
      aria-label={label}
      aria-busy={busy}
      dir={dir}
      data-testid={testId}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be scrollable without a mouse
      tabIndex={0}
    >
      {children}
    </section>
  );
}
