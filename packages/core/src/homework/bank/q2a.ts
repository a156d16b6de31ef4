import type { Question } from './types.js';

const r = String.raw;

/** The gradient at the output. */
export const q2a: Question = {
  id: 'q2a',
  label: { fa: '۲ (الف)', en: '2a' },
  title: { fa: 'گرادیان در خروجی', en: 'The gradient at the output' },
  prompt: {
    fa: r`تابع ضرر CrossEntropy در لحظهٔ $t$ را به صورت زیر در نظر بگیرید. $\frac{\partial J_t}{\partial o_t}$ را محاسبه کنید.`,
    en: r`Take the cross-entropy loss at time $t$ to be as below. Compute $\frac{\partial J_t}{\partial o_t}$.`,
  },
  given: [r`J_t = -\sum_{i=1}^{2} y_{t,i} \log \hat{y}_{t,i}`],
  options: [],
  key: {
    text: {
      fa: r`حاصل‌ضرب یک مجموع در مشتق softmax، که $g_{o_t}$ نامیده می‌شود:`,
      en: r`A sum times the derivative of softmax, named $g_{o_t}$:`,
    },
    tex: r`\frac{\partial J_t}{\partial o_t} = \left(-\sum_{i=1}^{2} y_{t,i} \cdot \frac{1}{\hat{y}_{t,i}}\right) \times \sigma'(o_t) = g_{o_t}`,
  },
  answer: {
    text: {
      fa: r`با softmax، گرادیان تفاضل پیش‌بینی و هدف است. وقتی درایه‌های $y_t$ جمعاً ۱ باشند (مثلاً one-hot):`,
      en: r`With softmax the gradient is the prediction less the target, whenever the entries of $y_t$ add up to 1 (one-hot, for example):`,
    },
    tex: r`g_{o_t} = \frac{\partial J_t}{\partial o_t} = \hat{y}_t \sum_{i=1}^{2} y_{t,i} - y_t = \hat{y}_t - y_t \in \mathbb{R}^2`,
  },
  steps: [
    {
      text: {
        fa: r`مشتق زیان نسبت به $\hat{y}_t$ یک بردار است: هر درایهٔ $\hat{y}_{t,i}$ تنها در یک جملهٔ مجموع آمده و سهم خودش را دارد.`,
        en: r`The derivative with respect to $\hat{y}_t$ is a vector: each entry $\hat{y}_{t,i}$ occurs in one term of the sum only and has a share of its own.`,
      },
      tex: r`\frac{\partial J_t}{\partial \hat{y}_{t,i}} = -\frac{y_{t,i}}{\hat{y}_{t,i}}`,
    },
    {
      text: {
        fa: r`مشتق softmax یک ماتریس ژاکوبی $2 \times 2$ و متقارن است، چون همهٔ خروجی‌ها در یک مخرج شریک‌اند.`,
        en: r`The derivative of softmax is a symmetric $2 \times 2$ Jacobian, since all outputs share one denominator.`,
      },
      tex: r`\frac{\partial \hat{y}_{t,i}}{\partial o_{t,j}} = \hat{y}_{t,i} (\delta_{ij} - \hat{y}_{t,j}), \quad J_\sigma = \operatorname{diag}(\hat{y}_t) - \hat{y}_t \hat{y}_t^{\top}`,
    },
    {
      text: {
        fa: r`قاعدهٔ زنجیره‌ای این ماتریس را در آن بردار ضرب می‌کند. $\hat{y}_{t,i}$ از صورت و مخرج می‌رود:`,
        en: r`The chain rule multiplies that vector by this matrix. $\hat{y}_{t,i}$ cancels:`,
      },
      tex: r`\frac{\partial J_t}{\partial o_{t,j}} = \sum_{i=1}^{2} \left(-\frac{y_{t,i}}{\hat{y}_{t,i}}\right) \hat{y}_{t,i} (\delta_{ij} - \hat{y}_{t,j}) = \hat{y}_{t,j} \sum_{i=1}^{2} y_{t,i} - y_{t,j}`,
    },
    {
      text: {
        fa: r`یک مثال: $o_t = (1, 0)$ و $y_t = (1, 0)$. درایه‌های گرادیان جمعاً صفرند، چون افزودن یک عدد به هر دو درایهٔ $o_t$ چیزی را عوض نمی‌کند.`,
        en: r`An example: $o_t = (1, 0)$, $y_t = (1, 0)$. The entries of the gradient add up to zero, since adding a number to both entries of $o_t$ changes nothing.`,
      },
      tex: r`\hat{y}_t = (0.7311, 0.2689), \quad g_{o_t} = (-0.2689, 0.2689)`,
    },
  ],
  mistakes: [
    {
      id: 'scalar-sum',
      text: {
        fa: r`جمع زدن مشتق‌ها پیش از ضرب در ژاکوبی (کاری که کلید کرده است).`,
        en: r`Adding up the derivatives before multiplying by the Jacobian (as the key does).`,
      },
      tex: r`\left(-\sum_i \frac{y_{t,i}}{\hat{y}_{t,i}}\right) J_\sigma`,
      counterExample: {
        fa: r`در مثال بالا $-1.3679$ ضرب در یک ماتریس $2 \times 2$ به دست می‌آید که خودش $2 \times 2$ است؛ گرادیان $o_t \in \mathbb{R}^2$ باید دو درایه داشته باشد.`,
        en: r`In the example this is $-1.3679$ times a $2 \times 2$ matrix, which is $2 \times 2$ again; the gradient of $o_t \in \mathbb{R}^2$ must have two entries.`,
      },
    },
    {
      id: 'elementwise-sigmoid',
      text: {
        fa: r`مشتق گرفتن از softmax درایه به درایه، گویی سیگموید است.`,
        en: r`Differentiating softmax entry by entry, as if it were a sigmoid.`,
      },
      tex: r`-\frac{y_t}{\hat{y}_t} \odot \hat{y}_t \odot (1 - \hat{y}_t) = -y_t \odot (1 - \hat{y}_t)`,
      counterExample: {
        fa: r`در مثال بالا $(-0.2689, 0)$ می‌دهد؛ درایهٔ دوم باید $0.2689$ باشد، چون بزرگ شدن $o_{t,2}$ احتمال دستهٔ نخست را کم می‌کند.`,
        en: r`In the example this gives $(-0.2689, 0)$; the second entry must be $0.2689$, since a larger $o_{t,2}$ lowers the probability of the first class.`,
      },
    },
    {
      id: 'no-softmax-jacobian',
      text: {
        fa: 'فراموش کردن ژاکوبی softmax.',
        en: 'Leaving out the Jacobian of softmax.',
      },
      tex: r`-\frac{y_t}{\hat{y}_t}`,
      counterExample: {
        fa: r`در مثال بالا $(-1.3679, 0)$ می‌دهد، که گرادیان نسبت به $\hat{y}_t$ است نه نسبت به $o_t$.`,
        en: r`In the example this gives $(-1.3679, 0)$, the gradient with respect to $\hat{y}_t$ and not to $o_t$.`,
      },
    },
    {
      id: 'sign',
      text: { fa: 'علامت وارونه.', en: 'The sign turned round.' },
      tex: r`y_t - \hat{y}_t`,
      counterExample: {
        fa: r`در مثال بالا $(0.2689, -0.2689)$ می‌دهد. گام گرادیان کاهشی با آن احتمال پاسخ درست را پایین می‌آورد.`,
        en: r`In the example this gives $(0.2689, -0.2689)$. Gradient descent with it lowers the probability of the right answer.`,
      },
    },
  ],
  remarks: [
    {
      text: {
        fa: r`کلید یک عدد، $-\sum_i y_{t,i} / \hat{y}_{t,i}$، را در ژاکوبی ضرب می‌کند. ابعاد نمی‌خوانند: حاصل $2 \times 2$ است. شکل درست، ژاکوبی (ترانهاده) ضرب در بردار است:`,
        en: r`The key multiplies a number, $-\sum_i y_{t,i} / \hat{y}_{t,i}$, by the Jacobian. The shapes do not fit: the result is $2 \times 2$. The exact form is the (transposed) Jacobian times a vector:`,
      },
      tex: r`g_{o_t} = J_\sigma^{\top} \left(-\frac{y_t}{\hat{y}_t}\right) = \hat{y}_t \sum_{i=1}^{2} y_{t,i} - y_t`,
    },
    {
      text: {
        fa: r`چرا لغزش کلید به چشم نمی‌آید: برای هدف one-hot با دستهٔ درست $c$، سطر $c$ از ماتریس کلید درست همین گرادیان است. جمع زدن، این را که کدام سطر مقصود بوده از میان برده است.`,
        en: r`Why the slip is easy to miss: for a one-hot target of class $c$, row $c$ of the key's matrix is exactly this gradient. Summing has lost which row was meant.`,
      },
    },
    {
      text: {
        fa: r`پرسش اجازه می‌دهد از $\sigma$ صرف نظر شود ولی کلید آن را نگه داشته است. بخش‌های بعد تنها از نام $g_{o_t}$ استفاده می‌کنند، پس این لغزش به آن‌ها نمی‌رسد.`,
        en: r`The question allows $\sigma$ to be left out, yet the key keeps it. The later parts use only the name $g_{o_t}$, so the slip does not reach them.`,
      },
    },
  ],
  experiments: [
    {
      command: 'derive --wrt W_yh --steps 1',
      shows: {
        fa: r`ژاکوبی softmax، ضرب آن در $-y/\hat{y}$ و رسیدن به $\hat{y} - y$، با عدد و با سه وارسی مستقل.`,
        en: r`the Jacobian of softmax, its product with $-y/\hat{y}$ and $\hat{y} - y$ at the end, in numbers and checked in three independent ways`,
      },
    },
  ],
};
