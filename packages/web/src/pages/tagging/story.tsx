/** What is to be seen, with links that operate the figure. */
import { StoryColumn } from '../../frame/story-column.js';
import type { TaggingModel } from './model.js';

export function Story({ model }: { readonly model: TaggingModel }) {
  const { i18n, settings } = model.context;
  const { t } = i18n;
  const ask = (text: string) => () => {
    model.chosen.value = null;
    settings.adopt({ task: 'part-of-speech', input: text });
  };
  const links = {
    train: () => void model.play(),
    book: ask('she saw her book .'),
    her: ask('she saw her .'),
    lamp: ask('the light lamp saw her .'),
    persian: ask('مرد در باغ مرد .'),
    mood: () => {
      settings.adopt({ task: 'mood', input: '' });
      void model.restart().then(() => model.play());
    },
  };
  return (
    <StoryColumn
      t={t}
      paragraphs={['story.lead', 'story.context', 'story.both', 'story.price']}
      tries={['story.try.lamp', 'story.try.persian', 'story.try.mood']}
      links={links}
    />
  );
}
