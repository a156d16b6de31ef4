/** Wiring: URL -> settings -> lab -> views, and the page-wide listeners. */
import '@fontsource-variable/vazirmatn/wght.css';
import 'uplot/dist/uPlot.min.css';
import './style.css';
import { openSession } from '@hw5/core';
import { computed, effect, signal } from '@preact/signals';
import { render } from 'preact';
import { type App, AppProvider, createSettings } from './app.js';
import { createCommands } from './commands.js';
import { direction } from './i18n/index.js';
import { listenToKeys } from './keys.js';
import { Lab } from './lab.js';
import { modelConfig, writeUrl } from './state.js';
import { Page } from './views/page.js';

/** A model is made this long after the last change of a setting, ms. */
const PREPARE_DELAY = 350;
/** Safari refuses more than 100 changes of the address in 30 s. */
const URL_DELAY = 400;

const { settings, url, i18n } = createSettings(location.search);
const lab = new Lab({
  open: () => openSession(),
  settings: () => settings.all(),
  adopt: (values) => settings.adopt(values),
});
const pinned = signal<number | null>(null);
const helpOpen = signal(false);

const systemIsDark = matchMedia('(prefers-color-scheme: dark)');
const dark = signal(systemIsDark.matches);
systemIsDark.addEventListener('change', (event) => {
  dark.value = event.matches;
});
const shade = computed(() => {
  const theme = settings.get('theme');
  return theme === 'auto' ? (dark.value ? 'dark' : 'light') : theme;
});

const commands = createCommands(lab, settings, i18n, pinned);
const app: App = { settings, i18n, lab, commands, pinned, helpOpen, shade };

effect(() => {
  const root = document.documentElement;
  root.lang = settings.get('language');
  root.dir = direction[settings.get('language')];
  root.dataset.theme = shade.value;
  document.title = `${i18n.t('app.title')} · ${i18n.t('app.name')}`;
});

/** Runs `action` once `delay` ms have passed without another call. */
function debounced(action: () => void, delay: number): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  return () => {
    clearTimeout(timer);
    timer = setTimeout(action, delay);
  };
}

const writeAddress = debounced(() => {
  history.replaceState(
    null,
    '',
    location.pathname + writeUrl(settings.all(), settings.unknown) + location.hash,
  );
}, URL_DELAY);
let addressRead = false;
effect(() => {
  settings.all();
  // The address that was opened stays as it is until a setting changes.
  if (addressRead) writeAddress();
  addressRead = true;
});

const prepare = debounced(() => void lab.prepare(), PREPARE_DELAY);
effect(() => {
  modelConfig(settings.all());
  if (lab.text.value !== null) prepare();
});

// A change of what is sampled is heard at once in the next sample; a new history starts at its newest.
effect(() => {
  if (lab.samples.value.length === 0) pinned.value = null;
});

let pausedWhileHidden = false;
document.addEventListener('visibilitychange', () => {
  if (document.hidden && settings.get('pauseHidden') && lab.phase.value === 'training') {
    pausedWhileHidden = true;
    lab.pause('hidden');
  } else if (!document.hidden && pausedWhileHidden) {
    pausedWhileHidden = false;
    void lab.play();
  }
});

listenToKeys(document, commands, helpOpen);

const problem = url.problems[0];
if (problem !== undefined) {
  lab.notice.value = {
    tone: 'error',
    key: 'status.badUrl',
    facts: { name: problem.path },
    problem: problem.problem,
  };
} else if (url.unknown.length > 0) {
  const names = url.unknown.map(([name]) => name.slice(0, 40)).join(', ');
  lab.notice.value = { tone: 'error', key: 'status.unknownUrl', facts: { names: names.slice(0, 200) } };
}

const mount = document.getElementById('app');
if (mount === null) throw new Error('internal: index.html must have an element with id app');
render(
  <AppProvider value={app}>
    <Page />
  </AppProvider>,
  mount,
);
void commands.loadSampleText();
