/** The two checkpoints of a run and their record, on a real disk and through the command line. */
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { CheckpointStore, findCheckpoint } from '../src/run/checkpoints.js';
import { disk } from '../src/run/durable.js';
import { runFiles } from '../src/run/folder.js';
import { folder, folderWithText, hw5, jsonLines, lastLine, tiny } from './cli.js';

const bytesOf = (step: number): Uint8Array => new TextEncoder().encode(`the weights of step ${step}`);
const names = ['checkpoint.json', 'checkpoint.previous.safetensors', 'checkpoint.safetensors'];

test('two are kept, and recorded', async () => {
  const paths = runFiles(folder());
  const store = CheckpointStore.create(paths);
  for (const step of [0, 10, 20]) await store.save(bytesOf(step), step);
  expect(readdirSync(paths.folder).sort()).toEqual(names);
  expect(readFileSync(paths.checkpoint)).toEqual(Buffer.from(bytesOf(20)));
  expect(readFileSync(paths.previous)).toEqual(Buffer.from(bytesOf(10)));
  const { checkpoints } = JSON.parse(readFileSync(paths.manifest, 'utf8'));
  expect(checkpoints).toMatchObject([
    { step: 20, bytes: 22 },
    { step: 10, bytes: 22 },
  ]);
  // The same state again is not a reason to forget the one before.
  await store.save(bytesOf(20), 20);
  expect(readFileSync(paths.previous)).toEqual(Buffer.from(bytesOf(10)));
});

test('a file system without links keeps two as well', async () => {
  const paths = runFiles(folder());
  const link = () => Promise.reject(Object.assign(new Error('no links here'), { code: 'EPERM' }));
  const store = CheckpointStore.create(paths, { ...disk, link });
  for (const step of [0, 10, 20]) await store.save(bytesOf(step), step);
  expect(readdirSync(paths.folder).sort()).toEqual(names);
  expect(readFileSync(paths.previous)).toEqual(Buffer.from(bytesOf(10)));
});

test('room for the next save is asked for in advance, and given back', async () => {
  const paths = runFiles(folder());
  const store = CheckpointStore.create(paths);
  await store.save(bytesOf(0), 0);
  await store.expectRoom(bytesOf(0));
  expect(readdirSync(paths.folder)).toHaveLength(2);
});

async function twoSaved(): Promise<ReturnType<typeof runFiles>> {
  const paths = runFiles(folder());
  const store = CheckpointStore.create(paths);
  await store.save(bytesOf(10), 10);
  await store.save(bytesOf(20), 20);
  return paths;
}

test.each([
  ['cut short', (path: string) => writeFileSync(path, bytesOf(20).subarray(0, 5)), /damaged or .* cut short/],
  ['empty', (path: string) => writeFileSync(path, ''), /step 20 is lost, step 10 is in checkpoint\.previous/],
  ['missing', (path: string) => rmSync(path), /checkpoint\.safetensors is missing; step 20 is lost/],
])('the newest file is %s: the one before is found, told, and gone on from', async (_what, damage, told) => {
  const paths = await twoSaved();
  damage(paths.checkpoint);
  const found = await findCheckpoint(paths);
  expect(Buffer.from(found.bytes)).toEqual(Buffer.from(bytesOf(10)));
  expect(found.recovered).toMatch(told);
  const store = await CheckpointStore.reopen(paths, found, 10);
  expect(await findCheckpoint(paths)).toMatchObject({ path: paths.checkpoint, recovered: undefined });
  await store.save(bytesOf(30), 30);
  expect((await findCheckpoint(paths)).bytes).toEqual(Buffer.from(bytesOf(30)));
  expect(readFileSync(paths.previous)).toEqual(Buffer.from(bytesOf(10)));
});

test('a file that somebody put there is kept when a run goes on without it', async () => {
  const paths = await twoSaved();
  renameSync(paths.checkpoint, paths.previous);
  writeFileSync(paths.checkpoint, 'from elsewhere');
  const found = await findCheckpoint(paths);
  expect(found.recovered).toMatch(/step 20, the last that was saved, is in checkpoint\.previous/);
  await CheckpointStore.reopen(paths, found, 20);
  expect(readFileSync(paths.rejected, 'utf8')).toBe('from elsewhere');
  expect(readFileSync(paths.checkpoint)).toEqual(Buffer.from(bytesOf(20)));
});

test('nothing whole is left: one error, and nothing is changed', async () => {
  const paths = await twoSaved();
  for (const path of [paths.checkpoint, paths.previous]) writeFileSync(path, 'rubbish');
  await expect(findCheckpoint(paths)).rejects.toMatchObject({
    code: 'CHECKPOINT',
    message: expect.stringContaining('must be what was saved at step 20 or 10'),
    hint: expect.stringContaining('delete'),
  });
  expect(readdirSync(paths.folder).sort()).toEqual(names);
});

test.each([
  ['no record, from before there were any', (path: string) => rmSync(path), undefined],
  [
    'a record that cannot be read',
    (path: string) => writeFileSync(path, '{"form'),
    /checkpoint\.json cannot/,
  ],
])('%s: the file counts as it is', async (_what, damage, told) => {
  const paths = await twoSaved();
  damage(paths.manifest);
  const found = await findCheckpoint(paths);
  expect(found.bytes).toEqual(Buffer.from(bytesOf(20)));
  if (told === undefined) expect(found.recovered).toBeUndefined();
  else expect(found.recovered).toMatch(told);
  await CheckpointStore.reopen(paths, found, 20);
  expect(await findCheckpoint(paths)).toMatchObject({ recovered: undefined, recorded: true });
});

test('a damaged checkpoint through the command line: told on stderr and in JSON, and the run ends as if it were whole', async () => {
  const cwd = folderWithText();
  const train = ['train', 'char-lm', '--data', 'text.txt', '--checkpoint-every', '10', '--json', ...tiny];
  await hw5([...train, '--out', 'run', '--steps', '25'], { cwd });
  const path = join(cwd, 'run/checkpoint.safetensors');
  const bytes = readFileSync(path);
  bytes[bytes.length - 3]! ^= 1; // one bit of a weight: as a file it is still a good one
  writeFileSync(path, bytes);

  const inspected = await hw5(['inspect', 'run', '--json'], { cwd });
  expect(inspected.stderr).toMatch(/hw5: checkpoint: .*step 25 is lost, step 20 is in checkpoint\.previous/);
  expect(JSON.parse(inspected.stdout)).toMatchObject({
    step: 20,
    recovered: expect.stringContaining('step 25'),
  });

  const resumed = await hw5(['train', 'char-lm', '--resume', 'run', '--steps', '40', '--json'], { cwd });
  expect(resumed.code).toBe(0);
  expect(resumed.stderr).toContain('step 20 is in');
  expect(jsonLines(resumed.stdout)[0]?.step).toBe(21);
  expect(lastLine(resumed)).toMatchObject({ recovered: expect.stringContaining('step 25 is lost') });
  expect(existsSync(join(cwd, 'run/checkpoint.rejected.safetensors'))).toBe(true);
  const whole = await hw5([...train, '--out', 'whole', '--steps', '40'], { cwd });
  expect(lastLine(resumed).hash).toBe(lastLine(whole).hash);
});

test('whoever reads while a run saves gets a whole checkpoint, never older than the last one seen', async () => {
  const paths = runFiles(folder());
  const store = CheckpointStore.create(paths);
  await store.save(bytesOf(0), 0);
  let saving = true;
  const writer = (async () => {
    for (let step = 1; step <= 150; step += 1) await store.save(bytesOf(step), step);
    saving = false;
  })();
  let seen = 0;
  let reads = 0;
  while (saving) {
    const found = await findCheckpoint(paths);
    const step = Number(/^the weights of step (\d+)$/.exec(new TextDecoder().decode(found.bytes))?.[1]);
    expect(step).toBeGreaterThanOrEqual(seen);
    expect(found.newest, found.recovered).toBe(true);
    seen = step;
    reads += 1;
  }
  await writer;
  expect(reads).toBeGreaterThan(10);
});
