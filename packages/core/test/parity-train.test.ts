/** Twenty steps of a character model against PyTorch: losses, gradient norms, gradients, final weights, carried state. */
import { beforeAll, describe, expect, it } from 'vitest';
import {
  backward,
  CharLM,
  type CharLMState,
  crossEntropy,
  ids,
  init,
  keep,
  optim,
  RandomStream,
  scope,
} from '../src/index.js';
import { expectClose, type Fixture, fixtures, type Precision } from './parity-fixtures.js';

interface Config {
  readonly layers: number;
  readonly steps: number;
  readonly window: number;
  readonly batch: number;
  readonly vocabulary: string;
  readonly embeddingSize: number;
  readonly hiddenSize: number;
  readonly clip: number;
  readonly lr: number;
  readonly beta1: number;
  readonly beta2: number;
  readonly eps: number;
}

/** Largest difference of a loss; of a final weight relative to the largest entry of its tensor. */
const LIMITS = { f32: { loss: 1e-4, weight: 1e-4 }, f64: { loss: 1e-9, weight: 1e-9 } } as const;

function train(fixture: Fixture<Config>, precision: Precision): void {
  const {
    layers,
    steps,
    window: T,
    batch: B,
    embeddingSize,
    hiddenSize,
    clip,
    lr,
    beta1,
    beta2,
    eps,
    vocabulary,
  } = fixture.config;
  const model = new CharLM({
    vocabularySize: [...vocabulary].length,
    embeddingSize,
    hiddenSize,
    numLayers: layers,
    dropout: 0,
    random: new RandomStream(0, 'init'),
    dropoutRandom: new RandomStream(0, 'dropout'),
  });
  const names = [...model.namedParameters().keys()];
  expect(names.toSorted()).toEqual(
    fixture
      .names('in.')
      .filter((name) => /^(embedding|lstm|head)\./.test(name))
      .toSorted(),
  );
  model.loadStateDict(new Map(names.map((name) => [name, fixture.get(`in.${name}`)])));
  const optimiser = new optim.Adam(model, { learningRate: lr, betas: [beta1, beta2], epsilon: eps });
  const { loss: lossLimit, weight: weightLimit } = LIMITS[precision];
  const x = fixture.get('in.x').data;
  const targets = fixture.get('in.targets').data;
  const losses = fixture.get(`${precision}.losses`).data;
  const norms = fixture.get(`${precision}.norms`).data;
  expect(losses.length).toBe(steps);

  let state: CharLMState | undefined;
  for (let step = 0; step < steps; step += 1) {
    const at = step * T * B;
    const before: CharLMState | undefined = state;
    const result = scope(() => {
      optimiser.zeroGrad();
      const { logits, h, c } = model.forward(ids(x.subarray(at, at + T * B), [T, B]), before);
      const loss = crossEntropy(logits, ids(targets.subarray(at, at + T * B), [T, B]));
      backward(loss);
      if (step === 0) {
        for (const [name, { grad }] of model.namedParameters()) {
          expectClose(
            grad!.data,
            fixture.get(`${precision}.grad.${name}`),
            precision === 'f32' ? 1e-5 : 1e-10,
            name,
          );
        }
      }
      return { loss: loss.item(), norm: optimiser.step({ clipNorm: clip }), h: keep(h), c: keep(c!) };
    });
    expect(Math.abs(result.loss - losses[step]!), `loss of step ${step + 1}`).toBeLessThanOrEqual(lossLimit);
    expect(Math.abs(result.norm / norms[step]! - 1), `norm of step ${step + 1}`).toBeLessThanOrEqual(
      weightLimit,
    );
    before?.h.dispose();
    before?.c?.dispose();
    state = result;
  }
  for (const [name, parameter] of model.namedParameters()) {
    expectClose(parameter.data, fixture.get(`${precision}.${name}`), weightLimit, `final ${name}`);
  }
  expectClose(state!.h.data, fixture.get(`${precision}.hn`), weightLimit, 'final h');
  expectClose(state!.c!.data, fixture.get(`${precision}.cn`), weightLimit, 'final c');
  state!.h.dispose();
  state!.c!.dispose();
  optimiser.dispose();
}

describe.each(['f32', 'f64'] as const)('character model, 20 steps beside PyTorch, %s', (precision) => {
  beforeAll(async () => {
    await init({ precision });
  });

  it.each(fixtures<Config>('char-lm'))('$name', (fixture) => {
    // The fixture must exercise both sides of clipping, or it proves less than it says.
    const norms = Array.from(fixture.get('f64.norms').data);
    expect(Math.max(...norms)).toBeGreaterThan(fixture.config.clip);
    expect(Math.min(...norms)).toBeLessThan(fixture.config.clip);
    train(fixture, precision);
  });
});
