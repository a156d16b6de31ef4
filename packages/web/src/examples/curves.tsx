/** Loss and what validation counts, over training time. */
import type { RunFacts } from '@hw5/core';
import { LinePlot } from '../charts/line-plot.js';
import { usePage } from '../frame/context.js';
import { FigureCard } from '../frame/figure-card.js';
import { Legend } from '../frame/legend.js';
import type { RunControl } from '../frame/training/run-control.js';
import type { ExamplesSource } from './source.js';

interface CurvesProps {
  readonly lab: RunControl<RunFacts, ExamplesSource>;
  /** What the validation counts that is plotted, and its name. */
  readonly metric: string;
  readonly metricName: string;
  /** Step of the look that is shown. */
  readonly marker: number | undefined;
}

/** Points of the loss curve at most: more cannot be told apart. */
const POINTS = 300;

export function Curves({ lab, metric, metricName, marker }: CurvesProps) {
  const { t, format } = usePage().i18n;
  // Read, so that the curves follow the run.
  const drawn = lab.curve.value;
  const { step, loss, validation } = lab.history.columns();
  const every = Math.max(1, Math.ceil(step.length / POINTS));
  const training: (readonly [number, number])[] = [];
  for (let at = 0; at < step.length; at += every) {
    const part = loss.subarray(at, at + every);
    training.push([step[at]!, part.reduce((sum, value) => sum + value, 0) / part.length]);
  }
  const validated: (readonly [number, number])[] = [];
  for (const [at, value] of validation.entries())
    if (!Number.isNaN(value)) validated.push([step[at]!, value]);
  const counted = lab.history.counted.map(
    ({ step: after, metrics }) => [after, metrics[metric] ?? Number.NaN] as const,
  );
  const last = step.length - 1;
  const summary =
    drawn === 0 || last < 0
      ? t('curve.empty')
      : t('curve.summary', {
          step: step[last]!,
          loss: loss[last]!,
          validation: validated.at(-1)?.[1] ?? Number.NaN,
        });
  const shares = new Map(counted);
  const steps = { label: t('curve.step'), domain: [0, Math.max(10, step[last] ?? 0)] as const };
  const line = marker === undefined ? {} : { marker };
  return (
    <FigureCard
      id="curves"
      title={t('curve.title')}
      name="curves"
      honest="computed"
      summary={summary}
      legend={
        <Legend
          items={[
            { name: t('curve.train'), color: 'train' },
            { name: t('curve.validation'), color: 'validation', dash: 'dashed' },
            { name: metricName, color: 'output' },
          ]}
        />
      }
      table={() => ({
        columns: [t('curve.step'), t('curve.validation'), metricName],
        rows: validated.map(([at, value]) => [at, value, shares.get(at) ?? Number.NaN]),
      })}
    >
      {last < 0 ? (
        <p class="remark">{t('curve.empty')}</p>
      ) : (
        <div class="curves">
          <LinePlot
            label={summary}
            height={210}
            series={[
              { name: 'training', points: training, color: 'train' },
              { name: 'validation', points: validated, color: 'validation', dash: 'dashed', dots: true },
            ]}
            x={steps}
            y={{ label: t('curve.loss') }}
            {...line}
          />
          <LinePlot
            label={`${metricName}: ${format.value.precise(counted.at(-1)?.[1] ?? Number.NaN)}`}
            height={210}
            series={[{ name: metric, points: counted, color: 'output', dots: true }]}
            x={steps}
            y={{ label: metricName, domain: [0, 1] }}
            {...line}
          />
        </div>
      )}
    </FigureCard>
  );
}
