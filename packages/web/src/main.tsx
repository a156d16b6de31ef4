/** Wiring: address -> frame -> views, and what concerns the whole document. */
import '@fontsource-variable/vazirmatn/wght.css';
import './styles/index.css';
import { effect, signal } from '@preact/signals';
import { render } from 'preact';
import { followAddress } from './frame/address.js';
import { FrameProvider } from './frame/context.js';
import { Frame } from './frame/frame.js';
import { listenToKeys } from './frame/keys.js';
import { Shell } from './frame/shell.js';
import { direction } from './i18n/index.js';
import { keepOffline } from './offline/register.js';
import { pages } from './pages/registry.js';

const darkMedia = matchMedia('(prefers-color-scheme: dark)');
const systemIsDark = signal(darkMedia.matches);
darkMedia.addEventListener('change', (event) => {
  systemIsDark.value = event.matches;
});

const tabVisible = signal(!document.hidden);
document.addEventListener('visibilitychange', () => {
  tabVisible.value = !document.hidden;
});

const frame = new Frame({ pages, search: location.search, systemIsDark, tabVisible });

effect(() => {
  const root = document.documentElement;
  const language = frame.settings.get('language');
  root.lang = language;
  root.dir = direction[language];
  root.dataset.theme = frame.shade.value;
  const title = frame.page.value?.context.i18n.t('page.title') ?? frame.wanted.value.name[language];
  document.title = `${title} · ${frame.i18n.t('app.name')}`;
});

const mount = document.getElementById('app');
if (mount === null) throw new Error('internal: index.html must have an element with id app');
render(
  <FrameProvider value={frame}>
    <Shell />
  </FrameProvider>,
  mount,
);
// Another tab has pinned something.
addEventListener('storage', () => frame.pins.refresh());
listenToKeys(document, frame);
followAddress(frame);
void frame.visit(location.search, location.hash);
keepOffline((act) => {
  frame.tell({ tone: 'info', key: 'status.newVersion', action: { key: 'error.action.reload', act } });
});
