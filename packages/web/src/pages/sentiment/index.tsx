/** Many to one: a classifier learns praise from blame, and says what each word does to its score. */
import '../../examples/examples.css';
import './sentiment.css';
import { examplesCommand } from '../../examples/command.js';
import { Curves } from '../../examples/curves.js';
import { pageParts } from '../../examples/page-parts.js';
import { Replay } from '../../examples/replay.js';
import { definePage } from '../../frame/page.js';
import { en, type SentimentKey } from './en.js';
import { fa } from './fa.js';
import { SentimentModel } from './model.js';
import { PairsFigure } from './pairs-figure.js';
import { SentenceFigure } from './sentence-figure.js';
import { Story } from './story.js';
import { table } from './table.js';
import { TrajectoryFigure } from './trajectory-figure.js';
import { WhyFigure } from './why-figure.js';

const own = ['pooling', 'bidirectional'] as const;

export const page = definePage<typeof table, SentimentKey>({
  table,
  dictionaries: { en, fa },
  modes: ['predict', 'prove'],
  create(context) {
    const model = new SentimentModel(context);
    const { lab, run } = model;
    const { i18n, settings, mode } = context;
    return {
      ...pageParts({ i18n, lab, run, own }),
      Story: () => <Story model={model} />,
      Figure: () => (
        <div class="examples">
          {mode.value === 'prove' && <Replay run={run} steps={lab.step.value} />}
          <SentenceFigure model={model} />
          <TrajectoryFigure model={model} />
          <WhyFigure model={model} />
          <Curves
            lab={lab}
            metric="accuracy"
            metricName={i18n.t('metric')}
            marker={lab.pinned.value === null ? undefined : lab.shown?.step}
          />
          <PairsFigure model={model} />
        </div>
      ),
      command: () => examplesCommand('classify', table, settings.all(), lab.source.value),
      help: () => [
        { term: i18n.t('help.look'), meaning: i18n.t('help.look.meaning') },
        { term: 'p', meaning: i18n.t('why.pool') },
        { term: 'g·x', meaning: i18n.t('why.gradient') },
        { term: 'Δ', meaning: i18n.t('why.occlusion') },
      ],
      dispose: () => model.dispose(),
    };
  },
});
