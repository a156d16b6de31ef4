export { openSession } from './client.js';
export type * from './protocol.js';
