/** The options of `hw5 train`, by what they are about. */
import type { OptimizerName, RateChange, RunSchedule } from '@hw5/core';
import type { Command } from 'commander';
import {
  oneOf,
  rateChanges,
  realNumber,
  sampling,
  schedule,
  serverAddress,
  tokensOf,
  wholeNumber,
  workerCount,
} from '../args.js';
import { planDefaults } from './plan.js';

export interface TrainOptions {
  readonly data?: string;
  readonly task?: string;
  readonly examples?: number;
  readonly epochs?: number;
  readonly bidirectional?: boolean;
  readonly pooling?: 'last' | 'mean' | 'max' | 'attention';
  readonly unit?: 'characters' | 'words';
  readonly attention?: 'additive' | 'dot';
  readonly beam?: number;
  readonly optimizer?: OptimizerName;
  readonly momentum?: number;
  readonly weightDecay?: number;
  readonly labelSmoothing?: number;
  readonly scheduledSampling?: { readonly probability: number; readonly steps: number };
  readonly schedule?: RunSchedule;
  readonly patience?: number;
  readonly keepBest?: true;
  readonly tensorboard?: true;
  readonly mlflow?: string;
  readonly mlflowExperiment?: string;
  readonly out?: string;
  readonly resume?: string | true;
  readonly steps?: number;
  readonly cell?: 'rnn' | 'gru' | 'lstm' | 'transformer';
  readonly heads?: number;
  readonly window?: number;
  readonly standardize?: boolean;
  readonly positions?: 'learned' | 'sinusoidal';
  readonly tokens?: string;
  readonly maxWords?: number;
  readonly hidden?: number;
  readonly embed?: number;
  readonly layers?: number;
  readonly dropout?: number;
  readonly batch?: number;
  readonly seq?: number;
  readonly batching?: 'stream' | 'random';
  readonly lr?: number;
  readonly lrAt?: readonly RateChange[];
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

export function addTrainOptions(command: Command): void {
  command.argument(
    '<task>',
    'char-lm: a character-level language model; classify: a class for each text or series of numbers; tag: a tag for each token; seq2seq: a text for each text; forecast: numbers from a series of numbers',
    oneOf('task', ['char-lm', 'classify', 'tag', 'seq2seq', 'forecast']),
  );
  command
    .optionsGroup('Data and run:')
    .option(
      '--data <file>',
      'text to learn from, or CSV or JSON lines with text,label or inputs,label (classify), tokens,tags (tag) source,target (seq2seq) or inputs,targets (forecast, or any columns of numbers, a step a row); - for stdin',
    )
    .option(
      '--task <name>',
      'generated examples: dyck, parity, pitch, sentiment (classify); copy, mood, part-of-speech (tag); dates, echo, jalali-dates, reverse, romanization, transliteration (seq2seq); adding, mackey-glass, sine (forecast) (default without --data: sentiment, part-of-speech, dates, mackey-glass)',
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
      'recurrent cell: rnn, gru or lstm; char-lm also transformer: self-attention instead (default: lstm; seq2seq: gru)',
      oneOf('--cell', ['rnn', 'gru', 'lstm', 'transformer']),
    )
    .option(
      '--heads <n>',
      'char-lm, transformer: heads, a divisor of --embed (default: 4)',
      wholeNumber('--heads', { min: 1 }),
    )
    .option(
      '--positions <kind>',
      'char-lm, transformer: learned or sinusoidal (default: learned)',
      oneOf('--positions', ['learned', 'sinusoidal']),
    )
    .option(
      '--hidden <n>',
      'units per layer, of a transformer between its linear layers (default: 256; on examples: 64)',
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
      '--tokens <kind>',
      'char-lm: a token is one of char or word, or a piece of a Hugging Face tokenizer.json (default: char)',
      tokensOf,
    )
    .option(
      '--max-words <n>',
      'char-lm, --tokens word: words kept, the rarer ones are unknown (default: 10000)',
      wholeNumber('--max-words', { min: 1 }),
    )
    .option(
      '--window <n>',
      'forecast: steps of an example cut from a long series (default: 50)',
      wholeNumber('--window', { min: 1 }),
    )
    .option('--standardize', 'numbers: learn them with mean 0 and deviation 1 of the training part (default)')
    .option('--no-standardize', 'numbers: learn them as they are')
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
    .option(
      '--seq <n>',
      'tokens per window, which is all that a transformer sees (default: 64)',
      wholeNumber('--seq', { min: 1 }),
    )
    .option(
      '--batching <how>',
      'stream (carried state) or random windows (default: stream)',
      oneOf('--batching', ['stream', 'random']),
    )
    .option(
      '--optimizer <name>',
      'sgd, momentum, adam, adamw, rmsprop or adagrad (default: adam)',
      oneOf('--optimizer', ['sgd', 'momentum', 'adam', 'adamw', 'rmsprop', 'adagrad']),
    )
    .option(
      '--lr <x>',
      'step size (default: 0.002; on examples: 0.005; sgd: 0.5, momentum: 0.1, adagrad: 0.05)',
      realNumber('--lr', positive),
    )
    .option(
      '--lr-at <step=rate,...>',
      'other step sizes from these steps on: what the lab notes when the rate is changed while a run trains',
      rateChanges,
    )
    .option(
      '--momentum <x>',
      'share of the last direction that is kept, with --optimizer momentum (default: 0.9)',
      realNumber('--momentum', { rule: 'a number between 0 and 1', allows: (x) => x > 0 && x < 1 }),
    )
    .option(
      '--weight-decay <x>',
      'pull of the weights towards 0 (default: 0)',
      realNumber('--weight-decay', notNegative),
    )
    .option(
      '--schedule <how>',
      'of the step size: constant, cosine:STEPS, step:EVERY:FACTOR, warmup:STEPS,NEXT, or plateau:PATIENCE:FACTOR by validations (default: constant)',
      schedule,
    )
    .option(
      '--label-smoothing <x>',
      'share of each target that is spread over all classes (default: 0)',
      realNumber('--label-smoothing', probability),
    )
    .option(
      '--scheduled-sampling <p[:steps]>',
      'seq2seq: how often the decoder reads its own token in training, reached over so many steps (default: 0)',
      sampling,
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
    .option(
      '--mlflow <url>',
      'report to an MLflow server; training goes on when it cannot be reached',
      serverAddress('--mlflow'),
    )
    .option('--mlflow-experiment <name>', 'experiment there (default: hw5)')
    .option('-q, --quiet', 'only the result');
}
