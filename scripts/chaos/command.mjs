/** The built command line as a child process, for suites that interrupt it. */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from '../process.mjs';

const main = join(root, 'packages', 'cli', 'dist', 'main.js');

/** A run of each kind whose steps take about a millisecond. */
export const KINDS = {
  'char-lm': '--data text.txt --hidden 8 --embed 4 --layers 2 --dropout 0.2 --batch 2 --seq 8',
  classify: '--task parity --examples 60 --hidden 8 --embed 4 --batch 7 --eval-every 20',
  tag: '--task part-of-speech --examples 60 --hidden 8 --embed 4 --batch 7 --eval-every 20',
  seq2seq: '--task dates --examples 40 --hidden 8 --embed 4 --batch 6 --eval-every 50',
};

/** A folder with a text to learn from; it is removed when the process ends. */
export function workFolder() {
  const folder = mkdtempSync(join(tmpdir(), 'hw5-chaos-'));
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
  const lines = Array.from({ length: 120 }, (_, i) => `line ${i % 10}: a b c, سلام ${i % 7}\n`);
  writeFileSync(join(folder, 'text.txt'), lines.join(''));
  return folder;
}

/**
 * Start `hw5 ARGS --json`.
 * @returns the child; `lines`, its JSON so far; `until(test)`, which resolves when a line passes it or the process has
 * ended; and `ended`, with exit code, signal and what it said on stderr
 */
export function hw5(args, cwd) {
  const child = spawn(process.execPath, [main, ...args, '--json'], {
    cwd,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const lines = [];
  const waiting = new Set();
  let rest = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text) => {
    const parts = (rest + text).split('\n');
    rest = parts.pop();
    for (const part of parts) lines.push(JSON.parse(part));
    for (const look of waiting) look();
  });
  child.stderr.setEncoding('utf8').on('data', (text) => {
    stderr += text;
  });
  const ended = new Promise((resolve) => {
    child.on('close', (code, signal) => resolve({ code, signal, stderr, lines }));
  });
  const until = (test) =>
    new Promise((resolve) => {
      const look = () => {
        if (!lines.some(test)) return;
        waiting.delete(look);
        resolve();
      };
      waiting.add(look);
      void ended.then(resolve);
      look();
    });
  return { child, lines, until, ended };
}

/** The `share`-quantile of `values`. */
export function quantile(values, share) {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))];
}
