/** The page about sentiment: its logic, and its run with a real session in a Node thread. */
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { openSession, type Session } from '@hw5/core';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { examplesCommand } from '../src/examples/command.js';
import { readingDirection } from '../src/examples/direction.js';
import { generated, tableSource } from '../src/examples/source.js';
import { lookAt, scoredLabel } from '../src/pages/sentiment/ask.js';
import { pairs, requestOf, samples, table, type Values } from '../src/pages/sentiment/table.js';
import { dropped, moved, negated, sentenceOf } from '../src/pages/sentiment/words.js';
import { initialValues } from '../src/state/table.js';

const bin = fileURLToPath(new URL('../../cli/dist/main.js', import.meta.url));

vi.setConfig({ testTimeout: 60_000 });

describe('words', () => {
  const words = ['the', 'film', 'was', 'good', ',', 'but'];

  test('are a sentence again, with signs where they belong', () => {
    expect(sentenceOf(words)).toBe('the film was good, but');
    expect(sentenceOf(['غذا', 'خوب', 'بود', '،', 'اما'])).toBe('غذا خوب بود، اما');
  });

  test('move within the sentence, and not out of it', () => {
    expect(moved(words, 1, 1)).toEqual(['the', 'was', 'film', 'good', ',', 'but']);
    expect(moved(words, 0, -1)).toBe(words);
    expect(moved(words, 5, 1)).toBe(words);
    expect(moved(words, 9, -1)).toBe(words);
  });

  test('are dropped down to one', () => {
    expect(dropped(words, 1)).toEqual(['the', 'was', 'good', ',', 'but']);
    expect(dropped(['good'], 0)).toEqual(['good']);
  });

  test('are negated, and twice is never', () => {
    const denied = negated(words, 2)!;
    expect(denied.join(' ')).toBe('the film was not good , but');
    expect(negated(denied, 2)).toEqual(words);
    expect(negated(denied, 3)).toEqual(words);
    expect(negated(['فیلم', 'خوب', 'بود'], 2)).toEqual(['فیلم', 'خوب', 'نبود']);
    expect(negated(['فیلم', 'خوب', 'نبود'], 2)).toEqual(['فیلم', 'خوب', 'بود']);
    expect(negated(words, 1)).toBeUndefined();
  });

  test('are read from the side of their script', () => {
    expect(readingDirection('the film')).toBe('ltr');
    expect(readingDirection('«فیلم» the')).toBe('rtl');
    expect(readingDirection('1, 2 .')).toBe('ltr');
  });

  test('the score is of praise where there is such a class', () => {
    expect(scoredLabel(['negative', 'positive'])).toBe('positive');
    expect(scoredLabel(['spam', 'ham'])).toBe('spam');
  });
});

describe('a run', () => {
  let session: Session;
  const folders: string[] = [];
  afterEach(async () => {
    await session.close();
    await Promise.all(folders.splice(0).map((folder) => rm(folder, { recursive: true })));
  });
  const small: Values = {
    ...initialValues(table),
    examples: 1200,
    hidden: 16,
    embed: 12,
    learningRate: 0.02,
    steps: 150,
    evaluateEvery: 0,
  };

  test('ends with the hash that its command gives in the terminal, and judges the pairs by the rule', async () => {
    session = await openSession();
    await session.createRun(requestOf(small, generated));
    const { hash, valMetrics } = await session.train({ steps: 150 });
    expect(valMetrics!.accuracy).toBeGreaterThan(0.9);
    const command = examplesCommand('classify', table, small, generated);
    const folder = await mkdtemp(join(tmpdir(), 'hw5-sentiment-'));
    folders.push(folder);
    const args = [...command.split(' ').slice(2), '--json', '--out', join(folder, 'run')];
    const { stdout } = await promisify(execFile)(process.execPath, [bin, ...args], { cwd: folder });
    expect((JSON.parse(stdout.trim().split('\n').at(-1)!) as { hash: string }).hash).toBe(hash);

    const look = await lookAt(session, samples[0], 'attention', pairs);
    expect(look.tokens.join(' ')).toBe('the film was not bad , but the ending was slow');
    expect(look.prefixes).toHaveLength(look.tokens.length);
    expect(look.prefixes.at(-1)).toBeCloseTo(look.score, 6);
    expect(look.weights!.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 5);
    expect(look.contributions).toHaveLength(look.tokens.length);
    const [shorter] = await session.predict([look.tokens.slice(1).join(' ')]);
    const without = shorter!.probabilities!.find(([label]) => label === 'positive')![1];
    expect(look.occlusion[0]).toBeCloseTo(look.score - without, 6);
    const judged = pairs.flatMap((pair, n) =>
      pair.sentences.map(([, label], at) => (look.pairs[n]![at]! >= 0.5 ? 'positive' : 'negative') === label),
    );
    expect(judged.filter(Boolean).length).toBeGreaterThan(judged.length * 0.7);
  });

  test('has no pool weights without attention pooling, and takes classes of somebody’s own', async () => {
    session = await openSession();
    const rows = Array.from({ length: 20 }, (_, n) => (n % 2 === 0 ? 'win money,spam' : 'see you,ham'));
    const own = tableSource('mail.csv', ['text,label', ...rows].join('\n'));
    await session.createRun(requestOf({ ...small, pooling: 'mean' }, own));
    const look = await lookAt(session, 'win you', 'mean', []);
    expect(look).toMatchObject({ labels: ['ham', 'spam'], label: 'ham', weights: undefined, pairs: [] });
    expect(look.occlusion).toHaveLength(2);
    expect((await lookAt(session, 'win', 'mean', [])).occlusion).toEqual([]);
  });
});
