import { expect, test } from 'vitest';
import { folder, hw5 } from './cli.js';

const run = (...args: string[]) => hw5(['hunt', ...args], { cwd: folder() });

test('the lines, a wrong guess, and the right one', async () => {
  const { solution } = JSON.parse((await run('--reveal', '--json')).stdout);
  const wrong = solution.line === 1 ? 2 : 1;
  const missed = await run('--answer', String(wrong));
  expect(missed.code).toBe(0);
  expect(missed.stdout).toContain(`✗ line ${wrong} holds`);
  expect(missed.stdout).not.toContain(solution.text.en);
  const found = await run('--answer', String(solution.line), '--lang', 'fa');
  expect(found.stdout).toContain(`✓ \u2067سطر ${solution.line} نادرست است\u2069`);
  expect(found.stdout).toContain(solution.text.fa);
  expect(found.stdout).toContain(solution.right.text);
});

test('a line that is not there', async () => {
  const { code, stdout } = await run('--answer', '40', '--json');
  expect(code).toBe(1);
  expect(JSON.parse(stdout).error).toMatchObject({
    code: 'ARGUMENT',
    message: expect.stringContaining('got 40'),
  });
});
