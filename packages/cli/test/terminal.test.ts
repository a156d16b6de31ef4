import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { printable } from '../src/terminal.js';
import { folder, folderWithText, hw5, tiny } from './cli.js';

const csi = '\u001b[';

const main = fileURLToPath(new URL('../dist/main.js', import.meta.url));

/** Run in a terminal 80 columns wide (script makes one) and return all that it received. */
function inTerminal(args: readonly string[], cwd: string, env: Readonly<Record<string, string>>): string {
  const command = ['stty cols 80;', process.execPath, main, ...args].join(' ');
  const { NO_COLOR: _, FORCE_COLOR: __, ...inherited } = process.env;
  const { stdout } = spawnSync('script', ['-qec', command, '/dev/null'], {
    cwd,
    env: { ...inherited, TERM: 'xterm-256color', ...env },
    encoding: 'utf8',
  });
  return stdout;
}

const colour = new RegExp(`${csi.replace('[', '\\[')}\\d[\\d;]*m`);

test('NO_COLOR: no colour, even where it is forced; without it, colour', async () => {
  const cwd = folder();
  const coloured = await hw5(['solve', 'q3'], { cwd, env: { FORCE_COLOR: '1' } });
  expect(coloured.stdout).toMatch(colour);
  const bare = await hw5(['solve', 'q3'], { cwd, env: { FORCE_COLOR: '1', NO_COLOR: '1' } });
  expect(bare.stdout).not.toContain(csi);
  expect(bare.stdout).toBe((await hw5(['solve', 'q3'], { cwd })).stdout);
});

test('in a terminal: a bar with loss, validation, speed and time left, and the cursor comes back', (context) => {
  if (spawnSync('script', ['--version']).status !== 0) context.skip('needs the script program of util-linux');
  const args = ['train', 'char-lm', '--data', 'text.txt', '--steps', '1500', '--eval-every', '200', ...tiny];
  const seen = inTerminal(args, folderWithText(), {});
  expect(seen).toMatch(colour);
  expect(seen).toMatch(/━.*\d+\/1500/);
  expect(seen).toContain('char/s');
  expect(seen).toContain('ETA');
  expect(seen).toContain('val');
  expect(seen.lastIndexOf(`${csi}?25h`)).toBeGreaterThan(seen.lastIndexOf(`${csi}?25l`));

  const bare = inTerminal(args, folderWithText(), { NO_COLOR: '1' });
  expect(bare).toMatch(/━.* \d+\/1500 {2}loss \d\.\d{4}/);
  expect(bare).not.toMatch(colour);
});

test('results that cannot be written are an error: a full disk behind > file', (context) => {
  if (!existsSync('/dev/full')) context.skip('needs /dev/full');
  const cwd = folderWithText();
  const into = (...args: string[]) =>
    spawnSync('sh', ['-c', '"$@" > /dev/full', 'sh', process.execPath, main, ...args], {
      cwd,
      encoding: 'utf8',
    });
  const full = { status: 1, stderr: 'hw5: stdout: disk must have room, got a full disk at stdout\n' };
  expect(into('solve', 'q3', '--json')).toMatchObject(full);
  expect(into('--help')).toMatchObject(full);
  // Training stops and saves first.
  expect(into('train', 'char-lm', '--data', 'text.txt', '--out', 'run', '--json', ...tiny)).toMatchObject(
    full,
  );
  expect(existsSync(join(cwd, 'run/checkpoint.safetensors'))).toBe(true);
});

test('printable: control characters become pictures, text stays', () => {
  expect(printable('a\u001b[31mb\u0007\u007f\u009b')).toBe('a␛[31mb␇␡\ufffd');
  expect(printable('سلام\n\tبد 🙂')).toBe('سلام\n\tبد 🙂');
});
