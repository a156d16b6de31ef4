/** What there is to see, with links that do it. */

import { show } from '../../../frame/operate.js';
import { Prose } from '../../../frame/prose.js';
import { useApp } from '../app.js';
import type { BpttKey } from '../en.js';
import { Formula } from '../formula.js';
import { ALL_LINES, type Values } from '../table.js';
import { Panel } from './panel.js';

export function Story() {
  const { context } = useApp();
  const { t } = context.i18n;
  return (
    <Panel id="bptt-story" title={t('story.title')} class="bptt-story">
      <p>
        <Prose text={t('story.question')} />
      </p>
      <Formula
        display
        latex="\frac{\partial J}{\partial W_{hh}} = \sum_{t=1}^{3} \sum_{k=1}^{t} \frac{\partial J_t}{\partial h_t} \frac{\partial h_t}{\partial h_k} \frac{\partial^{+} h_k}{\partial W_{hh}}"
      />
      <h3>{t('story.paths.title')}</h3>
      <p>
        <Prose text={t('story.paths')} />
      </p>
      <ul class="try">
        <Try to={{ view: 'paths', focus: 'path 3 1' }} at="bptt-graph" say="try.longest" />
        <Try to={{ view: 'paths', focus: 'path 3 3' }} at="bptt-graph" say="try.shortest" />
        <Try to={{ view: 'paths', line: 1 }} at="bptt-algebra" say="try.derive" />
      </ul>
      <h3>{t('story.zero.title')}</h3>
      <p>
        <Prose text={t('story.zero')} />
      </p>
      <ul class="try">
        <Try to={{ view: 'paths', start: 'drawn', focus: 'path 1 1' }} at="bptt-paths" say="try.drawn" />
        <Try to={{ view: 'paths', start: 'zero', focus: 'path 1 1' }} at="bptt-paths" say="try.zero" />
        <Try to={{ view: 'paths', window: 1 }} at="bptt-paths" say="try.truncate" />
      </ul>
      <h3>{t('story.slices.title')}</h3>
      <p>
        <Prose text={t('story.slices')} />
      </p>
      <ul class="try">
        <Try
          to={{ view: 'slices', start: 'drawn', sliceStep: 0, sliceUse: 0 }}
          at="bptt-slices"
          say="try.slices"
        />
        <Try
          to={{ view: 'slices', start: 'drawn', sliceStep: 3, sliceUse: 3 }}
          at="bptt-slices"
          say="try.immediate"
        />
        <Try to={{ view: 'slices', sliceBy: 'parameter' }} at="bptt-slices" say="try.otherCut" />
      </ul>
      <h3>{t('story.check.title')}</h3>
      <p>
        <Prose text={t('story.check')} />
      </p>
      <ul class="try">
        <Try to={{ view: 'check', epsilon: -5, precision: 'f64' }} at="bptt-curve" say="try.good" />
        <Try to={{ view: 'check', epsilon: -11, precision: 'f64' }} at="bptt-curve" say="try.tiny" />
        <Try to={{ view: 'check', epsilon: -5, precision: 'f32' }} at="bptt-curve" say="try.f32" />
      </ul>
      <h3>{t('story.long.title')}</h3>
      <p>
        <Prose text={t('story.long')} />
      </p>
      <ul class="try">
        <Try to={{ view: 'memory', radius: 0.7, gate: 1, horizon: 40 }} at="bptt-memory" say="try.vanish" />
        <Try to={{ view: 'memory', radius: 0.7, gate: 4, horizon: 40 }} at="bptt-memory" say="try.keep" />
        <Try to={{ view: 'memory', radius: 1.6, gate: 1, horizon: 40 }} at="bptt-memory" say="try.explode" />
        <Try
          to={{ view: 'memory', radius: 3, gate: 1, horizon: 40, clip: true, clipNorm: 1 }}
          at="bptt-clip"
          say="try.clip"
        />
        <Try
          to={{ view: 'paths', recurrence: 'lstm', wrt: 'U_f', steps: 3, changes: '' }}
          at="bptt-graph"
          say="try.lstm"
        />
        <Try to={{ view: 'hunt' }} at="bptt-hunt" say="try.hunt" />
      </ul>
    </Panel>
  );
}

interface TryProps {
  readonly to: Partial<Values>;
  /** Id of the panel that changes. */
  readonly at: string;
  readonly say: BpttKey;
}

/** A link that operates the figure. Unlike a plain `<Operate>` it is off where an instructor has locked what it changes. */
function Try({ to, at, say }: TryProps) {
  const { context } = useApp();
  const { settings, i18n, isLocked } = context;
  const act = (): void => {
    settings.adopt({ line: ALL_LINES, ...to });
    if (to.focus !== undefined) context.pin.value = to.focus;
    // Drawn first, if the view has changed.
    requestAnimationFrame(() => show(at));
  };
  return (
    <li>
      <button
        type="button"
        class="link operate"
        disabled={Object.keys(to).some((name) => isLocked(name))}
        onClick={act}
      >
        {i18n.t(say)}
      </button>
    </li>
  );
}
