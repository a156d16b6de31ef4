import type { Question } from './types.js';

const r = String.raw;

/** The gradient of one step's loss with respect to the recurrent weights. */
export const q2c: Question = {
  id: 'q2c',
  label: { fa: '۲ (ج)', en: '2c' },
  title: { fa: 'گرادیان وزن‌ها برای زیان یک گام', en: "The weights' gradient for one step's loss" },
  prompt: {
    fa: r`مقدار $\frac{\partial J_t}{\partial h_i}$ را در متغیر $g_{h_t}$ ذخیره می‌کنید. $\frac{\partial J_t}{\partial W_{hh}}$ را بر حسب $g_{h_t}$ و متغیرهای ذکرشده به دست آورید.`,
    en: r`You keep $\frac{\partial J_t}{\partial h_i}$ as $g_{h_t}$. Find $\frac{\partial J_t}{\partial W_{hh}}$ in terms of $g_{h_t}$ and the variables above.`,
  },
  given: [],
  options: [],
  key: {
    text: { fa: 'مجموع روی گام‌های تا $t$:', en: 'A sum over the steps up to $t$:' },
    tex: r`\frac{\partial J_t}{\partial W_{hh}} = \sum_{i=1}^{t} g_{h_t}(i) \cdot h_{i-1} = gW_{hh,t}`,
  },
  answer: {
    text: {
      fa: r`مجموع ضرب‌های خارجی. با $\psi$ صرف‌نظرشده $g_z = g_h$ است:`,
      en: r`A sum of outer products. With $\psi$ left out, $g_z = g_h$:`,
    },
    tex: r`\frac{\partial J_t}{\partial W_{hh}} = \sum_{i=1}^{t} g_z^{(t)}(i)\, h_{i-1}^{\top} \in \mathbb{R}^{4 \times 4}, \quad g_z^{(t)}(i) = \psi'(z_i) \odot g_h^{(t)}(i)`,
  },
  steps: [
    {
      text: {
        fa: r`$W_{hh}$ در همهٔ گام‌ها یکی است. برای هر گام نسخه‌ای جدا، $W^{(i)}$، در نظر بگیرید؛ مشتق نسبت به $W_{hh}$ مجموع مشتق‌ها نسبت به نسخه‌هاست.`,
        en: r`$W_{hh}$ is the same in every step. Imagine a copy $W^{(i)}$ for each step; the derivative with respect to $W_{hh}$ is the sum of those with respect to the copies.`,
      },
      tex: r`\frac{\partial J_t}{\partial W_{hh}} = \sum_{i=1}^{t} \frac{\partial J_t}{\partial W^{(i)}}, \quad z_i = W^{(i)} h_{i-1} + W_{hx} x_i`,
    },
    {
      text: {
        fa: r`مشتق بی‌واسطهٔ $z_i$ نسبت به نسخهٔ خودش، با ثابت گرفتن $h_{i-1}$: درایهٔ $a$ از $z_i$ تنها به سطر $a$ از وزن‌ها وابسته است.`,
        en: r`The immediate derivative of $z_i$ with respect to its own copy, $h_{i-1}$ held fixed: entry $a$ of $z_i$ depends on row $a$ of the weights only.`,
      },
      tex: r`\frac{\partial z_{i,a}}{\partial W^{(i)}_{bc}} = \delta_{ab}\, h_{i-1,c}`,
    },
    {
      text: {
        fa: r`این یک آرایهٔ سه‌بعدی $4 \times 4 \times 4$ است، اما جمع زدن آن با گرادیان $z_i$ به یک ضرب خارجی ساده می‌رسد: ستون در سطر.`,
        en: r`This is a $4 \times 4 \times 4$ array, but summed against the gradient of $z_i$ it comes down to an outer product: a column times a row.`,
      },
      tex: r`\frac{\partial J_t}{\partial W^{(i)}} = g_z^{(t)}(i)\, h_{i-1}^{\top}`,
    },
    {
      text: {
        fa: r`جملهٔ $i = 1$ در $h_0^{\top}$ ضرب می‌شود، پس با $h_0 = 0$ صفر است. برای $t = 3$ دو جمله می‌ماند:`,
        en: r`The term $i = 1$ is multiplied by $h_0^{\top}$, so it vanishes when $h_0 = 0$. For $t = 3$ two terms remain:`,
      },
      tex: r`\frac{\partial J_3}{\partial W_{hh}} = g_z^{(3)}(3)\, h_2^{\top} + g_z^{(3)}(2)\, h_1^{\top}`,
    },
    {
      text: {
        fa: r`در مثال یک‌بعدی $J_3 = h_3 = w^2$ است، پس مشتق باید $2w = 1$ باشد:`,
        en: r`In the one-dimensional example $J_3 = h_3 = w^2$, so the derivative must be $2w = 1$:`,
      },
      tex: r`1 \times h_2 + 0.5 \times h_1 + 0.25 \times h_0 = 0.5 + 0.5 + 0 = 1`,
    },
  ],
  mistakes: [
    {
      id: 'wrong-state',
      text: { fa: r`$h_i$ به جای $h_{i-1}$.`, en: r`$h_i$ in place of $h_{i-1}$.` },
      tex: r`\sum_{i=1}^{t} g_h^{(t)}(i)\, h_i^{\top}`,
      counterExample: {
        fa: r`در مثال یک‌بعدی $1 \times 0.25 + 0.5 \times 0.5 + 0.25 \times 1 = 0.75$ می‌دهد، نه $1$. وزن، ورودی گام را ضرب می‌کند و ورودی گام $i$ حالت $h_{i-1}$ است.`,
        en: r`In the one-dimensional example this gives $1 \times 0.25 + 0.5 \times 0.5 + 0.25 \times 1 = 0.75$, not $1$. A weight multiplies what enters the step, and $h_{i-1}$ is what enters step $i$.`,
      },
    },
    {
      id: 'last-path-only',
      text: { fa: r`تنها جملهٔ $i = t$.`, en: r`The term $i = t$ alone.` },
      tex: r`g_h^{(t)}(t)\, h_{t-1}^{\top}`,
      counterExample: {
        fa: r`در مثال یک‌بعدی $0.5$ می‌دهد، نه $1$: $h_2$ هم به $w$ وابسته است.`,
        en: r`In the one-dimensional example this gives $0.5$, not $1$: $h_2$ depends on $w$ as well.`,
      },
    },
    {
      id: 'total-derivative',
      text: {
        fa: r`گذاشتن مشتق کامل $\frac{dh_i}{dW_{hh}}$ به جای مشتق بی‌واسطه در مجموع.`,
        en: r`Using the total derivative $\frac{dh_i}{dW_{hh}}$ in the sum in place of the immediate one.`,
      },
      tex: r`\sum_{i=1}^{t} \frac{\partial J_t}{\partial h_i} \frac{dh_i}{dW_{hh}}`,
      counterExample: {
        fa: r`در مثال یک‌بعدی $\frac{dh_3}{dw} = 1$ و $\frac{dh_2}{dw} = 1$ است و مجموع $1 \times 1 + 0.5 \times 1 = 1.5$ می‌شود: مسیرها دو بار شمرده شده‌اند.`,
        en: r`In the one-dimensional example $\frac{dh_3}{dw} = 1$ and $\frac{dh_2}{dw} = 1$, so the sum is $1 \times 1 + 0.5 \times 1 = 1.5$: paths are counted twice.`,
      },
    },
    {
      id: 'inner-product',
      text: { fa: 'ضرب داخلی به جای ضرب خارجی.', en: 'An inner product in place of the outer one.' },
      tex: r`\sum_{i=1}^{t} h_{i-1}^{\top} g_h^{(t)}(i)`,
      counterExample: {
        fa: r`با $g = (1, 0)$ و $h = (0, 1)$ ضرب داخلی عدد $0$ است، حال آنکه ضرب خارجی $\begin{bmatrix} 0 & 1 \\ 0 & 0 \end{bmatrix}$ است: تغییر وزن سطر ۱ و ستون ۲ زیان را تغییر می‌دهد.`,
        en: r`With $g = (1, 0)$ and $h = (0, 1)$ the inner product is the number $0$, while the outer product is $\begin{bmatrix} 0 & 1 \\ 0 & 0 \end{bmatrix}$: the weight in row 1, column 2 does change the loss.`,
      },
    },
  ],
  remarks: [
    {
      text: {
        fa: r`کلید $\frac{\partial h_i}{\partial W_{hh}} = h_{i-1}$ می‌نویسد و آن را در $g_{h_t}(i)$ ضرب می‌کند. هر دو بردار چهارتایی‌اند؛ آنچه مقصود است ضرب خارجی $g_{h_t}(i)\, h_{i-1}^{\top}$ با ابعاد $4 \times 4$ است.`,
        en: r`The key writes $\frac{\partial h_i}{\partial W_{hh}} = h_{i-1}$ and multiplies it by $g_{h_t}(i)$. Both are vectors of four; what is meant is the outer product $g_{h_t}(i)\, h_{i-1}^{\top}$, which is $4 \times 4$.`,
      },
    },
    {
      text: {
        fa: r`مشتق داخل مجموع «بی‌واسطه» است: $h_{i-1}$ ثابت می‌ماند، و گرنه مسیرها تکراری شمرده می‌شوند. کلید این را نمی‌گوید.`,
        en: r`The derivative inside the sum is the immediate one: $h_{i-1}$ is held fixed, or else paths are counted twice. The key does not say so.`,
      },
    },
    {
      text: {
        fa: r`با $\psi$ غیرخطی، $g_h$ باید اول در $\psi'(z_i)$ ضرب شود تا $g_z$ به دست آید؛ این هم در کلید نیست و پرسش اجازه داده است. و با $h_0 = 0$ جملهٔ $i = 1$ صفر است.`,
        en: r`With a non-linear $\psi$, $g_h$ is first multiplied by $\psi'(z_i)$ to give $g_z$; the key leaves this out, as the question allows. And with $h_0 = 0$ the term $i = 1$ is zero.`,
      },
    },
  ],
  experiments: [
    {
      command: 'derive --at last',
      shows: {
        fa: r`همهٔ مسیرهای $J_3$ به $W_{hh}$، سهم هر کدام، و جملهٔ $h_0$ که صفر است.`,
        en: r`every path from $J_3$ to $W_{hh}$ with its share, and the term of $h_0$, which is zero`,
      },
    },
  ],
};
