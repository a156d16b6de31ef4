/** One question: what is asked, the learner's answer, the answer and why, its proof, and files. */
import type { Bilingual, Question, Step } from '@hw5/core/homework';
import { useRef } from 'preact/hooks';
import { AnswerForm } from '../../frame/answers/answer-form.js';
import { copy } from '../../frame/copy.js';
import { PageLink } from '../../frame/page-link.js';
import { Prose } from '../../frame/prose.js';
import { Said } from '../../frame/said.js';
import { Tex } from '../../math/tex.js';
import type { HomeModel } from './model.js';
import { proofs } from './proofs.js';

interface CardProps {
  readonly model: HomeModel;
  readonly question: Question;
}

/** Questions whose answers the checker reads; the notebook of question 4 is not in our hands. */
const hasAnswer = ({ id }: Question): boolean => id !== 'q4';

export function QuestionCard({ model, question }: CardProps) {
  const { i18n, settings, mode } = model.context;
  const { t, language } = i18n;
  const { id, label, title } = question;
  const words = language.value;
  const open = settings.get('question') === id;
  const mark = model.progress.marks.value[id];
  const secret = mode.value === 'predict' && hasAnswer(question) && model.outcomes.value[id] === undefined;
  return (
    <section class="card question" id={`question-${id}`} aria-labelledby={`question-${id}-title`}>
      <div class="card-head">
        <h3 id={`question-${id}-title`}>
          <button
            type="button"
            class="link"
            aria-expanded={open}
            onClick={() => model.open(open ? 'none' : id)}
          >
            <bdi>{label[words]}</bdi> {title[words]}
          </button>
        </h3>
        {mark !== undefined && <span class={`badge end ${mark}`}>{t(`mark.${mark}`)}</span>}
      </div>
      <p class="small">
        <Prose text={t(`do.${id}`)} /> <PageLink target={proofs[id]}>{t('card.proof')}</PageLink>
      </p>
      {open && (
        <>
          <p class="prompt">
            <Said text={question.prompt} />
          </p>
          {question.given.map((tex) => (
            <Tex key={tex} tex={tex} display />
          ))}
          {hasAnswer(question) && (
            <AnswerForm
              question={question}
              outcome={model.outcomes.value[id]}
              onCheck={(answer) => void model.check(id, answer)}
            />
          )}
          {secret ? <p class="muted">{t('card.secret')}</p> : <Worked model={model} question={question} />}
          <Take model={model} question={question} />
        </>
      )}
    </section>
  );
}

function Worked({ model, question }: CardProps) {
  const { t } = model.context.i18n;
  const { answer, steps, options, mistakes, key, remarks } = question;
  const explained = options.length > 0 || steps.length > 0;
  return (
    <>
      <details class="worked">
        <summary>{t('card.answer')}</summary>
        <StepView step={answer} />
      </details>
      {explained && (
        <details class="worked">
          <summary>{t('card.why')}</summary>
          {steps.length > 0 && (
            <ol>
              {steps.map((step) => (
                <li key={step.text.en}>
                  <StepView step={step} />
                </li>
              ))}
            </ol>
          )}
          {options.map((option) => (
            <Reason
              key={option.id}
              mark={option.correct ? '✓' : '✗'}
              text={option.text}
              why={option.reason}
              example={option.counterExample}
            />
          ))}
          {mistakes.map((mistake) => (
            <Reason
              key={mistake.id}
              mark="✗"
              text={mistake.text}
              tex={mistake.tex}
              example={mistake.counterExample}
            />
          ))}
        </details>
      )}
      <details class="worked">
        <summary>{t('card.key')}</summary>
        <StepView step={key} />
        {remarks.map((remark) => (
          <StepView key={remark.text.en} step={remark} />
        ))}
      </details>
    </>
  );
}

function StepView({ step: { text, tex } }: { readonly step: Step }) {
  return (
    <>
      <p>
        <Said text={text} />
      </p>
      {tex !== undefined && <Tex tex={tex} display />}
    </>
  );
}

interface ReasonProps {
  readonly mark: '✓' | '✗';
  readonly text: Bilingual;
  readonly tex?: string | undefined;
  readonly why?: Bilingual;
  readonly example?: Bilingual | undefined;
}

function Reason({ mark, text, tex, why, example }: ReasonProps) {
  return (
    <div class={mark === '✓' ? 'reason right' : 'reason wrong'}>
      <p>
        <span aria-hidden="true">{mark}</span> <Said text={text} />
      </p>
      {tex !== undefined && <Tex tex={tex} display />}
      {why !== undefined && (
        <p>
          <Said text={why} />
        </p>
      )}
      {example !== undefined && (
        <p class="example">
          <Said text={example} />
        </p>
      )}
    </div>
  );
}

function Take({ model, question: { id, experiments } }: CardProps) {
  const { t } = model.context.i18n;
  const command = useRef<HTMLElement>(null);
  const line = `npx hw5 solve ${id}`;
  return (
    <>
      <details class="worked">
        <summary>{t('card.terminal')}</summary>
        <ul class="experiments">
          {experiments.map((experiment) => (
            <li key={experiment.command}>
              <code>npx hw5 {experiment.command}</code> <Said text={experiment.shows} />
            </li>
          ))}
        </ul>
      </details>
      <fieldset class="row exports">
        <legend class="hidden">{t('card.export')}</legend>
        <button type="button" onClick={() => void model.save(id, 'markdown')}>
          {t('card.text')}
        </button>
        <button type="button" onClick={() => void model.save(id, 'latex')}>
          LaTeX
        </button>
        <button type="button" onClick={() => void model.save(id, 'json')}>
          JSON
        </button>
        <button
          type="button"
          onClick={() =>
            void copy(line, command.current, (notice) => {
              model.context.notice.value = notice;
            })
          }
        >
          {t('share.command')}
        </button>
      </fieldset>
      <p>
        <code ref={command} class="small">
          {line}
        </code>
      </p>
    </>
  );
}
