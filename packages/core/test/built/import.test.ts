/** Importing the package does nothing: no file, no network, no worker, no kernel, no globals. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';

const run = promisify(execFile);
const subpaths = ['', '/nn', '/optim', '/safetensors', '/data', '/npz', '/homework', '/session'];

describe('import', () => {
  it.each(subpaths)('@hw5/core%s has no side effects', async (subpath) => {
    const program = `
      const forbid = (name) => () => { throw new Error(name + ' on import'); };
      globalThis.fetch = forbid('fetch');
      for (const name of ['compile', 'instantiate', 'Module', 'Instance']) WebAssembly[name] = forbid('WebAssembly.' + name);
      process.on('worker', forbid('a worker'));
      const before = Object.getOwnPropertyNames(globalThis).length;
      const module = await import('@hw5/core${subpath}');
      if (Object.getOwnPropertyNames(globalThis).length !== before) throw new Error('a new global');
      if (Object.keys(module).length === 0) throw new Error('nothing exported');
      console.log('ok');`;
    const { stdout } = await run(process.execPath, ['--input-type=module', '--eval', program], {
      cwd: new URL('../..', import.meta.url),
    });
    expect(stdout.trim()).toBe('ok');
  });
});
