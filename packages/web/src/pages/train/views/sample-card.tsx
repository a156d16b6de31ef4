/** What the model wrote at the chosen moment of its training. */

import { ScrollBox } from '../../../frame/scroll-box.js';
import { useApp } from '../app.js';

export function SampleCard() {
  const { i18n, lab, looks, pinned, commands } = useApp();
  const { t, format } = i18n;
  const moment = looks.moment.value;
  const samples = lab.samples.value;
  const newest = samples.length - 1;
  const sample = samples[Math.min(pinned.value ?? newest, newest)];
  const step = sample === undefined ? '' : (sample.exact ? '' : '≈ ') + format.value.integer(sample.step);
  return (
    <section class="card sample-card" aria-labelledby="sample-title">
      <div class="card-head">
        <h2 id="sample-title">{t('sample.title')}</h2>
        {sample !== undefined && (
          <p class="badge">
            {sample.loss === undefined
              ? t('sample.at', { step })
              : t('sample.atLoss', { step, loss: format.value.decimal(sample.loss, 2) })}
          </p>
        )}
        <button
          type="button"
          class="quiet end"
          aria-keyshortcuts="s"
          title={`${t('sample.now')} (S)`}
          disabled={lab.run.value === null || lab.phase.value === 'lost'}
          onClick={() => commands.sample()}
        >
          {t('sample.now')}
        </button>
      </div>
      <ScrollBox class="written large" label={t('sample.text')} dir="auto" testId="sample">
        {sample === undefined ? <span class="muted">{t('sample.none')}</span> : sample.text}
      </ScrollBox>
      <div class="row">
        <button
          type="button"
          disabled={moment === undefined || lab.phase.value === 'lost'}
          title={t('fork.hint')}
          onClick={() => {
            if (moment === undefined) return;
            pinned.value = null;
            void lab.forkFrom(moment.bytes);
          }}
        >
          {t('fork.here', { step: format.value.integer(moment?.step ?? 0) })}
        </button>
      </div>
      <p class="small">{t('sample.note')}</p>
    </section>
  );
}
