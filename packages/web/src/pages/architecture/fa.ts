import type { ArchitectureKey } from './en.js';

/** The page about architectures in Persian. */
export const fa: Readonly<Record<ArchitectureKey, string>> = {
  'page.title': 'انتخاب معماری (پرسش‌های ۱ (a) و ۱ (b))',

  'story.title': 'سه پرسش تصمیم می‌گیرند',
  'story.lead':
    'هر وظیفه به کدام [[rnn|شبکهٔ بازگشتی]] نیاز دارد؟ وظیفه‌ای را در جایگاهی بگذارید: گراف پایین همان است که موتور باز می‌کند، و آنچه در برابر یک انتخاب می‌ایستد از روی آن خوانده می‌شود.',
  'story.outputs':
    '*چند خروجی؟* احساس یک خروجی برای کل متن می‌خواهد؛ ((speech|تشخیص گفتار را آنجا بگذارید)) و ببینید چه کم دارد. به شمار ورودی‌ها و به همان ترتیب، جایگاهی دیگر است؛ کمتر ولی به ترتیب، همان جایگاه ((ctc|با هزینهٔ CTC)) است. هر تعداد و به ترتیبی از آنِ خود، ((translation|رمزگشا)) می‌خواهد.',
  'story.future':
    '*آیا آینده به حساب می‌آید؟* ((cat|اخلاق پنبه)) به هوای تا امروز بستگی دارد، پس $P(y_t \\mid x_1, \\dots, x_T) = P(y_t \\mid x_1, \\dots, x_t)$ و ((catBoth|جهت دوم)) تنها او را منتظر می‌گذارد. برچسب یک واژه شاید به واژه‌های پس از آن بند باشد: ((tagging|آنجا دو جهت می‌ارزد)).',
  'story.when':
    '*پاسخ کی باید آماده باشد؟* خط‌کش زودترین لحظه‌ای را نشان می‌دهد که $y_t$ را می‌توان بیرون داد. قاب‌های صدا می‌توانند ((frames|دو قاب دیگر صبر کنند)) بی‌آنکه تا پایان بمانند.',
  'story.leak':
    '[[languageModel|مدل زبانی]]ای که ((leak|از آخر هم می‌خواند)) پاسخ خود، $x_{t+1}$، را می‌بیند: زیانش پایین می‌آید و چیزی یاد نگرفته است. و اینکه یک بردار چگونه خوانده شود می‌گوید گرادیان چه راهی می‌رود: ((last|از آخرین حالت)) یا ((pooling|از میانگین همه)).',

  'controls.title': 'انتخاب',

  'setting.task': 'وظیفه',
  'setting.task.help': 'آنچه باید یاد گرفته شود؛ ویژگی‌هایش تصمیم می‌گیرند.',
  'setting.shape': 'جایگاه',
  'setting.shape.help': 'چند ورودی و چند خروجی هست و آیا هم‌ترازند.',
  'setting.shape.many-to-one': 'چند به یک',
  'setting.shape.one-to-many': 'یک به چند',
  'setting.shape.aligned': 'چند به چند هم‌تراز',
  'setting.shape.encoder-decoder': 'رمزگذار-رمزگشا',
  'setting.bidirectional': 'هر دو جهت',
  'setting.bidirectional.help': 'لایهٔ بازگشتی دومی از پایان به آغاز می‌خواند.',
  'setting.readout': 'خواندن حالت‌ها',
  'setting.readout.help':
    'چگونه از حالت‌ها یک بردار ساخته می‌شود. در رمزگشا، توجه در هر گام آن‌ها را از نو می‌خواند.',
  'setting.readout.last': 'آخرین حالت',
  'setting.readout.mean': 'میانگین همه',
  'setting.readout.max': 'بیشینهٔ همه',
  'setting.readout.attention': 'توجه',
  'setting.loss': 'هزینه',
  'setting.loss.help': 'در هر گام، یا روی همهٔ هم‌ترازی‌های یک خروجی کوتاه‌تر (CTC).',
  'setting.loss.each': 'در هر گام',
  'setting.loss.ctc': 'CTC',
  'setting.wait': 'دیرتر خواندن خروجی',
  'setting.wait.help': 'گام‌های میان یک ورودی و لحظه‌ای که خروجی‌اش خوانده می‌شود، ۰ تا ۵.',
  'setting.inputs': 'ورودی‌ها، T',
  'setting.inputs.help': 'گام‌های ورودی در نقاشی، ۱ تا ۱۲.',
  'setting.outputs': 'خروجی‌ها، S',
  'setting.outputs.help': 'گام‌های خروجی‌ای که طول خودش را دارد، ۱ تا ۱۲.',

  'setting.task.sentiment': 'احساس متن',
  'setting.task.gender': 'جنسیت از گفتار',
  'setting.task.speech': 'تشخیص گفتار',
  'setting.task.live-captions': 'زیرنویس زنده',
  'setting.task.cat-mood': 'اخلاق پنبه',
  'setting.task.language-model': 'مدل زبانی',
  'setting.task.tagging': 'برچسب واژه‌ها',
  'setting.task.frame-labels': 'قاب صدا، دو گام دیرتر',
  'setting.task.anomaly': 'هشدار ناهنجاری',
  'setting.task.translation': 'ترجمه',
  'setting.task.captioning': 'شرح تصویر',

  'sockets.title': 'وظیفه‌ای را در جایگاهی بگذارید',
  'sockets.how': 'کارتی را به جایگاهی بکشید، یا کارت و سپس جایگاه را بزنید.',
  'sockets.tasks': 'وظیفه‌ها',
  'sockets.empty': 'خالی',

  'judge.best': 'مناسب است و چیزی مناسب‌تر از آن نیست.',
  'judge.can': 'می‌شود، اما:',
  'judge.cannot': 'نمی‌شود.',
  'judge.route': 'برای این وظیفه: {name}.',

  'predict.ask': 'جایگاه، جهت‌ها و خواندن حالت‌ها را برای این وظیفه انتخاب کنید و سپس اعلام کنید.',
  'predict.commit': 'انتخاب من همین است',

  'graph.title': 'گراف بازشده',
  'graph.input': 'ورودی x',
  'graph.hidden': 'حالت‌ها',
  'graph.output': 'خروجی y',
  'graph.summary': 'خروجی {y} از {first} تا {last} را می‌بیند: از آنجا مسیرهایی به آن می‌رسد.',
  'graph.leak': 'نشت: {y} باید {next} را پیش‌بینی کند و آن را می‌بیند. مسیری از پاسخ به خروجی هست.',
  'graph.secret': 'آنچه هر خروجی می‌بیند وقتی نشان داده می‌شود که انتخاب خود را اعلام کرده باشید.',
  'graph.choose': 'نگاه به {y}',
  'graph.from': 'از',
  'graph.to': 'به',

  'stage.input': 'ورودی',
  'stage.states': 'حالت‌ها',
  'stage.summary': 'خلاصه',
  'stage.decoder': 'رمزگشا',
  'stage.output': 'خروجی',

  'ruler.title': 'هر خروجی چه می‌بیند و چه زود می‌تواند بیاید',
  'ruler.how':
    'خانهٔ پر: خروجی آن سطر ورودی آن ستون را می‌بیند؛ عدد می‌گوید گرادیان در راه بازگشت از چند یال می‌گذرد. پرچم در زودترین لحظه است: پس از آخرین ورودی‌ای که خروجی منتظرش می‌ماند.',
  'ruler.summary':
    'خروجی {y} را پس از خواندن {last} می‌توان بیرون داد. درازترین راه بازگشت {longest} یال دارد.',
  'ruler.earliest': 'پس از ورودی',

  'question.title': 'پرسش ۱ (a): کدام یک چند به یک است؟',

  'prove.mood': 'اخلاق پنبه از هوای گذشته: یک جهت یا دو جهت؟',
  'prove.mood.lead':
    'هر دو شبکه، با وزن‌هایی کمابیش هم‌شمار، اخلاقی را یاد می‌گیرند که به امروز و دو روز پیش بستگی دارد. پنج بذر.',
  'prove.future': 'اخلاقی که به روزهای آینده بستگی دارد',
  'prove.future.lead': 'همان شبکه‌ها، اما اخلاق به دو روز بعد هم بستگی دارد. پنج بذر.',
  'prove.leak': '«مدل زبانی» دوطرفه نشت دارد',
  'prove.leak.lead':
    'نمادها هم‌احتمال و مستقل‌اند: هیچ مدل درستکاری از حدس بهتر نیست. زیان مدلی را ببینید که از آخر هم می‌خواند. پنج بذر.',
  'proof.passed': '{count} یافته از {of} همان بود که گفته شد، هر کدام با پنج بذر',
  'proof.failed': 'تنها {count} یافته از {of} همان بود که گفته شد',

  'transport.label': 'خروجی‌ها',
  'transport.slider': 'خروجی',

  'status.placed': '{task} در جایگاه {socket}.',
  'status.secret': '{task}: انتخاب با شماست.',

  'help.graph':
    'هر گره یک لایه در یک گام است؛ پیکان از آنچه خوانده می‌شود به خواننده می‌رود. خروجی‌ای را بزنید تا ببینید به چه وابسته است.',
  'help.leak': 'نشت',
  'help.leak.meaning': 'خروجی چیزی را می‌بیند که باید پیش‌بینی کند.',
};
