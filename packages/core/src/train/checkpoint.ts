/**
 * A run as one safetensors file: weights under PyTorch's names, `optimizer.exp_avg.*` and `optimizer.exp_avg_sq.*`,
 * the carried state as `state.h` and `state.c`, and everything else as JSON in the metadata key `hw5`.
 * The same state always gives the same bytes.
 */
import { CheckpointError, Hw5Error } from '../errors.js';
import { read, type SafeTensor, write } from '../formats/safetensors.js';
import type { RealArray } from '../kernel/kernel.js';
import { currentKernel } from '../kernel/load.js';
import type { CharLMConfig } from '../session/protocol.js';
import { scope, type Tensor, tensor } from '../tensor.js';
import { CharLMRun, type RunProgress } from './char-lm-run.js';

/** Raised when a file of an older program can no longer be read. */
const FORMAT_VERSION = 1;
const METADATA_KEY = 'hw5';

interface Header {
  readonly model: 'char-lm';
  readonly version: number;
  readonly kernel: string;
  readonly config: CharLMConfig;
  readonly vocabulary: readonly string[];
  readonly progress: RunProgress;
}

/**
 * The whole state of a run.
 * @throws DivergedError when a weight is NaN or infinite: such a state must not replace a good checkpoint
 */
export function saveCheckpoint(run: CharLMRun): Uint8Array<ArrayBuffer> {
  run.optimizer.flat.expectFinite(run.step);
  const tensors = new Map<string, SafeTensor>();
  const put = (name: string, { shape, data }: Tensor): void => {
    tensors.set(name, { shape, data: data as RealArray });
  };
  for (const [name, parameter] of run.model.namedParameters()) put(name, parameter);
  for (const [name, moment] of run.optimizer.stateDict().moments) put(`optimizer.${name}`, moment);
  if (run.state !== undefined) {
    put('state.h', run.state.h);
    put('state.c', run.state.c);
  }
  const header: Header = {
    model: 'char-lm',
    version: FORMAT_VERSION,
    kernel: run.kernel.variant,
    config: run.config,
    vocabulary: run.vocabulary.characters,
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

/**
 * Rebuild a run; nothing is kept when anything does not fit.
 * @param text - the text of the run; without it the model can generate and evaluate but not train
 * @throws CheckpointError for a damaged or foreign file, another precision, or another text
 */
export function loadCheckpoint(file: Uint8Array, text?: string): CharLMRun {
  const { tensors, metadata } = read(file);
  const header = readHeader(metadata.get(METADATA_KEY));
  const { precision } = currentKernel();
  const saved = tensors.get('head.weight')?.data instanceof Float64Array ? 'f64' : 'f32';
  if (saved !== precision) {
    throw new CheckpointError(`checkpoint: precision must be the session's ${precision}, got ${saved}`);
  }
  let run: CharLMRun | undefined;
  try {
    run = CharLMRun.restore(header.config, header.vocabulary, header.progress, text);
    const real = realTensors(tensors);
    const weights = new Map([...real].filter(([name]) => !/^(optimizer|state)\./.test(name)));
    run.model.loadStateDict(weights);
    const moments = new Map(
      [...real].filter(([name]) => name.startsWith('optimizer.')).map(([name, t]) => [name.slice(10), t]),
    );
    run.optimizer.loadStateDict(header.progress.step, moments);
    restoreState(run, real);
    return run;
  } catch (error) {
    run?.dispose();
    if (error instanceof Hw5Error && error.code !== 'ARGUMENT') throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new CheckpointError(`checkpoint: the header must describe a run, got: ${reason}`);
  }
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
  if (header.model !== 'char-lm' || header.version !== FORMAT_VERSION) {
    throw new CheckpointError(
      `checkpoint: must be char-lm version ${FORMAT_VERSION}, got ${String(header.model)} version ${String(header.version)}`,
    );
  }
  const { config, vocabulary, progress } = header;
  const whole = (n: unknown): boolean => Number.isSafeInteger(n) && (n as number) >= 0;
  const complete =
    typeof config === 'object' &&
    config !== null &&
    Array.isArray(vocabulary) &&
    vocabulary.length > 0 &&
    vocabulary.every((c) => typeof c === 'string' && [...c].length === 1) &&
    [
      progress?.step,
      progress?.streams?.data,
      progress?.streams?.dropout,
      progress?.batches?.window,
      progress?.batches?.offset,
    ].every(whole) &&
    typeof progress?.textHash === 'string';
  if (!complete) {
    throw new CheckpointError(
      'checkpoint: config, vocabulary and progress must be complete, got a damaged header',
    );
  }
  return header as Header;
}

function realTensors(
  tensors: ReadonlyMap<string, SafeTensor>,
): Map<string, { shape: readonly number[]; data: RealArray }> {
  const real = new Map<string, { shape: readonly number[]; data: RealArray }>();
  for (const [name, { shape, data }] of tensors) {
    if (!(data instanceof Float32Array || data instanceof Float64Array)) {
      throw new CheckpointError(`checkpoint: ${name} must hold reals, got whole numbers`);
    }
    real.set(name, { shape, data });
  }
  return real;
}

function restoreState(
  run: CharLMRun,
  saved: ReadonlyMap<string, { shape: readonly number[]; data: RealArray }>,
): void {
  const h = saved.get('state.h');
  const c = saved.get('state.c');
  if (h === undefined || c === undefined) return;
  const { numLayers, batchSize, hiddenSize } = run.config;
  const shape: [number, number, number] = [numLayers, batchSize, hiddenSize];
  for (const [name, { data, shape: got }] of [
    ['state.h', h],
    ['state.c', c],
  ] as const) {
    if (data.length !== numLayers * batchSize * hiddenSize) {
      throw new CheckpointError(`checkpoint: ${name} must be [${shape.join(', ')}], got [${got.join(', ')}]`);
    }
  }
  scope(() => {
    run.state = { h: tensor(h.data, shape), c: tensor(c.data, shape) };
  });
}
