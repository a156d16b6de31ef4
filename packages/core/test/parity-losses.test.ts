/** Losses with their options against PyTorch, in both precisions. */
import { beforeAll, describe, expect, it } from 'vitest';
import {
  backward,
  binaryCrossEntropyWithLogits,
  crossEntropy,
  ctcLoss,
  ids,
  init,
  logSoftmax,
  mseLoss,
  scale,
  scope,
  type Tensor,
  tensor,
} from '../src/index.js';
import { expectClose, fixtures, TOLERANCE } from './parity-fixtures.js';

interface Config {
  readonly reduction: 'mean' | 'sum';
  readonly ignoreIndex?: number | null;
  readonly labelSmoothing?: number;
  readonly blank?: number;
  readonly zeroInfinity?: boolean;
}

type Inputs = Readonly<Record<string, Tensor>>;
type V = Tensor<[number]>;

/** family -> which inputs have gradients, and the loss */
const LOSSES: Readonly<
  Record<string, readonly [leaves: readonly string[], loss: (inputs: Inputs, config: Config) => Tensor]>
> = {
  'cross-entropy-options': [
    ['logits'],
    ({ logits, targets, weight, mask }, { ignoreIndex, labelSmoothing, reduction }) =>
      crossEntropy(logits!, targets!, {
        reduction,
        labelSmoothing: labelSmoothing!,
        ...(ignoreIndex == null ? {} : { ignoreIndex }),
        ...(weight === undefined ? {} : { weight: weight as V }),
        ...(mask === undefined ? {} : { mask }),
      }),
  ],
  'binary-cross-entropy': [
    ['x'],
    ({ x, y, posWeight, mask }, { reduction }) =>
      binaryCrossEntropyWithLogits(x!, y!, {
        reduction,
        ...(posWeight === undefined ? {} : { posWeight: posWeight as V }),
        ...(mask === undefined ? {} : { mask }),
      }),
  ],
  mse: [
    ['x', 'y'],
    ({ x, y, mask }, { reduction }) =>
      mseLoss(x!, y!, mask === undefined ? { reduction } : { reduction, mask }),
  ],
  ctc: [
    ['logits'],
    ({ logits, targets, inputLengths, targetLengths }, { reduction, blank, zeroInfinity }) =>
      ctcLoss(logSoftmax(logits!) as Tensor<[number, number, number]>, targets as Tensor<[number, number]>, {
        reduction,
        blank: blank!,
        zeroInfinity: zeroInfinity!,
        inputLengths: inputLengths!.data,
        targetLengths: targetLengths!.data,
      }),
  ],
};

describe.each(['f32', 'f64'] as const)('losses beside PyTorch, %s', (precision) => {
  beforeAll(async () => {
    await init({ precision });
  });
  // The sums over paths are exact enough for more digits than the other operations promise.
  const tolerance = (family: string): number =>
    family === 'ctc' && precision === 'f64' ? 1e-12 : TOLERANCE[precision];

  for (const [family, [leaves, loss]] of Object.entries(LOSSES)) {
    it.each(fixtures<Config>(family))('$name', (fixture) => {
      scope(() => {
        const inputs: Record<string, Tensor> = {};
        for (const name of fixture.names('in.').filter((key) => !key.startsWith('w_'))) {
          const { data, shape } = fixture.get(`in.${name}`);
          inputs[name] =
            data instanceof Int32Array
              ? ids(data, shape)
              : tensor(data, shape, { requiresGrad: leaves.includes(name) });
        }
        // PyTorch adds logarithms of path sums in single precision, which loses more digits than ours over many steps.
        const answers = family === 'ctc' ? 'f64' : precision;
        const y = loss(inputs, fixture.config);
        backward(scale(y, fixture.get('in.w_y').data[0]!));
        expectClose(y.data, fixture.get(`${answers}.y`), tolerance(family), 'loss');
        expect(fixture.names(`${precision}.grad.`).sort()).toEqual([...leaves].sort());
        for (const name of leaves) {
          const expected = fixture.get(`${answers}.grad.${name}`);
          expectClose(inputs[name]!.grad!.data, expected, tolerance(family), `d${name}`);
        }
      });
    });
  }
});
