/** The page: story, figure and controls in reading order; the grid places them. */
import { useEffect, useState } from 'preact/hooks';
import { useApp } from '../app.js';
import { Footer } from './footer.js';
import { Generate } from './generate.js';
import { Header } from './header.js';
import { Help } from './help.js';
import { Keep } from './keep.js';
import { LossFigure } from './loss-figure.js';
import { SampleCard } from './sample-card.js';
import { SettingsForm } from './settings-form.js';
import { StatusLine } from './status-line.js';
import { Story } from './story.js';
import { TextCard } from './text-card.js';
import { Transport } from './transport.js';

export function Page() {
  const { i18n } = useApp();
  const dropping = useDrop();
  return (
    <>
      <a class="skip" href="#figure">
        {i18n.t('app.skip')}
      </a>
      <Header />
      <StatusLine />
      <main>
        <div class="column story-column">
          <Story />
          <TextCard />
        </div>
        <div class="column figure-column" id="figure" tabIndex={-1}>
          <LossFigure />
          <SampleCard />
          <Generate />
        </div>
        <div class="column control-column">
          <SettingsForm />
          <Keep />
        </div>
      </main>
      <Footer />
      <Transport />
      <Help />
      {dropping && (
        <div class="drop-veil" aria-hidden="true">
          <p>{i18n.t('text.dropHere')}</p>
        </div>
      )}
    </>
  );
}

/** Takes files and selected text dropped anywhere; true while something hovers over the page. */
function useDrop(): boolean {
  const { commands } = useApp();
  const [dropping, setDropping] = useState(false);
  useEffect(() => {
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
      if (files.length === 0 && text !== '') commands.useText('own', 'text.txt', text);
      else void commands.takeFiles(files);
    };
    document.addEventListener('dragover', over);
    document.addEventListener('dragleave', leave);
    document.addEventListener('drop', drop);
    return () => {
      document.removeEventListener('dragover', over);
      document.removeEventListener('dragleave', leave);
      document.removeEventListener('drop', drop);
    };
  }, [commands]);
  return dropping;
}
