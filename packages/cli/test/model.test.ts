import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { folderWithText, hw5, lastLine, start, tiny } from './cli.js';

/** A folder with a trained run in `run`, and its last line. */
async function trained(...options: string[]) {
  const cwd = folderWithText();
  const command = [
    'train',
    'char-lm',
    '--data',
    'text.txt',
    '--out',
    'run',
    '--steps',
    '30',
    '--eval-every',
    '10',
    '--json',
  ];
  return { cwd, last: lastLine(await hw5([...command, ...tiny, ...options], { cwd })) };
}

test('generate: same seed, same text; another seed, another text; greedy needs no seed', async () => {
  const { cwd, last } = await trained();
  const write = async (...options: string[]) => {
    const { code, stdout } = await hw5(['generate', 'run', '--length', '80', ...options], { cwd });
    expect(code).toBe(0);
    return stdout;
  };
  const first = await write('--seed', '7');
  expect([...first]).toHaveLength(81); // 80 characters and the newline at the end
  expect(await write('--seed', '7')).toBe(first);
  expect(await write('--seed', '8')).not.toBe(first);
  expect(await write('--temperature', '0', '--seed', '1')).toBe(
    await write('--temperature', '0', '--seed', '2'),
  );
  expect(await write('--top-k', '1', '--temperature', '1')).toBe(await write('--temperature', '0'));
  const prompted = await write('--prompt', 'line', '--seed', '7');
  expect(prompted.startsWith('line')).toBe(true);
  expect([...prompted]).toHaveLength(4 + 81);

  const json = JSON.parse(await write('--prompt', 'line', '--seed', '7', '--json'));
  expect(json).toMatchObject({ prompt: 'line', seed: 7, length: 80, topK: 0, topP: 1, hash: last.hash });
  expect(`line${json.text}\n`).toBe(prompted);
  // A checkpoint file alone is enough.
  const file = await hw5(['generate', 'run/checkpoint.safetensors', '--length', '80', '--seed', '7'], {
    cwd,
  });
  expect(file.stdout).toBe(first);
});

test('generate: a prompt with an unknown character is refused', async () => {
  const { cwd } = await trained();
  const refused = await hw5(['generate', 'run', '--prompt', 'Ω', '--json'], { cwd });
  expect(refused.code).toBe(1);
  expect(lastLine(refused).error).toMatchObject({ code: 'DATA', message: expect.stringContaining('Ω') });
});

test('generate: a closed stdout ends it quietly, SIGINT ends it with 130', async () => {
  const { cwd } = await trained();
  const closed = start(['generate', 'run', '--length', '100000000'], { cwd });
  await closed.until(/.{20}/s);
  closed.child.stdout.destroy();
  expect(await closed.finished).toMatchObject({ code: 0, stderr: '' });
  const interrupted = start(['generate', 'run', '--length', '100000000'], { cwd });
  await interrupted.until(/.{20}/s);
  interrupted.child.kill('SIGINT');
  expect(await interrupted.finished).toMatchObject({ code: 130, stderr: '' });
});

test('evaluate: without --data, the validation loss of the run; with it, the loss on that text', async () => {
  const { cwd, last } = await trained();
  const own = await hw5(['evaluate', 'run', '--json'], { cwd });
  const result = JSON.parse(own.stdout);
  expect(result.loss).toBe(last.valLoss);
  expect(result.perplexity).toBeCloseTo(Math.exp(result.loss), 10);
  expect(result.bitsPerCharacter).toBeCloseTo(result.loss / Math.LN2, 10);
  const other = await hw5(['evaluate', 'run', '--data', 'text.txt'], { cwd });
  expect(other.code).toBe(0);
  expect(other.stdout).toMatch(/loss +\d\.\d{4} nats per character/);
  writeFileSync(join(cwd, 'foreign.txt'), 'ΩΩΩΩΩΩΩΩΩΩΩΩΩΩΩΩΩΩΩΩΩΩΩΩ');
  const foreign = await hw5(['evaluate', 'run', '--data', 'foreign.txt', '--json'], { cwd });
  expect(foreign.code).toBe(1);
  expect(lastLine(foreign).error?.message).toContain('Ω');
});

test('inspect: configuration, steps, parameters, vocabulary, hash, losses', async () => {
  const { cwd, last } = await trained();
  const json = JSON.parse((await hw5(['inspect', 'run', '--json'], { cwd })).stdout);
  expect(json).toMatchObject({ step: 30, goal: 30, hash: last.hash, loss: last.loss, valLoss: last.valLoss });
  expect(json.config).toMatchObject({ hiddenSize: 8, embeddingSize: 4, numLayers: 2, dropout: 0.2 });
  expect(json.vocabulary).toHaveLength(json.vocabularySize);
  expect(json.parameters).toBeGreaterThan(1000);
  const text = await hw5(['inspect', 'run'], { cwd });
  for (const part of [
    'step       30 of 30',
    'LSTM, 2 layers, hidden 8',
    last.hash!,
    'loss, nats per character',
  ]) {
    expect(text.stdout).toContain(part);
  }
});

test('an f64 run is read as f64 by every command', async () => {
  const { cwd, last } = await trained('--precision', 'f64');
  const file = 'run/checkpoint.safetensors';
  const json = JSON.parse((await hw5(['inspect', file, '--json'], { cwd })).stdout);
  expect(json.hash).toBe(last.hash);
  expect((await hw5(['generate', 'run', '--length', '5'], { cwd })).code).toBe(0);
  expect(JSON.parse((await hw5(['evaluate', 'run', '--json'], { cwd })).stdout).loss).toBe(last.valLoss);
});
