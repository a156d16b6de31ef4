/**
 * Finished runs in an object store, over plain HTTP: PUT, GET and DELETE below one address. There is no rename there;
 * an attempt's files go to a place of their own, and the result that names the place is written with
 * `If-None-Match: *`, which a store grants once. Runs are trained in a folder of this machine.
 */
import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { CliError } from '../errors.js';
import { replaceFile } from '../run/durable.js';
import type { RunResult, RunSpec, SweepData } from './run-spec.js';
import type { Attempt, RunStore, Store } from './store.js';

/** Tries of a request that the network or the store failed, and the pause before the second, which doubles; ms. */
const TRIES = 5;
const PAUSE_MS = 200;
/** One request, ms: a large checkpoint over a slow line. */
const REQUEST_MS = 120_000;

export function isAddress(place: string | undefined): place is string {
  return place !== undefined && /^https?:\/\//.test(place);
}

export class HttpStore implements Store {
  readonly #address: URL;
  readonly #local: RunStore;

  /**
   * @param address - its query, such as a signature, goes with every request; HW5_ARTIFACTS_AUTH is the Authorization header
   * @param local - where runs are trained
   */
  constructor(address: string, local: RunStore) {
    this.#address = new URL(address);
    this.#local = local;
  }

  async keepData(path: string): Promise<SweepData | undefined> {
    const data = await this.#local.keepData(path);
    if (data === undefined) return undefined;
    await this.#put(dataKey(data), await readFile(this.#local.dataPath(data)), true);
    return data;
  }

  async data(data: SweepData): Promise<string> {
    const path = this.#local.dataPath(data);
    if (!existsSync(path)) {
      const key = dataKey(data);
      const bytes = await this.#get(key);
      if (bytes === undefined) throw this.#refused('GET', key, 404);
      await replaceFile('data', path, bytes);
    }
    return this.#local.data(data);
  }

  async committed(id: string): Promise<RunResult | undefined> {
    const bytes = await this.#get(resultKey(id));
    return bytes === undefined ? undefined : (JSON.parse(new TextDecoder().decode(bytes)) as RunResult);
  }

  begin(spec: RunSpec, resume: boolean): Attempt {
    return this.#local.begin(spec, resume);
  }

  async commit(id: string, attempt: Attempt, result: RunResult): Promise<RunResult> {
    const place = `runs/${id}.${randomUUID()}`;
    const names = (await readdir(attempt.folder)).filter((name) => !/^lock|\.tmp$/.test(name));
    for (const name of names) await this.#put(`${place}/${name}`, await readFile(join(attempt.folder, name)));
    const named = `${JSON.stringify({ ...result, place })}\n`;
    if (await this.#put(resultKey(id), new TextEncoder().encode(named), true)) {
      return this.#local.commit(id, attempt, result);
    }
    // Another attempt was first, or this one, when only the answer was lost.
    const first = await this.committed(id);
    if (first === undefined) throw this.#refused('GET', resultKey(id), 404);
    if ((first as { readonly place?: string }).place !== place) {
      for (const name of names) await this.#request('DELETE', `${place}/${name}`).catch(() => {});
    }
    this.#local.drop(attempt);
    return first;
  }

  drop(attempt: Attempt): void {
    this.#local.drop(attempt);
  }

  place(id: string): string {
    return this.#shown(resultKey(id));
  }

  async #get(key: string): Promise<Uint8Array | undefined> {
    const response = await this.#request('GET', key);
    if (response.status === 404) return undefined;
    if (!response.ok) throw this.#refused('GET', key, response.status);
    return new Uint8Array(await response.arrayBuffer());
  }

  /** @returns false when `once` and there is something already */
  async #put(key: string, body: Uint8Array, once = false): Promise<boolean> {
    const response = await this.#request('PUT', key, body, once ? { 'if-none-match': '*' } : {});
    if (once && (response.status === 412 || response.status === 409)) return false;
    if (!response.ok) throw this.#refused('PUT', key, response.status);
    return true;
  }

  async #request(
    method: 'GET' | 'PUT' | 'DELETE',
    key: string,
    body?: Uint8Array,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<Response> {
    const authorization = process.env.HW5_ARTIFACTS_AUTH;
    const url = this.#url(key);
    for (let attempt = 1; ; attempt++) {
      let failed: unknown;
      try {
        const response = await fetch(url, {
          method,
          headers: { ...headers, ...(authorization === undefined ? {} : { authorization }) },
          ...(body === undefined ? {} : { body: body as Uint8Array<ArrayBuffer> }),
          signal: AbortSignal.timeout(REQUEST_MS),
        });
        if (response.status < 500 || attempt === TRIES) return response;
      } catch (error) {
        failed = error;
      }
      if (attempt === TRIES)
        throw this.#refused(method, key, (failed as { cause?: Error }).cause?.message ?? String(failed));
      await sleep(PAUSE_MS * 2 ** (attempt - 1));
    }
  }

  #url(key: string): URL {
    const url = new URL(this.#address);
    url.pathname = `${url.pathname.replace(/\/$/, '')}/${key.split('/').map(encodeURIComponent).join('/')}`;
    return url;
  }

  /** Without what lets somebody in. */
  #shown(key: string): string {
    const { origin, pathname } = this.#url(key);
    return `${origin}${pathname}`;
  }

  #refused(method: string, key: string, why: number | string): CliError {
    return new CliError(
      'FILE',
      `artifacts: ${method} ${this.#shown(key)} must succeed, got ${why}`,
      'HW5_ARTIFACTS_AUTH is sent as the Authorization header',
    );
  }
}

const resultKey = (id: string): string => `runs/${id}/result.json`;
const dataKey = ({ name, sha256 }: SweepData): string => `data/${sha256.slice(0, 12)}-${name}`;
