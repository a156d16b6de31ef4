/** `hw5 train`: options -> plan -> run -> report. */
import { availableParallelism } from 'node:os';
import type { GeneratedData, RunTask } from '@hw5/core';
import { Command } from 'commander';
import { CliError } from '../errors.js';
import { addExamples, addJson } from '../help.js';
import { newestRun } from '../run/folder.js';
import { addTrainOptions, type TrainOptions } from '../train/options.js';
import { planDefaults, type TrainPlan, taskDefaults } from '../train/plan.js';

/** @param act - what is done with the plan; trains when left out */
export function define(command: Command, act: (plan: TrainPlan) => Promise<void> = trainAsPlanned): void {
  addTrainOptions(command);
  addJson(command, 'one line per step and a last one with "done"');
  addExamples(command, [
    ['train char-lm', 'learn the sample text, about a minute'],
    ['train char-lm --data book.txt --layers 2 --dropout 0.2 --steps 3000', 'learn your own text'],
    ['train char-lm --hidden 512 --workers auto', 'a large model on all cores'],
    ['train char-lm --cell transformer --layers 2', 'a small Transformer, for comparison'],
    ['train char-lm --data book.txt --tokens word', 'word by word'],
    [
      'train classify --data reviews.csv --epochs 5',
      'learn the classes of your own texts (columns text,label)',
    ],
    ['train classify --task sentiment', 'praise or blame in two languages, some seconds'],
    ['train tag --task part-of-speech', 'parts of speech, some seconds'],
    ['train seq2seq --task dates', 'dates to ISO with attention, about a minute'],
    ['train classify --task pitch', 'a low or a high voice, from its pitch contour'],
    ['train forecast --task mackey-glass', 'the next value of a chaotic series'],
    ['train char-lm --resume --steps 6000', 'train the newest run further'],
    ['train char-lm --data book.txt --steps 200 --json', 'for programs'],
  ]);
  command.action(async (task: RunTask, options: TrainOptions) => {
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
function refuseBoth({ data, task, examples, steps, epochs }: TrainOptions): void {
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
  { task: name, examples, resume, seed = 0 }: TrainOptions,
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
async function workersOf({ workers, batch, resume }: TrainOptions): Promise<number | undefined> {
  if (workers !== 'auto') return workers;
  if (resume !== undefined) return undefined;
  const { charLMDefaults } = await import('@hw5/core');
  return Math.min(availableParallelism(), batch ?? charLMDefaults.batchSize, 64);
}

/** What a token is, of a language model or of examples. */
function unitOf({ tokens, unit }: TrainOptions): string | undefined {
  if (tokens === undefined) return unit;
  return tokens === 'char' ? 'characters' : tokens === 'word' ? 'words' : 'hugging-face';
}

/** TrainOptions as given -> plan; what was not given stays undefined, so that a resumed run keeps its own. */
function planOf(task: RunTask, options: TrainOptions, workers: number | undefined): TrainPlan {
  const given = {
    cell: options.cell,
    numHeads: options.heads,
    positions: options.positions,
    hiddenSize: options.hidden,
    embeddingSize: options.embed,
    numLayers: options.layers,
    bidirectional: options.bidirectional,
    pooling: options.pooling,
    unit: unitOf(options),
    maxWords: options.maxWords,
    window: options.window,
    standardize: options.standardize,
    attention: options.attention,
    beam: options.beam,
    dropout: options.dropout,
    batchSize: options.batch,
    sequenceLength: options.seq,
    batching: options.batching,
    learningRate: options.lr,
    rateChanges: options.lrAt,
    optimizer: options.optimizer,
    momentum: options.momentum,
    weightDecay: options.weightDecay,
    labelSmoothing: options.labelSmoothing,
    scheduledSampling: options.scheduledSampling?.probability,
    samplingSteps: options.scheduledSampling?.steps,
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
    tokenizer: options.tokens?.endsWith('.json') ? options.tokens : undefined,
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
    mlflow: options.mlflow,
    mlflowExperiment: options.mlflowExperiment,
    json: options.json === true,
    quiet: options.quiet === true,
  };
}
