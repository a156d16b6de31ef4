import { readFileSync, writeFileSync } from 'node:fs';
import * as node from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { CliError } from '../src/errors.js';
import { type FileHandle, type FileSystem, replaceFile } from '../src/run/durable.js';
import { folder } from './cli.js';

const before = new TextEncoder().encode('the checkpoint of step 100');
const after = new TextEncoder().encode('the checkpoint of step 200, a little longer');

/** The real file system, except that operation number `failing` fails with `code`, after `partial` bytes if it is a write. */
function faulty(
  failing: number,
  code: string,
  chunk = Number.POSITIVE_INFINITY,
): FileSystem & { operations: string[] } {
  const operations: string[] = [];
  const step = async <T>(name: string, work: () => Promise<T>): Promise<T> => {
    operations.push(name);
    if (operations.length === failing) throw Object.assign(new Error(`injected ${code}`), { code });
    return work();
  };
  return {
    operations,
    open: (path, flags) =>
      step(`open ${flags}`, async () => {
        const handle = await node.open(path, flags);
        const wrapped: FileHandle = {
          write: (bytes, offset, length) =>
            step('write', () => handle.write(bytes, offset, Math.min(length, chunk))),
          sync: () => step('sync', () => handle.sync()),
          // A close that reports an error has closed: the handle must not leak in the test either.
          close: () => handle.close().then(() => step('close', async () => {})),
        };
        return wrapped;
      }),
    readFile: (path) => step('readFile', () => node.readFile(path)),
    rename: (from, to) => step('rename', () => node.rename(from, to)),
    link: (from, to) => step('link', () => node.link(from, to)),
    unlink: (path) => node.unlink(path),
  };
}

test('writes beside, syncs, renames, syncs the folder: in this order', async () => {
  const path = join(folder(), 'checkpoint');
  writeFileSync(path, before);
  const files = faulty(0, '');
  await replaceFile('checkpoint', path, after, files);
  expect(files.operations).toEqual(['open w', 'write', 'sync', 'close', 'rename', 'open r', 'sync', 'close']);
  expect(readFileSync(path)).toEqual(Buffer.from(after));
});

test.each(['EIO', 'ENOSPC', 'EROFS', 'EACCES'])(
  '%s at every operation leaves the old file or all of the new one',
  async (code) => {
    const cwd = folder();
    const path = join(cwd, 'checkpoint');
    const chunk = 10; // short writes: five of them
    const healthy = faulty(0, '', chunk);
    await replaceFile('checkpoint', path, after, healthy);
    expect(healthy.operations.filter((name) => name === 'write')).toHaveLength(5);
    for (let k = 1; k <= healthy.operations.length; k++) {
      writeFileSync(path, before);
      const failure = await replaceFile('checkpoint', path, after, faulty(k, code, chunk)).catch(
        (error: unknown) => error,
      );
      expect(failure).toBeInstanceOf(CliError);
      expect(failure).toMatchObject({ code: 'FILE' });
      expect((failure as CliError).message).toContain(path);
      const renamed = k > healthy.operations.indexOf('rename') + 1;
      expect(readFileSync(path)).toEqual(Buffer.from(renamed ? after : before));
      expect(await node.readdir(cwd)).toEqual(['checkpoint']);
      // The next attempt, with the fault gone, succeeds.
      await replaceFile('checkpoint', path, after);
      expect(readFileSync(path)).toEqual(Buffer.from(after));
    }
  },
);

test('a crash (nothing after the k-th operation happens) leaves a readable file, and the next save works', async () => {
  const cwd = folder();
  const path = join(cwd, 'checkpoint');
  for (let k = 1; k <= 8; k++) {
    writeFileSync(path, before);
    const files = faulty(k, 'EIO');
    // A crash also means that nobody tidies up.
    await replaceFile('checkpoint', path, after, { ...files, unlink: async () => {} }).catch(() => {});
    const content = readFileSync(path);
    expect([Buffer.from(before), Buffer.from(after)]).toContainEqual(content);
    await replaceFile('checkpoint', path, after);
    expect(await node.readdir(cwd)).toEqual(['checkpoint']);
    expect(readFileSync(path)).toEqual(Buffer.from(after));
  }
});

test('a disk that takes no bytes and reports no error counts as full', async () => {
  const path = join(folder(), 'checkpoint');
  writeFileSync(path, before);
  await expect(replaceFile('checkpoint', path, after, faulty(0, '', 0))).rejects.toThrow('got a full disk');
  expect(readFileSync(path)).toEqual(Buffer.from(before));
});
