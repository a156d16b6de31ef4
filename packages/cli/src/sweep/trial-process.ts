/**
 * The process that trains a sweep's runs, one after the other, as its owner orders. It says every second that it
 * lives, stops at a step's edge when told to, and ends when its owner is gone.
 */
import { failureOf, Interrupted } from '../errors.js';
import { requestStop, stopSignal } from '../interrupt.js';
import type { FromTrial, ToTrial } from './pool.js';
import { trainHere } from './train-here.js';

const BEAT_MS = 1000;
/** At most this often is progress told. */
const PROGRESS_MS = 200;

const stop = stopSignal();
let last = Promise.resolve();

function tell(message: FromTrial): void {
  if (process.connected) process.send?.(message);
}

process.on('message', (message: ToTrial) => {
  if (message.kind === 'stop') requestStop();
  else last = last.then(() => obey(message));
});
// Without an owner nobody takes the result; what is in flight is saved.
process.on('disconnect', () => {
  requestStop();
  void last.then(() => process.exit());
});
setInterval(() => tell({ kind: 'alive' }), BEAT_MS);
tell({ kind: 'alive' });

async function obey({ order }: Extract<ToTrial, { readonly kind: 'train' }>): Promise<void> {
  let told = 0;
  try {
    if (stop.aborted) throw new Interrupted();
    const result = await trainHere(order, (progressed) => {
      const now = performance.now();
      if (now - told < PROGRESS_MS) return;
      told = now;
      tell({ kind: 'progress', progressed });
    });
    tell(result === undefined ? { kind: 'stopped' } : { kind: 'done', result });
  } catch (error) {
    if (error instanceof Interrupted) tell({ kind: 'stopped' });
    else {
      const { code, message } = failureOf(error);
      tell({ kind: 'failed', failure: { code, message } });
    }
  }
}
