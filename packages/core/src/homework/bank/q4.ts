import type { Question } from './types.js';

/** The practical set: a notebook that hw5 does not have. */
export const q4: Question = {
  id: 'q4',
  label: { fa: '۴', en: '4' },
  title: { fa: 'تمرین عملی', en: 'The practical set' },
  prompt: {
    fa: 'به نوت‌بوک `Question4.ipynb` رفته و با مطالعهٔ آن، موارد خواسته‌شده را تکمیل کنید.',
    en: 'Open the notebook `Question4.ipynb`, read it and complete what it asks for.',
  },
  given: [],
  options: [],
  key: {
    text: {
      fa: 'پاسخ در نوت‌بوکی جداگانه (`Q4.ipynb`) است.',
      en: 'The answer is in a notebook of its own (`Q4.ipynb`).',
    },
  },
  answer: {
    text: {
      fa: 'آن نوت‌بوک همراه این پروژه نیست، پس اینجا پاسخی برایش نوشته نمی‌شود. کاری از جنس آن، یعنی مدل زبانی نویسه‌ای با LSTM، با دستورهای زیر آموزش می‌بیند و متن می‌نویسد.',
      en: 'That notebook does not come with this project, so no answer to it is given here. Work of its kind, a character-level language model with an LSTM, is trained and writes text with the commands below.',
    },
  },
  steps: [],
  mistakes: [],
  remarks: [],
  experiments: [
    {
      command: 'train char-lm --steps 500',
      shows: {
        fa: 'یک مدل زبانی نویسه‌ای روی دفتر خاطرات پنبه آموزش می‌بیند؛ `--data FILE` متن شما را می‌گیرد.',
        en: 'trains a character-level language model on the diary of Panbeh; `--data FILE` takes yours',
      },
    },
  ],
};
