/** What the bars are, with links that operate the figure. */
import { Prose } from '../../frame/prose.js';
import type { LanguageModel } from './model.js';

const paragraphs = ['story.lead', 'story.chain', 'story.perplexity', 'story.free', 'story.index'] as const;

export function Story({ model }: { readonly model: LanguageModel }) {
  const { i18n, settings } = model.context;
  const { t } = i18n;
  const links = {
    begin: () => settings.set('caret', 0),
    end: () => settings.set('caret', [...model.line.peek()].length),
    cold: () => settings.set('temperature', 0),
    hot: () => settings.set('temperature', 2),
    plain: () => settings.adopt({ temperature: 1, topK: 0, topP: 1 }),
    index: () => settings.set('index', settings.get('index') === 'y' ? 'x' : 'y'),
    again: () => void model.train(),
    alone: () => settings.set('context', 0),
  };
  return (
    <section class="story" aria-labelledby="story-title">
      <h2 id="story-title">{t('story.title')}</h2>
      {paragraphs.map((key) => (
        <p key={key}>
          <Prose text={t(key)} links={links} />
        </p>
      ))}
    </section>
  );
}
