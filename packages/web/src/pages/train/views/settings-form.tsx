/** Hyper-parameters, grouped; what changes a run says so until it is restarted. */

import { Field } from '../../../frame/field.js';
import { useApp } from '../app.js';
import type { SettingName } from '../table.js';

const model: readonly SettingName[] = ['cell', 'hidden', 'embed', 'layers', 'dropout'];
const training: readonly SettingName[] = [
  'steps',
  'learningRate',
  'clip',
  'batch',
  'sequence',
  'batching',
  'workers',
];
const data: readonly SettingName[] = ['seed', 'validation', 'evaluateEvery'];
const page: readonly SettingName[] = ['sampleEvery', 'pauseHidden'];

export function SettingsForm() {
  const { i18n, lab, settings, commands } = useApp();
  const { t, format } = i18n;
  const stale = lab.stale.value && lab.step.value > 0;
  const parameters = lab.run.value?.parameters;
  return (
    <section class="card" aria-labelledby="settings-title">
      <div class="card-head">
        <h2 id="settings-title">{t('settings.title')}</h2>
        {parameters !== undefined && (
          <p class="badge">{t('settings.size', { parameters: format.value.integer(parameters) })}</p>
        )}
      </div>
      {stale && (
        <div class="stale">
          <p>{t('settings.stale')}</p>
          <button type="button" onClick={() => commands.rewind()}>
            {t('settings.apply')}
          </button>
        </div>
      )}
      <Group title={t('settings.model')} names={model} />
      <Group title={t('settings.training')} names={training} />
      <Group title={t('settings.data')} names={data} folded />
      <Group title={t('settings.page')} names={page} folded />
      <button type="button" class="quiet" onClick={() => settings.reset()}>
        {t('settings.reset')}
      </button>
    </section>
  );
}

interface GroupProps {
  readonly title: string;
  readonly names: readonly SettingName[];
  readonly folded?: boolean;
}

/** On a phone the form starts folded: the page is long enough without it. */
const isNarrow = (): boolean => matchMedia('(max-width: 799px)').matches;

function Group({ title, names, folded = false }: GroupProps) {
  const { settings } = useApp();
  const wrong = names.some((name) => settings.drafts.value[name] !== undefined);
  return (
    <details class="group" open={(!folded && !isNarrow()) || wrong}>
      <summary>{title}</summary>
      <div class="fields">
        {names.map((name) => (
          <Field key={name} name={name} />
        ))}
      </div>
    </details>
  );
}
