/** Models in and out: what is handed over is told apart, receipts are read right, and files go out and come back. */
import 'fake-indexeddb/auto';
import { openSession, type Session } from '@hw5/core';
import { signal } from '@preact/signals';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { RunStore } from '../src/frame/kept-runs/store.js';
import type { Notice } from '../src/frame/notices.js';
import type { PageContext, Proof } from '../src/frame/page.js';
import { modelsCommand } from '../src/pages/models/command.js';
import type { Key } from '../src/pages/models/en.js';
import { changesOf, gateMap } from '../src/pages/models/gates.js';
import { isCheckpoint, readGiven } from '../src/pages/models/given.js';
import { ModelsModel } from '../src/pages/models/model.js';
import { table } from '../src/pages/models/table.js';
import { visible } from '../src/pages/train/gate-rows.js';
import { Settings } from '../src/state/settings.js';

const text = Array.from({ length: 40 }, (_, line) => `line ${line}: the fog and I\n`).join('');
const file = (name: string, content: BlobPart): File => new File([content], name);

describe('what is handed over', () => {
  test.each([
    [[], 'error.nothingDropped'],
    [[file('a.onnx', 'x'), file('b.pt', 'y')], 'error.manyFiles'],
    [[file('a.onnx', '')], 'error.emptyFile'],
    [[file('v.json', new Uint8Array([0xff, 0xfe, 0x00]))], 'error.notText'],
  ])('%# is refused with its sentence', async (files, key) => {
    expect(await readGiven(files)).toMatchObject({ key });
  });

  test('a vocabulary is a list, a table, or a text; a model is anything else', async () => {
    expect(await readGiven([file('v.json', '["b","a"]'), file('m.bin', 'x')])).toMatchObject({
      model: { name: 'm.bin' },
      vocabulary: { tokens: ['b', 'a'] },
    });
    expect(await readGiven([file('v.json', '{"b":1,"a":0}')])).toMatchObject({
      vocabulary: { tokens: ['a', 'b'] },
    });
    expect(await readGiven([file('v.txt', 'hello')])).toMatchObject({
      vocabulary: { tokens: ['e', 'h', 'l', 'o'] },
    });
    await expect(readGiven([file('v.json', '{"a":7}')])).rejects.toMatchObject({ code: 'DATA' });
  });
});

describe('receipts', () => {
  test('gate blocks are joined with their own, whatever the format calls them', () => {
    const pairs = (here: string, file: string): string =>
      gateMap({ here, file })
        .links.map((link) => `${link.here}${link.file}`)
        .join(' ');
    expect(pairs('i, f, g, o', 'i, o, f, c')).toBe('00 12 23 31');
    expect(pairs('r, z, n', 'z, r, h')).toBe('01 10 22');
    expect(pairs('one block', 'one block')).toBe('00');
  });

  test('changes are taken apart; unknown ones stay as they are', () => {
    expect(changesOf('as it is')).toEqual([{ kind: 'asIs' }]);
    expect(changesOf('summed, gates i, f, g, o -> i, f, c, o')).toEqual([
      { kind: 'summed' },
      { kind: 'gates', from: 'i, f, g, o', to: 'i, f, c, o' },
    ]);
    expect(changesOf('something new')).toEqual([{ kind: 'other', text: 'something new' }]);
    expect(['\n', ' ', '\u200c', 'م'].map(visible)).toEqual(['↵', '␣', 'ZWNJ', 'م']);
  });

  test('the command is that of what is there', () => {
    expect(modelsCommand('onnx', 'my model.pt', false)).toBe("npx hw5 import 'my model.pt'");
    expect(modelsCommand('onnx', 'x.safetensors', true)).toBe('npx hw5 export runs/char-lm-0 --to onnx');
  });
});

describe('the page', () => {
  const sessions: Session[] = [];
  let checkpoint: Uint8Array;
  let greedy: string;
  let model: ModelsModel;
  let context: PageContext<typeof table, Key>;
  const open = async (): Promise<Session> => {
    const session = await openSession();
    sessions.push(session);
    return session;
  };
  const notice = signal<Notice<Key> | null>(null);
  const proof = signal<Proof<Key> | null>(null);
  let stores = 0;

  beforeEach(async () => {
    const session = await open();
    await session.createCharLM(text, {
      cell: 'gru',
      hiddenSize: 8,
      embeddingSize: 4,
      batchSize: 2,
      sequenceLength: 8,
    });
    await session.train({ steps: 5 });
    checkpoint = await session.checkpoint();
    greedy = await session.generate({ length: 40, temperature: 0 });
    stores += 1;
    notice.value = null;
    context = {
      settings: new Settings(table),
      notice,
      proof,
      visible: signal(true),
      sessions: {
        open,
        ask: async <T>(work: (session: Session) => Promise<T>) => work(await open()),
      },
    } as unknown as PageContext<typeof table, Key>;
    context.settings.adopt({ temperature: 0, length: 40 });
    model = new ModelsModel(context, new RunStore(`models-${stores}`));
  });
  afterEach(async () => {
    model.dispose();
    await Promise.all(sessions.splice(0).map((session) => session.close()));
  });
  const given = (name: string, bytes: Uint8Array): File => file(name, bytes as Uint8Array<ArrayBuffer>);

  test('a checkpoint comes in, writes as its run did, and goes out to every format', async () => {
    expect(isCheckpoint(checkpoint)).toBe(true);
    await model.take([given('run.safetensors', checkpoint)]);
    expect(model.taken.value).toMatchObject({ kind: 'checkpoint', facts: { task: 'char-lm', step: 5 } });
    await model.try();
    expect(model.text.value).toBe(greedy);
    for (const format of table.format.options) {
      context.settings.set('format', format);
      await model.write();
      expect(model.written.value?.receipt).toMatchObject({ direction: 'export', format });
      expect(model.written.value?.receipt.maxDelta).toBeLessThan(1e-6);
      expect(model.written.value?.receipt.linearBeforeReset).toBe(true);
      expect([...(model.written.value?.files.keys() ?? [])]).toContain('vocabulary.json');
    }
  });

  test.each(['onnx', 'npz', 'keras'] as const)(
    '%s written here is described without a vocabulary, and a model that writes the same with it',
    async (format) => {
      await model.take([given('run.safetensors', checkpoint)]);
      context.settings.set('format', format);
      await model.write();
      const files = model.written.value?.files ?? new Map<string, Uint8Array>();
      const [name = '', bytes = new Uint8Array()] =
        [...files].find(([file]) => file.startsWith('model')) ?? [];
      const vocabulary = files.get('vocabulary.json') ?? new Uint8Array();
      expect(isCheckpoint(bytes)).toBe(false);
      await model.take([given(name, bytes)]);
      expect(model.taken.value?.facts).toBeUndefined();
      expect(model.taken.value?.receipt?.notes.join()).toContain('vocabulary must be given');
      expect(notice.value?.key).toBe('status.described');
      await model.take([given('vocabulary.json', vocabulary)]);
      expect(model.taken.value?.facts?.task).toBe('char-lm');
      expect(model.taken.value?.receipt?.gates?.file).toBe(format === 'npz' ? 'r, z, n' : 'z, r, h');
      await model.try();
      expect(model.text.value).toBe(greedy);
    },
  );

  test('there and back is proved for what comes back', async () => {
    await model.take([given('run.safetensors', checkpoint)]);
    for (const format of ['onnx', 'safetensors', 'pytorch'] as const) {
      context.settings.set('format', format);
      await model.prove();
      expect(proof.value).toMatchObject({ passed: true, key: 'proof.same' });
    }
  });

  test('hostile and wrong files are refused with a sentence, and the model that was there stays', async () => {
    await model.take([given('run.safetensors', checkpoint)]);
    const before = model.taken.value;
    const damaged = checkpoint.slice(0, checkpoint.length - 9);
    const header = new Uint8Array([255, 255, 255, 255, 255, 255, 255, 127, 0x7b, 0x7d]);
    const pickle = new TextEncoder().encode("cos\nsystem\n(S'echo hi'\ntR.");
    for (const bytes of [damaged, header, pickle, new TextEncoder().encode('PK\u0003\u0004nonsense')]) {
      notice.value = null;
      await model.take([given('bad.pt', bytes)]);
      expect(notice.value).toMatchObject({ tone: 'error', key: 'status.refused' });
      expect((notice.value as Notice<Key> | null)?.technical).toMatch(/must/);
      expect(model.taken.value).toBe(before);
    }
    await model.take([file('wrong.json', '["a"]')]);
    expect(notice.value).toMatchObject({ tone: 'error' });
    await model.try();
    expect(model.text.value).toBe(greedy);
  });

  test('a worker that dies is replaced when the model is read again', async () => {
    await model.take([given('run.safetensors', checkpoint)]);
    await sessions.at(-1)?.close();
    await model.try();
    expect(notice.value).toMatchObject({ key: 'status.lost', action: { key: 'action.again' } });
    notice.value?.action?.act();
    await vi.waitUntil(() => model.taken.value !== null);
    await model.try();
    expect(model.text.value).toBe(greedy);
  });
});
