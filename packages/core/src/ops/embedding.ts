/** Rows of a table by id. */
import { ArgumentError } from '../errors.js';
import { expectRank } from '../shape.js';
import { record } from '../tape.js';
import { allocate, type Tensor } from '../tensor.js';
import { sameKernel } from './elementwise.js';

/**
 * y[...] = weight[ids[...]]; the gradient adds dy's rows into the rows they came from.
 * Shapes: ids [...], weight [V, E], y [..., E].
 * @throws DataError for an id outside [0, V)
 */
export function embedding<L extends readonly number[]>(
  ids: Tensor<L>,
  weight: Tensor<[number, number]>,
): Tensor<[...L, number]> {
  if (ids.dtype !== 'int32') throw new ArgumentError(`embedding: ids must be int32, got ${ids.dtype}`);
  expectRank('embedding', 'weight', '[V, E]', 2, weight.shape);
  sameKernel('embedding', ids, weight);
  const [vocabulary, size] = weight.shape;
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
      kernel.calls.embedding_backward(dweight.offset, dy.offset, ids.offset, ids.size, vocabulary, size),
    );
  });
  return y;
}
