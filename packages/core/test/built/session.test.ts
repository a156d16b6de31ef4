/** The session as users have it: the built package, a real worker. */

import {
  ArgumentError,
  type CharLMConfig,
  CharLMRun,
  CheckpointError,
  DataError,
  init,
  openSession,
  type Session,
  SessionLostError,
  type StepReport,
} from '@hw5/core';
import { afterEach, describe, expect, it } from 'vitest';

const text = 'a small text that a small model reads again and again.\n'.repeat(20);
const small: Partial<CharLMConfig> = {
  embeddingSize: 4,
  hiddenSize: 8,
  batchSize: 2,
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

describe('session', () => {
  it('trains as the library does, bit for bit', async () => {
    const session = await openOne();
    await session.createCharLM(text, small);
    const seen: StepReport[] = [];
    const summary = await session.train({ steps: 25, onReports: (reports) => void seen.push(...reports) });
    expect(seen.map((report) => report.step)).toEqual(Array.from({ length: 25 }, (_, i) => i + 1));
    expect(seen.filter((report) => report.valLoss !== undefined).map((report) => report.step)).toEqual([
      10, 20,
    ]);

    await init();
    const run = CharLMRun.create(text, small);
    for (let i = 0; i < 25; i += 1) run.trainStep();
    expect(summary).toMatchObject({ step: 25, stopped: false, hash: run.hash() });
    expect(await session.hash()).toBe(run.hash());
    expect(await session.generate({ length: 30, seed: 2 })).toBe(
      [...run.generate({ length: 30, seed: 2 })].join(''),
    );
    expect((await session.evaluate()).loss).toBe(run.evaluate().loss);
    run.dispose();
  });

  it('stops at the edge of a step, and goes on to the same weights', async () => {
    const session = await openOne();
    await session.createCharLM(text, small);
    const whole = await session.train({ steps: 300 });
    await session.createCharLM(text, small);
    const controller = new AbortController();
    const first = await session.train({
      steps: 300,
      signal: controller.signal,
      reportIntervalMs: 0,
      onReports: (reports) => {
        if (reports.at(-1)!.step >= 20) controller.abort();
      },
    });
    expect(first.stopped).toBe(true);
    expect(first.step).toBeLessThan(300);
    expect((await session.train({ steps: 300 })).hash).toBe(whole.hash);
  });

  it('a stop does not wait for a long validation', async () => {
    const session = await openOne();
    // Half of 4 million characters to validate: minutes of work for a model of this size.
    const long = text.repeat(3600);
    await session.createCharLM(long, { ...small, hiddenSize: 64, validationFraction: 0.5, evaluateEvery: 1 });
    const controller = new AbortController();
    const training = session.train({ steps: 3, signal: controller.signal });
    await session.generate({ length: 1 });
    controller.abort();
    const summary = await training;
    expect(summary.stopped).toBe(true);
    expect(summary.valLoss).toBeUndefined();
  });

  it('samples, validates and saves while it trains, without a trace', async () => {
    const session = await openOne();
    await session.createCharLM(text, small);
    const expected = (await session.train({ steps: 400 })).hash;
    await session.createCharLM(text, { ...small, evaluateEvery: 0 });
    const training = session.train({ steps: 400 });
    const pieces: string[] = [];
    const sample = await session.generate({ length: 50, onText: (piece) => void pieces.push(piece) });
    expect(pieces.join('')).toBe(sample);
    expect((await session.checkpoint()).length).toBeGreaterThan(1000);
    await session.evaluate('a small text');
    expect((await training).hash).toBe(expected);
  });

  it('changes the learning rate while it trains, and says what replays that', async () => {
    const session = await openOne();
    await session.createCharLM(text, { ...small, workers: 2 });
    const seen: number[] = [];
    const training = session.train({
      steps: 400,
      onReports: (reports) => void seen.push(reports.at(-1)!.step),
    });
    await session.checkpoint();
    const { config, step } = await session.setLearningRate(0.0005);
    const { hash } = await training;
    expect(config.rateChanges ?? [{ learningRate: config.learningRate }]).toMatchObject([
      { learningRate: 0.0005 },
    ]);
    expect(step).toBeLessThan(400);
    const other = await openOne();
    await other.createRun({ task: 'char-lm', data: text, config: config as CharLMConfig });
    expect((await other.train({ steps: 400 })).hash).toBe(hash);
    await expect(session.setLearningRate(-1)).rejects.toMatchObject({
      code: 'ARGUMENT',
      message: 'setLearningRate: learningRate must be a number > 0, got -1',
    });
    await expect((await openOne()).setLearningRate(0.1)).rejects.toThrow('a run must be created');
  });

  it('hands checkpoints over as it goes', async () => {
    const session = await openOne();
    await session.createCharLM(text, small);
    const steps: number[] = [];
    let last: Uint8Array | undefined;
    await session.train({
      steps: 30,
      checkpointEvery: 12,
      onCheckpoint: (bytes, step) => {
        steps.push(step);
        last = bytes;
      },
    });
    expect(steps).toEqual([12, 24]);
    const other = await openOne();
    expect(await other.loadCharLM(last!, text)).toMatchObject({ step: 24, trainable: true });
    expect((await other.train({ steps: 30 })).hash).toBe(await session.hash());
  });

  it('errors keep their class, code and details across the boundary', async () => {
    const session = await openOne();
    await expect(session.createCharLM('short')).rejects.toBeInstanceOf(DataError);
    await expect(session.createCharLM(text, { hiddenSize: 0 })).rejects.toMatchObject({
      code: 'ARGUMENT',
      message: 'config: hiddenSize must be a whole number in [1, 65536], got 0',
      details: { setting: 'hiddenSize' },
    });
    await expect(session.loadCharLM(new Uint8Array(3))).rejects.toBeInstanceOf(CheckpointError);
    await expect(session.train({ steps: 1 })).rejects.toThrow(
      'train: a run must be created or loaded first, got none',
    );
    await session.createCharLM(text, small);
    await expect(session.train({ steps: Number.NaN })).rejects.toBeInstanceOf(ArgumentError);
    await expect(session.generate({ prompt: 'ß' })).rejects.toMatchObject({ details: { character: 'ß' } });
    const training = session.train({ steps: 500 });
    await expect(session.train({ steps: 1 })).rejects.toThrow('one training at a time');
    await expect(session.createCharLM(text, small)).rejects.toThrow('training must be stopped first');
    expect((await training).step).toBe(500);
  });

  it('an error thrown by a report handler stops the training and reaches the caller', async () => {
    const session = await openOne();
    await session.createCharLM(text, small);
    await expect(
      session.train({
        steps: 100_000,
        onReports: () => {
          throw new Error('handler broke');
        },
      }),
    ).rejects.toThrow('handler broke');
    expect((await session.train({ steps: 100_001 - 99_999 })).step).toBeGreaterThan(0);
  });

  it('close() rejects what is pending and every later call', async () => {
    const session = await openOne();
    await session.createCharLM(text, small);
    const training = session.train({ steps: 1_000_000 });
    const sampling = session.generate({ length: 1_000_000 });
    await Promise.all([
      expect(training).rejects.toBeInstanceOf(SessionLostError),
      expect(sampling).rejects.toMatchObject({ code: 'SESSION_LOST' }),
      session.close(),
    ]);
    await expect(session.hash()).rejects.toThrow('session: must be open, got a closed one');
    await session.close();
  });

  it('a killed worker rejects what is pending', async () => {
    const workers: import('node:worker_threads').Worker[] = [];
    const collect = (worker: import('node:worker_threads').Worker): void => void workers.push(worker);
    process.on('worker', collect);
    const session = await openOne();
    process.off('worker', collect);
    await session.createCharLM(text, small);
    const training = session.train({
      steps: 1_000_000,
      onReports: () => void workers[0]!.terminate(),
    });
    await expect(training).rejects.toThrow('session: the worker must be alive, got: exit code 1');
    await expect(session.checkpoint()).rejects.toBeInstanceOf(SessionLostError);
  });

  it('a start that takes too long is an error', async () => {
    await expect(openSession({ startTimeoutMs: 0 })).rejects.toThrow(
      'the worker must start in 0 ms, got no answer',
    );
  });

  it('runs in f64 and with fused multiply-add', async () => {
    expect(await (await openOne({ precision: 'f64' })).kernel()).toMatchObject({
      variant: 'f64',
      fused: false,
    });
    expect(await (await openOne({ fast: true })).kernel()).toMatchObject({ variant: 'relaxed', fused: true });
    await expect(openSession({ precision: 'f64', fast: true })).rejects.toBeInstanceOf(ArgumentError);
  });

  it('works question 3 by hand', async () => {
    const session = await openOne();
    expect(await session.attendByHand()).toMatchObject({
      scores: [-2, 3, 0, 6],
      index: 3,
      output: [6, 1, 2],
    });
    await expect(session.attendByHand({ keys: [[1, 2]], values: [[1]], query: [1] })).rejects.toThrow(
      "attend: key 0 must have the query's 1 entries, got 2",
    );
  });

  it('fifty sessions, opened and closed, leave nothing behind', async () => {
    const ports = (): number =>
      process.getActiveResourcesInfo().filter((name) => name === 'MessagePort').length;
    const before = ports();
    for (let i = 0; i < 50; i += 1) await (await openSession()).close();
    expect(ports()).toBe(before);
  });
});
