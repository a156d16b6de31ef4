/** The unrolled graph, as the engine has it: what y_t sees lights up, and what it must not see is struck out. */
import { FigureCard } from '../../frame/figure-card.js';
import { Legend } from '../../frame/legend.js';
import { Drawing } from './drawing.js';
import { named } from './layout.js';
import type { ArchitectureModel } from './model.js';
import { stages } from './shape-strip.js';

export function GraphFigure({ model }: { readonly model: ArchitectureModel }) {
  const { i18n, settings } = model.context;
  const { t } = i18n;
  const look = model.look.value;
  if (look === null) return null;
  const secret = model.secret.value;
  const at = model.at.value;
  const row = look.paths[at - 1] ?? [];
  const seen = row.flatMap((path, s) => (path === null ? [] : [s + 1]));
  const leaks = look.leaks.includes(at);
  const summary = secret
    ? t('graph.secret')
    : t(leaks ? 'graph.leak' : 'graph.summary', {
        y: named('y', at),
        first: named('x', seen[0] ?? 0),
        last: named('x', seen.at(-1) ?? 0),
        next: named('x', at + 1),
      });
  return (
    <FigureCard
      id="section-graph"
      title={t('graph.title')}
      name="architecture"
      honest="computed"
      summary={summary}
      legend={
        <Legend
          items={[
            { name: t('graph.input'), color: 'input' },
            { name: t('graph.hidden'), color: 'hidden' },
            { name: t('graph.output'), color: 'output' },
            { name: t('graph.loss'), color: 'gradient' },
          ]}
        />
      }
      table={() => ({
        columns: [t('graph.from'), t('graph.to')],
        rows: look.edges.map(([from, to]) => [from, to]),
      })}
    >
      <p class={leaks && !secret ? 'problem' : ''}>{summary}</p>
      <p class="small">{t('graph.how')}</p>
      <Drawing model={model} seen={secret ? null : new Set(look.cones[at - 1])} leaks={leaks && !secret} />
      <p class="strip" dir="ltr">
        {stages(settings.all()).map(({ name, shape }, index) => (
          <span key={name}>
            {index > 0 && ' → '}
            <span class={`stage ${name}`}>
              <bdi>{t(`stage.${name}`)}</bdi> <code>{shape}</code>
            </span>
          </span>
        ))}
      </p>
    </FigureCard>
  );
}
