/** Optimisers, schedules and plateaus against PyTorch. */
import { beforeAll, describe, expect, it } from 'vitest';
import { init, nn, optim, type Tensor } from '../src/index.js';
import { expectClose, fixtures, relativeError, TOLERANCE } from './parity-fixtures.js';

interface OptimiserConfig {
  readonly kind: 'SGD' | 'RMSprop' | 'Adagrad';
  readonly options: optim.SGDOptions & optim.RMSpropOptions & optim.AdagradOptions;
}

/** A module with one parameter, for the optimiser to own. */
class Single extends nn.Module {
  readonly weight: Tensor<[number]>;

  constructor(data: ArrayLike<number>) {
    super();
    this.weight = this.parameter('weight', [data.length], (target) => target.set(data));
  }
}

describe.each(['f32', 'f64'] as const)('twenty updates beside PyTorch, %s', (precision) => {
  beforeAll(async () => {
    await init({ precision });
  });

  it.each(fixtures<OptimiserConfig>('optimisers'))('$name', ({ config, get, names }) => {
    const params = get('in.params').data;
    const grads = get('in.grads').data;
    const expected = get(`${precision}.params`).data;
    const size = params.length;
    const model = new Single(params);
    const optimiser = new optim[config.kind](model, config.options);
    const update = (step: number): void => {
      model.weight.grad!.set(grads.subarray(step * size, (step + 1) * size));
      optimiser.step();
    };
    for (let step = 0; step < 20; step += 1) {
      update(step);
      const error = relativeError(model.weight.data, expected.subarray(step * size, (step + 1) * size));
      expect(error, `after ${step + 1} updates`).toBeLessThanOrEqual(TOLERANCE[precision]);
    }
    const { moments } = optimiser.stateDict();
    expect([...moments.keys()].sort()).toEqual(
      names(`${precision}.state.`)
        .map((name) => `${name}.weight`)
        .sort(),
    );
    for (const [name, moment] of moments) {
      const key = `${precision}.state.${name.replace('.weight', '')}`;
      expectClose(moment.data, get(key), TOLERANCE[precision], name);
    }
    optimiser.dispose();
  });

  it.each(fixtures<OptimiserConfig>('optimisers'))(
    '$name goes on exactly from its saved state',
    (fixture) => {
      const { config, get } = fixture;
      const [params, grads] = [get('in.params').data, get('in.grads').data];
      const size = params.length;
      const run = (model: Single, optimiser: optim.Optimizer, from: number, to: number): void => {
        for (let step = from; step < to; step += 1) {
          model.weight.grad!.set(grads.subarray(step * size, (step + 1) * size));
          optimiser.step({ clipNorm: 1 });
        }
      };
      const whole = new Single(params);
      run(whole, new optim[config.kind](whole, config.options), 0, 20);

      const first = new Single(params);
      const before = new optim[config.kind](first, config.options);
      run(first, before, 0, 7);
      const saved = before.stateDict();
      const second = new Single(first.weight.data);
      const after = new optim[config.kind](second, config.options);
      after.loadStateDict(saved.step, saved.moments);
      expect(after.steps).toBe(7);
      run(second, after, 7, 20);
      expect(second.weight.data).toEqual(whole.weight.data);
    },
  );
});

/** The fixture's rates, within the last digits that PyTorch's recurrences lose. */
function expectRates(actual: readonly number[], expected: ArrayLike<number>): void {
  expect(actual.length).toBe(expected.length);
  for (const [step, rate] of actual.entries()) {
    const error = Math.abs(rate - expected[step]!);
    expect(error, `step ${step}: ${rate}, ${expected[step]}`).toBeLessThanOrEqual(1e-15);
  }
}

describe('learning rates beside PyTorch', () => {
  it.each(fixtures<{ rate: number; schedule: optim.Schedule }>('schedules'))('$name', ({ config, get }) => {
    const rates = Array.from({ length: 40 }, (_, step) =>
      optim.learningRate(config.schedule, config.rate, step),
    );
    expectRates(rates, get('f64.rates').data);
  });

  it.each(fixtures<{ rate: number; options: optim.PlateauOptions }>('plateaus'))(
    '$name',
    ({ config, get }) => {
      const rates: number[] = [];
      let state = optim.plateauStart(config.rate);
      for (const measure of get('in.measures').data) {
        rates.push(state.learningRate);
        // Through JSON, as a checkpoint would keep it.
        state = JSON.parse(JSON.stringify(optim.plateauNext(state, measure, config.options)));
      }
      expectRates(rates, get('f64.rates').data);
      expect(new Set(rates).size).toBeGreaterThan(1);
    },
  );
});
