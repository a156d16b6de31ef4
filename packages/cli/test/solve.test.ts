import { expect, test } from 'vitest';
import { folder, hw5 } from './cli.js';

test.each(['q3', 'q3a'])(
  'solve %s: every product written out, the choice, and what softmax would give',
  async (question) => {
    const { code, stdout } = await hw5(['solve', question], { cwd: folder() });
    expect(code).toBe(0);
    expect(stdout).toMatchInlineSnapshot(`
      "Question 3a: attention that takes the argmax

      given
        q = [3, −1, −1]
        keys[0] = [1, 2, 3]      values[0] = [6, 1, −2]
        keys[1] = [2, 2, 1]      values[1] = [6, −1, 2]
        keys[2] = [0, 1, −1]     values[2] = [6, 1, 0]
        keys[3] = [0, −2, −4]    values[3] = [6, 1, 2]

      similarity of each key to the query
        keys[0]·q = 1×3 + 2×(−1) + 3×(−1)       = 3 − 2 − 3 = −2
        keys[1]·q = 2×3 + 2×(−1) + 1×(−1)       = 6 − 2 − 1 =  3
        keys[2]·q = 0×3 + 1×(−1) + (−1)×(−1)    = 0 − 1 + 1 =  0
        keys[3]·q = 0×3 + (−2)×(−1) + (−4)×(−1) = 0 + 2 + 4 =  6

      the largest score is 6: argmax([−2, 3, 0, 6]) = 3
      output values[3] = [6, 1, 2]

      softmax on the same scores would mix all values
        weights [0.0003187, 0.0473, 0.002355, 0.95]
        output [6, 0.9054, 1.994]
      "
    `);
  },
);

test('solve q3 in Persian: formulas stand in left-to-right isolates', async () => {
  const { code, stdout } = await hw5(['solve', 'q3', '--lang', 'fa'], { cwd: folder() });
  expect(code).toBe(0);
  expect(stdout).toContain('خروجی \u2066values[3] = [6, 1, 2]\u2069');
  expect(stdout.match(/\u2066/g)).toHaveLength(stdout.match(/\u2069/g)!.length);
});

test.each([['--json'], ['--format', 'json']])('solve q3 %s %s', async (...format) => {
  const { code, stdout } = await hw5(['solve', 'q3', ...format.filter(Boolean)], { cwd: folder() });
  expect(code).toBe(0);
  const solution = JSON.parse(stdout);
  expect(solution).toMatchObject({ scores: [-2, 3, 0, 6], index: 3, output: [6, 1, 2], ties: [3] });
  expect(solution.products).toEqual([
    [3, -2, -3],
    [6, -2, -1],
    [0, -1, 1],
    [0, 2, 4],
  ]);
  expect(solution.softmaxWeights.reduce((a: number, b: number) => a + b)).toBeCloseTo(1, 12);
});
