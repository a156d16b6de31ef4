/** Question 3: argmax attention by hand, why it cannot be trained, and what each remedy costs. */
import './attention.css';
import { computed } from '@preact/signals';
import { definePage } from '../../frame/page.js';
import { createPlayer } from '../../frame/player.js';
import { positions } from './by-hand.js';
import { attendCommand } from './command.js';
import { Controls } from './controls.js';
import { type AttentionKey, en } from './en.js';
import { fa } from './fa.js';
import { Figure } from './figure.js';
import { AttentionModel } from './model.js';
import { mathNumber, subscript } from './numbers.js';
import { Story } from './story.js';
import { table } from './table.js';

export const page = definePage<typeof table, AttentionKey>({
  table,
  dictionaries: { en, fa },
  modes: ['predict', 'prove'],
  create(context) {
    const model = new AttentionModel(context);
    const { settings } = context;
    const { t } = context.i18n;
    const position = (at: number): string => {
      const keys = model.keys.value;
      if (at === 0) return t('transport.start');
      if (at <= keys) return t('transport.score', { key: at });
      return t(at === keys + 1 ? 'transport.weights' : 'transport.output');
    };
    const player = createPlayer({
      i18n: context.i18n,
      visible: context.visible,
      label: () => t('transport.label'),
      newSeed: () => settings.set('seed', (settings.get('seed') + 1) % Number.MAX_SAFE_INTEGER),
      track: {
        label: () => t('transport.slider'),
        length: computed(() => positions(model.keys.value)),
        position: model.position,
        seek: (at, dragging) => model.seek(at, dragging),
        text: () => position(model.position.value),
        ticks: () => [
          ...Array.from({ length: model.keys.value }, (_, i) => ({
            at: i + 1,
            label: `s${subscript(i + 1)}`,
          })),
          { at: model.keys.value + 1, label: 'p' },
          { at: model.keys.value + 2, label: 'o' },
        ],
      },
    });
    return {
      Story: () => <Story model={model} />,
      Figure: () => <Figure model={model} />,
      Controls: () => <Controls model={model} />,
      transport: player,
      status: () => {
        const result = model.computed.value;
        if (result === null || model.secret.value) return t('status.ready');
        const { report, gradients } = result;
        const facts = {
          output: report.output.map((entry) => mathNumber(entry, 3)).join(', '),
          loss: mathNumber(gradients.loss, 3),
        };
        const used = report.weights.filter((weight) => weight > 0).length;
        return used === 1
          ? t('hand.now', { ...facts, key: report.weights.findIndex((weight) => weight > 0) + 1 })
          : t('hand.mixed', { ...facts, count: used });
      },
      command: () => attendCommand(settings.all()),
      help: () => [
        { term: t('help.score'), meaning: t('help.score.meaning') },
        { term: t('help.weight'), meaning: t('help.weight.meaning') },
        { term: t('help.bias'), meaning: t('help.bias.meaning') },
        { term: t('help.variance'), meaning: t('help.variance.meaning') },
      ],
      dispose: () => {
        player.dispose();
        model.dispose();
      },
    };
  },
});
