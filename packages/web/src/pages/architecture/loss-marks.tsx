/** A loss above each output of an aligned network: there or not; pressed, dragged across, or set by keyboard. */
import { useRef } from 'preact/hooks';
import { useTokens } from '../../charts/tokens.js';
import { named } from './layout.js';
import { lossSteps, withLoss } from './loss-steps.js';
import type { ArchitectureModel } from './model.js';

interface LossMarksProps {
  readonly model: ArchitectureModel;
  readonly xOf: (step: number) => number;
  readonly y: number;
  /** A press has set the loss, or taken it away; what the pointer passes next gets the same. */
  readonly onPress: (isThere: boolean, step: number) => void;
}

export function LossMarks({ model, xOf, y, onPress }: LossMarksProps) {
  const { i18n, settings, isLocked } = model.context;
  const { t } = i18n;
  const tokens = useTokens();
  const group = useRef<SVGGElement>(null);
  const values = settings.all();
  const there = lossSteps(values);
  const locked = isLocked('loss') || isLocked('mask');
  const set = (step: number, isThere: boolean): void => {
    const change = withLoss(settings.all(), step, isThere);
    if (change === null || locked) return;
    settings.preview('loss', change.loss);
    settings.preview('mask', change.mask);
  };
  return (
    <g ref={group}>
      {Array.from({ length: values.inputs }, (_, at) => {
        const step = at + 1;
        const x = xOf(step);
        const isThere = there.includes(step);
        return (
          // biome-ignore lint/a11y/useSemanticElements: a form's field cannot stand in a drawing
          <g
            key={step}
            class="pickable loss-mark"
            data-loss={step}
            role="checkbox"
            tabindex={step === Math.min(model.at.value, values.inputs) ? 0 : -1}
            aria-checked={isThere}
            aria-disabled={locked}
            aria-label={t('graph.lossOf', { y: named('y', step) })}
            onPointerDown={(event) => {
              if (locked) return;
              event.currentTarget.ownerSVGElement?.setPointerCapture(event.pointerId);
              set(step, !isThere);
              onPress(!isThere, step);
            }}
            onKeyDown={(event) => {
              const along = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
              if (along !== undefined) {
                event.preventDefault();
                event.stopPropagation();
                group.current?.querySelector<SVGGElement>(`[data-loss="${step + along}"]`)?.focus();
              } else if (event.key === ' ' || event.key === 'Enter') {
                event.preventDefault();
                event.stopPropagation();
                set(step, !isThere);
                settings.commit();
              }
            }}
          >
            <rect x={x - 22} y={y - 22} width="44" height="44" fill="transparent" />
            <circle
              cx={x}
              cy={y}
              r="14"
              fill={isThere ? tokens.gradient : tokens.card}
              stroke={tokens.gradient}
              stroke-width="1.5"
              {...(isThere ? {} : { 'stroke-dasharray': '3 4' })}
            />
            <text
              x={x}
              y={y + 4.5}
              text-anchor="middle"
              font-size="13"
              fill={isThere ? tokens.card : tokens.muted}
            >
              {named('J', step)}
            </text>
          </g>
        );
      })}
    </g>
  );
}
