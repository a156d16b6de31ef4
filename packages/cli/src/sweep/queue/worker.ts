/** `hw5 worker`: trains what waits in a queue, in trial processes, so that the lease on a run is renewed all the while. */
import { mkdtempSync, rmSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { stopSignal } from '../../interrupt.js';
import { err, out } from '../../terminal.js';
import { HttpStore, isAddress } from '../http-store.js';
import { TrialPool } from '../pool.js';
import { RunStore } from '../store.js';
import { serveMetrics, WorkerMetrics } from './metrics.js';
import { type Say, serverOf } from './serve.js';
import { openService, QUEUE_NAME } from './service.js';

export interface WorkerOptions {
  readonly queue: string;
  /** The folder shared with the sweep; undefined = results only, weights are not kept. */
  readonly artifacts: string | undefined;
  /** Runs at the same time. */
  readonly concurrency: number;
  /** Seconds after which a run of a worker that does not renew its lease goes to another one. */
  readonly lease: number;
  /** How often a run may lose its process or its worker. */
  readonly retries: number;
  readonly metricsPort: number | undefined;
  readonly metricsHost: string;
  readonly json: boolean;
}

/** How long closing may take when the service is away, ms. */
const LEAVE_MS = 5000;
/** Trouble with the service is told at most so often, ms. */
const TROUBLE_MS = 10_000;

/** Work until a signal; then give back what is in work, saved where it is. */
export async function work(options: WorkerOptions): Promise<void> {
  const { concurrency, lease, retries, json } = options;
  const stop = stopSignal();
  const say: Say = (event, facts = {}) => {
    if (json) out.line(JSON.stringify({ event, ...facts }));
    else
      err.line(
        [event, ...Object.entries(facts).map(([name, value]) => `${name} ${String(value)}`)].join('  '),
      );
  };
  const service = await openService(options.queue);
  for (const warning of service.warnings) say('warning', { warning });
  const remote = isAddress(options.artifacts);
  const temporary =
    options.artifacts === undefined || remote ? mkdtempSync(join(tmpdir(), 'hw5-worker-')) : undefined;
  const scratch = new RunStore(temporary ?? options.artifacts!);
  const store = remote ? new HttpStore(options.artifacts!, scratch) : scratch;
  const pool = new TrialPool(Math.max(lease, 2) * 1000);
  const metrics = new WorkerMetrics();
  const name = `${hostname()}-${process.pid}`;
  const serve = serverOf({
    service,
    store,
    pool,
    metrics,
    retries,
    name,
    say,
    scratch: temporary === undefined ? undefined : scratch,
  });
  const worker = new service.bull.Worker(
    QUEUE_NAME,
    (job, token, signal) => metrics.during(job.data.spec.id, serve(job, token, signal)),
    {
      connection: service.connection,
      name,
      concurrency,
      lockDuration: lease * 1000,
      stalledInterval: lease * 500,
      maxStalledCount: retries,
      removeOnComplete: { age: 7 * 86_400 },
      removeOnFail: { age: 7 * 86_400 },
    },
  );
  let told = Number.NEGATIVE_INFINITY;
  worker.on('error', (error) => {
    metrics.errors += 1;
    if (performance.now() - told < TROUBLE_MS) return;
    told = performance.now();
    say('trouble', { reason: error.message });
  });
  worker.on('stalled', (id) => say('stalled', { job: id }));
  // Somebody else has it by now, or nobody wants it any more.
  worker.on('lockRenewalFailed', (ids) => {
    for (const id of ids) worker.cancelJob(id, 'lease lost');
  });
  const queue = new service.bull.Queue(QUEUE_NAME, { connection: service.connection });
  queue.on('error', () => {});
  const server =
    options.metricsPort === undefined
      ? undefined
      : await serveMetrics(options.metricsHost, options.metricsPort, async () =>
          metrics.text(await countsOf(queue)),
        );
  await worker.waitUntilReady();
  say('ready', {
    queue: service.shown,
    artifacts: options.artifacts ?? 'none',
    concurrency,
    ...(server === undefined ? {} : { metrics: server.url }),
  });
  await new Promise<void>((resolve) => {
    if (stop.aborted) resolve();
    else stop.addEventListener('abort', () => resolve(), { once: true });
  });
  say('drain');
  const leave = async (): Promise<void> => {
    await worker.pause(true);
    pool.stop();
    await worker.close();
    await queue.close();
  };
  await Promise.race([
    leave().catch(() => {}),
    metrics.idle().then(() => sleep(LEAVE_MS, undefined, { ref: false })),
  ]);
  server?.close();
  pool.close();
  if (temporary !== undefined) rmSync(temporary, { recursive: true, force: true });
  say('left');
}

async function countsOf(queue: {
  getJobCounts(): Promise<Record<string, number>>;
}): Promise<Record<string, number> | undefined> {
  const late = sleep(1000, undefined, { ref: false });
  return Promise.race([queue.getJobCounts().catch(() => undefined), late]);
}
