/** Prove: does reading in both directions win where the future matters, over five seeds? */
import { ScrollBox } from '../../frame/scroll-box.js';
import type { TaggingModel } from './model.js';

export function Prove({ model }: { readonly model: TaggingModel }) {
  const { t, language, format } = model.context.i18n;
  const { share, result } = model.experiment.value;
  const words = language.value;
  return (
    <section class="card" aria-labelledby="prove-title" id="prove">
      <h2 id="prove-title">{t('prove.title')}</h2>
      <p>{t('prove.lead')}</p>
      <button type="button" class="primary" disabled={share !== null} onClick={() => void model.prove()}>
        {share === null ? t('prove.start') : t('prove.running', { percent: Math.round(share * 100) })}
      </button>
      {result !== null && (
        <>
          <ScrollBox class="scroll-x" label={result.metric[words]}>
            <table class="seeds">
              <caption>{result.metric[words]}</caption>
              <thead>
                <tr>
                  <td />
                  {result.seeds.map((seed) => (
                    <th key={seed} scope="col">
                      {t('prove.seed', { seed })}
                    </th>
                  ))}
                </tr>
              </thead>
              <tbody>
                {result.rows.map(({ name, values }) => (
                  <tr key={name.en}>
                    <th scope="row">{name[words]}</th>
                    {values.map((value, n) => (
                      <td key={result.seeds[n]}>{format.value.decimal(value, 3)}</td>
                    ))}
                  </tr>
                ))}
              </tbody>
            </table>
          </ScrollBox>
          <ul class="findings">
            {result.findings.map(({ text, holds }) => (
              <li key={text.en} class={holds ? 'right' : 'wrong'}>
                <span aria-hidden="true">{holds ? '✓' : '✗'}</span> <bdi>{text[words]}</bdi>
              </li>
            ))}
          </ul>
        </>
      )}
    </section>
  );
}
