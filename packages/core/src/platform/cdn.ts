/**
 * Starting workers in the one-file build: each is the same file again, and its name says which part it plays
 * (src/cdn.ts).
 */
import { handleOf } from './browser.js';
import type { SpawnWorker } from './platform.js';

export const spawnSession: SpawnWorker = async () => spawn('hw5-session');

export const spawnReplica: SpawnWorker = async () => spawn('hw5-replica');

function spawn(name: string): ReturnType<typeof handleOf> {
  return handleOf(new Worker(scriptAddress(), { type: 'module', name }));
}

let imported: string | undefined;

/** Browsers start no worker from another site, but a script of this page may import the other site's. */
function scriptAddress(): string {
  if (new URL(import.meta.url).origin === globalThis.origin) return import.meta.url;
  const script = `import ${JSON.stringify(import.meta.url)};`;
  imported ??= URL.createObjectURL(new Blob([script], { type: 'text/javascript' }));
  return imported;
}
