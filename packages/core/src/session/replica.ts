/**
 * A worker that computes one rank of a run (parallel/run.ts). This file is an entry: importing it starts listening.
 * It stands apart from the session's worker, which starts it: bundlers refuse workers that start themselves.
 */
import { ArgumentError, DivergedError } from '../errors.js';
import { serve } from '../link/serve.js';
import { settle } from '../link/wire.js';
import type { Exchange } from '../parallel/exchange.js';
import { MessageSpoke } from '../parallel/messages.js';
import type { JoinRequest, ReplicaApi } from '../parallel/replica-api.js';
import type { ParallelRun } from '../parallel/run.js';
import { SharedExchange } from '../parallel/shared.js';
import { OtherRankFailed, stepTogether } from '../parallel/step.js';
import { runLoader } from '../train/open.js';
import { openKernel } from './kernel.js';

let joined: { readonly run: ParallelRun; readonly rank: number; readonly exchange: Exchange } | undefined;

async function join({ kernel, rank, checkpoint, data, memory, port }: JoinRequest): Promise<void> {
  await openKernel(kernel);
  const load = await runLoader(checkpoint, data);
  const run: ParallelRun = load();
  // Rank 0 decides when to give up; this worker then ends with it.
  const place = { rank, ranks: run.ranks, lost: new AbortController().signal };
  const exchange =
    memory === undefined
      ? new MessageSpoke(port)
      : new SharedExchange(memory, run.flat.grads.size, run.kernel.realBytes, place);
  joined = { run, rank, exchange };
}

async function step(): Promise<void> {
  const { run, rank, exchange } = theRun();
  try {
    await stepTogether(run, rank, exchange);
  } catch (error) {
    // Rank 0 diverges with the same numbers, and hears of a failure from the rank that failed.
    if (error instanceof DivergedError || error instanceof OtherRankFailed) return;
    throw error;
  }
}

function theRun(): NonNullable<typeof joined> {
  if (joined === undefined) throw new ArgumentError('replica: must have joined a run, got none');
  return joined;
}

const api: ReplicaApi = {
  join: (request) => settle(() => join(request)),
  step: () => settle(step),
  carried: () => settle(() => theRun().run.carried(theRun().rank)),
  hash: () => settle(() => theRun().run.flat.hash()),
};

void serve(api);
