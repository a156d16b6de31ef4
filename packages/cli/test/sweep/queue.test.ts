/** What happens when there is no service. */
import { existsSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { hw5, lastLine } from '../cli.js';
import { folderWithSweep } from './sweeps.js';

/** A port where connections are taken and nothing is ever answered. */
async function silentPort(): Promise<number> {
  const server = createServer(() => {});
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  onTestFinished(() => void server.close());
  return (server.address() as { readonly port: number }).port;
}

/** One that nobody listens on. */
const closedPort = 1;

test.each([
  ['sweep', 'redis', closedPort],
  ['sweep', 'postgres', closedPort],
  ['worker', 'redis', closedPort],
  ['worker', 'postgres', 0],
  ['sweep', 'redis', 0],
] as const)(
  '%s over %s that is not there (port %i): says so within 10 s and exits',
  async (command, kind, port) => {
    const cwd = folderWithSweep();
    const url = `${kind}://user:secret@127.0.0.1:${port || (await silentPort())}`;
    const args = command === 'sweep' ? ['sweep', 'sweep.json'] : ['worker'];
    const start = performance.now();
    const refused = await hw5([...args, '--queue', url, '--json'], { cwd });
    // The limit is 10 s; a loaded machine gets as much again to start Node.
    expect(performance.now() - start).toBeLessThan(20_000);
    expect(refused.code).toBe(1);
    const { code, message, hint } = lastLine(refused).error!;
    expect(code).toBe('QUEUE');
    expect(message).toMatch(
      new RegExp(`^queue: ${kind}://127\\.0\\.0\\.1:\\d+ must answer within 5 s, got ".+"$`),
    );
    expect(hint).toContain('without --queue');
    expect(refused.stdout + refused.stderr).not.toContain('secret');
  },
);

test('an address of something else is refused', async () => {
  const refused = await hw5(['worker', '--queue', 'mysql://h', '--json'], { cwd: folderWithSweep() });
  expect(lastLine(refused).error).toMatchObject({
    code: 'USAGE',
    message: '--queue: must be a redis://, rediss:// or postgres:// address, got mysql://...',
  });
});

test('tpe without Optuna says what to install, and leaves nothing behind', async () => {
  const cwd = folderWithSweep({ sampler: 'tpe' });
  const refused = await hw5(['sweep', 'sweep.json', '--json'], {
    cwd,
    env: { HW5_OPTUNA: 'no-such-optuna' },
  });
  expect(refused.code).toBe(1);
  expect(lastLine(refused).error).toMatchObject({
    code: 'UNAVAILABLE',
    message: 'sampler: tpe must find Optuna, got no command no-such-optuna',
  });
  expect(existsSync(`${cwd}/sweeps`)).toBe(false);
});

test('without BullMQ a queue says what to install, and all else works', async () => {
  const cwd = folderWithSweep();
  // As in an installation without the optional packages: bullmq resolves to nothing.
  const hooks = `export async function resolve(name, context, next) {
    if (name === 'bullmq') throw Object.assign(new Error('none'), { code: 'ERR_MODULE_NOT_FOUND' });
    return next(name, context);
  }`;
  writeFileSync(join(cwd, 'hooks.mjs'), hooks);
  writeFileSync(
    join(cwd, 'without.mjs'),
    `import { register } from 'node:module'; register('./hooks.mjs', import.meta.url);`,
  );
  const env = { NODE_OPTIONS: `--import=${join(cwd, 'without.mjs')}` };
  const refused = await hw5(['worker', '--queue', 'redis://127.0.0.1:1', '--json'], { cwd, env });
  expect(refused.code).toBe(1);
  expect(lastLine(refused).error).toMatchObject({
    code: 'QUEUE',
    message: 'queue: package bullmq must be installed, got none',
    hint: expect.stringContaining('npm install bullmq'),
  });
  expect((await hw5(['sweep', 'sweep.json', '--dry-run', '--json'], { cwd, env })).code).toBe(0);
});
