import type { RunInfo, Session } from '@hw5/core';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { initialValues, modelConfig } from '../src/state.js';
import { silenceInTraining, watch } from '../src/watchdog.js';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** A session that answers after `delays[n]` ms the n-th time, and never once they are used up. */
function answering(...delays: number[]): Session {
  const kernel = (): Promise<unknown> => {
    const delay = delays.shift();
    return new Promise((resolve) => {
      if (delay !== undefined) setTimeout(resolve, delay);
    });
  };
  return { kernel } as unknown as Session;
}

test('silence is noticed once, after the time that was given', async () => {
  const died = vi.fn();
  watch(answering(10, 10), 10_000, died);
  await vi.advanceTimersByTimeAsync(2 * 2010 + 9_900);
  expect(died).not.toHaveBeenCalled();
  await vi.advanceTimersByTimeAsync(200);
  expect(died).toHaveBeenCalledTimes(1);
  await vi.advanceTimersByTimeAsync(600_000);
  expect(died).toHaveBeenCalledTimes(1);
});

test('who has answered slowly before is waited for longer', async () => {
  const died = vi.fn();
  watch(answering(5_000), 10_000, died);
  await vi.advanceTimersByTimeAsync(5_000 + 2_000 + 39_000);
  expect(died).not.toHaveBeenCalled();
  await vi.advanceTimersByTimeAsync(2_000);
  expect(died).toHaveBeenCalledTimes(1);
});

test('after the end of the watch nothing is said', async () => {
  const died = vi.fn();
  const unwatch = watch(answering(), 10_000, died);
  await vi.advanceTimersByTimeAsync(9_000);
  unwatch();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(died).not.toHaveBeenCalled();
});

test('a large model or a long validation may be silent for longer', () => {
  const run = {
    config: modelConfig(initialValues),
    parameters: 120_000,
    validationCharacters: 25_000,
  } as unknown as RunInfo;
  const usual = silenceInTraining(run);
  expect(usual).toBeGreaterThan(10_000);
  expect(usual).toBeLessThan(20_000);
  expect(silenceInTraining({ ...run, parameters: 50_000_000 })).toBeGreaterThan(600_000);
  expect(silenceInTraining({ ...run, validationCharacters: 2_000_000 })).toBeGreaterThan(400_000);
});
