/** What a bundler makes of programs that use a part of the package: that part, and no work on import. */
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import { type OutputChunk, rolldown } from 'rolldown';
import { describe, expect, it } from 'vitest';
import manifest from '../../package.json' with { type: 'json' };

const run = promisify(execFile);

/** The files of a page's (or a Node program's) bundle, the entry first. */
async function bundle(program: string, platform: 'browser' | 'node'): Promise<OutputChunk[]> {
  const build = await rolldown({
    input: 'program',
    cwd: new URL('../..', import.meta.url).pathname,
    platform,
    external: /^node:/,
    plugins: [
      {
        name: 'program',
        resolveId: (id) => (id === 'program' ? '\0program' : null),
        load: (id) => (id === '\0program' ? program : null),
      },
    ],
  });
  const { output } = await build.generate({ format: 'esm', minify: true, keepNames: true });
  await build.close();
  return output.filter((file) => file.type === 'chunk');
}

const kilobytes = (chunks: readonly OutputChunk[]): number =>
  gzipSync(chunks.map(({ code }) => code).join('\n')).length / 1024;

const LAYERS = /LSTM|MultiHeadAttention|attention|homework|question|openSession/;

describe.each(['browser', 'node'] as const)('a bundle for %s', (platform) => {
  it.each([
    {
      part: 'tensor and matmul',
      program: `export { matmul, tensor } from '@hw5/core';`,
      budget: { browser: 2, node: 5 },
    },
    {
      part: 'safetensors',
      program: `export * from '@hw5/core/safetensors';`,
      budget: { browser: 4, node: 7 },
    },
    {
      part: 'optimisers',
      program: `export { Adam } from '@hw5/core/optim';`,
      budget: { browser: 6, node: 8 },
    },
  ])('holds $part alone', async ({ program, budget }) => {
    const chunks = await bundle(program, platform);
    expect(chunks).toHaveLength(1);
    expect(chunks[0]?.code).not.toMatch(LAYERS);
    expect(kilobytes(chunks)).toBeLessThan(budget[platform]);
  });

  it('holds layers, once they are asked for', async () => {
    const chunks = await bundle(`export { nn } from '@hw5/core';`, platform);
    expect(chunks.map(({ code }) => code).join('\n')).toMatch(/MultiHeadAttention/);
  });
});

describe('a page bundle, rendered on a server', () => {
  const subpaths = Object.keys(manifest.exports).filter((path) => !/cdn|package\.json/.test(path));

  it.each(subpaths)('%s needs neither page nor network when imported', async (path) => {
    const folder = await mkdtemp(join(tmpdir(), 'hw5-bundle-'));
    try {
      const name = path.replace('.', '@hw5/core');
      const chunks = await bundle(`import * as all from '${name}'; export { all };`, 'browser');
      for (const { fileName, code } of chunks)
        await writeFile(join(folder, fileName.replace(/.*\//, '')), code);
      const program = `
        for (const name of ['fetch', 'Worker'])
          globalThis[name] = () => { throw new Error(name + ' on import'); };
        const { all } = await import('./${chunks[0]?.fileName}');
        console.log(Object.keys(all).length);`;
      await writeFile(join(folder, 'package.json'), '{"type":"module"}');
      await writeFile(join(folder, 'server.js'), program);
      const { stdout } = await run(process.execPath, ['server.js'], { cwd: folder });
      expect(Number(stdout)).toBeGreaterThan(0);
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
