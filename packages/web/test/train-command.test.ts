import { expect, test } from 'vitest';
import { shellWord } from '../src/frame/shell-word.js';
import { trainCommand } from '../src/pages/train/command.js';
import { table } from '../src/pages/train/table.js';
import { initialValues } from '../src/state/table.js';

test('the command names every setting of a run', () => {
  expect(trainCommand(initialValues(table), undefined)).toBe(
    'npx hw5 train char-lm --cell lstm --hidden 128 --embed 64 --layers 1 --dropout 0 --batch 32 --seq 64 --lr 0.002 ' +
      '--clip 1 --steps 1000 --batching stream --val-fraction 0.1 --eval-every 100 --workers 1 --seed 0',
  );
});

test('changes of the learning rate are replayed', () => {
  const rates = [
    [120, 0.001],
    [400, 1e-7],
  ] as const;
  expect(trainCommand({ ...initialValues(table), rates }, undefined)).toContain(
    ' --lr 0.002 --lr-at 120=0.001,400=1e-7 --clip 1 ',
  );
});

test('a text of one’s own is named and quoted', () => {
  expect(trainCommand(initialValues(table), 'my text.txt')).toContain(" --data 'my text.txt' ");
});

test.each([
  ['plain.txt', 'plain.txt'],
  ['a b', "'a b'"],
  ["it's", "'it'\\''s'"],
  ['$(rm -rf ~)', "'$(rm -rf ~)'"],
  ['`x`;"y"', `'\`x\`;"y"'`],
  ['-rf', "'-rf'"],
  ['', "''"],
  ['متن.txt', "'متن.txt'"],
])('%j as a word of a shell', (text, word) => {
  expect(shellWord(text)).toBe(word);
});
