/** Question 1c: what a recurrent language model estimates at step t, on a model that trains before your eyes. */
import './language-model.css';
import { computed } from '@preact/signals';
import { definePage } from '../../frame/page.js';
import { createPlayer } from '../../frame/player.js';
import { runStatus } from '../../frame/training/words.js';
import { trainCommand } from './command.js';
import { Controls } from './controls.js';
import { en, type LanguageModelKey } from './en.js';
import { fa } from './fa.js';
import { Figure } from './figure.js';
import { LanguageModel } from './model.js';
import { Story } from './story.js';
import { table } from './table.js';

export const page = definePage<typeof table, LanguageModelKey>({
  table,
  dictionaries: { en, fa },
  modes: ['predict', 'prove'],
  create(context) {
    const model = new LanguageModel(context);
    const { settings, i18n } = context;
    const { t } = i18n;
    const player = createPlayer({
      i18n,
      visible: context.visible,
      label: () => t('transport.label'),
      interval: 600,
      newSeed: () => settings.set('sampleSeed', (settings.get('sampleSeed') + 1) % Number.MAX_SAFE_INTEGER),
      track: {
        label: () => t('transport.slider'),
        length: computed(() => [...model.line.value].length + 1),
        position: model.caret,
        seek: (position, dragging) => model.seek(position, dragging),
        text: () => t('transport.at', { read: model.caret.value }),
      },
    });
    return {
      Story: () => <Story model={model} />,
      Figure: () => <Figure model={model} />,
      Controls: () => <Controls model={model} />,
      transport: player,
      status: () => {
        const { phase, step } = model.control;
        if (phase.value === 'done' || phase.value === 'paused')
          return t('status.trained', { step: step.value });
        return runStatus(model.control, i18n);
      },
      command: () => trainCommand(settings.all(), model.corpus.value?.language ?? 'en'),
      help: () => [
        { term: t('bars.title'), meaning: t('bars.how') },
        { term: t('line.free'), meaning: t('help.free') },
        { term: '␣ ⏎ ┊', meaning: t('help.marks') },
      ],
      dispose: () => {
        player.dispose();
        model.dispose();
      },
    };
  },
});
