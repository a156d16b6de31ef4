/** Starts the built command line as a user does: a process of its own, in a folder of its own. */
import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';

const main = fileURLToPath(new URL('../dist/main.js', import.meta.url));

/** A model that takes a step in about a millisecond, with every random stream in use. */
export const tiny: readonly string[] =
  '--hidden 8 --embed 4 --layers 2 --dropout 0.2 --batch 2 --seq 8 --val-fraction 0.2'.split(' ');

export interface Finished {
  readonly code: number | null;
  readonly signal: string | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Running {
  readonly child: ChildProcessByStdio<Writable, Readable, Readable>;
  readonly finished: Promise<Finished>;
  /** Resolves when stdout matches; rejects when the process ends before. */
  until(pattern: RegExp): Promise<void>;
  /** Stdout so far. */
  seen(): string;
}

export interface StartOptions {
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly input?: string | Uint8Array;
}

export function start(args: readonly string[], { cwd, env = {}, input }: StartOptions): Running {
  const inherited = { ...process.env };
  for (const name of ['NO_COLOR', 'FORCE_COLOR', 'npm_execpath', 'HW5_DEBUG']) delete inherited[name];
  const child = spawn(process.execPath, [main, ...args], {
    cwd,
    env: { ...inherited, ...env },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  child.stdin.on('error', () => {}); // a command that does not read its input may close it
  child.stdin.end(input ?? '');
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  const finished = new Promise<Finished>((resolve) => {
    child.on('close', (code, signal) => resolve({ code, signal, stdout, stderr }));
  });
  const until = (pattern: RegExp): Promise<void> =>
    new Promise((resolve, reject) => {
      const look = (): void => {
        if (pattern.test(stdout)) resolve();
      };
      child.stdout.on('data', look);
      child.on('close', () => reject(new Error(`ended before ${pattern}: ${stdout.slice(-500)}\n${stderr}`)));
      look();
    });
  return { child, finished, until, seen: () => stdout };
}

export function hw5(args: readonly string[], options: StartOptions): Promise<Finished> {
  return start(args, options).finished;
}

/** A temporary folder, removed when the test ends. */
export function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'hw5-cli-'));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

/** A folder with `text.txt`: 3000 characters that a model can learn something from. */
export function folderWithText(): string {
  const path = folder();
  const lines = Array.from({ length: 120 }, (_, i) => `line ${i % 10}: a b c, سلام ${i % 7}\n`);
  writeFileSync(join(path, 'text.txt'), lines.join(''));
  return path;
}

export interface Line {
  readonly step: number;
  readonly loss: number;
  readonly valLoss?: number;
  readonly tokensPerSecond: number;
  readonly done?: boolean;
  readonly stopped?: boolean;
  readonly restarted?: boolean;
  readonly workers?: number;
  readonly run?: string;
  readonly checkpoint?: string;
  readonly hash?: string;
  readonly error?: { readonly code: string; readonly message: string; readonly hint?: string };
}

/** All JSON lines of a stream; throws when a line is anything else. */
export function jsonLines(text: string): Line[] {
  return text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Line);
}

/** The last JSON line of a finished command. */
export function lastLine({ stdout }: Finished): Line {
  return jsonLines(stdout).at(-1)!;
}

/** Steps recorded in a run folder. */
export function recordedSteps(run: string): number[] {
  return jsonLines(readFileSync(join(run, 'metrics.jsonl'), 'utf8')).map((line) => line.step);
}
