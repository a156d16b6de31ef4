import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { firstInvalidByte } from '../src/text.js';
import { folderWithText, hw5, lastLine, tiny } from './cli.js';

const train = (...options: string[]): string[] => [
  'train',
  'char-lm',
  '--data',
  'text.txt',
  '--steps',
  '5',
  ...options,
];

/** What is asked, the error's code, and the words that the message must hold. */
const bad: readonly (readonly [readonly string[], string, string])[] = [
  [['train'], 'USAGE', 'argument <task> must be given, got none'],
  [['train', 'char-lm', 'more'], 'USAGE', 'must have 1 argument(s), got 2'],
  [['trian', 'char-lm'], 'USAGE', 'command must be a known one, got trian'],
  [train('--hiden', '8'), 'USAGE', 'option must be a known one, got --hiden'],
  [train('--cell', 'lstn'), 'USAGE', '--cell: must be one of rnn, gru, lstm, transformer, got lstn'],
  [train('--hidden', '0'), 'USAGE', '--hidden: must be a whole number of at least 1, got 0'],
  [train('--hidden', '1.5'), 'USAGE', '--hidden: must be a whole number of at least 1, got 1.5'],
  [train('--lr', 'NaN'), 'USAGE', '--lr: must be a number greater than 0, got NaN'],
  [train('--lr', '-0.1'), 'USAGE', '--lr: must be a number greater than 0, got -0.1'],
  [train('--lr', 'Infinity'), 'USAGE', '--lr: must be a number greater than 0, got Infinity'],
  [train('--lr', ''), 'USAGE', '--lr: must be a number greater than 0, got ""'],
  [train('--dropout', '1'), 'USAGE', '--dropout: must be a number of at least 0 and less than 1, got 1'],
  [train('--steps', '0'), 'USAGE', '--steps: must be a whole number of at least 1, got 0'],
  [train('--steps', 'ten'), 'USAGE', '--steps: must be a whole number of at least 1, got ten'],
  [train('--seed', '-1'), 'USAGE', '--seed: must be a whole number of at least 0, got -1'],
  [train('--seed', '9007199254740992'), 'USAGE', '--seed: must be a whole number of at least 0'],
  [train('--val-fraction', '0.9'), 'USAGE', '--val-fraction: must be a number from 0 to 0.5, got 0.9'],
  [train('--batching', 'rows'), 'USAGE', '--batching: must be one of stream, random, got rows'],
  [train('--data', 'nope.txt'), 'FILE', 'data: path must exist, got nope.txt'],
  [train('--data', 'empty.txt'), 'DATA', 'data: text must not be empty, got 0 bytes in empty.txt'],
  [train('--data', '-'), 'DATA', 'data: text must not be empty, got 0 bytes in stdin'],
  [
    train('--data', 'binary.bin'),
    'DATA',
    'data: text must be UTF-8, got byte 0xff at offset 3 of binary.bin',
  ],
  [train('--data', 'zero.bin'), 'DATA', 'data: text must be UTF-8, got byte 0x00 at offset 1 of zero.bin'],
  [train('--data', 'folder'), 'FILE', 'data: path must be a file, got the folder folder'],
  [train('--data', 'short.txt'), 'DATA', 'got'],
  [train('--out', 'text.txt'), 'FILE', 'out: path must be a folder, got the file text.txt'],
  [
    train('--out', 'text.txt/run'),
    'FILE',
    'out: every folder of the path must be a folder, got a file in text.txt/run',
  ],
  [['train', 'char-lm', '--resume'], 'RUN', 'resume: there must be a run to continue, got none in runs/'],
  [['train', 'char-lm', '--resume', 'nope'], 'FILE', 'run: path must exist, got nope/config.json'],
  [['train', 'char-lm', '--resume', 'folder'], 'RUN', 'run: config.json must be one that hw5 train wrote'],
  [['generate'], 'USAGE', 'argument <run> must be given, got none'],
  [['generate', 'nope'], 'FILE', 'run: folder or checkpoint must exist, got nope'],
  [['generate', 'text.txt'], 'CHECKPOINT', 'got'],
  [['generate', 'empty.txt'], 'CHECKPOINT', 'got'],
  [['generate', 'foreign.safetensors'], 'CHECKPOINT', 'got'],
  [
    ['generate', 'x', '--temperature', '-1'],
    'USAGE',
    '--temperature: must be a number of at least 0, got -1',
  ],
  [
    ['generate', 'x', '--top-p', '0'],
    'USAGE',
    '--top-p: must be a number greater than 0 and at most 1, got 0',
  ],
  [['generate', 'x', '--topk', '3'], 'USAGE', 'option must be a known one, got --topk'],
  [
    ['evaluate', 'foreign.safetensors'],
    'USAGE',
    'evaluate: --data must be given for a checkpoint without its run',
  ],
  [['inspect', 'text.txt'], 'CHECKPOINT', 'got'],
  [['solve', 'q9'], 'USAGE', 'question: must be one of q1, q1a, q1b, q1c, q2, '],
  [
    ['solve', 'q3', '--format', 'pdf'],
    'USAGE',
    '--format: must be one of text, json, markdown, latex, html, got pdf',
  ],
  [['solve', 'q3', '--out', 'no/such/file'], 'FILE', 'out: path must exist, got no/such/file'],
  [['gradcheck', '--op', 'nope'], 'ARGUMENT', 'nope'],
];

/** A folder with every bad file that the table names. */
function folderWithBadFiles(): string {
  const cwd = folderWithText();
  writeFileSync(join(cwd, 'empty.txt'), '');
  writeFileSync(join(cwd, 'short.txt'), 'too short');
  writeFileSync(join(cwd, 'binary.bin'), new Uint8Array([65, 66, 67, 0xff, 68]));
  writeFileSync(join(cwd, 'zero.bin'), new Uint8Array([65, 0, 66]));
  mkdirSync(join(cwd, 'folder'));
  writeFileSync(join(cwd, 'folder/config.json'), '{"format":"another/1"}');
  const header = JSON.stringify({ weight: { dtype: 'F32', shape: [1], data_offsets: [0, 4] } });
  const foreign = Buffer.alloc(8 + header.length + 4);
  foreign.writeBigUInt64LE(BigInt(header.length));
  foreign.write(header, 8);
  writeFileSync(join(cwd, 'foreign.safetensors'), foreign);
  return cwd;
}

test.each(bad)('%j is refused: %s', async (args, code, message) => {
  const cwd = folderWithBadFiles();
  const before = readdirSync(cwd);
  const [asText, asJson] = await Promise.all([hw5(args, { cwd }), hw5([...args, '--json'], { cwd })]);
  expect(asText.code).toBe(1);
  expect(asText.stdout).toBe('');
  expect(asText.stderr).toMatch(/^hw5: .*\n$/); // one line, no stack
  expect(asText.stderr).toContain(message);
  expect(asJson).toMatchObject({ code: 1, stderr: '' });
  expect(lastLine(asJson).error?.code).toBe(code);
  expect(lastLine(asJson).error?.message).toContain(message);
  expect(readdirSync(cwd)).toEqual(before); // nothing half-written
});

test('an option without its value is named', async () => {
  const refused = await hw5(train('--hidden'), { cwd: folderWithText() });
  expect(refused.code).toBe(1);
  expect(refused.stderr).toContain(
    '--hidden <n>: a value must be given, got none (hw5 train --help shows what there is)',
  );
});

test('an unknown option is answered with the nearest one', async () => {
  const { stderr } = await hw5(train('--hiden', '8'), { cwd: folderWithText() });
  expect(stderr).toContain('did you mean --hidden?');
});

test('HW5_DEBUG shows where an error came from', async () => {
  const { stderr } = await hw5(train('--data', 'nope.txt'), {
    cwd: folderWithText(),
    env: { HW5_DEBUG: '1' },
  });
  expect(stderr).toContain('    at ');
});

test.each([
  ['with its record', false],
  ['without one', true],
])(
  'a truncated checkpoint, the only one, is refused %s, by generate and by resume',
  async (_, unrecorded) => {
    const cwd = folderWithText();
    await hw5(train('--out', 'run', '--json', ...tiny), { cwd });
    const path = join(cwd, 'run/checkpoint.safetensors');
    const whole = readFileSync(path);
    rmSync(join(cwd, 'run/checkpoint.previous.safetensors'));
    if (unrecorded) rmSync(join(cwd, 'run/checkpoint.json'));
    for (const bytes of [whole.subarray(0, whole.length - 1), whole.subarray(0, 100), whole.subarray(0, 7)]) {
      writeFileSync(path, bytes);
      for (const args of [
        ['generate', 'run'],
        ['inspect', 'run'],
        ['train', 'char-lm', '--resume', 'run', '--steps', '9'],
      ]) {
        const refused = await hw5([...args, '--json'], { cwd });
        expect(refused.code).toBe(1);
        expect(lastLine(refused).error?.code).toBe('CHECKPOINT');
      }
      expect(readFileSync(path)).toEqual(Buffer.from(bytes));
    }
  },
);

test('resume refuses a text that has changed, and takes the same text from another place', async () => {
  const cwd = folderWithText();
  await hw5(train('--out', 'run', '--json', ...tiny), { cwd });
  const text = readFileSync(join(cwd, 'text.txt'));
  writeFileSync(join(cwd, 'text.txt'), `${text.toString()}one more line\n`);
  const resume = ['train', 'char-lm', '--resume', 'run', '--steps', '9', '--json'];
  const refused = await hw5(resume, { cwd });
  expect(refused.code).toBe(1);
  expect(lastLine(refused).error?.message).toContain(
    'resume: text must be the one the run began with (SHA-256',
  );
  writeFileSync(join(cwd, 'moved.txt'), text);
  expect((await hw5([...resume, '--data', 'moved.txt'], { cwd })).code).toBe(0);
});

test.each([
  ['abc', -1],
  ['سلام 🙂', -1],
  [[0xff], 0],
  [[65, 0xc3, 0x28], 2],
  [[65, 66, 0xe2, 0x82], 3],
  [[0xf0, 0x9f, 0x99, 0x82, 0x80], 4],
] as const)('firstInvalidByte(%j) = %i', (content, offset) => {
  const bytes = typeof content === 'string' ? Buffer.from(content) : Uint8Array.from(content);
  expect(firstInvalidByte(bytes)).toBe(offset);
});
