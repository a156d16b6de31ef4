import type { Question } from './types.js';

const r = String.raw;

/** What a recurrent language model estimates at step t. */
export const q1c: Question = {
  id: 'q1c',
  label: { fa: '۱ (c)', en: '1c' },
  title: { fa: 'آنچه مدل زبانی تخمین می‌زند', en: 'What a language model estimates' },
  prompt: {
    fa: 'فرض کنید در حال آموزش یک مدل زبانی RNN هستید. در مرحلهٔ زمانی $t$، مدل RNN چه چیزی را تخمین می‌زند؟ بهترین پاسخ را انتخاب کنید.',
    en: 'You are training an RNN language model. What does it estimate at time step $t$? Choose the best answer.',
  },
  given: [],
  options: [
    {
      id: 'a',
      letter: 'آ',
      text: { fa: r`$P(y_1, y_2, \dots, y_{t-1})$`, en: r`$P(y_1, y_2, \dots, y_{t-1})$` },
      correct: false,
      reason: {
        fa: r`این احتمال توأم گذشته است: یک عدد، که در آن اثری از $y_t$ نیست. مدل آن را از ضرب خروجی‌های گام‌های پیشین به دست می‌دهد، نه در گام $t$.`,
        en: r`This is the joint probability of the past: one number, in which $y_t$ does not occur. The model yields it as the product of its earlier outputs, not at step $t$.`,
      },
      counterExample: {
        fa: r`زبانی با دو نماد a و b و احتمال‌های $P(a) = 0.6$، $P(b \mid a) = 0.9$ و $P(a \mid b) = 0.8$ را در نظر بگیرید. پس از دیدن ab احتمال توأم $0.6 \times 0.9 = 0.54$ است، اما خروجی گام سوم توزیع $(0.8, 0.2)$ روی a و b است.`,
        en: r`Take a language of two symbols with $P(a) = 0.6$, $P(b \mid a) = 0.9$ and $P(a \mid b) = 0.8$. After ab the joint probability is $0.6 \times 0.9 = 0.54$, but the output of step 3 is the distribution $(0.8, 0.2)$ over a and b.`,
      },
    },
    {
      id: 'b',
      letter: 'ب',
      text: { fa: r`$P(y_1)$`, en: r`$P(y_1)$` },
      correct: false,
      reason: {
        fa: r`این توزیع نماد نخست است و به آنچه تا گام $t$ دیده شده وابسته نیست. مدلی که همیشه آن را بدهد به حالت $h_t$ نیازی ندارد.`,
        en: r`This is the distribution of the first symbol, whatever has been read before step $t$. A model that always gave it would need no state $h_t$.`,
      },
      counterExample: {
        fa: r`در همان زبان، پس از ab احتمال a در گام سوم $0.8$ است، نه $P(y_1 = a) = 0.6$.`,
        en: r`In the same language the probability of a at step 3, after ab, is $0.8$ and not $P(y_1 = a) = 0.6$.`,
      },
    },
    {
      id: 'c',
      letter: 'ج',
      text: { fa: r`$P(y_t \mid y_1, y_2, \dots, y_{t-1})$`, en: r`$P(y_t \mid y_1, y_2, \dots, y_{t-1})$` },
      correct: true,
      reason: {
        fa: r`ورودی گام $t$ نماد $y_{t-1}$ است و حالت شبکه همهٔ نمادهای پیش از آن را دیده است. softmax خروجی توزیعی روی نماد بعدی، یعنی $y_t$، می‌دهد.`,
        en: r`The input of step $t$ is $y_{t-1}$, and the state has read all symbols before it. The softmax at the output is a distribution over the next symbol, $y_t$.`,
      },
    },
    {
      id: 'd',
      letter: 'د',
      text: { fa: r`$P(y_t \mid y_1, y_2, \dots, y_t)$`, en: r`$P(y_t \mid y_1, y_2, \dots, y_t)$` },
      correct: false,
      reason: {
        fa: r`در این عبارت خود $y_t$ در شرط آمده است. چنین احتمالی بی‌محتواست: برای نمادی که دیده‌ایم ۱ و برای بقیه ۰ است. مدلی که هدفش را ببیند (نشت اطلاعات) بی آنکه زبان را یاد بگیرد به زیان صفر می‌رسد.`,
        en: r`Here $y_t$ stands in its own condition. Such a probability is empty: 1 for the symbol that was read, 0 for all others. A model that sees its own target (a leak) reaches loss zero without learning any language.`,
      },
      counterExample: {
        fa: r`در همان زبان $P(y_3 = a \mid a, b, a) = 1$ است و زیان $-\log 1 = 0$؛ حال آنکه زیان درست $-\log 0.8 = 0.223$ است. هنگام تولید متن هم $y_3$ هنوز وجود ندارد.`,
        en: r`In the same language $P(y_3 = a \mid a, b, a) = 1$ with loss $-\log 1 = 0$, while the true loss is $-\log 0.8 = 0.223$. And when text is generated, $y_3$ does not exist yet.`,
      },
    },
  ],
  key: {
    text: {
      fa: r`گزینهٔ ج: با توجه به مشاهدات تا $y_{t-1}$ دربارهٔ $y_t$ تصمیم گرفته می‌شود.`,
      en: r`Option c: $y_t$ is decided from what was observed up to $y_{t-1}$.`,
    },
  },
  answer: {
    text: {
      fa: 'ج. حاصل‌ضرب این احتمال‌های شرطی، احتمال کل دنباله است:',
      en: 'c. The product of these conditional probabilities is the probability of the sequence:',
    },
    tex: r`P(y_1, \dots, y_T) = \prod_{t=1}^{T} P(y_t \mid y_1, \dots, y_{t-1})`,
  },
  steps: [
    {
      text: {
        fa: 'قاعدهٔ زنجیره‌ای احتمال برای هر دنباله‌ای برقرار است و چیزی را تقریب نمی‌زند. تقریب آنجاست که شبکه گذشته را در حالتی با اندازهٔ ثابت خلاصه می‌کند.',
        en: 'The chain rule of probability holds for every sequence and approximates nothing. The approximation is that the network sums up the past in a state of fixed size.',
      },
      tex: r`P(y_t \mid y_1, \dots, y_{t-1}) \approx \operatorname{softmax}(W_{yh} h_t), \quad h_t = f(h_{t-1}, y_{t-1})`,
    },
    {
      text: {
        fa: 'در زبان نمونه احتمال دنبالهٔ aba چنین است، و مجموع احتمال هر ۸ دنبالهٔ سه‌نمادی ۱ می‌شود.',
        en: 'In the example language the sequence aba has this probability, and the 8 sequences of three symbols have probabilities that add up to 1.',
      },
      tex: r`P(a, b, a) = 0.6 \times 0.9 \times 0.8 = 0.432`,
    },
    {
      text: {
        fa: 'به همین دلیل آموزش، مجموع $-\\log P$ روی گام‌ها را کمینه می‌کند. سرگشتگی (perplexity) نمای میانگین آن است؛ برای aba:',
        en: 'That is why training minimises the sum of $-\\log P$ over the steps. Perplexity is the exponential of its mean; for aba:',
      },
      tex: r`\exp\left(-\frac{1}{3} \log 0.432\right) = 1.3228`,
    },
  ],
  mistakes: [],
  remarks: [
    {
      text: {
        fa: 'کلید درست است. تنها به شماره‌گذاری توجه کنید: اگر کتابی ورودی گام $t$ را $x_t = y_{t-1}$ بنامد، همان پاسخ $P(y_t \\mid x_1, \\dots, x_t)$ نوشته می‌شود و با گزینهٔ د یکی نیست.',
        en: 'The key is right. Mind the numbering: where a book calls the input of step $t$ $x_t = y_{t-1}$, the same answer reads $P(y_t \\mid x_1, \\dots, x_t)$, which is not option d.',
      },
    },
  ],
  experiments: [
    {
      command: 'experiment chain',
      shows: {
        fa: 'حاصل‌ضرب احتمال‌های شرطی یک مدل آموزش‌دیده همان احتمال دنباله است، با دقت ۱۲ رقم.',
        en: 'the conditional probabilities of a trained model multiply to that of the sequence, to 12 digits',
      },
    },
    {
      command: 'experiment leak',
      shows: {
        fa: 'مدل زبانی دوطرفه پاسخ را از ورودی می‌خواند و هنگام استفاده از حدس محض بدتر است.',
        en: 'a bidirectional language model reads the answer at its input, and in use is worse than guessing',
      },
    },
    {
      command: 'check q1c --answer "d"',
      shows: {
        fa: 'چرا مدلی که هدف خود را می‌بیند چیزی یاد نمی‌گیرد.',
        en: 'why a model that sees its own target learns nothing',
      },
    },
    {
      command: 'train char-lm --steps 200',
      shows: {
        fa: 'زیان در آغاز نزدیک $\\ln V$ است ($V$ تعداد نمادها)، یعنی توزیع یکنواخت، و با یادگیری توزیع شرطی پایین می‌آید.',
        en: 'the loss starts near $\\ln V$ for $V$ symbols, the uniform distribution, and falls as the conditional one is learnt',
      },
    },
  ],
};
