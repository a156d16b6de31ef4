/** The homework's own answers beside the exact ones: what fits, what does not, and why. */
import { Prose } from '../../../frame/prose.js';
import { useApp } from '../app.js';
import { Panel } from './panel.js';

export function KeyCard() {
  const { bench, context } = useApp();
  const { t, language, format } = context.i18n;
  const unrolled = bench.unrolled.value;
  if (unrolled === null || unrolled.derivation.simplified.key.length === 0) return null;
  const { key, relativeError } = unrolled.derivation.simplified;
  return (
    <Panel id="bptt-key" title={t('key.title')}>
      <p class="small">
        <Prose text={t('key.intro')} />
      </p>
      <div class="key-parts">
        {key.map(({ part, key: said, exact, fits, problem, note }) => (
          <article key={part} class="key-part">
            <h3>{t('key.part', { part })}</h3>
            <dl>
              <dt>{t('key.said')}</dt>
              <dd dir="ltr">
                <code>{said}</code>{' '}
                <span class={fits ? 'passed' : 'failed'}>{t(fits ? 'key.fits' : 'key.unfit')}</span>
              </dd>
              <dt>{t('key.exact')}</dt>
              <dd dir="ltr">
                <code>{exact}</code>
              </dd>
            </dl>
            <p class="small">
              {note[language.value]} {problem !== '' && <bdi lang="en">({problem})</bdi>}
            </p>
          </article>
        ))}
      </div>
      <p class="small">
        <Prose text={t('key.simplified', { percent: format.value.decimal(relativeError * 100, 1) })} />
      </p>
    </Panel>
  );
}
