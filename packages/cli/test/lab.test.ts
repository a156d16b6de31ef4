/** `hw5 lab` as a user starts it: the page, its headers, what it refuses, and its end. */
import { readFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { expect, test } from 'vitest';
import { folder, hw5, start } from './cli.js';

/** Starts the lab and gives its address. */
async function lab(...args: string[]) {
  const running = start(['lab', '--json', '--port', '0', ...args], { cwd: folder() });
  let url = '';
  running.child.stdout.on('data', (text: string) => {
    url += text;
  });
  await running.until(/"url"/);
  return { ...running, url: (JSON.parse(url) as { url: string }).url };
}

/** A request as it is written, with no tidying of its path. */
function raw(url: string, path: string): Promise<string> {
  const { port } = new URL(url);
  return new Promise((resolve, reject) => {
    let answer = '';
    const socket = connect(Number(port), '127.0.0.1', () => {
      socket.write(`GET ${path} HTTP/1.1\r\nHost: lab\r\nConnection: close\r\n\r\n`);
    });
    socket.setEncoding('latin1').on('data', (text) => {
      answer += String(text);
    });
    socket.on('close', () => resolve(answer)).on('error', reject);
  });
}

test('serves the page with its policy and isolation, each file with its type, and leaves at Ctrl-C', async () => {
  const { url, child, finished } = await lab();
  const page = await fetch(url);
  expect(page.status).toBe(200);
  expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8');
  expect(page.headers.get('content-security-policy')).toMatch(
    /^default-src 'self'; .*frame-ancestors 'self'$/,
  );
  expect(page.headers.get('cross-origin-opener-policy')).toBe('same-origin');
  expect(page.headers.get('cross-origin-embedder-policy')).toBe('require-corp');
  expect(page.headers.get('x-content-type-options')).toBe('nosniff');
  const script = /src="\.\/(assets\/[^"]+\.js)"/.exec(await page.text())?.[1];
  expect((await fetch(url + script)).headers.get('content-type')).toBe('text/javascript; charset=utf-8');
  expect((await fetch(url, { method: 'HEAD' })).status).toBe(200);
  expect((await fetch(url, { method: 'POST', body: 'x' })).status).toBe(405);
  expect((await fetch(`${url}nothing.js`)).status).toBe(404);
  child.kill('SIGINT');
  expect(await finished).toMatchObject({ code: 0, signal: null, stderr: '' });
});

test('no path leads out of the folder', async () => {
  const { url, child, finished } = await lab();
  const manifest = readFileSync(new URL('../package.json', import.meta.url), 'utf8').slice(0, 40);
  for (const path of [
    '/../package.json',
    '/../../package.json',
    '/%2e%2e/%2e%2e/package.json',
    '/..%2f..%2fpackage.json',
    '/assets/../../../package.json',
    '/....//....//package.json',
    '/%00/index.html',
    '/index.html%00.js',
    '//etc/passwd',
    '/%5c..%5c..%5cpackage.json',
    'http://other/../../package.json',
    '/%',
  ]) {
    const answer = await raw(url, path);
    expect(answer, path).toMatch(/^HTTP\/1\.1 (404|400)/);
    expect(answer, path).not.toContain(manifest);
    expect(answer, path).not.toContain('root:');
  }
  child.kill('SIGTERM');
  expect((await finished).code).toBe(0);
});

test('without isolation on request', async () => {
  const { url, child, finished } = await lab('--no-isolation');
  expect((await fetch(url)).headers.get('cross-origin-embedder-policy')).toBeNull();
  child.kill('SIGINT');
  await finished;
});

test('a port in use is said when it was asked for, and passed over when it was not', async () => {
  const taken = createServer();
  await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
  const { port } = taken.address() as { port: number };
  const { code, stderr } = await hw5(['lab', '--port', String(port)], { cwd: folder() });
  expect(code).toBe(1);
  expect(stderr).toContain(`--port: must be free, got ${port}, which is in use (try --port 0)`);
  taken.close();
  const first = start(['lab'], { cwd: folder() });
  await first.until(/lab: http/);
  const second = start(['lab'], { cwd: folder() });
  await second.until(/lab: http/);
  first.child.kill('SIGINT');
  second.child.kill('SIGINT');
  const [a, b] = await Promise.all([first.finished, second.finished]);
  expect(a.stdout).not.toBe(b.stdout);
});

test.each([
  [['--port', '70000'], '--port: must be a whole number of at least 0 and at most 65535, got 70000'],
  [['--host', '192.0.2.1'], '--host: must be an address of this machine, got 192.0.2.1'],
])('%j is refused', async (args, message) => {
  const { code, stderr } = await hw5(['lab', ...args], { cwd: folder() });
  expect(code).toBe(1);
  expect(stderr).toContain(message);
});
