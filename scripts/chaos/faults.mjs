/**
 * Preloaded into every thread of scripts/chaos/run.mjs: breaks the thread that a message names, from inside it or from
 * its owner's side. The program under test knows nothing of it.
 */
import { BroadcastChannel, isMainThread, parentPort, threadId } from 'node:worker_threads';

export const CHANNEL = 'hw5-chaos';

/** Messages that no protocol of ours sends. */
const GARBAGE = [
  null,
  undefined,
  7,
  'text',
  [],
  {},
  { type: 'nonsense', id: 1 },
  { type: 'APPLY', id: 'x', path: ['no', 'such'] },
  new Float64Array(9),
  new Map([[1, 2]]),
];

const inside = {
  exit: () => process.exit(3),
  throw: () =>
    setImmediate(() => {
      throw new Error('chaos: thrown');
    }),
  reject: () => void Promise.reject(new Error('chaos: rejected')),
  hang: () => {
    for (;;);
  },
  heap: () => {
    for (const held = []; ; ) held.push(new Array(100_000).fill(held.length));
  },
  garbage: () => {
    for (const message of GARBAGE) parentPort.postMessage(message);
  },
};

const fromOutside = {
  kill: (worker) => void worker.terminate(),
  garbage: (worker) => {
    for (const message of GARBAGE) worker.postMessage(message);
  },
};

if (!isMainThread) {
  const channel = new BroadcastChannel(CHANNEL);
  channel.unref();
  /** @type {Map<number, import('node:worker_threads').Worker>} */
  const owned = new Map();
  process.on('worker', (worker) => {
    owned.set(worker.threadId, worker);
    channel.postMessage({ born: worker.threadId, owner: threadId });
  });
  channel.onmessage = ({ data }) => {
    const worker = owned.get(data.to);
    if (worker !== undefined) fromOutside[data.fault]?.(worker);
    if (data.to === threadId) inside[data.fault]?.();
  };
  channel.postMessage({ listening: threadId });
}
