/** One of core's experiments on a page: run on request, with its progress and its result. */
import type { ExperimentResult } from '@hw5/core';
import { type Signal, signal } from '@preact/signals';
import { errorNotice, type Notice } from '../notices.js';
import type { Sessions } from '../page.js';

export interface TrialState {
  /** Share done in [0, 1]; null when it does not run. */
  readonly share: number | null;
  readonly result: ExperimentResult | null;
}

export class Trial {
  readonly name: string;
  readonly state: Signal<TrialState> = signal<TrialState>({ share: null, result: null });
  readonly #sessions: Sessions;
  readonly #tell: (notice: Notice) => void;

  /** @param name an experiment of core: `mood`, `future`, `leak`, `chain`, `argmax` */
  constructor(name: string, sessions: Sessions, tell: (notice: Notice) => void) {
    this.name = name;
    this.#sessions = sessions;
    this.#tell = tell;
  }

  /** @returns the result; undefined when it runs already or failed, which the status line then says */
  async run(seeds = 5): Promise<ExperimentResult | undefined> {
    if (this.state.peek().share !== null) return undefined;
    this.state.value = { share: 0, result: null };
    try {
      const onProgress = (share: number): void => {
        this.state.value = { share, result: null };
      };
      const result = await this.#sessions.ask((session) =>
        session.experiment(this.name, { seeds, onProgress }),
      );
      this.state.value = { share: null, result };
      return result;
    } catch (error) {
      this.state.value = { share: null, result: null };
      this.#tell(errorNotice(error));
      return undefined;
    }
  }
}
