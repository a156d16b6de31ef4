/** Where a model comes in: dropped, chosen, or a run of this browser. */
import { useRef, useState } from 'preact/hooks';
import type { ModelsModel } from '../model.js';

export function DropZone({ model }: { readonly model: ModelsModel }) {
  const { t } = model.context.i18n;
  const chooser = useRef<HTMLInputElement>(null);
  const kept = model.kept.value;
  const vocabulary = model.vocabulary.value;
  const [chosen, setChosen] = useState('');
  const id = kept.some((run) => run.id === chosen) ? chosen : (kept[0]?.id ?? '');
  return (
    <section class="card" aria-labelledby="in-title" id="section-in">
      <h2 id="in-title">{t('in.title')}</h2>
      <div class="drop-zone">
        <p>{t('in.drop')}</p>
        <button
          type="button"
          class="primary"
          disabled={model.busy.value}
          onClick={() => chooser.current?.click()}
        >
          {t('in.choose')}
        </button>
        <input
          ref={chooser}
          type="file"
          multiple
          class="hidden"
          tabIndex={-1}
          aria-label={t('in.files')}
          data-testid="model-file"
          onChange={(event) => {
            const files = [...(event.currentTarget.files ?? [])];
            event.currentTarget.value = '';
            if (files.length > 0) void model.take(files);
          }}
        />
      </div>
      <p class="small">{t('in.vocabulary')}</p>
      {vocabulary !== null && (
        <p class="small">
          {t('in.hasVocabulary', { name: vocabulary.name, count: vocabulary.tokens.length })}
        </p>
      )}
      <div class="kept-runs">
        <label for="kept-run">{t('in.kept')}</label>
        {kept.length === 0 ? (
          <span id="kept-run" class="muted">
            {t('in.none')}
          </span>
        ) : (
          <>
            <select id="kept-run" value={id} onChange={(event) => setChosen(event.currentTarget.value)}>
              {kept.map((run) => (
                <option key={run.id} value={run.id}>
                  {t('in.keptRun', {
                    seed: String(run.config.seed),
                    cell: run.config.cell.toUpperCase(),
                    hidden: run.config.hiddenSize,
                    step: run.step,
                  })}
                </option>
              ))}
            </select>
            <button type="button" disabled={model.busy.value} onClick={() => void model.takeKept(id)}>
              {t('in.take')}
            </button>
          </>
        )}
      </div>
    </section>
  );
}
