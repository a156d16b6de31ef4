/** `hw5 export` and `hw5 import` as a user runs them. */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { folderWithText, hw5, lastLine, tiny } from './cli.js';

async function trained() {
  const cwd = folderWithText();
  const options = '--data text.txt --out run --steps 10 --json'.split(' ');
  const last = lastLine(await hw5(['train', 'char-lm', ...options, ...tiny], { cwd }));
  const run = async (...args: string[]) => {
    const { code, stdout, stderr } = await hw5(args, { cwd });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    return stdout;
  };
  return { cwd, last, run };
}

test('a model leaves as ONNX and comes back as the same run: generates, is evaluated, is trained on', async () => {
  const { cwd, last, run } = await trained();
  const exported = JSON.parse(await run('export', 'run', '--to', 'onnx', '--out', 'out', '--json'));
  expect(exported.receipt).toMatchObject({ maxDelta: 0, gates: { here: 'i, f, g, o', file: 'i, o, f, c' } });
  expect(exported.receipt.outputs.maxDelta).toBeLessThan(1e-6);
  expect(readdirSync(join(cwd, 'out')).sort()).toEqual(['model.onnx', 'vocabulary.json']);
  const settings = '--vocab out/vocabulary.json --data text.txt --batch 2 --seq 8 --out back --json'.split(
    ' ',
  );
  const back = JSON.parse(await run('import', 'out/model.onnx', ...settings));
  expect(back).toMatchObject({ run: 'back', hash: last.hash });
  expect(await run('generate', 'back', '--length', '40')).toBe(
    await run('generate', 'run', '--length', '40'),
  );
  expect(await run('evaluate', 'back', '--data', 'text.txt')).toBe(
    await run('evaluate', 'run', '--data', 'text.txt'),
  );
  await run('train', 'char-lm', '--resume', 'back', '--steps', '3', '--quiet');
  expect(JSON.parse(await run('inspect', 'back', '--json'))).toMatchObject({ step: 3 });
});

test('the receipt for people; a file name as --out; nothing is written over without --force', async () => {
  const { cwd, run } = await trained();
  const text = await run('export', 'run', '--to', 'safetensors', '--out', 'my.safetensors');
  for (const part of [
    'embedding.weight',
    'lstm.weight_ih_l1',
    'gates      i, f, g, o here',
    'max |Δ|    0',
  ]) {
    expect(text).toContain(part);
  }
  expect(existsSync(join(cwd, 'my.vocabulary.json'))).toBe(true);
  const before = readFileSync(join(cwd, 'my.safetensors'));
  const again = await hw5(['export', 'run', '--to', 'safetensors', '--out', 'my.safetensors', '--json'], {
    cwd,
  });
  expect(again.code).toBe(1);
  expect(lastLine(again).error).toMatchObject({ code: 'FILE', hint: expect.stringContaining('--force') });
  expect(readFileSync(join(cwd, 'my.safetensors'))).toEqual(before);
  await run('export', 'run', '--to', 'safetensors', '--out', 'my.safetensors', '--force');
  // The file says its vocabulary itself; without a text the run writes, but does not learn.
  expect(await run('import', 'my.safetensors', '--out', 'alone')).toContain('generate alone');
  const evaluated = await hw5(['evaluate', 'alone', '--json'], { cwd });
  expect(lastLine(evaluated).error?.message).toMatch(
    /must have a text of its own, got weights of my.safetensors/,
  );
  expect((await hw5(['import', 'my.safetensors', '--out', 'alone', '--json'], { cwd })).code).toBe(1);
});

test('weights that are no language model are described, and no run is made', async () => {
  const { cwd, run } = await trained();
  const options =
    '--task part-of-speech --examples 40 --epochs 1 --hidden 4 --embed 3 --out tags --quiet'.split(' ');
  await run('train', 'tag', ...options);
  await run('export', 'tags', '--to', 'npz', '--out', 'tags.npz');
  expect(await run('import', 'tags.npz')).toMatch(/no run was made: the layers must read forward alone/);
  const refused = await hw5(['import', 'tags.npz', '--out', 'none', '--json'], { cwd });
  expect(refused.code).toBe(1);
  expect(existsSync(join(cwd, 'none'))).toBe(false);
});

test('--vocab is a list, a table or a text; anything else is refused', async () => {
  const { cwd, run } = await trained();
  await run('export', 'run', '--to', 'npz', '--out', 'm.npz');
  const list = JSON.parse(readFileSync(join(cwd, 'm.vocabulary.json'), 'utf8')) as string[];
  writeFileSync(join(cwd, 'table.json'), JSON.stringify(Object.fromEntries(list.map((c, id) => [c, id]))));
  const hashes = new Set<string>();
  for (const vocab of ['table.json', 'text.txt']) {
    hashes.add(JSON.parse(await run('import', 'm.npz', '--vocab', vocab, '--json')).hash);
  }
  expect(hashes.size).toBe(1);
  for (const [content, message] of [
    ['[1, 2]', /a list of other things/],
    ['{"a": 1, "b": 3}', /other ids/],
    ['{', /no JSON/],
    ['["a"]', /must have the \d+ tokens of the model, got 1/],
  ] as const) {
    writeFileSync(join(cwd, 'bad.json'), content);
    const refused = await hw5(['import', 'm.npz', '--vocab', 'bad.json', '--json'], { cwd });
    expect(refused.code).toBe(1);
    expect(lastLine(refused).error?.message).toMatch(message);
  }
});
