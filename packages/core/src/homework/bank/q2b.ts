import type { Question } from './types.js';

const r = String.raw;

/** The gradient at an earlier state. */
export const q2b: Question = {
  id: 'q2b',
  label: { fa: '۲ (ب)', en: '2b' },
  title: { fa: 'گرادیان در حالت‌های پیشین', en: 'The gradient at an earlier state' },
  prompt: {
    fa: r`مقدار $\frac{\partial J_t}{\partial o_t}$ را در متغیر $g_{o_t}$ ذخیره می‌کنید. $\frac{\partial J_t}{\partial h_i}$ را برای یک $i$ دلخواه، $i \in [1, 3]$، محاسبه کنید. پاسخ خود را بر حسب $g_{o_t}$ و متغیرهای ذکرشده بنویسید.`,
    en: r`You keep $\frac{\partial J_t}{\partial o_t}$ as $g_{o_t}$. Compute $\frac{\partial J_t}{\partial h_i}$ for any $i \in [1, 3]$, in terms of $g_{o_t}$ and the variables above.`,
  },
  given: [],
  options: [],
  key: {
    text: {
      fa: r`تنها برای $i \le t$:`,
      en: r`Only for $i \le t$:`,
    },
    tex: r`\frac{\partial J_t}{\partial h_i} = g_{o_t} \times W_{yh} \times W_{hh}^{t-i} = g_{h_t}`,
  },
  answer: {
    text: {
      fa: r`به شکل ستونی، با $\psi$ صرف‌نظرشده چنان که پرسش اجازه می‌دهد؛ و برای $i > t$ برابر صفر:`,
      en: r`In column form, with $\psi$ left out as the question allows, and zero for $i > t$:`,
    },
    tex: r`g_h^{(t)}(i) = \frac{\partial J_t}{\partial h_i} = (W_{hh}^{\top})^{t-i} W_{yh}^{\top} g_{o_t} \in \mathbb{R}^4 \quad (i \le t)`,
  },
  steps: [
    {
      text: {
        fa: r`از نزدیک‌ترین حالت آغاز کنید. $o_t = W_{yh} h_t$ خطی است، پس گرادیان با ترانهادهٔ همان ماتریس برمی‌گردد.`,
        en: r`Begin at the nearest state. $o_t = W_{yh} h_t$ is linear, so the gradient returns through the transpose of that matrix.`,
      },
      tex: r`\frac{\partial J_t}{\partial h_t} = W_{yh}^{\top} g_{o_t}, \quad W_{yh}^{\top} \in \mathbb{R}^{4 \times 2},\; g_{o_t} \in \mathbb{R}^2`,
    },
    {
      text: {
        fa: r`یک گام به عقب: $z_{k+1} = W_{hh} h_k + W_{hx} x_{k+1}$ و $h_{k+1} = \psi(z_{k+1})$.`,
        en: r`One step back: $z_{k+1} = W_{hh} h_k + W_{hx} x_{k+1}$ and $h_{k+1} = \psi(z_{k+1})$.`,
      },
      tex: r`\frac{\partial h_{k+1}}{\partial h_k} = D_{k+1} W_{hh}, \quad D_k = \operatorname{diag}(\psi'(z_k))`,
    },
    {
      text: {
        fa: r`پس گرادیان در هر گام به عقب یک بار در ترانهادهٔ این ژاکوبی ضرب می‌شود:`,
        en: r`So with every step back the gradient is multiplied by the transpose of this Jacobian:`,
      },
      tex: r`\frac{\partial J_t}{\partial h_k} = W_{hh}^{\top} D_{k+1} \frac{\partial J_t}{\partial h_{k+1}}`,
    },
    {
      text: {
        fa: r`شکل دقیق برای $i < t$، با عامل‌های $\psi'$ سر جای خود:`,
        en: r`The exact form for $i < t$, with the factors $\psi'$ in their places:`,
      },
      tex: r`\frac{\partial J_t}{\partial h_i} = (W_{hh}^{\top} D_{i+1}) (W_{hh}^{\top} D_{i+2}) \cdots (W_{hh}^{\top} D_t)\, W_{yh}^{\top} g_{o_t}`,
    },
    {
      text: {
        fa: r`اگر $\psi$ همانی گرفته شود همهٔ $D_k$ها ماتریس همانی‌اند و توان $t - i$ به دست می‌آید. برای $t = 3$:`,
        en: r`When $\psi$ is taken to be the identity all $D_k$ are identity matrices and the power $t - i$ remains. For $t = 3$:`,
      },
      tex: r`\begin{aligned} \frac{\partial J_3}{\partial h_3} &= W_{yh}^{\top} g_{o_3} \\ \frac{\partial J_3}{\partial h_2} &= W_{hh}^{\top} W_{yh}^{\top} g_{o_3} \\ \frac{\partial J_3}{\partial h_1} &= W_{hh}^{\top} W_{hh}^{\top} W_{yh}^{\top} g_{o_3} \end{aligned}`,
    },
    {
      text: {
        fa: r`یک مثال یک‌بعدی که تا پایان پرسش ۲ با ماست: $h_k = w h_{k-1} + x_k$ با $w = 0.5$، $h_0 = 0$، $x = (1, 0, 0)$ و $J_t = h_t$. اینجا $g_{o_t} = 1$ و $W_{yh} = 1$.`,
        en: r`An example in one dimension that stays with us through question 2: $h_k = w h_{k-1} + x_k$ with $w = 0.5$, $h_0 = 0$, $x = (1, 0, 0)$ and $J_t = h_t$. Here $g_{o_t} = 1$ and $W_{yh} = 1$.`,
      },
      tex: r`h = (1, 0.5, 0.25), \quad \frac{\partial J_3}{\partial h_3} = 1, \quad \frac{\partial J_3}{\partial h_2} = 0.5, \quad \frac{\partial J_3}{\partial h_1} = 0.25`,
    },
  ],
  mistakes: [
    {
      id: 'missing-transpose',
      text: {
        fa: 'فراموش کردن ترانهاده در شکل ستونی.',
        en: 'Leaving out the transpose in column form.',
      },
      tex: r`W_{hh}^{t-i} W_{yh}^{\top} g_{o_t}`,
      counterExample: {
        fa: r`با $W_{hh} = \begin{bmatrix} 0 & 1 \\ 0 & 0 \end{bmatrix}$ و $W_{yh}^{\top} g_{o_t} = (1, 0)$، یک گام به عقب گرادیان درست $(0, 1)$ است و بدون ترانهاده $(0, 0)$.`,
        en: r`With $W_{hh} = \begin{bmatrix} 0 & 1 \\ 0 & 0 \end{bmatrix}$ and $W_{yh}^{\top} g_{o_t} = (1, 0)$ the gradient one step back is $(0, 1)$; without the transpose it is $(0, 0)$.`,
      },
    },
    {
      id: 'activation-left-out',
      text: {
        fa: r`کنار گذاشتن $\psi'$ وقتی $\psi$ خطی نیست.`,
        en: r`Leaving out $\psi'$ when $\psi$ is not linear.`,
      },
      tex: r`(W_{hh}^{\top})^{t-i} W_{yh}^{\top} g_{o_t}`,
      counterExample: {
        fa: r`یک‌بعدی با $\psi = \tanh$، $W_{hh} = W_{yh} = g_{o_t} = 1$ و $z_2 = z_3 = 1$: مقدار درست $\frac{\partial J_3}{\partial h_1} = (1 - \tanh^2 1)^2 = 0.1764$ است، نه $1$. محو شدن گرادیان از همین عامل‌هاست.`,
        en: r`In one dimension with $\psi = \tanh$, $W_{hh} = W_{yh} = g_{o_t} = 1$ and $z_2 = z_3 = 1$: the true value is $\frac{\partial J_3}{\partial h_1} = (1 - \tanh^2 1)^2 = 0.1764$, not $1$. These factors are what makes gradients vanish.`,
      },
    },
    {
      id: 'power-off-by-one',
      text: {
        fa: r`یک توان بیشتر، یعنی $t - i + 1$.`,
        en: r`One power too many, $t - i + 1$.`,
      },
      tex: r`(W_{hh}^{\top})^{t-i+1} W_{yh}^{\top} g_{o_t}`,
      counterExample: {
        fa: r`در $i = t$ هنوز از هیچ $W_{hh}$ی نگذشته‌ایم. در مثال یک‌بعدی این فرمول $\frac{\partial J_3}{\partial h_3} = 0.5$ می‌دهد، حال آنکه $J_3 = h_3$ و مشتق $1$ است.`,
        en: r`At $i = t$ no $W_{hh}$ has been crossed yet. In the one-dimensional example this gives $\frac{\partial J_3}{\partial h_3} = 0.5$, but $J_3 = h_3$, so it is $1$.`,
      },
    },
    {
      id: 'future-not-zero',
      text: {
        fa: r`به کار بردن همان فرمول برای $i > t$، با توان منفی.`,
        en: r`Using the formula for $i > t$ as well, with a negative power.`,
      },
      tex: r`(W_{hh}^{\top})^{t-i} W_{yh}^{\top} g_{o_t} \quad (i > t)`,
      counterExample: {
        fa: r`در مثال یک‌بعدی برای $t = 1$ و $i = 3$ فرمول $0.5^{-2} = 4$ می‌دهد؛ اما $J_1 = h_1$ با تغییر $h_3$ تغییر نمی‌کند، پس مشتق $0$ است.`,
        en: r`In the one-dimensional example, $t = 1$ and $i = 3$ would give $0.5^{-2} = 4$; but $J_1 = h_1$ does not change when $h_3$ does, so the derivative is $0$.`,
      },
    },
  ],
  remarks: [
    {
      text: {
        fa: r`کلید شکل سطری را نوشته است: $g_{o_t}$ سطر $1 \times 2$، سپس $2 \times 4$ و $4 \times 4$. این وقتی درست است که همه جا $g$ سطر بماند؛ با بردارهای ستونی پرسش، ترانهادهٔ آن لازم است.`,
        en: r`The key writes the row form: $g_{o_t}$ as a $1 \times 2$ row, then $2 \times 4$ and $4 \times 4$. That is right as long as every $g$ stays a row; with the column vectors of the question its transpose is needed.`,
      },
      tex: r`(g_{o_t}^{\top} W_{yh} W_{hh}^{t-i})^{\top} = (W_{hh}^{\top})^{t-i} W_{yh}^{\top} g_{o_t}`,
    },
    {
      text: {
        fa: r`کلید می‌گوید برای $i > t$ مشتق «تعریف نشده» است. تعریف شده و صفر است: $J_t$ تابع $h_i$های بعدی نیست.`,
        en: r`The key says that the derivative is "not defined" for $i > t$. It is defined, and zero: $J_t$ is not a function of later states.`,
      },
    },
    {
      text: {
        fa: r`عامل‌های $D_k = \operatorname{diag}(\psi'(z_k))$ در کلید نیستند؛ پرسش اجازه داده است. همچنین به جای $1$ در حالت $i = t$ باید ماتریس همانی $4 \times 4$ باشد.`,
        en: r`The factors $D_k = \operatorname{diag}(\psi'(z_k))$ are absent from the key; the question allows it. And the $1$ in its case $i = t$ is the $4 \times 4$ identity matrix.`,
      },
    },
    {
      text: {
        fa: r`نام $g_{h_t}$ در کلید تنها $t$ را نشان می‌دهد، اما مقدارش به $i$ هم بستگی دارد. اینجا $g_h^{(t)}(i)$ می‌نویسیم.`,
        en: r`The key's name $g_{h_t}$ shows only $t$, while the value depends on $i$ too. Here it is written $g_h^{(t)}(i)$.`,
      },
    },
  ],
  experiments: [
    {
      command: 'derive --wrt "h[0]" --at last',
      shows: {
        fa: r`گرادیان $J_3$ نسبت به حالت آغازین، گام به گام، با عامل‌های $\psi'$.`,
        en: r`the gradient of $J_3$ with respect to the first state, step by step, with the factors $\psi'$`,
      },
    },
    {
      command: 'derive --wrt "h[0]" --at last --activation identity',
      shows: {
        fa: r`همان با $\psi$ همانی: تنها توان‌های $W_{hh}^{\top}$ می‌ماند.`,
        en: r`the same with $\psi$ the identity: only powers of $W_{hh}^{\top}$ remain`,
      },
    },
  ],
};
