/** What is to be seen, with links that operate the figure. */
import { StoryColumn } from '../../frame/story-column.js';
import type { Seq2SeqModel } from './model.js';

export function Story({ model }: { readonly model: Seq2SeqModel }) {
  const { i18n, settings } = model.context;
  const { t } = i18n;
  const start = (change: () => void) => () => {
    change();
    void model.lab.rewind().then(() => model.lab.play());
  };
  const links = {
    train: () => void model.lab.play(),
    first: () => {
      model.lab.pinned.value = 0;
    },
    last: () => {
      model.lab.pinned.value = null;
    },
    reverse: start(() => settings.adopt({ task: 'reverse', input: '', forced: '', edits: '' })),
    names: start(() => settings.adopt({ task: 'transliteration', input: '', forced: '', edits: '' })),
    back: start(() => settings.adopt({ task: 'romanization', input: '', forced: '', edits: '' })),
    dot: start(() => settings.adopt({ attention: 'dot' })),
    persian: () => model.askFor('۱۹۹۹/۰۶/۰۳'),
    whatIf: {
      act: () => {
        model.seek(2);
        model.edit({ step: 2, kind: 'place', place: 0 });
      },
      target: 'what-if',
    },
    tree: { act: () => undefined, target: 'tree' },
    lengths: () => void model.measureLengths(),
  };
  return (
    <StoryColumn
      t={t}
      paragraphs={['story.lead', 'story.watch', 'story.bottleneck', 'story.bias', 'story.none']}
      tries={[
        'story.try.reverse',
        'story.try.names',
        'story.try.dot',
        'story.try.persian',
        'story.try.whatIf',
        'story.try.tree',
        'story.try.lengths',
      ]}
      links={links}
    />
  );
}
