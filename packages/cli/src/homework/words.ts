/** The words around a verdict. */
import type { Language } from '@hw5/core/homework';

/** How a verdict begins. */
export const verdictWords: Readonly<
  Record<Language, { readonly right: string; readonly wrong: string; readonly understood: string }>
> = {
  fa: { right: 'درست است', wrong: 'درست نیست', understood: 'پاسخ این‌گونه خوانده شد:' },
  en: { right: 'right', wrong: 'not right', understood: 'the answer was read as' },
};
