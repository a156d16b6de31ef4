/** Runs of every kind, by name. Each kind is loaded when it is asked for: most sessions need one. */
import { PieceTokens } from '../data/text-tokens.js';
import type { HuggingFaceState } from '../data/tokenizer.js';
import { ArgumentError } from '../errors.js';
import type { CharLMConfig } from '../session/protocol.js';
import { CharLMRun } from './char-lm-run.js';
import { type CharLMHeader, fillRun, loadCheckpoint, openCheckpoint } from './checkpoint.js';
import type { ClassifyHeader } from './classify-run.js';
import type { ClassifySeriesHeader } from './classify-series-run.js';
import type { ExamplesRun } from './examples-run.js';
import type { ForecastHeader } from './forecast-run.js';
import type { Run } from './run.js';
import type { Seq2SeqHeader } from './seq2seq-run.js';
import type { TagHeader } from './tag-run.js';
import type {
  ClassifyConfig,
  ClassifySeriesConfig,
  ForecastConfig,
  Seq2SeqConfig,
  TagConfig,
} from './task-config.js';
import type { TaskData } from './task-data.js';

/** What a run learns from: a character model's text, or examples. */
export type RunData = string | TaskData;

/** A run to create. */
export type RunRequest =
  | {
      readonly task: 'char-lm';
      readonly data: string;
      readonly config?: Partial<CharLMConfig>;
      /** Contents of tokenizer.json and tokenizer_config.json, for the unit `'hugging-face'`. */
      readonly tokenizer?: Omit<HuggingFaceState, 'unit'>;
    }
  | {
      readonly task: 'classify';
      readonly data: TaskData;
      /** Of texts, or of numbers where the data has those. */
      readonly config?: Partial<ClassifyConfig> | Partial<ClassifySeriesConfig>;
    }
  | { readonly task: 'tag'; readonly data: TaskData; readonly config?: Partial<TagConfig> }
  | { readonly task: 'forecast'; readonly data: TaskData; readonly config?: Partial<ForecastConfig> }
  | { readonly task: 'seq2seq'; readonly data: TaskData; readonly config?: Partial<Seq2SeqConfig> };

export type RunTask = RunRequest['task'];

/** Load what the kind needs. @returns what makes the run, at once or not at all */
export async function runMaker(request: RunRequest): Promise<() => Run> {
  const { task, data, config } = request;
  switch (task) {
    case 'char-lm': {
      const { tokenizer } = request;
      const tokens = tokenizer === undefined ? undefined : await pieces(tokenizer);
      const given: Partial<CharLMConfig> = { ...config, ...(tokens && { unit: tokens.unit }) };
      return () => CharLMRun.create(data, given, tokens);
    }
    case 'classify': {
      const { ClassifyRun } = await import('./classify-run.js');
      const { ClassifySeriesRun, isLabelledSeries } = await import('./classify-series-run.js');
      return () => (isLabelledSeries(data) ? ClassifySeriesRun : ClassifyRun).create(data, config);
    }
    case 'tag': {
      const { TagRun } = await import('./tag-run.js');
      return () => TagRun.create(data, config);
    }
    case 'seq2seq': {
      const { Seq2SeqRun } = await import('./seq2seq-run.js');
      return () => Seq2SeqRun.create(data, config);
    }
    case 'forecast': {
      const { ForecastRun } = await import('./forecast-run.js');
      return () => ForecastRun.create(data, config);
    }
    default:
      throw new ArgumentError(
        `createRun: task must be char-lm, classify, tag, seq2seq or forecast, got ${String(task)}`,
      );
  }
}

/**
 * Load what the kind of a checkpoint needs.
 * @param data - what the run learns from; left out, a run on a generated task makes it anew and others cannot train
 * @returns what rebuilds the run, at once or not at all
 * @throws CheckpointError for a damaged or foreign file
 */
export async function runLoader(file: Uint8Array, data?: RunData): Promise<() => Run> {
  const { header, tensors } = openCheckpoint(file);
  const examples = (): TaskData | undefined => {
    if (typeof data !== 'string') return data;
    throw new ArgumentError(`loadRun: data of ${header.model} must be examples, got a text`);
  };
  switch (header.model) {
    case 'classify': {
      if ('inputSize' in header) {
        const { ClassifySeriesRun } = await import('./classify-series-run.js');
        const open = { header: header as ClassifySeriesHeader, tensors };
        return () => fillRun(open, (of) => ClassifySeriesRun.restore(of, examples()));
      }
      const { ClassifyRun } = await import('./classify-run.js');
      const open = { header: header as ClassifyHeader, tensors };
      return () => fillRun(open, (of) => ClassifyRun.restore(of, examples()));
    }
    case 'tag': {
      const { TagRun } = await import('./tag-run.js');
      const open = { header: header as TagHeader, tensors };
      return () => fillRun(open, (of) => TagRun.restore(of, examples()));
    }
    case 'seq2seq': {
      const { Seq2SeqRun } = await import('./seq2seq-run.js');
      const open = { header: header as Seq2SeqHeader, tensors };
      return () => fillRun(open, (of) => Seq2SeqRun.restore(of, examples()));
    }
    case 'forecast': {
      const { ForecastRun } = await import('./forecast-run.js');
      const open = { header: header as ForecastHeader, tensors };
      return () => fillRun(open, (of) => ForecastRun.restore(of, examples()));
    }
    default:
      if (typeof data === 'object')
        throw new ArgumentError('loadRun: data of char-lm must be a text, got examples');
      return charLMLoader(file, data);
  }
}

/** The same for a language model. @throws CheckpointError for any other file */
export async function charLMLoader(file: Uint8Array, text?: string): Promise<() => CharLMRun> {
  const { tokenizer } = openCheckpoint(file).header as CharLMHeader;
  const tokens = tokenizer?.unit === 'hugging-face' ? await pieces(tokenizer) : undefined;
  return () => loadCheckpoint(file, text, tokens);
}

async function pieces(state: Omit<HuggingFaceState, 'unit'>): Promise<PieceTokens> {
  const { loadHuggingFace } = await import('../data/hugging-face.js');
  return new PieceTokens(await loadHuggingFace(state));
}

/** @throws ArgumentError when the run does not learn from examples */
export function examplesRun(op: string, run: Run): ExamplesRun<never> {
  if ('predict' in run) return run as unknown as ExamplesRun<never>;
  throw new ArgumentError(`${op}: the run must learn from examples, got ${run.task}`);
}
