/** What optimisers and schedules refuse, and where schedules end. */
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { ArgumentError, CheckpointError, init, nn, optim } from '../src/index.js';

beforeAll(async () => {
  await init();
});

describe('optimisers', () => {
  const model = (): nn.Linear => new nn.Linear(2, 1);

  it('refuse options outside their domains', () => {
    expect(() => new optim.SGD(model(), { learningRate: 0 })).toThrow(
      new ArgumentError('SGD: learningRate must be a number > 0, got 0'),
    );
    expect(() => new optim.SGD(model(), { momentum: -1 })).toThrow(
      'SGD: momentum must be a number >= 0, got -1',
    );
    expect(() => new optim.SGD(model(), { nesterov: true })).toThrow(
      'momentum must be > 0 with nesterov, got 0',
    );
    expect(() => new optim.SGD(model(), { nesterov: true, momentum: 0.9, dampening: 0.1 })).toThrow(
      'dampening must be 0 with nesterov, got 0.1',
    );
    expect(() => new optim.RMSprop(model(), { alpha: 1 })).toThrow('RMSprop: alpha must be in [0, 1), got 1');
    expect(() => new optim.RMSprop(model(), { epsilon: 0 })).toThrow('epsilon must be a number > 0, got 0');
    expect(() => new optim.Adagrad(model(), { weightDecay: Number.NaN })).toThrow('weightDecay');
  });

  it('refuse a state of another optimiser', () => {
    const state = new optim.Adam(model()).stateDict();
    const sgd = new optim.SGD(model(), { momentum: 0.9 });
    expect(() => sgd.loadStateDict(1, state.moments)).toThrow(
      new CheckpointError('SGD: momentum_buffer.weight must have 2 entries, got none'),
    );
    expect(() => new optim.SGD(model()).loadStateDict(1, state.moments)).toThrow(
      'SGD: exp_avg.weight must belong to its state, got a stranger',
    );
  });
});

describe('schedules', () => {
  const { learningRate } = optim;

  it('agree with cosines to the last digits, fall, and end where they say', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 100_000 }), fc.nat(), (steps, at) => {
        const step = at % (steps + 1);
        const schedule = { kind: 'cosine', steps } as const;
        const rate = learningRate(schedule, 1, step);
        expect(Math.abs(rate - 0.5 * (1 + Math.cos((Math.PI * step) / steps)))).toBeLessThanOrEqual(3e-16);
        expect(learningRate(schedule, 1, step + 1)).toBeLessThanOrEqual(rate);
        expect(learningRate(schedule, 1, steps + at)).toBe(0);
      }),
      { seed: 7, numRuns: 500 },
    );
    expect(learningRate({ kind: 'cosine', steps: 4, final: 0.1 }, 1, 1000)).toBe(0.1);
  });

  it('warm up in a straight line, then start what follows', () => {
    const schedule = { kind: 'warmup', steps: 4, next: { kind: 'step', every: 2, factor: 0.5 } } as const;
    const rates = Array.from({ length: 9 }, (_, step) => learningRate(schedule, 8, step));
    expect(rates).toEqual([0, 2, 4, 6, 8, 8, 4, 4, 2]);
    const nested = { kind: 'warmup', steps: 2, start: 1, next: schedule } as const;
    expect(learningRate(nested, 8, 3)).toBe(2);
  });

  it('refuse what has no meaning, at once', () => {
    const cases: readonly [optim.Schedule, string][] = [
      [{ kind: 'step', every: 0, factor: 0.5 }, 'schedule: step: every must be a whole number >= 1, got 0'],
      [{ kind: 'step', every: 1, factor: -1 }, 'schedule: step: factor must be a number >= 0, got -1'],
      [{ kind: 'cosine', steps: 1.5 }, 'schedule: cosine: steps must be a whole number >= 1, got 1.5'],
      [{ kind: 'linear' } as never, 'kind must be constant, step, cosine or warmup, got linear'],
    ];
    for (const [schedule, message] of cases) {
      expect(() => learningRate(schedule, 1, 0)).toThrow(message);
      expect(() => learningRate({ kind: 'warmup', steps: 9, next: schedule }, 1, 0)).toThrow(message);
    }
    expect(() => learningRate({ kind: 'constant' }, 1, -1)).toThrow(
      'step must be a whole number >= 0, got -1',
    );
    expect(() => optim.plateauNext(optim.plateauStart(1), Number.NaN)).toThrow('measure must be a number');
    expect(() => optim.plateauNext(optim.plateauStart(1), 1, { factor: 1 })).toThrow(
      'factor must be in [0, 1)',
    );
  });
});
