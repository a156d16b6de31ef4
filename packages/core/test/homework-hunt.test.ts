/** Bug hunts: exactly one line is false, and it is the one that is told. */
import { expect, it, test } from 'vitest';
import { derive } from '../src/homework/derive/derive.js';
import { huntCells } from '../src/homework/hunt/cells.js';
import { hunt } from '../src/homework/hunt/hunt.js';
import { huntMistakes } from '../src/homework/hunt/mistakes.js';

const seeds = Array.from({ length: 12 }, (_, seed) => seed);

test.each([1, 2, 3])(
  'level %i: one line is false in numbers, every other one true to rounding',
  async (level) => {
    for (const seed of seeds) {
      const { lines, solution } = await hunt({ seed, level, reveal: true });
      expect(lines.length).toBeGreaterThanOrEqual(5);
      for (const { number, text } of lines) {
        const { verdict } = await hunt({ seed, level, answer: number });
        const planted = number === solution!.line;
        expect(verdict!.correct, `${level} ${seed} ${number}`).toBe(planted);
        if (planted) expect(verdict!.deviation).toBeGreaterThan(1e-3);
        else expect(verdict!.deviation).toBeLessThan(1e-12);
        if (planted) expect(text).not.toBe(solution!.right.text);
      }
    }
  },
);

test('the lines without the planted one are those of the derivation, whose gradient three methods agree on', async () => {
  const { given, lines, wrt, solution } = await hunt({ seed: 0, level: 1, reveal: true });
  const cell = given
    .filter((line) => /^[ho]\[/.test(line))
    .join('; ')
    .replace('z[t]', 'W_hh h[t-1] + W_hx x[t]');
  const derivation = await derive({ cell, wrt });
  expect(derivation.checks.passed).toBe(true);
  const written = derivation.derivation.map(({ text }) => text);
  for (const { number, text } of lines) {
    if (!text.startsWith('g_')) continue;
    expect(written).toContain(number === solution!.line ? solution!.right.text : text);
  }
});

test('every mistake occurs, and is named in both languages', async () => {
  const met = new Set<string>();
  for (const level of [1, 2, 3]) {
    for (const seed of Array.from({ length: 40 }, (_, n) => n)) {
      const { solution } = await hunt({ seed, level, reveal: true });
      met.add(solution!.mistake);
    }
  }
  expect([...met].sort()).toEqual(Object.keys(huntMistakes).sort());
  for (const { en, fa } of Object.values(huntMistakes)) {
    expect(en).toMatch(/[a-z]/);
    expect(fa).toMatch(/[ا-ی]/);
  }
});

it('is the same for the same seed, and gives nothing away before it is asked', async () => {
  const first = await hunt({ seed: 5, level: 2 });
  expect(await hunt({ seed: 5, level: 2 })).toEqual(first);
  expect(first).toMatchObject({ verdict: null, solution: null });
  const others = await Promise.all([6, 7, 8, 9].map((seed) => hunt({ seed, level: 2 })));
  expect(
    others.some(
      ({ lines }) => lines[0]!.text !== first.lines[0]!.text || lines.length !== first.lines.length,
    ),
  ).toBe(true);
  const right = (await hunt({ seed: 5, level: 2, reveal: true })).solution!.line;
  const wrong = (right % first.lines.length) + 1;
  expect((await hunt({ seed: 5, level: 2, answer: wrong })).solution).toBeNull();
  expect((await hunt({ seed: 5, level: 2, answer: right })).solution).toMatchObject({ line: right });
});

it('refuses levels and lines that are not there', async () => {
  await expect(hunt({ level: 4 })).rejects.toThrow(`level must be from 1 to ${huntCells.length}, got 4`);
  await expect(hunt({ answer: 99 })).rejects.toThrow('answer must be a line from 1 to 5, got 99');
  await expect(hunt({ seed: -1 })).rejects.toThrow('seed must be a whole number');
});

test('evidence: worked out as written, everything before the false line is true, and the end is not', async () => {
  for (const level of [1, 2, 3]) {
    for (const seed of seeds) {
      const { evidence, solution } = await hunt({ seed, level, reveal: true, evidence: true });
      const { measured, differences } = evidence!;
      const last = measured.at(-1)!;
      expect(last.t).toBeUndefined();
      const [true_, numeric] = [[last.truth].flat(2) as number[], [differences].flat(2) as number[]];
      const scale = Math.max(...true_.map(Math.abs));
      for (const [i, entry] of true_.entries())
        expect(Math.abs(entry - numeric[i]!) / scale).toBeLessThan(1e-8);
      const wrong = measured.filter(({ worst }) => worst > 1e-3);
      expect(last.worst, `${level} ${seed}`).toBeGreaterThan(1e-3);
      // Going back from the last step, the first quantity that is off comes from the planted line.
      const steps = Math.max(...measured.map(({ t }) => t ?? 0));
      const order = [...Array.from({ length: steps }, (_, i) => steps - i), undefined];
      const first = order.flatMap((t) => wrong.filter((each) => each.t === t))[0]!;
      expect(first.line, `${level} ${seed}`).toBe(solution!.line);
    }
  }
  expect((await hunt({ seed: 1 })).evidence).toBeNull();
});
