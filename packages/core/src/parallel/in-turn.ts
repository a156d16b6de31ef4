/** A step whose ranks are computed one after the other, in one kernel: the same bits as with a worker for each. */
import { withKernel } from '../kernel/load.js';
import { allocate, scope } from '../tensor.js';
import type { ParallelRun, Share, StepResult } from './run.js';

/** @throws what a rank throws, or DivergedError; the run then stands where it stood */
export function stepInTurn(run: ParallelRun): StepResult {
  const { kernel, flat, ranks } = run;
  const { calls } = kernel;
  const { size } = flat.grads;
  try {
    run.begin();
    return withKernel(kernel, () =>
      scope(() => {
        const shares: Share[] = [];
        const sum = ranks === 1 ? flat.grads : allocate('step', [size] as const, 'real');
        for (let rank = 0; rank < ranks; rank += 1) {
          flat.zeroGrad();
          shares.push(run.gradients(rank));
          if (ranks === 1) break;
          kernel.check(
            'step',
            rank === 0
              ? calls.copy(sum.offset, flat.grads.offset, size)
              : calls.add_scaled(sum.offset, flat.grads.offset, size, 1),
          );
        }
        if (ranks > 1) kernel.check('step', calls.copy(flat.grads.offset, sum.offset, size));
        return run.finish(shares);
      }),
    );
  } catch (error) {
    run.undo();
    throw error;
  }
}
