/** All questions of the homework, in its order; marks are of 100. */
import { q1a } from './q1a.js';
import { q1b } from './q1b.js';
import { q1c } from './q1c.js';
import { q2a } from './q2a.js';
import { q2b } from './q2b.js';
import { q2c } from './q2c.js';
import { q2d } from './q2d.js';
import { q3a } from './q3a.js';
import { q3b } from './q3b.js';
import { q4 } from './q4.js';
import { q1Setting, q2Setting, q3Setting, q4Setting } from './settings.js';
import type { Question, QuestionGroup } from './types.js';

export const questionGroups: readonly QuestionGroup[] = [
  {
    id: 'q1',
    title: { fa: 'انتخاب معماری', en: 'Choosing an architecture' },
    marks: 15,
    setting: q1Setting,
    questions: [q1a, q1b, q1c],
  },
  {
    id: 'q2',
    title: { fa: 'پس‌انتشار در زمان', en: 'Backpropagation through time' },
    marks: 20,
    setting: q2Setting,
    questions: [q2a, q2b, q2c, q2d],
  },
  {
    id: 'q3',
    title: { fa: 'توجه argmax', en: 'Argmax attention' },
    marks: 20,
    setting: q3Setting,
    questions: [q3a, q3b],
  },
  {
    id: 'q4',
    title: { fa: 'تمرین عملی', en: 'The practical set' },
    marks: 45,
    setting: q4Setting,
    questions: [q4],
  },
];

export const questions: readonly Question[] = questionGroups.flatMap((group) => group.questions);
