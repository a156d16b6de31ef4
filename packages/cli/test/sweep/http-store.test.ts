import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { HttpStore } from '../../src/sweep/http-store.js';
import { RunStore } from '../../src/sweep/store.js';
import { folder } from '../cli.js';
import { startObjectStore } from './object-store.js';
import { result, spec } from './sweeps.js';

/** As many machines as one likes, each with a folder of its own. */
const machine = (address: string): HttpStore => new HttpStore(address, new RunStore(folder()));

test('of many machines that finish a run at once one is granted the result; the others are told which, and clean up', async () => {
  const { address, objects } = await startObjectStore({ failEvery: 7 });
  const machines = Array.from({ length: 8 }, () => machine(address));
  const before = await Promise.all(machines.map((store) => store.committed(spec.id)));
  expect(before.every((one) => one === undefined)).toBe(true);
  const told = await Promise.all(
    machines.map(async (store, n) => {
      const attempt = store.begin(spec, true);
      writeFileSync(join(attempt.folder, 'checkpoint.safetensors'), `weights ${n}`);
      return store.commit(spec.id, attempt, result(`${n}`));
    }),
  );
  const winner = JSON.parse(objects.get(`/bucket/runs/${spec.id}/result.json`)!.toString());
  expect(new Set(told.map(({ hash }) => hash))).toEqual(new Set([winner.hash]));
  expect(objects.get(`/bucket/${winner.place}/checkpoint.safetensors`)?.toString()).toBe(
    `weights ${winner.hash}`,
  );
  expect([...objects.keys()].filter((key) => key.endsWith('.safetensors'))).toHaveLength(1);
  expect(await machine(address).committed(spec.id)).toMatchObject({ hash: winner.hash });
});

test('data go through the store by content, and another text under their name is refused', async () => {
  const { address, objects } = await startObjectStore();
  const path = join(folder(), 'table one.csv');
  writeFileSync(path, 'text,label\na,b\n');
  const data = (await machine(address).keepData(path))!;
  expect(readFileSync(await machine(address).data(data), 'utf8')).toBe('text,label\na,b\n');
  const [key] = objects.keys();
  objects.set(key!, Buffer.from('other'));
  await expect(machine(address).data(data)).rejects.toMatchObject({ code: 'DATA' });
  objects.clear();
  await expect(machine(address).data(data)).rejects.toMatchObject({ code: 'FILE', message: /got 404$/ });
});

test('a store that refuses is named, without what lets somebody in', async () => {
  const { address } = await startObjectStore({ token: 'Bearer right' });
  const store = machine(`${address}?signature=secret`);
  await expect(store.committed(spec.id)).rejects.toMatchObject({
    code: 'FILE',
    message: `artifacts: GET ${address}/runs/${spec.id}/result.json must succeed, got 403`,
  });
  process.env.HW5_ARTIFACTS_AUTH = 'Bearer right';
  onTestFinished(() => {
    delete process.env.HW5_ARTIFACTS_AUTH;
  });
  expect(await machine(address).committed(spec.id)).toBeUndefined();
});
