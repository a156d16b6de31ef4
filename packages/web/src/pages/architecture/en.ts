/** The page about architectures in English, the source of its keys. */
export const en = {
  'page.title': 'Choosing an architecture (questions 1a and 1b)',

  'story.title': 'Three questions decide',
  'story.lead':
    'Which [[rnn|recurrent network]] does a task need? Put a task into a socket: the graph below is the one that the engine unrolls, and what stands against a choice is read off it.',
  'story.outputs':
    '*How many outputs?* Sentiment wants one for the whole text; ((speech|put speech recognition there)) and see what is missing. As many outputs as inputs, in their order, is another socket; fewer, still in order, is that socket ((ctc|with a CTC loss)). Any number, in an order of its own, needs a ((translation|decoder)).',
  'story.future':
    '*Does the future count?* The ((cat|cat’s mood)) depends on the weather up to today, so $P(y_t \\mid x_1, \\dots, x_T) = P(y_t \\mid x_1, \\dots, x_t)$ and ((catBoth|a second direction)) only makes it wait. The tag of a word may hang on the words behind it: ((tagging|there two directions pay)).',
  'story.when':
    '*When must the answer be there?* The ruler shows the earliest moment at which $y_t$ may be emitted. Sound frames can ((frames|wait for two more)) without waiting for the end.',
  'story.leak':
    'A [[languageModel|language model]] that ((leak|reads backwards as well)) sees its own answer, $x_{t+1}$: its loss falls and it has learnt nothing. And how one vector is read out decides how far a gradient travels: ((last|from the last state)) or ((pooling|from the mean of all)).',

  'controls.title': 'The choice',

  'setting.task': 'Task',
  'setting.task.help': 'What is to be learnt; its properties decide.',
  'setting.shape': 'Socket',
  'setting.shape.help': 'How many inputs and outputs there are, and whether they are aligned.',
  'setting.shape.many-to-one': 'many-to-one',
  'setting.shape.one-to-many': 'one-to-many',
  'setting.shape.aligned': 'aligned many-to-many',
  'setting.shape.encoder-decoder': 'encoder-decoder',
  'setting.bidirectional': 'Both directions',
  'setting.bidirectional.help': 'A second recurrent layer reads from the end to the beginning.',
  'setting.readout': 'Readout',
  'setting.readout.help':
    'How one vector is made of the states. For a decoder, attention reads them anew at each step.',
  'setting.readout.last': 'last state',
  'setting.readout.mean': 'mean of all',
  'setting.readout.max': 'maximum of all',
  'setting.readout.attention': 'attention',
  'setting.loss': 'Loss',
  'setting.loss.help':
    'At each step, at the last, at some, or over all alignments of a shorter output (CTC).',
  'setting.loss.each': 'at each step',
  'setting.loss.last': 'at the last step',
  'setting.loss.masked': 'masked: where the markers are',
  'setting.loss.ctc': 'CTC',
  'setting.wait': 'Read the output later',
  'setting.wait.help': 'Steps between an input and the moment when its output is read, 0 to 5.',
  'setting.inputs': 'Inputs T',
  'setting.inputs.help': 'Steps of the input in the drawing, 1 to 12.',
  'setting.outputs': 'Outputs S',
  'setting.outputs.help': 'Steps of an output of its own length, 1 to 12.',

  'setting.task.sentiment': 'sentiment',
  'setting.task.gender': 'gender from speech',
  'setting.task.speech': 'speech recognition',
  'setting.task.live-captions': 'live captions',
  'setting.task.cat-mood': 'the cat’s mood',
  'setting.task.language-model': 'language model',
  'setting.task.tagging': 'tagging words',
  'setting.task.frame-labels': 'sound frames, two later',
  'setting.task.anomaly': 'anomaly alarm',
  'setting.task.translation': 'translation',
  'setting.task.captioning': 'captioning an image',

  'sockets.title': 'Put a task into a socket',
  'sockets.how': 'Drag a card into a socket, or press a card and then a socket.',
  'sockets.tasks': 'Tasks',
  'sockets.empty': 'empty',

  'judge.best': 'This fits, and nothing fits better.',
  'judge.can': 'This would do, but:',
  'judge.cannot': 'This cannot work.',
  'judge.route': 'For this task: {name}.',

  'predict.ask': 'Choose socket, directions and readout for this task, then commit.',
  'predict.commit': 'That is my choice',

  'graph.title': 'The unrolled graph',
  'graph.input': 'input x',
  'graph.hidden': 'states',
  'graph.output': 'output y',
  'graph.summary': '{y} sees {first} to {last}: from there paths lead to it.',
  'graph.leak': 'Leak: {y} is to predict {next}, and sees it. A path leads from the answer to the output.',
  'graph.secret': 'What each output sees is shown when you have committed your choice.',
  'graph.choose': 'Look at {y}',
  'graph.loss': 'loss J',
  'graph.how':
    'Carry a wire’s round end to another state; set and clear the losses above the outputs, also across several. By keyboard: arrow keys, and Space for a loss.',
  'graph.lossOf': 'Loss of {y}',
  'graph.wire': 'Where {to} reads, now {from}',
  'graph.reads': '{to} reads {from}',
  'graph.from': 'from',
  'graph.to': 'to',

  'stage.input': 'input',
  'stage.states': 'states',
  'stage.summary': 'summary',
  'stage.decoder': 'decoder',
  'stage.output': 'output',

  'ruler.title': 'What each output sees, and how early it may come',
  'ruler.how':
    'A filled cell: the output of that row sees the input of that column; the number is how many edges a gradient passes on its way back. The flag stands at the earliest moment: behind the last input that the output waits for.',
  'ruler.summary':
    '{y} may be emitted once {last} has been read. The longest way back of all has {longest} edges.',
  'ruler.earliest': 'may come after input',

  'question.title': 'Question 1a: which of these are many-to-one?',

  'prove.mood': 'The cat’s mood by past weather: one direction or two?',
  'prove.mood.lead':
    'Both networks, with about as many weights, learn moods that depend on today and two days before. Five seeds.',
  'prove.future': 'A mood that depends on days to come',
  'prove.future.lead': 'The same networks, but the mood depends on two later days as well. Five seeds.',
  'prove.leak': 'A bidirectional “language model” leaks',
  'prove.leak.lead':
    'Symbols are drawn evenly and independently: nothing honest beats guessing. Watch the loss of the model that reads backwards. Five seeds.',
  'proof.passed': '{count} of {of} findings as claimed, over five seeds each',
  'proof.failed': 'only {count} of {of} findings as claimed',

  'transport.label': 'Outputs',
  'transport.slider': 'Output',

  'status.placed': '{task} in the socket {socket}.',
  'status.secret': '{task}: your choice is open.',

  'help.graph':
    'Nodes are layers at a step; an arrow leads from what is read to its reader. Press an output to see what it depends on.',
  'help.leak': 'leak',
  'help.leak.meaning': 'An output sees what it is to predict.',
} as const;

export type ArchitectureKey = keyof typeof en;
