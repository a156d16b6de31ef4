/** English words of the page about tagging, the source of its keys. */
import { examplesEn } from '../../examples/en.js';

export const en = {
  ...examplesEn,
  'page.title': 'Tagging: does the right context matter?',

  'setting.task': 'What is learned',
  'setting.task.help': 'A tag for each token, made by a rule.',
  'setting.task.part-of-speech': 'parts of speech',
  'setting.task.mood': 'a cat’s mood by the weather (question 1b)',
  'setting.task.copy': 'copy from memory after a pause',
  'setting.input': 'Sentence',
  'setting.input.help': 'Words and signs with spaces between them. Empty: the first example.',

  'reader.one': 'forwards only',
  'reader.both': 'both directions',
  'reader.note':
    'The numbers, the hash and the command are of the tagger that reads in both directions; --no-bidirectional in the command gives the other one.',

  'sentence.title': 'Two taggers, one sentence',
  'sentence.samples': 'Examples',
  'sentence.token': 'word',
  'sentence.rows':
    'Under each word: the tag of the tagger that reads forwards only, then of the one that reads in both directions.',
  'sentence.apart': 'How far apart the two distributions are, from 0 to 1.',
  'sentence.summary': 'At step {step}, the two give different tags to {differ} of {count} words.',

  'token.title': 'Word {n}: {token}',
  'token.tag': 'tag',
  'token.summary': '{token}: forwards only {one} ({p}), both directions {both} ({q}).',

  'learning.title': 'How they learn',
  'learning.tokens': 'words right',
  'learning.sentences': 'sentences right',
  'learning.summary':
    'Unseen sentences with every tag right: {one} of one forwards, {both} in both directions.',

  'confusion.title': 'What is taken for what',
  'confusion.lead':
    'Rows are the right tags, columns what was said, on 500 unseen sentences; each row sums to 1.',
  'confusion.row': 'right tag',
  'confusion.measure': 'Measure both taggers now',
  'confusion.summary':
    'On {count} unseen examples: {one} wrong tags forwards only, {both} in both directions.',

  'predict.title': 'Which tag?',
  'predict.hidden': 'The tags of the chosen word are hidden until you have given yours.',
  'predict.question': 'What will the tagger that reads in both directions say to word {n}, {token}?',
  'predict.tags': 'Tags',
  'predict.right': 'That is what it says. Choose another word for another try.',
  'predict.wrong': 'It says otherwise. Choose another word for another try.',

  'prove.title': 'Where the future matters, both directions win',
  'prove.lead':
    'Five seeds, two networks with as many weights: a cat’s mood depends on the weather of two days to come as well. The difference is measured seed by seed, with its 95 % interval.',
  'prove.start': 'Train both over five seeds',
  'prove.running': 'Training: {percent} %',
  'prove.seed': 'seed {seed}',
  'prove.passed': 'Over {seeds} seeds, reading in both directions is better where the future matters.',
  'prove.failed': 'Over {seeds} seeds, the claim did not come out.',

  'story.title': 'One tag for each word',
  'story.lead':
    'A tagger says something at every step: $y_t$ from the state after word $t$. Read forwards, that state has seen $x_1,\\dots,x_t$ and nothing else; read in both directions ([[bidirectional]]), it knows the whole sentence.',
  'story.context':
    'Some words wait for what follows. In ((book|she saw her book)) “her” is a determiner, in ((her|she saw her .)) a pronoun; up to “her” the sentences are the same, so a forward reader must say the same in both.',
  'story.both':
    '((train|Train)) two taggers from the same seed and compare: on words like that the forward reader can only learn how often each tag is right.',
  'story.price':
    'The price: in both directions no tag can be said before the sentence has ended. Where the past is enough, one direction does as well.',
  'story.try': 'Try',
  'story.try.lamp': '((lamp|“The light lamp”)): an adjective or a noun?',
  'story.try.persian': '((persian|«مرد»)) twice in one sentence: a man, and died.',
  'story.try.mood': '((mood|The cat’s mood)): there only the past matters, and one direction keeps up.',

  'help.tags':
    'Determiner, adjective, noun, pronoun, verb; AUX auxiliary, ADP preposition, ADV adverb, PART particle, PUNCT sign.',
} as const;

export type TaggingKey = keyof typeof en;
