/** The frame's English messages, the source of its keys. `{name}` is filled in; a test holds the other languages to the same names. */
export const en = {
  'app.name': 'hw5 lab',
  'app.skip': 'Skip to the figure',

  'language.label': 'Language',
  'language.other': 'فارسی',

  'theme.label': 'Theme',
  'theme.auto': 'Like the system',
  'theme.light': 'Light',
  'theme.dark': 'Dark',

  'help.open': 'Keys and explanations',
  'help.title': 'What is on this page',
  'help.close': 'Close',
  'help.keys': 'Keys (not while you type)',
  'help.question': 'this help',
  'help.terms': 'Words and marks',
  'help.space': 'play, pause, go on',
  'help.r': 'rewind to the same beginning',
  'help.arrows': 'one step along the time axis',
  'help.bigArrows': 'ten steps at once',
  'help.ends': 'to the beginning, to the end',
  'help.n': 'the next seed',
  'help.esc': 'unpin',
  'help.sections': 'jump to a section',
  'help.undo': 'undo, redo',
  'help.settings': 'Settings',

  'drop.here': 'Drop the text or the checkpoint here',

  'transport.pause': 'Pause',
  'transport.stop': 'Stop',
  'transport.rewind': 'Rewind',
  'transport.rewindHint': 'Back to the same first weights',
  'transport.play': 'Play',
  'transport.previous': 'One step back',
  'transport.next': 'One step on',
  'transport.last': 'To the end',
  'transport.newSeed': 'Next seed',
  'transport.training': 'Training',
  'transport.start': 'Train',
  'transport.resume': 'Go on',

  'controls.open': 'Controls',
  'controls.close': 'Close the controls',

  'settings.title': 'Settings',
  'settings.reset': 'All defaults',

  'setting.language': 'Language',
  'setting.theme': 'Theme',
  'setting.latinDigits': 'Latin digits',

  'share.link': 'Copy link',
  'share.own': 'Take my own text along: {name}, {size}',
  'share.ownHelp':
    'Who opens the link has the same text. It is in the link itself, behind #, which is not sent to a server.',
  'share.size': 'The link is {size} long.',
  'share.tooLong':
    'With it the link would be {got} long; above {max} browsers and mail programs cut links. Send the text as a file instead.',
  'share.saveOwn': 'Save the text as a file',
  'share.command': 'Copy as CLI command',
  'share.title': 'Share',
  'share.citation': 'Copy citation',
  'share.citationText': 'hw5 lab, “{title}”, version {version}, {link} (seen on {date}).',
  'share.class': 'A link for a class',
  'share.classHelp': 'Who opens it does not see what is hidden and cannot change what is kept.',
  'share.setting': 'Setting',
  'share.hide': 'Hide',
  'share.lock': 'Keep',
  'share.classLink': 'Copy link for the class',

  'footer.kernel': 'Kernel {variant}',
  'footer.memory': '{size} of memory in the worker',
  'footer.isolated': 'cross-origin isolated',
  'footer.notIsolated': 'not cross-origin isolated (not needed)',
  'footer.noNetwork': 'Everything is computed in this tab; nothing is sent anywhere.',

  'status.label': 'Status',
  'status.copied': 'Copied.',
  'status.copyByHand': 'The browser does not allow copying here; the text is selected, press Ctrl+C.',
  'status.badPacked': 'What the link carries behind # cannot be read; the page is open without it.',
  'status.brought': 'The link brought a text: {name}.',
  'status.noUseForOwn': 'The link brought {name}, which this page has no use for.',
  'status.unknownUrl': 'The link has settings that this version does not know: {names}.',
  'status.badUrl': 'The link’s value for {name} is not allowed, the default is used. {problem}',
  'status.newVersion': 'A new version of the lab is ready.',
  'status.loading': 'Loading the page…',
  'status.loadFailed': 'The page must load from this site; it did not. Reload to try again.',
  'status.restarted': 'A worker died and was restarted; the question was asked again.',
  'status.unknownPage': 'The link asks for a page that this version does not know: {name}.',
  'status.opening': 'Starting the worker…',
  'status.ready': 'Ready: {parameters} parameters, nothing trained yet.',
  'status.training': 'Training.',
  'status.pausing': 'Finishing the step…',
  'status.paused': 'Paused at step {step}.',
  'status.hidden': 'Paused at step {step} because the tab was hidden.',
  'status.stopped': 'Stopped at step {step}; training can go on from here.',
  'status.done': 'Done: {step} steps in {time}. Validation loss {validation}.',
  'status.doneNoValidation': 'Done: {step} steps in {time}.',
  'status.rewound': 'Rewound to step 0: the first weights that seed {seed} gives.',
  'status.undone': 'The run is back at step {step}.',
  'status.forked': 'A fork of the run goes on from step {step}.',
  'status.loaded': 'Checkpoint of step {step} loaded; training goes on from there.',
  'status.restored': 'Restarted from the checkpoint of step {step}, kept in memory.',
  'status.restoredFresh': 'Restarted from step 0: no checkpoint had been kept yet.',
  'status.loadedBare':
    'Checkpoint of step {step} loaded. It can be asked; to train on, give what it was trained on.',

  'run.download': 'Download checkpoint',
  'run.hash': 'Weights hash',
  'run.hashNone': 'shown when training pauses',

  'keep.refused':
    'This browser keeps no runs (a private window, or no room on the device); download the checkpoint instead.',
  'keep.unknown': 'The run {id} is not kept on this device; a new one was made.',

  'problem.whole': 'Must be a whole number from {min} to {max}, got {got}.',
  'problem.number': 'Must be a number from {min} to {max}, got {got}.',
  'problem.choice': 'Must be one of {options}, got {got}.',
  'problem.long': 'Must be at most {max} characters, got {got}.',
  'problem.form': 'Settings must be valid before training; wrong: {names}.',
  'problem.vector': 'Must be {min} to {max} numbers of at most {limit} in size, got {got}.',
  'problem.pairs':
    'Must be at most {most} pairs STEP=VALUE with ascending steps and values from {min} to {max}, got {got}.',
  'problem.matrix':
    'Must be at most {rows} rows of {columns} numbers of at most {limit} in size, rows of equal length, got {got}.',

  'error.action.restart': 'Restart from step {step}',
  'error.action.restartFresh': 'Restart from step 0',
  'error.action.rewind': 'Rewind',
  'error.action.undo': 'Undo',
  'error.lost':
    'The worker that trains has died (the browser may have been out of memory). The last checkpoint in memory is of step {step}.',
  'error.lostFresh': 'The worker that trains has died before a checkpoint was kept.',
  'error.diverged':
    'The loss stopped being a finite number at step {step}, in {tensor}. Try a smaller learning rate.',
  'error.divergedPlain': 'The loss or a gradient stopped being a finite number. Try a smaller learning rate.',
  'error.checkpoint':
    'This must be a checkpoint written by this page or the terminal program; it cannot be used.',
  'error.data': 'The text cannot be used.',
  'error.shortText':
    'The text must be long enough for a window of {needed} characters in its training part, got {got}; paste more or make the window or the streams smaller.',
  'error.prompt': 'The prompt must use characters that occur in the training text, got {got}.',
  'error.argument': 'A setting is outside its allowed range.',
  'error.memory': 'There must be memory for the model, got none left. Try fewer hidden units or streams.',
  'error.kernel': 'The computing kernel must load in this browser; it did not.',
  'error.internal': 'This is a mistake of ours; please report it.',
  'error.unknown': 'Something went wrong.',
  'error.tooLarge': 'A text must be at most {max}, got {got} ({name}).',
  'error.checkpointTooLarge': 'A checkpoint must be at most {max}, got {got} ({name}).',
  'error.notText':
    'A dropped file must be UTF-8 text or a .safetensors checkpoint, got neither in {name} ({got}).',
  'error.emptyFile': 'A file must not be empty, got 0 bytes in {name}.',
  'error.unreadable': 'The file {name} must be readable; the browser could not read it.',
  'error.manyFiles': 'One file at a time, please: got {got}.',
  'error.nothingDropped': 'A text or a file must be dropped, got neither.',
  'error.action.reload': 'Reload',
  'error.allDone': 'All {steps} steps are done: raise the number of steps to go on, or rewind.',
  'error.needsSource':
    'This checkpoint came without its data: give what it was trained on, or rewind to start a new model.',
  'error.otherSource': 'The data must be what the checkpoint was trained on.',

  'pins.title': 'Notebook',
  'pins.count': '{count} pinned',
  'pins.press': 'Press to pin it to the notebook.',
  'pins.pinned': 'Pinned to the notebook below: {label} = {value}.',
  'pins.none': 'Nothing is pinned.',
  'pins.allDigits': 'All digits',
  'pins.clear': 'Remove all',
  'pins.earlier': 'Earlier: {label}',
  'pins.later': 'Later: {label}',
  'pins.remove': 'Remove: {label}',
  'pins.export': 'Take along as',

  'menu.label': 'Pages',

  'undo.undo': 'Take a change back',
  'undo.redo': 'Make the change again',

  'mode.label': 'Mode',
  'mode.explore': 'Explore',
  'mode.predict': 'Predict',
  'mode.prove': 'Prove',
  'mode.explore.help': 'Everything is shown and moves at once.',
  'mode.predict.help': 'Results stay hidden until you have given your own answer.',
  'mode.prove.help': 'The page checks itself and says what it found.',

  'score.tally': '{points} of {answers} right',

  'proof.passed': 'Proved',
  'proof.failed': 'Not so',

  'figure.twin': 'The numbers as a table, and files',

  'answer.choose': 'Your answer (several options may be right)',
  'answer.type': 'Your answer: numbers, a formula as text, LaTeX or code, or sentences',
  'answer.check': 'Check',

  'verdict.right': 'Right.',
  'verdict.wrong': 'Not right.',
  'verdict.understood': 'Read as',
  'verdict.example': 'A case in which it fails:',
  'verdict.unread': 'This could not be read as an answer.',

  'experiment.run': 'Train and compare',
  'experiment.running': '{percent} % done',
  'experiment.mean': 'mean',
  'experiment.spread': 'standard deviation',
  'experiment.seed': 'seed {seed}',
  'experiment.row': 'model',
  'experiment.bars':
    '{metric}. Bars: mean over {seeds} seeds; whiskers: one standard deviation; dots: each seed.',
  'experiment.holds': 'As claimed:',
  'experiment.fails': 'Not as claimed:',

  'honest.computed': 'computed now',
  'honest.precomputed': 'computed beforehand',
  'honest.illustrative': 'illustration, not computed',
  'honest.computed.help': 'This number was computed in this tab, from what is on the screen.',
  'honest.precomputed.help': 'This number was computed before and came with the page.',
  'honest.illustrative.help': 'This shows an idea; nothing was computed for it.',

  'field.locked': 'Kept as it is by the link.',
} as const;

export type FrameKey = keyof typeof en;
