/**
 * Redis and PostgreSQL of one's own: Debian's programs with data in a temporary folder, on a free port of this machine
 * only. For tests and chaos suites that need the real thing.
 */
import { spawn, spawnSync } from 'node:child_process';
import { chownSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** How long a service may take to start, ms: a loaded machine makes PostgreSQL slow. */
const START_MS = 60_000;

/** @returns {Promise<number>} a port that was free a moment ago */
function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

/** Resolves when somebody listens. */
async function listening(port, child, log) {
  for (const end = Date.now() + START_MS; Date.now() < end; await sleep(50)) {
    if (child.exitCode !== null)
      throw new Error(`service: must start, got exit code ${child.exitCode}: ${log()}`);
    const open = await new Promise((resolve) => {
      const socket = connect(port, '127.0.0.1');
      socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
      socket.once('connect', () => socket.destroy());
    });
    if (open) return;
  }
  throw new Error(`service: must listen on port ${port} within ${START_MS / 1000} s: ${log()}`);
}

/** Starts that may fail: what a killed PostgreSQL had in shared memory goes a moment after it. */
const STARTS = 20;

class Service {
  #child;
  #command;
  #gentle;
  #log = '';
  /** @param gentle - the signal that ends the service without losing what it has, whoever is connected */
  constructor(url, port, folder, command, gentle) {
    this.url = url;
    this.port = port;
    this.folder = folder;
    this.#command = command;
    this.#gentle = gentle;
  }

  async start() {
    for (let left = STARTS; ; left -= 1) {
      try {
        return await this.#startOnce();
      } catch (error) {
        if (left === 1 || this.#child.exitCode === null) throw error;
        await sleep(250);
      }
    }
  }

  async #startOnce() {
    const [program, ...args] = this.#command;
    this.#child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream.setEncoding('utf8').on('data', (text) => {
        this.#log = (this.#log + text).slice(-2000);
      });
    }
    await listening(this.port, this.#child, () => this.#log);
  }

  /** End the service; what it has on its disk stays. */
  async stop(signal = this.#gentle) {
    if (this.#child === undefined || this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const ended = new Promise((resolve) => this.#child.once('exit', resolve));
    this.#child.kill(signal);
    await ended;
  }

  async restart(signal) {
    await this.stop(signal);
    await this.start();
  }

  /** End the service and forget what it had. */
  async remove() {
    await this.stop('SIGKILL');
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** @param {{ durable?: boolean, policy?: string }} options - durable: what was accepted survives a restart; policy: when memory is full */
export async function startRedis({ durable = true, policy = 'noeviction' } = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'hw5-redis-'));
  const port = await freePort();
  const persistence = durable ? ['--appendonly', 'yes', '--appendfsync', 'always'] : ['--appendonly', 'no'];
  const service = new Service(
    `redis://127.0.0.1:${port}`,
    port,
    folder,
    [
      'redis-server',
      ...[
        '--port',
        String(port),
        '--bind',
        '127.0.0.1',
        '--dir',
        folder,
        '--save',
        '',
        '--maxmemory-policy',
        policy,
      ],
      ...persistence,
    ],
    'SIGTERM',
  );
  await service.start();
  return service;
}

/** PostgreSQL refuses root: then its own user runs it. */
export async function startPostgres() {
  const folder = mkdtempSync(join(tmpdir(), 'hw5-postgres-'));
  const root = process.getuid?.() === 0;
  const as = root ? ['runuser', '-u', 'postgres', '--'] : [];
  if (root) {
    const [, , user, group] = readFileSync('/etc/passwd', 'utf8')
      .match(/^postgres:.*$/m)[0]
      .split(':');
    chownSync(folder, Number(user), Number(group));
  }
  const data = join(folder, 'data');
  const [init, ...initArgs] = [...as, program('initdb'), '-D', data, '-U', 'hw5', '-A', 'trust', '--no-sync'];
  const made = spawnSync(init, initArgs, { encoding: 'utf8' });
  if (made.status !== 0) throw new Error(`initdb: must succeed, got ${made.stderr}`);
  const port = await freePort();
  const service = new Service(
    `postgres://hw5@127.0.0.1:${port}/postgres`,
    port,
    folder,
    [
      // A program started through runuser is not told of signals: setpriv becomes the server.
      ...(root ? ['setpriv', '--reuid=postgres', '--regid=postgres', '--init-groups'] : []),
      program('postgres'),
      ...['-D', data, '-h', '127.0.0.1', '-p', String(port), '-k', folder],
    ],
    'SIGINT',
  ); // SIGTERM would wait for all clients to leave
  await service.start();
  return service;
}

/** Debian keeps PostgreSQL's programs by version, outside the path. */
function program(name) {
  const versions = '/usr/lib/postgresql';
  if (!existsSync(versions)) return name;
  const newest = readdirSync(versions).sort((a, b) => Number(b) - Number(a))[0];
  return join(versions, newest, 'bin', name);
}
