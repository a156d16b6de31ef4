/** `hw5 inspect`: what a run folder or a checkpoint file holds. */
import type { RunFacts } from '@hw5/core';
import type { Command } from 'commander';
import { rangeOf, realNumber, wholeNumber } from '../args.js';
import { CliError } from '../errors.js';
import { addExamples, addJson } from '../help.js';
import { lossChart } from '../report/chart.js';
import { bytes, compact, loss } from '../report/format.js';
import { type LookOptions, lookInto } from '../report/look.js';
import { learningLine, modelLine } from '../report/model.js';
import { lossMeasure } from '../report/progress.js';
import { dataName } from '../run/config.js';
import type { SavedModel } from '../run/folder.js';
import { readMetrics } from '../run/metrics.js';
import { withModel } from '../run/model.js';
import { piecesOf } from '../run/vocabulary.js';
import { out, printable } from '../terminal.js';

interface Options extends LookOptions {
  readonly text?: string;
  readonly json?: true;
}

/** Characters of the vocabulary that are shown. */
const shownCharacters = 120;

export function define(command: Command): void {
  command
    .argument('<run>', 'a run folder, or a checkpoint file')
    .option('--text <text>', 'look into the model with this text, in one of these ways')
    .option('--connectivity', 'what an answer rests on, by its gradient (the way when none is named)')
    .option('--gates', 'gates and states of a layer, token by token')
    .option('--reach', '||dh_t / dh_k||: how far back a state depends on others')
    .option('--search <from:to>', 'where else the units of these tokens come on', rangeOf('--search'))
    .option('--attention', 'attention maps')
    .option('--next', 'what a language model expects, fed the text and fed its own')
    .option(
      '--at <n>',
      'which token, answer or step, counted from 0 (default: the last)',
      wholeNumber('--at'),
    )
    .option('--layer <n>', 'which layer, counted from 0 (default: the last)', wholeNumber('--layer'))
    .option(
      '--threshold <x>',
      'with --search: activation from which a unit is on (default: 0.3)',
      realNumber('--threshold', { rule: 'a number', allows: () => true }),
    );
  addJson(command, 'everything');
  addExamples(command, [
    ['inspect runs/panbeh-0', 'configuration, size, losses, hash'],
    ['inspect runs/panbeh-0 --text "The cat sat" --next', 'teacher forcing beside free running'],
    ['inspect runs/sentiment-0 --text "not a good film"', 'which words its answer rests on'],
    ['inspect runs/panbeh-0 --text "The cat sat" --gates --json', 'for programs'],
  ]);
  command.action(async (path: string, { json, text, ...options }: Options) => {
    if (text !== undefined) {
      const look = await withModel(path, ({ session }) => lookInto(session, text, options));
      out.line(json ? JSON.stringify(look.data) : look.show(out));
      return;
    }
    if (Object.keys(options).length > 0) {
      throw new CliError(
        'USAGE',
        `inspect: --text must be given with --${Object.keys(options)[0]}, got none`,
      );
    }
    const { info, saved, hash } = await withModel(path, async ({ session, info, saved }) => ({
      info,
      saved,
      hash: await session.hash(),
    }));
    const metrics =
      saved.run === undefined ? [] : readMetrics(saved.run.files.metrics).filter((r) => r.step <= info.step);
    const { vocabulary, labels } = vocabularyOf(info);
    const last = metrics.at(-1);
    const validated = metrics.findLast((report) => report.valLoss !== undefined);
    if (json) {
      const facts = {
        checkpoint: saved.checkpoint,
        ...(saved.recovered === undefined ? {} : { recovered: saved.recovered }),
        step: info.step,
        goal: saved.run?.config.steps,
        parameters: info.parameters,
        task: info.task,
        vocabularySize: vocabulary.length,
        vocabulary,
        ...(labels === undefined ? {} : { labels }),
        ...(info.best === undefined ? {} : { best: info.best }),
        hash,
        loss: last?.loss,
        valLoss: validated?.valLoss,
        config: info.config,
        data: saved.run?.config.data,
      };
      out.line(JSON.stringify(facts));
      return;
    }
    const { style } = out;
    const { config } = info;
    const goal = saved.run === undefined ? '' : ` of ${saved.run.config.steps}`;
    const rows: [string, string][] = [
      ['checkpoint', `${saved.checkpoint} (${bytes(saved.bytes.length)})`],
      ['step', `${info.step}${goal}`],
      ['model', modelLine(config)],
      [
        'learning',
        `${learningLine(config)}${windows(info)}, ${config.workers} worker${config.workers === 1 ? '' : 's'}, seed ${config.seed}`,
      ],
      ['parameters', compact(info.parameters)],
      readsRow(info, vocabulary),
      ...(labels === undefined ? [] : [['classes', printable(labels.join(', '))] as [string, string]]),
      ['data', sourceOf(saved)],
      [
        'loss',
        `training ${loss(last?.loss)}, validation ${loss(validated?.valLoss)}${validated === undefined ? '' : ` at step ${validated.step}`}`,
      ],
      ['hash', hash],
    ];
    for (const [name, value] of rows) out.line(`${style.bold(name.padEnd(10))} ${value}`);
    const chart = lossChart(metrics, {
      width: Math.max(30, Math.min(72, out.columns - 10)),
      per: lossMeasure(info.task, config),
      style,
    });
    if (chart !== '') out.line(`\n${chart}`);
  });
}

/** Tokens and classes, under the names that the kinds of run give them. */
function vocabularyOf({ description }: RunFacts): {
  readonly vocabulary: readonly string[];
  readonly labels: readonly string[] | undefined;
} {
  const { vocabulary, words, tokenizer, labels, tags } = description as {
    readonly words?: readonly string[];
    readonly vocabulary?: readonly string[];
    readonly tokenizer?: { readonly tokens: readonly string[] } | { readonly tokenizer: object };
    readonly labels?: readonly string[];
    readonly tags?: readonly string[];
  };
  const tokens = tokenizer && ('tokens' in tokenizer ? tokenizer.tokens : piecesOf(tokenizer.tokenizer));
  return { vocabulary: vocabulary ?? words ?? tokens ?? [], labels: labels ?? tags };
}

/** What the model reads: tokens, or numbers. */
function readsRow(info: RunFacts, vocabulary: readonly string[]): [string, string] {
  const { inputSize } = info.description as { readonly inputSize?: number };
  if (inputSize !== undefined) {
    const scaled = 'standardize' in info.config && info.config.standardize === true;
    const numbers = inputSize === 1 ? 'a number' : `${inputSize} numbers`;
    return ['reads', `${numbers} a step${scaled ? ', standardised' : ''}`];
  }
  const shown = excerpt(info, vocabulary).replace(/[\n\t]/g, (c) => (c === '\n' ? '␊' : '␉'));
  return ['vocabulary', `${vocabulary.length} ${vocabularyUnit(info)}: ${printable(shown)}`];
}

function vocabularyUnit({ description }: RunFacts): 'characters' | 'tokens' {
  return 'vocabulary' in description ? 'characters' : 'tokens';
}

function excerpt(info: RunFacts, vocabulary: readonly string[]): string {
  return vocabulary.join(vocabularyUnit(info) === 'characters' ? '' : ' ').slice(0, shownCharacters);
}

/** What only character models have. */
function windows({ config }: RunFacts): string {
  const { sequenceLength, batching } = config as {
    readonly sequenceLength?: number;
    readonly batching?: string;
  };
  return sequenceLength === undefined ? '' : ` x ${sequenceLength} (${batching})`;
}

function sourceOf({ run }: SavedModel): string {
  if (run === undefined) return '-';
  const { data } = run.config;
  return 'generated' in data ? `generated: ${dataName(data)}` : dataName(data);
}
