/** One sentence, read by up to three runs: what each one's expectation at the same place rests on. */
import type { TextConnectivity } from '@hw5/core';
import { mix } from '../../../charts/color.js';
import { PaintedText } from '../../../charts/painted-text.js';
import { useTokens } from '../../../charts/tokens.js';
import { Field } from '../../../frame/field.js';
import { FigureCard } from '../../../frame/figure-card.js';
import type { KeptRun } from '../../../frame/kept-runs/store.js';
import { ScaleLegend } from '../../../frame/legend.js';
import { noticeText } from '../../../frame/notices.js';
import { visible } from '../../train/gate-rows.js';
import type { RunsModel } from '../model.js';
import { timeOf } from '../words.js';
import { colorName } from './runs-table.js';

export function RestsFigure({ model }: { readonly model: RunsModel }) {
  const { rests } = model;
  const { i18n } = model.context;
  const { t } = i18n;
  const runs = rests.runs.value;
  if (runs.length === 0) return null;
  const characters = [...rests.sentence.value];
  const answers = runs.flatMap((run) => {
    const rest = rests.of(run);
    return rest === undefined || 'problem' in rest ? [] : [{ run, rest }];
  });
  const nameOf = (run: KeptRun): string =>
    t('rests.run', { cell: run.config.cell.toUpperCase(), seed: String(run.config.seed), step: run.step });
  const sentenceOf = (rest: TextConnectivity): string => {
    const before = rest.norms.slice(0, rest.at + 1);
    const most = before.indexOf(Math.max(...before));
    return t('rests.summary', {
      label: visible(rest.label),
      probability: i18n.format.value.decimal(rest.probability, 3),
      most: visible(rest.tokens[most] ?? ''),
      back: rest.at - most,
    });
  };
  return (
    <FigureCard
      id="section-rests"
      title={t('rests.title')}
      name="runs-connectivity"
      honest="computed"
      summary={answers.map(({ run, rest }) => `${nameOf(run)}: ${sentenceOf(rest)}`).join(' ')}
      legend={<ScaleLegend scale={{ kind: 'unit', limit: 1, hue: 'magnitude' }} />}
      table={() => ({
        columns: [t('rests.position'), t('rests.character'), ...answers.map(({ run }) => nameOf(run))],
        rows: characters.map((character, at) => [
          String(at + 1),
          visible(character),
          ...answers.map(({ rest }) => rest.norms[at] ?? 0),
        ]),
      })}
    >
      <div class="fields wide-choices">
        <Field name="sentence" />
      </div>
      {runs.map((run) => (
        <RunRests key={`${run.id} ${run.step}`} model={model} run={run} name={nameOf(run)} />
      ))}
      <p class="small">{t('rests.note')}</p>
    </FigureCard>
  );
}

interface RunRestsProps {
  readonly model: RunsModel;
  readonly run: KeptRun;
  readonly name: string;
}

function RunRests({ model, run, name }: RunRestsProps) {
  const { rests } = model;
  const { i18n, settings } = model.context;
  const { t, format } = i18n;
  const tokens = useTokens();
  const rest = rests.of(run);
  const at = rests.at.value;
  const heading = (
    <h3>
      <span class={`swatch ${colorName(run)}`} /> {name}{' '}
      <span class="small">{timeOf(run.changed, i18n)}</span>
    </h3>
  );
  if (rest !== undefined && 'problem' in rest) {
    return (
      <div class="run-rests" data-testid="run-rests">
        {heading}
        <p class="problem">
          {noticeText(rest.problem, i18n)}{' '}
          <bdi lang="en" dir="ltr">
            {rest.problem.technical}
          </bdi>
        </p>
      </div>
    );
  }
  const norms = rest?.norms ?? [];
  const largest = Math.max(...norms, Number.MIN_VALUE);
  return (
    <div
      class="run-rests"
      data-testid="run-rests"
      aria-busy={rest === undefined && [...rests.sentence.value].length > 1}
    >
      {heading}
      <PaintedText
        text={rests.sentence.value}
        label={`${t('rests.label')}: ${name}`}
        valueText={visible([...rests.sentence.value][at] ?? '')}
        selected={{ from: at, to: at + 1 }}
        paints={norms.map((norm, index) => ({
          from: index,
          to: index + 1,
          color: mix(tokens.card, tokens.magnitude, 0.75 * (norm / largest)),
        }))}
        onSelect={(from) => settings.set('at', from)}
        onHover={(index) => {
          rests.hovered.value = index;
        }}
      />
      {rest !== undefined && (
        <p class="small">
          {t('rests.said', {
            label: visible(rest.label),
            probability: format.value.decimal(rest.probability, 3),
            largest: format.value.precise(largest),
          })}
        </p>
      )}
    </div>
  );
}
