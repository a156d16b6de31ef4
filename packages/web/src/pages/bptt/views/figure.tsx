/** The figure: five views of one derivation. */
import { FigureCard } from '../../../frame/figure-card.js';
import { type App, useApp } from '../app.js';
import { views } from '../table.js';
import { nodesTable } from '../tables.js';
import { Algebra } from './algebra.js';
import { AllParameters, CheckView } from './check.js';
import { RefusalText } from './controls.js';
import { Graph } from './graph.js';
import { HuntView } from './hunt.js';
import { KeyCard } from './key-card.js';
import { MemoryView } from './memory.js';
import { GivenNumbers, GradientNumbers, NodeNumbers, PathNumbers } from './numbers.js';
import { Panel } from './panel.js';
import { QuestionCard } from './question.js';
import { Shares, TruncationControl } from './shares.js';
import { SlicesView } from './slices.js';
import { Triangle } from './triangle.js';

export function Figure() {
  const { context, bench } = useApp();
  const { t } = context.i18n;
  const { settings } = context;
  const view = settings.get('view');
  return (
    <div class="bptt">
      <div class="views" role="tablist" aria-label={t('views.label')}>
        {views.map((name) => (
          <button
            key={name}
            type="button"
            role="tab"
            id={`bptt-tab-${name}`}
            aria-selected={view === name}
            aria-controls="bptt-panel"
            tabIndex={view === name ? 0 : -1}
            onClick={() => settings.set('view', name)}
            onKeyDown={(event) => {
              const along = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
              if (along === undefined) return;
              event.preventDefault();
              const rtl = getComputedStyle(event.currentTarget).direction === 'rtl';
              const next =
                views[(views.indexOf(name) + (rtl ? -along : along) + views.length) % views.length]!;
              settings.set('view', next);
              document.getElementById(`bptt-tab-${next}`)?.focus();
            }}
          >
            {t(`view.${name}`)}
          </button>
        ))}
      </div>
      <div id="bptt-panel" role="tabpanel" aria-labelledby={`bptt-tab-${view}`} class="panel">
        {bench.refusal.value !== null && view !== 'hunt' && view !== 'memory' && <RefusalText />}
        {view === 'paths' && <PathsView />}
        {view === 'slices' && <SlicesView />}
        {view === 'check' && <CheckView />}
        {view === 'hunt' && <HuntView />}
        {view === 'memory' && <MemoryView />}
      </div>
    </div>
  );
}

function PathsView() {
  const app = useApp();
  const { context, bench, hidden } = app;
  const { t, format } = context.i18n;
  const unrolled = bench.unrolled.value;
  if (unrolled === null)
    return bench.refusal.value === null ? <div class="graph-place" aria-busy="true" /> : null;
  const { derivation } = unrolled;
  return (
    <>
      <QuestionCard />
      {context.mode.value === 'prove' && (
        <Panel id="bptt-proof" title={t('proof.title')}>
          <p class="small">{t('proof.intro')}</p>
          <AllParameters />
        </Panel>
      )}
      <FigureCard
        id="bptt-graph"
        title={t('graph.title')}
        name="bptt-graph"
        honest="computed"
        summary={summaryOf(app)}
        table={() => nodesTable(unrolled, hidden.value)}
        latex={() => unrolled.lines.map(({ latex }) => `\\[ ${latex} \\]\n`).join('')}
      >
        <div class="graph-and-paths">
          <Graph />
          <Triangle />
        </div>
        <GraphLegend />
      </FigureCard>
      <Panel id="bptt-paths" title={t('paths.title')}>
        <div class="paths">
          <Shares />
          <TruncationControl />
        </div>
        <PathNumbers />
      </Panel>
      <Panel id="bptt-algebra" title={t('algebra.title')}>
        <Algebra />
      </Panel>
      <Panel id="bptt-gradient" title={t('numbers.title')}>
        <p class="small">
          {t('numbers.intro', {
            loss: hidden.value ? '?' : format.value.decimal(derivation.lossValue, 4),
            wrt: derivation.wrt,
          })}
        </p>
        <GradientNumbers />
        <details>
          <summary>{t('numbers.given')}</summary>
          <p class="small">{t('numbers.givenHelp')}</p>
          <GivenNumbers />
        </details>
      </Panel>
      <Panel id="bptt-node" title={t('node.title')} class="node-card">
        <NodeNumbers />
      </Panel>
      <KeyCard />
    </>
  );
}

function GraphLegend() {
  const { context } = useApp();
  const { t } = context.i18n;
  return (
    <ul class="legend bptt-legend">
      <li class="legend-input">{t('role.input')}</li>
      <li class="legend-state">{t('role.state')}</li>
      <li class="legend-value">{t('role.value')}</li>
      <li class="legend-loss">{t('role.loss')}</li>
      <li class="legend-target">{t('role.target')}</li>
      <li class="legend-gradient">{t('legend.gradient')}</li>
      <li class="legend-positive">{t('legend.positive')}</li>
      <li class="legend-negative">{t('legend.negative')}</li>
    </ul>
  );
}

/** What is lit, for those who do not see it. */
function summaryOf({ context, restedPath: path, pinned, bench, hidden }: App): string {
  const { t } = context.i18n;
  const unrolled = bench.unrolled.value;
  if (unrolled === null) return '';
  const focus = pinned.value;
  if (focus?.kind === 'node') return t('summary.node', { id: focus.id });
  const { paths } = unrolled.derivation;
  const found = paths.find(({ t: at, k }) => at === path.value?.t && k === path.value.k);
  if (found === undefined) return '';
  const norm = hidden.value ? '?' : found.norm.toExponential(2);
  return t('summary.path', { t: found.t, k: found.k, norm });
}
