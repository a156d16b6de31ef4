/** What is kept, and how to compare. */
import { MOST_BYTES, MOST_RUNS } from '../../../frame/kept-runs/store.js';
import { Prose } from '../../../frame/prose.js';
import type { RunsModel } from '../model.js';

export function Story({ model }: { readonly model: RunsModel }) {
  const { t, format } = model.context.i18n;
  return (
    <section class="story" aria-labelledby="story-title">
      <h2 id="story-title">{t('story.title')}</h2>
      {(['story.lead', 'story.compare', 'story.again'] as const).map((key) => (
        <p key={key}>
          <Prose text={t(key)} />
        </p>
      ))}
      <p class="small">{t('story.room', { runs: MOST_RUNS, size: format.value.bytes(MOST_BYTES) })}</p>
    </section>
  );
}
