/** The page about sequences to sequences: its logic, and its run with a real session in a Node thread. */
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { type AnswerNode, openSession, type Session, type TextAnswer, type TextAnswers } from '@hw5/core';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { examplesCommand } from '../src/examples/command.js';
import { ExamplesLab } from '../src/examples/lab.js';
import { generated, tableSource } from '../src/examples/source.js';
import type { Notice } from '../src/frame/notices.js';
import { answerThrough, pathTo, ranks, sharedPrefix } from '../src/pages/seq2seq/beams.js';
import { formatEdits, parseEdits, partsAt, possible, withEdit } from '../src/pages/seq2seq/edits.js';
import { requestOf, samples, table, type Values } from '../src/pages/seq2seq/table.js';
import { focusOf, sharpness, visible, worthOf } from '../src/pages/seq2seq/tokens.js';
import { initialValues } from '../src/state/table.js';

const bin = fileURLToPath(new URL('../../cli/dist/main.js', import.meta.url));

// Validations decode 500 examples.
vi.setConfig({ testTimeout: 60_000 });

const small: Values = {
  ...initialValues(table),
  task: 'reverse',
  examples: 200,
  hidden: 12,
  embed: 8,
  batch: 16,
  steps: 30,
  evaluateEvery: 15,
  lookEvery: 5,
};

describe('pure parts', () => {
  test('signs for what cannot be seen', () => {
    expect(['a', ' ', '\u200c', '<eos>', '<unk>', '<'].map(visible)).toEqual(['a', '␣', '⁞', '∎', '�', '<']);
  });

  test('where it looks, how sharply, and what a guess is worth', () => {
    const answer = {
      alignment: [
        [0.1, 0.7, 0.2],
        [0.5, 0.25, 0.25],
      ],
    } as unknown as TextAnswer;
    expect(focusOf(answer)).toEqual([1, 0]);
    expect(sharpness(answer)).toBeCloseTo(0.6);
    expect(worthOf([0.1, 0.7, 0.2], 1)).toBe(1);
    expect(worthOf([0.1, 0.7, 0.2], 0)).toBeCloseTo(1 / 7);
    expect(worthOf([0.1, 0.7, 0.2], 9)).toBe(0);
  });

  test('a branch of the beam begins where no answer above it goes along', () => {
    const rows = ['abcd', 'abxy', 'abxz', 'q'].map((text) => [...text]);
    expect(rows.map((_, n) => sharedPrefix(rows, n))).toEqual([0, 2, 3, 0]);
  });

  test('the tree of a search: ways to a node, the best answer through it, its rank among its step', () => {
    const node = (parent: number, depth: number, logProbability: number): AnswerNode => {
      return { parent, depth, token: 'x', probability: 1, logProbability, fate: 'kept' };
    };
    const tree = [node(-1, 0, -1), node(-1, 0, -0.5), node(0, 1, -3), node(1, 1, -2), node(1, 1, -2)];
    const answers = [{ node: 3 }, { node: 2 }] as unknown as TextAnswer[];
    expect(pathTo(tree, 3)).toEqual([1, 3]);
    expect(pathTo(tree, -1)).toEqual([]);
    expect([0, 1, 2, 3, 4].map((each) => answerThrough(answers, tree, each))).toEqual([1, 0, 1, 0, -1]);
    expect(ranks(tree)).toEqual([1, 0, 2, 0, 1]);
  });

  test('edits of attention rows come through the address and back; anything else is refused', () => {
    const text = '3:place:5 4:power:0.5 12:argmax';
    const edits = [
      { step: 2, kind: 'place', place: 4 },
      { step: 3, kind: 'power', factor: 0.5 },
      { step: 11, kind: 'argmax' },
    ] as const;
    expect(parseEdits(text)).toEqual(edits);
    expect(formatEdits(edits)).toBe(text);
    expect(parseEdits(' ۴:power:۲  ۳:place:۱ ')).toEqual([
      { step: 2, kind: 'place', place: 0 },
      { step: 3, kind: 'power', factor: 2 },
    ]);
    expect(parseEdits('')).toEqual([]);
    for (const bad of [
      '0:argmax',
      '3',
      '3:place',
      '3:place:0',
      '3:place:x',
      '3:power:0',
      '3:power:99',
      '3:power:1e9',
      '3:power:NaN',
      '3:argmax:1',
      '3:place:1:2',
      '3:blur:1',
      '-1:argmax',
      '3:argmax 3:place:1',
      '<b>:argmax',
      '99999:argmax',
      Array.from({ length: 41 }, (_, n) => `${n + 1}:argmax`).join(' '),
    ]) {
      expect(parseEdits(bad), bad).toBeUndefined();
    }
  });

  test('a row has one edit, a power of 1 takes it away, and only rows that there are can have one', () => {
    const first = withEdit([], { step: 4, kind: 'argmax' });
    const both = withEdit(first, { step: 1, kind: 'place', place: 9 });
    expect(both.map(({ step }) => step)).toEqual([1, 4]);
    expect(withEdit(both, { step: 4, kind: 'power', factor: 2 })).toHaveLength(2);
    expect(withEdit(both, { step: 4, kind: 'power', factor: 1 }).map(({ step }) => step)).toEqual([1]);
    const answer = { steps: [{ token: 'a' }, { token: 'b' }] } as unknown as TextAnswer;
    expect(possible(both, answer, 20).map(({ step }) => step)).toEqual([1]);
    expect(possible(both, answer, 9)).toEqual([]);
    const other = { steps: [{ token: 'a' }, { token: 'c' }, { token: 'd' }] } as unknown as TextAnswer;
    expect([partsAt(answer, other), partsAt(answer, answer)]).toEqual([1, 2]);
  });

  test('every task has an example to ask about', () => {
    for (const task of table.task.options) expect(samples[task].length).toBeGreaterThan(0);
  });
});

describe('a run', () => {
  const sessions: Session[] = [];
  const folders: string[] = [];
  afterEach(async () => {
    await Promise.all(sessions.splice(0).map((session) => session.close()));
    await Promise.all(folders.splice(0).map((folder) => rm(folder, { recursive: true })));
  });
  const notices: (Notice | null)[] = [];
  const open = (values: Values, text = 'abcde') => {
    const lab = new ExamplesLab<Values, TextAnswers>({
      open: async () => {
        const session = await openSession();
        sessions.push(session);
        return session;
      },
      settings: () => values,
      adopt: () => undefined,
      tell: (notice) => void notices.push(notice),
      request: requestOf,
      look: (session) => session.answers(text, { width: 2 }),
      question: () => text,
      page: 'seq2seq',
      said: ({ answers }) => answers[0]?.output ?? '',
    });
    return lab;
  };

  test('ends with the hash that its command gives in the terminal', async () => {
    const lab = open(small);
    await lab.play();
    const command = examplesCommand('seq2seq', table, small, generated);
    expect(command).toBe(
      'npx hw5 train seq2seq --task reverse --attention additive --bidirectional --examples 200 --cell gru --hidden 12 ' +
        '--embed 8 --batch 16 --lr 0.005 --clip 1 --steps 30 --eval-every 15 --seed 0',
    );
    const folder = await mkdtemp(join(tmpdir(), 'hw5-seq2seq-'));
    folders.push(folder);
    const args = [...command.split(' ').slice(2), '--json', '--out', join(folder, 'run')];
    const { stdout } = await promisify(execFile)(process.execPath, [bin, ...args], { cwd: folder });
    const last = JSON.parse(stdout.trim().split('\n').at(-1)!) as { hash: string };
    expect(last.hash).toMatch(/^[0-9a-f]{16}$/);
    expect(lab.hash.value).toBe(last.hash);
  });

  test('is looked at while it trains; looks change nothing, and the last one is exact', async () => {
    const watched = open(small);
    await watched.play();
    expect(watched.looks.value[0]).toMatchObject({ step: 0, exact: true });
    expect(watched.looks.value.at(-1)).toMatchObject({ step: 30, exact: true });
    for (const { seen } of watched.looks.value) {
      for (const row of seen.answers[0]!.alignment) {
        expect(row.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 5);
      }
    }
    const steps = watched.history.counted.map(({ step }) => step);
    expect(steps).toEqual([15, 30]);
    expect(watched.history.counted[0]!.metrics.exactMatch).toBeGreaterThanOrEqual(0);
    const alone = open({ ...small, lookEvery: 0 });
    await alone.play();
    expect(alone.hash.value).toBe(watched.hash.value);
  });

  test('goes on from its last checkpoint when the worker dies, with the looks up to it', async () => {
    const lab = open(small);
    await lab.play();
    const { hash } = lab;
    const before = hash.value;
    await sessions[0]!.close();
    await lab.look();
    expect(lab.phase.value).toBe('lost');
    await lab.recover();
    expect(lab.step.value).toBe(30);
    expect(lab.looks.value.at(-1)!.step).toBe(30);
    const again = await lab.ask((session) => session.hash());
    expect(again).toBe(before);
  });

  test('learns from somebody’s own table', async () => {
    const lab = open({ ...small, steps: 3, evaluateEvery: 0 }, 'ab');
    const rows = Array.from({ length: 30 }, (_, n) => `${'abc'[n % 3]}b,${'xyz'[n % 3]}`);
    const own = tableSource('my pairs.csv', ['source,target', ...rows].join('\n'));
    lab.give(own);
    await lab.play();
    expect(lab.run.value!.sizes).toEqual({ train: 27, validation: 3 });
    expect(examplesCommand('seq2seq', table, small, own)).toContain("--data 'my pairs.csv' --attention");
    expect(examplesCommand('seq2seq', table, { ...small, bidirectional: false }, own)).toContain(
      '--no-bidirectional',
    );
    expect(examplesCommand('seq2seq', table, small, own)).not.toContain('--task');
  });
});
