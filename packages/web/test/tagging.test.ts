/** The page about tagging: its logic, and its two runs with real sessions in Node threads. */
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { openSession, type Prediction } from '@hw5/core';
import { describe, expect, test, vi } from 'vitest';
import { examplesCommand } from '../src/examples/command.js';
import { generated } from '../src/examples/source.js';
import { apart, confidences, mostApart } from '../src/pages/tagging/places.js';
import { type Reader, requestOf, samples, table, type Values } from '../src/pages/tagging/table.js';
import { initialValues } from '../src/state/table.js';

const bin = fileURLToPath(new URL('../../cli/dist/main.js', import.meta.url));

vi.setConfig({ testTimeout: 60_000 });

const said = (...rows: readonly (readonly [number, number])[]): Prediction => ({
  input: '',
  output: '',
  tagProbabilities: rows.map(([a, b]) => [
    ['A', a],
    ['B', b],
  ]),
});

describe('places', () => {
  test('how sure, how far apart, and where most', () => {
    const one = said([0.5, 0.5], [0.9, 0.1], [0.2, 0.8]);
    const both = said([0.5, 0.5], [0.1, 0.9], [0.3, 0.7]);
    expect(confidences(one)).toEqual([0.5, 0.9, 0.8]);
    expect(apart(one.tagProbabilities![1]!, both.tagProbabilities![1]!)).toBeCloseTo(0.8);
    expect(
      apart(
        [
          ['A', 1],
          ['B', 0],
        ],
        [
          ['A', 0],
          ['B', 1],
        ],
      ),
    ).toBe(1);
    expect(mostApart(one, both)).toBe(1);
    expect(mostApart(said(), said())).toBe(0);
  });

  test('every task has sentences to ask about', () => {
    for (const task of table.task.options) expect(samples[task].length).toBeGreaterThan(0);
  });
});

describe('two readers from the same seed', () => {
  const values: Values = {
    ...initialValues(table),
    examples: 1000,
    hidden: 16,
    learningRate: 0.02,
    steps: 120,
    evaluateEvery: 0,
  };
  const read = async (reader: Reader) => {
    const session = await openSession();
    try {
      await session.createRun(requestOf(reader, values, generated));
      const { hash, valMetrics } = await session.train({ steps: values.steps });
      const [book, her] = await session.predict(['she saw her book .', 'she saw her .']);
      return { hash, sentences: valMetrics!.sentences!, book: book!, her: her! };
    } finally {
      await session.close();
    }
  };

  test('the one cannot tell “her” from “her”, the other can; its hash is the terminal’s', async () => {
    const [one, both] = [await read('one'), await read('both')];
    expect(both.book.tags![2]).toBe('DET');
    expect(both.her.tags![2]).toBe('PRON');
    // Up to «her» the sentences are the same: what is said there must be, too.
    expect(one.book.tagProbabilities![2]).toEqual(one.her.tagProbabilities![2]);
    expect(both.sentences).toBeGreaterThan(one.sentences);
    expect(mostApart(one.her, both.her)).toBe(2);

    const folder = await mkdtemp(join(tmpdir(), 'hw5-tagging-'));
    try {
      const command = `${examplesCommand('tag', table, values, generated)} --bidirectional`;
      const args = [...command.split(' ').slice(2), '--json', '--out', join(folder, 'run')];
      const { stdout } = await promisify(execFile)(process.execPath, [bin, ...args], { cwd: folder });
      expect((JSON.parse(stdout.trim().split('\n').at(-1)!) as { hash: string }).hash).toBe(both.hash);
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
