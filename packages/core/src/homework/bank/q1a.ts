import type { Question } from './types.js';

/** Which tasks suit a many-to-one network. */
export const q1a: Question = {
  id: 'q1a',
  label: { fa: '۱ (a)', en: '1a' },
  title: { fa: 'معماری چند به یک', en: 'The many-to-one architecture' },
  prompt: {
    fa: 'معماری many-to-one RNN برای کدام یک از وظایف زیر مناسب است؟',
    en: 'Which of these tasks suit a many-to-one RNN?',
  },
  given: [],
  options: [
    {
      id: 'a',
      letter: 'آ',
      text: {
        fa: 'تشخیص گفتار (ورودی: کلیپ صوتی و خروجی: متن)',
        en: 'Speech recognition (input: an audio clip, output: text)',
      },
      correct: false,
      reason: {
        fa: 'این تصور که «هر چه ورودی‌اش دنباله باشد، چند به یک است» درست نیست. شکل معماری را تعداد خروجی‌ها هم تعیین می‌کند. متن خود دنباله‌ای از حرف‌هاست که طولش از پیش معلوم نیست؛ پس این وظیفه چند به چند است، آن هم بدون تناظر یک‌به‌یک میان ورودی و خروجی.',
        en: 'The thought behind it is that a sequence at the input is enough. The number of outputs counts as well: text is a sequence of letters whose length nobody knows beforehand, so the task is many-to-many, and its two sequences are not aligned.',
      },
      counterExample: {
        fa: 'خروجی چند به یک یک انتخاب از میان تعداد ثابتی برچسب است. تنها متن‌های ۱۰ حرفی با الفبای ۳۲ حرفی $32^{10} = 1125899906842624$ حالت دارند؛ چنین لایهٔ softmaxی ساختنی نیست و متن ۱۱ حرفی را هم نمی‌تواند بنویسد.',
        en: 'A many-to-one output is one choice among a fixed number of labels. Over an alphabet of 32 letters there are $32^{10} = 1125899906842624$ texts of 10 letters alone; no softmax layer has that many labels, and it still could not write a text of 11 letters.',
      },
    },
    {
      id: 'b',
      letter: 'ب',
      text: {
        fa: 'دسته‌بندی احساسات (ورودی: یک قطعه متن و خروجی: ۰/۱ برای نشان دادن احساس مثبت یا منفی)',
        en: 'Sentiment classification (input: a piece of text, output: 0/1 for negative or positive)',
      },
      correct: true,
      reason: {
        fa: 'ورودی دنباله‌ای از واژه‌هاست و برای همهٔ آن تنها یک برچسب می‌خواهیم. کافی است خروجی را از آخرین حالت، $h_T$، بخوانیم.',
        en: 'The input is a sequence of words, and one label is wanted for all of it. It is enough to read the output from the last state, $h_T$.',
      },
    },
    {
      id: 'c',
      letter: 'ج',
      text: {
        fa: 'تشخیص جنسیت از گفتار (ورودی: کلیپ صوتی و خروجی: برچسبی که نشان‌دهندهٔ جنسیت صحبت‌کننده است)',
        en: "Recognising the speaker's gender (input: an audio clip, output: one label)",
      },
      correct: true,
      reason: {
        fa: 'کلیپ صوتی دنباله‌ای از قاب‌های صداست و خروجی یک برچسب برای کل کلیپ است. تفاوتش با تشخیص گفتار در ورودی نیست، در خروجی است.',
        en: 'The clip is a sequence of sound frames, and the output is one label for the whole clip. It differs from speech recognition at the output, not at the input.',
      },
    },
  ],
  key: {
    text: {
      fa: 'گزینه‌های ب و ج؛ تشخیص گفتار چند به چند است.',
      en: 'Options b and c; speech recognition is many-to-many.',
    },
  },
  answer: {
    text: {
      fa: 'ب و ج. در هر دو یک دنباله وارد می‌شود و یک خروجی بیرون می‌آید.',
      en: 'b and c. In both a sequence goes in and a single output comes out.',
    },
    tex: String.raw`(x_1, \dots, x_T) \;\mapsto\; h_T \;\mapsto\; \hat{y}`,
  },
  steps: [
    {
      text: {
        fa: 'از هر وظیفه دو چیز بپرسید: چند ورودی و چند خروجی دارد؟ و اگر هر دو دنباله‌اند، آیا گام‌هایشان یک‌به‌یک متناظرند؟',
        en: 'Ask two things of each task: how many inputs and outputs does it have, and when both are sequences, do their steps match one to one?',
      },
    },
    {
      text: {
        fa: 'یک به چند: شرح‌نویسی برای تصویر. چند به چند هم‌تراز: برچسب‌زنی نقش واژه‌ها، که برای هر واژه یک برچسب دارد. چند به چند ناهم‌تراز: ترجمه و تشخیص گفتار.',
        en: 'One-to-many: captioning an image. Aligned many-to-many: part-of-speech tagging, one tag for every word. Unaligned many-to-many: translation and speech recognition.',
      },
    },
    {
      text: {
        fa: 'احساس و جنسیت هر کدام یک برچسب برای کل دنباله‌اند، پس چند به یک‌اند. متنِ گفتار دنباله است، پس نیست.',
        en: 'Sentiment and gender are one label for the whole sequence each, so they are many-to-one. A transcript is a sequence, so it is not.',
      },
    },
  ],
  mistakes: [],
  remarks: [
    {
      text: {
        fa: 'کلید دودویی بودن خروجی را هم دلیل می‌آورد. آنچه اهمیت دارد یکی بودن خروجی است، نه دو حالته بودن آن: امتیاز یک تا پنج ستاره برای یک نقد هم چند به یک است.',
        en: 'The key also argues that the output is binary. What counts is that there is one output, not that it has two values: rating a review with one to five stars is many-to-one too.',
      },
    },
    {
      text: {
        fa: 'اگر شبکه برای هر قاب صدا یک حرف یا «تهی» بدهد و تکرارها بعد حذف شوند (روش CTC)، باز برای هر گام یک خروجی هست و معماری چند به چند می‌ماند.',
        en: 'A network that emits a letter or a blank for every sound frame and merges repeats afterwards (CTC) still has an output at every step, so it stays many-to-many.',
      },
    },
  ],
  experiments: [
    {
      command: 'route speech',
      shows: {
        fa: 'معماری مناسب هر وظیفه از روی ویژگی‌هایش، با دلیل رد هر یک از بقیه.',
        en: 'the architecture for a task from its properties, and why each of the others is refused',
      },
    },
    {
      command: 'check q1a --answer "a,b,c"',
      shows: {
        fa: 'پاسخی که گزینهٔ آ را هم دارد رد می‌شود، با تصور نادرست پشت آن و مثال نقض.',
        en: 'an answer that includes a is turned down, with the misconception and a counter-example',
      },
    },
  ],
};
