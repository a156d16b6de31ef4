/** The worker's side: answer calls until the worker ends. */
import { expose } from 'comlink';
import { platform } from '#platform';
import { type Alive, READY, type ReadyMessage } from './wire.js';

/** Serve `api` to the owner of this worker, and say so. */
export async function serve(api: object): Promise<void> {
  const { endpoint, lock } = await platform.workerSide();
  const alive: Alive = { async ping() {} };
  expose({ ...api, ...alive }, endpoint);
  endpoint.postMessage({ type: READY, lock } satisfies ReadyMessage);
}
