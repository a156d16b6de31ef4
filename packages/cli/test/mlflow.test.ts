/** Reporting to an MLflow server that answers, is away, is slow, fails or refuses: training never waits for it. */
import { existsSync, readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, onTestFinished, test, vi } from 'vitest';
import { type MlflowOptions, MlflowTracker } from '../src/run/mlflow.js';
import { folder, folderWithText, hw5, lastLine, start, tiny } from './cli.js';

interface Call {
  readonly path: string;
  readonly body: Record<string, unknown>;
}

interface Value {
  readonly key: string;
  readonly value: number;
  readonly step: number;
}

/** What MLflow's server does, as far as it is used; `fail` may answer in its place. */
class Stub {
  readonly calls: Call[] = [];
  readonly headers: IncomingMessage['headers'][] = [];
  experiments = new Set<string>();
  fail: (call: Call) => number | 'silence' | undefined = () => undefined;
  readonly #server: Server;
  #runs = 0;

  private constructor() {
    this.#server = createServer(async (request, response) => {
      let text = '';
      for await (const part of request) text += part;
      const url = new URL(request.url ?? '', 'http://stub');
      const body = text === '' ? Object.fromEntries(url.searchParams) : JSON.parse(text);
      const call = { path: url.pathname.replace('/api/2.0/mlflow/', ''), body };
      this.headers.push(request.headers);
      const failure = this.fail(call);
      if (failure === 'silence') return;
      this.calls.push(call);
      const answer = failure === undefined ? this.#answer(call) : undefined;
      response.writeHead(failure ?? (answer === undefined ? 404 : 200), {
        'content-type': 'application/json',
      });
      response.end(JSON.stringify(answer ?? { error_code: 'NO' }));
    });
  }

  static async open(port = 0): Promise<Stub> {
    const stub = new Stub();
    await new Promise<void>((resolve) => stub.#server.listen(port, '127.0.0.1', resolve));
    onTestFinished(() => stub.close());
    return stub;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  close(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }

  /** Values that were stored, as MLflow does: the same one twice is one. */
  values(key: string): number[] {
    const stored = new Map<number, number>();
    for (const { key: name, value, step } of this.#of<Value>('metrics'))
      if (name === key) stored.set(step, value);
    return [...stored.keys()].sort((a, b) => a - b);
  }

  params(): Record<string, string> {
    return Object.fromEntries(
      this.#of<{ key: string; value: string }>('params').map(({ key, value }) => [key, value]),
    );
  }

  paths(): string[] {
    return this.calls.map(({ path }) => path);
  }

  #of<T>(kind: 'metrics' | 'params'): T[] {
    return this.calls.flatMap(({ path, body }) =>
      path === 'runs/log-batch' ? ((body[kind] ?? []) as T[]) : [],
    );
  }

  #answer({ path, body }: Call): object | undefined {
    if (path === 'experiments/get-by-name') {
      const name = String(body.experiment_name);
      return this.experiments.has(name) ? { experiment: { experiment_id: '7' } } : undefined;
    }
    if (path === 'experiments/create') {
      this.experiments.add(String(body.name));
      return { experiment_id: '7' };
    }
    if (path === 'runs/create') return { run: { info: { run_id: `r${++this.#runs}` } } };
    return {};
  }
}

/** Limits for a busy machine; the silent server has its own. */
const times = {
  between: 5,
  request: 5_000,
  retry: 10,
  longestRetry: 50,
  end: 20_000,
  endUnreachable: 10_000,
};
const reports = (from: number, to: number) =>
  Array.from(
    { length: to - from + 1 },
    (_, i) => ({ step: from + i, loss: 1 / (from + i), epoch: 0 }) as never,
  );

function track(
  url: string,
  more: Partial<MlflowOptions> = {},
): { tracker: MlflowTracker; troubles: string[]; path: string } {
  const path = more.path ?? join(folder(), 'mlflow.json');
  const troubles: string[] = [];
  const options = {
    path,
    url,
    experiment: undefined,
    runName: 'a run',
    params: { 'model.cell': 'gru' },
    times,
  };
  const onTrouble = (message: string) => void troubles.push(message);
  return { tracker: MlflowTracker.open({ ...options, onTrouble, ...more })!, troubles, path };
}

test('makes experiment and run, sends settings and every value in batches, and says how it ended', async () => {
  const stub = await Stub.open();
  const { tracker, troubles, path } = track(`${stub.url}/`, {
    params: Object.fromEntries(Array.from({ length: 150 }, (_, i) => [`p${i}`, 'x'.repeat(600)])),
  });
  tracker.append(reports(1, 1500));
  await sleep(60);
  tracker.append(reports(1501, 1510));
  await tracker.end('FINISHED');
  expect(stub.paths().slice(0, 3)).toEqual(['experiments/get-by-name', 'experiments/create', 'runs/create']);
  expect(stub.calls[2]?.body).toMatchObject({ experiment_id: '7', run_name: 'a run' });
  expect(stub.values('loss/train')).toEqual(Array.from({ length: 1510 }, (_, i) => i + 1));
  expect(Object.keys(stub.params())).toHaveLength(150);
  expect(stub.params().p0).toHaveLength(500);
  for (const { path, body } of stub.calls.filter(({ path }) => path === 'runs/log-batch')) {
    expect((body.metrics as []).length + (body.params as []).length, path).toBeLessThanOrEqual(1000);
    expect(body.run_id).toBe('r1');
  }
  expect(stub.calls.at(-1)).toMatchObject({
    path: 'runs/update',
    body: { run_id: 'r1', status: 'FINISHED' },
  });
  expect(JSON.parse(readFileSync(path, 'utf8'))).toEqual({ url: stub.url, experiment: 'hw5', runId: 'r1' });
  expect(troubles).toEqual([]);

  // Resumed, without an address: the same run there.
  const again = track('', { path, url: undefined });
  again.tracker.append(reports(1511, 1512));
  await again.tracker.end('KILLED');
  expect(stub.values('loss/train')).toHaveLength(1512);
  expect(stub.paths().filter((path) => path === 'runs/create')).toHaveLength(1);
  const statuses = stub.calls.filter(({ path }) => path === 'runs/update').map(({ body }) => body.status);
  expect(statuses).toEqual(['FINISHED', 'RUNNING', 'KILLED']);
  expect(stub.calls.at(-1)?.body.run_id).toBe('r1');
});

test('a server that is away and comes back: told once, nothing is lost', async () => {
  const first = await Stub.open();
  const port = Number(new URL(first.url).port);
  first.close();
  const { tracker, troubles } = track(`http://127.0.0.1:${port}`);
  tracker.append(reports(1, 5));
  await vi.waitFor(() => expect(troubles).toHaveLength(1));
  expect(troubles[0]).toMatch(
    /^mlflow: server must take what is reported, got ECONNREFUSED from .*; training goes on$/,
  );
  const stub = await Stub.open(port);
  tracker.append(reports(6, 9));
  await vi.waitFor(() => expect(stub.values('loss/train')).toHaveLength(9), 3_000);
  await tracker.end('FINISHED');
  expect(troubles).toHaveLength(1);
});

test('a server that fails now and then, and does not answer now and then: every value arrives', async () => {
  const stub = await Stub.open();
  let count = 0;
  stub.fail = () => [500, 'silence' as const, undefined, undefined, 429][count++ % 5];
  const { tracker, troubles } = track(stub.url, { times: { ...times, request: 100 } });
  for (let i = 0; i < 5; i += 1) {
    tracker.append(reports(10 * i + 1, 10 * i + 10));
    await sleep(20);
  }
  await tracker.end('FINISHED');
  expect(stub.values('loss/train')).toHaveLength(50);
  expect(stub.calls.at(-1)?.path).toBe('runs/update');
  expect(troubles).toHaveLength(1);
});

test('a server that never answers: the end comes all the same, and says what is missing', async () => {
  const stub = await Stub.open();
  stub.fail = () => 'silence';
  const { tracker, troubles } = track(stub.url, { times: { ...times, request: 100, endUnreachable: 300 } });
  tracker.append(reports(1, 3));
  await vi.waitFor(() => expect(troubles).toHaveLength(1));
  const before = performance.now();
  await tracker.end('FINISHED');
  expect(performance.now() - before).toBeLessThan(10_000);
  expect(troubles[0]).toContain('got no answer');
  expect(troubles[1]).toBe(`mlflow: 3 values did not reach ${stub.url}; metrics.jsonl has all of them`);
});

test('a server that refuses is not asked again', async () => {
  const stub = await Stub.open();
  stub.fail = () => 401;
  const { tracker, troubles } = track(stub.url);
  tracker.append(reports(1, 3));
  await vi.waitFor(() => expect(troubles).toHaveLength(1));
  await sleep(100);
  await tracker.end('FAILED');
  expect(stub.calls).toHaveLength(1);
  expect(troubles[0]).toContain('got status 401');
});

test('hw5 train --mlflow: all steps with settings and credentials; a stopped run is KILLED, a resumed one goes on there', async () => {
  const stub = await Stub.open();
  const cwd = folderWithText();
  const env = { MLFLOW_TRACKING_USERNAME: 'me', MLFLOW_TRACKING_PASSWORD: 'secret' };
  const train = ['train', 'char-lm', '--data', 'text.txt', '--out', 'run', '--json', ...tiny];
  const run = start([...train, '--steps', '1000000', '--mlflow', stub.url, '--mlflow-experiment', 'poems'], {
    cwd,
    env,
  });
  await run.until(/"step":30,/);
  run.child.kill('SIGINT');
  const stopped = await run.finished;
  expect(stopped).toMatchObject({ code: 130, stderr: '' });
  const { step } = lastLine(stopped);
  expect(stub.values('loss/train')).toHaveLength(step);
  expect([...stub.experiments]).toEqual(['poems']);
  expect(stub.params()).toMatchObject({ 'model.hiddenSize': '8', task: 'char-lm' });
  expect(stub.headers.every(({ authorization }) => authorization === `Basic ${btoa('me:secret')}`)).toBe(
    true,
  );
  expect(stub.calls.at(-1)?.body).toMatchObject({ status: 'KILLED' });

  await hw5(['train', 'char-lm', '--resume', 'run', '--steps', String(step + 5), '--json'], { cwd, env });
  expect(stub.values('loss/train')).toHaveLength(step + 5);
  expect(stub.calls.at(-1)?.body).toMatchObject({ run_id: 'r1', status: 'FINISHED' });
});

test('hw5 train with a server that is away: trains, tells it in one line, exits 0', async () => {
  const stub = await Stub.open();
  const { url } = stub;
  stub.close();
  const cwd = folderWithText();
  const train = [
    'train',
    'char-lm',
    '--data',
    'text.txt',
    '--out',
    'run',
    '--steps',
    '20',
    '--json',
    ...tiny,
  ];
  const done = await hw5([...train, '--mlflow', url], { cwd });
  expect(done.code).toBe(0);
  expect(lastLine(done)).toMatchObject({ done: true, step: 20 });
  expect(done.stderr.match(/^hw5: mlflow: server must take/gm)).toHaveLength(1);
  expect(existsSync(join(cwd, 'run/mlflow.json'))).toBe(false);
  const secret = await hw5([...train, '--out', 'other', '--mlflow', 'http://me:secret@127.0.0.1'], { cwd });
  expect(lastLine(secret).error?.message).toContain('address must be without a password');
  expect(secret.stdout).not.toContain('secret');
});
