/** The owner's side of a worker: who hangs is told from who works, and every call settles. */
import { expose } from 'comlink';
import { afterEach, describe, expect, it } from 'vitest';
import { OutOfMemoryError, SessionLostError } from '../src/errors.js';
import { WorkerLink } from '../src/link/link.js';
import { READY, settle } from '../src/link/wire.js';
import type { WorkerHandle } from '../src/platform/platform.js';

const HANG_MS = 120;
const ports: MessagePort[] = [];
afterEach(() => {
  for (const port of ports.splice(0)) port.close();
});

/** A worker of this thread that serves `api`; `end` ends it as a crash would. */
function fakeWorker(api: object): { handle: WorkerHandle; end: (cause: string) => void; ended: string[] } {
  const { port1, port2 } = new MessageChannel();
  ports.push(port1, port2);
  expose(api, port2);
  port1.start();
  port2.postMessage({ type: READY, lock: undefined });
  const ended: string[] = [];
  let listener: (cause: string) => void = () => {};
  const handle: WorkerHandle = {
    endpoint: port1,
    onEnd: (listen) => {
      listener = listen;
    },
    watch: () => {},
    terminate: async () => void ended.push('terminated'),
  };
  return { handle, end: (cause) => listener(cause), ended };
}

interface Api {
  greet(): Promise<unknown>;
  never(): Promise<unknown>;
}

const ok = (value: unknown): object => ({ ok: true, value });
const greet = (): object => ok('hello');
const never = (): Promise<never> => new Promise(() => {});
const options = { name: 'worker', startTimeoutMs: 5000, hangTimeoutMs: HANG_MS };

describe('a worker', () => {
  it('that answers no sign of life while a call is pending is ended, and the call rejects', async () => {
    const { handle, ended } = fakeWorker({ greet, never, ping: never });
    const lost: Error[] = [];
    const link = new WorkerLink<Api>(handle, options, (error) => void lost.push(error));
    expect(await link.start((remote) => remote.greet())).toBe('hello');
    await expect(link.call((remote) => remote.never())).rejects.toThrow(
      `worker: the worker must answer within ${HANG_MS} ms, got silence`,
    );
    expect(ended).toEqual(['terminated']);
    expect(lost).toHaveLength(1);
    await expect(link.call((remote) => remote.greet())).rejects.toBeInstanceOf(SessionLostError);
  });

  it('that works for longer than the limit, and gives signs of life, is left alone', async () => {
    const slow = (): Promise<object> =>
      new Promise((done) => setTimeout(() => done(ok('done')), 4 * HANG_MS));
    const { handle } = fakeWorker({ greet: slow, ping: async () => {} });
    const link = new WorkerLink<Api>(handle, options);
    expect(await link.call((remote) => remote.greet())).toBe('done');
  });

  it('is not taken for hung when its owner was busy, and never when the limit is 0', async () => {
    const slow = (): Promise<object> => new Promise((done) => setTimeout(() => done(ok('done')), HANG_MS));
    for (const hangTimeoutMs of [HANG_MS, 0]) {
      const { handle } = fakeWorker({ greet: slow, ping: hangTimeoutMs === 0 ? never : async () => {} });
      const link = new WorkerLink<Api>(handle, { ...options, hangTimeoutMs });
      const answer = link.call((remote) => remote.greet());
      const until = performance.now() + 3 * HANG_MS;
      while (performance.now() < until);
      expect(await answer).toBe('done');
    }
  });

  it('that ends rejects everything that is pending with the cause', async () => {
    const { handle, end } = fakeWorker({ greet, never, ping: async () => {} });
    const link = new WorkerLink<Api>(handle, options);
    const calls = [1, 2, 3].map(() => link.call((remote) => remote.never()));
    end('out of luck');
    for (const call of calls)
      await expect(call).rejects.toThrow('worker: the worker must be alive, got: out of luck');
  });

  it('that is closed twice is terminated once, and the reason stays the first', async () => {
    const { handle, ended } = fakeWorker({ greet, never, ping: async () => {} });
    const link = new WorkerLink<Api>(handle, options);
    const call = link.call((remote) => remote.never());
    await Promise.all([
      expect(call).rejects.toThrow('first'),
      link.close(new SessionLostError('first')),
      link.close(new SessionLostError('second')),
    ]);
    expect(ended).toEqual(['terminated']);
  });
});

it('an array that the engine cannot hold is out of memory, other range errors are not', async () => {
  const tooLarge = await settle(() => new ArrayBuffer(2 ** 52));
  expect(tooLarge).toMatchObject({
    ok: false,
    error: { code: 'OUT_OF_MEMORY', name: OutOfMemoryError.name },
  });
  const other = await settle(() => 'x'.repeat(-1));
  expect(other).toMatchObject({ ok: false, error: { code: undefined, name: 'RangeError' } });
});
