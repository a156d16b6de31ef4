/** The line as it is fed, and as the model goes on alone: characters with their probabilities, and the running sum. */
import { LinePlot } from '../../charts/line-plot.js';
import { FigureCard } from '../../frame/figure-card.js';
import { Legend } from '../../frame/legend.js';
import { ScrollBox } from '../../frame/scroll-box.js';
import { visible } from './corpus.js';
import { runningSum } from './distribution.js';
import type { LanguageModel } from './model.js';

export function LineFigure({ model }: { readonly model: LanguageModel }) {
  const { i18n } = model.context;
  const { t, format } = i18n;
  const { precise } = format.value;
  const next = model.next.value;
  const caret = model.caret.value;
  const secret = model.secret.value;
  if (next === null) return null;
  const { forced, free } = next;
  const sums = { forced: runningSum(forced.steps), free: runningSum(free.steps) };
  const here = sums.forced[caret] ?? 0;
  const summary = secret
    ? t('line.secret')
    : t('line.summary', {
        count: caret + 1,
        sum: here,
        perplexity: Math.exp(here / (caret + 1)),
        vocabulary: model.vocabulary,
      });
  // Up to the caret in Predict: what stands behind it gives the answer away.
  const last = secret ? caret : forced.steps.length;
  return (
    <FigureCard
      id="section-line"
      title={t('line.title')}
      name="running-sum"
      honest="computed"
      summary={summary}
      legend={
        <Legend
          items={[
            { name: t('line.forced'), color: 'output' },
            { name: t('line.free'), color: 'marker', dash: 'dashed' },
            { name: t('line.chance'), color: 'chance', dash: 'dotted' },
          ]}
        />
      }
      table={() => ({
        columns: [t('line.step'), t('line.token'), 'P', '−ln P', '−Σ ln P', t('line.written')],
        rows: forced.steps
          .slice(0, last)
          .map(({ expected, probability, logProbability }, at) => [
            at + 1,
            visible(expected),
            probability,
            -logProbability,
            sums.forced[at] ?? Number.NaN,
            visible(free.steps[at]?.written ?? ''),
          ]),
      })}
    >
      <p class="whole-line">
        <bdi dir="auto">
          {secret ? `${[...model.line.value].slice(0, caret).join('')}…` : model.line.value}
        </bdi>
      </p>
      <ScrollBox class="strips" label={t('line.strips')}>
        <div class="strip-row" dir="ltr">
          <span class="row-name">{t('line.forced')}</span>
          {forced.steps.map(({ expected, probability }, at) => (
            <button
              key={at}
              type="button"
              class={at === caret ? 'token caret' : 'token'}
              ref={at === caret ? keepInSight : null}
              aria-pressed={at === caret}
              title={t('line.goStep', { step: at + 1 })}
              onClick={() => model.seek(at, false)}
            >
              <span class="hidden">{t('line.goStep', { step: at + 1 })} </span>
              <bdi>{at > caret && secret ? '·' : at === caret && secret ? '?' : visible(expected)}</bdi>
              <small>{at < last ? format.value.decimal(probability, 2) : ''}</small>
            </button>
          ))}
        </div>
        {!secret && (
          <div class="strip-row free" dir="ltr">
            <span class="row-name">{t('line.free')}</span>
            {free.steps.map(({ written, expected }, at) => (
              <span
                key={at}
                class={[
                  'token',
                  at < caret ? 'read' : '',
                  at >= caret && written !== expected ? 'parted' : '',
                ].join(' ')}
              >
                <bdi>{at < caret ? visible(expected) : visible(written)}</bdi>
              </span>
            ))}
          </div>
        )}
      </ScrollBox>
      <p>
        {summary} {!secret && <bdi dir="ltr">−Σ ln P = {precise(here)}</bdi>}
      </p>
      {!secret && (
        <LinePlot
          label={summary}
          series={[
            { name: 'forced', points: sums.forced.map((sum, at) => [at + 1, sum]), color: 'output' },
            {
              name: 'free',
              points: sums.free.map((sum, at) => [at + 1, sum]),
              color: 'marker',
              dash: 'dashed',
            },
            {
              name: 'chance',
              points: sums.forced.map((_, at) => [at + 1, (at + 1) * Math.log(model.vocabulary)]),
              color: 'chance',
              dash: 'dotted',
            },
          ]}
          x={{ label: t('line.axis') }}
          y={{ label: t('line.sum') }}
          marker={caret + 1}
          onPick={(x) => model.seek(Math.min(forced.steps.length - 1, Math.max(0, Math.round(x) - 1)), false)}
        />
      )}
    </FigureCard>
  );
}

/** Scrolls the strip, and nothing else, so that the caret stands in its middle. */
function keepInSight(token: HTMLElement | null): void {
  const strip = token?.closest('.strips');
  if (token == null || strip == null) return;
  strip.scrollLeft = token.offsetLeft - strip.clientWidth / 2;
}
