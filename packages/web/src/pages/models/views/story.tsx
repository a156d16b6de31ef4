/** What files of weights leave unsaid. */
import { Operate } from '../../../frame/operate.js';
import { Prose } from '../../../frame/prose.js';
import type { ModelsModel } from '../model.js';

export function Story({ model }: { readonly model: ModelsModel }) {
  const { i18n, settings } = model.context;
  const { t } = i18n;
  return (
    <section class="story" aria-labelledby="story-title">
      <h2 id="story-title">{t('story.title')}</h2>
      {(['story.lead', 'story.gates', 'story.receipt', 'story.private'] as const).map((key) => (
        <p key={key}>
          <Prose text={t(key)} />
        </p>
      ))}
      <h3>{t('story.try')}</h3>
      <ul class="tries">
        {(['onnx', 'keras', 'pytorch'] as const).map((format) => (
          <li key={format}>
            <Operate
              target="section-out"
              act={() => {
                settings.set('format', format);
                if (model.taken.value?.facts !== undefined) void model.write();
              }}
            >
              {t(`story.try.${format}`)}
            </Operate>
          </li>
        ))}
      </ul>
    </section>
  );
}
