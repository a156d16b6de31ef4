/** The first page in English, the source of its keys. */
export const en = {
  'page.title': 'The homework, question by question',

  'home.loading': 'Loading the questions…',
  'home.ready': 'Ten questions: answer them, have them checked, see them proved.',
  'home.marks': '{count} marks',
  'home.setting': 'What the parts share',

  'story.title': 'Start here',
  'story.lead':
    'These are the questions of a homework on [[rnn|recurrent networks]] and [[attention]]. Each has an answer that can be *checked*, a reason, and a page of this lab on which you can see it hold and watch it fail.',
  'story.router':
    'Paste a question as it stands, or your own answer. The lab finds where it belongs, in English or Persian, and an answer is judged: what is wrong with it, and a case in which it fails.',
  'story.router.plain':
    'Finds the question that a text is about, or judges the text as an answer; in English or Persian.',
  'story.try': 'Try it',
  'story.try.question': '((question|A question in your own words))',
  'story.try.answer': '((answer|A formula, as the answer key writes it))',
  'story.try.wrong': '((wrong|A wrong result: which slip does it look like?))',
  'story.proof':
    'In the mode *Predict* answers stay hidden until you have given your own. What you have answered is remembered on this device only.',

  'router.title': 'Ask, or have an answer checked',
  'router.label':
    'A question or an answer, typed or pasted, e.g. “2b: …”. Enter sends it, Shift+Enter begins a line.',
  'router.go': 'Find or check',
  'router.clear': 'Clear',
  'router.nothing':
    'Nothing in this text points to a question of the homework. Try its words, its number such as 2b, or an answer.',
  'router.question': 'This asks about:',
  'router.answer': 'This reads as an answer to:',
  'router.share': '{percent} % of its weight',
  'router.words': 'Words that say so:',

  'card.proof': 'Run the proof',
  'card.secret': 'The answer is shown when you have given yours.',
  'card.answer': 'Answer',
  'card.why': 'Why',
  'card.key': 'The answer key, and where it is inexact',
  'card.terminal': 'In a terminal',
  'card.export': 'Take it along',
  'card.text': 'Text (Markdown)',

  'do.q1a': 'In a minute: drop speech recognition into the many-to-one socket and see what it cannot do.',
  'do.q1b': 'In a minute: train both networks on such a cat and compare them over five seeds.',
  'do.q1c':
    'In a minute: move the caret and read $P(y_t \\mid y_1, \\dots, y_{t-1})$ off a model trained before your eyes.',
  'do.q2a': 'In a minute: check the gradient at the output by three methods that know nothing of each other.',
  'do.q2b': 'In a minute: follow the paths back to the first state; each step is one more factor.',
  'do.q2c': 'In a minute: see one outer product for each step, and why the first one is zero.',
  'do.q2d': 'In a minute: add the paths up and watch finite differences agree.',
  'do.q3a': 'In a minute: fill in the scores by hand, drag the query, and see when the winner changes.',
  'do.q3b': 'In a minute: nudge a score. With argmax nothing moves; with each remedy something does.',
  'do.q4': 'In a minute: train a character model on a text of yours and let it write.',

  'mark.right': 'right',
  'mark.tried': 'not yet right',
  'mark.none': 'open',

  'progress.title': 'Your progress',
  'progress.count': '{right} of {all} answered rightly',
  'progress.device': 'Kept on this device only, by this browser.',
  'progress.forget': 'Forget it',

  'help.proof': 'Opens the page of the lab that shows the answer at work, in the state that shows it.',
} as const;

export type HomeKey = keyof typeof en;
