/** The checkpoint, the weights' hash, and the links that reproduce the run. */
import { Fragment } from 'preact';
import { useRef } from 'preact/hooks';
import { useFrame } from '../../../frame/context.js';
import { Icon } from '../../../frame/icons.js';
import { HashRow, RunFiles } from '../../../frame/training/run-files.js';
import { useApp } from '../app.js';
import { trainCommand } from '../command.js';

export function Keep() {
  const { i18n, lab, settings, commands } = useApp();
  const { t } = i18n;
  const commandField = useRef<HTMLElement>(null);
  const linkField = useRef<HTMLInputElement>(null);
  const frame = useFrame();
  const file = lab.dataFile.value;
  const command = trainCommand(settings.all(), file);
  const link = new URL(location.pathname + frame.queryOf(frame.wanted.value), location.origin);
  const nothing = lab.run.value === null || lab.phase.value === 'lost' || lab.phase.value === 'opening';
  return (
    <section class="card" aria-labelledby="run-title">
      <h2 id="run-title">{t('run.title')}</h2>
      <div class="row">
        <RunFiles
          empty={nothing}
          onDownload={() => void commands.download()}
          onOpen={(files) => void commands.takeFiles(files)}
          openLabel={t('run.load')}
          testId="checkpoint-file"
        />
      </div>
      <p class="small">{t('run.note')}</p>
      <dl class="receipt">
        <HashRow hash={lab.hash.value} />
      </dl>
      <p class="small">{t('run.hashNote')}</p>
      {lab.kernel.value !== null && (
        <p class="small" data-testid="kernel" data-bytes={lab.kernel.value.memoryBytes}>
          {t('footer.kernel', { variant: lab.kernel.value.variant })} ·{' '}
          {t('footer.memory', { size: i18n.format.value.bytes(lab.kernel.value.memoryBytes) })}
        </p>
      )}
      <p class="copy-label">{t('run.commandText')}</p>
      <p class="command-frame">
        <code ref={commandField} data-testid="command">
          {command.split(/ (?=--)/).map((part) => (
            <Fragment key={part}>
              <span class="unbroken">{part}</span>{' '}
            </Fragment>
          ))}
        </code>
      </p>
      {file !== undefined && (
        <>
          <p class="small">{t('run.commandFile', { file })}</p>
          <p class="small">{t('run.linkFile')}</p>
        </>
      )}
      <div class="row">
        <button type="button" onClick={() => void commands.copy(command, commandField.current)}>
          <Icon name="copy" />
          <span>{t('share.command')}</span>
        </button>
        <button type="button" onClick={() => void commands.copy(link.href, linkField.current)}>
          <Icon name="copy" />
          <span>{t('share.link')}</span>
        </button>
      </div>
      <input
        ref={linkField}
        class="command"
        dir="ltr"
        readOnly
        aria-label={t('share.link')}
        value={link.href}
      />
    </section>
  );
}
