/** A run that comes back from its checkpoint goes on as if it had never stopped: at every step, over edges of epochs. */
import { afterEach, beforeAll, expect, it } from 'vitest';
import { init } from '../src/index.js';
import { saveCheckpoint } from '../src/train/checkpoint.js';
import { type RunData, type RunRequest, runLoader, runMaker } from '../src/train/open.js';
import type { Run } from '../src/train/run.js';
import { train } from '../src/train/train.js';

const EPOCHS = 2.5;

beforeAll(() => init());

const runs: Run[] = [];
afterEach(() => {
  for (const run of runs.splice(0)) run.dispose();
});

const text = 'the cat sat on the mat, and the rain sat on the cat. '.repeat(8);
const rows = Array.from(
  { length: 30 },
  (_, i) => `${i % 2 ? 'fine' : 'awful'} ${i},${i % 2 ? 'good' : 'bad'}`,
);
const table = ['text,label', ...rows].join('\n');
const small = { embeddingSize: 4, hiddenSize: 6, batchSize: 5, evaluateEvery: 4, seed: 3 };
const windows = { ...small, batchSize: 3, sequenceLength: 8, dropout: 0.2, numLayers: 2 };
const schedule = { kind: 'cosine', steps: 30 } as const;

const kinds: readonly (readonly [string, RunRequest])[] = [
  ['characters in streams', { task: 'char-lm', data: text, config: windows }],
  [
    'characters in random windows',
    { task: 'char-lm', data: text, config: { ...windows, batching: 'random' } },
  ],
  ['characters, two workers', { task: 'char-lm', data: text, config: { ...windows, workers: 2 } }],
  [
    'classes of a table',
    { task: 'classify', data: { table, format: 'csv', name: 'table.csv' }, config: small },
  ],
  [
    'tags with dropout and a schedule',
    {
      task: 'tag',
      data: { task: 'part-of-speech', train: 32, validation: 6 },
      config: { ...small, dropout: 0.2, numLayers: 2, schedule },
    },
  ],
  ['dates', { task: 'seq2seq', data: { task: 'dates', train: 32, validation: 6 }, config: small }],
];

it.each(kinds)('%s', async (_, request) => {
  const data: RunData | undefined = 'data' in request ? (request.data as RunData) : undefined;
  const given = typeof data === 'object' && 'task' in data ? undefined : data;
  const whole = (await runMaker(request))() as Run;
  runs.push(whole);
  const goal = Math.ceil(EPOCHS * whole.stepsPerEpoch);
  expect(goal).toBeGreaterThan(8);
  let before = saveCheckpoint(whole);
  for await (const { step } of train(whole, { steps: goal })) {
    const now = saveCheckpoint(whole);
    const again = (await runLoader(before, given))() as Run;
    // One step more, from the file alone: by induction every later step is the same, too.
    for await (const report of train(again, { steps: step })) expect(report.step).toBe(step);
    expect(Buffer.compare(saveCheckpoint(again), now), `step ${step}`).toBe(0);
    again.dispose();
    before = now;
  }
  expect(whole.step).toBe(goal);
});
