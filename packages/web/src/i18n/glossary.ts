/** Terms of the field: how each language calls it, and what it means. `[[id]]` or `[[id|shown]]` in a page's words refers to one. */
import type { Language } from './format.js';

export interface GlossaryEntry {
  readonly name: Readonly<Record<Language, string>>;
  readonly meaning: Readonly<Record<Language, string>>;
}

const term = (en: string, fa: string, enMeaning: string, faMeaning: string): GlossaryEntry => ({
  name: { en, fa },
  meaning: { en: enMeaning, fa: faMeaning },
});

export const glossary = {
  rnn: term(
    'recurrent network',
    'شبکهٔ بازگشتی',
    'A network that reads a sequence step by step and carries a hidden state from each step to the next.',
    'شبکه‌ای که دنباله را گام‌به‌گام می‌خواند و حالت پنهان را از هر گام به گام بعد می‌برد.',
  ),
  hidden: term(
    'hidden state',
    'حالت پنهان',
    'The vector h that a recurrent network remembers: all it knows about what it has read.',
    'بردار h که شبکهٔ بازگشتی به یاد می‌سپارد: هر آنچه دربارهٔ خوانده‌هایش می‌داند.',
  ),
  lstm: term(
    'LSTM',
    'LSTM',
    'A recurrent cell with a second memory c, which gates write, keep and read.',
    'یاختهٔ بازگشتی با حافظهٔ دوم c که دروازه‌ها در آن می‌نویسند، آن را نگه می‌دارند و از آن می‌خوانند.',
  ),
  gru: term(
    'GRU',
    'GRU',
    'A recurrent cell with two gates: how much to renew, and how much of the past to use for it.',
    'یاختهٔ بازگشتی با دو دروازه: چه اندازه نو شود و برای آن چه اندازه از گذشته به کار رود.',
  ),
  gate: term(
    'gate',
    'دروازه',
    'Numbers between 0 and 1 that multiply a vector: 0 closes, 1 lets through.',
    'عددهایی میان ۰ و ۱ که در یک بردار ضرب می‌شوند: ۰ می‌بندد و ۱ می‌گذراند.',
  ),
  gradient: term(
    'gradient',
    'گرادیان',
    'How the loss changes when each number is changed a little.',
    'اینکه زیان با تغییر اندک هر عدد چگونه تغییر می‌کند.',
  ),
  bptt: term(
    'backpropagation through time',
    'پس‌انتشار در زمان',
    'Backpropagation in the network unrolled over its steps; a weight used at each step gathers one term from each.',
    'پس‌انتشار در شبکه‌ای که در امتداد گام‌هایش باز شده است؛ وزنی که در هر گام به کار می‌رود از هر گام یک جمله می‌گیرد.',
  ),
  jacobian: term(
    'Jacobian',
    'ژاکوبی',
    'The matrix of the derivatives of each output by each input.',
    'ماتریس مشتق هر خروجی نسبت به هر ورودی.',
  ),
  finiteDifference: term(
    'finite difference',
    'تفاضل متناهی',
    'A derivative from two values of the function: (f(x + ε) − f(x − ε)) / 2ε.',
    'مشتقی از روی دو مقدار تابع: (f(x + ε) − f(x − ε)) / 2ε.',
  ),
  loss: term(
    'loss',
    'زیان',
    'The number that training makes small: how far the answers are from the right ones.',
    'عددی که آموزش آن را کوچک می‌کند: فاصلهٔ پاسخ‌ها از پاسخ درست.',
  ),
  crossEntropy: term(
    'cross-entropy',
    'آنتروپی متقاطع',
    'The mean of −ln of the probability that the right answer got, in nats.',
    'میانگین ‎−ln احتمالی که پاسخ درست گرفته است، بر حسب نت (nat).',
  ),
  perplexity: term(
    'perplexity',
    'سرگشتگی',
    'e to the cross-entropy: among how many equally likely choices the model is undecided.',
    'e به توان آنتروپی متقاطع: مدل میان چند انتخاب هم‌احتمال مردد است.',
  ),
  languageModel: term(
    'language model',
    'مدل زبانی',
    'A model that gives the next token a probability, given those before it.',
    'مدلی که به نشانهٔ بعدی، با دانستن نشانه‌های پیش از آن، احتمال می‌دهد.',
  ),
  token: term(
    'token',
    'نشانه',
    'One piece of a sequence: a character, a word or a part of one.',
    'یک تکه از دنباله: یک نویسه، یک واژه یا بخشی از آن.',
  ),
  embedding: term(
    'embedding',
    'بردار نهفته',
    'The vector that stands for a token; it is learnt.',
    'برداری که به جای یک نشانه می‌نشیند و آموخته می‌شود.',
  ),
  softmax: term(
    'softmax',
    'بیشینهٔ هموار',
    'Turns scores into probabilities: e to each, divided by their sum.',
    'امتیازها را به احتمال بدل می‌کند: e به توان هر یک، تقسیم بر مجموع آن‌ها.',
  ),
  argmax: term('argmax', 'جای بیشینه', 'The index of the largest value.', 'شمارهٔ بزرگ‌ترین مقدار.'),
  attention: term(
    'attention',
    'توجه',
    'Scores of a query against keys become weights; the output is the weighted sum of the values.',
    'امتیاز پرس‌وجو با کلیدها به وزن بدل می‌شود؛ خروجی، مجموع وزن‌دار مقدارهاست.',
  ),
  query: term(
    'query',
    'پرس‌وجو',
    'The vector that asks: it is compared with each key.',
    'برداری که می‌پرسد: با هر کلید سنجیده می‌شود.',
  ),
  key: term('key', 'کلید', 'The vector by which a value is found.', 'برداری که مقدار با آن پیدا می‌شود.'),
  value: term(
    'value',
    'مقدار',
    'The vector that attention passes on, weighted.',
    'برداری که توجه آن را با وزن می‌گذراند.',
  ),
  temperature: term(
    'temperature',
    'دما',
    'Scores are divided by it before the softmax: near 0 the largest takes all, high values make all alike.',
    'امتیازها پیش از بیشینهٔ هموار بر آن تقسیم می‌شوند: نزدیک ۰ بزرگ‌ترین همه را می‌گیرد و مقدار زیاد همه را یکسان می‌کند.',
  ),
  seed: term(
    'seed',
    'بذر',
    'The number from which all chance follows: same seed, same numbers.',
    'عددی که همهٔ اتفاق‌ها از آن پیروی می‌کنند: بذر یکسان، عددهای یکسان.',
  ),
  epoch: term('epoch', 'دور', 'One pass over the training data.', 'یک بار گذر از دادهٔ آموزشی.'),
  batch: term(
    'batch',
    'دسته',
    'The examples whose mean gradient makes one step.',
    'نمونه‌هایی که میانگین گرادیانشان یک گام می‌سازد.',
  ),
  learningRate: term(
    'learning rate',
    'نرخ یادگیری',
    'How far a step goes along the gradient.',
    'اینکه یک گام چه اندازه در راستای گرادیان می‌رود.',
  ),
  clipping: term(
    'gradient clipping',
    'برش گرادیان',
    'A gradient longer than a limit is shortened to it, so that one step cannot ruin everything.',
    'گرادیان بلندتر از یک حد تا آن کوتاه می‌شود تا یک گام نتواند همه‌چیز را خراب کند.',
  ),
  bidirectional: term(
    'bidirectional',
    'دوسویه',
    'Two networks, one reading forwards, one backwards: each output sees the whole sequence.',
    'دو شبکه که یکی رو به جلو و دیگری رو به عقب می‌خواند: هر خروجی همهٔ دنباله را می‌بیند.',
  ),
  encoderDecoder: term(
    'encoder-decoder',
    'رمزگذار-رمزگشا',
    'One network reads the source into states, another writes the answer from them.',
    'یک شبکه مبدأ را به حالت‌ها می‌خواند و شبکه‌ای دیگر پاسخ را از روی آن‌ها می‌نویسد.',
  ),
  vanishing: term(
    'vanishing gradient',
    'محو گرادیان',
    'A product of many factors smaller than 1: what is far back has no influence on the weights any more.',
    'حاصل‌ضرب عامل‌های بسیارِ کوچک‌تر از ۱: آنچه دور است دیگر بر وزن‌ها اثری ندارد.',
  ),
  straightThrough: term(
    'straight-through estimator',
    'برآوردگر گذر مستقیم',
    'Forward the hard choice, backward the gradient of the soft one.',
    'رو به جلو انتخاب سخت و رو به عقب گرادیان انتخاب نرم.',
  ),
  checkpoint: term(
    'checkpoint',
    'نقطهٔ وارسی',
    'A file with the whole state of a run, from which it goes on as if nothing had happened.',
    'پرونده‌ای با همهٔ حالت یک اجرا که از آن، گویی چیزی نشده، ادامه می‌یابد.',
  ),
} as const satisfies Readonly<Record<string, GlossaryEntry>>;

export type TermId = keyof typeof glossary;

export const isTerm = (id: string): id is TermId => Object.hasOwn(glossary, id);
