/** What a worker tells Prometheus: text format 0.0.4 over HTTP at /metrics, and /healthz for who only asks whether it lives. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileError } from '../../errors.js';
import type { Outcome } from '../run-spec.js';

export class WorkerMetrics {
  readonly #ended = { done: 0, failed: 0, given_back: 0, lost: 0 };
  readonly #running = new Map<string, number>();
  readonly #waiting: (() => void)[] = [];
  #steps = 0;
  #seconds = 0;
  errors = 0;

  /** Count a run while it is in work here. */
  async during(id: string, run: Promise<Outcome>): Promise<Outcome> {
    const start = performance.now();
    this.#running.set(id, 0);
    try {
      const outcome = await run;
      this.#ended['failure' in outcome ? 'failed' : 'done'] += 1;
      return outcome;
    } catch (error) {
      this.#ended[error instanceof Error && error.name === 'WaitingError' ? 'given_back' : 'lost'] += 1;
      throw error;
    } finally {
      this.#seconds += (performance.now() - start) / 1000;
      this.#running.delete(id);
      if (this.#running.size === 0) for (const resolve of this.#waiting.splice(0)) resolve();
    }
  }

  progressed(id: string, step: number): void {
    const before = this.#running.get(id);
    if (before === undefined) return;
    if (before > 0 && step > before) this.#steps += step - before;
    this.#running.set(id, step);
  }

  /** Resolves when no run is in work. */
  idle(): Promise<void> {
    if (this.#running.size === 0) return Promise.resolve();
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  /** @param jobs - of the whole queue by state; undefined when it does not answer */
  text(jobs: Readonly<Record<string, number>> | undefined): string {
    const ended = Object.entries(this.#ended).map(
      ([outcome, count]) => `hw5_runs_total{outcome="${outcome}"} ${count}`,
    );
    const queued = Object.entries(jobs ?? {}).map(
      ([state, count]) => `hw5_queue_jobs{state="${state}"} ${count}`,
    );
    return [
      ...series('hw5_runs_total', 'counter', 'Runs that ended here.', ended),
      ...series('hw5_runs_active', 'gauge', 'Runs in training here.', [
        `hw5_runs_active ${this.#running.size}`,
      ]),
      ...series('hw5_steps_total', 'counter', 'Training steps seen here.', [
        `hw5_steps_total ${this.#steps}`,
      ]),
      ...series('hw5_run_seconds_total', 'counter', 'Seconds spent on runs.', [
        `hw5_run_seconds_total ${this.#seconds.toFixed(3)}`,
      ]),
      ...series('hw5_queue_errors_total', 'counter', 'Errors of the queue.', [
        `hw5_queue_errors_total ${this.errors}`,
      ]),
      ...series('hw5_queue_up', 'gauge', '1 when the queue answers.', [
        `hw5_queue_up ${jobs === undefined ? 0 : 1}`,
      ]),
      ...series('hw5_queue_jobs', 'gauge', 'Jobs of the queue by state.', queued),
      ...series('process_resident_memory_bytes', 'gauge', 'Memory of the worker without its trials.', [
        `process_resident_memory_bytes ${process.memoryUsage.rss()}`,
      ]),
      '',
    ].join('\n');
  }
}

function series(name: string, type: 'counter' | 'gauge', help: string, lines: readonly string[]): string[] {
  return [`# HELP ${name} ${help}`, `# TYPE ${name} ${type}`, ...lines];
}

export interface MetricsServer {
  readonly url: string;
  close(): void;
}

/** @param port - 0 = any free one */
export function serveMetrics(
  host: string,
  port: number,
  text: () => Promise<string>,
): Promise<MetricsServer> {
  const server = createServer((request, response) => {
    const path = request.url?.split('?')[0];
    if (path === '/healthz') response.end('ok\n');
    else if (path === '/metrics') {
      response.setHeader('content-type', 'text/plain; version=0.0.4; charset=utf-8');
      void text().then((body) => response.end(body));
    } else {
      response.statusCode = 404;
      response.end('see /metrics\n');
    }
  });
  return new Promise((resolve, reject) => {
    server.once('error', (error) => reject(fileError('metrics', `${host}:${port}`, error)));
    server.listen(port, host, () => {
      const { port: bound } = server.address() as AddressInfo;
      resolve({
        url: `http://${host.includes(':') ? `[${host}]` : host}:${bound}/metrics`,
        close: () => server.close(),
      });
    });
  });
}
