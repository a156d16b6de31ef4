/** The lab's frame around a page: story, figure and controls in reading order; the grid places them. */
import type { ComponentType } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { PageProvider, useFrame } from './context.js';
import { Footer } from './footer.js';
import type { OpenPage } from './frame.js';
import { Header } from './header.js';
import { Help } from './help.js';
import { Icon } from './icons.js';
import { Notebook } from './pins/notebook.js';
import { Stamps } from './stamps.js';
import { StatusLine } from './status-line.js';
import { TransportBar } from './transport-bar.js';

export function Shell() {
  const frame = useFrame();
  const { t } = frame.i18n;
  const page = frame.page.value;
  return (
    <>
      <a class="skip" href="#figure">
        {t('app.skip')}
      </a>
      <Header />
      {page === null ? (
        <>
          <StatusLine />
          <main aria-busy="true" />
        </>
      ) : (
        <PageProvider key={page.entry.id} value={page.context}>
          <StatusLine />
          <PageParts page={page} />
          <Notebook />
          <Footer />
          {page.instance.transport !== undefined && <TransportBar transport={page.instance.transport} />}
          <Help page={page} />
          <DropVeil page={page} />
        </PageProvider>
      )}
    </>
  );
}

function PageParts({ page }: { readonly page: OpenPage }) {
  const { Story, Figure, Controls } = page.instance;
  return (
    <main class={Controls === undefined ? 'two-columns' : ''}>
      <div class="column story-column">
        <Story />
      </div>
      <div class="column figure-column" id="figure" tabIndex={-1}>
        <Stamps page={page} />
        <Figure />
      </div>
      {Controls !== undefined && <ControlColumn Controls={Controls} />}
    </main>
  );
}

/** On a phone a sheet that a button brings up; Esc puts it away. */
function ControlColumn({ Controls }: { readonly Controls: ComponentType }) {
  const { t } = useFrame().i18n;
  const [open, setOpen] = useState(false);
  useEffect(() => {
    if (!open) return;
    const close = (event: KeyboardEvent): void => {
      if (event.key === 'Escape' && !event.defaultPrevented) setOpen(false);
    };
    document.addEventListener('keydown', close);
    return () => document.removeEventListener('keydown', close);
  }, [open]);
  return (
    <>
      <button
        type="button"
        class="sheet-opener"
        aria-expanded={open}
        aria-controls="controls"
        onClick={() => setOpen(!open)}
      >
        <Icon name="sliders" />
        <span>{t(open ? 'controls.close' : 'controls.open')}</span>
      </button>
      <div class={open ? 'column control-column open' : 'column control-column'} id="controls">
        <Controls />
      </div>
    </>
  );
}

/** Takes files and selected text dropped anywhere; shows that it does while something hovers over the page. */
function DropVeil({ page }: { readonly page: OpenPage }) {
  const { i18n } = useFrame();
  const [dropping, setDropping] = useState(false);
  const { instance } = page;
  useEffect(() => {
    if (instance.take === undefined) return;
    const over = (event: DragEvent): void => {
      event.preventDefault();
      setDropping(true);
    };
    const leave = (event: DragEvent): void => {
      if (event.relatedTarget === null) setDropping(false);
    };
    const drop = (event: DragEvent): void => {
      event.preventDefault();
      setDropping(false);
      const files = [...(event.dataTransfer?.files ?? [])];
      const text = event.dataTransfer?.getData('text/plain') ?? '';
      instance.take?.({ files, text });
    };
    document.addEventListener('dragover', over);
    document.addEventListener('dragleave', leave);
    document.addEventListener('drop', drop);
    return () => {
      document.removeEventListener('dragover', over);
      document.removeEventListener('dragleave', leave);
      document.removeEventListener('drop', drop);
    };
  }, [instance]);
  if (!dropping) return null;
  return (
    <div class="drop-veil" aria-hidden="true">
      <p>{i18n.t('drop.here')}</p>
    </div>
  );
}
