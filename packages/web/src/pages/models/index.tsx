/** The page `models`: models made elsewhere come in, models made here go out, each way with a receipt. */
import './models.css';
import { definePage } from '../../frame/page.js';
import { modelsCommand } from './command.js';
import { en, type Key } from './en.js';
import { fa } from './fa.js';
import { ModelsModel } from './model.js';
import { table } from './table.js';
import { Controls } from './views/controls.js';
import { DropZone } from './views/drop-zone.js';
import { Incoming } from './views/incoming.js';
import { Outgoing } from './views/outgoing.js';
import { Story } from './views/story.js';
import { Try } from './views/try.js';

export const page = definePage<typeof table, Key>({
  table,
  dictionaries: { en, fa },
  modes: ['prove'],
  create(context) {
    const model = new ModelsModel(context);
    const { t } = context.i18n;
    return {
      Story: () => <Story model={model} />,
      Figure: () => (
        <>
          <DropZone model={model} />
          <Incoming model={model} />
          <Try model={model} />
          <Outgoing model={model} />
        </>
      ),
      Controls: () => <Controls model={model} />,
      status: () => t(model.busy.value ? 'status.busy' : 'status.ready'),
      command: () => {
        const taken = model.taken.value;
        return modelsCommand(context.settings.get('format'), taken?.name, taken?.kind === 'checkpoint');
      },
      help: () => [
        { term: t('receipt.delta'), meaning: t('story.receipt') },
        { term: t('receipt.vocabulary'), meaning: t('in.vocabulary') },
      ],
      take: ({ files }) => void model.take(files),
      dispose: () => model.dispose(),
    };
  },
});
