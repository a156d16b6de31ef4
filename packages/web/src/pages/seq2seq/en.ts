/** English words of the page about sequences to sequences, the source of its keys. */
import { examplesEn } from '../../examples/en.js';

export const en = {
  ...examplesEn,
  'page.title': 'Sequence to sequence: attention emerges',
  metric: 'exact matches',

  'setting.task': 'What is learned',
  'setting.task.help': 'Pairs made by a rule, so that every right answer is known.',
  'setting.task.dates': 'dates to ISO 8601',
  'setting.task.jalali-dates': 'Jalali dates to Gregorian (hard)',
  'setting.task.transliteration': 'names from Latin to Persian letters',
  'setting.task.romanization': 'names from Persian to Latin letters (vowels guessed)',
  'setting.task.reverse': 'a string backwards',
  'setting.task.echo': 'a string again',
  'setting.attention': 'Attention',
  'setting.attention.help': 'How decoder state and source state become a score.',
  'setting.attention.additive': 'additive (Bahdanau)',
  'setting.attention.dot': 'multiplicative (Luong)',
  'setting.bidirectional': 'Encoder reads in both directions',
  'setting.bidirectional.help': 'Then a source place knows what follows it, too.',
  'setting.input': 'Text',
  'setting.input.help': 'Persian and Latin digits both work. Empty: the first example.',
  'setting.forced': 'Forced beginning',
  'setting.forced.help': 'What the answer must begin with.',
  'setting.beam': 'Beam width',
  'setting.beam.help': 'Answers that are followed at once when the model is asked; 1 = greedy.',

  'ask.title': 'Ask the model',
  'ask.samples': 'Examples',

  'alignment.title': 'Where it looks',
  'alignment.source': 'reads',
  'alignment.target': 'written',
  'alignment.writes': 'It writes:',
  'alignment.columns': 'source, in reading order',
  'alignment.rows': 'answer, in writing order',
  'alignment.summary':
    'Step {step}: from {input} it writes {output}. The largest weight of a row is {sharpness} on average.',

  'step.title': 'One token of the answer',
  'step.lead':
    'Choose a token. Below is what the model might have written there; force one, and it has to go on from it.',
  'step.choose': 'Tokens of the answer',
  'step.place': '{n}: {token}',
  'step.token': 'token',
  'step.summary': 'Token {n}, {token}: probability {probability}.',
  'step.force': 'Force instead:',
  'step.release': 'Let it write freely',
  'step.forced': 'Forced so far: {tokens}. What follows is the model’s own.',

  'beams.title': 'The beam: answers side by side',
  'beams.list': 'Answers of the beam',
  'beams.lead':
    'What an answer shares with one above it is grey; where it branches off it is green. Press one to see its alignment.',
  'beams.answer': 'answer',
  'beams.summary': '{count} answers; the best is {best}.',

  'tree.title': 'The search as a tree',
  'tree.drawing': 'The tree of the search',
  'tree.lead':
    'Each column is one token of the answer, likeliest beginnings on top; below each token stands ln P of all up to it. The beam follows the boxes with a full outline; dashed ones were too unlikely. Choose a box (arrow keys work, too) to see its alignment.',
  'tree.node': 'Token {n}, {token}: P {probability}, ln P up to here {sum}; {fate}.',
  'tree.kept': 'followed',
  'tree.ended': 'the answer ends here',
  'tree.dropped': 'dropped',
  'tree.forced': 'forced',
  'tree.fate': 'fate',
  'tree.parent': 'behind #',
  'tree.begins': 'behind',
  'tree.summary': '{kept} beginnings were followed or ended, {dropped} were dropped; the winner is {best}.',
  'tree.aside': 'No answer of this beam goes through this box.',
  'tree.follow': 'Go on from here anyway',

  'whatIf.title': 'What if it had looked elsewhere?',
  'whatIf.lead':
    'Choose a row of the matrix, then change where the decoder looks while it writes that token. Up to that row the answer is the true one; from there the decoder goes on from the edited row.',
  'whatIf.place': 'Row {n}, {token}: look at one place only',
  'whatIf.argmax': 'Keep the largest weight only',
  'whatIf.power': 'Sharpen or flatten: p to the power',
  'whatIf.factor': 'power {factor}',
  'whatIf.true': 'It writes',
  'whatIf.edited': 'What if: it would write',
  'whatIf.row': 'edit',
  'whatIf.did.place': 'Row {n} looks only at place {place}, {token}',
  'whatIf.did.argmax': 'Row {n} keeps its largest weight only',
  'whatIf.did.power': 'Row {n} to the power {factor}',
  'whatIf.undo': 'Undo',
  'whatIf.undoAll': 'Undo all edits',
  'whatIf.unreadable': 'The address asks for edits that cannot be read: {got}. They look like {forms}.',
  'whatIf.none': 'No row is edited: this is the model’s own answer.',
  'whatIf.same': 'What-if: with the edited rows it still writes {edited}.',
  'whatIf.summary':
    'What-if: with the edited rows it would write {edited} in place of {truth}; they part at token {n}.',

  'lengths.title': 'Longer than it was trained on',
  'lengths.lead':
    'Training has strings of {least} to {most} letters. How does the model fare with shorter and longer ones?',
  'lengths.only':
    'Lengths can be measured for the tasks “a string backwards” and “a string again”: only there is the length a setting.',
  'lengths.measure': 'Measure lengths 2 to 18',
  'lengths.measuring': 'Measuring…',
  'lengths.axis': 'letters of the source',
  'lengths.inside': 'lengths trained on',
  'lengths.beyond': 'other lengths',
  'lengths.summary': 'At step {step}, 40 unseen strings of each length; training had {least} to {most}.',

  'predict.title': 'Where does it look?',
  'predict.hidden': 'The weights stay hidden until you have chosen a place above.',
  'predict.question':
    'The model writes {output}. While it writes token {n}, {token}: which place of the source has the largest weight?',
  'predict.places': 'Places of the source',
  'predict.result': 'Place {n}, {token}, has the largest weight: {weight}. Yours has {yours}.',

  'story.title': 'Nobody tells it where to look',
  'story.lead':
    'An encoder reads a text letter by letter and keeps all its states $h_1,\\dots,h_S$. A decoder writes the answer. For each letter it scores every source state, makes weights of the scores by [[softmax]], and reads the weighted sum $c_t=\\sum_s p_{ts}h_s$: that is [[attention]].',
  'story.watch':
    '((train|Train)) and watch the matrix: at ((first|the first look)) it is grey everywhere, at ((last|the newest)) each row has found its place. For dates that is no straight diagonal: the year is written first, wherever it stands.',
  'story.bottleneck':
    'Without attention, the decoder gets one vector for the whole source, however long it is: a bottleneck that fails as texts grow. With it, the path from a source letter to its answer has one step.',
  'story.none':
    'The library’s decoder always attends, so the switch is between its two scores, additive and multiplicative; a decoder without attention cannot be trained here, and nothing on this page pretends to be one.',
  'story.bias':
    'In training, the decoder reads right letters before each new one; alone, it reads its own. Force a wrong letter below and see whether it finds back: that difference is called exposure bias.',
  'story.try': 'Try',
  'story.try.reverse': '((reverse|Learn to write backwards)): the diagonal runs the other way.',
  'story.try.dot': '((dot|Multiplicative attention)) from the same seed.',
  'story.try.persian': '((persian|Ask with Persian digits)): the same rows, other letters.',
  'story.try.names':
    '((names|Write names in Persian letters)): short vowels vanish, two letters become one. ((back|The way back)) has to guess them; the tree of the search shows between which readings.',
  'story.try.whatIf':
    '((whatIf|Make it look at the first letter only)) while it writes its third token, and see what becomes of the answer.',
  'story.try.tree': '((tree|See what the search weighed)) before it settled on its answer.',
  'story.try.lengths': '((lengths|Measure longer strings)) than it was trained on (backwards or again).',

  'help.alignment':
    'Each row is one written token; the darker a cell, the more it looked at that source place. Rows sum to 1.',
  'help.signs': 'A space, a zero-width non-joiner, the end of the answer.',
} as const;

export type Seq2SeqKey = keyof typeof en;
