/** The worker's side: answer calls until the worker ends. */
import { expose } from 'comlink';
import { platform } from '#platform';
import { type Alive, READY, type ReadyMessage } from './wire.js';

/**
 * Serve `api` to the owner of this worker, and say so. Workers do not wait for it at their top level: bundlers that
 * make classic scripts of workers (Vite by default) refuse to.
 */
export async function serve(api: object): Promise<void> {
  const { endpoint, lock } = await platform.workerSide();
  const alive: Alive = { async ping() {} };
  expose({ ...api, ...alive }, endpoint);
  endpoint.postMessage({ type: READY, lock } satisfies ReadyMessage);
}
