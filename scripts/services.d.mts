/** A service of one's own, see services.mjs. */
export interface Service {
  readonly url: string;
  readonly port: number;
  readonly folder: string;
  start(): Promise<void>;
  /** End the service; what it has on its disk stays. */
  stop(signal?: NodeJS.Signals): Promise<void>;
  restart(signal?: NodeJS.Signals): Promise<void>;
  /** End the service and forget what it had. */
  remove(): Promise<void>;
}

export function startRedis(options?: {
  readonly durable?: boolean;
  readonly policy?: string;
}): Promise<Service>;
export function startPostgres(): Promise<Service>;
