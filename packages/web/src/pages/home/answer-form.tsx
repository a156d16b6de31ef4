/** An answer to one question: options to tick, or a line to type. */
import type { Question } from '@hw5/core/homework';
import { useSignal } from '@preact/signals';
import { Said } from '../../frame/said.js';
import type { HomeModel } from './model.js';
import { OutcomeView } from './verdict.js';

interface AnswerFormProps {
  readonly model: HomeModel;
  readonly question: Question;
}

/** Longest answer, characters. */
const LONGEST = 2000;

export function AnswerForm({ model, question }: AnswerFormProps) {
  const { t, language } = model.context.i18n;
  const { id, options } = question;
  const typed = useSignal('');
  const ticked = useSignal<readonly string[]>([]);
  const outcome = model.outcomes.value[id];
  const answer = options.length > 0 ? ticked.value.join(', ') : typed.value;
  return (
    <form
      class="answer-form"
      onSubmit={(event) => {
        event.preventDefault();
        if (answer.trim() !== '') void model.check(id, answer);
      }}
    >
      {options.length > 0 ? (
        <fieldset class="options">
          <legend>{t('answer.choose')}</legend>
          {options.map((option) => (
            <label key={option.id}>
              <input
                type="checkbox"
                checked={ticked.value.includes(option.id)}
                onChange={(event) => {
                  const others = ticked.value.filter((other) => other !== option.id);
                  ticked.value = event.currentTarget.checked ? [...others, option.id].sort() : others;
                }}
              />
              <span>
                <bdi>{language.value === 'fa' ? option.letter : option.id})</bdi> <Said text={option.text} />
              </span>
            </label>
          ))}
        </fieldset>
      ) : (
        <label class="typed">
          <span>{t('answer.type')}</span>
          <textarea
            rows={2}
            dir="auto"
            maxLength={LONGEST}
            value={typed.value}
            onInput={(event) => {
              typed.value = event.currentTarget.value;
            }}
          />
        </label>
      )}
      <button type="submit" class="primary" disabled={answer.trim() === ''}>
        {t('answer.check')}
      </button>
      {outcome !== undefined && <OutcomeView model={model} outcome={outcome} />}
    </form>
  );
}
