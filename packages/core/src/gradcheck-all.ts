/** Every operation of the library through gradcheck, at odd sizes. */
import { ArgumentError } from './errors.js';
import { gradcheck } from './gradcheck.js';
import { attentionCases } from './gradcheck-all/attention.js';
import { recurrentCases } from './gradcheck-all/recurrent.js';
import { loadKernel, withKernel } from './kernel/load.js';
import { ctcLoss } from './ops/ctc.js';
import { dropout } from './ops/dropout.js';
import {
  add,
  div,
  exp,
  log,
  mul,
  neg,
  relu,
  scale,
  sigmoid,
  sqrt,
  square,
  sub,
  tanh,
} from './ops/elementwise.js';
import { embedding } from './ops/embedding.js';
import { chunk, concat, narrow, reshape, swapAxes } from './ops/layout.js';
import { binaryCrossEntropyWithLogits, crossEntropy, mseLoss } from './ops/loss.js';
import { linear, matmul } from './ops/matmul.js';
import { layerNorm } from './ops/norm.js';
import { maxOverTime, meanOverTime } from './ops/pooling.js';
import { expand, mean, sum } from './ops/reduce.js';
import { scan } from './ops/scan.js';
import { logSoftmax, softmax } from './ops/softmax.js';
import { stack, unbind } from './ops/steps.js';
import { where } from './ops/where.js';
import { RandomStream } from './random.js';
import type { GradcheckRow } from './session/protocol.js';
import type { Shape } from './shape.js';
import { ids, type Tensor, tensor, zeros } from './tensor.js';

export interface Case {
  readonly op: string;
  /** Inputs by name with their shapes. */
  readonly inputs: Readonly<Record<string, Shape>>;
  /** Draw inputs from U(low, high). Defaults to (-1, 1). */
  readonly range?: readonly [low: number, high: number];
  run(inputs: readonly Tensor[]): Tensor | readonly Tensor[];
}

type M = Tensor<[number, number]>;
type T3 = Tensor<[number, number, number]>;
type V = Tensor<[number]>;

/** Inputs of log, sqrt, div and relu stay this far from where they are not smooth. */
const AWAY: readonly [number, number] = [0.3, 2];

const x35 = { x: [3, 5] };
const ab = { a: [3, 1, 5], b: [1, 5] };

/** Every operation with odd sizes. */
export const cases: readonly Case[] = [
  { op: 'neg', inputs: x35, run: ([x]) => neg(x!) },
  { op: 'exp', inputs: x35, run: ([x]) => exp(x!) },
  { op: 'log', inputs: x35, range: AWAY, run: ([x]) => log(x!) },
  { op: 'sigmoid', inputs: { x: [17] }, run: ([x]) => sigmoid(x!) },
  { op: 'tanh', inputs: { x: [17] }, run: ([x]) => tanh(x!) },
  { op: 'relu', inputs: x35, range: AWAY, run: ([x]) => relu(sub(x!, scale(x!, 2))) },
  { op: 'relu', inputs: x35, range: AWAY, run: ([x]) => relu(x!) },
  { op: 'sqrt', inputs: x35, range: AWAY, run: ([x]) => sqrt(x!) },
  { op: 'square', inputs: x35, run: ([x]) => square(x!) },
  { op: 'add', inputs: ab, run: ([a, b]) => add(a!, b!) },
  { op: 'sub', inputs: ab, run: ([a, b]) => sub(a!, b!) },
  { op: 'mul', inputs: ab, run: ([a, b]) => mul(a!, b!) },
  { op: 'mul', inputs: { x: [7] }, run: ([x]) => mul(x!, x!) },
  { op: 'div', inputs: ab, range: AWAY, run: ([a, b]) => div(a!, b!) },
  { op: 'div', inputs: { a: [], b: [2, 3] }, range: AWAY, run: ([a, b]) => div(a!, b!) },
  { op: 'scale', inputs: x35, run: ([x]) => scale(x!, -1.5) },
  { op: 'matmul', inputs: { a: [3, 17], b: [17, 5] }, run: ([a, b]) => matmul(a as M, b as M) },
  { op: 'matmul', inputs: { a: [1, 33], b: [33, 9] }, run: ([a, b]) => matmul(a as M, b as M) },
  {
    op: 'linear',
    inputs: { x: [2, 3, 5], weight: [7, 5], bias: [7] },
    run: ([x, weight, bias]) => linear<[number, number]>(x as T3, weight as M, bias as V),
  },
  { op: 'sum', inputs: x35, run: ([x]) => square(sum(x!)) },
  { op: 'mean', inputs: x35, run: ([x]) => square(mean(x!)) },
  { op: 'sum', inputs: { x: [2, 3, 5] }, run: ([x]) => square(sum(x as T3, 1)) },
  { op: 'mean', inputs: { x: [2, 3, 5] }, run: ([x]) => square(mean(x as T3, -1)) },
  { op: 'expand', inputs: { x: [2, 1, 5] }, run: ([x]) => square(expand(x as T3, 1, 3)) },
  { op: 'reshape', inputs: x35, run: ([x]) => tanh(reshape(square(x!), [5, 3])) },
  { op: 'narrow', inputs: { x: [5, 3] }, run: ([x]) => [square(narrow(x as M, 1, 3)), narrow(x as M, 2, 3)] },
  { op: 'narrow', inputs: { x: [2, 5, 3] }, run: ([x]) => square(narrow(x as T3, 1, 3, 1)) },
  { op: 'chunk', inputs: { x: [3, 6] }, run: ([x]) => chunk(x as M, 3).map((part) => square(part)) },
  { op: 'concat', inputs: { a: [2, 3], b: [2, 1] }, run: ([a, b]) => square(concat([a as M, b as M], 1)) },
  { op: 'unbind', inputs: { x: [3, 2] }, run: ([x]) => unbind(x as M).slice(1) },
  { op: 'stack', inputs: { a: [3], b: [3] }, run: ([a, b]) => square(stack([a!, b!, a!])) },
  {
    op: 'where',
    inputs: { a: [3, 2], b: [3, 2] },
    run: ([a, b]) => square(where(ids([1, 0, 1], [3]), a!, b!)),
  },
  {
    op: 'scan',
    inputs: { x: [4, 2, 3], weight: [3, 3], h0: [2, 3] },
    run: ([x, weight, h0]) => {
      const cell = (x_t: M, h: M): M => tanh(add(x_t, matmul(h, weight as M)));
      const { output, state } = scan(cell, x as T3, h0 as M);
      return [output, square(state)];
    },
  },
  {
    op: 'concat',
    inputs: { a: [2, 3], b: [1, 3] },
    run: ([a, b]) => square(concat([a as M, b as M, a as M])),
  },
  { op: 'swapAxes', inputs: { x: [3, 5, 2] }, run: ([x]) => square(swapAxes(x as T3)) },
  { op: 'softmax', inputs: x35, run: ([x]) => softmax(x!) },
  { op: 'logSoftmax', inputs: x35, run: ([x]) => logSoftmax(x!) },
  {
    op: 'crossEntropy',
    inputs: { logits: [5, 7] },
    run: ([logits]) => crossEntropy(logits!, ids([0, 3, 6, 3, 1], [5])),
  },
  {
    op: 'crossEntropy',
    inputs: { logits: [5, 3] },
    run: ([logits]) =>
      crossEntropy(logits!, ids([0, 2, -100, 1, 0], [5]), {
        labelSmoothing: 0.1,
        weight: tensor([0.5, 2, 1], [3]),
        mask: tensor([1, 0.5, 1, 1, 0], [5]),
      }),
  },
  {
    op: 'binaryCrossEntropyWithLogits',
    inputs: { logits: [3, 5] },
    run: ([logits]) =>
      binaryCrossEntropyWithLogits(
        logits!,
        tensor([1, 0, 0.3, 1, 0, 0, 1, 1, 0, 0.8, 1, 0, 0, 1, 1], [3, 5]),
        {
          posWeight: tensor([1, 3, 0.5, 2, 1], [5]),
        },
      ),
  },
  { op: 'mseLoss', inputs: { x: [3, 5], y: [3, 5] }, run: ([x, y]) => mseLoss(x!, y!) },
  {
    op: 'ctcLoss',
    inputs: { logProbs: [5, 2, 4] },
    run: ([logProbs]) =>
      ctcLoss(logProbs as T3, ids([1, 1, 3, 2, 3, 0], [2, 3]), {
        inputLengths: [5, 3],
        targetLengths: [3, 2],
      }),
  },
  {
    op: 'embedding',
    inputs: { weight: [5, 3] },
    run: ([weight]) => square(embedding(ids([4, 0, 4, 2], [2, 2]), weight as M)),
  },
  {
    op: 'layerNorm',
    inputs: { x: [3, 5], weight: [5], bias: [5] },
    run: ([x, weight, bias]) => layerNorm(x as M, { weight: weight as V, bias: bias as V }),
  },
  { op: 'layerNorm', inputs: { x: [2, 2, 9] }, run: ([x]) => layerNorm(x!) },
  { op: 'meanOverTime', inputs: { x: [4, 3, 2] }, run: ([x]) => square(meanOverTime(x as T3, [4, 0, 2])) },
  { op: 'maxOverTime', inputs: { x: [4, 3, 2] }, run: ([x]) => square(maxOverTime(x as T3, [4, 0, 2])) },
  {
    op: 'dropout',
    inputs: { x: [33] },
    run: ([x]) => dropout(square(x!), 0.4, new RandomStream(7, 'gradcheck-mask')),
  },
  ...attentionCases,
  ...recurrentCases,
];

/**
 * Check every operation's backward in an f64 kernel of its own.
 * @throws ArgumentError for an unknown `op`
 */
export async function gradcheckAll(
  options: { readonly seed?: number; readonly op?: string } = {},
): Promise<GradcheckRow[]> {
  const { seed = 0, op } = options;
  const chosen = cases.filter((candidate) => op === undefined || candidate.op === op);
  if (chosen.length === 0) {
    const known = [...new Set(cases.map((candidate) => candidate.op))].join(', ');
    throw new ArgumentError(`gradcheck: op must be one of ${known}, got ${op}`);
  }
  const f64 = await loadKernel({ precision: 'f64' });
  return withKernel(f64, () =>
    chosen.flatMap((candidate, i) => checkCase(candidate, new RandomStream(seed, `gradcheck-${i}`))),
  );
}

function checkCase(candidate: Case, random: RandomStream): GradcheckRow[] {
  const [low, high] = candidate.range ?? [-1, 1];
  const names = Object.keys(candidate.inputs);
  const inputs = Object.values(candidate.inputs).map((shape) => {
    const input: Tensor = zeros(shape);
    random.fillUniform(input, low, high);
    return input;
  });
  // A random weighting of the outputs: a plain sum would let errors cancel (softmax's sum is constant).
  const start = random.position;
  const loss = (given: readonly Tensor[]): Tensor => {
    random.position = start;
    const result = candidate.run(given);
    const outputs = (Array.isArray(result) ? result : [result]) as readonly Tensor[];
    return outputs
      .map((output) => {
        const weights: Tensor = zeros(output.shape);
        random.fillUniform(weights, -1, 1);
        return sum(mul(output, weights));
      })
      .reduce((total, term) => add(total, term));
  };
  const results = gradcheck(loss, inputs);
  for (const input of inputs) input.dispose();
  return results.map(({ input, entries, relativeError, passed }) => ({
    op: candidate.op,
    input: names[input]!,
    entries,
    relativeError,
    passed,
  }));
}
