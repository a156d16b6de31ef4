/** Several workers training one run, as users have it: the built package, real workers, both kinds of exchange. */
import { type CharLMConfig, CharLMRun, init, openSession, type Session, type StepReport } from '@hw5/core';
import { afterEach, describe, expect, it } from 'vitest';

const text = 'a small text that small workers read together.\n'.repeat(40);
/** Every random stream in use, rows that cannot be divided evenly, a state that is carried. */
const small: Partial<CharLMConfig> = {
  embeddingSize: 4,
  hiddenSize: 8,
  numLayers: 2,
  dropout: 0.2,
  batchSize: 5,
  sequenceLength: 8,
  evaluateEvery: 10,
  seed: 5,
};

const open: Session[] = [];
const openOne = async (options?: Parameters<typeof openSession>[0]): Promise<Session> => {
  const session = await openSession(options);
  open.push(session);
  return session;
};
afterEach(async () => {
  await Promise.all(open.splice(0).map((session) => session.close()));
});

/** What the library gives in one thread: the reference. */
async function alone(
  workers: number,
  steps: number,
  config: Partial<CharLMConfig> = {},
): Promise<{ hash: string; losses: number[] }> {
  await init();
  const run = CharLMRun.create(text, { ...small, ...config, workers });
  const losses = Array.from({ length: steps }, () => run.trainStep().loss);
  const hash = run.hash();
  run.dispose();
  return { hash, losses };
}

describe.each(['shared', 'messages', 'in-turn'] as const)('workers with the exchange %s', (exchange) => {
  it.each([
    [2, 'lstm'],
    [3, 'lstm'],
    [2, 'gru'],
  ] as const)(
    '%i of them train as the library does in one thread, bit for bit: %s',
    async (workers, cell) => {
      const session = await openOne({ exchange });
      await session.createCharLM(text, { ...small, cell, workers });
      const losses: number[] = [];
      const onReports = (reports: readonly StepReport[]): void => {
        losses.push(...reports.map((report) => report.loss));
      };
      const summary = await session.train({ steps: 25, onReports });
      expect({ hash: summary.hash, losses }).toEqual(await alone(workers, 25, { cell }));
    },
  );

  it('stops at the edge of a step, saves all rows, and goes on in another session', async () => {
    const session = await openOne({ exchange });
    await session.createCharLM(text, { ...small, workers: 3 });
    const controller = new AbortController();
    const first = await session.train({
      steps: 10_000,
      signal: controller.signal,
      reportIntervalMs: 0,
      onReports: (reports) => {
        if (reports.at(-1)!.step >= 13) controller.abort();
      },
    });
    expect(first.stopped).toBe(true);
    const checkpoint = await session.checkpoint();
    const goal = first.step + 9;
    const { hash } = await alone(3, goal);
    expect((await session.train({ steps: goal })).hash).toBe(hash);
    const other = await openOne({ exchange: exchange === 'shared' ? 'messages' : 'shared' });
    expect((await other.loadCharLM(checkpoint, text)).config.workers).toBe(3);
    expect((await other.train({ steps: goal })).hash).toBe(hash);
    expect(await other.checkpoint()).toEqual(await session.checkpoint());
  });

  it('samples, validates and saves while they train, without a trace', async () => {
    const session = await openOne({ exchange });
    await session.createCharLM(text, { ...small, workers: 2 });
    const training = session.train({ steps: 80 });
    expect(await session.generate({ length: 20 })).toHaveLength(20);
    const files = await Promise.all([session.checkpoint(), session.evaluate(), session.checkpoint()]);
    expect((await training).hash).toBe((await alone(2, 80)).hash);
    // A file from the middle is a state that a step left.
    const other = await openOne();
    for (const file of [files[0], files[2]]) {
      await other.loadCharLM(file, text);
      expect((await other.train({ steps: 80 })).hash).toBe((await training).hash);
    }
  });
});

it('a run that is replaced takes its workers along', async () => {
  const session = await openOne();
  for (const workers of [2, 3, 1, 2]) {
    await session.createCharLM(text, { ...small, workers });
    expect((await session.train({ steps: 5 })).hash).toBe((await alone(workers, 5)).hash);
  }
});

it('what does not fit into memory is a typed error, and the session goes on', async () => {
  const session = await openOne({ limits: { kernelBytes: 4_000_000 } });
  const before = await session.createCharLM(text, { ...small, workers: 2 });
  const { liveBytes } = await session.kernel();
  // The weights fit, the moments do not: what was taken is given back at once, and the run stays.
  for (let i = 0; i < 10; i += 1) {
    await expect(session.createCharLM(text, { ...small, hiddenSize: 200 })).rejects.toMatchObject({
      code: 'OUT_OF_MEMORY',
    });
  }
  expect((await session.kernel()).liveBytes).toBe(liveBytes);
  expect((await session.train({ steps: 5 })).hash).toBe((await alone(2, 5)).hash);
  expect(before.step).toBe(0);

  await session.createCharLM(text, { ...small, hiddenSize: 48, sequenceLength: 300, workers: 2 });
  await expect(session.train({ steps: 1 })).rejects.toMatchObject({ code: 'OUT_OF_MEMORY' });
  expect(await session.generate({ length: 3 })).toHaveLength(3);
  await session.createCharLM(text, { ...small, workers: 2 });
  expect((await session.train({ steps: 5 })).hash).toBe((await alone(2, 5)).hash);
});

it('options outside their domain are refused', async () => {
  await expect(openSession({ hangTimeoutMs: -1 })).rejects.toThrow(
    'openSession: hangTimeoutMs must be a number >= 0, got -1',
  );
  await expect(openSession({ limits: { kernelBytes: Number.NaN } })).rejects.toMatchObject({
    code: 'ARGUMENT',
  });
});
