/** An experiment with its button, its progress, bars with their spread over seeds, and what follows from them. */
import type { ExperimentResult } from '@hw5/core';
import { MeasuredBars } from '../../charts/measured-bars.js';
import { useFrame } from '../context.js';
import { FigureCard } from '../figure-card.js';
import { Said } from '../said.js';
import type { Trial } from './trial.js';

interface ExperimentCardProps {
  readonly trial: Trial;
  readonly title: string;
  /** What is trained, before it is. */
  readonly lead: string;
  /** Called with what came out. */
  readonly onResult?: (result: ExperimentResult) => void;
}

export function ExperimentCard({ trial, title, lead, onResult }: ExperimentCardProps) {
  const { i18n, settings } = useFrame();
  const { t } = i18n;
  const words = settings.get('language');
  const { share, result } = trial.state.value;
  const shown =
    result === null
      ? lead
      : t('experiment.bars', { metric: result.metric[words], seeds: result.seeds.length });
  return (
    <FigureCard
      id={`experiment-${trial.name}`}
      title={title}
      name={`experiment-${trial.name}`}
      honest="computed"
      summary={result === null ? lead : result.findings.map(({ text }) => text[words]).join(' ')}
      table={() => ({
        columns: [
          t('experiment.row'),
          t('experiment.mean'),
          t('experiment.spread'),
          ...(result?.seeds.map((seed) => t('experiment.seed', { seed })) ?? []),
        ],
        rows:
          result?.rows.map(({ name, mean, spread, values }) => [name[words], mean, spread, ...values]) ?? [],
      })}
    >
      <p>{shown}</p>
      {result !== null && (
        <>
          <MeasuredBars rows={result.rows} label={shown} />
          <ul class="findings">
            {result.findings.map(({ text, holds }) => (
              <li key={text.en} class={holds ? 'right' : 'wrong'}>
                <span aria-hidden="true">{holds ? '✓ ' : '✗ '}</span>
                <span class="hidden">{t(holds ? 'experiment.holds' : 'experiment.fails')}</span>
                <Said text={text} />
              </li>
            ))}
          </ul>
        </>
      )}
      <p class="row">
        <button
          type="button"
          class="primary"
          disabled={share !== null}
          onClick={() =>
            void trial.run().then((found) => {
              if (found !== undefined) onResult?.(found);
            })
          }
        >
          {t('experiment.run')}
        </button>
        {share !== null && (
          <span>
            <progress max={1} value={share} aria-label={title} />{' '}
            {t('experiment.running', { percent: Math.round(share * 100) })}
          </span>
        )}
      </p>
    </FigureCard>
  );
}
