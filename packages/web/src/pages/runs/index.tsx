/** The page `runs`: what was trained in this browser, compared, and gone on with. */
import './runs.css';
import { definePage } from '../../frame/page.js';
import { en, type Key } from './en.js';
import { fa } from './fa.js';
import { RunsModel } from './model.js';
import { table } from './table.js';
import { Controls } from './views/controls.js';
import { Curves } from './views/curves.js';
import { Pair } from './views/pair.js';
import { RestsFigure } from './views/rests.js';
import { RunsTable } from './views/runs-table.js';
import { Story } from './views/story.js';

export const page = definePage<typeof table, Key>({
  table,
  dictionaries: { en, fa },
  create(context) {
    const model = new RunsModel(context);
    const { t, format } = context.i18n;
    return {
      Story: () => <Story model={model} />,
      Figure: () => (
        <>
          <RunsTable model={model} />
          <Curves model={model} />
          <Pair model={model} />
          <RestsFigure model={model} />
        </>
      ),
      Controls: () => <Controls model={model} />,
      status: () => {
        const runs = model.runs.value;
        if (runs === null) return t('status.opening');
        const size = format.value.bytes(runs.reduce((sum, run) => sum + run.size, 0));
        return t('status.count', { count: runs.length, size });
      },
      help: () => [
        { term: t('table.hash'), meaning: t('story.again') },
        { term: t('table.title'), meaning: t('story.compare') },
      ],
      dispose: () => model.dispose(),
    };
  },
});
