/** The router, and the questions in the homework's order. */
import { Said } from '../../frame/said.js';
import { Tex } from '../../math/tex.js';
import { QuestionCard } from './card.js';
import type { HomeModel } from './model.js';
import { Router } from './router.js';

export function Figure({ model }: { readonly model: HomeModel }) {
  const { t, format, language } = model.context.i18n;
  const groups = model.groups.value;
  return (
    <div class="home">
      <Router model={model} />
      {groups === null && <p role="status">{t('home.loading')}</p>}
      {groups?.map((group) => (
        <section key={group.id} class="question-group" aria-labelledby={`group-${group.id}`}>
          <div class="card-head">
            <h2 id={`group-${group.id}`}>
              {format.value.integer(Number(group.id.slice(1)))}. {group.title[language.value]}
            </h2>
            <span class="badge end">{t('home.marks', { count: group.marks })}</span>
          </div>
          <details class="worked">
            <summary>{t('home.setting')}</summary>
            <p>
              <Said text={group.setting.text} />
            </p>
            {group.setting.tex !== undefined && <Tex tex={group.setting.tex} display />}
          </details>
          {group.questions.map((question) => (
            <QuestionCard key={question.id} model={model} question={question} />
          ))}
        </section>
      ))}
    </div>
  );
}
