/** Keys, and what every mark on the page means. */
import { useEffect, useRef } from 'preact/hooks';
import { useApp } from '../app.js';
import type { MessageKey } from '../i18n/index.js';
import { settingNames } from '../state.js';

const keys: readonly (readonly [string, MessageKey])[] = [
  ['Space', 'help.space'],
  ['R', 'help.r'],
  ['S', 'help.s'],
  ['← →', 'help.arrows'],
  ['?', 'help.question'],
];

export function Help() {
  const { i18n, helpOpen } = useApp();
  const { t } = i18n;
  const dialog = useRef<HTMLDialogElement>(null);
  const open = helpOpen.value;
  useEffect(() => {
    if (open) dialog.current?.showModal();
    else dialog.current?.close();
  }, [open]);
  const fields = settingNames.filter((name) => name !== 'language' && name !== 'theme');
  return (
    <dialog
      ref={dialog}
      aria-labelledby="help-title"
      onClose={() => {
        helpOpen.value = false;
      }}
    >
      {open && (
        <>
          <div class="card-head">
            <h2 id="help-title">{t('help.title')}</h2>
            <button
              type="button"
              class="quiet end"
              onClick={() => {
                helpOpen.value = false;
              }}
            >
              {t('help.close')}
            </button>
          </div>
          <h3>{t('help.keys')}</h3>
          <dl class="keys">
            {keys.map(([key, message]) => (
              <div key={key}>
                <dt>
                  <kbd dir="ltr">{key}</kbd>
                </dt>
                <dd>{t(message)}</dd>
              </div>
            ))}
          </dl>
          <h3>{t('help.terms')}</h3>
          <p>{t('story.model')}</p>
          <p>{t('story.chance')}</p>
          <dl class="terms">
            {fields.map((name) => (
              <div key={name}>
                <dt>{t(`setting.${name}`)}</dt>
                <dd>{t(`setting.${name}.help` as MessageKey)}</dd>
              </div>
            ))}
          </dl>
        </>
      )}
    </dialog>
  );
}
