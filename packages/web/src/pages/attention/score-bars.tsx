/** Scores and weights side by side; a score can be dragged: its key then moves along the query. */
import { useRef } from 'preact/hooks';
import { FigureCard } from '../../frame/figure-card.js';
import type { AttentionModel } from './model.js';
import { mathNumber, subscript } from './numbers.js';
import { pointIn } from './pointer.js';

const WIDTH = 190;
const ROW = 34;

export function ScoreBars({ model }: { readonly model: AttentionModel }) {
  const { i18n, settings, isLocked } = model.context;
  const { t } = i18n;
  const result = model.computed.value;
  const svg = useRef<SVGSVGElement>(null);
  const held = useRef<number | null>(null);
  if (result === null || model.secret.value) return null;
  const { scores, weights } = result.report;
  const query = settings.get('query');
  const size = held.current ?? Math.max(1, ...scores.map(Math.abs)) * 1.1;
  const square = query.reduce((sum, entry) => sum + entry * entry, 0);
  const locked = isLocked('keys') || square === 0;
  const place = (score: number): number => (Math.max(-size, Math.min(size, score)) / size) * (WIDTH / 2);

  /** s_i = k_i . q becomes `score` when k_i moves along q by (score - s_i) / |q|^2. */
  const turn = (i: number, score: number): void => {
    const by = (score - scores[i]!) / square;
    const keys = settings.get('keys');
    const moved = keys[i]!.map((entry, d) => Number((entry + by * query[d]!).toFixed(6)) + 0);
    if (moved.every((entry) => Math.abs(entry) <= 1000)) settings.preview('keys', keys.with(i, moved));
  };

  return (
    <FigureCard
      id="section-bars"
      title={t('bars.title')}
      name="scores-and-weights"
      honest="computed"
      summary={t('simplex.summary', { weights: weights.map((weight) => mathNumber(weight, 2)).join(', ') })}
      table={() => ({
        columns: [t('twin.name'), 's', 'p'],
        rows: scores.map((score, i) => [`k${subscript(i + 1)}`, score, weights[i] ?? Number.NaN]),
      })}
    >
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset cannot draw */}
      <svg
        ref={svg}
        class="score-bars"
        viewBox={`${-WIDTH / 2 - 50} 0 ${WIDTH + 190} ${ROW * scores.length + 34}`}
        role="group"
        aria-label={t('bars.title')}
        direction="ltr"
      >
        <text class="head" x={0} y={18} text-anchor="middle">
          {t('bars.scores')}
        </text>
        <text class="head" x={WIDTH / 2 + 65} y={18} text-anchor="middle">
          {t('bars.weights')}
        </text>
        <line class="zero" x1={0} x2={0} y1={26} y2={26 + ROW * scores.length} />
        {scores.map((score, i) => {
          const y = 28 + ROW * i;
          const x = place(score);
          return (
            <g key={i}>
              <text x={-WIDTH / 2 - 44} y={y + 20}>{`k${subscript(i + 1)}`}</text>
              <g
                class="score"
                role="slider"
                tabindex={locked ? -1 : 0}
                aria-label={t('bars.score', { key: i + 1 })}
                aria-valuemin={-1e6}
                aria-valuemax={1e6}
                aria-valuenow={score}
                aria-valuetext={mathNumber(score)}
                aria-disabled={locked}
                onPointerDown={(event) => {
                  if (locked) return;
                  held.current = size;
                  event.currentTarget.setPointerCapture(event.pointerId);
                  // Scrolling would move what is held from under the pointer.
                  event.currentTarget.focus({ preventScroll: true });
                  event.preventDefault();
                }}
                onPointerMove={(event) => {
                  if (held.current === null || svg.current === null) return;
                  const { x: at } = pointIn(svg.current, event);
                  turn(i, Math.round((at / (WIDTH / 2)) * size * 20) / 20);
                }}
                onLostPointerCapture={() => {
                  held.current = null;
                  settings.commit();
                }}
                onKeyDown={(event) => {
                  const step =
                    (event.shiftKey ? 1 : 0.1) *
                    (event.key === 'ArrowLeft' || event.key === 'ArrowDown' ? -1 : 1);
                  if (locked || !event.key.startsWith('Arrow')) return;
                  event.preventDefault();
                  event.stopPropagation();
                  turn(i, Number((score + step).toFixed(6)));
                  settings.commit();
                }}
              >
                <title>{`s${subscript(i + 1)} = ${mathNumber(score, 6)}`}</title>
                <rect class="grip" x={-WIDTH / 2} y={y} width={WIDTH} height={ROW - 4} />
                <rect class="bar" x={Math.min(0, x)} y={y + 5} width={Math.abs(x)} height={ROW - 14} rx={3} />
                <circle class="knob" cx={x} cy={y + (ROW - 4) / 2} r={7} />
                <text x={x + (score < 0 ? -12 : 12)} y={y + 20} text-anchor={score < 0 ? 'end' : 'start'}>
                  {mathNumber(score)}
                </text>
              </g>
              <g class="weight">
                <title>{`p${subscript(i + 1)} = ${mathNumber(weights[i]!, 6)}`}</title>
                <rect class="frame" x={WIDTH / 2 + 40} y={y + 5} width={50} height={ROW - 14} rx={3} />
                <rect
                  class="bar"
                  x={WIDTH / 2 + 40}
                  y={y + 5}
                  width={50 * weights[i]!}
                  height={ROW - 14}
                  rx={3}
                />
                <text x={WIDTH / 2 + 96} y={y + 20}>
                  {mathNumber(weights[i]!, 2)}
                </text>
              </g>
            </g>
          );
        })}
      </svg>
      <p class="remark">{t('bars.hint')}</p>
    </FigureCard>
  );
}
