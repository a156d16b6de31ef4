/** The menu of pages, the page's title, the modes, and the lab's own buttons. */
import { useFrame } from './context.js';
import { Icon } from './icons.js';
import { Menu } from './menu.js';
import { Share } from './share.js';

export function Header() {
  const frame = useFrame();
  const { i18n, settings, shade, helpOpen } = frame;
  const { t } = i18n;
  const page = frame.page.value;
  const other = settings.get('language') === 'en' ? 'fa' : 'en';
  const nextShade = shade.value === 'dark' ? 'light' : 'dark';
  return (
    <header class="top">
      <div class="title">
        <p class="brand">{t('app.name')}</p>
        <h1>
          {page === null
            ? frame.wanted.value.name[settings.get('language')]
            : page.context.i18n.t('page.title')}
        </h1>
      </div>
      <Menu />
      <div class="tools">
        <ModeSwitch />
        {page !== null && (
          <>
            <button
              type="button"
              class="quiet square"
              aria-label={t('undo.undo')}
              title={`${t('undo.undo')} (Ctrl+Z)`}
              disabled={!page.context.settings.canUndo}
              onClick={() => page.context.settings.undo()}
            >
              <Icon name="undo" />
            </button>
            <button
              type="button"
              class="quiet square"
              aria-label={t('undo.redo')}
              title={`${t('undo.redo')} (Ctrl+Shift+Z)`}
              disabled={!page.context.settings.canRedo}
              onClick={() => page.context.settings.redo()}
            >
              <Icon name="redo" />
            </button>
            <Share page={page} />
          </>
        )}
        <button type="button" class="quiet" lang={other} onClick={() => settings.set('language', other)}>
          {t('language.other')}
        </button>
        <button
          type="button"
          class="quiet square"
          aria-label={`${t('theme.label')}: ${t(`theme.${nextShade}`)}`}
          title={`${t('theme.label')}: ${t(`theme.${nextShade}`)}`}
          onClick={() => settings.set('theme', nextShade)}
        >
          <Icon name={nextShade === 'dark' ? 'moon' : 'sun'} />
        </button>
        <button
          type="button"
          class="quiet square"
          aria-label={t('help.open')}
          aria-keyshortcuts="?"
          title={`${t('help.open')} (?)`}
          onClick={() => {
            helpOpen.value = true;
          }}
        >
          ?
        </button>
      </div>
    </header>
  );
}

/** Shown when the page offers more than exploring. */
function ModeSwitch() {
  const frame = useFrame();
  const { t } = frame.i18n;
  const offered = frame.modesOf(frame.page.value);
  if (offered.length < 2) return null;
  return (
    <fieldset class="segments modes">
      <legend class="hidden">{t('mode.label')}</legend>
      {offered.map((mode) => (
        <label key={mode} title={t(`mode.${mode}.help`)}>
          <input
            type="radio"
            name="mode"
            checked={frame.mode.value === mode}
            onChange={() => frame.settings.set('mode', mode)}
          />
          <span>{t(`mode.${mode}`)}</span>
        </label>
      ))}
    </fieldset>
  );
}
