/** The strip of pinned numbers below every page: look again, order, take along. */
import { useState } from 'preact/hooks';
import { Tex } from '../../math/tex.js';
import { useFrame } from '../context.js';
import { saveFile } from '../files.js';
import { fileOf, formats, writeNotebook } from './files.js';
import type { Pin } from './pins.js';

export function Notebook() {
  const { i18n, pins } = useFrame();
  const { t } = i18n;
  const [allDigits, setAllDigits] = useState(false);
  const all = pins.all.value;
  if (all.length === 0 && !pins.canUndo.value) return null;
  return (
    <section class="card notebook" aria-labelledby="notebook-title" id="notebook">
      <div class="card-head">
        <h2 id="notebook-title">{t('pins.title')}</h2>
        <p class="badge">{t('pins.count', { count: all.length })}</p>
        <label class="notebook-digits">
          <input
            type="checkbox"
            checked={allDigits}
            onChange={(event) => setAllDigits(event.currentTarget.checked)}
          />
          <span>{t('pins.allDigits')}</span>
        </label>
        <div class="notebook-tools end">
          <button type="button" disabled={!pins.canUndo.value} onClick={() => pins.undo()}>
            {t('error.action.undo')}
          </button>
          <button type="button" disabled={all.length === 0} onClick={() => pins.clear()}>
            {t('pins.clear')}
          </button>
        </div>
      </div>
      {all.length === 0 ? (
        <p class="small">{t('pins.none')}</p>
      ) : (
        <ol class="pins">
          {all.map((pin, at) => (
            <Item
              key={pin.id}
              pin={pin}
              first={at === 0}
              last={at === all.length - 1}
              allDigits={allDigits}
            />
          ))}
        </ol>
      )}
      {all.length > 0 && (
        <fieldset class="row exports">
          <legend class="small">{t('pins.export')}</legend>
          {formats.map((format) => (
            <button
              key={format}
              type="button"
              onClick={() => {
                const { name, type } = fileOf[format];
                saveFile(name, type, [
                  writeNotebook(pins.all.peek(), format, location.origin + location.pathname),
                ]);
              }}
            >
              {names[format]}
            </button>
          ))}
        </fieldset>
      )}
    </section>
  );
}

const names = { csv: 'CSV', json: 'JSON', latex: 'LaTeX', markdown: 'Markdown' } as const;

interface ItemProps {
  readonly pin: Pin;
  readonly first: boolean;
  readonly last: boolean;
  readonly allDigits: boolean;
}

function Item({ pin, first, last, allDigits }: ItemProps) {
  const frame = useFrame();
  const { i18n, pins } = frame;
  const { t, format } = i18n;
  const { id, label, value, formula, title, query } = pin;
  const named = (
    key: 'pins.earlier' | 'pins.later' | 'pins.remove',
  ): { 'aria-label': string; title: string } => ({
    'aria-label': t(key, { label }),
    title: t(key, { label }),
  });
  return (
    <li data-testid="pin">
      <p class="pin-label">
        <bdi>{label}</bdi>
      </p>
      <p class="pin-value" dir="ltr">
        {allDigits ? String(value).replace('-', '\u2212') : format.value.precise(value)}
      </p>
      {formula !== undefined && (
        <p class="pin-formula">
          <Tex tex={formula} />
        </p>
      )}
      <p class="notebook-tools">
        <a
          href={query}
          onClick={(event) => {
            if (event.metaKey || event.ctrlKey || event.shiftKey || event.button !== 0) return;
            event.preventDefault();
            void frame.visit(query);
          }}
        >
          <bdi>{title}</bdi>
        </a>
        <button
          type="button"
          class="quiet square"
          disabled={first}
          {...named('pins.earlier')}
          onClick={() => pins.move(id, -1)}
        >
          <span aria-hidden="true">{i18n.language.value === 'fa' ? '→' : '←'}</span>
        </button>
        <button
          type="button"
          class="quiet square"
          disabled={last}
          {...named('pins.later')}
          onClick={() => pins.move(id, 1)}
        >
          <span aria-hidden="true">{i18n.language.value === 'fa' ? '←' : '→'}</span>
        </button>
        <button type="button" class="quiet square" {...named('pins.remove')} onClick={() => pins.remove(id)}>
          <span aria-hidden="true">×</span>
        </button>
      </p>
    </li>
  );
}
