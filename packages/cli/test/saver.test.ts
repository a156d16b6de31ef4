import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { replaceFile } from '../src/run/durable.js';
import { CheckpointSaver } from '../src/run/saver.js';
import { folder } from './cli.js';

const bytesOf = (step: number): Uint8Array => new TextEncoder().encode(`step ${step}`);
const writeTo = (path: string) => (bytes: Uint8Array) => replaceFile('checkpoint', path, bytes);

test('an offer is written only when a later step has a finite loss; the newest offer counts', async () => {
  const path = join(folder(), 'checkpoint');
  const failures: unknown[] = [];
  const saver = new CheckpointSaver(writeTo(path), 0, (error) => failures.push(error));
  await saver.offer(bytesOf(10), 10);
  saver.confirm(10); // the offer's own step says nothing about the weights after it
  await saver.settled();
  expect(existsSync(path)).toBe(false);
  expect(saver.savedStep).toBe(0);

  saver.confirm(11);
  await saver.settled();
  expect(readFileSync(path, 'utf8')).toBe('step 10');
  expect(saver.savedStep).toBe(10);

  await saver.offer(bytesOf(20), 20);
  await saver.offer(bytesOf(30), 30);
  saver.confirm(25); // reports arrive later than offers: step 25 does not vouch for step 30
  await saver.settled();
  expect(saver.savedStep).toBe(10);
  saver.confirm(31);
  saver.confirm(32);
  await saver.settled();
  expect(readFileSync(path, 'utf8')).toBe('step 30');
  expect(failures).toEqual([]);
});

test('a write that fails is told once, and what lies there stays what it was', async () => {
  const parent = folder();
  const path = join(parent, 'gone', 'checkpoint');
  const failures: unknown[] = [];
  const saver = new CheckpointSaver(writeTo(path), 7, (error) => failures.push(error));
  await saver.offer(bytesOf(10), 10);
  saver.confirm(11);
  await saver.settled();
  expect(failures).toMatchObject([{ code: 'FILE' }]);
  expect(saver.savedStep).toBe(7);
  rmSync(parent, { recursive: true });
  await expect(saver.save(bytesOf(12), 12)).rejects.toMatchObject({ code: 'FILE' });
});
