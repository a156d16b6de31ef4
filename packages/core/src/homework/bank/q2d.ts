import type { Question } from './types.js';

const r = String.raw;

/** The gradient of the whole loss. */
export const q2d: Question = {
  id: 'q2d',
  label: { fa: '۲ (د)', en: '2d' },
  title: { fa: 'گرادیان کل زیان', en: 'The gradient of the whole loss' },
  prompt: {
    fa: r`مقدار $\frac{\partial J_t}{\partial W_{hh}}$ را در متغیر $gW_{hh,t}$ ذخیره می‌کنید. $\frac{\partial J}{\partial W_{hh}}$ را بر حسب $gW_{hh,t}$ و متغیرهای ذکرشده به دست آورید.`,
    en: r`You keep $\frac{\partial J_t}{\partial W_{hh}}$ as $gW_{hh,t}$. Find $\frac{\partial J}{\partial W_{hh}}$ in terms of $gW_{hh,t}$ and the variables above.`,
  },
  given: [],
  options: [],
  key: {
    text: { fa: 'مجموع روی گام‌ها:', en: 'A sum over the steps:' },
    tex: r`\frac{\partial J}{\partial W_{hh}} = \sum_{t=1}^{3} \frac{\partial J_t}{\partial W_{hh}} = \sum_{t=1}^{3} gW_{hh,t}`,
  },
  answer: {
    text: {
      fa: 'مجموع روی گام‌ها، که با یک پیمایش از گام آخر به اول حساب می‌شود:',
      en: 'The sum over the steps, computed by one sweep from the last to the first:',
    },
    tex: r`\begin{aligned} \frac{\partial J}{\partial W_{hh}} &= \sum_{t=1}^{3} gW_{hh,t} = \sum_{i=1}^{3} \delta_i h_{i-1}^{\top} \\ \delta_i &= \psi'(z_i) \odot (W_{yh}^{\top} g_{o_i} + W_{hh}^{\top} \delta_{i+1}), \quad \delta_4 = 0 \end{aligned}`,
  },
  steps: [
    {
      text: {
        fa: r`زیان کل مجموع زیان گام‌هاست و مشتق خطی است، پس مشتق‌ها جمع می‌شوند.`,
        en: r`The loss is the sum of the losses of the steps, and differentiation is linear, so the derivatives add up.`,
      },
      tex: r`\frac{\partial J}{\partial W_{hh}} = \sum_{t=1}^{3} \sum_{i=1}^{t} g_z^{(t)}(i)\, h_{i-1}^{\top}`,
    },
    {
      text: {
        fa: r`ترتیب دو مجموع را عوض کنید. $h_{i-1}^{\top}$ به $t$ وابسته نیست و فاکتور گرفته می‌شود:`,
        en: r`Exchange the two sums. $h_{i-1}^{\top}$ does not depend on $t$ and comes out:`,
      },
      tex: r`\frac{\partial J}{\partial W_{hh}} = \sum_{i=1}^{3} \left(\sum_{t=i}^{3} g_z^{(t)}(i)\right) h_{i-1}^{\top} = \sum_{i=1}^{3} \delta_i h_{i-1}^{\top}`,
    },
    {
      text: {
        fa: r`$\delta_i$ گرادیان کل زیان نسبت به $z_i$ است. زیان از دو راه به $h_i$ می‌رسد: خروجی همان گام و حالت گام بعد. از همین جا رابطهٔ بازگشتی پاسخ به دست می‌آید.`,
        en: r`$\delta_i$ is the gradient of the whole loss with respect to $z_i$. The loss reaches $h_i$ in two ways, through the output of that step and through the next state; hence the recursion of the answer.`,
      },
      tex: r`\frac{\partial J}{\partial h_i} = W_{yh}^{\top} g_{o_i} + W_{hh}^{\top} \delta_{i+1}, \quad \delta_i = \psi'(z_i) \odot \frac{\partial J}{\partial h_i}`,
    },
    {
      text: {
        fa: r`شمارش ضرب‌های خارجی: مجموع دوتایی $\frac{T(T+1)}{2}$ جمله دارد، پیمایش پس‌رو $T$ جمله. برای $T = 3$ یعنی $6$ در برابر $3$ و برای $T = 100$ یعنی $5050$ در برابر $100$.`,
        en: r`Counting outer products: the double sum has $\frac{T(T+1)}{2}$ terms, the backward sweep $T$. For $T = 3$ that is $6$ against $3$, for $T = 100$ it is $5050$ against $100$.`,
      },
    },
    {
      text: {
        fa: r`در مثال یک‌بعدی $J = h_1 + h_2 + h_3 = 1 + w + w^2$ است، پس مشتق باید $1 + 2w = 2$ باشد:`,
        en: r`In the one-dimensional example $J = h_1 + h_2 + h_3 = 1 + w + w^2$, so the derivative must be $1 + 2w = 2$:`,
      },
      tex: r`\begin{aligned} \delta_3 &= 1, \quad \delta_2 = 1 + 0.5 \times 1 = 1.5, \quad \delta_1 = 1 + 0.5 \times 1.5 = 1.75 \\ \frac{dJ}{dw} &= \delta_3 h_2 + \delta_2 h_1 + \delta_1 h_0 = 0.5 + 1.5 + 0 = 2 \end{aligned}`,
    },
  ],
  mistakes: [
    {
      id: 'sum-over-time-forgotten',
      text: { fa: r`تنها زیان گام آخر.`, en: r`The loss of the last step alone.` },
      tex: r`gW_{hh,3}`,
      counterExample: {
        fa: r`در مثال یک‌بعدی $1$ می‌دهد، نه $2$: سهم $J_2$ جا مانده است.`,
        en: r`In the one-dimensional example this gives $1$, not $2$: the share of $J_2$ is missing.`,
      },
    },
    {
      id: 'delta-not-accumulated',
      text: {
        fa: r`رابطهٔ بازگشتی بدون سهم گام بعد.`,
        en: r`The recursion without the share of the next step.`,
      },
      tex: r`\delta_i = \psi'(z_i) \odot W_{yh}^{\top} g_{o_i}`,
      counterExample: {
        fa: r`در مثال یک‌بعدی $\delta_2 = 1$ و مشتق $0.5 + 1 = 1.5$ می‌شود، نه $2$. این همان پس‌انتشار بریده در یک گام است.`,
        en: r`In the one-dimensional example $\delta_2 = 1$, and the derivative becomes $0.5 + 1 = 1.5$, not $2$. This is backpropagation truncated after one step.`,
      },
    },
  ],
  remarks: [
    {
      text: {
        fa: r`کلید درست است. آنچه نمی‌گوید هزینه است: اگر هر $gW_{hh,t}$ جدا حساب شود، کار با $T^2$ رشد می‌کند؛ پیمایش پس‌رو با $\delta$ انباشته همان عدد را با $O(T)$ کار می‌دهد. همهٔ کتابخانه‌ها همین کار را می‌کنند.`,
        en: r`The key is right. What it leaves out is the cost: computing each $gW_{hh,t}$ by itself takes work that grows like $T^2$, while the backward sweep with its accumulated $\delta$ gives the same numbers in $O(T)$. Every library does it that way.`,
      },
    },
  ],
  experiments: [
    {
      command: 'hunt',
      shows: {
        fa: 'همین استخراج با یک اشتباه در آن: کدام سطر؟',
        en: 'this derivation with one mistake in it: which line?',
      },
    },
    {
      command: 'derive',
      shows: {
        fa: r`مجموع مسیرها در کنار پیمایش پس‌رو، و مقایسه با تفاضل محدود.`,
        en: r`the sum over paths beside the backward sweep, compared with finite differences`,
      },
    },
    {
      command: 'gradcheck',
      shows: {
        fa: r`همین آزمون برای هر عملی که hw5 با آن آموزش می‌دهد.`,
        en: r`the same test for every operation that hw5 trains with`,
      },
    },
  ],
};
