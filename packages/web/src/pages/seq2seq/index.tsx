/** Sequence to sequence with attention: an encoder-decoder learns to rewrite, and the alignment emerges while one watches. */
import '../../examples/examples.css';
import './seq2seq.css';
import { examplesCommand } from '../../examples/command.js';
import { Curves } from '../../examples/curves.js';
import { pageParts } from '../../examples/page-parts.js';
import { Replay } from '../../examples/replay.js';
import { definePage } from '../../frame/page.js';
import { AlignmentFigure } from './alignment-figure.js';
import { Ask } from './ask.js';
import { BeamsFigure } from './beams-figure.js';
import { en, type Seq2SeqKey } from './en.js';
import { fa } from './fa.js';
import { LengthsFigure } from './lengths-figure.js';
import { Seq2SeqModel } from './model.js';
import { Predict } from './predict.js';
import { StepFigure } from './step-figure.js';
import { Story } from './story.js';
import { table } from './table.js';
import { TreeFigure } from './tree-figure.js';
import { WhatIfFigure } from './what-if-figure.js';

const own = ['task', 'attention', 'bidirectional', 'beam'] as const;

export const page = definePage<typeof table, Seq2SeqKey>({
  table,
  dictionaries: { en, fa },
  modes: ['predict', 'prove'],
  create(context) {
    const model = new Seq2SeqModel(context);
    const { lab, run } = model;
    const { i18n, settings, mode } = context;
    return {
      ...pageParts({ i18n, lab, run, own }),
      Story: () => <Story model={model} />,
      Figure: () => (
        <div class="examples">
          {mode.value === 'prove' && <Replay run={run} steps={lab.step.value} />}
          {mode.value === 'predict' && <Predict model={model} />}
          <Ask model={model} />
          <AlignmentFigure model={model} />
          <WhatIfFigure model={model} />
          <Curves
            lab={lab}
            metric="exactMatch"
            metricName={i18n.t('metric')}
            marker={lab.pinned.value === null ? undefined : lab.shown?.step}
          />
          <StepFigure model={model} />
          <TreeFigure model={model} />
          <BeamsFigure model={model} />
          <LengthsFigure model={model} />
        </div>
      ),
      command: () => examplesCommand('seq2seq', table, settings.all(), lab.source.value),
      help: () => [
        { term: i18n.t('help.look'), meaning: i18n.t('help.look.meaning') },
        { term: i18n.t('alignment.title'), meaning: i18n.t('help.alignment') },
        { term: '␣ ⁞ ∎', meaning: i18n.t('help.signs') },
      ],
      dispose: () => model.dispose(),
    };
  },
});
