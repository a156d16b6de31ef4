/**
 * What a run must offer so that several workers can train it together (data parallelism): types only.
 *
 * All ranks hold the same run and draw the same batches. A step is `begin`, then `gradients` for each rank, each in a
 * worker of its own or one after the other, then `finish` with what they gave; or `undo`. Gradients are summed in the
 * order of ranks, so that the bits depend on the number of ranks and on nothing else, and every rank takes the same
 * optimiser step, so that weights are never sent.
 */
import type { Kernel, RealArray } from '../kernel/kernel.js';
import type { FlatParameters } from '../nn/flat.js';

/** What one training step gives. */
export interface StepResult {
  readonly step: number;
  /** Mean loss of the batch. */
  readonly loss: number;
  /** Global gradient norm before clipping. */
  readonly gradientNorm: number;
  /** |change of the weights| / |weights|, where it was asked for. */
  readonly updateRatio?: number;
}

/** What a rank adds to a step beside its gradients. */
export interface Share {
  /** Its term of the batch's mean loss: the terms add up to the mean. */
  readonly loss: number;
  /** Where its random stream stands after the step; all ranks go on from the furthest. */
  readonly position: number;
  /** Its learning rate; all ranks step with that of rank 0, which alone sees validations. */
  readonly learningRate: number;
}

export interface ParallelRun {
  readonly kernel: Kernel;
  /** Weights, and the gradients that `gradients` fills and `finish` reads. */
  readonly flat: FlatParameters;
  /** Number of ranks: part of the run's identity. At most the rows of a batch. */
  readonly ranks: number;
  /** Draw the next batch. */
  begin(): void;
  /** Add to the gradients, which are zero, those of `rank`'s term of the mean loss. */
  gradients(rank: number): Share;
  /**
   * Clip, update, carry on; `flat.grads` holds the sum over ranks.
   * @throws DivergedError when the loss or a gradient is NaN or infinite; weights are then untouched
   */
  finish(shares: readonly Share[]): StepResult;
  /** Back to where `begin` found the run. */
  undo(): void;
  /** What `rank`'s rows carry to the next step (a recurrent state); undefined for nothing. */
  carried(rank: number): RealArray | undefined;
  /** Take over what `carried` gave in another worker. */
  carry(rank: number, carried: RealArray | undefined): void;
}
