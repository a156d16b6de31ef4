/** The settings of a run, its numbers, and what to do with it. */

import type { RunFacts } from '@hw5/core';
import { usePage } from '../frame/context.js';
import { Field } from '../frame/field.js';
import type { RunControl } from '../frame/training/run-control.js';
import { HashRow, RunFiles } from '../frame/training/run-files.js';
import type { PageRun } from './page-run.js';
import type { ExamplesSource } from './source.js';

type AnyRun = RunControl<RunFacts, ExamplesSource>;

interface RunCardProps {
  readonly lab: AnyRun;
  readonly run: PageRun;
  /** The page's own settings, above those that every run has. */
  readonly own: readonly string[];
}

const usual = ['cell', 'hidden', 'learningRate', 'steps', 'seed'] as const;
const more = ['examples', 'embed', 'batch', 'clip', 'evaluateEvery', 'lookEvery'] as const;

export function RunSettings({ lab, run, own }: RunCardProps) {
  const { i18n, settings } = usePage();
  const { t } = i18n;
  const source = lab.source.value;
  return (
    <section class="card" aria-labelledby="run-settings">
      <h2 id="run-settings">{t('run.settings')}</h2>
      {lab.stale.value && lab.step.value > 0 && (
        <div class="stale">
          <p>{t('run.stale')}</p>
          <button type="button" onClick={() => run.restart()}>
            {t('run.apply')}
          </button>
        </div>
      )}
      <div class="fields own">
        {own.map((name) => (
          <Field key={name} name={name} />
        ))}
      </div>
      <div class="fields">
        {usual.map((name) => (
          <Field key={name} name={name} />
        ))}
      </div>
      <details class="group">
        <summary>{t('run.more')}</summary>
        <div class="fields">
          {more
            .filter((name) => name !== 'examples' || source?.kind !== 'table')
            .map((name) => (
              <Field key={name} name={name} />
            ))}
        </div>
      </details>
      <button type="button" class="quiet" onClick={() => settings.reset()}>
        {t('run.reset')}
      </button>
    </section>
  );
}

export function RunCard({ lab, run }: Omit<RunCardProps, 'own'>) {
  const { i18n, settings } = usePage();
  const { t, format } = i18n;
  const facts = lab.run.value;
  const source = lab.source.value;
  const rows = [
    [
      'step',
      `${format.value.integer(lab.step.value)} ${t('run.ofSteps', { steps: settings.get('steps') as number })}`,
    ],
    ['loss', format.value.decimal(lab.last.value?.loss, 4)],
    ['validation', format.value.decimal(lab.validation.value, 4)],
    ['parameters', facts === null ? '–' : format.value.integer(facts.parameters)],
  ] as const;
  return (
    <section class="card" aria-labelledby="run-card">
      <h2 id="run-card">{t('run.title')}</h2>
      <dl class="receipt">
        {rows.map(([name, value]) => (
          <div key={name}>
            <dt>{t(`run.${name}`)}</dt>
            <dd data-testid={`run-${name}`}>{value}</dd>
          </div>
        ))}
        <div>
          <HashRow hash={lab.hash.value} />
        </div>
      </dl>
      <p class="small">{t('run.hashNote')}</p>
      <p class="small">
        {source?.kind === 'table' && facts !== null
          ? t('run.table', {
              name: source.name,
              train: facts.sizes.train,
              validation: facts.sizes.validation,
            })
          : t('run.generated')}
      </p>
      <div class="row">
        {source?.kind === 'table' && (
          <button type="button" onClick={() => run.useGenerated()}>
            {t('run.useGenerated')}
          </button>
        )}
        <RunFiles
          empty={facts === null}
          onDownload={() => void run.download()}
          onOpen={(files) => void run.open(files)}
          openLabel={t('run.open')}
          testId="run-file"
        />
      </div>
    </section>
  );
}
