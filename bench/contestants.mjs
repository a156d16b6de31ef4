// Who takes part, and how each is started and asked: a process of its own, so that none can end the run or heat
// another's caches while it is timed.
import { execFileSync, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const node = (library, variant) => ({
  start: () => [process.execPath, join(here, 'peers', library, 'index.mjs')],
  variant,
});

/**
 * `form` tells how a JavaScript library is written: as its guide writes it, or in the fastest form found. `slow` ones are
 * left out of quick runs. hw5 comes first: peers are cut short beside its time.
 */
export const CONTESTANTS = [
  { id: 'hw5', ...node('hw5', 'strict') },
  { id: 'hw5-fast', ...node('hw5', 'relaxed') },
  { id: 'torch', start: () => [findPython(), join(here, 'peers', 'pytorch', 'serve.py')], variant: '' },
  { id: 'jaxjs', ...node('jaxjs', 'tuned'), form: 'tuned' },
  { id: 'jaxjs-guide', ...node('jaxjs', 'guide'), form: 'guide', slow: true },
  { id: 'tfjs', ...node('tfjs', 'tuned'), form: 'tuned' },
  { id: 'tfjs-layers', ...node('tfjs', 'layers'), form: 'guide', slow: true },
  { id: 'onnxruntime', ...node('onnxruntime', 'fused'), form: 'tuned', only: 'inference' },
  { id: 'onnxruntime-export', ...node('onnxruntime', 'exported'), form: 'guide', only: 'inference' },
];

let python;
/** A Python that has torch. @throws when there is none */
export function findPython() {
  python ??= [process.env.HW5_PYTHON, 'python3'].filter(Boolean).find((candidate) => {
    try {
      execFileSync(candidate, ['-c', 'import torch'], { stdio: 'ignore', timeout: 120_000 });
      return true;
    } catch {
      return false;
    }
  });
  if (python === undefined) throw new Error('no python with torch found (set HW5_PYTHON)');
  return python;
}

/** Installs the JavaScript peers into bench/node_modules, once. */
export function installPeers() {
  const missing = ['@jax-js/jax', '@tensorflow/tfjs', 'onnxruntime-web'].some(
    (name) => !existsSync(join(here, 'node_modules', name)),
  );
  if (!missing) return;
  process.stderr.write('installing the peers into bench/node_modules (once)\n');
  const args = ['ci', '--ignore-scripts', '--no-audit', '--no-fund'];
  execFileSync('npm', args, { cwd: here, stdio: ['ignore', 'ignore', 'inherit'] });
}

/** A child that answers one JSON line, marked with '@', to each JSON line it is sent. */
export class Child {
  #process;
  #errors = '';
  #waiting = [];

  constructor([command, ...args]) {
    this.#process = spawn(command, args, { stdio: ['pipe', 'pipe', 'pipe'] });
    this.#process.stderr.on('data', (data) => {
      this.#errors = (this.#errors + data).slice(-2000);
    });
    this.#process.stdin.on('error', () => {});
    createInterface({ input: this.#process.stdout }).on('line', (line) => {
      if (line.startsWith('@')) this.#waiting.shift()?.(JSON.parse(line.slice(1)));
    });
    const end = (reason) => {
      for (const give of this.#waiting.splice(0)) give({ error: `${this.#errors}\n${reason}`.trim() });
    };
    this.#process.on('error', (error) => end(error.message));
    this.#process.on('close', (code) => end(`child ended with code ${code}`));
  }

  get pid() {
    return this.#process.pid;
  }

  answer() {
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
    });
  }

  ask(message) {
    const answer = this.answer();
    this.#process.stdin.write(`${JSON.stringify(message)}\n`);
    return answer;
  }

  stop() {
    this.#process.stdin.end();
    this.#process.kill('SIGKILL');
  }
}
