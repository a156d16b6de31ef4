/** The commands, as data: a name, one line of help, and where the rest is loaded from when it is asked for. */
import type { Command } from 'commander';

export interface CommandModule {
  /** Add arguments, options, examples and the action to a command that already has its name and summary. */
  define(command: Command): void;
}

export interface CommandEntry {
  readonly name: string;
  readonly summary: string;
  load(): Promise<CommandModule>;
}

export const commands: readonly CommandEntry[] = [
  { name: 'train', summary: 'train a model on a text or examples', load: () => import('./train.js') },
  { name: 'sweep', summary: 'train many runs and find the best settings', load: () => import('./sweep.js') },
  {
    name: 'worker',
    summary: 'train the runs of sweeps that wait in a queue',
    load: () => import('./worker.js'),
  },
  { name: 'generate', summary: 'write text with a trained model', load: () => import('./generate.js') },
  { name: 'evaluate', summary: 'measure a trained model', load: () => import('./evaluate.js') },
  { name: 'predict', summary: 'ask a trained model about texts', load: () => import('./predict.js') },
  { name: 'inspect', summary: 'show what a run or a checkpoint holds', load: () => import('./inspect.js') },
  { name: 'runs', summary: 'list, compare and delete runs', load: () => import('./runs.js') },
  {
    name: 'report',
    summary: 'write a page about a trained model',
    load: () => import('./report.js'),
  },
  {
    name: 'export',
    summary: 'write a trained model for PyTorch, ONNX, Keras, NumPy',
    load: () => import('./export.js'),
  },
  {
    name: 'import',
    summary: 'read a model that was made elsewhere',
    load: () => import('./import.js'),
  },
  { name: 'solve', summary: 'show homework questions worked out', load: () => import('./solve.js') },
  { name: 'derive', summary: 'derive the gradient of a recurrence', load: () => import('./derive.js') },
  { name: 'check', summary: 'check an answer to a homework question', load: () => import('./check.js') },
  { name: 'hunt', summary: 'find the mistake in a derivation', load: () => import('./hunt.js') },
  { name: 'route', summary: 'find the architecture for a task', load: () => import('./route.js') },
  {
    name: 'experiment',
    summary: 'train what a claim of the homework is about',
    load: () => import('./experiment.js'),
  },
  { name: 'attend', summary: 'work attention out by hand', load: () => import('./attend.js') },
  {
    name: 'gradcheck',
    summary: 'check every gradient by finite differences',
    load: () => import('./gradcheck.js'),
  },
  { name: 'lab', summary: 'open the lab in a browser', load: () => import('./lab.js') },
  { name: 'bench', summary: 'measure the kernel and a training step here', load: () => import('./bench.js') },
  { name: 'info', summary: 'show versions and the kernel in use', load: () => import('./info.js') },
];
