import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { root } from '../process.mjs';

let folder;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hw5 start '));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A parent that runs `childCode` through foreground() and exits with its code, as a group leader of its own. */
function startParent(childCode) {
  const child = join(folder, 'child.mjs');
  writeFileSync(child, childCode);
  const parent = join(folder, 'parent.mjs');
  writeFileSync(
    parent,
    `import { foreground } from ${JSON.stringify(join(root, 'scripts', 'process.mjs'))};
     process.exitCode = await foreground(process.execPath, [${JSON.stringify(child)}], { cwd: ${JSON.stringify(folder)} });`,
  );
  const running = spawn(process.execPath, [parent], { stdio: ['ignore', 'pipe', 'inherit'], detached: true });
  let output = '';
  running.stdout.on('data', (data) => {
    output += data;
  });
  const ready = (async () => {
    while (!output.includes('ready')) await sleep(10);
  })();
  const done = new Promise((resolve) =>
    running.once('close', (code, signal) => resolve({ code, signal, output })),
  );
  return { pid: Number(running.pid), ready, done };
}

/** Counts SIGINTs, saves for a while after the first, then writes the count and exits with 130. */
const SAVING_CHILD = `
  import { writeFileSync } from 'node:fs';
  let count = 0;
  process.on('SIGINT', () => {
    count++;
    if (count === 1) setTimeout(() => { writeFileSync('count', String(count)); process.exit(130); }, 600);
  });
  setInterval(() => {}, 1000);
  console.log('ready');
`;

describe('foreground', () => {
  test('passes exit codes on', async () => {
    const parent = startParent("console.log('ready'); process.exitCode = 7;");
    expect((await parent.done).code).toBe(7);
  });

  test('tells a signal by 128 + its number', async () => {
    const parent = startParent("console.log('ready'); process.kill(process.pid, 'SIGKILL');");
    expect((await parent.done).code).toBe(137);
  });

  test('a Ctrl-C that arrives three times reaches the child once, and the parent waits for it to save', async () => {
    const parent = startParent(SAVING_CHILD);
    await parent.ready;
    process.kill(-parent.pid, 'SIGINT'); // the terminal's, to the whole group
    process.kill(parent.pid, 'SIGINT'); // npm's
    await sleep(20);
    process.kill(parent.pid, 'SIGINT'); // the outer npm's
    expect((await parent.done).code).toBe(130);
    expect(readFileSync(join(folder, 'count'), 'utf8')).toBe('1');
  });

  test('a second Ctrl-C, later, reaches the child too', async () => {
    const parent = startParent(`${SAVING_CHILD}
      process.on('SIGINT', () => { if (count === 2) process.exit(131); });`);
    await parent.ready;
    process.kill(-parent.pid, 'SIGINT');
    await sleep(400);
    process.kill(-parent.pid, 'SIGINT');
    expect((await parent.done).code).toBe(131);
  });
});
