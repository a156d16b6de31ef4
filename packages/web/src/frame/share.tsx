/** Takes the page along: its link, its CLI command, a citation, and a link for a class with some settings hidden or kept. */
import { useSignal } from '@preact/signals';
import { useEffect, useId, useRef, useState } from 'preact/hooks';
import { version } from '../../package.json';
import { frameTable, type Mode } from '../state/frame-table.js';
import { format } from '../state/table.js';
import { useFrame } from './context.js';
import { copy } from './copy.js';
import type { OpenPage } from './frame.js';
import { Icon } from './icons.js';
import { type Notice, noticeText } from './notices.js';

export function Share({ page }: { readonly page: OpenPage }) {
  const { t } = useFrame().i18n;
  const [open, setOpen] = useState(false);
  const dialog = useRef<HTMLDialogElement>(null);
  const title = useId();
  useEffect(() => {
    if (open) dialog.current?.showModal();
    else dialog.current?.close();
  }, [open]);
  return (
    <>
      <button
        type="button"
        class="quiet square"
        aria-label={t('share.title')}
        aria-haspopup="dialog"
        title={t('share.title')}
        onClick={() => setOpen(true)}
      >
        <Icon name="share" />
      </button>
      <dialog ref={dialog} aria-labelledby={title} onClose={() => setOpen(false)}>
        {open && (
          <>
            <div class="card-head">
              <h2 id={title}>{t('share.title')}</h2>
              <button type="button" class="quiet end" onClick={() => setOpen(false)}>
                {t('help.close')}
              </button>
            </div>
            <Copies page={page} />
            <ForAClass page={page} />
          </>
        )}
      </dialog>
    </>
  );
}

const absolute = (query: string): string => new URL(location.pathname + query, location.origin).href;

function Copies({ page }: { readonly page: OpenPage }) {
  const frame = useFrame();
  const { t } = frame.i18n;
  const link = absolute(frame.queryOf(page.entry));
  const command = page.instance.command?.();
  const title = page.context.i18n.t('page.title');
  const citation = t('share.citationText', {
    title,
    version,
    link,
    date: new Date().toISOString().slice(0, 10),
  });
  return (
    <>
      <Copyable label={t('share.link')} text={link} />
      {command !== undefined && <Copyable label={t('share.command')} text={command} />}
      <Copyable label={t('share.citation')} text={citation} />
    </>
  );
}

function Copyable({ label, text }: { readonly label: string; readonly text: string }) {
  const { i18n } = useFrame();
  const field = useRef<HTMLInputElement>(null);
  // Beside the button: the status line is behind the dialog.
  const said = useSignal<Notice | null>(null);
  const tell = (notice: Notice): void => {
    said.value = notice;
  };
  return (
    <div class="copyable">
      <button type="button" onClick={() => void copy(text, field.current, tell)}>
        <Icon name="copy" />
        <span>{label}</span>
      </button>
      <input ref={field} type="text" class="command" dir="ltr" readOnly aria-label={label} value={text} />
      <span role="status" class="small">
        {said.value !== null && noticeText(said.value, i18n)}
      </span>
    </div>
  );
}

/** Which settings a class sees and may change, and in which mode it begins. */
function ForAClass({ page }: { readonly page: OpenPage }) {
  const frame = useFrame();
  const { t } = frame.i18n;
  const { settings, i18n } = page.context;
  const [hidden, setHidden] = useState<readonly string[]>(frame.settings.get('hide'));
  const [locked, setLocked] = useState<readonly string[]>(frame.settings.get('lock'));
  const [mode, setMode] = useState<Mode>(frame.mode.value);
  const words = page.definition.dictionaries.en;
  const names = settings.names.filter((name) => `setting.${name}` in words);
  const query = new URLSearchParams(frame.queryOf(page.entry) || `?v=1&p=${page.entry.id}`);
  const put = (path: string, text: string): void => {
    if (text === '') query.delete(path);
    else query.set(path, text);
  };
  put(frameTable.hide.path, format(frameTable, 'hide', hidden));
  put(frameTable.lock.path, format(frameTable, 'lock', locked));
  put(frameTable.mode.path, mode === 'explore' ? '' : mode);
  return (
    <details class="group">
      <summary>{t('share.class')}</summary>
      <p class="small">{t('share.classHelp')}</p>
      {frame.modesOf(page).length > 1 && (
        <label class="field">
          <span>{t('mode.label')}</span>
          <select value={mode} onChange={(event) => setMode(event.currentTarget.value as Mode)}>
            {frame.modesOf(page).map((one) => (
              <option key={one} value={one}>
                {t(`mode.${one}`)}
              </option>
            ))}
          </select>
        </label>
      )}
      <table class="locks">
        <thead>
          <tr>
            <th scope="col">{t('share.setting')}</th>
            <th scope="col">{t('share.hide')}</th>
            <th scope="col">{t('share.lock')}</th>
          </tr>
        </thead>
        <tbody>
          {names.map((name) => {
            const label = i18n.t(`setting.${name}`);
            return (
              <tr key={name}>
                <th scope="row">{label}</th>
                <Tick
                  label={`${t('share.hide')}: ${label}`}
                  name={name}
                  names={hidden}
                  onChange={setHidden}
                />
                <Tick
                  label={`${t('share.lock')}: ${label}`}
                  name={name}
                  names={locked}
                  onChange={setLocked}
                />
              </tr>
            );
          })}
        </tbody>
      </table>
      <Copyable label={t('share.classLink')} text={absolute(`?${query}`)} />
    </details>
  );
}

interface TickProps {
  readonly label: string;
  readonly name: string;
  readonly names: readonly string[];
  readonly onChange: (names: readonly string[]) => void;
}

function Tick({ label, name, names, onChange }: TickProps) {
  return (
    <td>
      <input
        type="checkbox"
        aria-label={label}
        checked={names.includes(name)}
        onChange={(event) =>
          onChange(event.currentTarget.checked ? [...names, name] : names.filter((other) => other !== name))
        }
      />
    </td>
  );
}
