import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { Journal, STATE } from '../../src/sweep/journal.js';
import { checkedSpec, idOf, type RunSpec } from '../../src/sweep/run-spec.js';
import { RunStore } from '../../src/sweep/store.js';
import { folder } from '../cli.js';
import { named, result, spec } from './sweeps.js';

test('a run is named by what defines it, whatever the order of its flags', () => {
  expect(idOf({ ...named, flags: { seed: 0, hidden: 4, lr: 0.1 } })).toBe(spec.id);
  expect(idOf({ ...named, flags: { ...named.flags, lr: 0.1000001 } })).not.toBe(spec.id);
  expect(idOf({ ...named, data: { name: 'a', sha256: 'x' } })).not.toBe(spec.id);
});

test('a run from a queue is obeyed only when it is one that hw5 made', () => {
  expect(checkedSpec(spec)).toBe(spec);
  const forged = (changes: Partial<RunSpec>): RunSpec => {
    const made = { ...spec, ...changes };
    return 'id' in changes ? made : { ...made, id: idOf(made) };
  };
  const data = { name: 'a.csv', sha256: 'a'.repeat(64) };
  expect(checkedSpec(forged({ data })).data).toBe(data);
  for (const changes of [
    { id: '../../escaped' },
    { flags: { ...spec.flags, lr: 0.2 }, id: spec.id },
    { from: '../other' },
    { data: { ...data, name: '../../etc/passwd' } },
    { data: { ...data, name: '..' } },
    { data: { ...data, name: 'a\\b' } },
    { data: { ...data, sha256: '../x' } },
    { flags: { out: '/tmp/x' } },
    { flags: { resume: '/tmp/x' } },
    { flags: { data: '/etc/passwd' } },
  ]) {
    expect(() => checkedSpec(forged(changes)), JSON.stringify(changes)).toThrowError(/^run: /);
  }
});

test('of many attempts that finish at once one is the result, and all are told which', async () => {
  const store = new RunStore(folder());
  const attempts = Array.from({ length: 20 }, () => store.begin(spec, false));
  expect(new Set(attempts.map(({ folder: path }) => path)).size).toBe(20);
  const committed = await Promise.allSettled(
    attempts.map((attempt, n) => store.commit(spec.id, attempt, result(`${n}`))),
  );
  const first = (await store.committed(spec.id))!;
  const hashes = committed.flatMap((one) => (one.status === 'fulfilled' ? [one.value.hash] : []));
  expect(new Set(hashes)).toEqual(new Set([first.hash]));
  expect(hashes.length).toBeGreaterThan(0);
});

test('a late attempt changes nothing, and leaves nothing', async () => {
  const store = new RunStore(folder());
  const [late, first] = [store.begin(spec, false), store.begin(spec, false)];
  await store.commit(spec.id, first!, result('first'));
  expect(existsSync(late.folder)).toBe(false);
  mkdirSync(late.folder);
  expect(await store.commit(spec.id, late, result('late'))).toMatchObject({ hash: 'first' });
  expect(await store.committed(spec.id)).toMatchObject({ hash: 'first' });
  expect(existsSync(late.folder)).toBe(false);
});

test('a new attempt begins as a copy of the latest one, without its lock', () => {
  const store = new RunStore(folder());
  const first = store.begin(spec, true);
  expect(first.resumes).toBe(false);
  for (const name of ['config.json', 'lock', 'checkpoint.safetensors', 'x.tmp'])
    writeFileSync(join(first.folder, name), name);
  const second = store.begin(spec, true);
  expect(second.resumes).toBe(true);
  expect(readFileSync(join(second.folder, 'checkpoint.safetensors'), 'utf8')).toBe('checkpoint.safetensors');
  expect(existsSync(join(second.folder, 'lock'))).toBe(false);
  expect(existsSync(join(second.folder, 'x.tmp'))).toBe(false);
  expect(store.begin(spec, false).resumes).toBe(false);
});

test('a journal replays what it was told; finished trials do not change', () => {
  const path = join(folder(), 'journal.log');
  const journal = new Journal(path);
  journal.createStudy('s', 'maximize').setStudyAttribute('a', { b: 1 }).commit();
  expect(journal.createTrial({ lr: 0.5 }, { lr: '{}' }, { note: 1 })).toBe(0);
  journal.commit();
  journal.setIntermediate(0, 3, 0.25).setIntermediate(0, 4, Number.NaN).setAttribute(0, 'run', 1);
  journal.finish(0, STATE.complete, 0.75).commit();
  journal.finish(0, STATE.failed, undefined).setAttribute(0, 'run', 2).commit();
  const [trial] = new Journal(path).trials;
  expect(trial).toMatchObject({ state: STATE.complete, values: [0.75] });
  expect([...trial!.intermediate]).toEqual([[3, 0.25]]);
  expect(Object.fromEntries(trial!.attributes)).toEqual({ note: 1, run: 1 });
});

test('a lock that a dead process left does not hold a journal up', () => {
  const path = join(folder(), 'journal.log');
  writeFileSync(`${path}.lock`, JSON.stringify({ pid: 2 ** 30, host: hostname() }));
  new Journal(path).createStudy('s', 'minimize').commit();
  expect(existsSync(`${path}.lock`)).toBe(false);
});
