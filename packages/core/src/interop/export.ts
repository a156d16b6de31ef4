/** A run's model in the formats of others, each with a receipt: read back, compared, said what moved where. */
import { ArgumentError } from '../errors.js';
import type { NpyArray } from '../formats/npy.js';
import { readNpz, writeNpz } from '../formats/npz.js';
import { read, type SafeTensor, write } from '../formats/safetensors.js';
import { CharLM } from '../models/char-lm.js';
import { Seq2Seq } from '../models/seq2seq.js';
import { SequenceModel } from '../models/sequence-model.js';
import { TransformerLM } from '../models/transformer-lm.js';
import type { Module, Weight } from '../nn/module.js';
import { toOnnx } from '../onnx/export/to-onnx.js';
import { CharLMRun } from '../train/char-lm-run.js';
import type { Run } from '../train/run.js';
import { kerasRows, kerasWeights } from './keras-weights.js';
import { answersOf } from './onnx-answers.js';
import { onnxRows } from './onnx-weights.js';
import { type Probe, probe } from './probe.js';
import { pytorchScript } from './pytorch-script.js';
import {
  type Cell,
  type ExportFormat,
  gateOrders,
  largest,
  maxDelta,
  type Receipt,
  type ReceiptRow,
} from './receipt.js';

export const exportFormats = ['safetensors', 'npz', 'keras', 'onnx', 'pytorch'] as const;

/** Files by name, and what is in them. */
export interface Exported {
  readonly files: ReadonlyMap<string, Uint8Array>;
  readonly receipt: Receipt;
}

const utf8 = new TextEncoder();

/**
 * The model of a run, as files.
 * @throws ArgumentError for an unknown format, or a model that the format cannot hold
 */
export function exportRun(run: Run, format: ExportFormat): Exported {
  if (!exportFormats.includes(format)) {
    throw new ArgumentError(
      `export: format must be one of ${exportFormats.join(', ')}, got ${String(format)}`,
    );
  }
  const { files, order, ...facts } = writers[format](run);
  const [vocabulary, ...others] = meaningsOf(run);
  for (const { file, tokens } of vocabulary === undefined ? [] : [vocabulary, ...others]) {
    files.set(file, utf8.encode(`${JSON.stringify(tokens, null, 1)}\n`));
  }
  const cell = cellOf(run);
  const receipt: Receipt = {
    direction: 'export',
    format,
    model: described(run),
    maxDelta: largest(facts.tensors),
    ...facts,
    ...(cell === undefined
      ? { bias: 'as they are' }
      : { gates: { here: gateOrders[cell].here, file: gateOrders[cell][order] } }),
    ...(cell === 'gru' ? { linearBeforeReset: true } : {}),
    ...(vocabulary === undefined
      ? {}
      : {
          vocabulary: {
            size: vocabulary.tokens.length,
            order: vocabulary.order,
            first: vocabulary.tokens.slice(0, 8),
          },
        }),
  };
  return { files, receipt };
}

interface Written extends Pick<Receipt, 'tensors' | 'outputs' | 'bias' | 'notes'> {
  readonly files: Map<string, Uint8Array>;
  readonly order: keyof (typeof gateOrders)[Cell];
}

const TWO_BIASES = 'two biases per layer, input and hidden, as they are';

const writers: Readonly<Record<ExportFormat, (run: Run) => Written>> = {
  safetensors: (run) => {
    const file = weightsFile(run);
    return {
      files: new Map([['model.safetensors', file]]),
      tensors: sameRows(run.weights, read(file).tensors),
      order: 'here',
      bias: TWO_BIASES,
      notes: [
        'weights alone, under the names that torch.nn gives them; hw5 import reads the file back as it is',
      ],
    };
  },
  npz: (run) => {
    const arrays = new Map(
      [...run.weights.namedParameters()].map(([name, weight]) => [name, arrayOf(weight)]),
    );
    const file = writeNpz(arrays);
    return {
      files: new Map([['model.npz', file]]),
      tensors: sameRows(run.weights, readNpz(file)),
      order: 'here',
      bias: TWO_BIASES,
      notes: ['layout, names and gate order are those of torch.nn'],
    };
  },
  keras: (run) => {
    if (run.weights instanceof Seq2Seq) {
      throw new ArgumentError(
        'export: keras must be given stacked recurrent layers with one input and one output, got a Seq2Seq; try --to onnx',
      );
    }
    const cell = cellOf(run);
    if (cell === undefined) {
      throw new ArgumentError(
        'export: keras must be given recurrent layers, got a Transformer; try --to onnx',
      );
    }
    const arrays = kerasWeights(run.weights, cell);
    const Real = run.kernel.precision === 'f64' ? Float64Array : Float32Array;
    const real = ({ shape, data }: Weight): NpyArray => ({ shape, data: Real.from(data) });
    const file = writeNpz(new Map([...arrays].map(([name, weight]) => [name, real(weight)])));
    const biases = cell === 'gru' ? 'both, [2, 3 H], as reset_after=True has them' : 'one: the sum of both';
    return {
      files: new Map([['model.keras.npz', file]]),
      tensors: kerasRows(run.weights, cell, readNpz(file)),
      order: 'keras',
      bias: biases,
      notes: [
        'arrays of each layer in the order of layer.set_weights: kernel, recurrent_kernel, bias',
        ...(cell === 'gru'
          ? []
          : ['read back, the sum stands in bias_ih and 0 in bias_hh: the model answers the same']),
      ],
    };
  },
  onnx: (run) => {
    const files = onnxFiles(run.weights);
    const { logits, inputs } = probe(run.weights);
    const theirs = answersOf(run.weights, inputs, files);
    return {
      files,
      tensors: onnxRows(run.weights, cellOf(run), files.values()),
      outputs: { maxDelta: maxDelta(logits.data, theirs), compared: comparedOf(inputs) },
      order: 'onnx',
      bias: 'two biases per layer in B, input before hidden',
      notes: [
        'operator set 17; batch and time are free',
        ...(run.weights instanceof Seq2Seq
          ? ['encoder.onnx runs once; decoder.onnx once for each token, with the state that it gave before']
          : []),
      ],
    };
  },
  pytorch: (run) => {
    const reference = referenceOf(run);
    const model = weightsFile(run);
    const script = pytorchScript({
      kind: run.weights instanceof TransformerLM ? 'transformer' : run.task,
      config: run.config,
      sizes: sizesOf(run.weights),
      precision: run.kernel.precision,
    });
    return {
      files: new Map([
        ['model.safetensors', model],
        ['reference.safetensors', reference.file],
        ['model.py', utf8.encode(script)],
      ]),
      tensors: sameRows(run.weights, read(model).tensors),
      order: 'here',
      bias: TWO_BIASES,
      notes: [
        `python model.py checks the logits${reference.loss === undefined ? '' : ` and the validation loss ${reference.loss}`}`,
      ],
    };
  },
};

/** Weights with what is needed to make a run of them again. */
function weightsFile(run: Run): Uint8Array<ArrayBuffer> {
  const tensors = new Map<string, SafeTensor>();
  for (const [name, { shape, data }] of run.weights.namedParameters()) {
    tensors.set(name, { shape, data: data as Float32Array });
  }
  const facts = { task: run.task, config: run.config, ...run.describe() };
  return write(
    tensors,
    new Map([
      ['format', 'pt'],
      ['hw5.model', JSON.stringify(facts)],
    ]),
  );
}

function arrayOf({ shape, data }: Weight): NpyArray {
  return { shape, data: data as NpyArray['data'] };
}

/** Rows of weights that keep name and layout. */
function sameRows(
  model: Module,
  back: ReadonlyMap<string, { readonly shape: readonly number[]; readonly data: ArrayLike<unknown> }>,
): ReceiptRow[] {
  return [...model.namedParameters()].map(([name, { shape, data }]) => {
    const held = back.get(name);
    const delta = maxDelta(data, (held?.data ?? []) as ArrayLike<number>);
    return { name, shape, file: name, fileShape: held?.shape ?? [], change: 'as it is', maxDelta: delta };
  });
}

function onnxFiles(model: Module): Map<string, Uint8Array> {
  if (!(model instanceof Seq2Seq)) return new Map([['model.onnx', toOnnx(model)]]);
  return new Map((['encoder', 'decoder'] as const).map((part) => [`${part}.onnx`, toOnnx(model, { part })]));
}

function comparedOf(inputs: Probe['inputs']): string {
  const names = Object.entries(inputs).map(([name, { shape }]) => `${name} [${shape.join(', ')}]`);
  return `logits of ${names.join(', ')}`;
}

/** Inputs, and what the model answers here; of a character model also its validation part and the loss on it. */
function referenceOf(run: Run): {
  readonly file: Uint8Array<ArrayBuffer>;
  readonly loss: number | undefined;
} {
  const { inputs, logits } = probe(run.weights);
  const tensors = new Map<string, SafeTensor>(Object.entries(inputs));
  tensors.set('logits', { shape: logits.shape, data: logits.data as Float32Array });
  const metadata = new Map<string, string>();
  const validation = run instanceof CharLMRun ? run.validationWindow() : undefined;
  if (validation !== undefined) {
    const { shape } = validation;
    tensors.set('validation.inputs', { shape, data: validation.inputs });
    tensors.set('validation.targets', { shape, data: validation.targets });
    metadata.set('validation.loss', String(validation.loss));
  }
  return { file: write(tensors, metadata), loss: validation?.loss };
}

function sizesOf(model: Module): Record<string, number> {
  if (model instanceof CharLM) return { vocabularySize: model.embedding.weight.shape[0] };
  if (model instanceof TransformerLM) {
    return { vocabularySize: model.embedding.weight.shape[0], contextSize: model.contextSize };
  }
  if (model instanceof SequenceModel) {
    const vocabularySize = model.embedding?.weight.shape[0] ?? 0;
    return { vocabularySize, numClasses: model.head.weight.shape[0] };
  }
  if (model instanceof Seq2Seq) {
    return {
      sourceVocabularySize: model.sourceEmbedding.weight.shape[0],
      targetVocabularySize: model.targetEmbedding.weight.shape[0],
    };
  }
  throw new ArgumentError(`export: pytorch must be given a model of a run, got ${model.constructor.name}`);
}

/** The recurrent cell; undefined for a Transformer. */
function cellOf({ config }: Run): Cell | undefined {
  const cell: string = config.cell;
  return Object.hasOwn(gateOrders, cell) ? (cell as Cell) : undefined;
}

function described(run: Run): string {
  const { cell, numLayers, hiddenSize, embeddingSize } = run.config;
  const layers = `${numLayers} layer${numLayers === 1 ? '' : 's'}`;
  return `${run.task}, ${cell.toUpperCase()}, ${layers}, embedding ${embeddingSize}, hidden ${hiddenSize}`;
}

/** What the ids mean, in order: those that go in first. */
function meaningsOf(
  run: Run,
): { readonly file: string; readonly tokens: readonly string[]; readonly order: string }[] {
  if (run instanceof CharLMRun) {
    const { unit, tokens } = run.vocabulary;
    const orders = {
      characters: 'by code point',
      words: 'the most frequent first',
      'hugging-face': 'of its file',
    };
    return [{ file: 'vocabulary.json', tokens, order: orders[unit] }];
  }
  const said = run.describe() as Partial<Record<'labels' | 'tags', readonly string[]>> &
    Partial<Record<'tokenizer' | 'targetTokenizer', { readonly tokens?: readonly string[] }>>;
  const special = ['<pad>', '<unk>', '<bos>', '<eos>'];
  const frequent = 'special tokens, then the most frequent first';
  const all: readonly [file: string, tokens: readonly string[] | undefined, order: string][] = [
    ['vocabulary.json', said.tokenizer?.tokens && [...special, ...said.tokenizer.tokens], frequent],
    [
      'target-vocabulary.json',
      said.targetTokenizer?.tokens && [...special, ...said.targetTokenizer.tokens],
      frequent,
    ],
    ['labels.json', said.labels ?? said.tags, 'sorted'],
  ];
  return all.flatMap(([file, tokens, order]) => (tokens === undefined ? [] : [{ file, tokens, order }]));
}
