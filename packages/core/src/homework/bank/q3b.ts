import type { Question } from './types.js';

const r = String.raw;

/** Why argmax attention cannot be trained, and what can. */
export const q3b: Question = {
  id: 'q3b',
  label: { fa: '۳ (ب)', en: '3b' },
  title: { fa: 'آموزش‌پذیری توجه argmax', en: 'Training through an argmax' },
  prompt: {
    fa: 'این انتخاب طراحی (استفاده از argmax) چه تأثیری بر توانایی ما در آموزش مدل‌هایی که از مکانیزم توجه استفاده می‌کنند دارد؟ (راهنمایی: به این فکر کنید که چگونه گرادیان‌ها از لایهٔ آخر به سمت لایهٔ اول شبکه منتقل می‌شوند. آیا می‌توانیم پرس‌وجوها یا کلیدهای خود را طی فرایند آموزش بهبود بخشیم؟)',
    en: 'How does this design (argmax) affect our ability to train models that use attention? (Hint: think of how gradients travel from the last layer to the first. Can queries or keys improve during training?)',
  },
  given: [],
  options: [],
  key: {
    text: {
      fa: 'سه دلیل: مشتق‌ناپذیری، گرادیان تُنُک و نبود نرمی در انتخاب.',
      en: 'Three reasons: it is not differentiable, its gradients are sparse, and its choice has no softness.',
    },
  },
  answer: {
    text: {
      fa: r`پرس‌وجو و کلیدها یاد نمی‌گیرند، اما مقدارها یاد می‌گیرند. وزن‌های argmax تابعی پله‌ای از امتیازها هستند: مشتقشان جز در تساوی‌ها صفر است. پس:`,
      en: r`The query and the keys do not learn; the values still do. The weights of argmax are a step function of the scores, whose derivative is zero everywhere except at ties. So:`,
    },
    tex: r`\frac{\partial o}{\partial s} = 0 \;\Rightarrow\; \frac{\partial J}{\partial q} = 0, \quad \frac{\partial J}{\partial k_i} = 0, \quad \frac{\partial J}{\partial v_i} = p_i\, g_o \quad (p = \operatorname{onehot}(\operatorname{argmax} s))`,
  },
  steps: [
    {
      text: {
        fa: r`خروجی $o = \sum_i p_i v_i$ از دو راه گرادیان برمی‌گرداند: از مقدارها و از وزن‌ها. $g_o$ گرادیان زیان نسبت به $o$ است و $V$ مقدارها را در سطرهایش دارد.`,
        en: r`The output $o = \sum_i p_i v_i$ passes gradients back in two ways, through the values and through the weights. $g_o$ is the gradient of the loss with respect to $o$; $V$ has the values as rows.`,
      },
      tex: r`\frac{\partial J}{\partial v_i} = p_i\, g_o, \quad \frac{\partial J}{\partial s} = \left(\frac{\partial p}{\partial s}\right)^{\top} V g_o, \quad \frac{\partial J}{\partial q} = \sum_i \frac{\partial J}{\partial s_i} k_i, \quad \frac{\partial J}{\partial k_i} = \frac{\partial J}{\partial s_i}\, q`,
    },
    {
      text: {
        fa: r`در argmax تغییر کوچک امتیازها برنده را عوض نمی‌کند، پس $\frac{\partial p}{\partial s} = 0$ و از راه دوم چیزی برنمی‌گردد. در نقطهٔ تساوی $p$ می‌پرد و مشتق ندارد.`,
        en: r`With argmax a small change of the scores does not change the winner, so $\frac{\partial p}{\partial s} = 0$ and nothing returns the second way. At a tie $p$ jumps and has no derivative.`,
      },
    },
    {
      text: {
        fa: r`در softmax ژاکوبی صفر نیست، پس هر امتیازی گرادیان می‌گیرد. $T$ دماست و $p = \operatorname{softmax}(s / T)$.`,
        en: r`With softmax the Jacobian is not zero, so every score receives a gradient. $T$ is the temperature and $p = \operatorname{softmax}(s / T)$.`,
      },
      tex: r`\frac{\partial p}{\partial s} = \frac{1}{T} \left(\operatorname{diag}(p) - p p^{\top}\right)`,
    },
    {
      text: {
        fa: r`درمان ۱، softmax با دما: آموزش را با $T$ بزرگ آغاز و کم‌کم آن را کوچک کنید. دقیق و بی‌نویز است؛ اما با $T$ بسیار کوچک باز گرادیان محو می‌شود.`,
        en: r`Remedy 1, softmax with a temperature: begin with a large $T$ and lower it. Exact and free of noise; but as $T$ becomes very small the gradient fades again.`,
      },
    },
    {
      text: {
        fa: r`درمان ۲، straight-through: در رفت همان انتخاب سخت، در برگشت ژاکوبی softmax. کم‌هزینه و بی‌نویز اما اریب است: این گرادیانِ تابعی نیست که اجرا شده است.`,
        en: r`Remedy 2, straight-through: the hard choice forward, the Jacobian of softmax backward. Cheap and free of noise, but biased: it is not the gradient of what was run.`,
      },
    },
    {
      text: {
        fa: r`درمان ۳، Gumbel-softmax: به امتیازها نویز گامبل بیفزایید و softmax بگیرید. بزرگ‌ترین امتیاز نویزدار درست با احتمال softmax انتخاب می‌شود؛ برای $T > 0$ نسبت به انتخاب سخت اریب است و هر چه $T$ کوچک‌تر، واریانس بیشتر.`,
        en: r`Remedy 3, Gumbel-softmax: add Gumbel noise to the scores and take a softmax. The largest noisy score is drawn exactly with the probabilities of softmax; for $T > 0$ it is biased as a model of the hard choice, and the smaller $T$, the larger its variance.`,
      },
      tex: r`p = \operatorname{softmax}\left(\frac{s + g}{T}\right), \quad g_i = -\log(-\log u_i), \quad u_i \sim U(0, 1)`,
    },
    {
      text: {
        fa: r`درمان ۴، REINFORCE: یک کلید را با احتمال $p$ نمونه بگیرید. نااریب است اما واریانس زیادی دارد؛ کم کردن یک خط مبنا $b$ آن را کاهش می‌دهد.`,
        en: r`Remedy 4, REINFORCE: draw one key with probability $p$. Unbiased, but of large variance; subtracting a baseline $b$ lowers it.`,
      },
      tex: r`\frac{\partial}{\partial s} E[J] = E\left[(J - b) \frac{\partial \log p_i}{\partial s}\right]`,
    },
    {
      text: {
        fa: r`درمان ۵، sparsemax و entmax: وزن‌های صفر واقعی می‌دهند و روی تکیه‌گاه مشتق دارند. برای sparsemax با $u_i = 1$ اگر $p_i > 0$ و گرنه $0$:`,
        en: r`Remedy 5, sparsemax and entmax: weights that are exactly zero, and a derivative on the support. For sparsemax, with $u_i = 1$ where $p_i > 0$ and $0$ elsewhere:`,
      },
      tex: r`\frac{\partial p}{\partial s} = \operatorname{diag}(u) - \frac{u u^{\top}}{\sum_i u_i}`,
    },
  ],
  mistakes: [
    {
      id: 'nothing-learns',
      text: {
        fa: 'گفتن اینکه «هیچ چیز یاد نمی‌گیرد».',
        en: 'Saying that nothing learns at all.',
      },
      counterExample: {
        fa: r`در پرسش ۳ الف وزن مقدار چهارم $1$ است، پس $\frac{\partial J}{\partial v_3} = g_o$: مقدار برنده، و هر چه پیش از آن است، آموزش می‌بیند.`,
        en: r`In question 3a the fourth value has weight $1$, so $\frac{\partial J}{\partial v_3} = g_o$: the winning value, and whatever produced it, is trained.`,
      },
    },
    {
      id: 'only-slower',
      text: {
        fa: 'گفتن اینکه «یادگیری تنها کندتر می‌شود».',
        en: 'Saying that learning only becomes slower.',
      },
      counterExample: {
        fa: r`در پرسش ۳ الف هر امتیاز را $0.1$ کم یا زیاد کنید: خروجی همان $(6, 1, 2)$ می‌ماند. گرادیان کوچک نیست، درست صفر است؛ با هیچ تعداد گام جابه‌جا نمی‌شود.`,
        en: r`In question 3a, move any score by $0.1$: the output stays $(6, 1, 2)$. The gradient is not small but exactly zero; no number of steps moves anything.`,
      },
    },
    {
      id: 'subgradient',
      text: {
        fa: 'گفتن اینکه «مثل ReLU یا max، زیرگرادیان دارد».',
        en: 'Saying that it has a subgradient, like ReLU or max.',
      },
      counterExample: {
        fa: r`تابع max پیوسته است و شکستگی دارد؛ انتخاب argmax ناپیوسته است. با امتیازهای $(3, 3 + \varepsilon)$ و $(3, 3 - \varepsilon)$ وزن‌ها $(0, 1)$ و $(1, 0)$ هستند، هر چقدر هم $\varepsilon$ کوچک باشد.`,
        en: r`The function max is continuous with a kink; the choice argmax is not continuous. For scores $(3, 3 + \varepsilon)$ and $(3, 3 - \varepsilon)$ the weights are $(0, 1)$ and $(1, 0)$, however small $\varepsilon$ is.`,
      },
    },
  ],
  remarks: [
    {
      text: {
        fa: r`کلید می‌گوید argmax «گرادیان ندارد». دقیق‌تر: جز در تساوی‌ها گرادیان دارد و صفر است. همین صفر بودن، نه تعریف نشدن، جلو یادگیری $q$ و $k$ را می‌گیرد.`,
        en: r`The key says that argmax has no gradient. More exactly: it has one except at ties, and it is zero. It is this zero, and not a missing definition, that keeps $q$ and $k$ from learning.`,
      },
    },
    {
      text: {
        fa: r`کلید می‌گوید گرادیان‌ها «تُنُک» و همگرایی «کندتر» است. برای $q$ و $k$ گرادیان همیشه صفر است و همگرایی‌ای در کار نیست. تُنُک بودن وصف گرادیان مقدارهاست: تنها مقدار برنده گرادیان می‌گیرد.`,
        en: r`The key calls the gradients sparse and convergence slower. For $q$ and $k$ they are always zero, and there is no convergence to speak of. Sparse describes the gradient of the values: only the winner receives one.`,
      },
    },
    {
      text: {
        fa: r`sparsemax هم درمان همیشگی نیست. با امتیازهای پرسش ۳ الف در $T = 1$ وزنش $(0, 0, 0, 1)$ و ژاکوبی‌اش صفر است، چون فاصلهٔ دو امتیاز نخست، $6 - 3 = 3$، از $T$ کمتر نیست. در $T = 4$ وزن‌ها $(0, 0.125, 0, 0.875)$ می‌شوند و گرادیان برمی‌گردد. entmax با $\alpha = 1.5$ در $T > 1.5$ به کار می‌افتد.`,
        en: r`Sparsemax is no cure by itself either. On the scores of question 3a at $T = 1$ its weights are $(0, 0, 0, 1)$ and its Jacobian is zero, since the gap of the two largest scores, $6 - 3 = 3$, is not less than $T$. At $T = 4$ the weights are $(0, 0.125, 0, 0.875)$ and the gradient is back. Entmax with $\alpha = 1.5$ works where $T > 1.5$.`,
      },
    },
    {
      text: {
        fa: r`درایهٔ نخست همهٔ مقدارها $6$ است. چون وزن‌ها جمعاً ۱ هستند، این درایهٔ خروجی همیشه $6$ است و حتی با softmax هم گرادیانی به امتیازها نمی‌رساند.`,
        en: r`The first entry of every value is $6$. Since weights add up to 1, that entry of the output is always $6$, and even with softmax it passes no gradient to the scores.`,
      },
    },
  ],
  experiments: [
    {
      command: 'experiment argmax',
      shows: {
        fa: 'پرس‌وجو و کلیدها با argmax از جا نمی‌جنبند و با هر درمان یاد می‌گیرند؛ اریبی و واریانس هر برآوردگر.',
        en: 'with argmax query and keys stand still, with each remedy they learn; bias and variance of every estimator',
      },
    },
    {
      command: 'attend --mode argmax --temperature-sweep',
      shows: {
        fa: 'ژاکوبی در هر دما صفر است.',
        en: 'a Jacobian of zeros at every temperature',
      },
    },
    {
      command: 'attend --mode straight-through --temperature 2',
      shows: {
        fa: 'رفت سخت و برگشت نرم در کنار هم.',
        en: 'the hard forward pass beside the soft backward pass',
      },
    },
    {
      command: 'attend --mode gumbel --seed 1 --temperature 2',
      shows: { fa: 'یک نمونهٔ گامبل با نویزش.', en: 'one Gumbel sample with its noise' },
    },
    {
      command: 'attend --mode sparsemax --temperature 4',
      shows: { fa: 'صفرهای واقعی و گرادیان ناصفر.', en: 'exact zeros and a gradient that is not' },
    },
    {
      command: 'attend --mode entmax15 --temperature-sweep',
      shows: {
        fa: 'میان softmax و sparsemax.',
        en: 'between softmax and sparsemax',
      },
    },
  ],
};
