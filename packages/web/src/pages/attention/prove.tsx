/** Prove: the page's claims, checked on the numbers that are on the screen. */
import type { AttentionModel } from './model.js';
import { mathNumber } from './numbers.js';

export function Prove({ model }: { readonly model: AttentionModel }) {
  const { t } = model.context.i18n;
  const claims = model.claims.value;
  return (
    <>
      <button type="button" class="primary" disabled={model.proving.value} onClick={() => void model.prove()}>
        {t(model.proving.value ? 'proof.running' : 'proof.run')}
      </button>
      {claims !== null && (
        <ul class="claims" aria-live="polite">
          {claims.map(({ key, facts, holds }, n) => (
            <li key={n} class={holds === undefined ? '' : holds ? 'right' : 'wrong'}>
              <span aria-hidden="true">{holds === undefined ? '–' : holds ? '✓' : '✗'}</span>{' '}
              {t(key, inMath(facts))}
              {holds === undefined && <em> ({t('proof.none')})</em>}
            </li>
          ))}
        </ul>
      )}
    </>
  );
}

/** Counts in the language's digits, measured numbers as mathematics writes them. */
const inMath = (facts: Readonly<Record<string, string | number>>): Record<string, string | number> =>
  Object.fromEntries(
    Object.entries(facts).map(([name, value]) => [
      name,
      typeof value === 'string' || Number.isInteger(value) ? value : mathNumber(value, 2),
    ]),
  );
