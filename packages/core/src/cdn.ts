/**
 * The entry of the one-file build, `dist/cdn/hw5.min.js`: all of `@hw5/core` for a page without a bundler. The file is its
 * own worker, too: started as one under these names it listens to its owner.
 */
export * from './index.js';

if ('WorkerGlobalScope' in globalThis) {
  const { name } = globalThis as unknown as { readonly name: string };
  if (name === 'hw5-session') await import('./session/worker.js');
  if (name === 'hw5-replica') await import('./session/replica.js');
}
