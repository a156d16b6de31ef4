/** Predict: a question about what is hidden; the answer is shown, and counted, once the learner has given an own one. */

import { useSignal } from '@preact/signals';
import { Prose } from '../../../frame/prose.js';
import { latinNumber } from '../../../i18n/digits.js';
import { useApp } from '../app.js';
import { exact } from '../numbers.js';
import { type Option, type Question, worthOf } from '../predict.js';
import { Panel } from './panel.js';

export function QuestionCard() {
  const { context, question, answered } = useApp();
  const { t, format } = context.i18n;
  const { settings } = context;
  const asked = question.value;
  if (asked === null) return null;
  const given = answered.value;
  const next = (): void => settings.set('question', (settings.get('question') + 1) % 10_000);
  const answer = (value: number): void => {
    if (given !== null) return;
    answered.value = value;
    context.score.add(worthOf(asked, value));
  };
  const worth = given === null ? 0 : worthOf(asked, given);
  return (
    <Panel id="bptt-question" title={t('predict.title')} class="question">
      <p class="question-text">
        <Prose text={t(`predict.${asked.kind}`, asked.facts)} />
      </p>
      {'options' in asked ? (
        <Options question={asked} given={given} onAnswer={answer} />
      ) : (
        <Estimate key={settings.get('question')} given={given} onAnswer={answer} />
      )}
      <div aria-live="polite">
        {given !== null && (
          <p class={worth === 1 ? 'passed' : worth > 0 ? '' : 'failed'}>
            <strong>
              {worth === 1
                ? t('predict.right')
                : worth > 0
                  ? t('predict.near', { worth: format.value.decimal(worth, 2) })
                  : t('predict.wrong')}
            </strong>{' '}
            {'range' in asked && t('predict.was', { answer: exact(asked.answer) })}{' '}
            <Prose text={t(`predict.${asked.kind}.why`, asked.facts)} />
          </p>
        )}
      </div>
      <div class="row">
        <button type="button" class={given === null ? '' : 'primary'} onClick={next}>
          {given === null ? t('predict.skip') : t('predict.next')}
        </button>
      </div>
    </Panel>
  );
}

interface AnswerProps {
  readonly given: number | null;
  readonly onAnswer: (value: number) => void;
}

function Options({
  question,
  given,
  onAnswer,
}: AnswerProps & { readonly question: Extract<Question, { readonly options: readonly Option[] }> }) {
  const { context } = useApp();
  const { t } = context.i18n;
  return (
    <div class="options">
      {question.options.map((option, i) => (
        <button
          key={'key' in option ? option.key : option.text}
          type="button"
          class={given === null ? '' : i === question.answer ? 'right' : i === given ? 'wrong' : ''}
          disabled={given !== null}
          onClick={() => onAnswer(i)}
        >
          {'key' in option ? t(option.key, question.facts) : <bdi dir="ltr">{option.text}</bdi>}
          {given !== null && (i === question.answer ? ' \u2713' : i === given ? ' \u2717' : '')}
        </button>
      ))}
    </div>
  );
}

function Estimate({ given, onAnswer }: AnswerProps) {
  const { context } = useApp();
  const { t } = context.i18n;
  const typed = useSignal('');
  const number = Number(latinNumber(typed.value.replace(/\u2212/g, '-')));
  const valid = typed.value.trim() !== '' && Number.isFinite(number);
  return (
    <form
      class="row"
      onSubmit={(event) => {
        event.preventDefault();
        if (valid) onAnswer(number);
      }}
    >
      <label>
        {t('predict.own')}{' '}
        <input
          type="text"
          inputMode="decimal"
          dir="ltr"
          autocomplete="off"
          value={typed.value}
          disabled={given !== null}
          onInput={(event) => {
            typed.value = event.currentTarget.value;
          }}
        />
      </label>
      <button type="submit" class="primary" disabled={!valid || given !== null}>
        {t('predict.commit')}
      </button>
    </form>
  );
}
