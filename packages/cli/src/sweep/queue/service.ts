/** The service behind a queue: checked before anything is asked of it, so that a service that is absent says so at once. */
import { CliError } from '../../errors.js';
import { type Bull, loadBull, optional } from './bullmq.js';

/** Runs of all sweeps wait in one queue: any worker serves any sweep. */
export const QUEUE_NAME = 'hw5-runs';

/** How long a service may take to answer the first time, ms. */
const CONNECT_MS = 5000;

export interface Service {
  readonly kind: 'redis' | 'postgres';
  /** Without its password. */
  readonly shown: string;
  /** BullMQ's `connection` option. */
  readonly connection: object;
  readonly bull: Bull;
  /** What a person should know about how the service is set up. */
  readonly warnings: readonly string[];
}

/** @throws CliError QUEUE when the URL is none, a package is missing, or the service does not answer */
export async function openService(url: string): Promise<Service> {
  const { protocol, shown } = parsed(url);
  const kind = protocol === 'redis:' || protocol === 'rediss:' ? 'redis' : 'postgres';
  const bull = await loadBull(kind);
  const check = kind === 'redis' ? checkRedis : checkPostgres;
  const warnings = await check(url).catch((error: unknown) => {
    if (error instanceof CliError) throw error;
    const said = (error as Error).message || (error as { readonly code?: string }).code;
    throw new CliError(
      'QUEUE',
      `queue: ${shown} must answer within ${CONNECT_MS / 1000} s, got "${said}"`,
      'is the service running? without --queue hw5 sweep needs none',
      error,
    );
  });
  return { kind, shown, connection: connectionOf(kind, url), bull, warnings };
}

function parsed(url: string): { readonly protocol: string; readonly shown: string } {
  const rule = 'a redis://, rediss:// or postgres:// address';
  if (!URL.canParse(url))
    throw new CliError('USAGE', `--queue: must be ${rule}, got ${url.split('@').at(-1)}`);
  const parts = new URL(url);
  const { protocol } = parts;
  if (!/^(rediss?|postgres(ql)?):$/.test(protocol)) {
    throw new CliError('USAGE', `--queue: must be ${rule}, got ${protocol}//...`);
  }
  parts.username = '';
  parts.password = '';
  parts.search = '';
  return { protocol, shown: parts.href };
}

function connectionOf(kind: Service['kind'], url: string): object {
  // BullMQ's workers must wait for their service for ever: null.
  if (kind === 'redis')
    return { url, maxRetriesPerRequest: null, retryStrategy: (tries: number) => Math.min(tries * 100, 2000) };
  return { connectionString: url, migrate: true, connectionTimeoutMillis: CONNECT_MS };
}

interface RedisClient {
  connect(): Promise<void>;
  disconnect(): void;
  on(event: 'error', listener: (error: Error) => void): unknown;
  info(section: string): Promise<string>;
  config(operation: 'GET', key: string): Promise<string[]>;
}

async function checkRedis(url: string): Promise<string[]> {
  const { Redis } = (await optional('ioredis')) as {
    Redis: new (url: string, options: object) => RedisClient;
  };
  const client = new Redis(url, {
    lazyConnect: true,
    connectTimeout: CONNECT_MS,
    commandTimeout: CONNECT_MS,
    maxRetriesPerRequest: 0,
    retryStrategy: () => null,
  });
  let failed: Error | undefined;
  client.on('error', (error) => {
    failed = error;
  });
  try {
    await inTime(client.connect().catch((error: unknown) => Promise.reject(failed ?? error)));
    const version = /redis_version:(\S+)/.exec(await client.info('server'))?.[1] ?? '0';
    if (Number.parseInt(version, 10) < 6) {
      throw new CliError('QUEUE', `queue: Redis must be version 6.2 or newer, got ${version}`);
    }
    // Services that are rented may forbid to ask.
    const [, policy] = await client.config('GET', 'maxmemory-policy').catch(() => []);
    return policy === undefined || policy === 'noeviction'
      ? []
      : [
          `queue: Redis may drop jobs when its memory is full, maxmemory-policy is ${policy}; set it to noeviction`,
        ];
  } finally {
    client.disconnect();
  }
}

interface PostgresClient {
  connect(): Promise<void>;
  end(): Promise<void>;
  on(event: 'error', listener: (error: Error) => void): unknown;
}

async function checkPostgres(url: string): Promise<string[]> {
  const { Client } = (
    (await optional('pg')) as { default: { Client: new (options: object) => PostgresClient } }
  ).default;
  const client = new Client({ connectionString: url, connectionTimeoutMillis: CONNECT_MS });
  client.on('error', () => {});
  await inTime(client.connect());
  await client.end();
  return [];
}

async function inTime<T>(promise: Promise<T>): Promise<T> {
  const late = AbortSignal.timeout(CONNECT_MS + 1000);
  return Promise.race([
    promise,
    new Promise<never>((_resolve, reject) =>
      late.addEventListener('abort', () => reject(new Error('no answer')), { once: true }),
    ),
  ]);
}
