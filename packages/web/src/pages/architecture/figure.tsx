/** The figure's parts: sockets, the graph, the ruler, question 1a; in Prove, the experiments. */
import { AnswerForm } from '../../frame/answers/answer-form.js';
import { ExperimentCard } from '../../frame/experiments/experiment-card.js';
import { Said } from '../../frame/said.js';
import { GraphFigure } from './graph-figure.js';
import { type ArchitectureModel, experiments } from './model.js';
import { RulerFigure } from './ruler-figure.js';
import { Sockets } from './sockets.js';

export function Figure({ model }: { readonly model: ArchitectureModel }) {
  const { t } = model.context.i18n;
  return (
    <div class="architecture">
      {model.context.mode.value === 'prove' &&
        experiments.map((name) => (
          <ExperimentCard
            key={name}
            trial={model.trials[name]}
            title={t(`prove.${name}`)}
            lead={t(`prove.${name}.lead`)}
            onResult={(result) => model.found(name, result)}
          />
        ))}
      <Sockets model={model} />
      <GraphFigure model={model} />
      <RulerFigure model={model} />
      <QuestionCard model={model} />
    </div>
  );
}

/** Question 1a with each option's reason and counter-example once it has been answered. */
function QuestionCard({ model }: { readonly model: ArchitectureModel }) {
  const { t } = model.context.i18n;
  const question = model.question.value;
  const outcome = model.judging.outcome.value;
  if (question === null) return null;
  return (
    <section class="card" id="section-question" aria-labelledby="question-title">
      <h2 id="question-title">{t('question.title')}</h2>
      <p>
        <Said text={question.prompt} />
      </p>
      <AnswerForm
        question={question}
        outcome={outcome}
        onCheck={(answer) => void model.judging.check(answer)}
      />
      {outcome !== undefined && (
        <ul class="reasons">
          {question.options.map(({ id, text, correct, reason, counterExample }) => (
            <li key={id} class={correct ? 'reason right' : 'reason wrong'}>
              <p>
                <span aria-hidden="true">{correct ? '✓' : '✗'}</span> <Said text={text} />
              </p>
              <p>
                <Said text={reason} />
              </p>
              {counterExample !== undefined && (
                <p class="muted">
                  <Said text={counterExample} />
                </p>
              )}
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
