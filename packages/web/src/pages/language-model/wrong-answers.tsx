/** Question 1c: four wrong answers with the numbers that refute them on this line, and the question itself. */
import { AnswerForm } from '../../frame/answers/answer-form.js';
import { Honest } from '../../frame/honest.js';
import { Prose } from '../../frame/prose.js';
import { Said } from '../../frame/said.js';
import { Tex } from '../../math/tex.js';
import { formulaOf } from './bars-figure.js';
import { visible } from './corpus.js';
import { runningSum } from './distribution.js';
import type { LanguageModel } from './model.js';

const r = String.raw;

/** Wrong answers, in either numbering. */
const wrong = {
  joint: { y: r`P(y_1, \dots, y_{t-1})`, x: r`P(x_1, \dots, x_t)` },
  marginal: { y: r`P(y_t)`, x: r`P(x_{t+1})` },
  leak: { y: r`P(y_t \mid y_1, \dots, y_t)`, x: r`P(x_{t+1} \mid x_1, \dots, x_{t+1})` },
  argmax: {
    y: r`\arg\max_{y_t} P(y_t \mid y_1, \dots, y_{t-1})`,
    x: r`\arg\max_{x_{t+1}} P(x_{t+1} \mid x_1, \dots, x_t)`,
  },
  state: { y: r`P(h_t)`, x: r`P(h_t)` },
} as const;

export function WrongAnswers({ model }: { readonly model: LanguageModel }) {
  const { i18n, settings } = model.context;
  const { t } = i18n;
  const next = model.next.value;
  const question = model.question.value;
  const outcome = model.judging.outcome.value;
  const hidden = model.secret.value || (model.context.mode.value === 'predict' && outcome === undefined);
  const index = settings.get('index');
  const caret = model.caret.value;
  const step = next?.forced.steps[caret];
  const corpus = model.corpus.value;
  const [first] = model.distribution.value;
  const everywhere = [...(corpus?.text ?? '')];
  const marginal =
    everywhere.filter((character) => character === model.truth).length / Math.max(1, everywhere.length);
  const facts = {
    truth: visible(model.truth),
    p: step?.probability ?? Number.NaN,
    joint: i18n.format.value.precise(Math.exp(-(runningSum(next?.forced.steps ?? [])[caret - 1] ?? 0))),
    read: caret,
    marginal,
    token: visible(first?.[0] ?? ''),
    most: first?.[1] ?? Number.NaN,
    loss: -(step?.logProbability ?? Number.NaN),
  };
  return (
    <section class="card" id="section-question" aria-labelledby="question-title">
      <div class="card-head">
        <h2 id="question-title">{t('question.title')}</h2>
        <Honest label="computed" />
      </div>
      {question !== null && (
        <>
          <p>
            <Said text={question.prompt} />
          </p>
          <AnswerForm
            question={question}
            outcome={outcome}
            onCheck={(answer) => void model.judging.check(answer)}
          />
        </>
      )}
      {hidden || step === undefined ? (
        <p class="muted">{t('question.secret')}</p>
      ) : (
        <ul class="wrong-answers">
          <li class="right">
            <p>
              <span aria-hidden="true">✓</span> <Tex tex={formulaOf(index)} />
            </p>
            <p>{t('answer.right', facts)}</p>
          </li>
          {(Object.keys(wrong) as (keyof typeof wrong)[]).map((id) => (
            <li key={id} class="wrong">
              <p>
                <span aria-hidden="true">✗</span> <Tex tex={wrong[id][index]} />
              </p>
              <p>
                <Prose text={t(`answer.${id}`, facts)} />
              </p>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
