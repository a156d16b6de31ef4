/** One setting as a labelled control with its explanation and, when needed, what is wrong with what was typed. */
import { useSignal } from '@preact/signals';
import type { AnyRow } from '../state/rows.js';
import { usePage } from './context.js';

/** `name` is a row of the page's table; its words are `setting.NAME`, `setting.NAME.help` and `setting.NAME.OPTION`. */
export function Field({ name }: { readonly name: string }) {
  const { i18n, settings, isHidden, isLocked } = usePage();
  const { t } = i18n;
  const row = settings.table[name];
  // While somebody types, their text stays as it is, also where it is written shorter.
  const typed = useSignal<string | null>(null);
  if (row === undefined) throw new Error(`internal: field must be a row of the page's table, got ${name}`);
  if (isHidden(name)) return null;
  const locked = isLocked(name);
  const id = `field-${name}`;
  const problem = settings.drafts.value[name]?.problem;
  const describedBy = `${id}-help${problem === undefined ? '' : ` ${id}-problem`}`;
  const shown = typed.value ?? settings.shown(name);
  const choose = (text: string): void => {
    settings.type(name, text);
    settings.commit();
  };
  const help = (
    <p class="field-help" id={`${id}-help`}>
      {t(`setting.${name}.help`)}
      {locked && <strong> {t('field.locked')}</strong>}
    </p>
  );
  if (row.kind === 'toggle') {
    return (
      <div class="field switch">
        <input
          id={id}
          type="checkbox"
          checked={shown === '1'}
          disabled={locked}
          aria-describedby={describedBy}
          onChange={(event) => choose(event.currentTarget.checked ? '1' : '0')}
        />
        <label for={id}>{t(`setting.${name}`)}</label>
        {help}
      </div>
    );
  }
  return (
    <div class={isLong(row) ? 'field long' : 'field'}>
      <label for={id}>{t(`setting.${name}`)}</label>
      {row.kind === 'choice' ? (
        <select
          id={id}
          value={shown}
          disabled={locked}
          aria-describedby={describedBy}
          onChange={(event) => choose(event.currentTarget.value)}
        >
          {row.options.map((option) => (
            <option key={option} value={option}>
              {t(`setting.${name}.${option}`)}
            </option>
          ))}
        </select>
      ) : (
        <input
          id={id}
          type="text"
          inputMode={row.kind !== 'number' ? 'text' : row.whole ? 'numeric' : 'decimal'}
          dir={row.kind === 'line' ? 'auto' : 'ltr'}
          autocomplete="off"
          spellcheck={false}
          value={shown}
          disabled={locked}
          aria-invalid={problem !== undefined}
          aria-describedby={describedBy}
          onInput={(event) => {
            typed.value = event.currentTarget.value;
            settings.type(name, event.currentTarget.value);
          }}
          onBlur={() => {
            typed.value = null;
            settings.commit();
          }}
          onKeyDown={(event) => {
            if (event.key === 'Enter') settings.commit();
          }}
        />
      )}
      {help}
      {problem !== undefined && (
        <p class="problem" id={`${id}-problem`}>
          {t(problem.key, problem.facts)}
        </p>
      )}
    </div>
  );
}

const isLong = ({ kind }: AnyRow): boolean => kind !== 'number' && kind !== 'choice';
