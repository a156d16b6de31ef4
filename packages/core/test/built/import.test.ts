/** Importing the package does nothing: no file, no network, no worker, no kernel, no globals. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import manifest from '../../package.json' with { type: 'json' };

const run = promisify(execFile);
/** All but the file for script tags, which no Node program imports. */
const subpaths = Object.keys(manifest.exports)
  .filter((path) => path !== './cdn' && path !== './package.json')
  .map((path) => path.slice(1));

describe('import', () => {
  it.each(subpaths)('@hw5/core%s has no side effects', async (subpath) => {
    const program = `
      import fs from 'node:fs/promises';
      import { syncBuiltinESMExports } from 'node:module';
      const forbid = (name) => () => { throw new Error(name + ' on import'); };
      globalThis.fetch = forbid('fetch');
      for (const name of ['compile', 'instantiate', 'Module', 'Instance']) WebAssembly[name] = forbid('WebAssembly.' + name);
      for (const [name, call] of Object.entries(fs)) {
        if (typeof call !== 'function') continue;
        // Node loads the modules themselves with the same functions.
        fs[name] = (path, ...rest) => /\\.m?js$/.test(String(path)) ? call(path, ...rest) : forbid('fs.' + name)();
      }
      syncBuiltinESMExports();
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

  it('loads few files: the time until the first step is mostly the time to find them', async () => {
    const { stderr } = await run(
      process.execPath,
      ['--input-type=module', '--eval', `await import('@hw5/core')`],
      {
        cwd: new URL('../..', import.meta.url),
        env: { ...process.env, NODE_DEBUG: 'esm' },
      },
    );
    const files = new Set(stderr.match(/file:[^'"\s,]*?\.m?js\b/g));
    expect([...files].filter((file) => file.endsWith('/core/dist/node/index.js'))).toHaveLength(1);
    expect(files.size).toBeLessThanOrEqual(8);
  });

  it.each(['node/index.js', 'cdn/hw5.min.js'])('%s: errors keep the names of their classes', async (file) => {
    const { ShapeError } = await import(
      /* @vite-ignore */ new URL(`../../dist/${file}`, import.meta.url).href
    );
    expect(String(new ShapeError('add: x'))).toBe('ShapeError: add: x');
  });
});
