/** What is to be seen, with links that operate the figure. */
import { Prose } from '../../frame/prose.js';
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
    <section class="story" aria-labelledby="story-title">
      <h2 id="story-title">{t('story.title')}</h2>
      {(['lead', 'rule', 'prefix', 'why'] as const).map((name) => (
        <p key={name}>
          <Prose text={t(`story.${name}`)} links={links} />
        </p>
      ))}
      <h3>{t('story.try')}</h3>
      <ul class="tries">
        {(['last', 'mean', 'both', 'twist', 'persian'] as const).map((name) => (
          <li key={name}>
            <Prose text={t(`story.try.${name}`)} links={links} />
          </li>
        ))}
      </ul>
    </section>
  );
}
