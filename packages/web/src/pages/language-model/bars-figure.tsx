/** P(next | what was read): the model's bars, the corpus's own counts, and, in Predict, the learner's bet. */
import { Bars } from '../../charts/bars.js';
import { FigureCard } from '../../frame/figure-card.js';
import { Tex } from '../../math/tex.js';
import { visible } from './corpus.js';
import { type LanguageModel, SHOWN } from './model.js';

/** The estimate at the caret, numbered as the reader's book does it. */
export const formulaOf = (index: 'x' | 'y'): string =>
  index === 'y' ? String.raw`P(y_t \mid y_1, \dots, y_{t-1})` : String.raw`P(x_{t+1} \mid x_1, \dots, x_t)`;

export function BarsFigure({ model }: { readonly model: LanguageModel }) {
  const { i18n, settings } = model.context;
  const { t, format } = i18n;
  const { precise } = format.value;
  if (model.next.value === null) return null;
  if (model.secret.value) return <Betting model={model} />;
  const whole = model.chosenFrom.value;
  const shown = whole.slice(0, SHOWN);
  const sum = whole.reduce((total, [, p]) => total + p, 0);
  const [first] = shown;
  const truth = model.truth;
  const its = whole.find(([token]) => token === truth)?.[1] ?? 0;
  const summary = t('bars.summary', {
    token: visible(first?.[0] ?? ''),
    probability: first?.[1] ?? 0,
    truth: visible(truth),
    its,
  });
  const worth = model.betWorth.value;
  return (
    <FigureCard
      id="section-bars"
      title={t('bars.title')}
      name="next-token"
      honest="computed"
      summary={summary}
      latex={() => formulaOf(settings.get('index'))}
      table={() => ({
        columns: [t('line.token'), 'P', t('bars.model')],
        rows: whole.map(([token, p], at) => [
          visible(token),
          p,
          model.distribution.value[at]?.[1] ?? Number.NaN,
        ]),
      })}
    >
      <Tex tex={formulaOf(settings.get('index'))} display />
      {worth !== null && (
        <p class="verdict right" role="status">
          {t('bet.result', {
            mine: -Math.log(worth.mine),
            its: -Math.log(worth.its),
            chance: Math.log(model.vocabulary),
            truth: visible(truth),
          })}
        </p>
      )}
      <Bars
        label={summary}
        domain={[0, Math.max(0.05, ...shown.map(([, p]) => p))]}
        bars={shown.map(([token, p]) => ({
          label: visible(token),
          value: p,
          color: token === truth ? 'accent' : 'output',
        }))}
        format={(value) => format.value.decimal(value, 2)}
        onSelect={(index) => {
          const token = shown[index]?.[0];
          if (token !== undefined) void model.force(token);
        }}
      />
      <p class="small">
        {t('bars.how')} <bdi dir="ltr">Σ P = {precise(sum)}</bdi>
      </p>
      <Oracle model={model} tokens={shown.map(([token]) => token)} />
    </FigureCard>
  );
}

/** What followed the same characters in the corpus, in the order of the model's bars. */
function Oracle({ model, tokens }: { readonly model: LanguageModel; readonly tokens: readonly string[] }) {
  const { t, format } = model.context.i18n;
  const counts = model.counts.value;
  if (counts === null) return null;
  const byToken = new Map(counts.following);
  const shares = tokens.map((token) => (byToken.get(token) ?? 0) / Math.max(1, counts.total));
  const label = t('oracle.summary', {
    context: [...counts.context].map(visible).join(''),
    total: counts.total,
  });
  return (
    <div class="oracle">
      <h3>{t('oracle.title')}</h3>
      <p class="small">{label}</p>
      <Bars
        label={label}
        height={150}
        domain={[0, Math.max(0.05, ...shares)]}
        bars={tokens.map((token, at) => ({ label: visible(token), value: shares[at] ?? 0, color: 'chance' }))}
        format={(value) => format.value.decimal(value, 2)}
      />
    </div>
  );
}

/** Bars that the learner moves; the largest weight is 4, as shares are what counts. */
function Betting({ model }: { readonly model: LanguageModel }) {
  const { t, format } = model.context.i18n;
  const bet = model.currentBet();
  const whole = bet.weights.reduce((sum, weight) => sum + weight, bet.others);
  const share = (weight: number): string =>
    `${format.value.integer(Math.round((100 * weight) / Math.max(whole, 1e-9)))}٪`.replace(
      '٪',
      model.context.i18n.language.value === 'fa' ? '٪' : ' %',
    );
  return (
    <FigureCard
      id="section-bars"
      title={t('bet.title')}
      name="bet"
      honest="illustrative"
      summary={t('bet.how')}
      table={() => ({
        columns: [t('line.token'), t('bet.share')],
        rows: [
          ...bet.tokens.map((token, at) => [visible(token), (bet.weights[at] ?? 0) / whole] as const),
          [t('bet.others'), bet.others / whole],
        ],
      })}
    >
      <p>{t('bet.how')}</p>
      <Bars
        label={t('bet.title')}
        domain={[0, 4]}
        step={0.25}
        bars={[
          ...bet.tokens.map((token, at) => ({ label: visible(token), value: bet.weights[at] ?? 0 })),
          { label: t('bet.others'), value: bet.others, color: 'chance' as const },
        ]}
        format={share}
        onChange={(index, value) => model.setBet(index, value)}
      />
      <button type="button" class="primary" onClick={() => model.commitBet()}>
        {t('bet.commit')}
      </button>
    </FigureCard>
  );
}
