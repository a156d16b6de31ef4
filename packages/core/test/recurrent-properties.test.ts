/** Random recurrent nets against an oracle that is plain loops over plain arrays: values, and derivatives along a line. */
import fc from 'fast-check';
import { beforeAll, expect, it } from 'vitest';
import { init } from '../src/kernel/load.js';
import * as nn from '../src/nn/index.js';
import { add, mul } from '../src/ops/elementwise.js';
import { sum } from '../src/ops/reduce.js';
import { backward } from '../src/tape.js';
import { scope, type Tensor, tensor } from '../src/tensor.js';

const kinds = ['tanh', 'relu', 'gru', 'lstm'] as const;
type Kind = (typeof kinds)[number];
type Cube = Tensor<[number, number, number]>;

interface Net {
  readonly kind: Kind;
  readonly I: number;
  readonly H: number;
  readonly L: number;
  readonly D: number;
  readonly bias: boolean;
  readonly B: number;
  readonly T: number;
  readonly lengths: readonly number[] | undefined;
  readonly seed: number;
}

/** Values of one net by name: x [B][T][I], h0 and c0 [L*D][B][H], weights as flat rows. */
type Values = ReadonlyMap<string, Float64Array>;

const sigmoid = (z: number): number => 1 / (1 + Math.exp(-z));

/** One row, one step: next h and c. */
function step(kind: Kind, a: number[], u: number[], h: number[], c: number[]): [number[], number[]] {
  const H = h.length;
  const of = (gate: number, j: number): number => a[gate * H + j]! + u[gate * H + j]!;
  if (kind === 'lstm') {
    const next = c.map((c_j, j) => sigmoid(of(1, j)) * c_j + sigmoid(of(0, j)) * Math.tanh(of(2, j)));
    return [next.map((c_j, j) => sigmoid(of(3, j)) * Math.tanh(c_j)), next];
  }
  if (kind === 'gru') {
    const next = h.map((h_j, j) => {
      const n = Math.tanh(a[2 * H + j]! + sigmoid(of(0, j)) * u[2 * H + j]!);
      const z = sigmoid(of(1, j));
      return (1 - z) * n + z * h_j;
    });
    return [next, c];
  }
  return [h.map((_, j) => (kind === 'relu' ? Math.max(0, of(0, j)) : Math.tanh(of(0, j)))), c];
}

function affine(values: Values, matrix: string, bias: string, x: number[]): number[] {
  const [w, b] = [values.get(matrix)!, values.get(bias)];
  return Array.from({ length: w.length / x.length }, (_, row) =>
    x.reduce((total, x_i, i) => total + w[row * x.length + i]! * x_i, b?.[row] ?? 0),
  );
}

/** y [B, T, D*H], then h and c [L*D, B, H], flat. */
function oracle(net: Net, values: Values): { y: number[]; h: number[]; c: number[] } {
  const { kind, I, H, L, D, B, T } = net;
  const rows = (name: string, at: number, size: number): number[] =>
    Array.from(values.get(name)?.slice(at * size, (at + 1) * size) ?? new Array<number>(size).fill(0));
  const y: number[] = [];
  const last = Array.from({ length: L * D }, () => Array.from({ length: B }, () => [[0], [0]]));
  for (let b = 0; b < B; b += 1) {
    const length = net.lengths?.[b] ?? T;
    let sequence = Array.from({ length: T }, (_, t) => rows('x', b * T + t, I));
    for (let layer = 0; layer < L; layer += 1) {
      const next = Array.from({ length: T }, () => new Array<number>(D * H).fill(0));
      for (let d = 0; d < D; d += 1) {
        const k = layer * D + d;
        const name = `l${layer}${d === 1 ? '_reverse' : ''}`;
        let [h, c] = [rows('h0', k * B + b, H), rows('c0', k * B + b, H)];
        for (let turn = 0; turn < length; turn += 1) {
          const t = d === 1 ? length - 1 - turn : turn;
          const a = affine(values, `weight_ih_${name}`, `bias_ih_${name}`, sequence[t]!);
          const u = affine(values, `weight_hh_${name}`, `bias_hh_${name}`, h);
          [h, c] = step(kind, a, u, h, c);
          next[t]!.splice(d * H, H, ...h);
        }
        last[k]![b] = [h, c];
      }
      sequence = next;
    }
    y.push(...sequence.flat());
  }
  const states = (which: number): number[] => last.flatMap((batch) => batch.flatMap((row) => row[which]!));
  return { y, h: states(0), c: states(1) };
}

const nets: fc.Arbitrary<Net> = fc
  .record({
    kind: fc.constantFrom(...kinds),
    I: fc.constantFrom(1, 2, 3, 5),
    H: fc.constantFrom(1, 2, 3, 4, 5, 7, 8, 9),
    L: fc.constantFrom(1, 1, 2, 3),
    D: fc.constantFrom(1, 2),
    bias: fc.boolean(),
    B: fc.integer({ min: 1, max: 6 }),
    T: fc.integer({ min: 1, max: 7 }),
    seed: fc.nat(),
    ragged: fc.boolean(),
  })
  .chain(({ ragged, ...net }) =>
    fc
      .array(fc.integer({ min: 0, max: net.T }), { minLength: net.B, maxLength: net.B })
      .map((lengths) => ({ ...net, lengths: ragged ? lengths : undefined })),
  );

/** Reproducible numbers in [-1, 1). */
function numbers(seed: number): (length: number, scale?: number) => Float64Array {
  let state = seed >>> 0;
  return (length, scale = 1) =>
    Float64Array.from({ length }, () => {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      return scale * (state / 2 ** 31 - 1);
    });
}

const dot = (a: ArrayLike<number>, b: ArrayLike<number>): number =>
  Array.from(a).reduce((total, a_i, i) => total + a_i * b[i]!, 0);

function build({ kind, I, H, L, D, bias }: Net): nn.RNN | nn.GRU | nn.LSTM {
  const options = { inputSize: I, hiddenSize: H, numLayers: L, bidirectional: D === 2, bias };
  if (kind === 'gru') return new nn.GRU(options);
  return kind === 'lstm' ? new nn.LSTM(options) : new nn.RNN({ ...options, nonlinearity: kind });
}

beforeAll(async () => {
  await init({ precision: 'f64' });
});

it('random nets: values and gradients are the oracle’s', () => {
  const check = (net: Net): void => {
    const { kind, I, H, L, D, B, T, lengths } = net;
    const draw = numbers(net.seed);
    const model = build(net);
    const values = new Map([...model.namedParameters()].map(([name, p]) => [name, draw(p.size, H ** -0.5)]));
    model.loadStateDict(
      new Map(
        [...model.namedParameters()].map(([name, { shape }]) => [name, { shape, data: values.get(name)! }]),
      ),
    );
    values.set('x', draw(B * T * I)).set('h0', draw(L * D * B * H));
    if (kind === 'lstm') values.set('c0', draw(L * D * B * H));
    const weights = { y: draw(B * T * D * H), h: draw(L * D * B * H), c: draw(L * D * B * H) };
    const loss = (at: Values): number => {
      const { y, h, c } = oracle(net, at);
      return dot(y, weights.y) + dot(h, weights.h) + (kind === 'lstm' ? dot(c, weights.c) : 0);
    };
    scope(() => {
      const leaf = (name: string, shape: [number, number, number]): Cube =>
        tensor(values.get(name)!, shape, { requiresGrad: true });
      const x = leaf('x', [B, T, I]);
      const h0 = leaf('h0', [L * D, B, H]);
      const c0 = kind === 'lstm' ? leaf('c0', [L * D, B, H]) : undefined;
      const { output, h, c }: nn.RecurrentOutput & { c?: Cube } = model.forward(x, { h0, c0, lengths });
      const expected = oracle(net, values);
      expect(output).toBeAllclose(expected.y, { rtol: 1e-11, atol: 1e-13 });
      expect(h).toBeAllclose(expected.h, { rtol: 1e-11, atol: 1e-13 });
      if (c !== undefined) expect(c).toBeAllclose(expected.c, { rtol: 1e-11, atol: 1e-13 });

      const weighted = (value: Cube, by: Float64Array): Tensor<[]> =>
        sum(mul(value, tensor(by, value.shape)));
      const ofH = add(weighted(output, weights.y), weighted(h, weights.h));
      backward(c === undefined ? ofH : add(ofH, weighted(c, weights.c)));
      if (kind === 'relu') return; // a difference across a kink is no derivative
      const gradients = new Map<string, Tensor | undefined>([
        ['x', x],
        ['h0', h0],
        ['c0', c0],
        ...model.namedParameters(),
      ]);
      // Input by input, along a random direction: the slope is gradient . direction.
      for (const [name, value] of values) {
        const direction = draw(value.length);
        const moved = (by: number): Values =>
          new Map(values).set(
            name,
            value.map((v, i) => v + by * direction[i]!),
          );
        const slope = (loss(moved(1e-5)) - loss(moved(-1e-5))) / 2e-5;
        const got = dot(gradients.get(name)!.grad!.data, direction);
        expect(Math.abs(got - slope), `${name}: ${got}, by differences ${slope}`).toBeLessThan(
          1e-6 * Math.max(1, Math.abs(slope)),
        );
      }
    });
    model.dispose();
  };
  fc.assert(fc.property(nets, check), { seed: 20_240_607, numRuns: 220 });
});
