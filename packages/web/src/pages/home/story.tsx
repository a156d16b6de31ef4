/** What the lab is, and texts to try in the router. */
import { Prose } from '../../frame/prose.js';
import { StoryColumn } from '../../frame/story-column.js';
import type { HomeModel } from './model.js';

/** Texts in either language, as somebody would paste them. */
const tries = {
  question: {
    en: 'what does a language model estimate at step t?',
    fa: 'مدل زبانی در گام t چه چیزی را تخمین می‌زند؟',
  },
  answer: { en: '2b: g_o W_yh W_hh^(t-i)', fa: '۲ب: g_o W_yh W_hh^(t-i)' },
  wrong: { en: '3a: (6, 1, 0)', fa: '۳ الف: (۶، ۱، ۰)' },
} as const;

export function Story({ model }: { readonly model: HomeModel }) {
  const { i18n, settings } = model.context;
  const { t, language } = i18n;
  const attempt = (name: keyof typeof tries) => () => {
    settings.set('text', tries[name][language.peek()]);
    void model.route();
  };
  const links = {
    question: attempt('question'),
    answer: attempt('answer'),
    wrong: attempt('wrong'),
  };
  return (
    <StoryColumn
      t={t}
      paragraphs={['story.lead', 'story.router']}
      tries={['story.try.question', 'story.try.answer', 'story.try.wrong']}
      links={links}
    >
      <p>
        <Prose text={t('story.proof')} />
      </p>
    </StoryColumn>
  );
}
