/**
 * Training and asking a model in a worker.
 *
 * {@includeCode ../../examples/session.ts}
 *
 * @module @hw5/core/session
 */
export { openSession, resumeSession } from './client.js';
export type * from './protocol.js';
