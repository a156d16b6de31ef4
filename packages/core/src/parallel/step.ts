/** A step of one rank, with the others in their own workers. */
import { DivergedError, SessionLostError } from '../errors.js';
import { withKernel } from '../kernel/load.js';
import type { Exchange } from './exchange.js';
import type { ParallelRun, Share, StepResult } from './run.js';

/** The step failed in another rank; that one knows why. */
export class OtherRankFailed extends Error {}

/**
 * @throws what this rank threw, OtherRankFailed, or DivergedError in every rank: the run then stands where it stood;
 *   SessionLostError when the ranks no longer stand at the same step
 */
export async function stepTogether(run: ParallelRun, rank: number, exchange: Exchange): Promise<StepResult> {
  let share: Share | undefined;
  let failure: unknown;
  try {
    run.begin();
    share = withKernel(run.kernel, () => {
      run.flat.zeroGrad();
      return run.gradients(rank);
    });
  } catch (error) {
    failure = error;
  }
  try {
    // A rank that failed still comes to the exchange, so that no other waits for it.
    const shares = await exchange.sum(run.flat.grads, share);
    const present = shares.filter((one) => one !== undefined);
    if (share === undefined) throw failure;
    if (present.length < shares.length) throw new OtherRankFailed('step: all ranks must succeed');
    return withKernel(run.kernel, () => run.finish(present));
  } catch (error) {
    run.undo();
    if (error === failure || error instanceof DivergedError || error instanceof OtherRankFailed) throw error;
    if (error instanceof SessionLostError) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new SessionLostError(`step: rank ${rank} must finish as the others do, got: ${reason}`);
  }
}
