/** Layer normalisation. */
import { ArgumentError } from '../errors.js';
import { expectShape, type Shape } from '../shape.js';
import { record } from '../tape.js';
import { allocate, type Tensor } from '../tensor.js';
import { expectReal, sameKernel } from './elementwise.js';

export interface LayerNormWeights {
  /** [N]; ones when left out. */
  readonly weight?: Tensor<[number]> | undefined;
  /** [N]; zeros when left out. */
  readonly bias?: Tensor<[number]> | undefined;
}

/**
 * y = (x - mean) / sqrt(variance + epsilon) * weight + bias over the last axis, with the biased variance.
 * Shapes: x, y [..., N], weight, bias [N].
 * Source: Ba, Kiros & Hinton 2016.
 * @param epsilon - >= 0; defaults to 1e-5
 */
export function layerNorm<S extends Shape>(
  x: Tensor<S>,
  weights: LayerNormWeights = {},
  epsilon = 1e-5,
): Tensor<S> {
  const { weight, bias } = weights;
  expectReal('layerNorm', x);
  sameKernel('layerNorm', x, weight, bias);
  const columns = x.shape.at(-1);
  if (columns === undefined) {
    throw new ArgumentError('layerNorm: tensor must have at least one axis, got a scalar');
  }
  if (!(epsilon >= 0 && epsilon < Infinity)) {
    throw new ArgumentError(`layerNorm: epsilon must be a number >= 0, got ${epsilon}`);
  }
  for (const [name, tensor] of Object.entries({ weight, bias })) {
    if (tensor !== undefined) expectShape('layerNorm', name, '[N]', [columns], tensor.shape);
  }
  const { kernel } = x;
  const rows = columns === 0 ? 0 : x.size / columns;
  const y = allocate('layerNorm', x.shape, 'real');
  const mean = allocate('layerNorm', [rows], 'real');
  const rstd = allocate('layerNorm', [rows], 'real');
  kernel.check(
    'layerNorm',
    kernel.calls.layer_norm_forward(
      y.offset,
      mean.offset,
      rstd.offset,
      x.offset,
      weight?.offset ?? 0,
      bias?.offset ?? 0,
      rows,
      columns,
      epsilon,
    ),
  );
  record('layerNorm', [x, weight, bias], [y], (grads) => {
    const dy = grads.of(y)!;
    const dweight = grads.wants(weight) ? grads.accumulator(weight).offset : 0;
    const dbias = grads.wants(bias) ? grads.accumulator(bias).offset : 0;
    const into = (dx: number): void =>
      kernel.check(
        'layerNorm',
        kernel.calls.layer_norm_backward(
          dx,
          dweight,
          dbias,
          dy.offset,
          mean.offset,
          rstd.offset,
          x.offset,
          weight?.offset ?? 0,
          rows,
          columns,
        ),
      );
    if (grads.wants(x)) grads.assign(x, (dx) => into(dx.offset));
    else into(0);
  });
  return y;
}
