/** Keys, and what every mark on the page means. */
import { useEffect, useRef } from 'preact/hooks';
import type { FrameKey } from '../i18n/index.js';
import { useFrame } from './context.js';
import type { OpenPage } from './frame.js';
import { Prose } from './prose.js';

const anywhere: readonly (readonly [string, FrameKey])[] = [
  ['1 … 9', 'help.sections'],
  ['Ctrl+Z Ctrl+Shift+Z', 'help.undo'],
  ['Esc', 'help.esc'],
  ['?', 'help.question'],
];
const onTrack: readonly (readonly [string, FrameKey])[] = [
  ['← →', 'help.arrows'],
  ['Shift ← →', 'help.bigArrows'],
  ['Home End', 'help.ends'],
];

export function Help({ page }: { readonly page: OpenPage }) {
  const { i18n, helpOpen } = useFrame();
  const { t } = i18n;
  const dialog = useRef<HTMLDialogElement>(null);
  const open = helpOpen.value;
  useEffect(() => {
    if (open) dialog.current?.showModal();
    else dialog.current?.close();
  }, [open]);
  const close = (): void => {
    helpOpen.value = false;
  };
  return (
    <dialog ref={dialog} aria-labelledby="help-title" onClose={close}>
      {open && (
        <>
          <div class="card-head">
            <h2 id="help-title">{t('help.title')}</h2>
            <button type="button" class="quiet end" onClick={close}>
              {t('help.close')}
            </button>
          </div>
          <DigitsSwitch />
          <Keys page={page} />
          <Terms page={page} />
        </>
      )}
    </dialog>
  );
}

/** Persian only: formulas have Latin digits anyway. */
function DigitsSwitch() {
  const { i18n, settings } = useFrame();
  if (settings.get('language') !== 'fa') return null;
  return (
    <label class="field switch">
      <input
        type="checkbox"
        checked={settings.get('latinDigits')}
        onChange={(event) => settings.set('latinDigits', event.currentTarget.checked)}
      />
      <span>{i18n.t('setting.latinDigits')}</span>
    </label>
  );
}

function Keys({ page }: { readonly page: OpenPage }) {
  const { t } = useFrame().i18n;
  const { transport, keys = [] } = page.instance;
  const rows: (readonly [string, string])[] = [];
  if (transport !== undefined) {
    rows.push(['Space', t('help.space')]);
    if (transport.rewind !== undefined) rows.push(['R', transport.rewind.hint()]);
    if (transport.newSeed !== undefined) rows.push(['N', t('help.n')]);
    rows.push(...onTrack.map(([key, message]) => [key, t(message)] as const));
  }
  rows.push(...keys.map((binding) => [binding.key.toUpperCase(), binding.help()] as const));
  rows.push(...anywhere.map(([key, message]) => [key, t(message)] as const));
  return (
    <>
      <h3>{t('help.keys')}</h3>
      <dl class="keys">
        {rows.map(([key, meaning]) => (
          <div key={key}>
            <dt>
              <kbd dir="ltr">{key}</kbd>
            </dt>
            <dd>{meaning}</dd>
          </div>
        ))}
      </dl>
    </>
  );
}

function Terms({ page }: { readonly page: OpenPage }) {
  const { i18n, settings } = page.context;
  const entries = page.instance.help?.() ?? [];
  const explained = settings.names.filter(
    (name) => `setting.${name}.help` in page.definition.dictionaries.en,
  );
  return (
    <>
      <h3>{i18n.t('help.terms')}</h3>
      <dl class="terms">
        {entries.map(({ term, meaning }) => (
          <div key={term}>
            <dt>{term}</dt>
            <dd>
              <Prose text={meaning} />
            </dd>
          </div>
        ))}
        {explained.map((name) => (
          <div key={name}>
            <dt>{i18n.t(`setting.${name}`)}</dt>
            <dd>{i18n.t(`setting.${name}.help`)}</dd>
          </div>
        ))}
      </dl>
    </>
  );
}
