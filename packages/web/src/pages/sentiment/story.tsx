/** What is to be seen, with links that operate the figure. */
import { StoryColumn } from '../../frame/story-column.js';
import type { SentimentModel } from './model.js';

export function Story({ model }: { readonly model: SentimentModel }) {
  const { i18n, settings } = model.context;
  const { t } = i18n;
  const start = (change: () => void) => () => {
    change();
    void model.lab.rewind().then(() => model.lab.play());
  };
  const links = {
    train: () => void model.lab.play(),
    first: () => {
      model.lab.pinned.value = 0;
    },
    last: start(() => settings.set('pooling', 'last')),
    mean: start(() => settings.set('pooling', 'mean')),
    both: start(() => settings.set('bidirectional', true)),
    twist: () => settings.set('input', 'although the film was not bad, the ending was slow'),
    persian: () => settings.set('input', 'غذا عالی بود، اما خدمات خیلی کند بود'),
  };
  return (
    <StoryColumn
      t={t}
      paragraphs={['story.lead', 'story.rule', 'story.prefix', 'story.why']}
      tries={['story.try.last', 'story.try.mean', 'story.try.both', 'story.try.twist', 'story.try.persian']}
      links={links}
    />
  );
}
