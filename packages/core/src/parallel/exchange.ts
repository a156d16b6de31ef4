/** The sum of all ranks' gradients, in every rank: the interface, and the wait that both kinds share. */
import type { Tensor } from '../tensor.js';
import type { Share } from './run.js';

export interface Exchange {
  /**
   * Replace `grads` by the sum over all ranks, added in the order of ranks.
   * @param share - what this rank gives; undefined when it failed, and then no rank's gradients change
   * @returns all shares in the order of ranks
   */
  sum(grads: Tensor<[number]>, share: Share | undefined): Promise<readonly (Share | undefined)[]>;
}

/** Where a rank is, and when it must stop waiting for the others. */
export interface Place {
  readonly rank: number;
  readonly ranks: number;
  /** Aborted, with the reason, when another rank is lost. */
  readonly lost: AbortSignal;
}
