/** Modules and whole models as ONNX files. */
import { ArgumentError } from '../../errors.js';
import { CharLM } from '../../models/char-lm.js';
import { LayerNorm } from '../../nn/layer-norm.js';
import { Linear } from '../../nn/linear.js';
import { LSTM } from '../../nn/lstm.js';
import type { Module } from '../../nn/module.js';
import { Recurrent } from '../../nn/recurrent.js';
import { GraphBuilder } from './graph-builder.js';
import { embedding, layerNorm, linear, recurrent } from './layers.js';

/**
 * An ONNX file (operator set 17) that computes what `model.forward` computes in evaluation, with the weights as they are.
 * Free sizes are named B (batch) and T (time). Recurrent states are inputs and outputs, so that a caller can go on.
 *
 * | model | inputs | outputs |
 * | --- | --- | --- |
 * | `nn.Linear`, `nn.LayerNorm` | `x [B, T, I]` | `y` |
 * | `nn.RNN`, `nn.GRU`, `nn.LSTM` | `x` as the module takes it, `h0`, `c0 [L*D, B, H]` | `y`, `hn`, `cn` |
 * | `CharLM` | `ids [T, B]` int64, `h0`, `c0 [L, B, H]` | `logits [T, B, V]`, `hn`, `cn` |
 * @throws ArgumentError for a model of another class
 */
export function toOnnx(model: Module): Uint8Array<ArrayBuffer> {
  const [parameter] = model.parameters();
  const g = new GraphBuilder(parameter?.kernel.precision === 'f64' ? 'float64' : 'float32');
  if (model instanceof CharLM) charLM(g, model);
  else if (model instanceof Recurrent) recurrentModule(g, model);
  else if (model instanceof Linear)
    pointwise(g, model.weight.shape[1], model.weight.shape[0], (x) => linear(g, 'linear', model, x));
  else if (model instanceof LayerNorm)
    pointwise(g, model.size, model.size, (x) => layerNorm(g, 'norm', model, x));
  else throw new ArgumentError(`toOnnx: model must be one that hw5 exports, got ${model.constructor.name}`);
  return g.build(model.constructor.name);
}

function pointwise(g: GraphBuilder, inputs: number, outputs: number, y: (x: string) => string): void {
  const x = g.input('x', g.real, ['B', 'T', inputs]);
  g.output('y', y(x), g.real, ['B', 'T', outputs]);
}

/** The states of a recurrent module as inputs of the graph. */
function states(g: GraphBuilder, module: Recurrent): { readonly h0: string; readonly c0?: string } {
  const { numLayers, bidirectional, hiddenSize } = module.options;
  const sizes = [numLayers * (bidirectional ? 2 : 1), 'B', hiddenSize];
  const h0 = g.input('h0', g.real, sizes);
  return module instanceof LSTM ? { h0, c0: g.input('c0', g.real, sizes) } : { h0 };
}

function lastStates(g: GraphBuilder, module: Recurrent, h: string, c: string | undefined): void {
  const { numLayers, bidirectional, hiddenSize } = module.options;
  const sizes = [numLayers * (bidirectional ? 2 : 1), 'B', hiddenSize];
  g.output('hn', h, g.real, sizes);
  if (c !== undefined) g.output('cn', c, g.real, sizes);
}

function recurrentModule(g: GraphBuilder, module: Recurrent): void {
  const { inputSize, hiddenSize, bidirectional, batchFirst } = module.options;
  const lead = batchFirst ? ['B', 'T'] : ['T', 'B'];
  const timeMajor = (value: string): string =>
    batchFirst ? g.node('Transpose', [value], { perm: [1, 0, 2] }) : value;
  const x = timeMajor(g.input('x', g.real, [...lead, inputSize]));
  const { output, h, c } = recurrent(g, 'layers', module, x, states(g, module));
  g.output('y', timeMajor(output), g.real, [...lead, hiddenSize * (bidirectional ? 2 : 1)]);
  lastStates(g, module, h, c);
}

function charLM(g: GraphBuilder, model: CharLM): void {
  const ids = g.input('ids', 'int64', ['T', 'B']);
  const { output, h, c } = recurrent(
    g,
    'recurrent',
    model.recurrent,
    embedding(g, 'embedding', model.embedding, ids),
    states(g, model.recurrent),
  );
  g.output('logits', linear(g, 'head', model.head, output), g.real, ['T', 'B', model.head.weight.shape[0]]);
  lastStates(g, model.recurrent, h, c);
}
