/** Losses: how far predictions lie from what they should be, as one number. */
import { ArgumentError, DataError, ShapeError } from '../errors.js';
import { expectShape, formatShape, sameShape } from '../shape.js';
import { record, records } from '../tape.js';
import { allocate, type Tensor } from '../tensor.js';
import { expectReal, mul, sameKernel, scale, square, sub } from './elementwise.js';
import { sum } from './reduce.js';

export interface LossOptions {
  /** Divide by what counts, or add up. Defaults to `'mean'`. */
  readonly reduction?: 'mean' | 'sum';
  /**
   * What each element counts for, >= 0, the shape of the targets; 0 leaves it out whatever it holds, and a mean
   * divides by the sum. Ones when left out.
   */
  readonly mask?: Tensor;
}

export interface CrossEntropyOptions extends LossOptions {
  /** Targets that are left out. Defaults to -100. */
  readonly ignoreIndex?: number;
  /** w, [V], >= 0: what each class counts for; a mean divides by the weights of the targets. Ones when left out. */
  readonly weight?: Tensor<[number]>;
  /** s in [0, 1]: the share of the target that is spread evenly over all classes. Defaults to 0. */
  readonly labelSmoothing?: number;
}

/**
 * L = sum_r m_r ((1 - s) w_t (-l_rt) + s/V sum_c w_c (-l_rc)) / sum_r m_r w_t with l = ln softmax(logits) and t the
 * target of row r, in nats; softmax and logarithm are fused, so no overflow. A row whose target is `ignoreIndex` has
 * m_r = 0. Shapes: logits [..., V], targets [...] (ids), L [].
 * Source: PyTorch's cross_entropy; where nothing is left to average, that gives NaN, and this an error.
 * @throws DataError for a target outside [0, V), or when a mean has nothing to divide by
 */
export function crossEntropy(logits: Tensor, targets: Tensor, options: CrossEntropyOptions = {}): Tensor<[]> {
  const { ignoreIndex = -100, labelSmoothing = 0, weight, mask } = options;
  expectReal('crossEntropy', logits);
  sameKernel('crossEntropy', logits, targets, weight, mask);
  const classes = logits.shape.at(-1) ?? 0;
  const rows = targets.size;
  if (targets.dtype !== 'int32') {
    throw new ArgumentError(`crossEntropy: targets must be ids, got ${targets.dtype}`);
  }
  if (logits.size !== rows * classes || logits.shape.length === 0) {
    throw new ShapeError(
      `crossEntropy: logits must be [..., V] and targets [...], got ${formatShape(logits.shape)} and ${formatShape(targets.shape)}`,
    );
  }
  if (rows === 0) throw new ArgumentError('crossEntropy: at least one row must be given, got none');
  if ((ignoreIndex | 0) !== ignoreIndex) {
    throw new ArgumentError(`crossEntropy: ignoreIndex must be a 32-bit whole number, got ${ignoreIndex}`);
  }
  if (!(labelSmoothing >= 0 && labelSmoothing <= 1)) {
    throw new ArgumentError(`crossEntropy: labelSmoothing must be in [0, 1], got ${labelSmoothing}`);
  }
  if (weight !== undefined) {
    expectShape('crossEntropy', 'weight', '[V]', [classes], weight.shape);
    expectWeights('crossEntropy', 'weight', weight);
  }
  const mean = meansOf('crossEntropy', options);
  if (mask !== undefined) expectMask('crossEntropy', mask, targets);
  const { kernel } = logits;
  const loss = allocate('crossEntropy', [] as [], 'real');
  const divisor = allocate('crossEntropy', [] as [], 'real');
  const probs = records([logits]) ? allocate('crossEntropy', logits.shape, 'real') : undefined;
  kernel.check(
    'crossEntropy',
    kernel.calls.cross_entropy_forward(
      loss.offset,
      divisor.offset,
      probs?.offset ?? 0,
      logits.offset,
      targets.offset,
      weight?.offset ?? 0,
      mask?.offset ?? 0,
      rows,
      classes,
      ignoreIndex,
      labelSmoothing,
      mean,
    ),
  );
  if (divisor.item() === 0) nothingCounts('crossEntropy');
  record('crossEntropy', [logits], [loss], (grads) => {
    const dloss = grads.of(loss)!;
    grads.assign(logits, (dlogits) =>
      kernel.check(
        'crossEntropy',
        kernel.calls.cross_entropy_backward(
          dlogits.offset,
          dloss.offset,
          divisor.offset,
          probs!.offset,
          targets.offset,
          weight?.offset ?? 0,
          mask?.offset ?? 0,
          rows,
          classes,
          ignoreIndex,
          labelSmoothing,
        ),
      ),
    );
  });
  return loss;
}

export interface BinaryCrossEntropyOptions extends LossOptions {
  /** w, [C] for logits [..., C], >= 0: what a positive answer counts for beside a negative one. Ones when left out. */
  readonly posWeight?: Tensor<[number]>;
}

/**
 * L = mean of -(w y ln p + (1 - y) ln(1 - p)) with p = sigmoid(logits), in nats; fused, so no overflow.
 * Shapes: logits [...], targets [...] in [0, 1], L [].
 * Source: PyTorch's binary_cross_entropy_with_logits. Targets get no gradient.
 * @throws ArgumentError for targets that ask for gradients, DataError when a mean has nothing to divide by
 */
export function binaryCrossEntropyWithLogits(
  logits: Tensor,
  targets: Tensor,
  options: BinaryCrossEntropyOptions = {},
): Tensor<[]> {
  const op = 'binaryCrossEntropyWithLogits';
  const { posWeight, mask } = options;
  const divisor = elementwiseDivisor(op, logits, targets, options);
  if (targets.requiresGrad) {
    throw new ArgumentError(`${op}: targets must be constants, got a tensor that asks for gradients`);
  }
  let columns = logits.size;
  if (posWeight !== undefined) {
    columns = logits.shape.at(-1) ?? 1;
    sameKernel(op, logits, posWeight);
    expectShape(op, 'posWeight', '[C]', [columns], posWeight.shape);
    expectWeights(op, 'posWeight', posWeight);
  }
  const rows = logits.size / columns;
  const { kernel } = logits;
  const loss = allocate(op, [] as [], 'real');
  kernel.check(
    op,
    kernel.calls.binary_cross_entropy_forward(
      loss.offset,
      logits.offset,
      targets.offset,
      posWeight?.offset ?? 0,
      mask?.offset ?? 0,
      rows,
      columns,
      1 / divisor,
    ),
  );
  record(op, [logits], [loss], (grads) => {
    const dloss = grads.of(loss)!;
    grads.assign(logits, (dlogits) =>
      kernel.check(
        op,
        kernel.calls.binary_cross_entropy_backward(
          dlogits.offset,
          dloss.offset,
          logits.offset,
          targets.offset,
          posWeight?.offset ?? 0,
          mask?.offset ?? 0,
          rows,
          columns,
          1 / divisor,
        ),
      ),
    );
  });
  return loss;
}

/**
 * L = mean of (x - y)^2. Shapes: x, y [...], L []. Unlike in the other losses, a masked entry must be finite.
 * @throws DataError when a mean has nothing to divide by
 */
export function mseLoss(x: Tensor, y: Tensor, options: LossOptions = {}): Tensor<[]> {
  const divisor = elementwiseDivisor('mseLoss', x, y, options);
  const errors = square(sub(x, y));
  const { mask } = options;
  return scale(sum(mask === undefined ? errors : mul(errors, mask)), 1 / divisor);
}

/** Checks the tensors of a loss between entries; what its sum is divided by. */
function elementwiseDivisor(op: string, x: Tensor, y: Tensor, options: LossOptions): number {
  const { mask } = options;
  expectReal(op, x);
  expectReal(op, y);
  sameKernel(op, x, y, mask);
  if (!sameShape(x.shape, y.shape)) {
    throw new ShapeError(
      `${op}: predictions and targets must have one shape, got ${formatShape(x.shape)} and ${formatShape(y.shape)}`,
    );
  }
  if (x.size === 0) throw new ArgumentError(`${op}: at least one entry must be given, got none`);
  if (mask !== undefined) expectMask(op, mask, y);
  if (!meansOf(op, options)) return 1;
  if (mask === undefined) return x.size;
  let divisor = 0;
  for (const weight of mask.view()) divisor += weight;
  return divisor > 0 ? divisor : nothingCounts(op);
}

function meansOf(op: string, { reduction = 'mean' }: LossOptions): boolean {
  if (reduction === 'mean' || reduction === 'sum') return reduction === 'mean';
  throw new ArgumentError(`${op}: reduction must be 'mean' or 'sum', got ${String(reduction)}`);
}

function expectMask(op: string, mask: Tensor, targets: Tensor): void {
  expectShape(op, 'mask', 'the shape of the targets', targets.shape, mask.shape);
  expectWeights(op, 'mask', mask);
}

function expectWeights(op: string, name: string, weights: Tensor): void {
  expectReal(op, weights);
  const at = weights.view().findIndex((weight) => !(weight >= 0 && weight < Infinity));
  if (at >= 0) {
    throw new ArgumentError(
      `${op}: ${name} must hold finite numbers >= 0, got ${weights.view()[at]} at position ${at}`,
    );
  }
}

function nothingCounts(op: string): never {
  throw new DataError(`${op}: at least one element must count towards the mean, got none`);
}
