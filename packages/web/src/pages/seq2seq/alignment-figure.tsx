/** Source and target, and how much each written token looked at each read one. */
import { HeatMap } from '../../charts/heat-map.js';
import { FigureCard } from '../../frame/figure-card.js';
import { ScaleLegend } from '../../frame/legend.js';
import type { Seq2SeqModel } from './model.js';
import { focusOf, sharpness, visible } from './tokens.js';

const scale = { kind: 'unit', limit: 1, hue: 'attention' } as const;

export function AlignmentFigure({ model }: { readonly model: Seq2SeqModel }) {
  const { t } = model.context.i18n;
  const { answer, answers, lab } = model;
  if (answer === undefined || answers === undefined) {
    return (
      <section class="card">
        <p class="remark">{t('look.waiting')}</p>
      </section>
    );
  }
  const source = answers.source.map(visible);
  const target = answer.steps.map(({ token }) => visible(token));
  const focus = focusOf(answer);
  const at = Math.min(model.at.value, target.length - 1);
  const { secret } = model;
  const summary = t('alignment.summary', {
    step: lab.shown?.step ?? 0,
    input: answers.source.join(''),
    output: answer.output === '' ? '∅' : answer.output,
    sharpness: sharpness(answer),
  });
  return (
    <FigureCard
      id="alignment"
      title={t('alignment.title')}
      name="alignment"
      honest="computed"
      summary={secret ? t('predict.title') : summary}
      legend={<ScaleLegend scale={scale} />}
      table={() => ({
        columns: [t('alignment.target'), ...answers.source.map((token, s) => `${s + 1} ${visible(token)}`)],
        rows: answer.steps.map(({ token }, n) => [`${n + 1} ${visible(token)}`, ...answer.alignment[n]!]),
      })}
    >
      <Strip label={t('alignment.source')} tokens={source} lit={secret ? null : (focus[at] ?? null)} />
      <p class="answer-line">
        <span class="muted">{t('alignment.writes')}</span>{' '}
        <bdi data-testid="answer" class="answer">
          {answer.output === '' ? '∅' : answer.output}
        </bdi>
      </p>
      {secret ? (
        <p class="remark">{t('predict.hidden')}</p>
      ) : (
        <>
          <p class="axis-note" dir="ltr">
            <bdi>{t('alignment.columns')}</bdi> → · ↓ <bdi>{t('alignment.rows')}</bdi>
          </p>
          <HeatMap
            values={answer.alignment}
            scale={scale}
            label={summary}
            rowLabels={target}
            columnLabels={source}
            largestCell={44}
            selected={{ row: at, column: focus[at] ?? 0 }}
            onSelect={({ row }) => model.seek(row)}
          />
          <p class="remark">{summary}</p>
        </>
      )}
    </FigureCard>
  );
}

interface StripProps {
  readonly label: string;
  readonly tokens: readonly string[];
  readonly lit: number | null;
}

/** Letters side by side from left to right, as the model reads them. */
function Strip({ label, tokens, lit }: StripProps) {
  return (
    <p class="strip" dir="ltr">
      <bdi class="strip-label">{label}</bdi>
      {tokens.map((token, n) => (
        <bdi key={n} class={n === lit ? 'cell lit' : 'cell'}>
          {token}
        </bdi>
      ))}
    </p>
  );
}
