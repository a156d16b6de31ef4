/** Takes the page along: its link, its CLI command, a citation, and a link for a class with some settings hidden or kept. */
import { useSignal } from '@preact/signals';
import { useEffect, useId, useRef, useState } from 'preact/hooks';
import { version } from '../../package.json';
import { frameTable, type Mode } from '../state/frame-table.js';
import { format } from '../state/table.js';
import { useFrame } from './context.js';
import { copy } from './copy.js';
import { saveFile } from './files.js';
import type { OpenPage } from './frame.js';
import { Icon } from './icons.js';
import { type Notice, noticeText } from './notices.js';
import { MOST_PACKED, type OwnData, type Packed, pack, splitQuery } from './packed.js';

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
            <Links page={page} />
          </>
        )}
      </dialog>
    </>
  );
}

const absolute = (query: string): string => new URL(location.pathname + query, location.origin).href;

/** A link to what a query means. What is too long for a query, and `own` where it is wanted, go behind `#`. */
function useLink(full: string, own: OwnData | null): { readonly link: string; readonly tooLong?: number } {
  const [packed, setPacked] = useState<{ readonly of: string; readonly hash: string } | null>(null);
  const { query, values } = splitQuery(full);
  const isLong = Object.keys(values).length > 0;
  const parts = own === null && !isLong ? '' : JSON.stringify({ ...(own === null ? {} : { own }), values });
  useEffect(() => {
    if (parts === '') return;
    let wanted = true;
    void pack(JSON.parse(parts) as Packed).then((hash) => {
      if (wanted) setPacked({ of: parts, hash });
    });
    return () => {
      wanted = false;
    };
  }, [parts]);
  // Until it is packed, and when it is too long, the link is the one without the text.
  if (parts === '' || packed?.of !== parts) return { link: absolute(full) };
  if (packed.hash.length > MOST_PACKED) return { link: absolute(full), tooLong: packed.hash.length };
  return { link: absolute(query) + packed.hash };
}

/** Offers to take the person's own text along, says how long the link becomes, and hands out a file where it is too long. */
function OwnAlong({ own, along, onChange, link, tooLong }: OwnAlongProps) {
  const { t, format } = useFrame().i18n;
  const { bytes } = format.value;
  const size = new Blob([own.text]).size;
  return (
    <div class="own-along">
      <label>
        <input type="checkbox" checked={along} onChange={(event) => onChange(event.currentTarget.checked)} />
        <span>{t('share.own', { name: own.name, size: bytes(size) })}</span>
      </label>
      <p class="small">{t('share.ownHelp')}</p>
      <p role="status" class={tooLong === undefined ? 'small' : 'problem'}>
        {along &&
          (tooLong === undefined
            ? t('share.size', { size: bytes(link.length) })
            : t('share.tooLong', { got: bytes(tooLong), max: bytes(MOST_PACKED) }))}
      </p>
      {along && tooLong !== undefined && (
        <button type="button" onClick={() => saveFile(own.name, 'text/plain', [own.text])}>
          {t('share.saveOwn')}
        </button>
      )}
    </div>
  );
}

interface OwnAlongProps {
  readonly own: OwnData;
  readonly along: boolean;
  readonly onChange: (along: boolean) => void;
  readonly link: string;
  readonly tooLong: number | undefined;
}

function Copies({ page, link }: { readonly page: OpenPage; readonly link: string }) {
  const frame = useFrame();
  const { t } = frame.i18n;
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

/** All links of the dialog carry the same. */
function Links({ page }: { readonly page: OpenPage }) {
  const frame = useFrame();
  const [along, setAlong] = useState(false);
  const own = page.instance.own?.() ?? null;
  const taken = along ? own : null;
  const { link, tooLong } = useLink(frame.queryOf(page.entry), taken);
  return (
    <>
      {own !== null && <OwnAlong own={own} along={along} onChange={setAlong} link={link} tooLong={tooLong} />}
      <Copies page={page} link={link} />
      <ForAClass page={page} own={taken} />
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
function ForAClass({ page, own }: { readonly page: OpenPage; readonly own: OwnData | null }) {
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
  const { link } = useLink(`?${query}`, own);
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
      <Copyable label={t('share.classLink')} text={link} />
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
