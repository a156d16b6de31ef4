/** Questions 1a and 1b: which architecture a task needs, from what its graph sees. */
import './architecture.css';
import { computed } from '@preact/signals';
import { definePage } from '../../frame/page.js';
import { createPlayer } from '../../frame/player.js';
import { routeCommand } from './command.js';
import { Controls } from './controls.js';
import { type ArchitectureKey, en } from './en.js';
import { fa } from './fa.js';
import { Figure } from './figure.js';
import { named } from './layout.js';
import { ArchitectureModel } from './model.js';
import { Story } from './story.js';
import { table } from './table.js';

export const page = definePage<typeof table, ArchitectureKey>({
  table,
  dictionaries: { en, fa },
  modes: ['predict', 'prove'],
  create(context) {
    const model = new ArchitectureModel(context);
    const { settings } = context;
    const { t, language } = context.i18n;
    const player = createPlayer({
      i18n: context.i18n,
      visible: context.visible,
      label: () => t('transport.label'),
      track: {
        label: () => t('transport.slider'),
        length: computed(() => model.look.value?.paths.length ?? 1),
        position: computed(() => model.at.value - 1),
        seek: (position, dragging) => {
          settings.preview('at', position + 1);
          if (!dragging) settings.commit();
        },
        text: () => named('y', model.at.value),
        ticks: () => (model.look.value?.paths ?? []).map((_, at) => ({ at, label: named('y', at + 1) })),
      },
    });
    return {
      Story: () => <Story model={model} />,
      Figure: () => <Figure model={model} />,
      Controls: () => <Controls model={model} />,
      transport: player,
      status: () => {
        const task = t(`setting.task.${settings.get('task')}`);
        return t(model.secret.value ? 'status.secret' : 'status.placed', {
          task,
          socket: t(`setting.shape.${settings.get('shape')}`),
        });
      },
      command: () => routeCommand(settings.all(), language.value),
      help: () => [
        { term: t('graph.title'), meaning: t('help.graph') },
        { term: t('ruler.title'), meaning: t('ruler.how') },
        { term: t('help.leak'), meaning: t('help.leak.meaning') },
      ],
      dispose: () => {
        player.dispose();
        model.dispose();
      },
    };
  },
});
