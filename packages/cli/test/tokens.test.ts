/** A language model on the pieces of a Hugging Face tokenizer.json, from the command line. */
import { copyFileSync, existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { folder, folderWithText, hw5, lastLine, tiny } from './cli.js';

const fixture = (name: string): string =>
  fileURLToPath(new URL(`../../../fixtures/tokenizer/${name}`, import.meta.url));

/** A folder with a text and a tokenizer.json, whose config lies beside it. */
function folderWithTokenizer(): string {
  const cwd = folderWithText();
  for (const name of ['tokenizer.json', 'tokenizer_config.json'])
    copyFileSync(fixture(name), join(cwd, name));
  return cwd;
}

const train = ['train', 'char-lm', '--data', 'text.txt', '--tokens', 'tokenizer.json', '--json', ...tiny];

test('pieces are learned; resuming equals never having stopped, without the files', async () => {
  const cwd = folderWithTokenizer();
  await hw5([...train, '--steps', '7', '--out', 'a'], { cwd });
  const whole = await hw5([...train, '--steps', '15', '--out', 'b'], { cwd });
  // The checkpoint holds the tokenizer.
  writeFileSync(join(cwd, 'tokenizer.json'), '{}');
  const resumed = await hw5(['train', 'char-lm', '--resume', 'a', '--steps', '15', '--json'], { cwd });
  expect(lastLine(whole)).toMatchObject({ done: true, step: 15 });
  expect(lastLine(resumed)).toMatchObject({ hash: lastLine(whole).hash, valLoss: lastLine(whole).valLoss });

  const prompt = 'سلام a b';
  const generate = ['generate', 'a', '--prompt', prompt, '--seed', '3', '--length', '30', '--json'];
  const [first, second] = [await hw5(generate, { cwd }), await hw5(generate, { cwd })];
  expect(first.code).toBe(0);
  expect(second.stdout).toBe(first.stdout);
  const { text } = JSON.parse(first.stdout) as { text: string };
  expect(text.length).toBeGreaterThan(0);
  const streamed = await hw5(['generate', 'a', '--prompt', prompt, '--seed', '3', '--length', '30'], { cwd });
  expect(streamed.stdout).toContain(text);

  const evaluated = await hw5(['evaluate', 'a', '--json'], { cwd });
  expect(JSON.parse(evaluated.stdout)).toMatchObject({ loss: lastLine(whole).valLoss });
  const inspected = await hw5(['inspect', 'a', '--json'], { cwd });
  const { vocabulary } = JSON.parse(inspected.stdout) as { vocabulary: string[] };
  expect(vocabulary).toHaveLength(320);
  expect(vocabulary.slice(0, 4)).toEqual(['<pad>', '<unk>', '<s>', '</s>']);
});

test('a resumed run keeps its tokens', async () => {
  const cwd = folderWithTokenizer();
  await hw5([...train, '--steps', '3', '--out', 'a'], { cwd });
  const refused = await hw5(['train', 'char-lm', '--resume', 'a', '--steps', '6', '--tokens', 'char'], {
    cwd,
  });
  expect(refused.code).toBe(1);
  expect(refused.stderr).toContain('--tokens must stay hugging-face');
});

test('without its library a tokenizer.json is refused with what to install', async () => {
  const cwd = folderWithTokenizer();
  const preload = `--import ${new URL('./no-tokenizers.mjs', import.meta.url).href}`;
  const refused = await hw5([...train, '--steps', '3', '--out', 'a'], {
    cwd,
    env: { NODE_OPTIONS: preload },
  });
  expect(refused.code).toBe(1);
  expect(refused.stderr + refused.stdout).toContain(
    '@huggingface/tokenizers must be installed (npm install @huggingface/tokenizers)',
  );
  expect(existsSync(join(cwd, 'a'))).toBe(false);
});

test.each([
  ['{', 'must hold a JSON object'],
  ['{}', 'must be one that @huggingface/tokenizers can load'],
])('a file that is no tokenizer is refused: %s', async (content, message) => {
  const cwd = folder();
  writeFileSync(join(cwd, 'text.txt'), 'some text to learn from, again and again and again\n');
  writeFileSync(join(cwd, 'tokenizer.json'), content);
  const refused = await hw5([...train, '--steps', '3', '--out', 'a'], { cwd });
  expect(refused.code).toBe(1);
  expect(refused.stderr + refused.stdout).toContain(message);
  expect(existsSync(join(cwd, 'a'))).toBe(false);
});
