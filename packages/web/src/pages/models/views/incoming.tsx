/** What came in. */
import type { ModelsModel } from '../model.js';
import { ReceiptCard } from './receipt.js';

export function Incoming({ model }: { readonly model: ModelsModel }) {
  const { t } = model.context.i18n;
  const taken = model.taken.value;
  if (taken === null) return null;
  const { name, kind, receipt, facts } = taken;
  const said =
    kind === 'checkpoint' && facts !== undefined
      ? t('taken.checkpoint', { task: facts.task, step: facts.step, parameters: facts.parameters })
      : facts === undefined
        ? t('taken.noRun')
        : t('taken.run', { parameters: facts.parameters });
  return (
    <>
      <section class="card" aria-labelledby="taken-title">
        <h2 id="taken-title">{t('taken.title', { name })}</h2>
        <p data-testid="taken">{said}</p>
      </section>
      {receipt !== undefined && (
        <ReceiptCard
          model={model}
          receipt={receipt}
          title={t('receipt.in', { name })}
          name={`import-${receipt.format}`}
        />
      )}
    </>
  );
}
