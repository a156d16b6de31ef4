/** The first two chosen runs side by side: what differs, and what they wrote. */
import type { KeptRun } from '../../../frame/kept-runs/store.js';
import { ScrollBox } from '../../../frame/scroll-box.js';
import { differences, settingOf } from '../compare.js';
import type { Key } from '../en.js';
import type { RunsModel } from '../model.js';
import { timeOf } from '../words.js';
import { colorName } from './runs-table.js';

export function Pair({ model }: { readonly model: RunsModel }) {
  const { i18n } = model.context;
  const { t, format } = i18n;
  const { integer, decimal } = format.value;
  const [one, two] = model.shown.value;
  if (one === undefined) return null;
  if (two === undefined) {
    return (
      <section class="card" aria-labelledby="pair-title">
        <h2 id="pair-title">{t('pair.title')}</h2>
        <p>{t('pair.need')}</p>
      </section>
    );
  }
  const rows: readonly (readonly [string, (run: KeptRun) => string])[] = [
    [t('table.kind'), (run) => t(`kind.${run.page}`)],
    [t('table.seed'), (run) => String(run.config.seed)],
    [t('table.steps'), (run) => integer(run.step)],
    ...differences([one, two]).map(
      (name) => [t(`name.${name}` as Key), (run: KeptRun) => settingOf(run, name)] as const,
    ),
    [t('pair.size'), (run) => (run.vocabularySize === undefined ? '–' : integer(run.vocabularySize))],
    [t('pair.loss'), (run) => decimal(run.loss, 4)],
    [t('table.validation'), (run) => decimal(run.validation, 4)],
    [t('table.hash'), (run) => run.hash],
  ];
  const head = (run: KeptRun, name: string) => (
    <th scope="col">
      <span class={`swatch ${colorName(run)}`} /> {name}{' '}
      <span class="small">{timeOf(run.changed, i18n)}</span>
    </th>
  );
  const sample = (run: KeptRun, name: string) => (
    <div>
      <h3>
        <span class={`swatch ${colorName(run)}`} /> {name}
      </h3>
      <ScrollBox class="written" label={`${t('pair.sample')}: ${name}`} dir="auto">
        {run.sample}
      </ScrollBox>
    </div>
  );
  return (
    <section class="card" aria-labelledby="pair-title" id="section-pair">
      <h2 id="pair-title">{t('pair.title')}</h2>
      <ScrollBox class="table-frame pair-frame" label={t('pair.table')}>
        <table data-testid="pair">
          <thead>
            <tr>
              <th scope="col">{t('pair.setting')}</th>
              {head(one, t('pair.one'))}
              {head(two, t('pair.two'))}
            </tr>
          </thead>
          <tbody>
            {rows.map(([name, value]) => (
              <tr key={name}>
                <th scope="row">{name}</th>
                {[one, two].map((run) => (
                  <td key={run.id} class={value(one) === value(two) ? undefined : 'other'}>
                    <bdi>{value(run)}</bdi>
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </ScrollBox>
      {one.hash !== '' && one.hash === two.hash && <p>{t('pair.identical')}</p>}
      <h3>{t('pair.sample')}</h3>
      <div class="pair">
        {sample(one, t('pair.one'))}
        {sample(two, t('pair.two'))}
      </div>
    </section>
  );
}
