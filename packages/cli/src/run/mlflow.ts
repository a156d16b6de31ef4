/**
 * Reports a run to an MLflow server over its REST interface (2.0), beside training and never in its way: values wait in
 * a queue and are sent in batches; what fails is tried again, later and later, and told once. Times go with the values,
 * so that a batch which arrives twice is stored once. metrics.jsonl has everything that a server may have missed.
 * Source: MLflow's REST API, sections "Create Run", "Log Batch", "Update Run", and their limits.
 */
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { StepReport } from '@hw5/core';
import { replaceFile } from './durable.js';
import { scalarsOf } from './events.js';

export type RunStatus = 'FINISHED' | 'FAILED' | 'KILLED';

/** mlflow.json: where the run is reported, so that it goes on there when it is resumed. */
interface Place {
  readonly url: string;
  readonly experiment: string;
  readonly runId?: string;
}

interface Value {
  readonly key: string;
  readonly value: number;
  readonly timestamp: number;
  readonly step: number;
}

export interface MlflowOptions {
  /** The run's mlflow.json. */
  readonly path: string;
  /** Address of the server; undefined = that of mlflow.json. */
  readonly url: string | undefined;
  /** Its name there; undefined = that of mlflow.json, or hw5. */
  readonly experiment: string | undefined;
  readonly runName: string;
  /** Settings, by name. */
  readonly params: Readonly<Record<string, string>>;
  /** Told once when the server cannot be reached, and once when values were given up. */
  readonly onTrouble: (message: string) => void;
  readonly times?: Partial<typeof defaultTimes>;
}

/** Milliseconds. */
const defaultTimes = {
  /** Between batches. */
  between: 1_000,
  /** For one request. */
  request: 5_000,
  /** Before the first new try; it doubles up to the longest. */
  retry: 500,
  longestRetry: 30_000,
  /** For what is left when the run ends, and after the first failure then. */
  end: 10_000,
  endUnreachable: 2_000,
};

/** Limits of one request: 1000 of both together. */
const valuesPerBatch = 900;
const paramsPerBatch = 100;
const paramLength = 500;
/** Values that wait for a server which is away; the oldest go first. */
const longestQueue = 100_000;

/** An answer that says no, whatever is tried again. */
class Refused extends Error {}

export class MlflowTracker {
  readonly #options: MlflowOptions;
  readonly #times: typeof defaultTimes;
  #place: Place;
  #experiment: string | undefined;
  #queue: Value[] = [];
  #params: { readonly key: string; readonly value: string }[] = [];
  #givenUp = 0;
  #told = false;
  #ending = false;
  /** Set by the first failure after the end. */
  #failedAtEnd: ReturnType<typeof setTimeout> | undefined;
  #stopped = false;
  #pausing = new AbortController();
  #request = new AbortController();
  readonly #sending: Promise<void>;

  /**
   * Begin to report, or go on where mlflow.json says.
   * @returns undefined when neither an address nor mlflow.json is there
   */
  static open(options: MlflowOptions): MlflowTracker | undefined {
    const before = readPlace(options.path);
    const url = options.url?.replace(/\/+$/, '') ?? before?.url;
    if (url === undefined) return undefined;
    const experiment = options.experiment ?? before?.experiment ?? 'hw5';
    const same = before?.url === url && before.experiment === experiment;
    return new MlflowTracker(options, same ? before : { url, experiment });
  }

  private constructor(options: MlflowOptions, place: Place) {
    this.#options = options;
    this.#times = { ...defaultTimes, ...options.times };
    this.#place = place;
    if (place.runId === undefined) {
      const all = Object.entries(options.params);
      this.#params = all.map(([key, value]) => ({ key, value: value.slice(0, paramLength) }));
    }
    this.#sending = this.#send();
  }

  append(reports: readonly StepReport[]): void {
    const timestamp = Date.now();
    for (const report of reports) {
      for (const [key, value] of Object.entries(scalarsOf(report))) {
        if (Number.isFinite(value)) this.#queue.push({ key, value, timestamp, step: report.step });
      }
    }
    const tooMany = this.#queue.length - longestQueue;
    if (tooMany > 0) {
      this.#queue.splice(0, tooMany);
      this.#givenUp += tooMany;
    }
  }

  /** Send what is left and say how the run ended; resolves in bounded time, whatever the server does. */
  async end(status: RunStatus): Promise<void> {
    this.#ending = true;
    this.#pausing.abort();
    this.#pausing = new AbortController();
    const timer = setTimeout(() => this.#stop(), this.#times.end);
    await this.#sending;
    await this.#attempt(() => this.#setStatus({ status, end_time: Date.now() }));
    clearTimeout(timer);
    clearTimeout(this.#failedAtEnd);
    const lost = this.#givenUp + this.#queue.length;
    if (lost > 0) {
      this.#options.onTrouble(
        `mlflow: ${lost} values did not reach ${this.#place.url}; metrics.jsonl has all of them`,
      );
    }
  }

  #stop(): void {
    this.#stopped = true;
    this.#pausing.abort();
    this.#request.abort();
  }

  /** Batch after batch, until the run has ended and nothing is left. */
  async #send(): Promise<void> {
    // A run that is resumed had been told to be at its end.
    if (this.#place.runId !== undefined) await this.#attempt(() => this.#setStatus({ status: 'RUNNING' }));
    while (!this.#stopped) {
      const more = this.#queue.length >= valuesPerBatch;
      if (!this.#ending && !more) await this.#pause(this.#times.between);
      const metrics = this.#queue.slice(0, valuesPerBatch);
      const params = this.#params.slice(0, paramsPerBatch);
      if (metrics.length + params.length === 0) {
        if (this.#ending) return;
        continue;
      }
      const sent = await this.#attempt(async () => {
        await this.#call('POST', 'runs/log-batch', { run_id: await this.#runId(), metrics, params });
      });
      if (!sent) return;
      this.#params.splice(0, params.length);
      // While it was on its way, the oldest may have been given up.
      const at = metrics.indexOf(this.#queue[0] as Value);
      if (at >= 0) this.#queue.splice(0, metrics.length - at);
    }
  }

  /** Try until it works. @returns false when the time is up or the server says no */
  async #attempt(work: () => Promise<void>): Promise<boolean> {
    for (let wait = this.#times.retry; !this.#stopped; ) {
      try {
        await work();
        return true;
      } catch (error) {
        this.#failedAtEnd ??= this.#ending
          ? setTimeout(() => this.#stop(), this.#times.endUnreachable)
          : undefined;
        this.#tell(error instanceof Error ? error.message : String(error));
        if (error instanceof Refused) this.#stop();
        else await this.#pause(wait);
      }
      wait = this.#ending ? this.#times.retry : Math.min(2 * wait, this.#times.longestRetry);
    }
    return false;
  }

  #tell(reason: string): void {
    if (this.#told || this.#stopped) return;
    this.#told = true;
    this.#options.onTrouble(
      `mlflow: server must take what is reported, got ${reason} from ${this.#place.url}; training goes on`,
    );
  }

  async #pause(ms: number): Promise<void> {
    await sleep(ms, undefined, { signal: this.#pausing.signal }).catch(() => {});
  }

  async #setStatus(status: {
    readonly status: RunStatus | 'RUNNING';
    readonly end_time?: number;
  }): Promise<void> {
    await this.#call('POST', 'runs/update', { run_id: await this.#runId(), ...status });
  }

  /** The server's name of this run, which is made at the first need. */
  async #runId(): Promise<string> {
    if (this.#place.runId !== undefined) return this.#place.runId;
    const { run } = await this.#call<{ readonly run: { readonly info: { readonly run_id: string } } }>(
      'POST',
      'runs/create',
      {
        experiment_id: await this.#experimentId(),
        run_name: this.#options.runName,
        start_time: Date.now(),
        tags: [{ key: 'mlflow.source.name', value: 'hw5' }],
      },
    );
    this.#place = { ...this.#place, runId: run.info.run_id };
    const content = `${JSON.stringify(this.#place)}\n`;
    await replaceFile('mlflow', this.#options.path, content).catch((error: Error) =>
      this.#tell(error.message),
    );
    return run.info.run_id;
  }

  async #experimentId(): Promise<string> {
    this.#experiment ??= await this.#findExperiment();
    return this.#experiment;
  }

  async #findExperiment(): Promise<string> {
    const name = this.#place.experiment;
    const query = `experiments/get-by-name?experiment_name=${encodeURIComponent(name)}`;
    type Found = { readonly experiment?: { readonly experiment_id: string } };
    const { experiment } = await this.#call<Found>('GET', query, undefined, { 404: {} });
    if (experiment !== undefined) return experiment.experiment_id;
    type Created = { readonly experiment_id: string };
    return (await this.#call<Created>('POST', 'experiments/create', { name })).experiment_id;
  }

  /** @throws Refused when the server says no, Error for everything that may pass */
  async #call<T>(
    method: 'GET' | 'POST',
    path: string,
    body?: object,
    instead: Readonly<Record<number, T>> = {},
  ): Promise<T> {
    const headers = { 'content-type': 'application/json', ...authorization() };
    const content = body === undefined ? {} : { body: JSON.stringify(body) };
    const request = new AbortController();
    this.#request = request;
    const timer = setTimeout(() => request.abort(new Error('no answer')), this.#times.request);
    try {
      const url = `${this.#place.url}/api/2.0/mlflow/${path}`;
      const response = await fetch(url, { method, headers, signal: request.signal, ...content });
      const { status } = response;
      if (response.ok) return (await response.json()) as T;
      if (instead[status] !== undefined) return instead[status];
      const text = (await response.text()).slice(0, 200);
      if (status >= 500 || status === 408 || status === 429) throw new Error(`status ${status}`);
      throw new Refused(`status ${status}${text === '' ? '' : ` (${text})`}`);
    } catch (error) {
      // fetch says "fetch failed" and keeps the reason for itself.
      const cause =
        error instanceof Error ? (error.cause as { readonly code?: string } | undefined) : undefined;
      throw cause?.code === undefined ? error : new Error(cause.code);
    } finally {
      clearTimeout(timer);
    }
  }
}

/** Credentials as MLflow's own client takes them, from the environment and never from the command line. */
function authorization(): { readonly authorization?: string } {
  const { MLFLOW_TRACKING_TOKEN, MLFLOW_TRACKING_USERNAME, MLFLOW_TRACKING_PASSWORD } = process.env;
  if (MLFLOW_TRACKING_TOKEN) return { authorization: `Bearer ${MLFLOW_TRACKING_TOKEN}` };
  if (!MLFLOW_TRACKING_USERNAME) return {};
  const pair = `${MLFLOW_TRACKING_USERNAME}:${MLFLOW_TRACKING_PASSWORD ?? ''}`;
  return { authorization: `Basic ${Buffer.from(pair).toString('base64')}` };
}

function readPlace(path: string): Place | undefined {
  try {
    const place = JSON.parse(readFileSync(path, 'utf8')) as Partial<Place>;
    return typeof place.url === 'string' && typeof place.experiment === 'string'
      ? (place as Place)
      : undefined;
  } catch {
    return undefined;
  }
}
