import { knownTasks } from '@hw5/core/homework';
import { expect, test } from 'vitest';
import { folder, hw5 } from './cli.js';

const run = (...args: string[]) => hw5(['route', ...args], { cwd: folder() });

test('a known task, with the reasons and what is refused', async () => {
  const { code, stdout } = await run('cat-mood');
  expect(code).toBe(0);
  expect(stdout).toMatch(/^a unidirectional RNN with an output at each step\n/);
  expect(stdout).toContain('    ■ · · · · ·\n    ■ ■ · · · ·\n');
  expect(stdout).toContain('a bidirectional RNN with an output at each step\n    y_1 depends on x_6');
});

test('a task described by its properties, in Persian and as JSON', async () => {
  const own = ['--outputs', 'each', '--needs', 'ahead', '--ahead', '2', '--delay', '2'];
  expect((await run(...own, '--lang', 'fa')).stdout).toContain('2 گام دیرتر خوانده می‌شود');
  const { chosen, task } = JSON.parse((await run('tagging', '--delay', '0', '--json')).stdout);
  expect(chosen).toBeNull();
  expect(task).toMatchObject({ outputs: 'each', delay: 0 });
});

test.each([
  [[], 'must be named or described'],
  [['chess'], 'task: must be one of'],
  [['cat-mood', '--delay', '9'], '--delay: must be a whole number'],
  [['captioning', '--outputs', 'each'], 'outputs of one input must be one or free'],
])('refuses %j', async (args, words) => {
  const { code, stderr } = await run(...args);
  expect(code).toBe(1);
  expect(stderr).toContain(words);
});

test('the tasks of the help are those of the core', async () => {
  const { stderr } = await run('chess');
  expect(stderr).toContain(`must be one of ${knownTasks.map(({ id }) => id).join(', ')}, got chess`);
});
