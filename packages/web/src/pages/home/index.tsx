/** The first page: the homework's questions, and a router for whatever somebody types or pastes. */
import './home.css';
import { definePage } from '../../frame/page.js';
import { Controls } from './controls.js';
import { en, type HomeKey } from './en.js';
import { fa } from './fa.js';
import { Figure } from './figure.js';
import { HomeModel } from './model.js';
import { Story } from './story.js';
import { table } from './table.js';

export const page = definePage<typeof table, HomeKey>({
  table,
  dictionaries: { en, fa },
  modes: ['predict'],
  create(context) {
    const model = new HomeModel(context);
    const { t } = context.i18n;
    const { settings } = context;
    return {
      Story: () => <Story model={model} />,
      Figure: () => <Figure model={model} />,
      Controls: () => <Controls model={model} />,
      status: () => t(model.groups.value === null ? 'home.loading' : 'home.ready'),
      command: () => {
        const open = settings.get('question');
        return `npx hw5 solve ${open === 'none' ? 'all' : open}`;
      },
      help: () => [
        { term: t('router.title'), meaning: t('story.router.plain') },
        { term: t('card.proof'), meaning: t('help.proof') },
        { term: t('progress.title'), meaning: t('progress.device') },
      ],
      take({ text }) {
        if (text === '') return;
        settings.set('text', text.slice(0, 2000));
        void model.route();
      },
      dispose: () => undefined,
    };
  },
});
