/** What is to be seen, with links that operate the figure. */
import { Operate } from '../../frame/operate.js';
import type { AttentionModel } from './model.js';
import { presets } from './presets.js';

export function Story({ model }: { readonly model: AttentionModel }) {
  const { i18n, settings } = model.context;
  const { t } = i18n;
  const preset = (id: string) => () => {
    const found = presets.find((candidate) => candidate.id === id);
    if (found !== undefined) settings.adopt(found.values);
  };
  return (
    <section class="story" aria-labelledby="story-title">
      <h2 id="story-title">{t('story.title')}</h2>
      <p>{t('story.lead')}</p>
      <p>{t('story.why')}</p>
      <p>{t('story.values')}</p>
      <p>{t('story.remedies')}</p>
      <h3>{t('story.try')}</h3>
      <ul class="tries">
        <li>
          <Operate target="section-hand" act={preset('question')}>
            {t('story.try.question')}
          </Operate>
        </li>
        <li>
          <Operate target="section-hand" act={preset('tie')}>
            {t('story.try.tie')}
          </Operate>
        </li>
        <li>
          <Operate
            target="section-why"
            act={() => {
              preset('question')();
              settings.adopt({ mode: 'argmax', turned: 1 });
            }}
          >
            {t('story.try.stairs')}
          </Operate>
        </li>
        <li>
          <Operate
            target="section-remedies"
            act={() => settings.adopt({ mode: 'straight-through', temperature: 2 })}
          >
            {t('story.try.through')}
          </Operate>
        </li>
        <li>
          <Operate
            target="section-simplex"
            act={() => {
              preset('plane')();
              settings.adopt({ mode: 'gumbel', temperature: 0.3 });
            }}
          >
            {t('story.try.gumbel')}
          </Operate>
        </li>
        <li>
          <Operate
            target="section-estimators"
            act={() => {
              preset('near')();
              settings.adopt({ samples: 20_000 });
            }}
          >
            {t('story.try.estimators')}
          </Operate>
        </li>
        <li>
          <Operate target="section-training" act={() => void model.train()}>
            {t('story.try.training')}
          </Operate>
        </li>
      </ul>
    </section>
  );
}
