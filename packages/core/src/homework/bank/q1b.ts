import type { Question } from './types.js';

/** The cat's mood: does the future help? */
export const q1b: Question = {
  id: 'q1b',
  label: { fa: '۱ (b)', en: '1b' },
  title: { fa: 'اخلاق پنبه: یک‌طرفه یا دوطرفه؟', en: "Panbeh's mood: one direction or two?" },
  prompt: {
    fa: 'اخلاق گربهٔ جلوی دانشکده (پنبه) به شدت به آب و هوای فعلی و چند روز گذشته بستگی دارد. فرض کنید داده‌های آب و هوایی یک ماه گذشته را به صورت $x_1, \\dots, x_{30}$ و داده‌های مربوط به اخلاق پنبه را به صورت $y_1, \\dots, y_{30}$ جمع‌آوری کرده‌اید. می‌خواهید مدلی بسازید که $x$ را به $y$ نگاشت می‌کند. از کدام یک از RNN یک‌طرفه یا RNN دوطرفه برای این مسئله استفاده می‌کنید؟',
    en: "The mood of Panbeh, the cat in front of the faculty, depends strongly on today's weather and that of the last few days. You have a month of weather $x_1, \\dots, x_{30}$ and of moods $y_1, \\dots, y_{30}$ and want a model that maps $x$ to $y$. Do you use a unidirectional or a bidirectional RNN?",
  },
  given: [],
  options: [
    {
      id: 'a',
      letter: 'آ',
      text: {
        fa: 'دوطرفه، زیرا پیش‌بینی روز $t$ بر اساس اطلاعات بیشتری انجام می‌شود.',
        en: 'Bidirectional, since the prediction for day $t$ rests on more information.',
      },
      correct: false,
      reason: {
        fa: 'ورودی بیشتر همیشه اطلاعات بیشتر نیست. وقتی $x_1, \\dots, x_t$ را می‌دانیم، آب و هوای روزهای بعد دربارهٔ $y_t$ چیزی نمی‌افزاید؛ وزن‌هایی که آن را می‌خوانند تنها می‌توانند نویز را حفظ کنند. هنگام استفاده هم هوای فردا هنوز معلوم نیست.',
        en: 'More input is not always more information. Once $x_1, \\dots, x_t$ are known, the weather of later days adds nothing about $y_t$; weights that read it can only memorise noise. And in use, the weather of tomorrow is not known yet.',
      },
      counterExample: {
        fa: 'فرض کنید $y_t = 0.6\\,x_t + 0.3\\,x_{t-1} + 0.1\\,x_{t-2}$. دو ماه با هوای $(10, 20, 30, 0, 0)$ و $(10, 20, 30, 40, 40)$ آغاز می‌شوند. روزهای پس از روز سوم به کلی متفاوت‌اند، اما در هر دو $y_3 = 25$ است.',
        en: 'Let $y_t = 0.6\\,x_t + 0.3\\,x_{t-1} + 0.1\\,x_{t-2}$. Two months begin with $(10, 20, 30, 0, 0)$ and $(10, 20, 30, 40, 40)$. The days after the third differ completely, yet $y_3 = 25$ in both.',
      },
    },
    {
      id: 'b',
      letter: 'ب',
      text: {
        fa: 'دوطرفه، زیرا در backpropagation گرادیان‌های دقیق‌تری محاسبه می‌شوند.',
        en: 'Bidirectional, since backpropagation then computes more accurate gradients.',
      },
      correct: false,
      reason: {
        fa: 'دقت گرادیان ربطی به جهت شبکه ندارد. پس‌انتشار برای هر گراف محاسباتی گرادیان همان گراف را، تا حد خطای گرد کردن، دقیق حساب می‌کند. «دوطرفه» به جهت خواندن ورودی برمی‌گردد، نه به جهت حرکت گرادیان.',
        en: 'Accuracy of gradients has nothing to do with direction. Backpropagation gives the gradient of any computation graph exactly, up to rounding. "Bidirectional" is about how the input is read, not about how gradients travel.',
      },
      counterExample: {
        fa: 'برای $h = \\tanh(w x)$ با $w = 0.5$ و $x = 1$ پس‌انتشار $1 - \\tanh^2(0.5) = 0.786448$ می‌دهد و تفاضل محدود هم همین را؛ چیزی برای «دقیق‌تر شدن» نمانده است.',
        en: 'For $h = \\tanh(w x)$ with $w = 0.5$ and $x = 1$ backpropagation gives $1 - \\tanh^2(0.5) = 0.786448$, and so do finite differences; nothing is left to become more accurate.',
      },
    },
    {
      id: 'c',
      letter: 'ج',
      text: {
        fa: 'یک‌طرفه، زیرا مقدار $y_t$ تنها به $x_1, \\dots, x_t$ وابسته است و به $x_{t+1}, \\dots, x_{30}$ وابسته نیست.',
        en: 'Unidirectional, since $y_t$ depends only on $x_1, \\dots, x_t$ and not on $x_{t+1}, \\dots, x_{30}$.',
      },
      correct: true,
      reason: {
        fa: 'صورت سؤال می‌گوید اخلاق به هوای امروز و چند روز گذشته بستگی دارد، و حالت $h_t$ در شبکهٔ یک‌طرفه درست همین‌ها را دیده است.',
        en: 'The question says that the mood depends on the weather of today and of the last few days, and that is exactly what the state $h_t$ of a unidirectional network has seen.',
      },
    },
    {
      id: 'd',
      letter: 'د',
      text: {
        fa: 'یک‌طرفه، زیرا مقدار $y_t$ تنها به $x_t$ وابسته است و به داده‌های آب و هوای روزهای دیگر وابسته نیست.',
        en: 'Unidirectional, since $y_t$ depends only on $x_t$ and not on the weather of other days.',
      },
      correct: false,
      reason: {
        fa: 'انتخاب درست با دلیل نادرست. این دلیل با «چند روز گذشته» در صورت سؤال نمی‌خواند؛ و اگر درست بود اصلاً به شبکهٔ بازگشتی نیازی نبود.',
        en: 'The right choice for a wrong reason. It contradicts "the last few days" in the question, and were it true, no recurrent network would be needed at all.',
      },
      counterExample: {
        fa: 'با همان قاعده، هوای $(0, 0, 10)$ و $(10, 10, 10)$ در روز سوم یکسان است، اما $y_3$ در اولی $6$ و در دومی $10$ است.',
        en: 'With the same rule the weather $(0, 0, 10)$ and $(10, 10, 10)$ agrees on day 3, but $y_3$ is $6$ for the first and $10$ for the second.',
      },
    },
  ],
  key: {
    text: {
      fa: 'گزینهٔ ج؛ به $x_{t+1}, x_{t+2}, \\dots$ نیازی نیست.',
      en: 'Option c; $x_{t+1}, x_{t+2}, \\dots$ are not needed.',
    },
  },
  answer: {
    text: {
      fa: 'ج. بهترین پیش‌بینی $y_t$ با دانستن آینده هیچ بهتر نمی‌شود:',
      en: 'c. Knowing the future does not improve the best prediction of $y_t$:',
    },
    tex: String.raw`P(y_t \mid x_1, \dots, x_{30}) = P(y_t \mid x_1, \dots, x_t)`,
  },
  steps: [
    {
      text: {
        fa: 'در شبکهٔ یک‌طرفه $h_t$ تابعی از $x_1, \\dots, x_t$ است، پس مشتق $y_t$ نسبت به ورودی‌های بعدی صفر است.',
        en: 'In a unidirectional network $h_t$ is a function of $x_1, \\dots, x_t$, so the derivative with respect to later inputs is zero.',
      },
      tex: String.raw`\frac{\partial \hat{y}_t}{\partial x_s} = 0 \quad (s > t)`,
    },
    {
      text: {
        fa: 'شبکهٔ دوطرفه یک حالت پس‌رو هم دارد که $x_t, \\dots, x_{30}$ را می‌خواند. این حالت تنها وقتی سودمند است که $y_t$، با معلوم بودن گذشته، باز هم به آینده وابسته باشد.',
        en: 'A bidirectional network also has a backward state that has read $x_t, \\dots, x_{30}$. It helps only where $y_t$ still depends on the future once the past is known.',
      },
    },
    {
      text: {
        fa: 'اینجا چنین نیست. پس مدل دوطرفه دو برابر پارامتر بازگشتی دارد، در بهترین حالت به همان خطا می‌رسد و تا پایان ماه نمی‌تواند اخلاق هیچ روزی را بگوید.',
        en: 'It does not here. A bidirectional model has twice the recurrent parameters, reaches the same error at best, and cannot tell the mood of a day before the month is over.',
      },
    },
  ],
  mistakes: [],
  remarks: [
    {
      text: {
        fa: 'کلید درست است. آنچه نمی‌گوید این است که دوطرفه کجا برنده می‌شود: جایی که برچسب به آینده هم بستگی دارد. در «شیر را در یخچال گذاشتم» معنی «شیر» پس از دیدن واژه‌های بعدی روشن می‌شود.',
        en: 'The key is right. What it leaves out is where two directions win: where the label depends on what follows. In "he saw the bat fly away" the meaning of "bat" is settled by the words after it.',
      },
    },
  ],
  experiments: [
    {
      command: 'experiment mood',
      shows: {
        fa: 'هر دو شبکه با وزن‌های هم‌شمار روی همین داده آموزش می‌بینند: دوطرفه بهتر نیست.',
        en: 'both networks, with as many weights, trained on such data: two directions are no better',
      },
    },
    {
      command: 'experiment future',
      shows: {
        fa: 'وظیفه‌ای که به روزهای آینده بستگی دارد: آنجا دوطرفه می‌برد.',
        en: 'a task that depends on days to come: there two directions win',
      },
    },
    {
      command: 'route cat-mood',
      shows: {
        fa: 'آنچه هر معماری می‌تواند ببیند، از روی گراف آن.',
        en: 'what each architecture can see, from its graph',
      },
    },
    {
      command: 'check q1b --answer "a"',
      shows: {
        fa: 'هر گزینهٔ نادرست با تصور پشت آن و یک مثال نقض عددی پاسخ داده می‌شود.',
        en: 'each wrong option is answered with its misconception and a counter-example in numbers',
      },
    },
    {
      command: 'gradcheck --op lstm',
      shows: {
        fa: 'گرادیان یک LSTM یک‌طرفه با تفاضل محدود می‌خواند؛ گزینهٔ ب بی‌پایه است.',
        en: 'the gradients of a unidirectional LSTM agree with finite differences, so option b has no ground',
      },
    },
  ],
};
