/** Training on examples from the command line: tables and generated tasks, resuming, reports, predictions. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { folder, hw5, jsonLines, lastLine } from './cli.js';

const small = '--hidden 8 --embed 4 --batch 8 --eval-every 5'.split(' ');

function folderWithReviews(): string {
  const cwd = folder();
  const rows = Array.from({ length: 40 }, (_, i) =>
    i % 2 === 0 ? `"fine, so ${i}",good` : `awful ${i},bad`,
  );
  writeFileSync(join(cwd, 'reviews.csv'), `text,label\n${rows.join('\n')}\n`);
  return cwd;
}

describe('a table', () => {
  test('is learned, measured and asked', async () => {
    const cwd = folderWithReviews();
    const trained = await hw5(
      ['train', 'classify', '--data', 'reviews.csv', '--epochs', '12', '--json', ...small],
      { cwd },
    );
    expect(trained.code).toBe(0);
    const last = lastLine(trained) as ReturnType<typeof lastLine> & { valMetrics: { accuracy: number } };
    expect(last).toMatchObject({ done: true, run: 'runs/reviews-0', step: 60 });
    expect(last.valMetrics.accuracy).toBeGreaterThanOrEqual(0.75);
    const report = await hw5(['evaluate', 'runs/reviews-0', '--json'], { cwd });
    expect(JSON.parse(report.stdout)).toMatchObject({
      loss: last.valLoss,
      metrics: last.valMetrics,
      examples: 4,
      labels: ['bad', 'good'],
    });
    writeFileSync(
      join(cwd, 'other.jsonl'),
      '{"text":"fine","label":"good"}\n{"text":"fine","label":"bad"}\n',
    );
    const other = await hw5(['evaluate', 'runs/reviews-0', '--data', 'other.jsonl'], { cwd });
    expect(other.stdout).toContain('accuracy      50.00 %');
    expect(other.stdout).toContain('good, should be bad');
    const asked = await hw5(['predict', 'runs/reviews-0', '--text', 'fine so', '--text', 'awful', '--json'], {
      cwd,
    });
    expect(jsonLines(asked.stdout).map((line) => (line as unknown as { output: string }).output)).toEqual([
      'good',
      'bad',
    ]);
  });

  test('resume equals never having stopped, and refuses another table', async () => {
    const cwd = folderWithReviews();
    const command = ['train', 'classify', '--data', 'reviews.csv', '--json', '--dropout', '0.2', ...small];
    await hw5([...command, '--steps', '7', '--out', 'a'], { cwd });
    const resumed = await hw5(['train', 'classify', '--resume', 'a', '--steps', '15', '--json'], { cwd });
    const whole = await hw5([...command, '--steps', '15', '--out', 'b'], { cwd });
    expect(lastLine(resumed)).toMatchObject({ hash: lastLine(whole).hash, valLoss: lastLine(whole).valLoss });
    writeFileSync(join(cwd, 'reviews.csv'), 'text,label\nx,good\n');
    const refused = await hw5(['train', 'classify', '--resume', 'a', '--steps', '20'], { cwd });
    expect(refused.stderr).toContain('text must be the one the run began with');
    const asTags = await hw5(['train', 'tag', '--resume', 'b', '--steps', '20'], { cwd });
    expect(asTags.stderr).toContain('task must stay classify');
  });

  test.each([
    ['text,stars\na,1\n', 'must have the column "label", got "text", "stars"'],
    [
      'text,label\n"a,good\n',
      'a quoted field must end with its quote, got one that does not at line 2, column 1',
    ],
    ['{"text":"a","label":"b"}\n{"text":1}\n', 'column "text" must be a text, got 1 at line 2'],
  ])('that does not fit is refused with its place: %j', async (table, message) => {
    const cwd = folder();
    writeFileSync(join(cwd, 'a.txt'), table);
    const refused = await hw5(['train', 'classify', '--data', 'a.txt'], { cwd });
    expect(refused).toMatchObject({ code: 1, stdout: '' });
    expect(refused.stderr).toContain(message);
    expect(existsSync(join(cwd, 'runs/a-0'))).toBe(false);
  });
});

describe('a generated task', () => {
  test('needs no file: trained, resumed and inspected by name', async () => {
    const cwd = folder();
    const command = ['train', 'tag', '--task', 'part-of-speech', '--examples', '200', ...small];
    const half = await hw5([...command, '--steps', '10', '--keep-best', '--tensorboard'], { cwd });
    expect(half.code).toBe(0);
    expect(half.stderr).toMatch(/200 examples to learn, 500 to validate/);
    expect(half.stdout).toContain('macro F1');
    expect(half.stdout).toContain('hw5 predict runs/part-of-speech-0');
    const run = join(cwd, 'runs/part-of-speech-0');
    const resumed = await hw5(['train', 'tag', '--resume', '--steps', '15', '--json'], { cwd });
    const whole = await hw5([...command, '--steps', '15', '--json'], { cwd });
    expect(lastLine(resumed).hash).toBe(lastLine(whole).hash);
    const best = await hw5(['inspect', join(run, 'best.safetensors'), '--json'], { cwd });
    expect(JSON.parse(best.stdout)).toMatchObject({
      task: 'tag',
      best: { step: expect.any(Number) as number },
    });
    // 15 steps and the version: each event stands once, also those written before the run went on.
    const events = readFileSync(join(run, 'events.out.tfevents.hw5')).toString('latin1');
    expect(events.split('loss/train').length - 1).toBe(15);
    expect(events.split('step/update_ratio').length - 1).toBe(15);
    expect(events.split('validation/accuracy').length - 1).toBe(3);
    const tagged = await hw5(['predict', run, '--text', 'she saw her .'], { cwd });
    expect(tagged.stdout).toMatch(/^token +tag\nshe +\w+\nsaw/);
  });

  test('stops when it no longer gets better', async () => {
    const cwd = folder();
    const wild = [
      'train',
      'classify',
      '--task',
      'parity',
      '--examples',
      '64',
      '--unit',
      'characters',
      '--lr',
      '0.5',
      '--clip',
      '0',
    ];
    const run = await hw5([...wild, ...small, '--steps', '400', '--patience', '2', '--json'], { cwd });
    const last = lastLine(run) as ReturnType<typeof lastLine> & { stalled?: boolean };
    expect(last).toMatchObject({ done: true, stalled: true });
    const validations = jsonLines(run.stdout).filter(({ valLoss }) => valLoss !== undefined) as {
      best?: boolean;
    }[];
    expect(validations.slice(-3, -1).every(({ best }) => best !== true)).toBe(true);
  });

  test('a schedule changes the run and is part of it', async () => {
    const cwd = folder();
    const command = ['train', 'tag', '--examples', '64', '--steps', '8', '--json', ...small];
    const plain = await hw5(command, { cwd });
    const warm = await hw5([...command, '--schedule', 'warmup:4,cosine:20', '--out', 'warm'], { cwd });
    expect(lastLine(warm).hash).not.toBe(lastLine(plain).hash);
    const refused = await hw5(
      ['train', 'tag', '--resume', 'warm', '--steps', '9', '--schedule', 'constant'],
      { cwd },
    );
    expect(refused.stderr).toContain('--schedule must stay');
  });
});

test('other step sizes from given steps on are part of the run, also when it is resumed', async () => {
  const cwd = folder();
  const command = ['train', 'tag', '--examples', '64', '--json', ...small];
  const changes = ['--lr-at', '3=0.1,6=1e-3'];
  const whole = await hw5([...command, '--steps', '8', ...changes, '--out', 'whole'], { cwd });
  const plain = await hw5([...command, '--steps', '8', '--out', 'plain'], { cwd });
  expect(lastLine(whole).hash).not.toBe(lastLine(plain).hash);
  await hw5([...command, '--steps', '4', ...changes, '--out', 'half'], { cwd });
  const resumed = await hw5(['train', 'tag', '--resume', 'half', '--steps', '8', '--json'], { cwd });
  expect(lastLine(resumed).hash).toBe(lastLine(whole).hash);
  const refused = await hw5(['train', 'tag', '--resume', 'half', '--steps', '9', '--lr-at', '5=1'], { cwd });
  expect(refused.stderr).toContain('--lr-at must stay');
});

describe('an encoder-decoder', () => {
  test('learns pairs, and shows what each written sign looked at', async () => {
    const cwd = folder();
    writeFileSync(join(cwd, 'pairs.csv'), `source,target\n${'ab,xy\nb,y\n'.repeat(30)}`);
    const trained = await hw5(
      ['train', 'seq2seq', '--data', 'pairs.csv', '--steps', '60', '--lr', '0.03', '--json', ...small],
      { cwd },
    );
    const { valMetrics } = lastLine(trained) as unknown as { valMetrics: Record<string, number> };
    expect(valMetrics).toEqual({ exactMatch: 1, editDistance: 0 });
    const asked = await hw5(['predict', 'runs/pairs-0', '--text', 'ab'], { cwd });
    const lines = asked.stdout.trimEnd().split('\n');
    expect(lines[0]).toBe('ab → xy');
    expect(lines[2]).toBe('      \u202da b\u202c');
    expect(lines.slice(3).map((line) => line.slice(0, 6))).toEqual(['    x ', '    y ', '<eos> ']);
    // Two shades of two characters each: a picture of the weights that --json gives.
    const json = await hw5(['predict', 'runs/pairs-0', '--text', 'ab', '--json'], { cwd });
    const { alignment } = JSON.parse(json.stdout) as { alignment: { weights: number[][] } };
    for (const [t, weights] of alignment.weights.entries()) {
      const shaded = lines[3 + t]!.slice(6).padEnd(4);
      const levels = [0, 2].map((at) => ' ░▒▓█'.indexOf(shaded[at]!));
      expect(levels).toEqual(weights.map((weight) => Math.round(weight * 4)));
    }
    // A beam: its best answers, likeliest first, and the picture of the best one.
    const beam = await hw5(
      ['predict', 'runs/pairs-0', '--text', 'ab', '--text', 'b', '--beam', '3', '--json'],
      {
        cwd,
      },
    );
    const found = beam.stdout
      .trimEnd()
      .split('\n')
      .map(
        (line) =>
          JSON.parse(line) as {
            input: string;
            output: string;
            hypotheses: { output: string; logProbability: number; score: number; ended: boolean }[];
            alignment: { weights: number[][] };
          },
      );
    expect(found.map(({ input, output }) => [input, output])).toEqual([
      ['ab', 'xy'],
      ['b', 'y'],
    ]);
    for (const { output, hypotheses } of found) {
      expect(hypotheses).toHaveLength(3);
      expect(hypotheses[0]).toMatchObject({ output, ended: true });
      const sums = hypotheses.map(({ logProbability }) => logProbability);
      expect(sums).toEqual(sums.toSorted((a, b) => b - a));
      expect(sums.reduce((whole, sum) => whole + Math.exp(sum), 0)).toBeLessThanOrEqual(1 + 1e-6);
    }
    expect(found[0]!.alignment.weights).toHaveLength(alignment.weights.length);
    const shown = await hw5(['predict', 'runs/pairs-0', '--text', 'ab', '--beam', '2'], { cwd });
    expect(shown.stdout).toMatch(/#\s+answer\s+ln P\s+P\n/);
    expect(shown.stdout).toContain(found[0]!.hypotheses[1]!.logProbability.toFixed(4));
    const many = await hw5(['predict', 'runs/pairs-0', '--text', 'ab', '--beam', '0'], { cwd });
    expect(many.stderr).toContain('--beam');
    expect(many.code).toBe(1);
  });
});

describe('what cannot be', () => {
  test.each([
    [['train', 'classify', '--task', 'dates'], 'task: must be one of dyck, parity'],
    [['train', 'char-lm', '--task', 'sentiment'], 'char-lm must learn from a text, got --task'],
    [['train', 'tag', '--data', 'a.csv', '--task', 'mood'], '--data or --task must be given, got both'],
    [['train', 'tag', '--steps', '3', '--epochs', '1'], '--steps or --epochs must be given, got both'],
    [['train', 'tag', '--seq', '3'], 'settings must be among'],
    [['train', 'tag', '--lr-at', '5=0.1,5=0.2'], '--lr-at: must be STEP=RATE,...'],
    [['train', 'tag', '--lr-at', '0=0.1'], '--lr-at: must be STEP=RATE,...'],
    [['train', 'tag', '--lr-at', '5=-1'], '--lr-at: must be STEP=RATE,...'],
    [['train', 'tag', '--schedule', 'cosine'], '--schedule: must be constant, cosine:STEPS'],
    [['predict', 'nowhere', '--text', 'a'], 'folder or checkpoint must exist'],
  ])('%j', async (args, message) => {
    const refused = await hw5(args, { cwd: folder() });
    expect(refused).toMatchObject({ code: 1, stdout: '' });
    expect(refused.stderr).toContain(message);
  });

  test('a character model is not asked for classes, and a classifier does not write', async () => {
    const cwd = folderWithReviews();
    await hw5(['train', 'classify', '--data', 'reviews.csv', '--steps', '2', '--out', 'a', ...small], {
      cwd,
    });
    const generated = await hw5(['generate', 'a'], { cwd });
    expect(generated.stderr).toContain('the run must be a character model, got classify');
    const beam = await hw5(['predict', 'a', '--text', 'fine', '--beam', '2'], { cwd });
    expect(beam.stderr).toContain('predict: --beam must be asked of a seq2seq run, got classify');
    const nothing = await hw5(['predict', 'a'], { cwd });
    expect(nothing.stderr).toContain('--text or --file must give a text, got none');
  });
});

describe('numbers', () => {
  test('a pitch contour is told from the command line, and goes on as it was', async () => {
    const cwd = folder();
    const command = ['train', 'classify', '--task', 'pitch', '--examples', '300', '--json', ...small];
    await hw5([...command, '--steps', '6', '--out', 'a'], { cwd });
    const resumed = await hw5(['train', 'classify', '--resume', 'a', '--steps', '12', '--json'], { cwd });
    const whole = await hw5([...command, '--steps', '12', '--out', 'b'], { cwd });
    expect(lastLine(resumed)).toMatchObject({ done: true, hash: lastLine(whole).hash });
    const asked = await hw5(['predict', 'a', '--text', '1.1 1; 1.2 1; 0 0; 1.1 1', '--json'], { cwd });
    expect(JSON.parse(asked.stdout)).toMatchObject({ output: expect.stringMatching(/^(low|high)$/) });
    const inspected = await hw5(['inspect', 'a'], { cwd });
    expect(inspected.stdout).toMatch(/reads +2 numbers a step, standardised\nclasses +high, low/);
  });

  test('standardising is the default, can be turned off, and stays as it is', async () => {
    const cwd = folder();
    const command = ['train', 'forecast', '--task', 'sine', '--examples', '40', '--steps', '3', ...small];
    const on = await hw5([...command, '--out', 'on', '--json'], { cwd });
    const off = await hw5([...command, '--out', 'off', '--json', '--no-standardize'], { cwd });
    expect(lastLine(on).hash).not.toBe(lastLine(off).hash);
    const resumed = await hw5(['train', 'forecast', '--resume', 'off', '--steps', '6', '--standardize'], {
      cwd,
    });
    expect(resumed.stderr).toContain('--standardize must stay false');
    const text = await hw5([...command, '--task', 'sentiment', '--standardize'], { cwd });
    expect(text.code).toBe(1);
  });
});
