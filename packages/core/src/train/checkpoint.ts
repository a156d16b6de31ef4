/**
 * A run as one safetensors file: weights under PyTorch's names, `optimizer.exp_avg.*` and `optimizer.exp_avg_sq.*`,
 * the carried state as `state.h` and, for the LSTM, `state.c`, and everything else as JSON in the metadata key `hw5`.
 * The same state always gives the same bytes.
 */
import { type TextTokens, type TextTokensState, textTokensOf } from '../data/text-tokens.js';
import type { TokenizerState } from '../data/tokenizer.js';
import { CheckpointError, Hw5Error } from '../errors.js';
import { read, type SafeTensor, write } from '../formats/safetensors.js';
import type { RealArray } from '../kernel/kernel.js';
import { currentKernel } from '../kernel/load.js';
import type { CharLMConfig } from '../session/protocol.js';
import { scope, type Tensor, tensor } from '../tensor.js';
import { CharLMRun } from './char-lm-run.js';
import type { Run, RunProgress } from './run.js';

/** Raised when a file of an older program can no longer be read. */
const FORMAT_VERSION = 1;
const METADATA_KEY = 'hw5';

/** The JSON of a checkpoint, whatever its kind. */
export interface Header {
  /** The kind of run. */
  readonly model: string;
  readonly version: number;
  readonly kernel: string;
  readonly config: object;
  readonly progress: RunProgress;
}

/** A checkpoint that was read and found whole. */
export interface OpenCheckpoint<H extends Header = Header> {
  readonly header: H;
  readonly tensors: ReadonlyMap<string, SavedTensor>;
}

interface SavedTensor {
  readonly shape: readonly number[];
  readonly data: RealArray;
}

/**
 * The whole state of a run.
 * @throws DivergedError when a weight is NaN or infinite: such a state must not replace a good checkpoint
 */
export function saveCheckpoint(run: Run): Uint8Array<ArrayBuffer> {
  run.flat.expectFinite(run.step);
  const tensors = new Map<string, SafeTensor>();
  const put = (name: string, { shape, data }: Tensor): void => {
    tensors.set(name, { shape, data: data as RealArray });
  };
  for (const [name, parameter] of run.weights.namedParameters()) put(name, parameter);
  for (const [name, moment] of run.optimizer.stateDict().moments) put(`optimizer.${name}`, moment);
  for (const [name, tensor] of run.carriedTensors()) put(`state.${name}`, tensor);
  const header: Header = {
    model: run.task,
    version: FORMAT_VERSION,
    kernel: run.kernel.variant,
    config: run.config,
    ...run.describe(),
    progress: run.progress,
  };
  // `format: pt` lets the usual Python loaders open the weights.
  return write(
    tensors,
    new Map([
      ['format', 'pt'],
      [METADATA_KEY, JSON.stringify(header)],
    ]),
  );
}

/** @throws CheckpointError for a damaged or foreign file, or one of another precision than the kernel's */
export function openCheckpoint(file: Uint8Array): OpenCheckpoint {
  const { tensors, metadata } = read(file);
  const header = readHeader(metadata.get(METADATA_KEY));
  const { precision } = currentKernel();
  const saved = [...tensors.values()].some(({ data }) => data instanceof Float64Array) ? 'f64' : 'f32';
  if (saved !== precision) {
    throw new CheckpointError(`checkpoint: precision must be the session's ${precision}, got ${saved}`);
  }
  return { header, tensors: realTensors(tensors) };
}

/**
 * Rebuild the run that `make` makes of the header; nothing is kept when anything does not fit.
 * @throws CheckpointError when it does not fit
 */
export function fillRun<R extends Run, H extends Header>(
  { header, tensors }: OpenCheckpoint<H>,
  make: (header: H) => R,
  restoreState: (run: R, saved: ReadonlyMap<string, SavedTensor>) => void = () => {},
): R {
  let run: R | undefined;
  try {
    run = make(header);
    run.weights.loadStateDict(new Map([...tensors].filter(([name]) => !/^(optimizer|state)\./.test(name))));
    const moments = new Map(
      [...tensors].filter(([name]) => name.startsWith('optimizer.')).map(([name, t]) => [name.slice(10), t]),
    );
    run.optimizer.loadStateDict(header.progress.step, moments);
    restoreState(run, tensors);
    return run;
  } catch (error) {
    run?.dispose();
    if (error instanceof Hw5Error && error.code !== 'ARGUMENT') throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new CheckpointError(`checkpoint: the header must describe a run, got: ${reason}`);
  }
}

/**
 * Rebuild a language model's run.
 * @param text - the text of the run; without it the model can generate and evaluate but not train
 * @param tokens - of a `tokenizer.json`, which must be loaded first
 * @throws CheckpointError for a damaged or foreign file, another precision, or another text
 */
export function loadCheckpoint(file: Uint8Array, text?: string, tokens?: TextTokens): CharLMRun {
  const { header, tensors } = openCheckpoint(file);
  if (header.model !== 'char-lm') {
    throw new CheckpointError(`checkpoint: must be of char-lm, got ${header.model}`);
  }
  const { vocabulary, words, tokenizer } = header as Partial<CharLMHeader>;
  const complete =
    (tokenizer !== undefined ||
      isTokens(words) ||
      (isTokens(vocabulary) && vocabulary.every((c) => [...c].length === 1))) &&
    wholeNumbers(header.progress.batches, ['window', 'offset']);
  if (!complete) throw damaged();
  return fillRun(
    { header: header as CharLMHeader, tensors },
    (of) => CharLMRun.restore(of.config, tokens ?? textTokensOf(of as TextTokensState), of.progress, text),
    restoreState,
  );
}

function isTokens(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.length > 0 && value.every((token) => typeof token === 'string');
}

/** Of the tokens it holds what its unit has. */
export interface CharLMHeader extends Header {
  readonly config: CharLMConfig;
  readonly vocabulary?: readonly string[];
  readonly words?: readonly string[];
  readonly tokenizer?: TokenizerState;
}

function readHeader(json: string | undefined): Header {
  if (json === undefined) {
    throw new CheckpointError('checkpoint: metadata must have the key hw5, got a file of another program');
  }
  let header: Partial<Header>;
  try {
    header = JSON.parse(json) as Partial<Header>;
  } catch {
    throw new CheckpointError('checkpoint: metadata hw5 must be JSON, got something else');
  }
  const { model, version, config, progress } = header;
  if (typeof model !== 'string' || version !== FORMAT_VERSION) {
    throw new CheckpointError(
      `checkpoint: must be of version ${FORMAT_VERSION}, got ${String(model)} version ${String(version)}`,
    );
  }
  const { best, plateau } = progress ?? {};
  const complete =
    typeof config === 'object' &&
    config !== null &&
    wholeNumbers(progress, ['step']) &&
    wholeNumbers(progress.streams, ['data', 'dropout']) &&
    typeof progress.batches === 'object' &&
    typeof progress.textHash === 'string' &&
    (best === undefined || (wholeNumbers(best, ['step']) && typeof best.loss === 'number')) &&
    (plateau === undefined ||
      (wholeNumbers(plateau, ['bad', 'cooling']) && typeof plateau.learningRate === 'number'));
  if (!complete) throw damaged();
  return header as Header;
}

function damaged(): CheckpointError {
  return new CheckpointError(
    'checkpoint: config, vocabulary and progress must be complete, got a damaged header',
  );
}

/** True when `value` has whole numbers >= 0 under all `names`. */
export function wholeNumbers<T>(value: T, names: readonly string[]): value is T & object {
  if (typeof value !== 'object' || value === null) return false;
  const record = value as Readonly<Record<string, unknown>>;
  return names.every((name) => Number.isSafeInteger(record[name]) && (record[name] as number) >= 0);
}

function realTensors(tensors: ReadonlyMap<string, SafeTensor>): Map<string, SavedTensor> {
  const real = new Map<string, SavedTensor>();
  for (const [name, { shape, data }] of tensors) {
    if (!(data instanceof Float32Array || data instanceof Float64Array)) {
      throw new CheckpointError(`checkpoint: ${name} must hold reals, got whole numbers`);
    }
    real.set(name, { shape, data });
  }
  return real;
}

function restoreState(run: CharLMRun, saved: ReadonlyMap<string, SavedTensor>): void {
  const { cell, numLayers, batchSize, hiddenSize } = run.config;
  const shape: [number, number, number] = [numLayers, batchSize, hiddenSize];
  const state = (['h', 'c'] as const).map((name) => {
    const tensor = saved.get(`state.${name}`);
    if (tensor !== undefined && tensor.data.length !== numLayers * batchSize * hiddenSize) {
      throw new CheckpointError(
        `checkpoint: state.${name} must be [${shape.join(', ')}], got [${tensor.shape.join(', ')}]`,
      );
    }
    return tensor?.data;
  });
  const [h, c] = state;
  if (h === undefined || (cell === 'lstm' && c === undefined)) return;
  scope(() => {
    run.state = { h: tensor(h, shape), c: c && tensor(c, shape) };
  });
}
