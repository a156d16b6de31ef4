/** `hw5 train char-lm`: options -> plan -> run -> report. */
import { availableParallelism } from 'node:os';
import type { Command } from 'commander';
import { oneOf, realNumber, wholeNumber, workerCount } from '../args.js';
import { addExamples, addJson } from '../help.js';
import { newestRun } from '../run/folder.js';
import { planDefaults, type TrainPlan } from '../train/plan.js';

interface Options {
  readonly data?: string;
  readonly out?: string;
  readonly resume?: string | true;
  readonly steps?: number;
  readonly cell?: 'rnn' | 'gru' | 'lstm';
  readonly hidden?: number;
  readonly embed?: number;
  readonly layers?: number;
  readonly dropout?: number;
  readonly batch?: number;
  readonly seq?: number;
  readonly batching?: 'stream' | 'random';
  readonly lr?: number;
  readonly clip?: number;
  readonly seed?: number;
  readonly valFraction?: number;
  readonly evalEvery?: number;
  readonly precision?: 'f32' | 'f64';
  readonly fast?: true;
  readonly workers?: number | 'auto';
  readonly restarts?: number;
  readonly checkpointEvery?: number;
  readonly sampleEvery?: number;
  readonly json?: true;
  readonly quiet?: true;
}

const positive = { rule: 'a number greater than 0', allows: (value: number) => value > 0 };
const notNegative = { rule: 'a number of at least 0', allows: (value: number) => value >= 0 };
const probability = {
  rule: 'a number of at least 0 and less than 1',
  allows: (p: number) => p >= 0 && p < 1,
};
const half = { rule: 'a number from 0 to 0.5', allows: (share: number) => share >= 0 && share <= 0.5 };

export function define(command: Command): void {
  command.argument(
    '<task>',
    'char-lm: a character-level language model',
    oneOf('task', ['char-lm'], ['classify', 'seq2seq', 'tag']),
  );
  command
    .optionsGroup('Text and run:')
    .option('--data <file>', 'UTF-8 text to learn from, - for stdin (default: the sample text of hw5)')
    .option('--out <folder>', 'where the run is kept (default: runs/NAME-SEED)')
    .option('--resume [run]', 'continue a run exactly where its checkpoint is (default: the newest in runs/)')
    .option(
      '--steps <n>',
      `train until this many steps are done in all (default: ${planDefaults.steps})`,
      wholeNumber('--steps', { min: 1 }),
    )
    .option('--seed <n>', 'seed of everything random (default: 0)', wholeNumber('--seed'));
  command
    .optionsGroup('Model:')
    .option(
      '--cell <cell>',
      'recurrent cell: rnn, gru or lstm (default: lstm)',
      oneOf('--cell', ['rnn', 'gru', 'lstm']),
    )
    .option('--hidden <n>', 'units per layer (default: 256)', wholeNumber('--hidden', { min: 1 }))
    .option('--embed <n>', "size of a character's vector (default: 64)", wholeNumber('--embed', { min: 1 }))
    .option('--layers <n>', 'stacked layers (default: 1)', wholeNumber('--layers', { min: 1 }))
    .option(
      '--dropout <p>',
      'dropout between layers, in [0, 1) (default: 0)',
      realNumber('--dropout', probability),
    );
  command
    .optionsGroup('Learning:')
    .option('--batch <n>', 'parallel streams (default: 32)', wholeNumber('--batch', { min: 1 }))
    .option('--seq <n>', 'characters per window (default: 64)', wholeNumber('--seq', { min: 1 }))
    .option(
      '--batching <how>',
      'stream (carried state) or random windows (default: stream)',
      oneOf('--batching', ['stream', 'random']),
    )
    .option('--lr <x>', "Adam's step size (default: 0.002)", realNumber('--lr', positive))
    .option(
      '--clip <x>',
      'largest global gradient norm, 0 = off (default: 1)',
      realNumber('--clip', notNegative),
    )
    .option(
      '--val-fraction <x>',
      'share of the text kept for validation (default: 0.1)',
      realNumber('--val-fraction', half),
    )
    .option(
      '--eval-every <n>',
      'steps between validations, 0 = only at the end (default: 100)',
      wholeNumber('--eval-every'),
    );
  command
    .optionsGroup('Kernel:')
    .option(
      '--precision <p>',
      'f32, or f64 for exact comparisons (default: f32)',
      oneOf('--precision', ['f32', 'f64']),
    )
    .option('--fast', 'fused multiply-add where the engine has it; last bits differ between machines')
    .option(
      '--workers <n>',
      'workers that share each batch, or auto: one per core; the last bits depend on it (default: 1)',
      workerCount,
    )
    .option(
      '--restarts <n>',
      `times to go on from the last checkpoint when a worker was lost (default: ${planDefaults.restarts})`,
      wholeNumber('--restarts'),
    );
  command
    .optionsGroup('Reports:')
    .option(
      '--checkpoint-every <n>',
      `steps between saves, 0 = only at the end (default: ${planDefaults.checkpointEvery})`,
      wholeNumber('--checkpoint-every'),
    )
    .option(
      '--sample-every <n>',
      'steps between samples, 0 = only before and after (default: 0)',
      wholeNumber('--sample-every'),
    )
    .option('-q, --quiet', 'only the result');
  addJson(command, 'one line per step and a last one with "done"');
  addExamples(command, [
    ['train char-lm', 'learn the sample text, about a minute'],
    ['train char-lm --data book.txt --layers 2 --dropout 0.2 --steps 3000', 'learn your own text'],
    ['train char-lm --hidden 512 --workers auto', 'a large model on all cores'],
    ['train char-lm --resume --steps 6000', 'train the newest run further'],
    ['train char-lm --data book.txt --steps 200 --json', 'for programs'],
  ]);
  command.action(async (_task: string, options: Options) => {
    const { train } = await import('../train/train.js');
    await train(planOf(options, await workersOf(options)));
  });
}

/** `auto` is one worker per core; a resumed run keeps its own number. */
async function workersOf({ workers, batch, resume }: Options): Promise<number | undefined> {
  if (workers !== 'auto') return workers;
  if (resume !== undefined) return undefined;
  const { charLMDefaults } = await import('@hw5/core');
  return Math.min(availableParallelism(), batch ?? charLMDefaults.batchSize, 64);
}

/** Options as given -> plan; what was not given stays undefined, so that a resumed run keeps its own. */
function planOf(options: Options, workers: number | undefined): TrainPlan {
  const given = {
    cell: options.cell,
    hiddenSize: options.hidden,
    embeddingSize: options.embed,
    numLayers: options.layers,
    dropout: options.dropout,
    batchSize: options.batch,
    sequenceLength: options.seq,
    batching: options.batching,
    learningRate: options.lr,
    clipNorm: options.clip,
    seed: options.seed,
    validationFraction: options.valFraction,
    evaluateEvery: options.evalEvery,
    workers,
  };
  return {
    data: options.data,
    out: options.out,
    resume: options.resume === true ? (options.out ?? newestRun()) : options.resume,
    steps: options.steps,
    model: Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)),
    precision: options.precision,
    fast: options.fast,
    restarts: options.restarts ?? planDefaults.restarts,
    checkpointEvery: options.checkpointEvery,
    sampleEvery: options.sampleEvery,
    json: options.json === true,
    quiet: options.quiet === true,
  };
}
