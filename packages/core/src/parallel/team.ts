/**
 * Rank 0's side of a run that several workers train: starts the other ranks, steps with them, and fails with them.
 * The others start from the run's own checkpoint and then take the same steps; see run.ts.
 */
import { transfer } from 'comlink';
import { spawnReplica } from '#platform/replica';
import { InternalError, SessionLostError } from '../errors.js';
import type { RealArray } from '../kernel/kernel.js';
import { WorkerLink } from '../link/link.js';
import type { WorkerLimits } from '../platform/limits.js';
import type { Exchange } from './exchange.js';
import { MessageHub } from './messages.js';
import type { JoinRequest, ReplicaApi } from './replica-api.js';
import type { ParallelRun, StepResult } from './run.js';
import { SharedExchange, sharedBytes } from './shared.js';
import { OtherRankFailed, stepTogether } from './step.js';

export interface TeamOptions {
  readonly startTimeoutMs: number;
  readonly hangTimeoutMs: number;
  readonly limits: WorkerLimits;
  /** `'shared'` where shared memory is there, else `'messages'`. */
  readonly exchange: 'shared' | 'messages';
}

/** What every other rank builds its run from. */
export type JoinRun = Pick<JoinRequest, 'kernel' | 'checkpoint' | 'data'>;

export class Team {
  readonly #run: ParallelRun;
  readonly #links: readonly WorkerLink<ReplicaApi>[];
  readonly #exchange: Exchange;
  readonly #lost: AbortController;

  /** Start a worker for each rank but the first. @throws SessionLostError when one does not start */
  static async open(run: ParallelRun, join: JoinRun, options: TeamOptions): Promise<Team> {
    const lost = new AbortController();
    const links: WorkerLink<ReplicaApi>[] = [];
    const { ranks, flat } = run;
    const memory =
      options.exchange === 'shared' ? new SharedArrayBuffer(sharedBytes(ranks, flat.grads.bytes)) : undefined;
    const channels = Array.from({ length: ranks - 1 }, () => new MessageChannel());
    const place = { rank: 0, ranks, lost: lost.signal };
    try {
      await Promise.all(
        channels.map(async ({ port2 }, index) => {
          const rank = index + 1;
          const worker = await spawnReplica(options.limits);
          const link = new WorkerLink<ReplicaApi>(worker, { ...options, name: `worker ${rank}` }, (error) =>
            lost.abort(error),
          );
          links[index] = link;
          const request = { ...join, rank, memory, port: port2 };
          await link.start((remote) => remote.join(transfer(request, [port2])));
        }),
      );
    } catch (error) {
      await closeAll(links);
      throw error;
    }
    const exchange =
      memory === undefined
        ? new MessageHub(
            channels.map(({ port1 }) => port1),
            place,
          )
        : new SharedExchange(memory, flat.grads.size, run.kernel.realBytes, place);
    return new Team(run, links, exchange, lost);
  }

  private constructor(
    run: ParallelRun,
    links: readonly WorkerLink<ReplicaApi>[],
    exchange: Exchange,
    lost: AbortController,
  ) {
    this.#run = run;
    this.#links = links;
    this.#exchange = exchange;
    this.#lost = lost;
  }

  /**
   * One step of all ranks.
   * @throws DivergedError or what a rank threw (the run then stands where it stood), SessionLostError when a rank is
   *   lost (its share of the state is gone with it, and no further step is possible)
   */
  async step(): Promise<StepResult> {
    this.#lost.signal.throwIfAborted();
    const others = Promise.all(this.#links.map((link) => link.call<void>((remote) => remote.step())));
    others.catch((error: unknown) => {
      if (error instanceof SessionLostError) this.#lost.abort(error);
    });
    try {
      const result = await stepTogether(this.#run, 0, this.#exchange);
      await others;
      return result;
    } catch (error) {
      this.#lost.signal.throwIfAborted();
      // Every rank has undone the step; the one that failed says why.
      if (error instanceof OtherRankFailed) await others;
      throw error;
    }
  }

  /** Bring what the other ranks carry to the next step into this rank's run, for a checkpoint. */
  async collect(): Promise<void> {
    await Promise.all(
      this.#links.map(async (link, index) => {
        const carried = await link.call<RealArray | undefined>((remote) => remote.carried());
        this.#run.carry(index + 1, carried);
      }),
    );
  }

  /** @throws InternalError when a rank's weights are not this one's */
  async verify(): Promise<void> {
    const own = this.#run.flat.hash();
    await Promise.all(
      this.#links.map(async (link, index) => {
        const hash = await link.call<string>((remote) => remote.hash());
        if (hash !== own) throw new InternalError(`weights of rank ${index + 1} must be ${own}, got ${hash}`);
      }),
    );
  }

  /** End the other workers. */
  async close(): Promise<void> {
    await closeAll(this.#links);
  }
}

async function closeAll(links: readonly WorkerLink<ReplicaApi>[]): Promise<void> {
  const reason = new SessionLostError('workers: must be training, got a run that was replaced');
  await Promise.all(links.filter(Boolean).map((link) => link.close(reason)));
}
