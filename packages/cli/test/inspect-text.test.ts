/** `hw5 inspect RUN --text`: every look, for people and for programs. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { hw5, lastLine } from './cli.js';

let folder: string;
const run = (): string => join(folder, 'run');
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'hw5-inspect-'));
  const size = ['--hidden', '8', '--embed', '6', '--batch', '4', '--seq', '16', '--steps', '5'];
  const result = await hw5(['train', 'char-lm', ...size, '--out', run(), '-q'], { cwd: folder });
  expect(result.code).toBe(0);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test.each([
  [['--connectivity'], ['norms', 'label', 'probability'], 'rests on'],
  [[], ['norms'], 'rests on'],
  [['--gates'], ['gates', 'h', 'c', 'shape'], 'mean f'],
  [['--reach', '--at', '2'], ['spectral', 'frobenius'], 't = 2'],
  [['--search', '0:1', '--threshold', '0'], ['units', 'matches'], 'throughout 0:1'],
  [['--next'], ['forced', 'free'], 'fed its own'],
])('%j', async (flags, keys, words) => {
  const args = ['inspect', run(), '--text', 'the cat', ...flags];
  const [shown, json] = await Promise.all([
    hw5(args, { cwd: folder }),
    hw5([...args, '--json'], { cwd: folder }),
  ]);
  expect(shown).toMatchObject({ code: 0, stderr: '' });
  expect(shown.stdout).toContain(words);
  const data = lastLine(json) as unknown as Record<string, unknown>;
  for (const key of [...keys, 'tokens']) expect(data).toHaveProperty(key);
});

test.each([
  [['--text', 'the cat', '--attention'], 'attention must be part of the model'],
  [['--text', 'the cat', '--gates', '--next'], 'one of --gates'],
  [['--gates'], '--text must be given with --gates'],
  [['--text', 'the cat', '--search', '3:1'], '--search: must be FROM:TO'],
  [['--text', 'the cat', '--at', '70'], 'at must be in [0, 7), got 70'],
])('%j is refused', async (flags, message) => {
  const { code, stderr } = await hw5(['inspect', run(), ...flags], { cwd: folder });
  expect(code).toBe(1);
  expect(stderr).toContain(message);
});
