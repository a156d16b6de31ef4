/** The model as files of others, with a receipt. */
import { Field } from '../../../frame/field.js';
import { Icon } from '../../../frame/icons.js';
import type { ModelsModel } from '../model.js';
import { ReceiptCard } from './receipt.js';

export function Outgoing({ model }: { readonly model: ModelsModel }) {
  const { i18n, settings } = model.context;
  const { t, format } = i18n;
  const written = model.written.value;
  const ready = model.taken.value?.facts !== undefined && !model.busy.value;
  const name = t(`setting.format.${settings.get('format')}`);
  return (
    <>
      <section class="card" aria-labelledby="out-title" id="section-out">
        <h2 id="out-title">{t('out.title')}</h2>
        <div class="fields wide-choices">
          <Field name="format" />
        </div>
        <button type="button" class="primary" disabled={!ready} onClick={() => void model.write()}>
          {t('out.write')}
        </button>
        {model.taken.value?.facts === undefined && <p class="small">{t('out.need')}</p>}
        {written !== null && (
          <>
            <h3>{t('out.files')}</h3>
            <div class="row files">
              {[...written.files].map(([file, bytes]) => (
                <button key={file} type="button" onClick={() => model.save(file)}>
                  <Icon name="download" />
                  <span>{t('out.save', { name: file, size: format.value.bytes(bytes.byteLength) })}</span>
                </button>
              ))}
            </div>
          </>
        )}
      </section>
      {written !== null && (
        <ReceiptCard
          model={model}
          receipt={written.receipt}
          title={t('receipt.out', { format: name })}
          name={`export-${written.receipt.format}`}
        />
      )}
    </>
  );
}
