/** The numbers of the run, its loss curve, and the same curve as a table. */
import type { CharLMConfig } from '@hw5/core';
import { useState } from 'preact/hooks';
import { arrowsInTable, Pinnable } from '../../../frame/pins/pinnable.js';
import { ScrollBox } from '../../../frame/scroll-box.js';
import { type Bucket, buckets } from '../../../frame/training/buckets.js';
import { texNumber } from '../../../math/tex-number.js';
import { useApp } from '../app.js';
import { rateAt } from '../table.js';
import { LossPlot } from './loss-plot.js';
import { Rate } from './rate.js';

/** Rows of the table twin. */
const ROWS = 20;

export function LossFigure() {
  const { i18n, lab, commands, counting } = useApp();
  const { t, format } = i18n;
  const vocabulary = lab.run.value?.vocabulary.length;
  const chance = vocabulary === undefined ? undefined : Math.log(vocabulary);
  return (
    <section class="card figure-card" aria-labelledby="figure-title">
      <Stats />
      <div class="card-head">
        <h2 id="figure-title">
          {t('figure.title')} <span class="unit">{t('figure.unit')}</span>
        </h2>
        <ul class="legend">
          <li>
            <span class="mark train" />
            {t('figure.train')}
          </li>
          <li>
            <span class="mark validation" />
            {t('figure.validation')}
          </li>
          <li>
            <span class="mark chance" />
            {vocabulary === undefined || chance === undefined
              ? t('figure.chanceUnknown')
              : t('figure.chance', {
                  count: format.value.integer(vocabulary),
                  loss: format.value.decimal(chance, 2),
                })}
          </li>
          {counting.value !== undefined && (
            <li data-testid="counting">
              <span class="mark counting" />
              {t('figure.counting', { loss: format.value.decimal(counting.value, 2) })}
            </li>
          )}
          {(lab.run.value?.config.rateChanges ?? []).length > 0 && (
            <li>
              <span class="mark rate-change" />
              {t('rate.mark')}
            </li>
          )}
        </ul>
      </div>
      <LossPlot chance={chance} />
      <Rate />
      <CurveTable onDownload={() => commands.downloadCsv()} />
    </section>
  );
}

function Stats() {
  const { i18n, lab, settings } = useApp();
  const { t, format } = i18n;
  const { integer, decimal, duration } = format.value;
  const report = lab.last.value;
  const steps = settings.get('steps');
  const clip = settings.get('clip');
  const run = lab.run.value;
  const training = lab.phase.value === 'training';
  const left =
    report === null || run === null || !training
      ? undefined
      : ((steps - report.step) * run.config.batchSize * run.config.sequenceLength) / report.tokensPerSecond;
  const clipped = report !== null && clip > 0 && report.gradientNorm > clip;
  return (
    <dl class="stats">
      <Stat
        name="step"
        label={t('stats.step')}
        value={integer(lab.step.value)}
        number={lab.step.value}
        note={t('stats.ofSteps', { steps })}
      />
      <Stat
        name="epoch"
        label={t('stats.epoch')}
        value={decimal(report?.epoch, 2)}
        number={report?.epoch}
        {...(report === null || run === null
          ? {}
          : {
              formula: `\\dfrac{${report.step}}{${run.stepsPerEpoch}} = ${texNumber(report.epoch, 6)}`,
            })}
        note={run?.trainable ? t('stats.epochSteps', { steps: run.stepsPerEpoch }) : ''}
      />
      <Stat
        name="loss"
        label={t('stats.loss')}
        value={decimal(report?.loss, 3)}
        number={report?.loss}
        {...(report === null ? {} : { formula: perplexityOf(report.loss) })}
        note={report === null ? '' : t('stats.perplexity', { value: decimal(Math.exp(report.loss), 1) })}
      />
      <Stat
        name="validation"
        label={t('stats.validation')}
        value={decimal(lab.validation.value, 3)}
        number={lab.validation.value}
        {...(lab.validation.value === undefined ? {} : { formula: perplexityOf(lab.validation.value) })}
        note={
          lab.validation.value === undefined
            ? ''
            : t('stats.perplexity', { value: decimal(Math.exp(lab.validation.value), 1) })
        }
      />
      <Stat
        name="speed"
        label={t('stats.speed')}
        value={report === null ? '–' : integer(report.tokensPerSecond)}
        number={report?.tokensPerSecond}
        note=""
      />
      <Stat name="left" label={t('stats.left')} value={duration(left)} note="" />
      <Stat
        name="gradient"
        label={t('stats.gradient')}
        value={decimal(report?.gradientNorm, 2)}
        number={report?.gradientNorm}
        {...(report !== null && clipped
          ? { formula: `g \\leftarrow \\dfrac{${clip}}{${texNumber(report.gradientNorm, 6)}}\\, g` }
          : {})}
        note={clipped ? t('stats.clipped', { clip }) : ''}
      />
    </dl>
  );
}

/** \mathrm{PP} = e^J */
const perplexityOf = (loss: number): string =>
  `\\mathrm{PP} = e^{${texNumber(loss, 6)}} = ${texNumber(Math.exp(loss), 6)}`;

interface StatProps {
  readonly name: string;
  readonly label: string;
  readonly value: string;
  readonly note: string;
  /** The number in full, to be pinned. */
  readonly number?: number | undefined;
  readonly formula?: string;
}

function Stat({ name, label, value, note, number = Number.NaN, formula }: StatProps) {
  const { i18n, lab } = useApp();
  const at = i18n.t('stats.at', { label, step: lab.step.value });
  return (
    <div class={`stat ${name}`}>
      <dt>{label}</dt>
      <dd>
        <span class="value">
          <Pinnable
            label={name === 'step' ? label : at}
            value={number}
            testId={`stat-${name}`}
            {...(formula === undefined ? {} : { formula })}
          >
            {value}
          </Pinnable>
        </span>
        <span class="note">{note}</span>
      </dd>
    </div>
  );
}

function CurveTable({ onDownload }: { readonly onDownload: () => void }) {
  const { i18n, lab } = useApp();
  const { t, format } = i18n;
  const { integer, decimal, precise } = format.value;
  const [open, setOpen] = useState(false);
  // Read, so that the table follows the curve; rows are only made for a reader who opened it.
  const drawn = lab.curve.value;
  const rows = open && drawn > 0 ? buckets(lab.history.columns(), ROWS) : [];
  const config = lab.run.value?.config;
  const cellName = (column: 'loss' | 'perplexity' | 'validation', { to }: Bucket): string =>
    t('stats.at', { label: t(`figure.column.${column}`), step: to });
  return (
    <details class="twin" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>{t('figure.table')}</summary>
      <button type="button" disabled={lab.history.length === 0} onClick={onDownload}>
        {t('figure.csv')}
      </button>
      <ScrollBox class="table-frame" label={t('figure.table')}>
        <table onKeyDown={arrowsInTable}>
          <thead>
            <tr>
              <th scope="col">{t('figure.column.steps')}</th>
              <th scope="col">{t('figure.column.loss')}</th>
              <th scope="col">{t('figure.column.perplexity')}</th>
              <th scope="col">{t('figure.column.validation')}</th>
              {config?.rateChanges !== undefined && <th scope="col">{t('setting.learningRate')}</th>}
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <tr key={row.from}>
                <th scope="row">
                  <bdi dir="ltr">
                    {row.from === row.to ? integer(row.to) : `${integer(row.from)}–${integer(row.to)}`}
                  </bdi>
                </th>
                <td>
                  <Pinnable label={cellName('loss', row)} value={row.loss} inTabOrder={row === rows[0]}>
                    {decimal(row.loss, 4)}
                  </Pinnable>
                </td>
                <td>
                  <Pinnable
                    label={cellName('perplexity', row)}
                    value={Math.exp(row.loss)}
                    formula={perplexityOf(row.loss)}
                    inTabOrder={false}
                  >
                    {decimal(Math.exp(row.loss), 2)}
                  </Pinnable>
                </td>
                <td>
                  {row.validation !== null && (
                    <Pinnable
                      label={cellName('validation', row)}
                      value={row.validation}
                      formula={perplexityOf(row.validation)}
                      inTabOrder={false}
                    >
                      {decimal(row.validation, 4)}
                    </Pinnable>
                  )}
                </td>
                {config?.rateChanges !== undefined && (
                  <td>
                    <bdi dir="ltr">{ratesIn(config, row).map(precise).join(' → ')}</bdi>
                  </td>
                )}
              </tr>
            ))}
          </tbody>
        </table>
      </ScrollBox>
    </details>
  );
}

/** The rates of a stretch of steps, in their order. */
function ratesIn(config: CharLMConfig, { from, to }: Bucket): readonly number[] {
  const within = (config.rateChanges ?? []).filter(({ step }) => step >= from && step < to);
  return [rateAt(config, from - 1), ...within.map(({ learningRate }) => learningRate)];
}
