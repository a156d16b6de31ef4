/** An answer to one question: options to tick, or a line to type. */
import type { Question } from '@hw5/core/homework';
import { useSignal } from '@preact/signals';
import { useFrame } from '../context.js';
import { Said } from '../said.js';
import { type Outcome, OutcomeView } from './outcome.js';

interface AnswerFormProps {
  readonly question: Question;
  /** What the checker made of the last answer. */
  readonly outcome: Outcome | undefined;
  readonly onCheck: (answer: string) => void;
}

/** Longest answer, characters. */
const LONGEST = 2000;

export function AnswerForm({ question, outcome, onCheck }: AnswerFormProps) {
  const { t, language } = useFrame().i18n;
  const { options } = question;
  const typed = useSignal('');
  const ticked = useSignal<readonly string[]>([]);
  const answer = options.length > 0 ? ticked.value.join(', ') : typed.value;
  return (
    <form
      class="answer-form"
      onSubmit={(event) => {
        event.preventDefault();
        if (answer.trim() !== '') onCheck(answer);
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
      {outcome !== undefined && <OutcomeView outcome={outcome} />}
    </form>
  );
}
