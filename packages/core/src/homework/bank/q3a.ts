import { attendByHand } from '../attention/by-hand.js';
import { columnTex, scoreLinesTex, setTex } from './tex.js';
import type { Question } from './types.js';

const r = String.raw;
const { keys, values, query, scores, index, output } = attendByHand();

/** Argmax attention on given numbers. */
export const q3a: Question = {
  id: 'q3a',
  label: { fa: '۳ (الف)', en: '3a' },
  title: { fa: 'توجه argmax با دست', en: 'Argmax attention by hand' },
  prompt: {
    fa: 'با استفاده از توجه argmax، خروجی لایهٔ توجه برای این پرس‌وجو چه خواهد بود؟',
    en: 'With argmax attention, what is the output of the attention layer for this query?',
  },
  given: [r`\text{keys} = ${setTex(keys)}`, r`q = ${columnTex(query)}`, r`\text{values} = ${setTex(values)}`],
  options: [],
  key: {
    text: {
      fa: r`امتیازها $-2, 3, 0, 6$ و اندیس $3$ (شمارش از صفر):`,
      en: r`Scores $-2, 3, 0, 6$ and index $3$, counted from zero:`,
    },
    tex: r`\text{output} = \text{values}[3] = ${columnTex(output)}`,
  },
  answer: {
    text: {
      fa: 'مقدار کلید چهارم، که بیشترین ضرب داخلی را با پرس‌وجو دارد.',
      en: 'The value of the fourth key, whose inner product with the query is the largest.',
    },
    tex: r`s = (${scores.join(', ')}), \quad \operatorname{argmax}(s) = ${index}, \quad \text{output} = ${columnTex(output)}`,
  },
  steps: [
    {
      text: {
        fa: 'شباهت هر کلید به پرس‌وجو را با ضرب داخلی حساب کنید، هر ضرب جداگانه:',
        en: 'Compute the similarity of each key to the query as an inner product, each product written out:',
      },
      tex: scoreLinesTex(keys, query),
    },
    {
      text: {
        fa: 'بزرگ‌ترین امتیاز را بیابید. چون تکراری نیست، انتخاب یکتاست.',
        en: 'Find the largest score. It occurs once, so the choice is unique.',
      },
      tex: r`\operatorname{argmax}([${scores.join(', ')}]) = ${index}`,
    },
    {
      text: {
        fa: 'مقدار هم‌شماره با آن کلید، خروجی است؛ مقدارهای دیگر هیچ سهمی ندارند.',
        en: 'The value with that index is the output; the other values have no share in it.',
      },
      tex: r`\text{output} = \text{values}[${index}] = ${columnTex(output)}`,
    },
  ],
  mistakes: [
    {
      id: 'softmax-mixture',
      text: {
        fa: 'آمیختن همهٔ مقدارها با وزن softmax.',
        en: 'Mixing all values with the weights of softmax.',
      },
      tex: r`\operatorname{softmax}(s) = (0.0003, 0.0473, 0.0024, 0.9500) \;\to\; (6, 0.9054, 1.9940)`,
      counterExample: {
        fa: r`وزن کلید دوم در softmax برابر $0.0473$ است و خروجی را به $(6, 0.9054, 1.9940)$ می‌کشاند؛ argmax به آن وزن $0$ می‌دهد.`,
        en: r`Softmax gives the second key the weight $0.0473$, which draws the output to $(6, 0.9054, 1.9940)$; argmax gives it $0$.`,
      },
    },
    {
      id: 'index-from-one',
      text: {
        fa: r`شمردن از یک: اندیس $3$ را کلید سوم گرفتن.`,
        en: r`Counting from one: taking index $3$ for the third key.`,
      },
      tex: r`\text{values}[2] = (6, 1, 0)`,
      counterExample: {
        fa: r`امتیاز کلید سوم $0$ است و از امتیاز کلید چهارم، $6$، کمتر.`,
        en: r`The third key scores $0$, less than the $6$ of the fourth.`,
      },
    },
    {
      id: 'sign-slip',
      text: {
        fa: 'خطای علامت در ضرب دو عدد منفی، که کلید چهارم را از میدان به در می‌کند.',
        en: 'A slip of sign in a product of two negative numbers, which drops the fourth key.',
      },
      tex: r`\text{values}[1] = (6, -1, 2)`,
      counterExample: {
        fa: r`$0 \times 3 + (-2) \times (-1) + (-4) \times (-1) = 0 + 2 + 4 = 6$، بیشتر از $3$ کلید دوم.`,
        en: r`$0 \times 3 + (-2) \times (-1) + (-4) \times (-1) = 0 + 2 + 4 = 6$, more than the $3$ of the second key.`,
      },
    },
    {
      id: 'least-similar',
      text: {
        fa: 'برداشتن کوچک‌ترین امتیاز به جای بزرگ‌ترین.',
        en: 'Taking the smallest score in place of the largest.',
      },
      tex: r`\text{values}[0] = (6, 1, -2)`,
      counterExample: {
        fa: r`امتیاز کلید نخست $-2$ است: کم‌شباهت‌ترین کلید.`,
        en: r`The first key scores $-2$: it is the least similar one.`,
      },
    },
    {
      id: 'key-returned',
      text: {
        fa: 'برگرداندن خود کلید به جای مقدار آن.',
        en: 'Returning the key itself in place of its value.',
      },
      tex: r`\text{keys}[3] = (0, -2, -4)`,
      counterExample: {
        fa: r`کلیدها تنها برای مقایسه‌اند؛ خروجی همیشه از مقدارها می‌آید، اینجا $(6, 1, 2)$.`,
        en: r`Keys are there for comparison only; the output always comes from the values, here $(6, 1, 2)$.`,
      },
    },
    {
      id: 'scores-returned',
      text: {
        fa: 'نوشتن امتیازها به عنوان خروجی.',
        en: 'Giving the scores as the output.',
      },
      tex: r`(-2, 3, 0, 6)`,
      counterExample: {
        fa: r`خروجی به اندازهٔ یک مقدار درایه دارد، یعنی $3$، نه به تعداد کلیدها که $4$ است.`,
        en: r`The output has as many entries as a value, $3$, not as many as there are keys, $4$.`,
      },
    },
    {
      id: 'index-returned',
      text: {
        fa: 'نوشتن اندیس به عنوان خروجی.',
        en: 'Giving the index as the output.',
      },
      tex: r`3`,
      counterExample: {
        fa: r`اندیس می‌گوید کدام مقدار برداشته شود: $\text{values}[3] = (6, 1, 2)$.`,
        en: r`The index says which value is taken: $\text{values}[3] = (6, 1, 2)$.`,
      },
    },
    {
      id: 'scores-as-weights',
      text: {
        fa: 'جمع وزن‌دار مقدارها با خود امتیازها.',
        en: 'Adding up the values weighted by the raw scores.',
      },
      tex: r`-2 v_0 + 3 v_1 + 0 v_2 + 6 v_3 = (42, 1, 22)`,
      counterExample: {
        fa: r`همهٔ مقدارها با $6$ آغاز می‌شوند؛ هیچ انتخابی از میان آن‌ها نمی‌تواند با $42$ آغاز شود.`,
        en: r`Every value begins with $6$; no choice among them can begin with $42$.`,
      },
    },
    {
      id: 'plain-mean',
      text: { fa: 'میانگین سادهٔ مقدارها.', en: 'The plain mean of the values.' },
      tex: r`(6, 0.5, 0.5)`,
      counterExample: {
        fa: r`میانگین به پرس‌وجو نگاه نمی‌کند؛ با $q = (-3, 1, 1)$ هم $(6, 0.5, 0.5)$ می‌ماند، حال آنکه توجه در آن صورت مقدار نخست را برمی‌دارد.`,
        en: r`The mean ignores the query: for $q = (-3, 1, 1)$ it would still be $(6, 0.5, 0.5)$, where attention would take the first value.`,
      },
    },
  ],
  remarks: [
    {
      text: {
        fa: r`کلید درست است. دو نکته را نمی‌گوید. نخست، اگر دو امتیاز برابر و بیشینه باشند باید قاعده‌ای گذاشت: نخستین، یا میانگین آن‌ها. دوم، تقسیم بر $\sqrt{3}$ (توجه مقیاس‌شده) argmax را تغییر نمی‌دهد، اما softmax را تغییر می‌دهد.`,
        en: r`The key is right. Two things it does not say: when two scores share the maximum a rule is needed, the first one or their mean; and dividing by $\sqrt{3}$ (scaled attention) does not change an argmax, though it does change a softmax.`,
      },
    },
    {
      text: {
        fa: r`softmax روی همین عددها: در دمای $T = 0.1$ تقریباً همان $(6, 1, 2)$ است و با بزرگ شدن $T$ به میانگین ساده نزدیک می‌شود.`,
        en: r`Softmax on the same numbers: at temperature $T = 0.1$ it is all but $(6, 1, 2)$, and as $T$ grows it approaches the plain mean.`,
      },
      tex: r`\begin{aligned} T = 1 &: (6, 0.9054, 1.9940) \\ T = 4 &: (6, 0.4840, 1.4606) \\ T \to \infty &: (6, 0.5, 0.5) \end{aligned}`,
    },
  ],
  experiments: [
    {
      command: 'attend --mode argmax',
      shows: {
        fa: 'همین محاسبه، با کلیدها و مقدارهای دلخواه.',
        en: 'this calculation, for any keys, values and query',
      },
    },
    {
      command: 'attend --mode softmax --temperature-sweep',
      shows: { fa: 'خروجی در هر دما.', en: 'the output at each temperature' },
    },
    {
      command: 'check q3a --answer "[6, 1, 0]"',
      shows: {
        fa: 'پاسخ نادرست با لغزش محتملش.',
        en: 'a wrong answer, with the slip that it suggests',
      },
    },
  ],
};
