import { describe, expect, test } from 'vitest';
import { trainArgs } from '../start.mjs';

const valueAfter = (args, name) => args[args.indexOf(name) + 1];

describe('trainArgs', () => {
  test('trains on the sample text by default', () => {
    const args = trainArgs([]);
    expect(args.slice(0, 2)).toEqual(['train', 'char-lm']);
    expect(valueAfter(args, '--data')).toMatch(/panbeh\.txt$/);
  });
  test('takes the user at their word, in both spellings', () => {
    expect(trainArgs(['--data', 'my.txt']).join(' ')).not.toContain('panbeh');
    const args = trainArgs(['--steps=30', '--hidden', '8']);
    expect(args.filter((arg) => arg.startsWith('--steps'))).toEqual(['--steps=30']);
    expect(args.filter((arg) => arg === '--hidden')).toHaveLength(1);
  });
  test('a resumed run brings its own settings', () => {
    expect(trainArgs(['--resume', 'runs/a'])).toEqual(['train', 'char-lm', '--resume', 'runs/a']);
  });
});
