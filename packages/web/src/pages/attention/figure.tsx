/** The figure's parts, in the order of the argument. */
import type { ComponentChildren } from 'preact';
import { ByHandTable } from './by-hand-table.js';
import { Estimators } from './estimators.js';
import { Jacobians } from './jacobians.js';
import type { AttentionModel } from './model.js';
import { Passes } from './passes.js';
import { PlaneFigure } from './plane-figure.js';
import { Prove } from './prove.js';
import { ScoreBars } from './score-bars.js';
import { SimplexFigure } from './simplex-figure.js';
import { Training } from './training.js';
import { WhyFigure } from './why-figure.js';

export function Figure({ model }: { readonly model: AttentionModel }) {
  const { t } = model.context.i18n;
  return (
    <div class="attention">
      {model.context.mode.value === 'prove' && (
        <Card id="prove" title={t('proof.title')}>
          <Prove model={model} />
        </Card>
      )}
      <Card id="hand" title={t('hand.title')}>
        <ByHandTable model={model} />
        {model.secret.value && <p class="remark">{t('hand.secret')}</p>}
      </Card>
      <div class="pair">
        <PlaneFigure model={model} />
        <ScoreBars model={model} />
      </div>
      <WhyFigure model={model} />
      {!model.secret.value && (
        <Card id="remedies" title={t('passes.title')}>
          <Passes model={model} />
        </Card>
      )}
      <Jacobians model={model} />
      <SimplexFigure model={model} />
      <Estimators model={model} />
      <Training model={model} />
    </div>
  );
}

interface CardProps {
  readonly id: string;
  readonly title: string;
  readonly children: ComponentChildren;
}

function Card({ id, title, children }: CardProps) {
  return (
    <section class="card" id={`section-${id}`} aria-labelledby={`section-${id}-title`}>
      <h2 id={`section-${id}-title`}>{title}</h2>
      {children}
    </section>
  );
}
