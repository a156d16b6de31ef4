/** Facts about the machinery that a careful reader asks for. */
import { useFrame } from './context.js';

export function Footer() {
  const { i18n } = useFrame();
  const { t } = i18n;
  return (
    <footer>
      <p>{t('footer.noNetwork')}</p>
      <p>
        <span data-testid="isolation">
          {t(crossOriginIsolated ? 'footer.isolated' : 'footer.notIsolated')}
        </span>
      </p>
    </footer>
  );
}
