/** The left column of a page: what is to be seen, then what to try, both with links that operate the figure. */
import type { ComponentChildren } from 'preact';
import { Prose, type ProseProps } from './prose.js';

interface StoryColumnProps<K extends string> {
  /** The page's words. */
  readonly t: (key: K | 'story.title' | 'story.try') => string;
  readonly paragraphs: readonly K[];
  readonly tries: readonly K[];
  readonly links: Required<ProseProps>['links'];
  /** What stands below. */
  readonly children?: ComponentChildren;
}

export function StoryColumn<K extends string>({
  t,
  paragraphs,
  tries,
  links,
  children,
}: StoryColumnProps<K>) {
  return (
    <section class="story" aria-labelledby="story-title">
      <h2 id="story-title">{t('story.title')}</h2>
      {paragraphs.map((key) => (
        <p key={key}>
          <Prose text={t(key)} links={links} />
        </p>
      ))}
      <h3>{t('story.try')}</h3>
      <ul class="tries">
        {tries.map((key) => (
          <li key={key}>
            <Prose text={t(key)} links={links} />
          </li>
        ))}
      </ul>
      {children}
    </section>
  );
}
