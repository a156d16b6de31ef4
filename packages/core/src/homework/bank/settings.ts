/** What the parts of a question share. */
import type { Step } from './types.js';

const r = String.raw;

export const q1Setting: Step = {
  text: {
    fa: 'پاسخ صحیح را انتخاب کنید و دلیل انتخاب خود را به طور مختصر توضیح دهید. ممکن است سؤالی چند پاسخ صحیح داشته باشد.',
    en: 'Choose the right answer and explain your choice briefly. A question may have several right answers.',
  },
};

export const q2Setting: Step = {
  text: {
    fa: r`هدف آشنایی با backpropagation در شبکه‌های بازگشتی و به دست آوردن $\frac{dJ}{dW_{hh}}$ است. در روابط زیر $\sigma$ تابع softmax و $\psi$ تابع فعال‌سازی است (از در نظر گرفتن آن‌ها در محاسبات خود صرف نظر کنید).`,
    en: r`The aim is to get to know backpropagation in recurrent networks and to find $\frac{dJ}{dW_{hh}}$. Below, $\sigma$ is softmax and $\psi$ the activation function (you may leave them out of your calculation).`,
  },
  tex: r`\begin{aligned} z_t &= W_{hh} h_{t-1} + W_{hx} x_t \\ h_t &= \psi(z_t) \\ o_t &= W_{yh} h_t \\ \hat{y}_t &= \sigma(o_t) \\ J &= -\sum_{t=1}^{3} \sum_{i=1}^{2} y_{t,i} \log \hat{y}_{t,i} \\ x_t &\in \mathbb{R}^3, \quad h_t \in \mathbb{R}^4, \quad y_t, \hat{y}_t \in \mathbb{R}^2 \\ W_{hx} &\in \mathbb{R}^{4 \times 3}, \quad W_{hh} \in \mathbb{R}^{4 \times 4}, \quad W_{yh} \in \mathbb{R}^{2 \times 4} \end{aligned}`,
};

export const q3Setting: Step = {
  text: {
    fa: 'نسخه‌ای فرضی از attention به نام argmax را تصور کنید که دقیقاً مقدار متناظر با کلیدی را که بیشترین شباهت به پرس‌وجو را دارد برمی‌گرداند؛ شباهت با ضرب داخلی اندازه‌گیری می‌شود.',
    en: 'Imagine an attention named argmax that returns exactly the value of the key most similar to the query; similarity is the inner product.',
  },
};

export const q4Setting: Step = {
  text: {
    fa: 'بخش عملی در یک نوت‌بوک جداگانه آمده است.',
    en: 'The practical part is in a notebook of its own.',
  },
};
