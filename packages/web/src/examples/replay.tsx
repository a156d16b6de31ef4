/** Prove: the run again from its seed, in another worker. */
import { usePage } from '../frame/context.js';
import type { PageRun } from './page-run.js';

export function Replay({ run, steps }: { readonly run: PageRun; readonly steps: number }) {
  const { t } = usePage().i18n;
  const done = run.replaying.value;
  return (
    <section class="card" aria-labelledby="replay-title" id="replay">
      <h2 id="replay-title">{t('replay.title')}</h2>
      <p>{t('replay.lead')}</p>
      <button type="button" class="primary" disabled={done !== null} onClick={() => void run.replay()}>
        {done === null ? t('replay.start') : t('replay.running', { step: done, steps })}
      </button>
    </section>
  );
}
