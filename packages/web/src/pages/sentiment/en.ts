/** English words of the page about sentiment, the source of its keys. */
import { examplesEn } from '../../examples/en.js';

export const en = {
  ...examplesEn,
  'page.title': 'Sentiment: many to one',
  metric: 'accuracy',

  'class.positive': 'praise',
  'class.negative': 'blame',

  'setting.pooling': 'From states to one vector',
  'setting.pooling.help': 'What the readout gets of all the states.',
  'setting.pooling.last': 'the last state',
  'setting.pooling.mean': 'their mean',
  'setting.pooling.max': 'their maximum',
  'setting.pooling.attention': 'weighted by attention',
  'setting.bidirectional': 'Read in both directions',
  'setting.bidirectional.help': 'A second network reads from the end.',
  'setting.input': 'Sentence',
  'setting.input.help': 'English or Persian. Empty: the first example.',

  'sentence.title': 'A sentence and its score',
  'sentence.text': 'sentence',
  'sentence.samples': 'Examples',
  'sentence.words': 'Words of the sentence',
  'sentence.earlier': 'Word earlier',
  'sentence.later': 'Word later',
  'sentence.drop': 'Drop {word}',
  'sentence.negate': 'Negate, or not',
  'sentence.summary': 'Step {step}: the model says {said}; P({label}) = {score}.',

  'trajectory.title': 'The score along the sentence',
  'trajectory.token': 'word',
  'trajectory.axis': 'words, in reading order',
  'trajectory.prefix': 'prefixes: not trained for',
  'trajectory.end': 'the whole sentence',
  'trajectory.summary': 'Along the sentence, P({label}) crosses one half {turns} times.',
  'trajectory.note':
    'Each point is the model’s answer to the words up to there. Training asked only at the end, so the dashed part shows what the states hold, not what was taught.',

  'why.title': 'Which word did it? Three answers',
  'why.pool': 'weight of attention pooling; the weights of all words sum to 1',
  'why.gradient': 'gradient of the logit times input: how it would grow with the word’s vector',
  'why.occlusion': 'P with the word minus P without it',
  'why.summary': 'Largest: “{gradient}” by gradient times input, “{occlusion}” by leaving out.',
  'why.summaryPool':
    'Largest: “{pool}” by pooling weight, “{gradient}” by gradient times input, “{occlusion}” by leaving out.',
  'why.note':
    'A pooling weight says which state was read, not what the word did: that state has read all words before it. Where the columns disagree, attention is not attribution. Each column is shown as a share of its largest value; the table has the numbers.',
  'why.noPool':
    'Choose attention as pooling to see its weights beside these. Each column is shown as a share of its largest value; the table has the numbers.',

  'pairs.title': 'Minimal pairs',
  'pairs.rule': 'by the rule',
  'pairs.summary':
    'At step {step}, {right} of {count} sentences are judged as the rule says. The bars are P(praise).',
  'pairs.only':
    'The minimal pairs are about generated praise and blame; a table of one’s own has its own classes.',
  'pairs.negation': 'Negation',
  'pairs.contrast': '“But” or “although”: the same facts',
  'pairs.order': 'The same halves, exchanged',
  'pairs.degree': 'An intensifier',
  'pairs.double': 'Negation, then contrast',
  'pairs.right': 'right: {label}',
  'pairs.wrong': 'wrong, it is {label}',

  'predict.hidden': 'The model’s answer is hidden until you have given yours.',
  'predict.question': 'What will the model say, as it is now?',
  'predict.right': 'That is what the model says. Change the sentence for another try.',
  'predict.wrong': 'The model says otherwise. Change the sentence for another try.',

  'story.title': 'One answer for a whole sentence',
  'story.lead':
    'A [[lstm|recurrent network]] reads a review word by word; its states become one vector, and a readout makes of it the probability that the review praises. One loss at the end has to teach every word before it.',
  'story.rule':
    'The examples are made by a rule, in English and Persian: a negation turns a word around, and after “but” the second half decides. Words alone do not give it away. ((train|Train)), and compare with ((first|the first look)).',
  'story.prefix':
    'Below, the readout is applied after each word. With the last state as pooling the curve follows what was read most recently; with mean or attention it moves more slowly.',
  'story.why':
    'Which word did it? Attention weights look like an answer. Beside them stand gradient times input, and what really happens when the word is left out.',
  'story.try': 'Try',
  'story.try.last': '((last|The last state)) as pooling, from the same seed.',
  'story.try.mean': '((mean|The mean)): what does order still matter?',
  'story.try.both': '((both|Both directions)): “although” then knows what it introduces.',
  'story.try.twist': '((twist|“Although” in place of “but”)).',
  'story.try.persian': '((persian|A Persian sentence)): the negation is in its last word.',
} as const;

export type SentimentKey = keyof typeof en;
