/** What-if answers beside the same decoder written out by hand, and the tree of the search. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ArgumentError } from '../src/errors.js';
import { ids, init, noGrad, openSession, type RunRequest, scope, type Tensor } from '../src/index.js';
import { answersOf, type StepEdit } from '../src/train/answers.js';
import { runMaker } from '../src/train/open.js';
import type { Run } from '../src/train/run.js';
import type { Seq2SeqRun } from '../src/train/seq2seq-run.js';

const request = (config: object): RunRequest => ({
  task: 'seq2seq',
  data: { task: 'reverse', train: 60, validation: 10 },
  config: { embeddingSize: 6, hiddenSize: 8, seed: 3, ...config },
});
const forms = {
  'gru, additive': request({ cell: 'gru', bidirectional: true, attention: 'additive' }),
  'lstm, dot': request({ cell: 'lstm', bidirectional: false, attention: 'dot' }),
};
type Form = keyof typeof forms;

let runs: Record<Form, Run>;
beforeAll(async () => {
  await init({ precision: 'f64' });
  const made = Object.entries(forms).map(async ([form, one]) => {
    const run = (await runMaker(one))();
    for (let step = 0; step < 30; step += 1) run.trainStep();
    return [form, run] as const;
  });
  runs = Object.fromEntries(await Promise.all(made)) as Record<Form, Run>;
});
afterAll(async () => {
  for (const run of Object.values(runs)) run.dispose();
  await init();
});

const dot = (a: readonly number[], b: readonly number[]): number =>
  a.reduce((sum, value, at) => sum + value * b[at]!, 0);
const times = (matrix: readonly (readonly number[])[], x: readonly number[]): number[] =>
  matrix.map((row) => dot(row, x));
const plus = (a: readonly number[], b: readonly number[]): number[] => a.map((value, at) => value + b[at]!);
const shares = (scores: readonly number[]): number[] => {
  const powers = scores.map((score) => Math.exp(score - Math.max(...scores)));
  const whole = powers.reduce((sum, value) => sum + value, 0);
  return powers.map((value) => value / whole);
};
const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));

function editedByHand(p: readonly number[], edit: StepEdit | undefined): readonly number[] {
  if (edit === undefined) return p;
  if (edit.kind === 'power') {
    const powers = p.map((value) => value ** edit.factor);
    const whole = powers.reduce((sum, value) => sum + value, 0);
    return powers.map((value) => value / whole);
  }
  const place = edit.kind === 'place' ? edit.place : p.indexOf(Math.max(...p));
  return p.map((_, s) => (s === place ? 1 : 0));
}

/** The decoder in plain JavaScript from the run's weights; only the encoder's states are the model's own. */
function byHand(run: Run, text: string, prefix: readonly string[], edits: readonly StepEdit[]) {
  const { model, source, target } = run as unknown as Seq2SeqRun;
  const weights = new Map(
    [...model.namedParameters()].map(([name, tensor]) => [name, tensor.toArray() as unknown]),
  );
  const matrix = (name: string) => weights.get(name) as number[][];
  const vector = (name: string) => weights.get(name) as number[];
  const read = source.encode(text);
  const { values, h0, c0 } = noGrad(() =>
    scope(() => {
      const encoded = model.encode(ids(read, [read.length, 1]));
      const first = (tensor: Tensor | undefined): number[] =>
        tensor === undefined ? [] : (tensor.toArray() as number[][])[0]!;
      return {
        values: (encoded.memory.values.toArray() as number[][][])[0]!,
        h0: first(encoded.state.h),
        c0: first(encoded.state.c),
      };
    }),
  );
  const scoresOf = (h: readonly number[]): number[] => {
    if (!weights.has('attention.query.weight')) return values.map((value) => dot(h, value));
    const query = times(matrix('attention.query.weight'), h);
    const v = matrix('attention.score.weight')[0]!;
    return values.map((value) =>
      dot(v, plus(query, times(matrix('attention.key.weight'), value)).map(Math.tanh)),
    );
  };
  let [h, c] = [h0, c0];
  let last = target.special.begin;
  const steps: { token: string; probability: number; weights: readonly number[] }[] = [];
  for (let t = 0; t < 30; t += 1) {
    const p = editedByHand(
      shares(scoresOf(h)),
      edits.find(({ step }) => step === t),
    );
    const context = values[0]!.map((_, at) => p.reduce((sum, share, s) => sum + share * values[s]![at]!, 0));
    const x = [...matrix('target_embedding.weight')[last]!, ...context];
    const fromX = plus(times(matrix('decoder.weight_ih'), x), vector('decoder.bias_ih'));
    const fromH = plus(times(matrix('decoder.weight_hh'), h), vector('decoder.bias_hh'));
    const H = h.length;
    const gate = (k: number): number[] => plus(fromX, fromH).slice(k * H, (k + 1) * H);
    if (c.length === 0) {
      const [r, z] = [gate(0).map(sigmoid), gate(1).map(sigmoid)];
      const n = h.map((_, at) => Math.tanh(fromX[2 * H + at]! + r[at]! * fromH[2 * H + at]!));
      h = h.map((before, at) => (1 - z[at]!) * n[at]! + z[at]! * before);
    } else {
      const [i, f, g, o] = [gate(0), gate(1), gate(2), gate(3)];
      c = c.map((before, at) => sigmoid(f[at]!) * before + sigmoid(i[at]!) * Math.tanh(g[at]!));
      h = c.map((value, at) => sigmoid(o[at]!) * Math.tanh(value));
    }
    const probabilities = shares(plus(times(matrix('head.weight'), h), vector('head.bias')));
    const own = probabilities.indexOf(Math.max(...probabilities));
    const forced = prefix[t];
    last = forced === undefined ? own : target.encode(forced)[0]!;
    steps.push({ token: target.token(last), probability: probabilities[last]!, weights: p });
    if (last === target.special.end) break;
  }
  return steps;
}

describe.each(Object.keys(forms) as Form[])('edited attention: %s', (form) => {
  const kinds: StepEdit[] = [
    { step: 1, kind: 'place', place: 3 },
    { step: 1, kind: 'argmax' },
    { step: 1, kind: 'power', factor: 4 },
    { step: 1, kind: 'power', factor: 0.25 },
  ];

  test.each(kinds)('%j goes on as the decoder by hand does', (edit) => {
    const run = runs[form];
    const text = 'abcd';
    const [truth] = answersOf(run, text, { width: 1 }).answers;
    const prefix = truth!.steps.slice(0, 1).map(({ token }) => token);
    const [answer] = answersOf(run, text, { width: 1, forced: prefix, edits: [edit] }).answers;
    const expected = byHand(run, text, prefix, [edit]);
    expect(answer!.steps.map(({ token }) => token)).toEqual(expected.map(({ token }) => token));
    for (const [t, { probability, weights }] of expected.entries()) {
      expect(answer!.steps[t]!.probability).toBeCloseTo(probability, 12);
      for (const [s, weight] of weights.entries()) {
        expect(answer!.alignment[t]![s]).toBeCloseTo(weight, 12);
      }
    }
    // Before the edited step nothing is different.
    expect(answer!.alignment[0]).toEqual(truth!.alignment[0]);
    expect(answer!.steps[1]!.probability).not.toBe(truth!.steps[1]!.probability);
  });

  test('two edits act together, in a beam as in the answer read again', () => {
    const edits: StepEdit[] = [
      { step: 0, kind: 'place', place: 0 },
      { step: 2, kind: 'power', factor: 2 },
    ];
    const { answers } = answersOf(runs[form], 'abcd', { width: 4, edits });
    expect(answers.length).toBeGreaterThan(1);
    // The beam's own sum is of its steps; the steps are of the answer fed to the model again with the same edits.
    for (const { score, logProbability, alignment } of answers) {
      expect(logProbability).toBeCloseTo(score, 10);
      expect(alignment[0]).toEqual([1, 0, 0, 0]);
    }
  });
});

test('a factor of 1 changes nothing; edits that cannot be made are refused', () => {
  const run = runs['gru, additive'];
  const [truth] = answersOf(run, 'abcd', { width: 1 }).answers;
  const [same] = answersOf(run, 'abcd', { width: 1, edits: [{ step: 1, kind: 'power', factor: 1 }] }).answers;
  expect(same!.output).toBe(truth!.output);
  expect(same!.logProbability).toBeCloseTo(truth!.logProbability, 12);
  const refused: [StepEdit[], string][] = [
    [[{ step: -1, kind: 'argmax' }], 'step of an edit must be a whole number in [0, '],
    [[{ step: 999, kind: 'argmax' }], 'got 999'],
    [[{ step: 0, kind: 'place', place: 4 }], 'place of an edit must be a whole number in [0, 4), got 4'],
    [[{ step: 0, kind: 'power', factor: 0 }], 'factor must be in (0, 1000], got 0'],
    [[{ step: 0, kind: 'power', factor: Number.NaN }], 'got NaN'],
    [[{ step: 0, kind: 'blur' } as unknown as StepEdit], 'kind must be place, argmax or power, got blur'],
    [
      [
        { step: 0, kind: 'argmax' },
        { step: 0, kind: 'place', place: 1 },
      ],
      'edits must be of different steps, got two of step 0',
    ],
  ];
  for (const [edits, message] of refused) {
    const ask = () => answersOf(run, 'abcd', { edits });
    expect(ask).toThrow(ArgumentError);
    expect(ask).toThrow(message);
  }
});

describe('the tree of the search', () => {
  test('holds every answer, the likelier siblings kept, and sums that add up', () => {
    const width = 3;
    const { tree, answers } = answersOf(runs['gru, additive'], 'abcd', { width, tree: true });
    for (const [index, node] of tree!.entries()) {
      const before = tree![node.parent];
      expect(node.parent).toBeLessThan(index);
      expect(node.depth).toBe(before === undefined ? 0 : before.depth + 1);
      expect(before?.fate ?? 'kept').toBe('kept');
      expect(node.logProbability).toBeCloseTo((before?.logProbability ?? 0) + Math.log(node.probability), 10);
    }
    for (let depth = 0; tree!.some((node) => node.depth === depth); depth += 1) {
      const of = (fate: string) =>
        tree!.filter((node) => node.depth === depth && node.fate === fate).map((node) => node.logProbability);
      expect(of('kept')).toHaveLength(width);
      expect(of('kept')).toEqual(of('kept').toSorted((a, b) => b - a));
      expect(of('dropped').length).toBeLessThanOrEqual(width);
      expect(Math.max(...of('dropped'))).toBeLessThanOrEqual(Math.min(...of('kept')));
    }
    for (const { node, steps, logProbability, ended } of answers) {
      const path: string[] = [];
      for (let at = node!; at >= 0; at = tree![at]!.parent) path.unshift(tree![at]!.token);
      expect(path).toEqual(steps.map(({ token }) => token));
      expect(tree![node!]!.logProbability).toBeCloseTo(logProbability, 10);
      expect(tree![node!]!.fate).toBe(ended ? 'ended' : 'kept');
    }
  });

  test('asking for it changes no answer', () => {
    const run = runs['lstm, dot'];
    const plain = answersOf(run, 'abcd', { width: 4 });
    const { tree, answers, source } = answersOf(run, 'abcd', { width: 4, tree: true });
    expect(tree!.length).toBeGreaterThan(4);
    expect({ source, answers }).toMatchObject(plain);
  });

  test('forced tokens are its trunk, with what the model thinks of them', () => {
    const run = runs['gru, additive'];
    const { tree, answers } = answersOf(run, 'abcd', { width: 2, forced: ['c', 'a'], tree: true });
    expect(tree!.slice(0, 2)).toMatchObject([
      { token: 'c', parent: -1, fate: 'forced' },
      { token: 'a', parent: 0, fate: 'forced' },
    ]);
    const { steps, logProbability, node } = answers[0]!;
    expect(tree![0]!.probability).toBeCloseTo(steps[0]!.probability, 12);
    expect(tree![1]!.probability).toBeCloseTo(steps[1]!.probability, 12);
    expect(tree![node!]!.logProbability).toBeCloseTo(logProbability, 10);
  });
});

test('a session answers what-ifs in its worker', async () => {
  const session = await openSession({ precision: 'f64' });
  try {
    await session.createRun(forms['gru, additive']);
    await session.train({ steps: 30 });
    const options = { width: 2, tree: true, edits: [{ step: 0, kind: 'place', place: 1 }] } as const;
    const answers = await session.answers('abcd', options);
    expect(answers).toEqual(answersOf(runs['gru, additive'], 'abcd', options));
  } finally {
    await session.close();
  }
});
