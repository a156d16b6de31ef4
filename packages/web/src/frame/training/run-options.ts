/** What a page says about the runs that it trains: how they are made, what defines them, what happens along the way. */
import type { Session, StepReport } from '@hw5/core';
import type { Notice } from '../notices.js';

/** `opening`: a worker or a run is being made; `empty`: there is no run, the status line says why. */
export type Phase = 'opening' | 'empty' | 'ready' | 'training' | 'pausing' | 'paused' | 'done' | 'lost';

/** What a run looks like when it begins: core's `RunInfo` and `RunFacts` do. */
export interface RunState {
  readonly step: number;
  readonly trainable: boolean;
}

/** `F`: what the session tells of a run; `S`: what a run learns from. */
export interface RunControlOptions<F extends RunState, S> {
  readonly open: () => Promise<Session>;
  /** The settings that define a run, as text: while they differ from the run's own it is `stale`. Reads signals. */
  readonly key: () => string;
  /** Makes a new run with the settings as they are now. */
  readonly create: (session: Session, source: S) => Promise<F>;
  /** Reloads a checkpoint; without its source it can be asked but not trained. */
  readonly reload: (session: Session, checkpoint: Uint8Array, source: S | null) => Promise<F>;
  /** Takes over the settings of a checkpoint that somebody gave. */
  readonly adopt: (run: F) => void;
  /** Train until this many steps are done in all. */
  readonly steps: () => number;
  readonly seed: () => number;
  /** Says what happened; `null` = nothing any more. */
  readonly tell: (notice: Notice | null) => void;
  /**
   * What the page has gathered about the run (samples, predictions), so that it comes back when a rewind is undone or a
   * worker replaced. The function restores what was there up to a step.
   */
  readonly snapshot?: () => (step: number) => void;
  /** A run begins: what the page has gathered about the one before is to go. */
  readonly onBegin?: (run: F) => void;
  /** Before the first step of each training. */
  readonly beforeTraining?: (session: Session) => Promise<void>;
  /** At most 30 times a second; all reports are in `history` already. */
  readonly onReports?: (newest: StepReport) => void;
  /** Training has paused or ended, or a checkpoint was loaded: time for a look at the run as it stands. */
  readonly afterTraining?: (session: Session) => Promise<void>;
}
