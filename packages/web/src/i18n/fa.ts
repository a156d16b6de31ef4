import type { FrameKey } from './en.js';

/** The frame's Persian messages. Terms of the field keep their English name in brackets where they first appear. */
export const fa: Readonly<Record<FrameKey, string>> = {
  'app.name': 'آزمایشگاه hw5',
  'app.skip': 'رفتن به نمودار',

  'language.label': 'زبان',
  'language.other': 'English',

  'theme.label': 'پوسته',
  'theme.auto': 'مانند سیستم',
  'theme.light': 'روشن',
  'theme.dark': 'تیره',

  'help.open': 'کلیدها و توضیح‌ها',
  'help.title': 'در این صفحه چه می‌بینید',
  'help.close': 'بستن',
  'help.keys': 'کلیدها (نه هنگام نوشتن)',
  'help.question': 'همین راهنما',
  'help.terms': 'واژه‌ها و نشانه‌ها',
  'help.space': 'پخش، مکث، ادامه',
  'help.r': 'بازگشت به همان آغاز',
  'help.arrows': 'یک گام در امتداد محور زمان',
  'help.bigArrows': 'ده گام با هم',
  'help.ends': 'به آغاز، به پایان',
  'help.n': 'بذر بعدی',
  'help.esc': 'برداشتن سنجاق',
  'help.sections': 'پرش به یک بخش',
  'help.undo': 'واگرد، انجام دوباره',
  'help.settings': 'تنظیم‌ها',

  'drop.here': 'متن یا نقطهٔ وارسی را همین‌جا رها کنید',

  'transport.pause': 'مکث',
  'transport.stop': 'پایان',
  'transport.rewind': 'از نو',
  'transport.rewindHint': 'بازگشت به همان وزن‌های آغازین',
  'transport.play': 'پخش',
  'transport.previous': 'یک گام به عقب',
  'transport.next': 'یک گام به جلو',
  'transport.last': 'به پایان',
  'transport.newSeed': 'بذر بعدی',
  'transport.training': 'آموزش',
  'transport.start': 'آموزش',
  'transport.resume': 'ادامه',

  'controls.open': 'کنترل‌ها',
  'controls.close': 'بستن کنترل‌ها',

  'settings.title': 'تنظیم‌ها',
  'settings.reset': 'همهٔ پیش‌فرض‌ها',

  'setting.language': 'زبان',
  'setting.theme': 'پوسته',
  'setting.latinDigits': 'رقم‌های لاتین',

  'share.link': 'رونوشت پیوند',
  'share.command': 'رونوشت فرمان',
  'share.title': 'هم‌رسانی',
  'share.citation': 'رونوشت ارجاع',
  'share.citationText': 'آزمایشگاه hw5، «{title}»، نسخهٔ {version}، {link} (دیده‌شده در {date}).',
  'share.class': 'پیوندی برای کلاس',
  'share.classHelp': 'هر که آن را باز کند آنچه را پنهان شده نمی‌بیند و آنچه را ثابت مانده نمی‌تواند تغییر دهد.',
  'share.setting': 'تنظیم',
  'share.hide': 'پنهان',
  'share.lock': 'ثابت',
  'share.classLink': 'رونوشت پیوند کلاس',

  'footer.kernel': 'هستهٔ {variant}',
  'footer.memory': '{size} حافظه در کارگر',
  'footer.isolated': 'جداشده از خاستگاه‌های دیگر',
  'footer.notIsolated': 'جدانشده از خاستگاه‌های دیگر (نیازی هم نیست)',
  'footer.noNetwork': 'همهٔ محاسبه‌ها در همین زبانه است؛ هیچ چیز جایی فرستاده نمی‌شود.',

  'status.label': 'وضعیت',
  'status.copied': 'رونوشت شد.',
  'status.copyByHand': 'مرورگر این‌جا اجازهٔ رونوشت نمی‌دهد؛ متن برگزیده شده است، Ctrl+C را بزنید.',
  'status.unknownUrl': 'پیوند تنظیم‌هایی دارد که این نسخه نمی‌شناسد: {names}.',
  'status.badUrl': 'مقدار {name} در پیوند مجاز نیست و پیش‌فرض به کار رفت. {problem}',
  'status.newVersion': 'نسخهٔ تازه‌ای از آزمایشگاه آماده است.',
  'status.loading': 'بار کردن صفحه…',
  'status.loadFailed': 'صفحه باید از همین وبگاه بار شود، ولی نشد. برای تلاش دوباره تازه‌سازی کنید.',
  'status.restarted': 'یک کارگر از کار افتاد و دوباره راه افتاد؛ پرسش از نو پرسیده شد.',
  'status.unknownPage': 'پیوند صفحه‌ای می‌خواهد که این نسخه نمی‌شناسد: {name}.',
  'status.opening': 'کارگر در حال آغاز است…',
  'status.ready': 'آماده: {parameters} پارامتر، هنوز آموزشی انجام نشده.',
  'status.training': 'در حال آموزش.',
  'status.pausing': 'گام جاری تمام می‌شود…',
  'status.paused': 'مکث در گام {step}.',
  'status.hidden': 'مکث در گام {step}، چون زبانه پنهان بود.',
  'status.stopped': 'پایان در گام {step}؛ آموزش از همین‌جا می‌تواند ادامه یابد.',
  'status.done': 'تمام شد: {step} گام در {time}. زیان اعتبارسنجی {validation}.',
  'status.doneNoValidation': 'تمام شد: {step} گام در {time}.',
  'status.rewound': 'بازگشت به گام ۰: وزن‌های آغازینی که بذر {seed} می‌دهد.',
  'status.undone': 'اجرا دوباره در گام {step} است.',
  'status.forked': 'شاخه‌ای تازه از اجرا از گام {step} ادامه می‌دهد.',
  'status.loaded': 'نقطهٔ وارسی گام {step} باز شد؛ آموزش از همان‌جا ادامه می‌یابد.',
  'status.restored': 'از نقطهٔ وارسی گام {step} که در حافظه بود، از سر گرفته شد.',
  'status.restoredFresh': 'از گام ۰ شروع شد: هنوز نقطهٔ وارسی‌ای نگه داشته نشده بود.',
  'status.loadedBare':
    'نقطهٔ وارسی گام {step} باز شد. می‌توان از آن پرسید؛ برای ادامهٔ آموزش، دادهٔ آموزشی‌اش را بدهید.',

  'run.download': 'دریافت نقطهٔ وارسی',
  'run.hash': 'چکیدهٔ وزن‌ها',
  'run.hashNone': 'هنگام مکث نشان داده می‌شود',

  'keep.refused':
    'این مرورگر اجراها را نگه نمی‌دارد (پنجرهٔ خصوصی، یا نبود جا روی دستگاه)؛ نقطهٔ وارسی را دانلود کنید.',
  'keep.unknown': 'اجرای {id} روی این دستگاه نگه داشته نشده است؛ اجرایی تازه ساخته شد.',

  'problem.whole': 'باید عددی درست از {min} تا {max} باشد، ولی {got} است.',
  'problem.number': 'باید عددی از {min} تا {max} باشد، ولی {got} است.',
  'problem.choice': 'باید یکی از این‌ها باشد: {options}، ولی {got} است.',
  'problem.long': 'باید حداکثر {max} نویسه باشد، ولی {got} نویسه است.',
  'problem.form': 'پیش از آموزش باید همهٔ تنظیم‌ها درست باشند؛ نادرست: {names}.',
  'problem.vector': 'باید {min} تا {max} عدد با اندازهٔ حداکثر {limit} باشد، ولی {got} بود.',
  'problem.pairs':
    'باید حداکثر {most} جفت \u2066STEP=VALUE\u2069 با گام‌های صعودی و مقدارهایی از {min} تا {max} باشد، ولی {got} بود.',
  'problem.matrix':
    'باید حداکثر {rows} سطر از {columns} عدد با اندازهٔ حداکثر {limit} و سطرهای هم‌طول باشد، ولی {got} بود.',

  'error.action.restart': 'از سر گرفتن از گام {step}',
  'error.action.restartFresh': 'شروع از گام ۰',
  'error.action.rewind': 'از نو',
  'error.action.undo': 'بازگرداندن',
  'error.lost':
    'کارگری که آموزش می‌داد از کار افتاد (شاید حافظهٔ مرورگر تمام شده است). آخرین نقطهٔ وارسی در حافظه از گام {step} است.',
  'error.lostFresh': 'کارگری که آموزش می‌داد پیش از نگه‌داشتن نقطهٔ وارسی از کار افتاد.',
  'error.diverged':
    'زیان در گام {step}، در {tensor}، دیگر عددی متناهی نبود. نرخ یادگیری کوچک‌تری را بیازمایید.',
  'error.divergedPlain': 'زیان یا گرادیان دیگر عددی متناهی نبود. نرخ یادگیری کوچک‌تری را بیازمایید.',
  'error.checkpoint':
    'باید نقطهٔ وارسی‌ای باشد که این صفحه یا برنامهٔ خط فرمان نوشته است؛ این پرونده به کار نمی‌آید.',
  'error.data': 'این متن به کار نمی‌آید.',
  'error.shortText':
    'بخش آموزشی متن باید برای پنجره‌ای به درازای {needed} نویسه بس باشد، ولی {got} نویسه است؛ متن بیشتری بدهید یا پنجره یا جریان‌ها را کوچک‌تر کنید.',
  'error.prompt': 'آغاز متن باید از نویسه‌هایی باشد که در متن آموزشی هست، ولی این را دارد: {got}.',
  'error.argument': 'یکی از تنظیم‌ها بیرون از بازهٔ مجاز است.',
  'error.memory': 'برای مدل باید حافظه باشد، ولی حافظه‌ای نمانده است. واحدهای پنهان یا جریان‌ها را کمتر کنید.',
  'error.kernel': 'هستهٔ محاسبه باید در این مرورگر بار شود، ولی نشد.',
  'error.internal': 'این اشتباه از ماست؛ لطفاً گزارش کنید.',
  'error.unknown': 'چیزی درست پیش نرفت.',
  'error.tooLarge': 'متن باید حداکثر {max} باشد، ولی {got} است ({name}).',
  'error.checkpointTooLarge': 'نقطهٔ وارسی باید حداکثر {max} باشد، ولی {got} است ({name}).',
  'error.notText':
    'پروندهٔ رهاشده باید متن UTF-8 یا نقطهٔ وارسی \u2066.safetensors\u2069 باشد، ولی {name} هیچ‌کدام نیست ({got}).',
  'error.emptyFile': 'پرونده نباید خالی باشد، ولی {name} صفر بایت است.',
  'error.unreadable': 'پروندهٔ {name} باید خواندنی باشد، ولی مرورگر نتوانست آن را بخواند.',
  'error.manyFiles': 'هر بار یک پرونده: {got} پرونده رها شد.',
  'error.nothingDropped': 'باید متن یا پرونده‌ای رها شود، ولی هیچ‌کدام نبود.',
  'error.action.reload': 'تازه‌سازی',
  'error.allDone': 'هر {steps} گام انجام شده است: برای ادامه، تعداد گام‌ها را بیشتر کنید یا از نو آغاز کنید.',
  'error.needsSource':
    'این نقطهٔ وارسی بدون داده باز شده است: دادهٔ آموزشی آن را بدهید، یا برای ساختن مدلی تازه «از نو» را بزنید.',
  'error.otherSource': 'داده باید همان باشد که نقطهٔ وارسی با آن آموزش دیده است.',

  'menu.label': 'صفحه‌ها',

  'undo.undo': 'پس گرفتن تغییر',
  'undo.redo': 'انجام دوبارهٔ تغییر',

  'mode.label': 'حالت',
  'mode.explore': 'کاوش',
  'mode.predict': 'پیش‌بینی',
  'mode.prove': 'اثبات',
  'mode.explore.help': 'همه‌چیز دیده می‌شود و بی‌درنگ تغییر می‌کند.',
  'mode.predict.help': 'نتیجه تا وقتی پاسخ خود را نداده‌اید پنهان می‌ماند.',
  'mode.prove.help': 'صفحه خودش را می‌آزماید و می‌گوید چه یافته است.',

  'score.tally': '{points} از {answers} درست',

  'proof.passed': 'ثابت شد',
  'proof.failed': 'چنین نیست',

  'figure.twin': 'عددها در جدول، و پرونده‌ها',

  'answer.choose': 'پاسخ شما (شاید چند گزینه درست باشد)',
  'answer.type': 'پاسخ شما: عدد، فرمول به صورت متن، LaTeX یا کد، یا چند جمله',
  'answer.check': 'بسنج',

  'verdict.right': 'درست است.',
  'verdict.wrong': 'درست نیست.',
  'verdict.understood': 'این‌گونه خوانده شد:',
  'verdict.example': 'موردی که در آن از کار می‌افتد:',
  'verdict.unread': 'این را نمی‌توان همچون پاسخ خواند.',

  'experiment.run': 'آموزش و مقایسه',
  'experiment.running': '{percent}٪ انجام شد',
  'experiment.mean': 'میانگین',
  'experiment.spread': 'انحراف معیار',
  'experiment.seed': 'بذر {seed}',
  'experiment.row': 'مدل',
  'experiment.bars': '{metric}. میله: میانگین روی {seeds} بذر؛ خط: یک انحراف معیار؛ نقطه: هر بذر.',
  'experiment.holds': 'همان‌گونه که گفته شد:',
  'experiment.fails': 'نه آن‌گونه که گفته شد:',

  'honest.computed': 'هم‌اکنون حساب شد',
  'honest.precomputed': 'از پیش حساب شده',
  'honest.illustrative': 'نمایشی، بدون محاسبه',
  'honest.computed.help': 'این عدد در همین زبانه و از روی آنچه روی صفحه است حساب شد.',
  'honest.precomputed.help': 'این عدد پیش‌تر حساب شده و همراه صفحه آمده است.',
  'honest.illustrative.help': 'این فقط یک ایده را نشان می‌دهد و چیزی برایش حساب نشده است.',

  'field.locked': 'این پیوند آن را ثابت نگه داشته است.',
};
