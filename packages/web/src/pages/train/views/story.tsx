/** What is going on, in three paragraphs, and links that operate the figure. */
import { show } from '../../../frame/operate.js';
import { Prose } from '../../../frame/prose.js';
import { useApp } from '../app.js';

export function Story() {
  const { i18n, settings, commands, lab } = useApp();
  const { t } = i18n;
  /** Change something, start again with it, and bring the figure into view. */
  const attempt = (change: () => void): void => {
    change();
    commands.rewind();
    void lab.play();
    show('figure');
  };
  return (
    <section class="story" aria-labelledby="story-title">
      <h2 id="story-title">{t('story.title')}</h2>
      <p>
        <Prose text={t('story.lead')} />
      </p>
      <p>
        <Prose text={t('story.model')} />
      </p>
      <p>
        <Prose text={t('story.chance')} />
      </p>
      <h3>{t('story.try')}</h3>
      <ul class="tries">
        <li>
          <button type="button" class="link" onClick={() => attempt(() => settings.set('hidden', 16))}>
            {t('story.try.small')}
          </button>
        </li>
        <li>
          <button type="button" class="link" onClick={() => attempt(() => settings.set('learningRate', 0.5))}>
            {t('story.try.fast')}
          </button>
        </li>
        <li>
          <button
            type="button"
            class="link"
            onClick={() => {
              void commands.setRate(Number((lab.rate.value / 10).toPrecision(6)));
              show('rate');
            }}
          >
            {t('story.try.rate')}
          </button>
        </li>
        <li>
          <button
            type="button"
            class="link"
            onClick={() => {
              settings.set('temperature', 0);
              commands.sample();
              show('figure');
            }}
          >
            {t('story.try.cold')}
          </button>
        </li>
        <li>
          <button
            type="button"
            class="link"
            onClick={() => attempt(() => settings.set('seed', (settings.get('seed') + 1) % 2 ** 53))}
          >
            {t('story.try.seed')}
          </button>
        </li>
      </ul>
    </section>
  );
}
