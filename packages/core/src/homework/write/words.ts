/** The headings of a worked solution, in both languages. */
import type { Language } from './markup.js';

export interface Words {
  readonly documentTitle: string;
  readonly homework: string;
  readonly question: (id: string) => string;
  readonly marks: (count: number) => string;
  readonly answer: string;
  readonly options: string;
  readonly steps: string;
  readonly mistakes: string;
  readonly counterExample: string;
  readonly key: string;
  readonly remarks: string;
  readonly experiments: string;
  /** An ordinal in the language's own digits. */
  readonly number: (value: number) => string;
}

const persianDigits = (value: number): string =>
  String(value).replace(/\d/g, (digit) => String.fromCharCode(0x6f0 + Number(digit)));

export const wordsIn: Readonly<Record<Language, Words>> = {
  fa: {
    documentTitle: 'پاسخ تشریحی تمرین پنجم',
    homework: 'شبکه‌های بازگشتی و توجه',
    question: (id) => `پرسش ${id}`,
    marks: (count) => `${persianDigits(count)} نمره`,
    answer: 'پاسخ',
    options: 'گزینه‌ها',
    steps: 'راه حل',
    mistakes: 'اشتباه‌های رایج',
    counterExample: 'مثال نقض:',
    key: 'کلید تمرین',
    remarks: 'دربارهٔ کلید',
    experiments: 'خودتان ببینید',
    number: persianDigits,
  },
  en: {
    documentTitle: 'Homework 5, worked out',
    homework: 'Recurrent networks and attention',
    question: (id) => `Question ${id}`,
    marks: (count) => `${count} marks`,
    answer: 'Answer',
    options: 'Options',
    steps: 'How to get there',
    mistakes: 'Common mistakes',
    counterExample: 'Counter-example:',
    key: 'The answer key',
    remarks: 'Remarks on the key',
    experiments: 'See for yourself',
    number: String,
  },
};
