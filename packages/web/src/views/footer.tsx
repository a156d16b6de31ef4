/** Facts about the machinery that a careful reader asks for. */
import { useApp } from '../app.js';

export function Footer() {
  const { i18n, lab } = useApp();
  const { t, format } = i18n;
  const kernel = lab.kernel.value;
  return (
    <footer>
      <p>{t('run.noNetwork')}</p>
      <p>
        {kernel !== null && (
          <>
            {t('run.kernel', { variant: kernel.variant })} ·{' '}
            {t('run.memory', { size: format.value.bytes(kernel.memoryBytes) })} ·{' '}
          </>
        )}
        <span data-testid="isolation">{t(crossOriginIsolated ? 'run.isolated' : 'run.notIsolated')}</span>
      </p>
    </footer>
  );
}
