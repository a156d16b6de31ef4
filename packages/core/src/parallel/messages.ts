/**
 * The exchange by messages, for pages without shared memory: rank 0 receives all gradients, sums them, and sends the
 * sum to each. Adds the same numbers in the same order as the exchange through shared memory, so the bits agree.
 */
import type { RealArray } from '../kernel/kernel.js';
import { allocate, scope, type Tensor } from '../tensor.js';
import type { Exchange, Place } from './exchange.js';
import type { Share } from './run.js';

/** What a rank sends to rank 0. */
interface Given {
  readonly share: Share | undefined;
  readonly grads: RealArray;
}

/** What rank 0 sends back. */
interface Sum {
  readonly shares: readonly (Share | undefined)[];
  /** Undefined when a rank failed. */
  readonly grads: RealArray | undefined;
}

/** Rank 0: one port to each other rank, in their order. */
export class MessageHub implements Exchange {
  readonly #ports: readonly MessagePort[];
  readonly #inboxes: readonly Inbox<Given>[];

  constructor(ports: readonly MessagePort[], { lost }: Place) {
    this.#ports = ports;
    this.#inboxes = ports.map((port) => new Inbox<Given>(port));
    lost.addEventListener('abort', () => {
      for (const inbox of this.#inboxes) inbox.fail(lost.reason as Error);
    });
  }

  async sum(grads: Tensor<[number]>, share: Share | undefined): Promise<readonly (Share | undefined)[]> {
    const given = await Promise.all(this.#inboxes.map((inbox) => inbox.next()));
    const shares = [share, ...given.map((message) => message.share)];
    const complete = !shares.includes(undefined);
    if (complete) addAll(grads, given);
    for (const port of this.#ports) send(port, { shares, grads: complete ? copyOf(grads) : undefined });
    return shares;
  }
}

/** Every other rank: one port to rank 0. */
export class MessageSpoke implements Exchange {
  readonly #port: MessagePort;
  readonly #inbox: Inbox<Sum>;

  constructor(port: MessagePort) {
    this.#port = port;
    this.#inbox = new Inbox<Sum>(port);
  }

  async sum(grads: Tensor<[number]>, share: Share | undefined): Promise<readonly (Share | undefined)[]> {
    send(this.#port, { share, grads: copyOf(grads) } satisfies Given);
    const { shares, grads: sum } = await this.#inbox.next();
    if (sum !== undefined) grads.set(sum);
    return shares;
  }
}

function addAll(grads: Tensor<[number]>, given: readonly Given[]): void {
  const { kernel, size } = grads;
  scope(() => {
    const term = allocate('exchange', [size] as const, 'real');
    for (const message of given) {
      term.set(message.grads);
      kernel.check('exchange', kernel.calls.add_scaled(grads.offset, term.offset, size, 1));
    }
  });
}

function copyOf(grads: Tensor<[number]>): RealArray {
  return grads.data as RealArray;
}

function send(port: MessagePort, message: Given | Sum): void {
  port.postMessage(message, message.grads === undefined ? [] : [message.grads.buffer as ArrayBuffer]);
}

/** What has come through a port, in order. */
class Inbox<T> {
  readonly #come: T[] = [];
  #waiting: { readonly resolve: (message: T) => void; readonly reject: (reason: Error) => void } | undefined;

  constructor(port: MessagePort) {
    port.onmessage = (event: MessageEvent<T>) => {
      if (this.#waiting === undefined) this.#come.push(event.data);
      else this.#waiting.resolve(event.data);
      this.#waiting = undefined;
    };
  }

  /** The next message; one caller at a time. */
  next(): Promise<T> {
    const message = this.#come.shift();
    if (message !== undefined) return Promise.resolve(message);
    return new Promise((resolve, reject) => {
      this.#waiting = { resolve, reject };
    });
  }

  /** No message will come. */
  fail(reason: Error): void {
    this.#waiting?.reject(reason);
  }
}
