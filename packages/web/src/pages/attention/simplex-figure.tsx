/** The weights as a point among the keys' corners; with Gumbel noise, the cloud of points that draws give. */
import { FigureCard } from '../../frame/figure-card.js';
import type { AttentionModel } from './model.js';
import { mathNumber, subscript } from './numbers.js';
import { corners, placeOf } from './simplex.js';

const RADIUS = 130;

export function SimplexFigure({ model }: { readonly model: AttentionModel }) {
  const { i18n, settings } = model.context;
  const { t } = i18n;
  const result = model.computed.value;
  if (result === null || model.secret.value) return null;
  const at = corners(result.report.keys.length);
  const points = result.compared.map((report) => ({ report, place: placeOf(report.weights, at) }));
  const cloud = settings.get('mode') === 'gumbel' ? (model.cloud.value ?? []) : [];
  const mode = settings.get('mode');
  const summary = t('simplex.summary', {
    weights: result.report.weights.map((weight) => mathNumber(weight, 2)).join(', '),
  });
  return (
    <FigureCard
      id="section-simplex"
      title={t('simplex.title')}
      name="weights"
      honest="computed"
      summary={summary}
      table={() => ({
        columns: [t('twin.name'), ...result.report.keys.map((_, i) => `p${subscript(i + 1)}`)],
        rows: [
          ...result.compared.map(({ mode, weights }) => [mode, ...weights]),
          ...cloud.map((weights, n) => [String(n + 1), ...weights]),
        ],
      })}
    >
      <svg
        class="simplex"
        viewBox={`${-RADIUS - 40} ${-RADIUS - 30} ${2 * RADIUS + 80} ${2 * RADIUS + 60}`}
        role="img"
        aria-label={summary}
        direction="ltr"
      >
        <polygon class="outline" points={at.map(([x, y]) => `${x * RADIUS},${y * RADIUS}`).join(' ')} />
        {at.map(([x, y], i) => (
          <text key={i} x={x * (RADIUS + 18)} y={y * (RADIUS + 18) + 5} text-anchor="middle">
            {`k${subscript(i + 1)}`}
          </text>
        ))}
        {cloud.map((weights, n) => {
          const [x, y] = placeOf(weights, at);
          return <circle key={n} class="draw" cx={x * RADIUS} cy={y * RADIUS} r={2.2} />;
        })}
        {points.map(({ report, place: [x, y] }, n) => (
          <g key={report.mode} class={report.mode === mode ? 'now' : ''}>
            <title>{`${report.mode}: (${report.weights.map((weight) => mathNumber(weight, 3)).join(', ')})`}</title>
            <Mark shape={n} x={x * RADIUS} y={y * RADIUS} />
          </g>
        ))}
      </svg>
      <ul class="legend">
        {points.map(({ report }, n) => (
          <li key={report.mode}>
            <svg viewBox="-9 -9 18 18" class="simplex sample" aria-hidden="true">
              <Mark shape={n} x={0} y={0} />
            </svg>
            <bdi>{report.mode}</bdi>
          </li>
        ))}
        {cloud.length > 0 && (
          <li>
            <svg viewBox="-9 -9 18 18" class="simplex sample" aria-hidden="true">
              <circle class="draw" r={2.5} />
            </svg>
            <bdi>{t('simplex.draws', { count: cloud.length })}</bdi>
          </li>
        )}
      </ul>
      {at.length > 3 && <p class="remark">{t('simplex.projection')}</p>}
    </FigureCard>
  );
}

/** Told apart by form, not by colour alone. */
function Mark({ shape, x, y }: { readonly shape: number; readonly x: number; readonly y: number }) {
  if (shape === 0) return <rect class="mark" x={x - 6} y={y - 6} width={12} height={12} />;
  if (shape === 1) return <circle class="mark" cx={x} cy={y} r={6} />;
  if (shape === 2)
    return <polygon class="mark" points={`${x},${y - 7} ${x + 7},${y + 6} ${x - 7},${y + 6}`} />;
  return <polygon class="mark" points={`${x},${y - 8} ${x + 7},${y} ${x},${y + 8} ${x - 7},${y}`} />;
}
