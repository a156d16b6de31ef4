/** Aligned many to many: parts of speech, read forwards and in both directions, side by side from the same seed. */
import '../../examples/examples.css';
import './tagging.css';
import { examplesCommand } from '../../examples/command.js';
import { pageParts } from '../../examples/page-parts.js';
import { Replay } from '../../examples/replay.js';
import { definePage } from '../../frame/page.js';
import { ConfusionFigure } from './confusion-figure.js';
import { en, type TaggingKey } from './en.js';
import { fa } from './fa.js';
import { LearningFigure } from './learning-figure.js';
import { TaggingModel } from './model.js';
import { Prove } from './prove.js';
import { SentenceFigure } from './sentence-figure.js';
import { Story } from './story.js';
import { table } from './table.js';
import { TokenFigure } from './token-figure.js';

const own = ['task'] as const;

export const page = definePage<typeof table, TaggingKey>({
  table,
  dictionaries: { en, fa },
  modes: ['predict', 'prove'],
  create(context) {
    const model = new TaggingModel(context);
    const { run } = model;
    const { both } = model.labs;
    const { i18n, settings, mode } = context;
    return {
      ...pageParts({ i18n, lab: both, run, own, note: () => i18n.t('reader.note') }),
      transport: model.transport,
      Story: () => <Story model={model} />,
      Figure: () => (
        <div class="examples">
          {mode.value === 'prove' && (
            <>
              <Prove model={model} />
              <Replay run={run} steps={both.step.value} />
            </>
          )}
          <SentenceFigure model={model} />
          <TokenFigure model={model} />
          <LearningFigure model={model} />
          <ConfusionFigure model={model} />
        </div>
      ),
      command: () => `${examplesCommand('tag', table, settings.all(), both.source.value)} --bidirectional`,
      help: () => [
        { term: i18n.t('help.look'), meaning: i18n.t('help.look.meaning') },
        { term: '≠', meaning: i18n.t('sentence.apart') },
        { term: 'DET ADJ NOUN PRON VERB', meaning: i18n.t('help.tags') },
      ],
      dispose: () => model.dispose(),
    };
  },
});
