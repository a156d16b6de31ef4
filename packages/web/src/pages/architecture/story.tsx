/** Three questions that decide, with links that operate the figure. */
import { Prose } from '../../frame/prose.js';
import type { ArchitectureModel } from './model.js';

const paragraphs = ['story.lead', 'story.outputs', 'story.future', 'story.when', 'story.leak'] as const;

export function Story({ model }: { readonly model: ArchitectureModel }) {
  const { i18n, settings } = model.context;
  const { t } = i18n;
  const links = {
    speech: () => model.put('speech', 'many-to-one'),
    ctc: () => settings.adopt({ task: 'speech', shape: 'aligned', loss: 'ctc', bidirectional: true }),
    cat: () =>
      settings.adopt({ task: 'cat-mood', shape: 'aligned', loss: 'each', bidirectional: false, wait: 0 }),
    catBoth: () => settings.adopt({ task: 'cat-mood', shape: 'aligned', loss: 'each', bidirectional: true }),
    tagging: () => settings.adopt({ task: 'tagging', shape: 'aligned', loss: 'each', bidirectional: true }),
    frames: () =>
      settings.adopt({ task: 'frame-labels', shape: 'aligned', loss: 'each', bidirectional: false, wait: 2 }),
    leak: () =>
      settings.adopt({ task: 'language-model', shape: 'aligned', loss: 'each', bidirectional: true, at: 3 }),
    pooling: () => settings.adopt({ task: 'sentiment', shape: 'many-to-one', readout: 'mean' }),
    last: () => settings.adopt({ task: 'sentiment', shape: 'many-to-one', readout: 'last' }),
    translation: () =>
      settings.adopt({
        task: 'translation',
        shape: 'encoder-decoder',
        readout: 'attention',
        bidirectional: true,
      }),
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
