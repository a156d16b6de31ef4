/** The bench: bias against spread of each estimator, and how far the mean of the draws lies from the exact gradient. */
import type { EstimatedGradient } from '@hw5/core/homework';
import { Field } from '../../frame/field.js';
import { FigureCard } from '../../frame/figure-card.js';
import { ScrollBox } from '../../frame/scroll-box.js';
import type { AttentionModel } from './model.js';
import { mathNumber, subscript } from './numbers.js';

const WIDTH = 420;
const HEIGHT = 268;
const TOP = 34;
/** Dots nearer than this stand beside each other. */
const APART = 19;
const LEFT = 56;
const BOTTOM = 48;

export function Estimators({ model }: { readonly model: AttentionModel }) {
  const { t } = model.context.i18n;
  const bench = model.bench.value;
  if (bench === null || model.secret.value) return null;
  const { temperature, exact, estimators, samples } = bench;
  const name = ({ id }: EstimatedGradient): string => t(`bench.${id}`, { temperature });
  const vector = (entries: readonly number[]): string =>
    entries.map((entry) => mathNumber(entry, 3)).join(', ');
  return (
    <FigureCard
      id="section-estimators"
      title={t('bench.title')}
      name="estimators"
      honest="computed"
      summary={t('bench.summary')}
      table={() => ({
        columns: [
          t('bench.estimator'),
          t('bench.bias'),
          t('bench.spread'),
          ...exact.map((_, j) => `E[g${subscript(j + 1)}]`),
        ],
        rows: estimators.map((row) => [name(row), row.bias, Math.sqrt(row.variance), ...row.mean]),
      })}
    >
      <p>{t('bench.lead')}</p>
      <Field name="samples" />
      <p class="formula" dir="auto">
        {t('bench.exact', { gradient: vector(exact), length: mathNumber(Math.hypot(...exact), 3) })}
      </p>
      <Scatter model={model} estimators={estimators} />
      <ScrollBox class="scroll-x" label={t('bench.summary')}>
        <table class="bench">
          <caption class="hidden">{t('bench.summary')}</caption>
          <thead>
            <tr>
              <td />
              <th scope="col">{t('bench.estimator')}</th>
              <th scope="col">{t('bench.bias')}</th>
              <th scope="col">{t('bench.spread')}</th>
              <th scope="col">{t('bench.off', { count: samples })}</th>
            </tr>
          </thead>
          <tbody>
            {estimators.map((row, n) => (
              <tr key={row.id}>
                <td class="letter">{letter(n)}</td>
                <th scope="row">
                  <bdi>{name(row)}</bdi>
                  {!row.enumerated && <span title={t('bench.sampled')}> ≈</span>}
                </th>
                <td dir="ltr" title={`E[g] = (${vector(row.mean)})`}>
                  {mathNumber(row.bias, 3)}
                </td>
                <td dir="ltr">{mathNumber(Math.sqrt(row.variance), 3)}</td>
                <td>
                  {Number.isFinite(row.standardErrors)
                    ? t('bench.errors', { count: Number(row.standardErrors.toPrecision(3)) })
                    : t('bench.never')}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </ScrollBox>
      <p class="remark">≈ {t('bench.sampled')}</p>
      <p class="remark">
        {t('bench.mixed', {
          gradients: bench.mixed.map(({ mode, gradient }) => `${mode} (${vector(gradient)})`).join('; '),
        })}
      </p>
    </FigureCard>
  );
}

const letter = (n: number): string => String.fromCharCode(65 + n);

/** Both axes as powers of ten, with everything below the smallest of them at the edge. */
function Scatter({
  model,
  estimators,
}: {
  readonly model: AttentionModel;
  readonly estimators: readonly EstimatedGradient[];
}) {
  const { t } = model.context.i18n;
  const points = estimators.map((row) => ({ row, bias: row.bias, spread: Math.sqrt(row.variance) }));
  const largest = Math.max(1e-6, ...points.flatMap(({ bias, spread }) => [bias, spread]));
  const top = Math.ceil(Math.log10(largest));
  const DECADES = 4;
  const along = (value: number, length: number): number => {
    const log = value <= 0 ? -Infinity : Math.log10(value);
    return (Math.max(0, log - (top - DECADES)) / DECADES) * length;
  };
  const ticks = Array.from({ length: DECADES + 1 }, (_, n) => n);
  const places: (readonly [number, number])[] = [];
  for (const { bias, spread } of points) {
    const y = HEIGHT - BOTTOM - along(spread, HEIGHT - BOTTOM - TOP);
    let x = LEFT + along(bias, WIDTH - LEFT - 20);
    while (places.some(([otherX, otherY]) => Math.hypot(otherX - x, otherY - y) < APART)) x += APART;
    places.push([x, y]);
  }
  return (
    <svg
      class="scatter"
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      role="img"
      aria-label={t('bench.summary')}
      direction="ltr"
    >
      {ticks.map((n) => {
        const x = LEFT + (n / DECADES) * (WIDTH - LEFT - 20);
        const y = HEIGHT - BOTTOM - (n / DECADES) * (HEIGHT - BOTTOM - TOP);
        const label = n === 0 ? '0' : power(top - DECADES + n);
        return (
          <g key={n} class="grid">
            <line x1={x} x2={x} y1={TOP - 6} y2={HEIGHT - BOTTOM} />
            <line x1={LEFT} x2={WIDTH - 16} y1={y} y2={y} />
            <text x={x} y={HEIGHT - BOTTOM + 24} text-anchor="middle">
              {label}
            </text>
            <text x={LEFT - 6} y={y + 4} text-anchor="end">
              {label}
            </text>
          </g>
        );
      })}
      <text class="axis-name" x={(WIDTH + LEFT) / 2} y={HEIGHT - 6} text-anchor="middle">
        {t('bench.bias')}
      </text>
      <text class="axis-name" x={8} y={16}>
        {t('bench.spread')}
      </text>
      {points.map(({ row, bias, spread }, n) => {
        const [x, y] = places[n] ?? [0, 0];
        return (
          <g key={row.id} class="dot" transform={`translate(${x} ${y})`}>
            <title>{`${t(`bench.${row.id}`, { temperature: model.bench.value?.temperature ?? 1 })}: ${mathNumber(bias, 6)}, ${mathNumber(spread, 6)}`}</title>
            <circle r={9} />
            <text y={4} text-anchor="middle">
              {letter(n)}
            </text>
          </g>
        );
      })}
    </svg>
  );
}

const power = (exponent: number): string =>
  `10${[...String(exponent)].map((sign) => (sign === '-' ? '⁻' : '⁰¹²³⁴⁵⁶⁷⁸⁹'[Number(sign)])).join('')}`;
