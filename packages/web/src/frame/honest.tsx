/** Says where a number comes from. */
import { useFrame } from './context.js';

export type Honesty = 'computed' | 'precomputed' | 'illustrative';

export function Honest({ label }: { readonly label: Honesty }) {
  const { t } = useFrame().i18n;
  return (
    <span class={`honest ${label}`} title={t(`honest.${label}.help`)}>
      {t(`honest.${label}`)}
    </span>
  );
}
