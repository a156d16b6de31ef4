/** A run as a file, from a file, and the hash of its weights: the same on every page that trains. */
import { useRef } from 'preact/hooks';
import { useFrame } from '../context.js';
import { Icon } from '../icons.js';

interface RunFilesProps {
  /** There is no run to write. */
  readonly empty: boolean;
  readonly onDownload: () => void;
  readonly onOpen: (files: readonly File[]) => void;
  /** What can be opened. */
  readonly openLabel: string;
  readonly testId: string;
}

export function RunFiles({ empty, onDownload, onOpen, openLabel, testId }: RunFilesProps) {
  const { t } = useFrame().i18n;
  const chooser = useRef<HTMLInputElement>(null);
  return (
    <>
      <button type="button" disabled={empty} onClick={onDownload}>
        <Icon name="download" />
        <span>{t('run.download')}</span>
      </button>
      <button type="button" onClick={() => chooser.current?.click()}>
        <Icon name="open" />
        <span>{openLabel}</span>
      </button>
      <input
        ref={chooser}
        type="file"
        class="hidden"
        tabIndex={-1}
        aria-label={openLabel}
        data-testid={testId}
        onChange={(event) => {
          const files = [...(event.currentTarget.files ?? [])];
          event.currentTarget.value = '';
          if (files.length > 0) onOpen(files);
        }}
      />
    </>
  );
}

/** A row of a list of facts. */
export function HashRow({ hash }: { readonly hash: string | null }) {
  const { t } = useFrame().i18n;
  return (
    <>
      <dt>{t('run.hash')}</dt>
      <dd>
        {hash === null ? (
          <span class="muted">{t('run.hashNone')}</span>
        ) : (
          <code data-testid="hash">{hash}</code>
        )}
      </dd>
    </>
  );
}
