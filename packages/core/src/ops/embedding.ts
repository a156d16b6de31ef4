/** Rows of a table by id. */
import { ArgumentError } from '../errors.js';
import { expectRank } from '../shape.js';
import { record } from '../tape.js';
import { allocate, type Tensor } from '../tensor.js';
import { sameKernel } from './elementwise.js';

/**
 * y[...] = weight[ids[...]]; the gradient adds dy's rows into the rows they came from.
 * Shapes: ids [...], weight [V, E], y [..., E].
 * @param paddingIdx - the row of this id gets no gradient; in [0, V), none when left out
 * @throws DataError for an id outside [0, V)
 */
export function embedding<L extends readonly number[]>(
  ids: Tensor<L>,
  weight: Tensor<[number, number]>,
  paddingIdx?: number,
): Tensor<[...L, number]> {
  if (ids.dtype !== 'int32') throw new ArgumentError(`embedding: ids must be int32, got ${ids.dtype}`);
  expectRank('embedding', 'weight', '[V, E]', 2, weight.shape);
  sameKernel('embedding', ids, weight);
  const [vocabulary, size] = weight.shape;
  if (
    paddingIdx !== undefined &&
    !(Number.isInteger(paddingIdx) && paddingIdx >= 0 && paddingIdx < vocabulary)
  ) {
    throw new ArgumentError(
      `embedding: paddingIdx must be a whole number in [0, ${vocabulary}), got ${paddingIdx}`,
    );
  }
  const { kernel } = weight;
  const y = allocate('embedding', [...ids.shape, size] as [...L, number], 'real');
  kernel.check(
    'embedding',
    kernel.calls.embedding_forward(y.offset, weight.offset, ids.offset, ids.size, vocabulary, size),
  );
  record('embedding', [weight], [y], (grads) => {
    const dy = grads.of(y)!;
    const dweight = grads.accumulator(weight);
    kernel.check(
      'embedding',
      kernel.calls.embedding_backward(
        dweight.offset,
        dy.offset,
        ids.offset,
        ids.size,
        vocabulary,
        size,
        paddingIdx ?? -1,
      ),
    );
  });
  return y;
}
