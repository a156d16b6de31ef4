/** A titled part of the figure; links of the story find it by its id. */
import type { ComponentChildren } from 'preact';

interface PanelProps {
  readonly id: string;
  readonly title: string;
  readonly class?: string;
  readonly children: ComponentChildren;
}

export function Panel({ id, title, class: className = '', children }: PanelProps) {
  return (
    <section class={`card ${className}`} id={id} aria-labelledby={`${id}-title`}>
      <h2 id={`${id}-title`}>{title}</h2>
      {children}
    </section>
  );
}
