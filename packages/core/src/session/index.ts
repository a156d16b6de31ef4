export { openSession, resumeSession } from './client.js';
export type * from './protocol.js';
