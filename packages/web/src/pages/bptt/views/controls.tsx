/** Which recurrence, which gradient of it, with which numbers. */
import { Field } from '../../../frame/field.js';
import { useApp } from '../app.js';
import { DEFAULT_LOSS, equationsOf } from '../recurrences.js';
import { Exports } from './exports.js';
import { Panel } from './panel.js';

export function Controls() {
  const { context } = useApp();
  const { t } = context.i18n;
  const { settings } = context;
  return (
    <div class="bptt bptt-controls">
      <Panel id="bptt-recurrence" title={t('controls.recurrence')}>
        <Field name="recurrence" />
        <Equations />
        <LossField />
        <WrtField />
      </Panel>
      <Panel id="bptt-numbers" title={t('controls.numbers')}>
        <div class="fields">
          <Field name="steps" />
          <Field name="at" />
          <Field name="start" />
          <Field name="activation" />
          <Field name="layout" />
          <Field name="digits" />
          <Field name="seed" />
        </div>
        <details>
          <summary>{t('controls.sizes')}</summary>
          <div class="fields">
            <Field name="inputs" />
            <Field name="hidden" />
            <Field name="outputs" />
          </div>
        </details>
        <div class="row">
          <button
            type="button"
            disabled={settings.get('changes') === ''}
            onClick={() => settings.set('changes', '')}
          >
            {t('controls.undoChanges')}
          </button>
          <button type="button" class="quiet" onClick={() => settings.reset()}>
            {t('settings.reset')}
          </button>
        </div>
      </Panel>
      <Panel id="bptt-export" title={t('export.title')}>
        <Exports />
      </Panel>
    </div>
  );
}

/** The recurrence as text; writing in it makes it one's own. */
function Equations() {
  const { context, bench } = useApp();
  const { t } = context.i18n;
  const { settings } = context;
  const text = equationsOf(settings.get('recurrence'), settings.get('own'));
  const refusal = bench.refusal.value;
  const wrong = refusal !== null && !['loss', 'wrt'].includes(refusal.field);
  return (
    <div class="field long">
      <label for="bptt-equations">{t('controls.equations')}</label>
      <textarea
        id="bptt-equations"
        class="code"
        dir="ltr"
        rows={Math.max(3, text.split('\n').length + 1)}
        spellcheck={false}
        autocomplete="off"
        maxLength={4000}
        value={text}
        disabled={context.isLocked('recurrence') || context.isLocked('own')}
        aria-invalid={wrong}
        aria-describedby="bptt-equations-help bptt-refusal"
        onInput={(event) => {
          settings.preview('own', event.currentTarget.value);
          settings.preview('recurrence', 'own');
        }}
        onChange={() => settings.commit()}
      />
      <p class="field-help" id="bptt-equations-help">
        {t('controls.grammar')}
      </p>
      <RefusalText />
    </div>
  );
}

/** What the engine says against a text, at its place. */
export function RefusalText() {
  const { bench, context } = useApp();
  const refusal = bench.refusal.value;
  return (
    <div id="bptt-refusal" aria-live="polite">
      {refusal !== null && (
        <div class="problem refusal">
          {refusal.excerpt !== '' && (
            <pre dir="ltr">
              {refusal.excerpt}
              {'\n'}
              <b>{refusal.caret}</b>
            </pre>
          )}
          <p>
            {context.i18n.t('refusal.intro')} <bdi lang="en">{refusal.message}</bdi>
          </p>
        </div>
      )}
    </div>
  );
}

function LossField() {
  const { context, bench } = useApp();
  const { settings, i18n } = context;
  if (context.isHidden('loss')) return null;
  return (
    <div class="field long">
      <label for="bptt-loss">{i18n.t('setting.loss')}</label>
      <input
        id="bptt-loss"
        class="code"
        type="text"
        dir="ltr"
        autocomplete="off"
        spellcheck={false}
        maxLength={500}
        placeholder={DEFAULT_LOSS}
        value={settings.get('loss')}
        disabled={context.isLocked('loss')}
        aria-invalid={bench.refusal.value?.field === 'loss'}
        aria-describedby="bptt-loss-help"
        onInput={(event) => settings.preview('loss', event.currentTarget.value)}
        onChange={() => settings.commit()}
      />
      <p class="field-help" id="bptt-loss-help">
        {i18n.t('setting.loss.help')}
      </p>
    </div>
  );
}

/** The parameters that the recurrence has, its first states, and whatever else is typed. */
export function WrtField() {
  const { context, bench } = useApp();
  const { t } = context.i18n;
  const { settings } = context;
  const unrolled = bench.unrolled.value;
  if (unrolled === null || context.isHidden('wrt')) return null;
  const { derivation, nodes } = unrolled;
  const parameters = derivation.shapes.filter(({ role }) => role === 'parameter').map(({ name }) => name);
  const starts = nodes.filter(({ role }) => role === 'start').map(({ id }) => id);
  const choices = [...parameters, ...starts];
  return (
    <fieldset class="field long wrt" disabled={context.isLocked('wrt')}>
      <legend>{t('setting.wrt')}</legend>
      <div class="chips" dir="ltr">
        {choices.map((name) => (
          <button
            key={name}
            type="button"
            aria-pressed={derivation.wrt === name}
            onClick={() => settings.set('wrt', name)}
          >
            {name}
          </button>
        ))}
      </div>
      <p class="field-help">{t('setting.wrt.help')}</p>
    </fieldset>
  );
}
