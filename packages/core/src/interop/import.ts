/** Files of others as runs: a language model with its vocabulary goes on as a run of our own, everything else is described. */
import { CharacterTokens, type TextTokens, WordTokens } from '../data/text-tokens.js';
import { CheckpointError, DataError } from '../errors.js';
import type { Weight } from '../nn/module.js';
import type { CharLMConfig } from '../session/protocol.js';
import { CharLMRun } from '../train/char-lm-run.js';
import {
  type FoundFile,
  type FoundWeight,
  languageModel,
  readWeights,
  recurrentLayers,
} from './read-weights.js';
import { type Cell, gateOrders, largest, maxDelta, type Receipt } from './receipt.js';

export interface ImportRequest {
  readonly file: Uint8Array;
  /** What the ids of a language model mean, in order; a file that `hw5 export` wrote says it itself. */
  readonly vocabulary?: readonly string[] | undefined;
  /** A text to train on and to evaluate with. */
  readonly text?: string | undefined;
  /** How to go on training; the sizes of the model are those of the file. */
  readonly config?: Partial<CharLMConfig> | undefined;
}

export interface Imported {
  readonly receipt: Receipt;
  /** The run, when the file is a language model and its vocabulary is known. */
  readonly run: CharLMRun | undefined;
}

/** What `hw5 export` says about a language model. */
interface OwnModel {
  readonly config: Partial<CharLMConfig>;
  readonly tokens: TextTokens;
}

/**
 * Read a file of weights: safetensors, .npz (PyTorch's names or Keras' layout), .pt, ONNX.
 * @throws ArgumentError for a file of another kind, CheckpointError or DataError for a damaged one or a vocabulary that does not fit
 */
export function importFile({ file, vocabulary, text, config: given }: ImportRequest): Imported {
  const found = readWeights(file);
  const own = ownModel(found.model);
  if (own?.config.cell === 'transformer') return ownTransformer(own, found, text, given);
  const layers = recurrentLayers(found.weights);
  const { cell } = layers;
  const side = found.format === 'onnx' ? 'onnx' : found.keras ? 'keras' : 'here';
  const facts = {
    direction: 'import',
    format: found.format,
    gates: { here: gateOrders[cell].here, file: gateOrders[cell][side] },
    ...(cell === 'gru' ? { linearBeforeReset: true } : {}),
    bias: biasOf(found.weights, side, cell),
  } as const;
  const line = `${cell.toUpperCase()}, ${layers.numLayers} layer${layers.numLayers === 1 ? '' : 's'}${layers.bidirectional ? ' in both directions' : ''}, input ${layers.inputSize}, hidden ${layers.hiddenSize}`;
  const tokens = vocabulary === undefined ? own?.tokens : tokensOf(vocabulary);
  let model: ReturnType<typeof languageModel>;
  try {
    model = languageModel(found.weights);
  } catch (error) {
    if (!(error instanceof DataError)) throw error;
    if (vocabulary !== undefined || text !== undefined) throw error;
    const note = `no run was made: ${error.message.replace(/^import: /, '')}`;
    return { run: undefined, receipt: { ...facts, model: line, ...unchanged(found.weights), notes: [note] } };
  }
  const sized = `${line}, vocabulary ${model.vocabularySize}`;
  if (tokens === undefined) {
    const note = `no run was made: a language model's vocabulary must be given (its ${model.vocabularySize} tokens in id order), got none`;
    const notes = [...model.notes, note];
    return { run: undefined, receipt: { ...facts, model: sized, ...unchanged(model.weights), notes } };
  }
  if (tokens.size !== model.vocabularySize) {
    throw new DataError(
      `import: vocabulary must have the ${model.vocabularySize} tokens of the model, got ${tokens.size}`,
    );
  }
  const config: Partial<CharLMConfig> = {
    ...own?.config,
    ...given,
    cell,
    embeddingSize: model.embeddingSize,
    hiddenSize: model.hiddenSize,
    numLayers: model.numLayers,
    unit: tokens.unit,
  };
  const run = makeRun(config, tokens, text, model.weights);
  return {
    run,
    receipt: {
      ...facts,
      model: `char-lm, ${sized}, embedding ${model.embeddingSize}`,
      ...received(run, model.weights, vocabulary === undefined ? 'as the file says' : 'as given'),
      notes: [...model.notes, 'max |Δ| is the rounding to the precision of the run'],
    },
  };
}

/** A Transformer that we wrote: nobody else's has the same layers under the same names. */
function ownTransformer(
  { config, tokens }: OwnModel,
  { format, weights }: FoundFile,
  text: string | undefined,
  given: Partial<CharLMConfig> | undefined,
): Imported {
  const run = makeRun({ ...config, ...given }, tokens, text, weights);
  const { numLayers, embeddingSize } = run.config;
  const model = `char-lm, TRANSFORMER, ${numLayers} layer${numLayers === 1 ? '' : 's'}, embedding ${embeddingSize}, vocabulary ${tokens.size}`;
  const facts = received(run, weights, 'as the file says');
  return { run, receipt: { direction: 'import', format, model, ...facts, bias: 'as they are', notes: [] } };
}

/** The weights in the run against those of the file. */
function received(
  run: CharLMRun,
  weights: readonly FoundWeight[],
  order: string,
): Pick<Receipt, 'tensors' | 'maxDelta' | 'vocabulary'> {
  const parameters = run.weights.namedParameters();
  const tensors = weights.map(({ name, weight, file, fileShape, change }) => {
    const { shape, data } = parameters.get(name)!;
    return { name, shape, file, fileShape, change, maxDelta: maxDelta(weight.data, data) };
  });
  const { tokens } = run.vocabulary;
  return {
    tensors,
    maxDelta: largest(tensors),
    vocabulary: { size: tokens.length, order, first: tokens.slice(0, 8) },
  };
}

function makeRun(
  config: Partial<CharLMConfig>,
  tokens: TextTokens,
  text: string | undefined,
  weights: readonly FoundWeight[],
): CharLMRun {
  const run = CharLMRun.withTokens(config, tokens, text);
  try {
    run.weights.loadStateDict(new Map(weights.map(({ name, weight }): [string, Weight] => [name, weight])));
    return run;
  } catch (error) {
    run.dispose();
    throw error;
  }
}

/** Single characters, or words, which the unknown one is among. @throws DataError for repeats */
function tokensOf(vocabulary: readonly string[]): TextTokens {
  return vocabulary.every((token) => [...token].length === 1)
    ? new CharacterTokens(vocabulary)
    : new WordTokens(vocabulary);
}

/** @throws CheckpointError when the metadata is damaged */
function ownModel(json: string | undefined): OwnModel | undefined {
  if (json === undefined) return undefined;
  let said: {
    readonly task?: unknown;
    readonly config?: unknown;
    readonly vocabulary?: unknown;
    readonly words?: unknown;
  };
  try {
    said = (JSON.parse(json) ?? {}) as typeof said;
  } catch {
    throw new CheckpointError('import: metadata hw5.model must be JSON, got something else');
  }
  const tokens = said.vocabulary ?? said.words;
  const complete =
    said.task === 'char-lm' &&
    typeof said.config === 'object' &&
    said.config !== null &&
    Array.isArray(tokens);
  if (!complete || !(tokens as unknown[]).every((token) => typeof token === 'string')) return undefined;
  return { config: said.config as Partial<CharLMConfig>, tokens: tokensOf(tokens as string[]) };
}

/** Weights as they lie in the file. */
function unchanged(found: readonly FoundWeight[]): Pick<Receipt, 'tensors' | 'maxDelta'> {
  const tensors = found.map(({ name, weight, file, fileShape, change }) => {
    const { shape } = weight;
    return { name, shape, file, fileShape, change, maxDelta: 0 };
  });
  return { tensors, maxDelta: 0 };
}

function biasOf(found: readonly FoundWeight[], side: 'onnx' | 'keras' | 'here', cell: Cell): string {
  if (!found.some(({ name }) => /bias_ih_l0/.test(name))) return 'none in the file';
  if (side === 'keras') {
    return cell === 'gru' ? 'both, [2, 3 H] (reset_after=True)' : 'one, read as bias_ih; bias_hh is 0';
  }
  return side === 'onnx'
    ? 'two biases per layer in B, input before hidden'
    : 'two biases per layer, as they are';
}
