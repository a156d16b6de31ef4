/**
 * What we use of BullMQ 6: its Queue and Worker over Redis or PostgreSQL. It is an optional companion, loaded when a
 * queue is asked for; its declarations need those of every driver, so the part we call is written down here.
 */
import { CliError } from '../../errors.js';
import type { Outcome, RunSpec } from '../run-spec.js';
import type { Progressed } from '../train-here.js';

/** What travels to a worker. */
export interface RunJob {
  readonly spec: RunSpec;
  readonly sweep: string;
}

export interface JobProgress extends Progressed {
  /** Which worker trains it. */
  readonly worker: string;
}

export interface Job {
  readonly id: string;
  readonly data: RunJob;
  readonly progress: JobProgress | number | null;
  readonly returnvalue: Outcome | null;
  /** Set when it will not be tried again. */
  readonly finishedOn?: number;
  readonly failedReason?: string;
  updateProgress(progress: JobProgress): Promise<void>;
  /** Give an active job back. */
  moveToWait(token: string): Promise<unknown>;
  remove(): Promise<void>;
}

interface Events {
  on(event: 'error', listener: (error: Error) => void): unknown;
  close(force?: boolean): Promise<void>;
}

export interface Queue extends Events {
  add(name: string, data: RunJob, options: object): Promise<Job>;
  getJob(id: string): Promise<Job | undefined>;
  getJobCounts(): Promise<Record<string, number>>;
  waitUntilReady(): Promise<unknown>;
}

export interface Worker extends Events {
  on(event: 'error', listener: (error: Error) => void): unknown;
  on(event: 'stalled', listener: (id: string) => void): unknown;
  on(event: 'lockRenewalFailed', listener: (ids: string[]) => void): unknown;
  on(event: 'failed', listener: (job: Job | undefined, error: Error) => void): unknown;
  waitUntilReady(): Promise<unknown>;
  /** Abort the signal of a job in work here. */
  cancelJob(id: string, reason?: string): boolean;
  /** Take no more jobs. */
  pause(doNotWaitActive?: boolean): Promise<void>;
}

/** What a worker does with a job; BullMQ gives the signal to who takes three arguments. */
export type Processor = (job: Job, token: string, signal: AbortSignal) => Promise<Outcome>;

export interface Bull {
  readonly Queue: new (name: string, options: object) => Queue;
  readonly Worker: new (name: string, processor: Processor, options: object) => Worker;
  /** Thrown by a processor that gave its job back. */
  readonly WaitingError: new () => Error;
}

interface Module extends Bull {
  withBackend(factory: unknown): Pick<Bull, 'Queue' | 'Worker'>;
  readonly createPostgresBackend: unknown;
}

/** @throws CliError QUEUE when it is not installed */
export async function loadBull(kind: 'redis' | 'postgres'): Promise<Bull> {
  const module = (await optional('bullmq')) as Module;
  const { WaitingError } = module;
  return kind === 'redis'
    ? { Queue: module.Queue, Worker: module.Worker, WaitingError }
    : { ...module.withBackend(module.createPostgresBackend), WaitingError };
}

/** A package that hw5 uses when it is there. */
export async function optional(name: 'bullmq' | 'ioredis' | 'pg'): Promise<unknown> {
  try {
    return await import(name as string);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_MODULE_NOT_FOUND') throw error;
    throw new CliError(
      'QUEUE',
      `queue: package ${name} must be installed, got none`,
      'npm install bullmq ioredis, or bullmq pg for postgres://',
    );
  }
}
