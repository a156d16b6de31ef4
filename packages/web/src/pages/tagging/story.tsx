/** What is to be seen, with links that operate the figure. */
import { Prose } from '../../frame/prose.js';
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
    <section class="story" aria-labelledby="story-title">
      <h2 id="story-title">{t('story.title')}</h2>
      {(['lead', 'context', 'both', 'price'] as const).map((name) => (
        <p key={name}>
          <Prose text={t(`story.${name}`)} links={links} />
        </p>
      ))}
      <h3>{t('story.try')}</h3>
      <ul class="tries">
        {(['lamp', 'persian', 'mood'] as const).map((name) => (
          <li key={name}>
            <Prose text={t(`story.try.${name}`)} links={links} />
          </li>
        ))}
      </ul>
    </section>
  );
}
