/**
 * What an architecture can see: computed from its graph, and proved on the tape. The gradient dy_t/dx_s of a randomly
 * initialised model is other than zero exactly where the graph has a path.
 */
import { beforeAll, describe, expect, it, test } from 'vitest';
import {
  architectures,
  bidirectional,
  delayed,
  encoderDecoder,
  encoderDecoderWithAttention,
  manyToOne,
  oneToMany,
  selfAttention,
  unidirectional,
} from '../src/homework/architecture/architectures.js';
import { connections, distances, type ModelGraph, reach } from '../src/homework/architecture/graph.js';
import { type ArchitectureChoice, lookAtArchitecture, shapes } from '../src/homework/architecture/look.js';
import { route } from '../src/homework/architecture/route.js';
import { knownTasks, type Task } from '../src/homework/architecture/task.js';
import { init } from '../src/kernel/load.js';
import * as nn from '../src/nn/index.js';
import { attention } from '../src/ops/attention.js';
import { concat, narrow, reshape } from '../src/ops/layout.js';
import { sum } from '../src/ops/reduce.js';
import { grad } from '../src/tape.js';
import { type Tensor, tensor } from '../src/tensor.js';

type Cube = Tensor<[number, number, number]>;

const [T, I, H] = [5, 3, 4];
const input = (steps = T): Cube =>
  tensor(
    Array.from({ length: steps * I }, (_, at) => Math.sin(7 * at + 1)),
    [1, steps, I],
  );
const at = (x: Cube, step: number): Cube => narrow(x, step, 1, 1);
const steps = (x: Cube): Cube[] => Array.from({ length: x.shape[1] }, (_, step) => at(x, step));

/** Outputs y_1, y_2, ... of a model with random weights. */
type Model = (x: Cube) => Cube[];

const cells = { RNN: nn.RNN, GRU: nn.GRU, LSTM: nn.LSTM };
type Cell = keyof typeof cells;

const recurrent =
  (cell: Cell, numLayers: number, both: boolean): Model =>
  (x) =>
    steps(new cells[cell]({ inputSize: I, hiddenSize: H, numLayers, bidirectional: both }).forward(x).output);

/** Two layers of self-attention, each with projections of its own. */
const attending =
  (causal: boolean): Model =>
  (x) => {
    let layer: Cube = x;
    for (const size of [I, H]) {
      const project = (): Cube => new nn.Linear(size, H).forward(layer);
      layer = attention(project(), project(), project(), { causal }).output;
    }
    return steps(layer);
  };

/** A GRU that reads what `context` gives for its state, and its own last output. */
function decoded(first: Cube, count: number, contextSize: number, context: (state: Cube) => Cube[]): Cube[] {
  const cell = new nn.GRU({ inputSize: H + contextSize, hiddenSize: H });
  const readout = new nn.Linear(H, H);
  const outputs: Cube[] = [];
  let state = first;
  let y: Cube = tensor(new Float64Array(H), [1, 1, H]);
  for (let step = 0; step < count; step += 1) {
    const { h } = cell.forward(concat([y, ...context(state)], 2), { h0: state });
    state = h;
    y = readout.forward(h);
    outputs.push(y);
  }
  return outputs;
}

type Case = [name: string, graph: ModelGraph, model: Model, inputs?: number];

const models: Case[] = [
  ...(['RNN', 'GRU', 'LSTM'] as const).flatMap((cell) =>
    [1, 2].flatMap((depth): Case[] => [
      [`${cell}, ${depth} layer(s)`, unidirectional(depth), recurrent(cell, depth, false)],
      [`bidirectional ${cell}, ${depth} layer(s)`, bidirectional(depth), recurrent(cell, depth, true)],
    ]),
  ),
  [
    'GRU read two steps later',
    delayed(2),
    (x) => {
      const all = recurrent('GRU', 1, false)(x);
      return all.map((_, t) => all[Math.min(t + 2, T - 1)]!);
    },
  ],
  ['the last state', manyToOne(false), (x) => recurrent('GRU', 1, false)(x).slice(-1)],
  [
    'the last states of both directions',
    manyToOne(true),
    (x) => [
      reshape(new nn.LSTM({ inputSize: I, hiddenSize: H, bidirectional: true }).forward(x).h, [1, 1, 2 * H]),
    ],
  ],
  ['causal self-attention', selfAttention(2, true), attending(true)],
  ['self-attention without a mask', selfAttention(2, false), attending(false)],
  ['one to many', oneToMany(), (x) => decoded(new nn.Linear(I, H).forward(x), T, 0, () => []), 1],
  [
    'encoder-decoder',
    encoderDecoder(),
    (x) => decoded(new nn.GRU({ inputSize: I, hiddenSize: H }).forward(x).h, T, 0, () => []),
  ],
  [
    'encoder-decoder with attention',
    encoderDecoderWithAttention(),
    (x) => {
      const { output } = new nn.GRU({ inputSize: I, hiddenSize: H, bidirectional: true }).forward(x);
      const ask = new nn.Linear(H, 2 * H);
      const first: Cube = tensor(new Float64Array(H).fill(0.1), [1, 1, H]);
      return decoded(first, T, 2 * H, (state) => [attention(ask.forward(state), output, output).output]);
    },
  ],
];

describe('the tape agrees with the graph', () => {
  beforeAll(async () => {
    await init({ precision: 'f64' });
    nn.manualSeed(3);
  });

  it.each(models)('%s', (_, graph, model, inputs = T) => {
    const seen = model(input(inputs)).map((__, t) => {
      nn.manualSeed(3);
      const gradient = grad((x: Cube) => sum(model(x)[t]!));
      const [dx] = gradient(input(inputs));
      return steps(dx!).map((part) => [...part.data].some((entry) => entry !== 0));
    });
    expect(seen).toEqual(reach(graph, inputs, T));
  });
});

describe('graphs', () => {
  it('says what is seen, by hand', () => {
    const table = (graph: ModelGraph): string[] =>
      reach(graph, 3, 3).map((row) => row.map((seen) => (seen ? '1' : '.')).join(''));
    expect(table(unidirectional())).toEqual(['1..', '11.', '111']);
    expect(table(bidirectional())).toEqual(['111', '111', '111']);
    expect(table(delayed(1))).toEqual(['11.', '111', '111']);
    expect(table(manyToOne(false))).toEqual(['111']);
  });

  it('counts the way back: it grows with the distance, except through attention', () => {
    const way = (graph: ModelGraph, n: number): number => distances(graph, n, n)[n - 1]![0]!;
    for (const n of [2, 10, 50]) {
      expect(way(unidirectional(), n)).toBe(n + 1);
      expect(way(selfAttention(2, true), n)).toBe(3);
      expect(way(encoderDecoderWithAttention(), n)).toBe(4);
      expect(connections(unidirectional(), n, n)).toBe(3 * n - 1);
    }
    expect(distances(unidirectional(), 3, 3)[0]![2]).toBe(Number.POSITIVE_INFINITY);
  });
});

describe('route', () => {
  const chosen = (id: string): string | undefined => {
    const { task } = knownTasks.find((known) => known.id === id)!;
    return route(task).chosen?.id;
  };

  it.each([
    ['sentiment', 'many-to-one'],
    ['gender', 'many-to-one'],
    ['speech', 'bidirectional-ctc'],
    ['live-captions', 'unidirectional-ctc'],
    ['cat-mood', 'unidirectional'],
    ['language-model', 'unidirectional'],
    ['tagging', 'bidirectional'],
    ['frame-labels', 'delayed'],
    ['anomaly', 'unidirectional'],
    ['translation', 'encoder-decoder-attention'],
    ['captioning', 'one-to-many'],
  ])('%s: %s', (task, architecture) => {
    expect(chosen(task)).toBe(architecture);
  });

  it('follows the properties, not the name', () => {
    const tagging = knownTasks.find(({ id }) => id === 'tagging')!.task;
    expect(route({ ...tagging, needs: 'past' }).chosen?.id).toBe('unidirectional');
    expect(route({ ...tagging, needs: 'now' }).chosen?.id).toBe('dense-each');
    expect(route({ ...tagging, needs: 'ahead', ahead: 2, delay: 2 }).chosen?.id).toBe('delayed');
    expect(route({ ...tagging, long: true }).chosen?.id).toBe('full-transformer');
    const impossible = route({ ...tagging, delay: 0 });
    expect(impossible.chosen).toBeNull();
    expect(impossible.refused).toHaveLength(architectures(0).length);
  });

  it('refuses with a pair of steps that shows why', () => {
    const reasonOf = (task: string, id: string): string => {
      const { refused } = route(knownTasks.find((known) => known.id === task)!.task);
      return refused.find((one) => one.id === id)!.reasons[0]!.en;
    };
    expect(reasonOf('cat-mood', 'bidirectional')).toBe(
      'y_1 depends on x_6, which comes 5 step(s) later; only 0 may be waited for.',
    );
    expect(reasonOf('cat-mood', 'dense-each')).toBe('y_2 cannot see x_1, which it needs.');
    expect(reasonOf('language-model', 'bidirectional')).toContain('it leaks');
    expect(reasonOf('translation', 'bidirectional-ctc')).toContain('fewer outputs than inputs');
  });

  it('weighs every architecture once, in both languages', () => {
    for (const { task } of knownTasks) {
      const { chosen: best, alternatives, refused } = route(task);
      const all = [best!, ...alternatives, ...refused];
      expect(new Set(all.map(({ id }) => id)).size).toBe(
        architectures(task.delay === 'all' ? 0 : task.delay).length,
      );
      for (const { reasons, name } of all) {
        for (const text of [...reasons, name]) {
          expect(text.en).toMatch(/[a-z]/);
          expect(text.fa).toMatch(/[ا-ی]/);
        }
      }
    }
  });

  test.each([
    [{ delay: 6 }, 'delay must be'],
    [{ needs: 'ahead' }, 'ahead must be'],
    [{ inputs: 'one' }, 'outputs of one input'],
    [{ predictsNext: true, outputs: 'free' }, 'must be each'],
  ] as const)('refuses %j', (change, words) => {
    const { task } = knownTasks.find(({ id }) => id === 'cat-mood')!;
    expect(() => route({ ...task, ...change })).toThrow(words);
  });
});

describe('a look at one architecture', () => {
  const plain: ArchitectureChoice = {
    shape: 'aligned',
    bidirectional: false,
    readout: 'last',
    loss: 'each',
    wait: 0,
    inputs: 6,
    outputs: 4,
  };
  const task = (id: string): Task => knownTasks.find((known) => known.id === id)!.task;
  const choices = shapes.flatMap((shape) =>
    [false, true].flatMap((both) =>
      (['last', 'mean', 'attention'] as const).map((readout) => ({
        ...plain,
        shape,
        bidirectional: both,
        readout,
      })),
    ),
  );

  it.each(choices)('$shape, both ways $bidirectional, $readout: cones and paths agree', (choice) => {
    const { paths, cones, earliest, nodes, edges } = lookAtArchitecture(task('sentiment'), choice);
    expect(cones).toHaveLength(paths.length);
    for (const [t, cone] of cones.entries()) {
      const seen = paths[t]!.flatMap((length, s) => (length === null ? [] : [`x ${s + 1}`]));
      expect(cone.filter((id) => id.startsWith('x ')).sort()).toEqual(seen.sort());
      expect(earliest[t]).toBe(Math.max(0, ...paths[t]!.map((length, s) => (length === null ? 0 : s + 1))));
    }
    const known = new Set(nodes.map(({ id }) => id));
    expect(edges.flat().every((id) => known.has(id))).toBe(true);
  });

  it('says where a language model leaks', () => {
    const look = lookAtArchitecture(task('language-model'), { ...plain, bidirectional: true });
    expect(look.leaks).toEqual([1, 2, 3, 4, 5]);
    expect(look.obstacle?.en).toContain('leaks');
    expect(lookAtArchitecture(task('language-model'), plain)).toMatchObject({ leaks: [], obstacle: null });
  });

  it.each([
    ['speech', { shape: 'many-to-one' as const }, false],
    [
      'speech',
      { shape: 'encoder-decoder' as const, readout: 'attention' as const, bidirectional: true },
      true,
    ],
    ['speech', { loss: 'ctc' as const, bidirectional: true }, true],
    ['live-captions', { shape: 'encoder-decoder' as const }, false],
    ['sentiment', { shape: 'many-to-one' as const }, true],
    ['cat-mood', {}, true],
    ['cat-mood', { bidirectional: true }, false],
    ['frame-labels', { wait: 2 }, true],
    ['frame-labels', { wait: 3 }, false],
    ['captioning', { shape: 'one-to-many' as const }, true],
  ])('%s with %o: fits %s', (id, change, fits) => {
    expect(lookAtArchitecture(task(id), { ...plain, ...change }).obstacle === null).toBe(fits);
  });

  it('draws a loss above every output that has one, and one CTC loss above all', () => {
    const losses = (change: Partial<ArchitectureChoice>): string[] => {
      const { nodes, edges } = lookAtArchitecture('tagging', { ...plain, ...change });
      const ids = nodes.filter(({ layer }) => layer === 'J').map(({ id }) => id);
      expect(new Set(edges.filter(([, to]) => to.startsWith('J ')).map(([, to]) => to))).toEqual(
        new Set(ids),
      );
      return edges.flatMap(([from, to]) => (to.startsWith('J ') ? [`${from} > ${to}`] : []));
    };
    expect(losses({ loss: 'masked', mask: [2, 5, 9] })).toEqual(['y 2 > J 2', 'y 5 > J 5']);
    expect(losses({ loss: 'last' })).toEqual(['y 6 > J 6']);
    expect(losses({})).toHaveLength(6);
    expect(new Set(losses({ loss: 'ctc' }).map((edge) => edge.slice(-3)))).toEqual(new Set(['J 1']));
    expect(losses({ shape: 'many-to-one' })).toEqual(['y 1 > J 1']);
    expect(losses({ shape: 'encoder-decoder' })).toHaveLength(4);
  });

  it('judges by where the loss is: the last step alone makes one answer, a mask teaches less', () => {
    const last = { ...plain, loss: 'last' as const };
    expect(lookAtArchitecture('sentiment', last)).toMatchObject({ obstacle: null, handicap: null });
    expect(lookAtArchitecture('sentiment', { ...plain, loss: 'masked', mask: [6] }).obstacle).toBeNull();
    expect(lookAtArchitecture('sentiment', { ...plain, loss: 'masked', mask: [5] }).obstacle?.en).toContain(
      'one output for each input',
    );
    expect(lookAtArchitecture('cat-mood', last).obstacle?.en).toContain('one output');
    // All outputs are still drawn, and what they see is shown.
    expect(lookAtArchitecture('cat-mood', last).paths).toHaveLength(6);
    // The backward state of the last step has read the last input alone: its way back is no shorter.
    const both = lookAtArchitecture('sentiment', { ...last, bidirectional: true });
    expect(both.obstacle).toBeNull();
    expect(both.handicap?.en).toContain('larger');
    const masked = lookAtArchitecture('cat-mood', { ...plain, loss: 'masked', mask: [1, 4] });
    expect(masked.handicap?.en).toContain('Only 2 of 6 answers have a loss');
    expect(
      lookAtArchitecture('cat-mood', { ...plain, loss: 'masked', mask: [1, 2, 3, 4, 5, 6] }),
    ).toMatchObject({
      obstacle: null,
      handicap: null,
    });
  });

  it('says why another one is better', () => {
    const look = lookAtArchitecture(task('tagging'), { ...plain, bidirectional: true });
    expect(look).toMatchObject({ obstacle: null, handicap: null });
    const waits = lookAtArchitecture(task('gender'), { ...plain, shape: 'many-to-one', bidirectional: true });
    expect(waits.handicap?.en).toContain('larger');
  });

  it('knows tasks by name', () => {
    expect(lookAtArchitecture('tagging', plain)).toEqual(lookAtArchitecture(task('tagging'), plain));
    expect(() => route('juggling')).toThrow('got "juggling"');
  });

  it('refuses sizes out of range', () => {
    expect(() => lookAtArchitecture(task('gender'), { ...plain, inputs: 13 })).toThrow('got 13');
    expect(() => lookAtArchitecture(task('gender'), { ...plain, wait: 6 })).toThrow('got 6');
    expect(() => lookAtArchitecture(task('gender'), { ...plain, loss: 'masked', mask: [7] })).toThrow(
      'mask must name a step from 1 to 6, got 7',
    );
  });
});
