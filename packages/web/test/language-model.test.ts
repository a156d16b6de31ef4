import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { trainCommand } from '../src/pages/language-model/command.js';
import { corpusOf, readable, visible } from '../src/pages/language-model/corpus.js';
import { countsAfter } from '../src/pages/language-model/counts.js';
import {
  betOn,
  type Distribution,
  probabilityOf,
  runningSum,
  sampled,
  worthOf,
} from '../src/pages/language-model/distribution.js';

import {
  formatFutures,
  grown,
  MOST_FUTURES,
  parseFutures,
  treeOf,
} from '../src/pages/language-model/futures.js';

const diary = readFileSync(new URL('../../cli/data/panbeh.txt', import.meta.url), 'utf8');

describe('corpora', () => {
  test.each(['en', 'fa'] as const)(
    '%s holds lines of one script, and the first line can be read',
    (language) => {
      const { text, line } = corpusOf(diary, language);
      expect(text.length).toBeGreaterThan(20_000);
      for (const one of text.trimEnd().split('\n')) {
        expect(/[\u0600-\u06ff]/.test(one)).toBe(language === 'fa');
      }
      expect(readable(line, [...new Set(text)])).toEqual({ text: line, unknown: [] });
    },
  );

  test('what the model has never read is left out and named once', () => {
    expect(readable('a✗b✗', ['a', 'b'])).toEqual({ text: 'ab', unknown: ['✗'] });
  });

  test('marks for what cannot be seen', () => {
    expect([...'\n \u200cب'].map(visible)).toEqual(['⏎', '␣', '┊', 'ب']);
  });
});

describe('counts', () => {
  const corpus = 'abracadabra';

  test('are those of a naive count, for every context', () => {
    for (let at = 0; at < corpus.length; at += 1) {
      for (let order = 0; order <= 4; order += 1) {
        const { context, total, following } = countsAfter(corpus, corpus.slice(0, at), order);
        const naive = [...corpus].filter(
          (_, end) => end >= context.length && corpus.slice(end - context.length, end) === context,
        );
        expect(total).toBe(naive.length);
        for (const [character, count] of following) {
          expect(naive.filter((one) => one === character)).toHaveLength(count);
        }
      }
    }
  });

  test('a context that never occurs is shortened until it does', () => {
    expect(countsAfter(corpus, 'xya', 3)).toMatchObject({ context: 'a', total: 4 });
    expect(countsAfter(corpus, 'xyz', 3)).toMatchObject({ context: '', total: corpus.length });
    expect(countsAfter('', 'a', 3)).toEqual({ context: '', total: 0, following: [] });
  });
});

const distribution: Distribution = [
  ['a', 0.5],
  ['b', 0.3],
  ['c', 0.15],
  ['d', 0.05],
];
const plain = { temperature: 1, topK: 0, topP: 1 };
const numbers = (list: Distribution): number[] => list.map(([, p]) => p);

describe('what is sampled from', () => {
  test('the model’s own distribution when nothing is changed', () => {
    numbers(sampled(distribution, plain)).forEach((p, at) => {
      expect(p).toBeCloseTo(distribution[at]![1], 14);
    });
  });

  test.each([
    [{ ...plain, temperature: 0 }, [1, 0, 0, 0]],
    [{ ...plain, topK: 2 }, [0.625, 0.375, 0, 0]],
    [{ ...plain, topP: 0.6 }, [0.625, 0.375, 0, 0]],
    [{ ...plain, topP: 0.5 }, [1, 0, 0, 0]],
    [{ ...plain, temperature: 0.5 }, [0.25, 0.09, 0.0225, 0.0025].map((p) => p / 0.365)],
  ])('%o', (cut, expected) => {
    numbers(sampled(distribution, cut)).forEach((p, at) => {
      expect(p).toBeCloseTo(expected[at]!, 12);
    });
  });

  test('nothing comes of nothing', () => {
    expect(sampled([], plain)).toEqual([]);
  });
});

test('the running sum is the logarithm of the product', () => {
  const steps = [0.5, 0.25, 0.125].map((p) => ({ logProbability: Math.log(p) }));
  expect(Math.exp(-runningSum(steps).at(-1)!)).toBeCloseTo(0.5 * 0.25 * 0.125, 15);
});

describe('bets', () => {
  test('give all characters together 1, in an order that tells nothing', () => {
    const bet = betOn([['z', 0.9], ...distribution], 3);
    expect(bet.tokens).toEqual(['a', 'b', 'z']);
    const alphabet = ['a', 'b', 'c', 'd', 'z'];
    const whole = alphabet.reduce((sum, token) => sum + probabilityOf(bet, token, alphabet.length), 0);
    expect(whole).toBeCloseTo(1, 14);
    expect(probabilityOf({ tokens: [], weights: [], others: 0 }, 'a', 5)).toBe(0.2);
  });

  test('are worth nothing at even odds, all when as good as the model', () => {
    expect(worthOf(1 / 50, 0.5, 50)).toBe(0);
    expect(worthOf(0.001, 0.5, 50)).toBe(0);
    expect(worthOf(0.5, 0.5, 50)).toBe(1);
    expect(worthOf(0.9, 0.5, 50)).toBe(1);
    expect(worthOf(0.1, 0.5, 50)).toBeCloseTo(Math.log(5) / Math.log(25), 12);
    expect(worthOf(0.1, 0.01, 50)).toBe(1);
  });
});

test('the command names the file that the page saves', () => {
  expect(trainCommand({ hidden: 64, steps: 250, seed: 3 }, 'fa')).toBe(
    'npx hw5 train char-lm --data panbeh-fa.txt --precision f64 --cell lstm --hidden 64 --embed 24 --batch 16 --seq 32 --lr 0.01 --eval-every 0 --steps 250 --seed 3',
  );
});

describe('futures', () => {
  const future = (text: string) => ({ text, costs: [...text, '\n'].map((_, at) => at + 1) });

  test('part where they differ, carry running sums, and are drawn from a little before', () => {
    const futures = [future('the fog and I'), future('the fox'), future('the fog at')];
    const { nodes, first, ways } = treeOf(futures);
    // The first fork is at place 6.
    expect(first).toBe(3);
    for (const [line, way] of ways.entries()) {
      const text = [...futures[line]!.text, '\n'];
      expect(way.map((index) => nodes[index]!.token)).toEqual(text.slice(first));
      for (const [step, index] of way.entries()) {
        const { parent, at, sum, cost } = nodes[index]!;
        expect(at).toBe(first + step);
        expect(parent).toBe(step === 0 ? -1 : way[step - 1]);
        expect(cost).toBe(at + 1);
        expect(sum).toBe(((at + 1) * (at + 2)) / 2);
      }
    }
    const forced = nodes
      .filter((node) => node.forced)
      .map(({ token, at, future: line }) => [token, at, line]);
    expect(forced).toEqual([
      ['x', 6, 1],
      ['t', 9, 2],
    ]);
    // Shared beginnings are drawn once.
    expect(nodes).toHaveLength(11 + 2 + 2);
  });

  test('a line that ends where another goes on ends in a token of its own', () => {
    const { nodes, ways } = treeOf([future('abc'), future('ab')]);
    expect(nodes[ways[1]!.at(-1)!]).toMatchObject({ token: '\n', forced: true, at: 2 });
  });

  test('grow from the line at hand, are bounded, and come through the address', () => {
    expect(grown([], 'a', 'b')).toEqual(['a', 'b']);
    expect(grown(['a', 'b'], 'b', 'c')).toEqual(['a', 'b', 'c']);
    expect(grown(['a', 'b'], 'b', 'a')).toEqual(['a', 'b']);
    expect(grown(['a', 'b'], 'typed', 'c')).toEqual(['typed', 'c']);
    const many = Array.from({ length: 20 }, (_, n) => `${n}`).reduce<readonly string[]>(
      (lines, line) => grown(lines, lines.at(-1) ?? 'first', line),
      [],
    );
    expect(many).toHaveLength(MOST_FUTURES);
    expect([many[0], many.at(-1)]).toEqual(['first', '19']);
    expect(parseFutures(formatFutures(many))).toEqual(many);
    expect(parseFutures('\n\na\na\n')).toEqual(['a']);
    expect(treeOf([])).toEqual({ nodes: [], first: 0, ways: [] });
  });
});
