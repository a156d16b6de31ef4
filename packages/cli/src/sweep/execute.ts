/** Brings one run to its result: attempts that die are repeated from their last checkpoint, up to a limit. */
import { CliError } from '../errors.js';
import { trainArgs } from './flags.js';
import type { TrialPool } from './pool.js';
import type { Outcome, RunSpec } from './run-spec.js';
import type { Attempt, Store } from './store.js';
import type { Progressed } from './train-here.js';

export interface ExecuteOptions {
  readonly store: Store;
  readonly pool: TrialPool;
  /** How often an attempt may be lost before the run counts as failed. */
  readonly retries: number;
  readonly onProgress: (progressed: Progressed, pid: number) => void;
  /** Told when an attempt was lost and another one begins. */
  readonly onLost?: (reason: string) => void;
  /** When aborted the run is given up: somebody else has it. */
  readonly signal?: AbortSignal;
}

/** Errors that come again however often the run is repeated, also from its beginning. */
const LASTING = ['DIVERGED', 'OUT_OF_MEMORY', 'ARGUMENT', 'SHAPE', 'USAGE'];

/** @throws CliError SESSION_LOST when `signal` was aborted; the store's own errors */
export async function execute(spec: RunSpec, options: ExecuteOptions): Promise<Outcome> {
  const { store, pool, retries, onProgress, onLost, signal } = options;
  const { id, data } = spec;
  const settled = async (): Promise<Outcome | undefined> => {
    const result = await store.committed(id);
    return result === undefined ? undefined : { result };
  };
  const before = await settled();
  if (before !== undefined) return before;
  const text = data === undefined ? undefined : await store.data(data);
  let resume = true;
  for (let lost = 0; ; ) {
    const attempt = store.begin(spec, resume);
    const answer = await pool
      .train({ id, args: argsOf(spec, text, attempt) }, onProgress, signal)
      .catch((error: unknown) => {
        if (!(error instanceof CliError) || signal?.aborted === true) throw error;
        return { kind: 'failed', failure: { code: error.code, message: error.message } } as const;
      });
    if (answer.kind === 'done') return { result: await store.commit(id, attempt, answer.result) };
    if (answer.kind === 'stopped') return { stopped: true };
    const { failure } = answer;
    if (failure.code === 'SESSION_LOST') {
      lost += 1;
      if (lost > retries) {
        const message = `trial: process must live, got ${lost} attempts that were lost; the last: ${failure.message}`;
        return (await settled()) ?? { failure: { ...failure, message } };
      }
      const meanwhile = await settled();
      if (meanwhile !== undefined) return meanwhile;
      onLost?.(failure.message);
      continue;
    }
    store.drop(attempt);
    if (!attempt.resumes || LASTING.includes(failure.code)) return (await settled()) ?? { failure };
    resume = false; // what it went on from is of no use
  }
}

function argsOf({ task, flags }: RunSpec, text: string | undefined, { folder, resumes }: Attempt): string[] {
  const source = text === undefined ? {} : { data: text };
  if (!resumes) return trainArgs(task, { ...flags, ...source, out: folder });
  const length = flags.steps === undefined ? {} : { steps: flags.steps };
  return trainArgs(task, { ...source, ...length, resume: folder });
}
