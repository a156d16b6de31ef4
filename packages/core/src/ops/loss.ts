/** Losses. */
import { ArgumentError, ShapeError } from '../errors.js';
import { formatShape } from '../shape.js';
import { record, records } from '../tape.js';
import { allocate, type Tensor } from '../tensor.js';
import { expectReal, sameKernel } from './elementwise.js';

/**
 * L = mean_r -ln softmax(logits_r)[target_r], in nats; softmax and logarithm are fused, so no overflow.
 * Shapes: logits [..., V], targets [...] (ids), L []. The gradient is (softmax - onehot) / rows.
 * @throws DataError for a target outside [0, V), ArgumentError for no rows
 */
export function crossEntropy(logits: Tensor, targets: Tensor): Tensor<[]> {
  expectReal('crossEntropy', logits);
  sameKernel('crossEntropy', logits, targets);
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
  const { kernel } = logits;
  const loss = allocate('crossEntropy', [] as [], 'real');
  const probs = records([logits]) ? allocate('crossEntropy', logits.shape, 'real') : undefined;
  kernel.check(
    'crossEntropy',
    kernel.calls.cross_entropy_forward(
      loss.offset,
      probs?.offset ?? 0,
      logits.offset,
      targets.offset,
      rows,
      classes,
    ),
  );
  record('crossEntropy', [logits], [loss], (grads) => {
    const dloss = grads.of(loss)!;
    grads.assign(logits, (dlogits) =>
      kernel.check(
        'crossEntropy',
        kernel.calls.cross_entropy_backward(
          dlogits.offset,
          dloss.offset,
          probs!.offset,
          targets.offset,
          rows,
          classes,
        ),
      ),
    );
  });
  return loss;
}
