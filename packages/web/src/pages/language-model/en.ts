/** The page about language models in English, the source of its keys. */
export const en = {
  'page.title': 'What a language model estimates (question 1c)',

  'story.title': 'One bar for each character that may follow',
  'story.lead':
    'A [[languageModel|language model]] has just been trained in this tab, on a few pages of a cat’s diary. Move the caret: the bars are $P(y_t \\mid y_1, \\dots, y_{t-1})$, what it expects next after all that it has read. At ((begin|the beginning of the line)) it knows nothing of it, at ((end|the end)) everything.',
  'story.chain':
    'The product over $t$ is the probability of the line, so training adds up $-\\ln P$: that is the [[crossEntropy|loss]]. The curve under the line is this sum, step by step.',
  'story.perplexity':
    'The [[perplexity]] is the exponential of its mean: among how many equally likely characters the model still chooses. ((again|Train it anew)) and watch: it begins near the number of all characters.',
  'story.free':
    'Below the line that is fed to it ([[token|tokens]] from the text) stands what it writes when it reads its own. ((cold|At temperature 0)) it always takes the likeliest, ((hot|at 2)) it gambles; ((plain|at 1)) it draws from its own distribution. Press a bar to force a character and see another future.',
  'story.index':
    'Books that call the input $x_t = y_{t-1}$ write $P(x_{t+1} \\mid x_1, \\dots, x_t)$: ((index|change the numbering)). And ((alone|without any context)) the corpus can only count characters, which is $P(y_t)$, another thing.',

  'controls.title': 'The line and the model',
  'controls.sampling': 'How it chooses',
  'controls.model': 'The model',
  'controls.unknown': 'Left out, since the model has never read them: {characters}',
  'controls.save': 'Save the corpus',

  'setting.corpus': 'Corpus',
  'setting.corpus.help': 'Which lines of the diary it learns from.',
  'setting.corpus.auto': 'in the language of the page',
  'setting.corpus.en': 'English',
  'setting.corpus.fa': 'Persian',
  'setting.text': 'Line',
  'setting.text.help': 'What the model reads, at most 120 characters; empty: a line of the diary.',
  'setting.temperature': 'Temperature',
  'setting.temperature.help': 'Logits are divided by it; 0 takes the likeliest.',
  'setting.topK': 'Top k',
  'setting.topK.help': 'Only the k likeliest are drawn; 0: all.',
  'setting.topP': 'Top p',
  'setting.topP.help': 'Only the smallest set that reaches p, up to 1.',
  'setting.sampleSeed': 'Seed of the free row',
  'setting.sampleSeed.help': 'Same seed, same text.',
  'setting.context': 'Counted context',
  'setting.context.help': 'How many characters before the caret the count of the corpus looks at, 0 to 12.',
  'setting.index': 'Numbering',
  'setting.index.help': 'Which step the estimate is called after.',
  'setting.index.y': 'y given the y before it',
  'setting.index.x': 'the next x given those read',
  'setting.hidden': 'Hidden units',
  'setting.hidden.help': 'Size of the state, 1 to 512; a change trains anew.',
  'setting.steps': 'Steps',
  'setting.steps.help': 'Training steps, 10 to 5000.',
  'setting.seed': 'Seed of the model',
  'setting.seed.help': 'First weights and order of the data.',

  'training.label': 'Training',
  'training.progress': 'Training: step {step} of {steps}. The bars follow.',

  'line.title': 'The line, fed and free',
  'line.forced': 'fed the line',
  'line.free': 'fed itself',
  'line.chance': 'even odds',
  'line.strips': 'The line character by character',
  'line.step': 'step',
  'line.token': 'character',
  'line.written': 'written alone',
  'line.goStep': 'Step {step}',
  'line.summary':
    'Over {count} steps −ln P adds up to {sum}: as uncertain as among {perplexity} of {vocabulary} characters at each.',
  'line.secret': 'What follows is hidden until you have bet.',
  'line.axis': 'step t',
  'line.sum': '−Σ ln P, nats',

  'bars.title': 'What may come next',
  'bars.model': 'P of the model, uncut',
  'bars.summary': 'Likeliest is {token} with {probability}; the line goes on with {truth}, which has {its}.',
  'bars.how': 'The bar of the line’s own next character is blue. Press a bar to force that character.',

  'oracle.title': 'What the corpus says',
  'oracle.summary':
    'After “{context}” there are {total} characters in the corpus; shares of those that follow.',

  'futures.title': 'Other futures',
  'futures.drawing': 'The tree of futures',
  'futures.lead':
    'Each bar that you force opens another line. Below a token stands −Σ ln P of its line up to it: the smaller, the likelier. Choose a token (arrow keys work, too) to go on from there.',
  'futures.node': 'Step {step}, {token}: P {probability}, −ln P {cost}, −Σ ln P up to here {sum}.',
  'futures.summary': '{count} lines; the likeliest is “{text}” with −Σ ln P = {sum}.',
  'futures.written': 'written',
  'futures.forced': 'forced',
  'futures.line': 'line',
  'futures.forget': 'Forget the other futures',

  'bet.title': 'Your bet on the next character',
  'bet.how':
    'Spread your money: drag the bars or use the arrow keys; shares count, not heights. You are scored by −ln of what you gave the true character.',
  'bet.share': 'share',
  'bet.others': 'others',
  'bet.commit': 'Place the bet',
  'bet.result': 'It was {truth}. Your loss: {mine} nats; the model’s: {its}; even odds: {chance}.',

  'question.title': 'Question 1c, and why the other answers fail here',
  'question.secret': 'The counter-examples appear when you have answered.',
  'answer.right':
    'At this caret it gives {truth} the probability {p}; the loss of this step is −ln of that, {loss}.',
  'answer.joint':
    'The joint probability of the {read} characters read is *one number*, {joint}. The output is a whole distribution, and over the next character.',
  'answer.marginal':
    'How often {truth} occurs anywhere is {marginal}, whatever has been read; the model says {p} here. A model of $P(y_t)$ would need no state.',
  'answer.leak':
    'Given the character itself, its probability is 1 and the loss 0 at every step, while the honest loss here is {loss}.',
  'answer.argmax':
    'The likeliest is {token}, with {most}. Taking it throws the rest away: no loss could be computed for {truth}, and nothing else could ever be drawn.',
  'answer.state':
    'The state is *computed*, not drawn: the same characters always give the same $h_t$. There is nothing to estimate about it.',

  'proof.title': 'Checks on this model and this line',
  'proof.lead': 'Everything is computed in double precision, in the worker that holds the model.',
  'proof.run': 'Check',
  'proof.passed': '{count} of {of} checks hold',
  'proof.failed': 'only {count} of {of} checks hold',
  'claim.sum': 'At all {steps} steps the bars add up to 1; the worst is off by {off}.',
  'claim.product':
    'The logarithms of the conditionals add up to that of the line: −Σ ln P = {sum}, off by {off}.',
  'claim.perplexity': 'The perplexity {perplexity} is the exponential of their mean, off by {off}.',
  'claim.future': 'Another future behind the caret changes no bar: the largest change is {moved}.',
  'claim.seed': 'The same seed writes the same text.',
  'claim.start':
    'Before training the perplexity was {perplexity}, near the {vocabulary} characters that there are.',
  'prove.chain': 'The chain rule, over all sequences of a small language',
  'prove.chain.lead':
    'Small models are trained over five seeds; the product of conditionals is compared with the sequence’s probability in three ways.',

  'transport.label': 'Caret',
  'transport.slider': 'Characters read',
  'transport.at': '{read} read',

  'status.trained': 'Trained for {step} steps. Move the caret with the arrow keys.',

  'help.free':
    'The model reads what it has written itself; where it differs from the line, it goes its own way.',
  'help.marks': 'A space, a line break, and the half-space of Persian.',
} as const;

export type LanguageModelKey = keyof typeof en;
