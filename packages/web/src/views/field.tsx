/** One setting as a labelled control with its explanation and, when needed, what is wrong with what was typed. */
import { useApp } from '../app.js';
import type { I18n, MessageKey } from '../i18n/index.js';
import { type SettingName, table } from '../state.js';

/** Names of settings that have a field: all but language and theme, which have their own buttons. */
export type FieldName = Exclude<SettingName, 'language' | 'theme'>;

export function Field({ name }: { readonly name: FieldName }) {
  const { i18n, settings } = useApp();
  const { t } = i18n;
  const row = table[name];
  const id = `field-${name}`;
  const problem = settings.drafts.value[name]?.problem;
  const describedBy = `${id}-help${problem === undefined ? '' : ` ${id}-problem`}`;
  const shown = settings.shown(name);
  const help = (
    <p class="field-help" id={`${id}-help`}>
      {t(`setting.${name}.help`)}
    </p>
  );
  if (row.kind === 'switch') {
    return (
      <div class="field switch">
        <input
          id={id}
          type="checkbox"
          checked={shown === '1'}
          aria-describedby={describedBy}
          onChange={(event) => settings.type(name, event.currentTarget.checked ? '1' : '0')}
        />
        <label for={id}>{t(`setting.${name}`)}</label>
        {help}
      </div>
    );
  }
  return (
    <div class={row.kind === 'text' ? 'field long' : 'field'}>
      <label for={id}>{t(`setting.${name}`)}</label>
      {row.kind === 'choice' ? (
        <select
          id={id}
          value={shown}
          aria-describedby={describedBy}
          onChange={(event) => settings.type(name, event.currentTarget.value)}
        >
          {row.options.map((option) => (
            <option key={option} value={option}>
              {optionLabel(name, option, i18n)}
            </option>
          ))}
        </select>
      ) : (
        <input
          id={id}
          type="text"
          inputMode={row.kind === 'text' ? 'text' : row.whole ? 'numeric' : 'decimal'}
          dir={row.kind === 'text' ? 'auto' : 'ltr'}
          autocomplete="off"
          spellcheck={false}
          value={shown}
          aria-invalid={problem !== undefined}
          aria-describedby={describedBy}
          onInput={(event) => settings.type(name, event.currentTarget.value)}
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

function optionLabel(name: FieldName, option: string, { t }: I18n): string {
  return t(`setting.${name}.${option}` as MessageKey);
}
