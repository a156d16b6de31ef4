/** The page `train`: a character model learns a text while one watches. */
import './train.css';
import { effect, signal } from '@preact/signals';
import type { ComponentType } from 'preact';
import { keepRuns } from '../../frame/kept-runs/keeping.js';
import { definePage } from '../../frame/page.js';
import { createRunTransport, pauseWhileHidden } from '../../frame/training/transport.js';
import { runStatus } from '../../frame/training/words.js';
import { type App, AppProvider } from './app.js';
import { trainCommand } from './command.js';
import { createCommands, OWN_TEXT_NAME } from './commands.js';
import { countBeside } from './counting.js';
import { en } from './en.js';
import { fa } from './fa.js';
import { Lab } from './lab.js';
import { Looks } from './looks.js';
import { modelConfig, table } from './table.js';
import { createTrack } from './track.js';
import { Generate } from './views/generate.js';
import { Keep } from './views/keep.js';
import { LookInside } from './views/look-inside.js';
import { LossFigure } from './views/loss-figure.js';
import { SampleCard } from './views/sample-card.js';
import { SettingsForm } from './views/settings-form.js';
import { Story } from './views/story.js';
import { TextCard } from './views/text-card.js';

/** A model is made this long after the last change of a setting, ms. */
const PREPARE_DELAY = 350;

export const page = definePage({
  table,
  dictionaries: { en, fa },
  create(context) {
    const { settings, i18n, notice, sessions, shade, tabVisible } = context;
    const lab = new Lab({
      open: () => sessions.open(),
      settings: () => settings.all(),
      adopt: (values) => settings.adopt(values),
      tell: (said) => {
        notice.value = said;
      },
    });
    const pinned = signal<number | null>(null);
    const commands = createCommands({ lab, settings, i18n, notice, pinned });
    const looks = new Looks(lab, pinned, context);
    const counting = countBeside(lab, settings, sessions);
    const app: App = { settings, i18n, shade, lab, commands, looks, counting: counting.loss, pinned };
    const within = (Parts: ComponentType) => () => (
      <AppProvider value={app}>
        <Parts />
      </AppProvider>
    );

    let timer: ReturnType<typeof setTimeout> | undefined;
    const stops = [
      effect(() => {
        modelConfig(settings.all());
        if (lab.source.value === null) return;
        clearTimeout(timer);
        timer = setTimeout(() => void lab.prepare(), PREPARE_DELAY);
      }),
      // A new history starts at its newest.
      effect(() => {
        if (lab.samples.value.length === 0) pinned.value = null;
      }),
      pauseWhileHidden(lab, tabVisible, () => settings.get('pauseHidden')),
      keepRuns({
        page: 'train',
        lab,
        settings,
        tell: (said) => {
          notice.value = said;
        },
        gathered: () => lab.samples.value,
        fits: ({ config }) => JSON.stringify(config) === JSON.stringify(modelConfig(settings.all())),
        begin: () => (lab.source.peek() === null ? commands.loadFirstText() : undefined),
      }),
    ];

    return {
      Story: within(() => (
        <>
          <Story />
          <TextCard />
        </>
      )),
      Figure: within(() => (
        <>
          <LossFigure />
          <SampleCard />
          <Generate />
          <LookInside />
        </>
      )),
      Controls: within(() => (
        <>
          <SettingsForm />
          <Keep />
        </>
      )),
      transport: createRunTransport(lab, {
        i18n,
        track: createTrack(app),
        mayStart: () => commands.formIsValid(),
        onStart: () => {
          pinned.value = null;
        },
        nextSeed: () => settings.set('seed', (settings.get('seed') + 1) % 2 ** 53),
      }),
      status: () => runStatus(lab, i18n),
      command: () => trainCommand(settings.all(), lab.dataFile.value),
      keys: [{ key: 's', help: () => i18n.t('help.s'), run: () => commands.sample() }],
      help: () => [
        { term: i18n.t('story.title'), meaning: i18n.t('story.model') },
        { term: i18n.t('figure.title'), meaning: i18n.t('story.chance') },
      ],
      take({ files, text }) {
        if (files.length === 0 && text !== '') commands.useText('own', OWN_TEXT_NAME, text);
        else void commands.takeFiles(files);
      },
      own: () => {
        const text = lab.source.value;
        return text === null || text.kind === 'sample' ? null : { name: text.name, text: text.content };
      },
      bring: ({ name, text }) => commands.useText(name === OWN_TEXT_NAME ? 'own' : 'file', name, text),
      busy: lab.hasWork,
      dispose() {
        clearTimeout(timer);
        for (const stop of stops) stop();
        looks.dispose();
        counting.dispose();
        void lab.close();
      },
    };
  },
});
