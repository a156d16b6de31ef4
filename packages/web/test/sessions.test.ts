/** The pool with real workers, which here are threads. */
import { openSession, type Session } from '@hw5/core';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { SessionPool } from '../src/frame/sessions.js';

let opened: Session[];
let restarts: number;
let pool: SessionPool;

beforeEach(() => {
  opened = [];
  restarts = 0;
  pool = new SessionPool({
    most: 2,
    open: async (options) => {
      const session = await openSession(options);
      opened.push(session);
      return session;
    },
    onRestart: () => {
      restarts += 1;
    },
  });
});
afterEach(async () => {
  await pool.close();
  await Promise.all(opened.map((session) => session.close()));
});

test('questions share workers, as many at once as there may be', async () => {
  const answers = await Promise.all(Array.from({ length: 6 }, () => pool.ask((session) => session.attend())));
  expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
  expect(opened.length).toBe(2);
  expect(pool.busy.value).toBe(0);
});

test('another precision takes the place of an idle worker', async () => {
  await pool.ask((session) => session.kernel());
  await pool.ask((session) => session.kernel(), { precision: 'f32' });
  const third = await pool.ask((session) => session.kernel(), { precision: 'f64' });
  expect(third.precision).toBe('f64');
  expect(opened.length).toBe(2);
});

test('a worker that dies in mid-question is replaced and the question asked again', async () => {
  let times = 0;
  const answer = await pool.ask(async (session) => {
    times += 1;
    if (times === 1) void session.close();
    return session.attend();
  });
  expect(answer).toBeDefined();
  expect([times, restarts, opened.length]).toEqual([2, 1, 2]);
});

test('an error is the asker’s, and the worker stays', async () => {
  await expect(pool.ask((session) => session.solve('nonsense'))).rejects.toThrow(/nonsense/);
  await pool.ask((session) => session.solve('q1a'));
  expect([restarts, opened.length]).toEqual([0, 1]);
});

test('of questions that follow each other quickly the first and the newest are answered', async () => {
  const asked: number[] = [];
  const ask = pool.newest(async (session, n: number) => {
    asked.push(n);
    await session.kernel();
    return n;
  });
  const answers = await Promise.all([1, 2, 3, 4].map((n) => ask(n)));
  expect(answers).toEqual([1, undefined, undefined, 4]);
  expect(asked).toEqual([1, 4]);
  expect(await ask(5)).toBe(5);
});
