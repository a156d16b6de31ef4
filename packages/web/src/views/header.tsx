/** Title, language, theme and help. */
import { useApp } from '../app.js';
import { Icon } from './icons.js';

export function Header() {
  const { i18n, settings, shade, helpOpen } = useApp();
  const { t } = i18n;
  const other = settings.get('language') === 'en' ? 'fa' : 'en';
  const nextShade = shade.value === 'dark' ? 'light' : 'dark';
  return (
    <header class="top">
      <div class="title">
        <p class="brand">{t('app.name')}</p>
        <h1>{t('app.title')}</h1>
      </div>
      <div class="tools">
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
