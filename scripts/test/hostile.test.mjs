/** Hostile files: each is refused with a typed error, in bounded time and memory, and leaves nothing behind. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { init } from '@hw5/core';
import { beforeAll, describe, expect, test } from 'vitest';
import { hostileFiles } from '../hostile/corpus.mjs';
import { attempt, readers } from '../hostile/readers.mjs';
import { root } from '../process.mjs';

const files = hostileFiles();
beforeAll(async () => void (await init()));

test('there are at least 200 of them, and no two are the same', () => {
  expect(files.length).toBeGreaterThanOrEqual(200);
  expect(new Set(files.map(({ name }) => name)).size).toBe(files.length);
  expect(Object.keys(readers).every((format) => files.some((file) => file.format === format))).toBe(true);
});

test.each(files)('$name', (file) => {
  const { problem, memory, milliseconds } = attempt(file);
  expect(problem).toBeUndefined();
  // Generous: machines differ. `node --expose-gc scripts/hostile/run.mjs` measures.
  expect(memory).toBeLessThan(64 * 2 ** 20);
  expect(milliseconds).toBeLessThan(5000);
});

describe('hw5 import', () => {
  test('refuses them with exit code 1, an error in JSON, and writes nothing', { timeout: 60_000 }, () => {
    const folder = mkdtempSync(join(tmpdir(), 'hw5-hostile-'));
    try {
      const sample = Object.keys(readers)
        .filter((format) => format !== 'npy')
        .map((format) => files.findLast((file) => file.format === format));
      for (const { bytes } of sample) {
        writeFileSync(join(folder, 'model'), bytes);
        const main = join(root, 'packages/cli/dist/main.js');
        const args = [main, 'import', 'model', '--out', 'run', '--json'];
        const { status, stdout } = spawnSync(process.execPath, args, { cwd: folder, encoding: 'utf8' });
        expect(status).toBe(1);
        expect(JSON.parse(stdout).error.code).toMatch(/^(CHECKPOINT|DATA|ARGUMENT|SHAPE)$/);
        expect(readdirSync(folder)).toEqual(['model']);
      }
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
