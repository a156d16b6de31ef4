/** `hw5 train`: options -> plan -> run -> report. */
import { availableParallelism } from 'node:os';
import type { GeneratedData, optim, RunTask } from '@hw5/core';
import { Command } from 'commander';
import { oneOf, realNumber, schedule, wholeNumber, workerCount } from '../args.js';
import { CliError } from '../errors.js';
import { addExamples, addJson } from '../help.js';
import { newestRun } from '../run/folder.js';
import { planDefaults, type TrainPlan, taskDefaults } from '../train/plan.js';

type Schedule = optim.Schedule;

interface Options {
  readonly data?: string;
  readonly task?: string;
  readonly examples?: number;
  readonly epochs?: number;
  readonly bidirectional?: boolean;
  readonly pooling?: 'last' | 'mean' | 'max' | 'attention';
  readonly unit?: 'characters' | 'words';
  readonly attention?: 'additive' | 'dot';
  readonly beam?: number;
  readonly schedule?: Schedule;
  readonly patience?: number;
  readonly keepBest?: true;
  readonly tensorboard?: true;
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

/** @param act - what is done with the plan; trains when left out */
export function define(command: Command, act: (plan: TrainPlan) => Promise<void> = trainAsPlanned): void {
  command.argument(
    '<task>',
    'char-lm: a character-level language model; classify: a class for each text; tag: a tag for each token; seq2seq: a text for each text',
    oneOf('task', ['char-lm', 'classify', 'tag', 'seq2seq']),
  );
  command
    .optionsGroup('Data and run:')
    .option(
      '--data <file>',
      'text to learn from, or CSV or JSON lines with text,label (classify), tokens,tags (tag) or source,target (seq2seq); - for stdin',
    )
    .option(
      '--task <name>',
      'generated examples: dyck, parity, sentiment (classify); copy, mood, part-of-speech (tag); dates, jalali-dates, reverse (seq2seq) (default without --data: sentiment, part-of-speech, dates)',
    )
    .option(
      '--examples <n>',
      'generated examples to learn from (default: 4000; dates: 8000)',
      wholeNumber('--examples', { min: 1 }),
    )
    .option('--out <folder>', 'where the run is kept (default: runs/NAME-SEED)')
    .option('--resume [run]', 'continue a run exactly where its checkpoint is (default: the newest in runs/)')
    .option(
      '--steps <n>',
      `train until this many steps are done in all (default: ${planDefaults.steps})`,
      wholeNumber('--steps', { min: 1 }),
    )
    .option(
      '--epochs <x>',
      'passes over the examples, in place of --steps (default: 4; seq2seq: 3)',
      realNumber('--epochs', positive),
    )
    .option('--seed <n>', 'seed of everything random (default: 0)', wholeNumber('--seed'));
  command
    .optionsGroup('Model:')
    .option(
      '--cell <cell>',
      'recurrent cell: rnn, gru or lstm (default: lstm; seq2seq: gru)',
      oneOf('--cell', ['rnn', 'gru', 'lstm']),
    )
    .option(
      '--hidden <n>',
      'units per layer (default: 256; on examples: 64)',
      wholeNumber('--hidden', { min: 1 }),
    )
    .option(
      '--embed <n>',
      "size of a token's vector (default: 64; on examples: 32)",
      wholeNumber('--embed', { min: 1 }),
    )
    .option('--layers <n>', 'stacked layers (default: 1)', wholeNumber('--layers', { min: 1 }))
    .option('--bidirectional', 'read in both directions (default: tag and seq2seq)')
    .option('--no-bidirectional', 'read in one direction')
    .option(
      '--pooling <how>',
      'classify: last, mean, max or attention (default: last)',
      oneOf('--pooling', ['last', 'mean', 'max', 'attention']),
    )
    .option(
      '--unit <unit>',
      'a token is one of words or characters (default: words; seq2seq: characters)',
      oneOf('--unit', ['words', 'characters']),
    )
    .option(
      '--attention <score>',
      'seq2seq: additive or dot (default: additive)',
      oneOf('--attention', ['additive', 'dot']),
    )
    .option(
      '--beam <n>',
      'seq2seq: hypotheses kept when asked (default: 1)',
      wholeNumber('--beam', { min: 1 }),
    )
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
    .option('--lr <x>', "Adam's step size (default: 0.002; on examples: 0.005)", realNumber('--lr', positive))
    .option(
      '--schedule <how>',
      'of the step size: constant, cosine:STEPS, step:EVERY:FACTOR or warmup:STEPS (default: constant)',
      schedule,
    )
    .option(
      '--clip <x>',
      'largest global gradient norm, 0 = off (default: 1)',
      realNumber('--clip', notNegative),
    )
    .option(
      '--val-fraction <x>',
      'share of a text or table kept for validation (default: 0.1)',
      realNumber('--val-fraction', half),
    )
    .option(
      '--eval-every <n>',
      'steps between validations, 0 = only at the end (default: 100)',
      wholeNumber('--eval-every'),
    )
    .option(
      '--patience <n>',
      'stop after this many validations without a better one, 0 = never (default: 0)',
      wholeNumber('--patience'),
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
    .option('--keep-best', 'keep the checkpoint of the best validation too, as best.safetensors')
    .option('--tensorboard', 'write TensorBoard events into the run folder')
    .option('-q, --quiet', 'only the result');
  addJson(command, 'one line per step and a last one with "done"');
  addExamples(command, [
    ['train char-lm', 'learn the sample text, about a minute'],
    ['train char-lm --data book.txt --layers 2 --dropout 0.2 --steps 3000', 'learn your own text'],
    ['train char-lm --hidden 512 --workers auto', 'a large model on all cores'],
    [
      'train classify --data reviews.csv --epochs 5',
      'learn the classes of your own texts (columns text,label)',
    ],
    ['train classify --task sentiment', 'praise or blame in two languages, some seconds'],
    ['train tag --task part-of-speech', 'parts of speech, some seconds'],
    ['train seq2seq --task dates', 'dates to ISO with attention, about a minute'],
    ['train char-lm --resume --steps 6000', 'train the newest run further'],
    ['train char-lm --data book.txt --steps 200 --json', 'for programs'],
  ]);
  command.action(async (task: RunTask, options: Options) => {
    refuseBoth(options);
    await act(planOf(task, options, await workersOf(options)));
  });
}

async function trainAsPlanned(plan: TrainPlan): Promise<void> {
  const { train } = await import('../train/train.js');
  await train(plan);
}

/** This command apart from the program, for who writes its arguments himself. */
export function trainCommand(act: (plan: TrainPlan) => Promise<void>): Command {
  const silent = { outputError: () => {}, writeOut: () => {}, writeErr: () => {} };
  const command = new Command('train').exitOverride().configureOutput(silent);
  define(command, act);
  return command;
}

/**
 * The plan of `hw5 train ARGS`.
 * @throws CliError for a value outside its domain, CommanderError for an option that there is not
 */
export async function planOfArgs(args: readonly string[]): Promise<TrainPlan> {
  const plans: TrainPlan[] = [];
  const command = trainCommand(async (plan) => {
    plans.push(plan);
  });
  await command.parseAsync([...args], { from: 'user' });
  return plans[0]!;
}

/** One source of data, one measure of length. */
function refuseBoth({ data, task, examples, steps, epochs }: Options): void {
  if (data !== undefined && (task ?? examples) !== undefined) {
    const flag = task === undefined ? '--examples' : '--task';
    throw new CliError('USAGE', `train: --data or ${flag} must be given, got both`);
  }
  if (steps !== undefined && epochs !== undefined) {
    throw new CliError('USAGE', 'train: --steps or --epochs must be given, got both');
  }
}

/** The generated task that was asked for, by name or by size alone. */
function generatedOf(
  task: RunTask,
  { task: name, examples, resume, seed = 0 }: Options,
): GeneratedData | undefined {
  const usual = taskDefaults[task].generated;
  if (usual === undefined && (name ?? examples) !== undefined) {
    throw new CliError(
      'USAGE',
      `train: ${task} must learn from a text, got ${name === undefined ? '--examples' : '--task'}`,
    );
  }
  if (usual === undefined || (resume !== undefined && (name ?? examples) === undefined)) return undefined;
  return {
    task: name ?? usual.task,
    train: examples ?? usual.train ?? 4000,
    validation: usual.validation ?? 500,
    seed,
  };
}

/** `auto` is one worker per core; a resumed run keeps its own number. */
async function workersOf({ workers, batch, resume }: Options): Promise<number | undefined> {
  if (workers !== 'auto') return workers;
  if (resume !== undefined) return undefined;
  const { charLMDefaults } = await import('@hw5/core');
  return Math.min(availableParallelism(), batch ?? charLMDefaults.batchSize, 64);
}

/** Options as given -> plan; what was not given stays undefined, so that a resumed run keeps its own. */
function planOf(task: RunTask, options: Options, workers: number | undefined): TrainPlan {
  const given = {
    cell: options.cell,
    hiddenSize: options.hidden,
    embeddingSize: options.embed,
    numLayers: options.layers,
    bidirectional: options.bidirectional,
    pooling: options.pooling,
    unit: options.unit,
    attention: options.attention,
    beam: options.beam,
    dropout: options.dropout,
    batchSize: options.batch,
    sequenceLength: options.seq,
    batching: options.batching,
    learningRate: options.lr,
    schedule: options.schedule,
    clipNorm: options.clip,
    seed: options.seed,
    validationFraction: options.valFraction,
    evaluateEvery: options.evalEvery,
    workers,
  };
  return {
    task,
    data: options.data,
    generated: generatedOf(task, options),
    out: options.out,
    resume: options.resume === true ? (options.out ?? newestRun()) : options.resume,
    steps: options.steps,
    epochs: options.epochs,
    model: Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)),
    precision: options.precision,
    fast: options.fast,
    restarts: options.restarts ?? planDefaults.restarts,
    checkpointEvery: options.checkpointEvery,
    sampleEvery: options.sampleEvery,
    patience: options.patience,
    keepBest: options.keepBest,
    tensorboard: options.tensorboard,
    json: options.json === true,
    quiet: options.quiet === true,
  };
}
